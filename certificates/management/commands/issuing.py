"""The stop switch from a terminal: see it, pull it, let it go on."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates import actions
from certificates.models import Certificate, IssuingStop


class Command(BaseCommand):
    help = "Says whether certificates are being issued; stops issuing with a reason, or lets it go on."

    def add_arguments(self, parser) -> None:
        parser.add_argument("act", choices=("status", "stop", "resume"), nargs="?", default="status")
        parser.add_argument("--reason", default="", help="why issuing stops; shown to the offices")

    def handle(self, *args, act: str, reason: str, **options) -> None:
        if act == "stop":
            if not reason.strip():
                raise CommandError("Hãy nói lý do: issuing stop --reason '…'.")
            actions.stop_issuing(reason.strip())
        elif act == "resume":
            actions.resume_issuing()
        stop = IssuingStop.objects.pulled().first()
        waiting = Certificate.objects.intended().count()
        if stop is None:
            self.stdout.write(f"Đang cấp phiếu. Phiếu đang lập: {waiting}.")
        else:
            since = timezone.localtime(stop.pulled_at)
            self.stdout.write(f"Tạm dừng từ {since:%H:%M %d/%m/%Y}: {stop.reason} Phiếu đang lập: {waiting}.")

"""Closes an import that refused lines or was cut, with the name and the reason of whoever answers for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lltp_portal.errors import PortalError
from records import actions
from records.register.models import RegisterImport


class Command(BaseCommand):
    help = "Đóng một lần nạp còn mở, kèm lý do; không nêu số thì liệt kê các lần nạp còn mở."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("import_id", nargs="?", type=int, metavar="SỐ")
        parser.add_argument("--by", default="", help="người chịu trách nhiệm")
        parser.add_argument("--reason", default="", help="lý do")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["import_id"] is None:
            for run in RegisterImport.objects.open().order_by("pk"):
                self.stdout.write(f"{run.pk}\t{run.started_at:%Y-%m-%d %H:%M}\t{run.missing}")
            return
        if not options["by"].strip():
            raise CommandError("Nêu người chịu trách nhiệm bằng --by.")
        try:
            run = actions.close_import(options["import_id"], by=options["by"].strip(), reason=options["reason"])
        except PortalError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Đã đóng lần nạp {run.pk} ({run.missing}).")

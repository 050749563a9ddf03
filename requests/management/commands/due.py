"""When would a dossier be due? Says how the moment comes about and prints it, for a person or a script."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from lltp_portal.accounts.models import Authority
from lltp_portal.calendars.actions import FIRST_YEAR, LAST_YEAR
from lltp_portal.calendars.seed import YEARS, calendar_of
from requests import clock, policy
from requests.due_explained import explained

BAD_INPUT = 2
CLASSES = (policy.NORMAL, policy.EXTENDED, policy.URGENT)
CLASS_WORDS = {policy.NORMAL: "thường", policy.EXTENDED: "kéo dài", policy.URGENT: "khẩn cấp"}


def refused(message: str) -> CommandError:
    return CommandError(message, returncode=BAD_INPUT)


def moment(text: str, option: str) -> datetime:
    """A day and a time in ISO 8601; without an offset it is the time in Viet Nam."""
    text = text.strip()
    try:
        if not text.isascii() or len(text) < len("2024-06-03T09"):
            raise ValueError
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refused(f"{option}: “{text}” không phải là ngày giờ. Ghi như 2024-06-03T09:00.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise refused(f"{option}: năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.")
    return found.replace(tzinfo=clock.LOCAL) if found.tzinfo is None else found.astimezone(clock.LOCAL)


def pause(text: str) -> tuple[datetime, datetime]:
    asked, slash, answered = text.partition("/")
    if not slash:
        raise refused(f"--pause: “{text}” thiếu dấu /. Ghi như 2024-06-06T10:00/2024-06-11T15:00.")
    return moment(asked, "--pause"), moment(answered, "--pause")


def pauses(texts: list[str], received_at: datetime) -> list[tuple[datetime, datetime]]:
    """In order of time; each after receipt, answered after asked, none within another."""
    found, before = sorted(pause(text) for text in texts), received_at
    for asked_at, answered_at in found:
        if asked_at < before:
            raise refused("--pause: lần yêu cầu bổ sung phải sau khi tiếp nhận và sau lần trả lời trước.")
        if answered_at < asked_at:
            raise refused("--pause: lúc trả lời phải sau lúc yêu cầu.")
        before = answered_at
    return found


def office(code: str | None, received_at: datetime) -> Authority | None:
    """The office of a code, as it was on the day whose law applies, else the last one with that code."""
    if code is None:
        return None
    named = Q(dossier_identifier__iexact=code) | Q(dossier_identifier__istartswith=f"{code}.")
    if code == Authority.Kind.NATIONAL_CENTRE:
        named = Q(kind=code)
    elif code.isascii() and code.isdigit() and len(code) == 2:
        named = Q(province_code=code)
    found = Authority.objects.filter(named).order_by("valid_from")
    office = found.in_force_on(policy.law_day(received_at)).last() or found.last()
    if office is None:
        raise refused(
            f"--authority: không có cơ quan nào có mã “{code}”. Ghi mã định danh hồ sơ (H26.12) hoặc mã tỉnh (01)."
        )
    return office


class Command(BaseCommand):
    help = (
        "Prints when a dossier is due: how it comes about in Vietnamese, and as the last line the moment in ISO 8601 "
        "with its offset. Ends with 2 when what was given makes no sense."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--received", help="when the valid dossier was received: 2024-06-03T09:00, time of Viet Nam"
        )
        parser.add_argument("--class", dest="deadline_class", default=policy.NORMAL, help=" | ".join(CLASSES))
        parser.add_argument("--regime", help="P0 to P4; overrides the law of the day of receipt")
        parser.add_argument(
            "--pause", action="append", default=[], metavar="ASKED/ANSWERED", help="a supplement; may be given again"
        )
        parser.add_argument(
            "--authority",
            metavar="CODE",
            help="whose calendar and opening hours: an office's dossier identifier (H26.12, or its beginning H26), the "
            "two-digit code of its province (01), or national_centre; without it the national calendar",
        )

    def handle(self, *args, **options) -> None:
        if not options["received"]:
            raise refused("Thiếu --received. Ghi như --received 2024-06-03T09:00.")
        received_at = moment(options["received"], "--received")
        regime = options["regime"] or policy.regime_code(policy.law_day(received_at))
        term = self._term(regime, options["deadline_class"])
        authority = office(options["authority"], received_at)
        paused = pauses(options["pause"], received_at)
        calendar = calendar_of(authority)
        due = clock.due_at(received_at, term, calendar, paused)
        self.stdout.write(
            f"Lịch: {authority or 'toàn quốc'}. Quy định {regime}, loại {CLASS_WORDS[options['deadline_class']]}."
        )
        for line in explained(received_at, term, calendar, paused):
            self.stdout.write(line)
        if due.year not in YEARS:
            self.stdout.write(f"Chú ý: lịch chưa có ngày nghỉ lễ của năm {due.year}.")
        self.stdout.write(due.isoformat())

    def _term(self, regime: str, deadline_class: str) -> clock.Term:
        if deadline_class not in CLASSES:
            raise refused(f"--class: “{deadline_class}” không có. Chọn {', '.join(CLASSES)}.")
        try:
            return policy.term(regime, deadline_class)
        except KeyError:
            raise refused(f"--regime: không có quy định “{regime}”. Chọn {', '.join(policy.regime_codes())}.") from None

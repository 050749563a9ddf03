"""How days, times, numbers and deadlines are said, in the language of the page: pure functions."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lltp_portal.languages import is_vietnamese_page

NBSP = "\u00a0"
WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)
MONTHS = (
    gettext_lazy("Tháng 1"),
    gettext_lazy("Tháng 2"),
    gettext_lazy("Tháng 3"),
    gettext_lazy("Tháng 4"),
    gettext_lazy("Tháng 5"),
    gettext_lazy("Tháng 6"),
    gettext_lazy("Tháng 7"),
    gettext_lazy("Tháng 8"),
    gettext_lazy("Tháng 9"),
    gettext_lazy("Tháng 10"),
    gettext_lazy("Tháng 11"),
    gettext_lazy("Tháng 12"),
)
OFFICE_CLOSES = "17:00"


def local(moment: datetime) -> datetime:
    """The moment as clocks in Viet Nam show it."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def weekday(day: date) -> str:
    return str(WEEKDAYS[(local(day) if isinstance(day, datetime) else day).weekday()])


def month(day: date) -> str:
    """“Tháng 12”, “December”."""
    return str(MONTHS[(local(day) if isinstance(day, datetime) else day).month - 1])


def full_day(day: date) -> str:
    """“Thứ Sáu, 11/12/2026”."""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{weekday(day)}, {day:%d/%m/%Y}"


def full_moment(moment: datetime) -> str:
    """“09:05, Thứ Năm 19/11/2026”."""
    moment = local(moment)
    return f"{moment:%H:%M}, {weekday(moment)} {moment:%d/%m/%Y}"


def thousands(number: int) -> str:
    """“1.234.567”; “1,234,567” where the page is English, whose readers take a point for decimals."""
    return f"{number:,}".replace(",", "." if is_vietnamese_page() else ",")


def dong(amount: int) -> str:
    """“200.000 đ”, kept together; in English “200,000 VND”."""
    return f"{thousands(amount)}{NBSP}{'đ' if is_vietnamese_page() else 'VND'}"


def partial_date(text: str) -> str:
    """“1990-03-27” → “27/03/1990”; “1990-03” → “03/1990”; “1990” stays."""
    return "/".join(reversed(text.split("-"))) if text else ""


def grouped_number(number: str) -> str:
    """A 12-digit number as 3-3-6, as printed on the card; anything else as it is."""
    if len(number) == 12 and number.isdigit():
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    return number


def grouped_phone(number: str) -> str:
    """“0912345678” → “0912 345 678”, kept together."""
    if len(number) == 10 and number.isdigit():
        return f"{number[:4]}{NBSP}{number[4:7]}{NBSP}{number[7:]}"
    return number


def given_name(full_name: str) -> str:
    """The name one is called by: the last word."""
    return full_name.split()[-1] if full_name.split() else ""


class DueBadge(NamedTuple):
    """`level` picks shape, icon and colour; `words` say it all without them."""

    level: str
    words: str


def due_badge(working_days_left: int | None, *, paused: bool = False, due: datetime | None = None) -> DueBadge:
    """How near the promised day is. Days are working days; None = no day is promised yet.

    What is due today is due when the office closes: `due` says when that is.
    """
    if paused:
        return DueBadge("paused", _("Tạm dừng"))
    if working_days_left is None:
        return DueBadge("go", _("Chưa tính hạn"))
    if working_days_left < 0:
        words = ngettext("Quá hạn %(days)d ngày", "Quá hạn %(days)d ngày", -working_days_left)
        return DueBadge("late", words % {"days": -working_days_left})
    if working_days_left == 0:
        return DueBadge("today", _("Hôm nay, %(time)s") % {"time": f"{local(due):%H:%M}" if due else OFFICE_CLOSES})
    if working_days_left == 1:
        return DueBadge("soon", _("Còn 1 ngày"))
    return DueBadge("ok", _("Còn %(days)d ngày") % {"days": working_days_left})


def hours_badge(hours: int) -> DueBadge:
    """What is due within hours, over a day on which nobody works."""
    words = ngettext("Còn %(hours)d giờ", "Còn %(hours)d giờ", hours)
    return DueBadge("today", words % {"hours": hours})


MINUTES_A_DAY = 8 * 60


def working_time(minutes: int) -> str:
    """“2 ngày 3 giờ”, “3 giờ 20 phút”, “25 phút”: working time; a working day is eight hours (domain 5.2)."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, minutes = divmod(rest, 60)
    parts = [
        ngettext("%(days)d ngày", "%(days)d ngày", days) % {"days": days} if days else "",
        ngettext("%(hours)d giờ", "%(hours)d giờ", hours) % {"hours": hours} if hours else "",
        ngettext("%(minutes)d phút", "%(minutes)d phút", minutes) % {"minutes": minutes}
        if minutes and not days
        else "",
    ]
    return " ".join(part for part in parts if part) or _("dưới 1 phút")

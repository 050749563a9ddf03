"""The calendar's seed: the `holidays` library, plus the swaps that it misses; and the table as a WorkingCalendar."""

from datetime import date

import holidays

from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.working_days import WorkingCalendar

YEARS = range(2010, 2029)
# Văn bản 12729/VPCP-KGVX, 25/12/2025: Friday 2/1/2026 off, Saturday 10/1/2026 worked.
MISSED_OFF = {date(2026, 1, 2): "Nghỉ hoán đổi Tết Dương lịch"}
MISSED_WORKED = {date(2026, 1, 10): "Làm bù ngày 02/01/2026"}


def load_days() -> int:
    """Insert days that are not there yet; what an administrator has changed stays. Returns how many rows exist."""
    table = holidays.country_holidays("VN", years=YEARS, language="vi")
    off = {**{day: name for day, name in table.items()}, **MISSED_OFF}
    worked = {**dict.fromkeys(table.weekend_workdays, "Làm bù theo lịch hoán đổi"), **MISSED_WORKED}
    kinds = ((SpecialDay.Kind.OFF, off), (SpecialDay.Kind.WORKING_SATURDAY, worked))
    SpecialDay.objects.bulk_create(
        [
            SpecialDay(day=day, kind=kind, name=name[:120], source="seed")
            for kind, days in kinds
            for day, name in sorted(days.items())
        ],
        ignore_conflicts=True,
    )
    return SpecialDay.objects.count()


def national_calendar() -> WorkingCalendar:
    """The table as it is now."""
    days: dict[str, dict[date, str]] = {kind: {} for kind in SpecialDay.Kind.values}
    for day, kind, name in SpecialDay.objects.values_list("day", "kind", "name"):
        days[kind][day] = name
    return WorkingCalendar(days[SpecialDay.Kind.OFF], days[SpecialDay.Kind.WORKING_SATURDAY])

"""The calendar's seed: the `holidays` library, plus the swaps that it misses; and the tables as calendars of offices.

`Calendars` reads both tables once and answers for every office, so a list that mixes offices costs two queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import holidays

from lltp_portal.accounts.models import Authority
from lltp_portal.calendars.models import OpeningHours, SpecialDay
from lltp_portal.calendars.working_days import Hours, WorkingCalendar

YEARS = range(2010, 2029)
# Văn bản 12729/VPCP-KGVX, 25/12/2025: Friday 2/1/2026 off, Saturday 10/1/2026 worked.
MISSED_OFF = {date(2026, 1, 2): "Nghỉ hoán đổi Tết Dương lịch"}
MISSED_WORKED = {date(2026, 1, 10): "Làm bù ngày 02/01/2026"}
Kind = SpecialDay.Kind


# --- The seed -------------------------------------------------------------------------------------------------------


def seeded_days() -> dict[date, tuple[str, str]]:
    """Day → kind and name, as the library and the swaps that it misses say."""
    table = holidays.country_holidays("VN", years=YEARS, language="vi")
    off = {**dict(table.items()), **MISSED_OFF}
    worked = {**dict.fromkeys(table.weekend_workdays, "Làm bù theo lịch hoán đổi"), **MISSED_WORKED}
    return {
        **{day: (Kind.OFF, name[:120]) for day, name in off.items()},
        **{day: (Kind.WORKING_SATURDAY, name) for day, name in worked.items()},
    }


def load_days() -> int:
    """Bring the seeded days up to date with the library; what a person has changed or removed stays as it is.

    Returns how many rows exist.
    """
    seeded = seeded_days()
    SpecialDay.objects.bulk_create(
        [SpecialDay(day=day, kind=kind, name=name, source="seed") for day, (kind, name) in sorted(seeded.items())],
        ignore_conflicts=True,
    )
    for row in SpecialDay.objects.untouched():
        if row.day not in seeded:
            row.delete()
        elif (row.kind, row.name) != seeded[row.day]:
            row.kind, row.name = seeded[row.day]
            row.save(update_fields=["kind", "name"])
    return SpecialDay.objects.count()


# --- The tables as calendars ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One row of SpecialDay as a value; `authority_id` None is the nation."""

    authority_id: int | None
    day: date
    kind: str
    name: str


def _key(authority: Authority | int | None) -> int | None:
    return authority.pk if isinstance(authority, Authority) else authority


@dataclass(frozen=True)
class Calendars:
    """Both tables as values: the calendar of any office, as things are or as they would be after a change."""

    days: tuple[Day, ...] = ()
    hours: tuple[tuple[int | None, Hours], ...] = ()
    _made: dict[int | None, WorkingCalendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, *offices: Authority | int | None) -> "Calendars":
        """From the tables, in two queries: all offices, or the nation and those that are named."""
        days, hours = SpecialDay.objects.all(), OpeningHours.objects.all()
        if offices:
            keys = [_key(office) for office in offices if office is not None]
            days, hours = days.seen_by(*keys), hours.seen_by(*keys)
        return cls(
            tuple(Day(*row) for row in days.values_list("authority_id", "day", "kind", "name")),
            tuple((row.authority_id, Hours(row.valid_from, row.weekday, row.intervals)) for row in hours),
        )

    def of(self, authority: Authority | int | None) -> WorkingCalendar:
        """The office's calendar; the national one for None and for an office without rows of its own."""
        key = _key(authority)
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(self, key: int | None) -> WorkingCalendar:
        own = {row.day: row for row in self.days if row.authority_id == key}
        rows = {**{row.day: row for row in self.days if row.authority_id is None}, **own}
        return WorkingCalendar(
            {day: row.name for day, row in rows.items() if row.kind == Kind.OFF},
            {day: row.name for day, row in rows.items() if row.kind == Kind.WORKING_SATURDAY},
            tuple(hours for office, hours in self.hours if office == key and key is not None),
            tuple(hours for office, hours in self.hours if office is None),
        )

    def with_day(self, day: Day) -> "Calendars":
        """As they would be with this row."""
        return replace(self, days=(*self.without_day(day.authority_id, day.day).days, day))

    def without_day(self, authority_id: int | None, day: date) -> "Calendars":
        """As they would be without the row of this office and day."""
        kept = tuple(row for row in self.days if (row.authority_id, row.day) != (authority_id, day))
        return replace(self, days=kept)

    def with_hours(self, authority_id: int | None, rows: Iterable[Hours]) -> "Calendars":
        """As they would be with these hours."""
        rows = tuple(rows)
        replaced = {(authority_id, row.valid_from, row.weekday) for row in rows}
        kept = tuple(
            (office, row) for office, row in self.hours if (office, row.valid_from, row.weekday) not in replaced
        )
        return replace(self, hours=(*kept, *((authority_id, row) for row in rows)))


def calendar_of(authority: Authority | int | None) -> WorkingCalendar:
    """The calendar of an office as the tables are now; the nation's for None."""
    return Calendars.read(authority).of(authority)


def national_calendar() -> WorkingCalendar:
    """The nation's calendar as the tables are now."""
    return calendar_of(None)

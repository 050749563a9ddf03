"""Arithmetic over working days and opening hours: values in, values out.

A working day is Monday to Friday, less days off, plus swapped Saturdays. Within it the office is open in the morning
and in the afternoon; its closing time is when a promise of that day ends (domain 5.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY, SATURDAY = 4, 5
Interval = tuple[time, time]
Intervals = tuple[Interval, ...]
NATIONAL_HOURS: Intervals = ((time(8), time(12)), (time(13), time(17)))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """When an office is open on one weekday (0 is Monday), from a day on until a newer row."""

    valid_from: date
    weekday: int
    intervals: Intervals


def minute_of_day(clock_time: time) -> int:
    return clock_time.hour * 60 + clock_time.minute


def minutes_in(intervals: Intervals, until: time | None = None) -> int:
    """Minutes that an office is open in these intervals, up to `until`."""
    end = 24 * 60 if until is None else minute_of_day(until)
    return sum(max(0, min(end, minute_of_day(closes)) - minute_of_day(opens)) for opens, closes in intervals)


@dataclass(frozen=True)
class WorkingCalendar:
    """One office's calendar: which days differ from the plain week and what they are called, and when it is open."""

    days_off: Mapping[date, str] = field(default_factory=dict)
    worked_saturdays: Mapping[date, str] = field(default_factory=dict)
    hours: Sequence[Hours] = ()
    national_hours: Sequence[Hours] = ()
    _known: dict[date, Intervals] = field(default_factory=dict, init=False, repr=False, compare=False)

    # --- Days -------------------------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        if day in self.worked_saturdays:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def first_working_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add(self, day: date, working_days: int) -> date:
        """The N-th working day after `day`; day 0 is not counted."""
        for _ in range(working_days):
            day = self.first_working_from(day + ONE_DAY)
        return day

    def count_after(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is before `start`."""
        if end < start:
            return -self.count_after(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def named_days_off(self, start: date, end: date) -> list[tuple[date, str]]:
        """Named days off on weekdays after `start` up to `end`: what a reader is told was left out."""
        return [
            (day, name)
            for day, name in sorted(self.days_off.items())
            if start < day <= end and day.weekday() < SATURDAY and not self.is_working(day)
        ]

    def named_worked_days(self, start: date, end: date) -> list[tuple[date, str]]:
        """Days of the weekend after `start` up to `end` that are worked, and so counted."""
        return [(day, name) for day, name in sorted(self.worked_saturdays.items()) if start < day <= end]

    # --- Hours ------------------------------------------------------------------------------------------------------

    def open_on(self, day: date) -> Intervals:
        """When the office is open on a day; never on a day off."""
        if day not in self._known:
            self._known[day] = self._hours_of(day) if self.is_working(day) else ()
        return self._known[day]

    def closing(self, day: date) -> time:
        """When a working day ends. Raises ValueError for a day off, which has no closing time."""
        intervals = self.open_on(day)
        if not intervals:
            raise ValueError(f"{day} is a day off.")
        return intervals[-1][1]

    def _hours_of(self, day: date) -> Intervals:
        """The office's newest row for the weekday, else the nation's; a worked weekend day without one is a Friday."""
        weekdays = (day.weekday(), FRIDAY) if day.weekday() >= SATURDAY else (day.weekday(),)
        for rows in (self.hours, self.national_hours):
            for weekday in weekdays:
                known = [row for row in rows if row.weekday == weekday and row.valid_from <= day]
                if known:
                    return max(known, key=lambda row: row.valid_from).intervals
        return NATIONAL_HOURS

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes from `start` to `end` in which the office is open: no nights, lunch, weekends, holidays.

        Both moments are read to the minute, so that the parts of a span add up to the whole. 0 when `end` is earlier.
        """
        start, end = start.astimezone(LOCAL), end.astimezone(LOCAL)
        if end <= start:
            return 0
        days = (end.date() - start.date()).days
        whole = sum(minutes_in(self.open_on(start.date() + timedelta(days=n))) for n in range(days))
        return whole + self._until(end) - self._until(start)

    def _until(self, moment: datetime) -> int:
        return minutes_in(self.open_on(moment.date()), moment.time())

"""Arithmetic over working days: values in, values out.

A working day is Monday to Friday, less days off, plus swapped Saturdays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class WorkingCalendar:
    """The national calendar: which days differ from the plain week, and what they are called."""

    days_off: Mapping[date, str] = field(default_factory=dict)
    worked_saturdays: Mapping[date, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.worked_saturdays:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def first_working_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """The N-th working day after `day`; day 0 is not counted."""
        for _ in range(working_days):
            day = self.first_working_from(day + timedelta(days=1))
        return day

    def count_after(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is before `start`."""
        if end < start:
            return -self.count_after(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def named_days_off(self, start: date, end: date) -> list[tuple[date, str]]:
        """Named days off on weekdays after `start` up to `end`: what a reader is told was left out."""
        return [(day, name) for day, name in sorted(self.days_off.items()) if start < day <= end and day.weekday() < 5]

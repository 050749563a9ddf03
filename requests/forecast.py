"""When a request will probably be ready, from how long others like it took. Pure; says nothing rather than guess.

Only requests that took at least as long as this one has already lasted are compared with: a request that is open on
its ninth day is not like one that was ready on its second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from lltp_portal.calendars.working_days import WorkingCalendar

# Below this nobody can honestly speak of 85 in 100.
FEWEST = 30
HALF, MOST = 50, 85
BAR = 1000  # the bar's width in its own units


@dataclass(frozen=True)
class Forecast:
    """Half of those like it were ready by `first`, 85 in 100 by `last`; days of work for the bar."""

    first: date
    last: date
    like_it: int
    elapsed: int
    allowed: int
    first_day: int
    last_day: int

    def is_in_time(self, due: date) -> bool:
        return self.last <= due

    @property
    def _whole(self) -> int:
        return max(self.allowed, self.last_day, self.elapsed, 1)

    def _x(self, days: int) -> int:
        return BAR * days // self._whole

    @property
    def elapsed_x(self) -> int:
        return self._x(self.elapsed)

    @property
    def window_x(self) -> int:
        return self._x(max(self.first_day - 1, 0))

    @property
    def window_width(self) -> int:
        return max(self._x(self.last_day) - self.window_x, 1)

    @property
    def due_x(self) -> int:
        return min(self._x(self.allowed), BAR - 4)


def percentile(sorted_days: Sequence[int], percent: int) -> int:
    """The smallest number of days within which so many in a hundred were ready (nearest rank)."""
    return sorted_days[max(ceil(len(sorted_days) * percent / 100), 1) - 1]


def forecast(received: date, due: date, today: date, took: Sequence[int], calendar: WorkingCalendar) -> Forecast | None:
    """`took`: working days from receipt to issue of finished requests of the same office and class."""
    elapsed = calendar.count_after(received, today)
    like_it = sorted(days for days in took if days >= elapsed)
    if len(like_it) < FEWEST:
        return None
    first_day, last_day = percentile(like_it, HALF), percentile(like_it, MOST)
    return Forecast(
        first=_day(received, first_day, calendar),
        last=_day(received, last_day, calendar),
        like_it=len(like_it),
        elapsed=elapsed,
        allowed=calendar.count_after(received, due),
        first_day=first_day,
        last_day=last_day,
    )


def _day(received: date, days: int, calendar: WorkingCalendar) -> date:
    return calendar.add(received, days) if days else calendar.first_working_from(received)

"""When a request is due, and how late it is. Pure: moments and a calendar in, moments out.

Luật Lý lịch tư pháp 2009, Art. 48: days are counted as working days; day 0 is the day of receipt, and what comes in
after closing time or on a day off counts as received on the next working day. Due is closing time of the last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from lltp_portal.calendars.working_days import WorkingCalendar

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSING = time(17, 0)
WORKING_DAY, CALENDAR_DAY, HOUR = "working_day", "calendar_day", "hour"


@dataclass(frozen=True)
class Term:
    """How long the law allows: an amount of working days, of calendar days, or of hours by the wall clock."""

    amount: int
    unit: str = WORKING_DAY

    @property
    def words(self) -> str:
        """“10 ngày làm việc”, “24 giờ”."""
        words = {
            WORKING_DAY: _("%(amount)d ngày làm việc"),
            CALENDAR_DAY: _("%(amount)d ngày"),
            HOUR: _("%(amount)d giờ"),
        }
        return words[self.unit] % {"amount": self.amount}


def local_day(at: datetime) -> date:
    """The day in Viet Nam."""
    return at.astimezone(LOCAL).date()


def day_of_receipt(at: datetime, calendar: WorkingCalendar) -> date:
    """Day 0: the day itself, or the next working day when it came after closing or on a day off."""
    local = at.astimezone(LOCAL)
    day = local.date()
    if not calendar.is_working(day):
        return calendar.first_working_from(day)
    return day if local.time() < CLOSING else calendar.add(day, 1)


def pause_cost(asked_at: datetime, answered_at: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the day of asking, up to and including the day of the answer."""
    return max(0, calendar.count_after(local_day(asked_at), local_day(answered_at)))


def due_at(
    received_at: datetime,
    term: Term,
    calendar: WorkingCalendar,
    pauses: Iterable[tuple[datetime, datetime]] = (),
) -> datetime:
    """Closing time of the last day of the term, moved on by what the pauses cost.

    Calendar days are counted through and end on a working day; hours run by the wall clock, nights and weekends
    included (the 24 hours of Art. 46), and only a pause itself moves them.
    """
    pauses = list(pauses)
    if term.unit == HOUR:
        paused = sum((answered - asked for asked, answered in pauses), timedelta())
        return (received_at + timedelta(hours=term.amount) + paused).astimezone(LOCAL)
    day = day_of_receipt(received_at, calendar)
    if term.unit == CALENDAR_DAY:
        day = calendar.first_working_from(day + timedelta(days=term.amount))
    else:
        day = calendar.add(day, term.amount)
    cost = sum(pause_cost(asked, answered, calendar) for asked, answered in pauses)
    return datetime.combine(calendar.add(day, cost), CLOSING, LOCAL)


def pauses(history: Iterable, until: datetime) -> list[tuple[datetime, datetime]]:
    """(asked, answered) of each time the citizen was asked after receipt; one that is still open ends at `until`."""
    found, asked_at, received = [], None, False
    for step in history:
        received = received or step.step == "receive"
        if step.step == "ask_supplement" and received:
            asked_at = step.at
        elif step.step == "answer_supplement" and asked_at:
            found.append((asked_at, step.at))
            asked_at = None
    return [*found, (asked_at, until)] if asked_at else found


def days_left(due: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Working days until the due day; 0 is today, negative is late.

    After closing time it is late by one day at least, also over a weekend, on which no working day passes.
    """
    left = calendar.count_after(local_day(now), local_day(due))
    return min(left, -1) if now > due else left

"""Until when an answer is awaited, when people are reminded, when it is too late. Pure: moments and a calendar in.

The law names no length for a citizen's answer; the portal's own is SUPPLEMENT_DAYS, and the limit always falls on a
working day, so that help can be had on it (Bộ luật Dân sự 2015, Art. 148). Complaints: Luật Khiếu nại 2011.
"""

from datetime import date, datetime, time, timedelta

from lltp_portal.calendars.working_days import WorkingCalendar
from requests.clock import LOCAL, local_day

END_OF_DAY = time(23, 59, 59)
HALF, LAST = "half", "last"
LAST_REMINDER_BEFORE = timedelta(days=2)
ACKNOWLEDGE_DAYS = 10  # Art. 27: taken up, or refused with a reason, within 10 days of receipt
ANSWER_DAYS = 30  # Art. 28: answered within 30 days of being taken up


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, LOCAL)


def days_later(moment: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The end of the day so many calendar days later, moved on to a working day."""
    return _end_of(calendar.first_working_from(local_day(moment) + timedelta(days=days)))


def working_days_later(moment: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The end of the N-th working day after."""
    return _end_of(calendar.add(local_day(moment), days))


def reminders(asked_at: datetime, answer_by: datetime) -> dict[str, datetime]:
    """When the citizen is reminded: at half time, and two days before the limit."""
    return {HALF: asked_at + (answer_by - asked_at) / 2, LAST: answer_by - LAST_REMINDER_BEFORE}


def last_day(answer_by: datetime, calendar: WorkingCalendar) -> date:
    """The working day of grace after the limit: an answer that comes on it still counts."""
    return calendar.add(local_day(answer_by), 1)


def has_lapsed(answer_by: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the request is to be stopped now: the day of grace is over, and people are at work who can be asked."""
    today = local_day(now)
    return today > last_day(answer_by, calendar) and calendar.is_working(today)

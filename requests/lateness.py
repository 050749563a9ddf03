"""When a promise is in danger, and which day can be promised instead (docs/adr/0008). Pure.

A rule that only looks forward: how many working days does what is left still need, if it goes as it usually does?
When the day on which it would be finished lies after the promised day, the promise is in danger. By the figures below
that is seen for every request that is still open at 14:00 of the working day before its promised day, and earlier for
what has longer to go; so there is always at least one working day between the warning and the promise.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lltp_portal.calendars.working_days import WorkingCalendar
from requests.clock import LOCAL, day_of_receipt, local_day
from requests.states import State as S

# From this hour on nothing that needs a day's work is begun any more on that day.
LAST_HOUR = time(14, 0)
# Working days that a request in this state still needs, after the day on which work on it can go on.
WORK: dict[str, int] = {
    S.RECEIVED: 3,  # the source does not answer; then a clerk, then the signature
    S.REVIEWING: 2,  # a clerk, then the signature
    S.CONSULTING: 3,  # the other agency, then a clerk, then the signature
    S.NEEDS_SUPPLEMENT: 2,  # the clock stands still while the citizen is asked; then as reviewing
    S.VERIFIED: 1,  # the signature
    S.SIGNING: 1,
}
# A search that began today has not failed yet: sources answer within minutes.
FRESH_SEARCH = 2
# What another agency has to answer (Thông tư liên tịch 04/2012/TTLT-BTP-TANDTC-VKSNDTC-BCA-BQP, Art. 12).
AGENCY_DAYS = 10
# Shorter terms have no day left on which to warn.
SHORTEST_WARNED = 2
# Working days that a new promise leaves beyond what is expected: the first one, and every further one.
MARGIN, MARGIN_AGAIN = 1, 5
# The longest term of the law (Art. 48): no apology may ask for more than that again.
MOST_DAYS_AGAIN = 15


@dataclass(frozen=True)
class Position:
    """Where a request stands: its state, since when, and the day for which another agency has promised its answer."""

    state: str
    since: datetime
    answer_on: date | None = None


def is_warned_about(received_at: datetime, due: datetime, calendar: WorkingCalendar) -> bool:
    """Classes of two working days and more; the 24 hours of an urgent request are not among them."""
    return calendar.count_after(day_of_receipt(received_at, calendar), local_day(due)) >= SHORTEST_WARNED


def next_day_of_work(now: datetime, calendar: WorkingCalendar) -> date:
    """The first day on which a day's work can still be begun."""
    local = now.astimezone(LOCAL)
    if calendar.is_working(local.date()) and local.time() < LAST_HOUR:
        return local.date()
    return calendar.add(local.date(), 1)


def expected_finish(position: Position, now: datetime, calendar: WorkingCalendar) -> date:
    """The day on which it would be issued if everything left takes as long as it usually does."""
    days = WORK[position.state]
    if position.state == S.RECEIVED and local_day(position.since) == local_day(now):
        days = FRESH_SEARCH
    finish = calendar.add(next_day_of_work(now, calendar), days)
    if position.state == S.CONSULTING and position.answer_on is not None:
        finish = max(finish, calendar.add(position.answer_on, WORK[S.REVIEWING]))
    return finish


def is_in_danger(promise: datetime, position: Position, now: datetime, calendar: WorkingCalendar) -> bool:
    return position.state in WORK and expected_finish(position, now, calendar) > local_day(promise)


def proposal(
    promise: datetime, position: Position, now: datetime, calendar: WorkingCalendar, *, again: bool = False
) -> datetime:
    """A day that can be kept, at the hour of the old promise: what is expected and some days more.

    Where another agency is awaited that has named no day, the time that the law gives it counts; once that has passed,
    the same time again. A second promise leaves more room than the first: day after day promised anew is worse than one
    long wait.
    """
    finish = calendar.add(expected_finish(position, now, calendar), MARGIN_AGAIN if again else MARGIN)
    if position.state == S.CONSULTING and position.answer_on is None:
        begins = now if again else position.since
        answered = calendar.add(local_day(begins), AGENCY_DAYS)
        finish = max(finish, calendar.add(answered, WORK[S.REVIEWING]))
    finish = max(finish, calendar.add(local_day(promise), 1))
    return datetime.combine(finish, promise.astimezone(LOCAL).time(), LOCAL)


def safe_from(state: str, now: datetime, calendar: WorkingCalendar) -> date:
    """A promise for this day or a later one is in no danger now, unless an agency has named a later day."""
    return calendar.add(next_day_of_work(now, calendar), WORK[state])


def last_day_to_warn(due: datetime, calendar: WorkingCalendar) -> date:
    """The working day before the due date: whoever hears by its end has one working day left and the due day itself."""
    day = local_day(due) - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def was_warned_in_time(told_at: datetime, due: datetime, calendar: WorkingCalendar) -> bool:
    return local_day(told_at) <= last_day_to_warn(due, calendar)

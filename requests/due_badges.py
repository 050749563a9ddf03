"""How near its promised day a request is, as the badge of the look: one answer for citizens, clerks and boards."""

from datetime import datetime
from math import ceil

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import DueBadge, due_badge, hours_badge
from requests import clock
from requests.states import ENDED, State


def badge_of(certificate_request, now: datetime, calendar: WorkingCalendar) -> DueBadge | None:
    """While it is open: what is left, how late, or that the clock stands still. Ended: how it ended (domain 5.3)."""
    state, due = certificate_request.state, certificate_request.due_at
    if state in ENDED:
        return ended_badge(certificate_request, now, calendar)
    if state == State.NEEDS_SUPPLEMENT:
        return due_badge(None, paused=True)
    return due_badge(None) if due is None else open_badge(certificate_request, now, calendar)


def open_badge(certificate_request, now: datetime, calendar: WorkingCalendar) -> DueBadge:
    """What is left until the promise, or how late it is."""
    due = certificate_request.due_at
    found = clock.outcome(due, now, calendar)
    if found.is_late:
        return due_badge(-found.days)
    if not found.days and clock.local_day(now) != clock.local_day(due):  # hours that run through a day off
        return hours_badge(ceil((due - now).total_seconds() / 3600))
    return due_badge(found.days, due=due)


def ended_badge(certificate_request, now: datetime, calendar: WorkingCalendar) -> DueBadge | None:
    """Early, on time or late; None where nothing was promised or there was no result."""
    found = clock.outcome_of(certificate_request, now, calendar)
    if found is None or certificate_request.state == State.WITHDRAWN:  # on time in reports; nobody's achievement here
        return None
    return DueBadge("late" if found.is_late else "ok", found.words)

"""“Hồ sơ đang ở đâu?”: who has it, since when, what is awaited, until when, and what happens then. Words only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.calendars.working_days import WorkingCalendar
from requests import citizen_status, clock, policy
from requests.forecast import Forecast, forecast
from requests.models import AwaitedAnswer, CertificateRequest, Inquiry, SourceSearch
from requests.states import State

# Whose finishing times are compared with: recent ones, and no more than a page can afford to count.
COMPARED_FOR, MOST_COMPARED = timedelta(days=90), 300
AT_WORK = (State.RECEIVED, State.REVIEWING, State.CONSULTING, State.VERIFIED, State.SIGNING)


@dataclass(frozen=True)
class Where:
    """`until`: by when the thing awaited is expected; None where nobody can honestly say."""

    holder: str
    since: datetime
    waited_for: str
    until: date | None
    then: str


def where(
    certificate_request: CertificateRequest, history: list, calendar: WorkingCalendar, until_paid
) -> Where | None:
    """None once it has ended."""
    holder = citizen_status.holder(certificate_request)
    if not holder:
        return None
    state = certificate_request.state
    return Where(
        holder=holder,
        since=history[-1].at,
        waited_for=_waited_for(certificate_request),
        until=_until(certificate_request, history, calendar, until_paid),
        then=str(citizen_status.NEXT[state]),
    )


def _open_inquiries(certificate_request: CertificateRequest) -> list[Inquiry]:
    return list(certificate_request.inquiries.open().oldest_due_first())


def _waited_for(certificate_request: CertificateRequest) -> str:
    """In plain words. Of other agencies only those are named that everybody of an age, or every soldier, is asked of:
    that a court is asked would tell something to whoever reads along.
    """
    words = str(citizen_status.WAITED_FOR[certificate_request.state])
    if certificate_request.state != State.CONSULTING:
        return words
    waiting = {one.source for one in _open_inquiries(certificate_request)}
    named = [str(name) for source, name in citizen_status.NAMED_AGENCIES.items() if source in waiting]
    if not named:
        return words
    if waiting - set(citizen_status.NAMED_AGENCIES):
        named.append(_("cơ quan khác"))
    return _("Chờ trả lời của: %(agencies)s.") % {"agencies": ", ".join(named)}


def _until(certificate_request, history, calendar, until_paid) -> date | None:
    """A day that somebody has set: the law, the term for paying, the agency that was asked, the promise."""
    state = certificate_request.state
    if state == State.SUBMITTED:
        found = taken_up_by(certificate_request, calendar)
    elif state == State.AWAITING_PAYMENT:
        found = until_paid
    elif state == State.CONSULTING:
        answer = AwaitedAnswer.objects.filter(step=history[-1]).first()
        if answer is not None:
            return answer.expected_on
        return _answered_by(certificate_request)
    elif state == State.VERIFIED:
        found = certificate_request.due_at
    else:
        return None
    return clock.local_day(found) if found else None


def _answered_by(certificate_request: CertificateRequest) -> date | None:
    """The last day that the law gives the agencies; none once it has passed."""
    waiting = _open_inquiries(certificate_request)
    day = clock.local_day(waiting[-1].due_at) if waiting else None
    return day if day is not None and day >= clock.local_day(timezone.now()) else None


def taken_up_by(certificate_request: CertificateRequest, calendar: WorkingCalendar) -> datetime | None:
    """Until when the first look at it is expected: what the law sets for the channel, else the next working day.

    None for what is due within hours: that is taken up at once.
    """
    day = policy.law_day(certificate_request.submitted_at)
    if policy.deadline(certificate_request.declaration, day).term.unit == clock.HOUR:
        return None
    term = policy.intake_term(day, certificate_request.channel) or clock.Term(1)
    return clock.due_at(certificate_request.submitted_at, term, calendar)


def asked_again_at(certificate_request: CertificateRequest) -> datetime | None:
    """When the central database, which has not answered, is asked the next time; None while nothing went wrong."""
    if certificate_request.state != State.RECEIVED:
        return None
    open_searches = SourceSearch.objects.waiting().filter(request=certificate_request).exclude(last_cause="")
    search = open_searches.order_by("next_try_at").first()
    return search.next_try_at if search else None


def forecast_of(certificate_request: CertificateRequest, now: datetime, calendar: WorkingCalendar) -> Forecast | None:
    """None unless it is being worked on, in time, by days of work, and enough others like it were finished lately."""
    due, unit = certificate_request.due_at, certificate_request.deadline_unit
    if certificate_request.state not in AT_WORK or due is None or now > due or unit != clock.WORKING_DAY:
        return None
    finished = CertificateRequest.objects.issued_like(certificate_request, now - COMPARED_FOR, now)
    took = [
        calendar.count_after(clock.day_of_receipt(received, calendar), clock.local_day(issued))
        for received, issued in finished.values_list("received_at", "issued_at")[:MOST_COMPARED]
    ]
    received = clock.day_of_receipt(certificate_request.received_at, calendar)
    return forecast(received, clock.local_day(due), clock.local_day(now), took, calendar)

"""Requests that were late, why, from which minute on, and whether the citizen had been told in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from lltp_portal.calendars.seed import Calendars
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import working_time
from requests import clock, lateness
from requests.messaging.texts import CAUSES
from requests.models import CertificateRequest, RequestStep
from requests.states import AFTER_RECEIPT, HOLDER, Holder, State


@dataclass(frozen=True)
class LateRow:
    """One late request. `cause` and `since`: who held it at the due moment, and from which minute on."""

    request: CertificateRequest
    days_late: int
    cause: str
    since: datetime
    told_at: datetime | None
    told_in_time: bool
    is_warned_about: bool
    # Who held it longest from receipt to the due moment, and for how many working minutes.
    longest: Holder
    longest_minutes: int

    @property
    def cause_words(self) -> str:
        return str(CAUSES[self.cause])

    @property
    def longest_words(self) -> str:
        """“Cơ sở dữ liệu trung ương giữ lâu nhất: 8 ngày”; empty where who held it at the due moment is the one."""
        if self.longest == (Holder.OFFICE if self.cause == Holder.APPROVER else self.cause):
            return ""
        return f"{self.longest.label} giữ lâu nhất: {working_time(self.longest_minutes)}"


def late(requests: QuerySet[CertificateRequest], now: datetime) -> QuerySet[CertificateRequest]:
    """Issued after the due moment, or not issued and past it. What waits for the citizen's answer has no due moment."""
    finished = Coalesce(F("issued_at"), now)
    return (
        requests.filter(state__in=AFTER_RECEIPT, due_at__isnull=False)
        .filter(Q(due_at__lt=finished))
        .exclude(state=State.NEEDS_SUPPLEMENT)
        .annotate(told_at=Min("late_notices__drafted_at"))
    )


def rows(found: Iterable[CertificateRequest], now: datetime, calendars: Calendars) -> list[LateRow]:
    """With the history of each, read at once, and by the calendar of its own office."""
    requests = list(found)
    history: dict[int, list[RequestStep]] = {certificate_request.pk: [] for certificate_request in requests}
    for step in RequestStep.objects.filter(request__in=list(history)).order_by("request", "seq"):
        history[step.request_id].append(step)
    return [_row(one, history[one.pk], now, calendars.of(one.authority_id)) for one in requests]


def _row(
    certificate_request: CertificateRequest, history: list[RequestStep], now: datetime, calendar: WorkingCalendar
) -> LateRow:
    due, received_at = certificate_request.due_at, certificate_request.received_at
    assert due is not None and received_at is not None  # a CHECK says so for these states
    at_due = [step for step in history if step.at <= due][-1]
    longest, minutes = _longest(history, calendar, due)
    told_at = certificate_request.told_at  # type: ignore[attr-defined]
    return LateRow(
        certificate_request,
        days_late=-clock.days_left(due, certificate_request.issued_at or now, calendar),
        cause=HOLDER[at_due.to_state],
        since=at_due.at,
        told_at=told_at,
        told_in_time=told_at is not None and lateness.was_warned_in_time(told_at, due, calendar),
        is_warned_about=lateness.is_warned_about(received_at, due, calendar),
        longest=longest,
        longest_minutes=minutes,
    )


def _longest(history: list[RequestStep], calendar: WorkingCalendar, due: datetime) -> tuple[Holder, int]:
    """The state of the due moment names who came last; the minutes since receipt name who used the time up."""
    received = next(position for position, step in enumerate(history) if step.step == "receive")
    until_due = [step for step in history[received:] if step.at <= due]
    sums = clock.held(clock.charges(until_due, calendar, due))
    holder = max(sums, key=lambda one: sums[one])
    return holder, sums[holder]


def untold(requests: QuerySet[CertificateRequest], now: datetime, calendars: Calendars) -> list[LateRow]:
    """Late without a warning in time: each with its cause and minute, the newest promise first."""
    found = late(requests, now).select_related("declaration", "authority").order_by("-due_at", "-pk")
    return [row for row in rows(found, now, calendars) if not row.told_in_time]

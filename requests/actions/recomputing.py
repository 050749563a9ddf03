"""A changed calendar moves promises: due dates of open requests are worked out anew; those of closed ones stay.

An edit rings a worker after its commit; a sweeper looks every night, for what was never heard and for changed rules.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lltp_portal import doorbell
from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars import actions as calendar_actions
from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.seed import Calendars
from lltp_portal.calendars.working_days import Intervals
from lltp_portal.errors import PortalError
from lltp_portal.waiting import each
from requests import clock, papers, policy, tasks
from requests.models import CertificateRequest, RequestStep
from requests.telling import tell

BATCH = 100
PAUSING = ("receive", "ask_supplement", "answer_supplement")
FIELDS = (
    "pk",
    "code",
    "authority_id",
    "received_at",
    "law_day",
    "due_at",
    "deadline_class",
    "deadline_amount",
    "deadline_unit",
)


# --- Changing the calendar ------------------------------------------------------------------------------------------


def _ring() -> None:
    """From the first open request on; the worker goes on by itself."""
    doorbell.ring(tasks.recompute_due, 0)


@transaction.atomic
def change_day(
    *,
    by: User,
    authority: Authority | None,
    day: date,
    kind: str,
    name: str,
    source: str,
    at: datetime | None = None,
) -> SpecialDay:
    """Say what a day is; open requests get new dates after the commit."""
    row = calendar_actions.set_day(by=by, authority=authority, day=day, kind=kind, name=name, source=source, at=at)
    _ring()
    return row


@transaction.atomic
def follow_nation(*, by: User, authority: Authority, day: date) -> None:
    """An office's day is again what the nation says; open requests get new dates after the commit."""
    calendar_actions.follow_nation(by=by, authority=authority, day=day)
    _ring()


@transaction.atomic
def change_hours(
    *,
    by: User,
    authority: Authority | None,
    valid_from: date,
    weekdays: Iterable[int],
    intervals: Intervals,
    at: datetime | None = None,
) -> None:
    """Other opening hours from a day on; open requests get new dates after the commit."""
    calendar_actions.set_hours(
        by=by, authority=authority, valid_from=valid_from, weekdays=tuple(weekdays), intervals=intervals, at=at
    )
    _ring()


# --- Working dates out anew -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recomputed:
    """What one open request's promise is and what it would be."""

    pk: int
    code: str
    authority_id: int
    old: datetime
    new: datetime
    old_term: clock.Term
    term: clock.Term

    @property
    def changes(self) -> bool:
        return (self.old, self.old_term) != (self.new, self.term)


def promised() -> QuerySet[CertificateRequest]:
    """Open requests that were given a date."""
    return CertificateRequest.objects.open().filter(due_at__isnull=False, received_at__isnull=False)


@dataclass(frozen=True)
class _Basis:
    """What every request of a batch is worked out by; read once."""

    calendars: Calendars
    pauses: dict[int, list[tuple[datetime, datetime]]]

    def worked_out(self, row: tuple) -> Recomputed:
        """One request's promise by these calendars and by the law of the day that binds it, as its rows stand now.

        The day was kept at receipt: another LLTP_REGIME, and a row of the law that begins later, change nothing here.
        """
        pk, code, authority_id, received_at, law_day, old, deadline_class, amount, unit = row
        old_term = clock.Term(amount, unit)
        term = policy.term_on(law_day or policy.law_day(received_at), deadline_class) if deadline_class else old_term
        new = clock.due_at(received_at, term, self.calendars.of(authority_id), self.pauses.get(pk, ()))
        return Recomputed(pk, code, authority_id, old, new, old_term, term)


def _read(found: QuerySet, calendars: Calendars) -> tuple[dict[int, tuple], _Basis]:
    rows = {row[0]: row for row in found.values_list(*FIELDS)}
    return rows, _Basis(calendars, _pauses(list(rows)))


def _pauses(pks: list[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Ended pauses by request; what an open one costs is known when the citizen answers."""
    steps = RequestStep.objects.filter(request__in=pks, step__in=PAUSING, seq__lte=F("request__step_count"))
    asked = steps.filter(step="ask_supplement").values("request")
    histories: dict[int, list[RequestStep]] = defaultdict(list)
    for step in steps.filter(request__in=asked).order_by("request", "seq"):
        histories[step.request_id].append(step)
    return {pk: clock.pauses(history) for pk, history in histories.items()}


def recompute_due(after: int = 0, *, at: datetime | None = None) -> int | None:
    """Give one batch of open requests, those behind primary key `after`, the dates that hold now.

    Returns the last primary key when there may be more, else None. Each request has a transaction of its own, and only
    where something changes: one that cannot be worked out holds up none of the others. Each date that changes is an
    event with old and new; who waits for it is told, and has a new receipt that says it.
    """
    at, calendars = at or timezone.now(), Calendars.read()
    rows, basis = _read(promised().filter(pk__gt=after).order_by("pk")[:BATCH], calendars)

    def look(pk: int) -> bool:
        return basis.worked_out(rows[pk]).changes and _change(pk, calendars, at)

    each(rows, look, what="recompute due")
    return max(rows) if len(rows) == BATCH else None


@transaction.atomic
def _change(pk: int, calendars: Calendars, at: datetime) -> bool:
    """Work it out once more under the lock, and keep what is new."""
    rows, basis = _read(promised().filter(pk=pk).locked(), calendars)
    if pk not in rows:  # ended in the meantime
        return False
    one = basis.worked_out(rows[pk])
    if one.changes:
        _keep(one)
    if one.old != one.new:
        _follow(one, at)
    return one.changes


def _keep(one: Recomputed) -> None:
    CertificateRequest.objects.filter(pk=one.pk).update(
        due_at=one.new, deadline_amount=one.term.amount, deadline_unit=one.term.unit
    )
    AuditEvent.objects.record(
        "recompute_due",
        subject=one.code,
        authority_id=one.authority_id,
        old=one.old.astimezone(clock.LOCAL).isoformat(),
        new=one.new.isoformat(),
        term=f"{one.term.amount} {one.term.unit}",
    )


def _follow(one: Recomputed, at: datetime) -> None:
    """The row is locked by recompute_due. The key is the moment: a date may move there, back, and there again."""
    certificate_request = CertificateRequest.objects.get(pk=one.pk)
    papers.write(certificate_request, papers.Kind.RECEIPT, at=at)
    facts = {"due": one.old, "new_due": one.new}
    tell(certificate_request, "due_changed", at=at, key=f"{at.timestamp():.6f}", facts=facts)


# --- What a change would do -----------------------------------------------------------------------------------------


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.LOCAL)


def count_moved(calendars: Calendars, authority: Authority | None, *, first: date, last: date | None = None) -> int:
    """How many open requests would get another date by these calendars, which differ from `first` to `last` only.

    A day can only matter to a request that was received by then and is due on it or later.
    """
    found = promised().filter(due_at__gte=_start_of(first))
    if last is not None:
        found = found.filter(received_at__lt=datetime.combine(last, time.max, clock.LOCAL))
    if authority is not None:
        found = found.filter(authority=authority)
    rows, basis = _read(found, calendars)
    return sum(_would_move(row, basis) for row in rows.values())


def _would_move(row: tuple, basis: _Basis) -> bool:
    """One for which no law is found stays where it is; the nightly run says so (audit.PassedOver)."""
    try:
        return basis.worked_out(row).changes
    except PortalError:
        return False

"""The figures of the boards, counted by the database; every figure has the list behind it (dashboards/buckets.py)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery

from dashboards.buckets import FIGURES, sorted_into_buckets
from lltp_portal.accounts.models import User
from requests.messaging import quiet
from requests.models import (
    AfterIssue,
    AttachmentScan,
    CertificateRequest,
    FlowBack,
    Issuance,
    Message,
    OnlinePayment,
    Paper,
    RequestStep,
    SourceSearch,
)
from requests.states import State

GOOD_SHARE, FAIR_SHARE = 95, 90  # percent returned on time; printed under the table


@dataclass
class Row:
    """The figures of one office, or of all of them."""

    office_id: int | None
    office: str
    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, figure: str) -> int:
        return sum(self.counts[bucket] for bucket in FIGURES[figure].buckets)

    @property
    def share_on_time(self) -> float | None:
        """Percent of what was returned that was returned on time; None when nothing was."""
        return 100 * self["on_time"] / self["returned"] if self["returned"] else None

    @property
    def level(self) -> str:
        """The badge of the look: ok, soon, late; paused when there is nothing to judge by."""
        share = self.share_on_time
        if share is None:
            return "paused"
        return "ok" if share >= GOOD_SHARE else "soon" if share >= FAIR_SHARE else "late"


@dataclass
class Board:
    """All figures as of one moment: a row an office by name, and their sum."""

    now: datetime
    rows: list[Row]
    total: Row


def board(user: User, now: datetime) -> Board:
    """What this person may count, in one query."""
    counted = sorted_into_buckets(CertificateRequest.objects.countable_by(user), now)
    rows: dict[int, Row] = {}
    total = Row(None, "Tổng cộng")
    for office_id, office, bucket, count in (
        counted.order_by().values_list("authority_id", "authority__name", "bucket").annotate(count=Count("pk"))
    ):
        rows.setdefault(office_id, Row(office_id, office)).counts[bucket] += count
        total.counts[bucket] += count
    return Board(now, sorted(rows.values(), key=lambda row: (-row["submitted"], row.office)), total)


def _last_step_at(request: str) -> Subquery:
    """Since when the request named by this field has stood where it stands."""
    last = RequestStep.objects.filter(request=OuterRef(request)).order_by("-seq").values("at")[:1]
    return Subquery(last, output_field=DateTimeField())


def behind(user: User, figure: str, now: datetime, *, office_id: int | None = None) -> QuerySet:
    """The requests that a figure counts, oldest due first. Raises KeyError for a figure that does not exist."""
    counted = sorted_into_buckets(CertificateRequest.objects.countable_by(user), now)
    if office_id is not None:
        counted = counted.filter(authority_id=office_id)
    return (
        counted.filter(bucket__in=FIGURES[figure].buckets)
        .select_related("authority", "declaration")
        .annotate(in_state_since=_last_step_at("pk"))
        .order_by(F("due_at").asc(nulls_last=True), "submitted_at", "pk")
    )


def _of_requests(user: User, waiting: QuerySet) -> QuerySet:
    """Waiting rows of requests that this person may count."""
    return _in_order(waiting.filter(request__in=CertificateRequest.objects.countable_by(user)))


def _in_order(waiting: QuerySet) -> QuerySet:
    """Parked ones first, then by the next try."""
    return (
        waiting.select_related("request__authority")
        .annotate(in_state_since=_last_step_at("request"))
        .order_by(F("parked_at").asc(nulls_last=True), "next_try_at", "pk")
    )


def waiting_searches(user: User) -> QuerySet:
    """Searches that no complete answer has ended."""
    return _of_requests(user, SourceSearch.objects.waiting()).select_related("lookup")


def waiting_payments(user: User) -> QuerySet:
    """Orders at the payment platform whose outcome is not known for good."""
    return _of_requests(user, OnlinePayment.objects.waiting()).select_related("order", "request__authority")


def waiting_after_issue(user: User) -> QuerySet:
    """Issued certificates on whose person the question of the day was not answered yet."""
    overdue = AfterIssue.objects.waiting().filter(Q(parked_at__isnull=False) | ~Q(last_cause=""))
    return _of_requests(user, overdue)


def waiting_flow_backs(user: User) -> QuerySet:
    """Judgments that an agency found and a person confirmed, which the register's queue does not have yet."""
    return _of_requests(user, FlowBack.objects.waiting()).annotate(in_state_since=F("decision__at"))


def waiting_scans(user: User) -> QuerySet:
    """Papers about which the virus scanner has not answered clearly.

    One for the register is of no request and no office: who administers the nation's sees it.
    """
    mine = Q(request__in=CertificateRequest.objects.countable_by(user))
    if user.has_role("national_administrator"):
        mine |= Q(request=None)
    return _in_order(AttachmentScan.objects.waiting().filter(mine)).select_related("attachment")


def waiting_papers(user: User) -> QuerySet:
    """Papers that were written and are not printed yet."""
    return _of_requests(user, Paper.objects.waiting())


def waiting_issuances(user: User) -> QuerySet:
    """Approved certificates that are not signed yet."""
    return _of_requests(user, Issuance.objects.waiting().filter(request__state=State.SIGNING))


def waiting_messages(user: User) -> QuerySet:
    """Messages to people outside the portal that are not on their way yet."""
    return _of_requests(user, Message.objects.waiting())


def of_the_night(now: datetime) -> Q:
    """Messages that nobody has tried to send because it is quiet now, and that go out by themselves when it ends."""
    morning = quiet.earliest(now)
    if morning == now:
        return Q(pk__in=[])
    untried = Q(attempts=0, crashes=0, last_cause="", parked_at=None)
    return untried & Q(next_try_at__gt=now, next_try_at__lte=morning)

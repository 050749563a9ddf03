"""Where a request stands with its deadline: every request that was sent lies in exactly one bucket.

A figure is a set of buckets, and the list behind it is the requests in those buckets; so figures and lists agree, and
sums come out, by construction. Due is a moment: closing time of the last working day (requests/clock.py).
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When

from requests import clock
from requests.models import RequestStep
from requests.states import State

RETURNED = (State.ISSUED, State.DELIVERED)
STOPPED = (State.REFUSED, State.STOPPED)


class Bucket(TextChoices):
    """`…_BEFORE` ended without ever being received, so the clock of the law never ran."""

    WAITING = "waiting", "Chưa tiếp nhận"
    IN_TIME = "in_time", "Còn hạn"
    TODAY = "today", "Đến hạn hôm nay"
    LATE = "late", "Đang quá hạn"
    PAUSED = "paused", "Đang tạm dừng"
    ON_TIME = "on_time", "Trả đúng hạn"
    RETURNED_LATE = "returned_late", "Trả quá hạn"
    WITHDRAWN = "withdrawn", "Đã rút"
    WITHDRAWN_BEFORE = "withdrawn_before", "Đã rút trước khi tiếp nhận"
    STOPPED = "stopped", "Dừng xử lý"
    STOPPED_BEFORE = "stopped_before", "Không được tiếp nhận"


class Figure(NamedTuple):
    """What is counted, in words, and which buckets make it up."""

    label: str
    buckets: frozenset[str]


B = Bucket
_IN_PROGRESS = frozenset({B.IN_TIME, B.TODAY, B.LATE, B.PAUSED})
_RETURNED = frozenset({B.ON_TIME, B.RETURNED_LATE})
FIGURES = {
    "submitted": Figure("Đã nộp", frozenset(Bucket)),
    "waiting": Figure("Chưa tiếp nhận", frozenset({B.WAITING})),
    "received": Figure("Đã tiếp nhận", _IN_PROGRESS | _RETURNED | {B.WITHDRAWN, B.STOPPED}),
    "in_progress": Figure("Đang xử lý", _IN_PROGRESS),
    "in_time": Figure("Còn hạn", frozenset({B.IN_TIME})),
    "today": Figure("Đến hạn hôm nay", frozenset({B.TODAY})),
    "late": Figure("Đang quá hạn", frozenset({B.LATE})),
    "paused": Figure("Đang tạm dừng", frozenset({B.PAUSED})),
    "returned": Figure("Đã trả kết quả", _RETURNED),
    "on_time": Figure("Trả đúng hạn", frozenset({B.ON_TIME})),
    "returned_late": Figure("Trả quá hạn", frozenset({B.RETURNED_LATE})),
    "withdrawn": Figure("Đã rút", frozenset({B.WITHDRAWN, B.WITHDRAWN_BEFORE})),
    "stopped": Figure("Không tiếp nhận, dừng xử lý", frozenset({B.STOPPED, B.STOPPED_BEFORE})),
}


def sorted_into_buckets(requests: QuerySet, now: datetime) -> QuerySet:
    """The same requests with `bucket`. The clock is read now, or when it stopped: result given, or citizen asked."""
    asked = RequestStep.objects.filter(request=OuterRef("pk"), step="ask_supplement").order_by("-seq").values("at")[:1]
    midnight = datetime.combine(clock.local_day(now) + timedelta(days=1), time(), clock.LOCAL)
    return requests.alias(
        read_at=Case(
            When(state__in=RETURNED, then=F("issued_at")),
            When(state=State.NEEDS_SUPPLEMENT, then=Subquery(asked)),
            default=Value(now),
            output_field=DateTimeField(),
        )
    ).annotate(
        bucket=Case(
            When(state=State.WITHDRAWN, received_at=None, then=Value(B.WITHDRAWN_BEFORE)),
            When(state=State.WITHDRAWN, then=Value(B.WITHDRAWN)),
            When(state__in=STOPPED, received_at=None, then=Value(B.STOPPED_BEFORE)),
            When(state__in=STOPPED, then=Value(B.STOPPED)),
            When(state__in=RETURNED, issued_at__gt=F("due_at"), then=Value(B.RETURNED_LATE)),
            When(state__in=RETURNED, then=Value(B.ON_TIME)),
            When(received_at=None, then=Value(B.WAITING)),
            When(Q(due_at__lt=F("read_at")), then=Value(B.LATE)),
            When(state=State.NEEDS_SUPPLEMENT, then=Value(B.PAUSED)),
            When(due_at__lt=midnight, then=Value(B.TODAY)),
            default=Value(B.IN_TIME),
        )
    )

"""What came for the central register and what became of it: figures that add up, by sender and age. Nobody's data."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.access import READERS, for_roles
from records.quality import KINDS
from records.register.living import IncomingInformation, QualityIssue, QualityPass
from records.scores import Share, together

State = IncomingInformation.State
# Days since receipt: from (inclusive) to (exclusive).
AGES = (("Dưới 3 ngày", 0, 3), ("3 đến dưới 10 ngày", 3, 10), ("10 đến dưới 30 ngày", 10, 30), ("Từ 30 ngày", 30, None))


@require_safe
@for_roles(*READERS)
def incoming(request):
    now = timezone.now()
    rows = by_sender(now)
    last = QualityPass.objects.newest_finished()
    shares = [Share(*row) for row in last.scores] if last else []
    context: dict[str, Any] = {
        "now": now,
        "rows": rows,
        "total": in_all(rows),
        "ages": by_age(now),
        "last": last,
        "scores": shares,
        "clean": together(shares, "Toàn bộ"),
        "issues": by_kind(),
    }
    return render(request, "dashboards/incoming.html", context)


def by_sender(now: datetime) -> list[dict[str, Any]]:
    """Each row adds up: received = waiting + working + worked_in + refused + sent_back. Longest backlog first."""
    counted = {state: Count("pk", filter=Q(state=state)) for state in State.values}
    oldest = Min("received_at", filter=Q(state__in=IncomingInformation.OPEN))
    found = IncomingInformation.objects.values("sender").annotate(received=Count("pk"), oldest=oldest, **counted)
    rows = [{**row, "days": (now - row["oldest"]).days if row["oldest"] else None} for row in found]
    return sorted(rows, key=lambda row: (-(row["waiting"] + row["working"]), row["sender"]))


def in_all(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("received", *State.values)}


def by_age(now: datetime) -> list[dict[str, Any]]:
    """The open ones, each in exactly one group."""
    found = []
    for label, first, end in AGES:
        group = Q(received_at__lte=now - timedelta(days=first))
        if first == 0:
            group = Q()
        if end is not None:
            group &= Q(received_at__gt=now - timedelta(days=end))
        found.append({"label": label, "count": IncomingInformation.objects.open().filter(group).count()})
    return found


def by_kind() -> list[dict[str, Any]]:
    counts = dict(QualityIssue.objects.open().values_list("kind").annotate(n=Count("pk")))
    return [{"label": label, "count": counts.get(kind, 0)} for kind, label in KINDS.items()]

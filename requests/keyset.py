"""Paging by place instead of by number: the 100th page costs what the first does, and no row is shown twice.

A place is named by the public code of the row at the edge; the primary key never leaves the house.
"""

from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from requests.models import CertificateRequest

ROWS_A_PAGE = 50


class Page(NamedTuple):
    """The rows, and the codes after and before which there are more."""

    rows: list[CertificateRequest]
    next_after: str
    previous_before: str


def page(found: QuerySet, everywhere: QuerySet, *, after: str = "", before: str = "") -> Page:
    """One page of `found`, oldest due first. The edge's row is looked for `everywhere`: it may have moved on."""
    edge = everywhere.filter(code=after or before).first() if after or before else None
    if edge is None:
        rows = list(found.oldest_due_first()[: ROWS_A_PAGE + 1])
        return _page(rows, forward=True, has_behind=False)
    if after:
        rows = list(found.filter(_beyond(edge)).oldest_due_first()[: ROWS_A_PAGE + 1])
        return _page(rows, forward=True, has_behind=True)
    nearest_first = found.filter(_ahead_of(edge)).order_by(F("due_at").desc(nulls_first=True), "-submitted_at", "-pk")
    return _page(list(nearest_first[: ROWS_A_PAGE + 1]), forward=False, has_behind=True)


def _page(rows: list[CertificateRequest], *, forward: bool, has_behind: bool) -> Page:
    has_more, rows = len(rows) > ROWS_A_PAGE, rows[:ROWS_A_PAGE]
    if not forward:
        rows.reverse()
        has_more, has_behind = has_behind, has_more
    return Page(rows, rows[-1].code if rows and has_more else "", rows[0].code if rows and has_behind else "")


def _beyond(edge: CertificateRequest) -> Q:
    """Further down than the edge in (due_at, none last; submitted_at; pk)."""
    later = Q(submitted_at__gt=edge.submitted_at) | Q(submitted_at=edge.submitted_at, pk__gt=edge.pk)
    if edge.due_at is None:
        return Q(due_at__isnull=True) & later
    return Q(due_at__isnull=True) | Q(due_at__gt=edge.due_at) | (Q(due_at=edge.due_at) & later)


def _ahead_of(edge: CertificateRequest) -> Q:
    earlier = Q(submitted_at__lt=edge.submitted_at) | Q(submitted_at=edge.submitted_at, pk__lt=edge.pk)
    if edge.due_at is None:
        return Q(due_at__isnull=False) | (Q(due_at__isnull=True) & earlier)
    return Q(due_at__lt=edge.due_at) | (Q(due_at=edge.due_at) & earlier)


def edges(request: Any) -> dict[str, str]:
    """Where a page begins or ends, from its address."""
    return {name: request.GET.get(name, "")[:19] for name in ("after", "before")}


def place(found: QuerySet, row: CertificateRequest) -> tuple[int, int, CertificateRequest | None]:
    """Which one this row is, of how many, and the next one."""
    ordered = found.filter(_beyond(row)).oldest_due_first()
    return found.filter(_ahead_of(row)).count() + 1, found.count(), ordered.first()

"""Long lists a page at a time by key (time, primary key): quick at any depth, nothing is skipped while others work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

ROWS_A_PAGE = 50


class Page(NamedTuple):
    rows: list[Any]
    next: str


def page(found: QuerySet, moment: str, asked: Mapping[str, str]) -> Page:
    """Oldest first, behind the row that `after` names by its code; an unknown one begins at the front."""
    edge = found.model._default_manager.filter(code=asked.get("after", "")[:12]).first()
    if edge is not None:
        at: datetime = getattr(edge, moment)
        found = found.filter(Q(**{f"{moment}__gt": at}) | Q(**{moment: at, "pk__gt": edge.pk}))
    rows = list(found.order_by(moment, "pk")[: ROWS_A_PAGE + 1])
    has_more = len(rows) > ROWS_A_PAGE
    return Page(rows[:ROWS_A_PAGE], rows[ROWS_A_PAGE - 1].code if has_more else "")

"""The table of the law as this process holds it: read whole, kept, and read again when rows were added.

Rows are only ever added, so the highest primary key tells whether there is something new; it is asked once a minute.
"""

import time
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from requests.law.files import Row
from requests.models import LawRow


@dataclass(frozen=True)
class Held:
    """A row with the last day on which it holds: its own, or the day before the next row of its key."""

    row: Row
    until: date | None

    def on(self, day: date) -> bool:
        return self.row.valid_from <= day and (self.until is None or day <= self.until)


class _Table:
    def __init__(self) -> None:
        self.newest: int | None = None
        self.asked_at = 0.0
        self.rows: dict[str, dict[str, list[Held]]] = {}

    def fresh(self) -> bool:
        """Whether what is held is still all there is; asks the database when it was not asked for a while."""
        if self.newest is None:
            return False
        if time.monotonic() - self.asked_at < settings.LAW_REREAD_SECONDS:
            return True
        self.asked_at = time.monotonic()
        return _newest() == self.newest


_held = _Table()


def _newest() -> int:
    return LawRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget() -> None:
    """The next question reads the table anew: after loading, and between tests that add rows."""
    global _held
    _held = _Table()


def _rows() -> dict[str, dict[str, list[Held]]]:
    global _held
    if not _held.fresh():
        _held = _read()
    return _held.rows


def _read() -> _Table:
    """A new one, put in place when it is whole: threads that ask meanwhile keep the old one."""
    found, by_key = _Table(), {}
    found.asked_at = time.monotonic()
    for stored in LawRow.objects.order_by("kind", "key", "valid_from"):
        fields = ("kind", "key", "valid_from", "valid_to", "value", "version", "source")
        by_key.setdefault((stored.kind, stored.key), []).append(Row(**{name: getattr(stored, name) for name in fields}))
        found.newest = max(found.newest or 0, stored.pk)
    for (kind, key), rows in by_key.items():
        found.rows.setdefault(kind, {})[key] = _with_last_days(rows)
    return found


def _with_last_days(rows: list[Row]) -> list[Held]:
    held = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        until = row.valid_to
        if until is None and following is not None:
            until = following.valid_from - timedelta(days=1)
        held.append(Held(row, until))
    return held


def all_held() -> list[Held]:
    """Every row, by kind, key and day."""
    return [held for keys in _rows().values() for rows in keys.values() for held in rows]


def history(kind: str, key: str) -> list[Held]:
    """The rows of one key, oldest first."""
    return _rows().get(kind, {}).get(key, [])


def on(kind: str, key: str, day: date) -> Row | None:
    """The row of this key that holds on a day."""
    rows = history(kind, key)
    index = bisect_right(rows, day, key=lambda held: held.row.valid_from) - 1
    return rows[index].row if index >= 0 and rows[index].on(day) else None


def all_on(kind: str, day: date) -> dict[str, Row]:
    """Key → row, for every key of a kind that has one on that day."""
    found = {key: on(kind, key, day) for key in _rows().get(kind, {})}
    return {key: row for key, row in found.items() if row is not None}

"""Provinces and their codes, with the days on which they hold (lltp_portal/provinces.csv).

A trap: since 2025-07-01 some codes name another province than before. Resolve a code with the day.
"""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

MERGER = date(2025, 7, 1)


class Province(NamedTuple):
    code: str
    name: str
    is_city: bool
    valid_from: date | None
    valid_to: date | None
    successor_code: str

    @property
    def full_name(self) -> str:
        """“tỉnh Nam Định”, “thành phố Hà Nội”; the City is written as it writes itself."""
        if self.name == "Hồ Chí Minh":
            return "Thành phố Hồ Chí Minh"
        return f"{'thành phố' if self.is_city else 'tỉnh'} {self.name}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def all_rows() -> tuple[Province, ...]:
    with (Path(__file__).parent / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Province(
                row["code"],
                row["name"],
                row["type"] == "city",
                _day(row["valid_from"]),
                _day(row["valid_to"]),
                row["successor_code"],
            )
            for row in csv.DictReader(file)
        )


@cache
def in_force_on(day: date) -> tuple[Province, ...]:
    """The provinces of that day, by name as people look for them."""
    rows = [
        row
        for row in all_rows()
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
    ]
    return tuple(sorted(rows, key=lambda row: row.code))


def before_merger() -> tuple[Province, ...]:
    """The 63 of the last day before the merger."""
    return in_force_on(date(2025, 6, 30))


def named(code: str, day: date) -> Province | None:
    """The province that the code meant on that day."""
    return next((row for row in in_force_on(day) if row.code == code), None)


def resolved(code: str, day: date) -> Province | None:
    """The province of that day in which the place with this code lies: itself, or the one that succeeded it.

    A code that was given to another province at the merger belongs to that one's own predecessor (24: Bắc Giang, then
    Bắc Ninh), so the code alone is enough. None for a code that no province had by then.
    """
    seen: set[str] = set()
    while code and code not in seen:
        if found := named(code, day):
            return found
        seen.add(code)
        ended = [row for row in all_rows() if row.code == code and row.valid_to is not None and row.valid_to < day]
        code = ended[-1].successor_code if ended else ""
    return None


def all_of(code: str) -> tuple[Province, ...]:
    """Every province that had this code, the first one first; empty for a code that no province ever had."""
    return tuple(sorted((row for row in all_rows() if row.code == code), key=lambda row: row.valid_from or date.min))


@cache
def _origins(row: Province) -> frozenset[str]:
    """The provinces of before every merger in which a place of this province may lie, each by its code."""
    became = [
        one
        for one in all_rows()
        if one.valid_to and one.valid_to + timedelta(days=1) == row.valid_from and one.successor_code == row.code
    ]
    return frozenset[str]().union(*map(_origins, became)) if became else frozenset({row.code})


@cache
def _may_be_same() -> dict[str, tuple[str, ...]]:
    rows = all_rows()
    places = {row.code: frozenset[str]().union(*map(_origins, all_of(row.code))) for row in rows}
    return {code: tuple(sorted(other for other in places if places[code] & places[other])) for code in places}


def may_be_same(code: str) -> tuple[str, ...]:
    """The codes by which papers of before and after a merger may name one place, this one among them.

    The code alone does not say from when it is: 37 is Ninh Bình of before 2025-07-01 or of today, which Hà Nam (35) is
    part of, so 35 and 37 may be the same. 35 and 36 both ended there: two papers of before, two provinces. A code that
    no province ever had is only itself.
    """
    return _may_be_same().get(code, (code,))


def name_to_choose_by(row: Province, today: date) -> str:
    """“Bắc Giang (nay thuộc Bắc Ninh)”: who knows the address by today's province finds the one the law asks for."""
    now = resolved(row.code, today)
    if now is None or now.name == row.name:
        return row.name
    return _("%(old)s (nay thuộc %(new)s)") % {"old": row.name, "new": now.name}


def predecessors(code: str) -> tuple[Province, ...]:
    """The provinces that were merged into the one that has this code since the merger; empty where nothing changed."""
    merged = [row for row in before_merger() if row.valid_to is not None and row.successor_code == code]
    return tuple(merged) if len(merged) > 1 else ()

"""Provinces and their codes, with the days on which they hold (lltp_portal/provinces.csv).

A trap: since 2025-07-01 some codes name another province than before. Resolve a code with the day.
"""

import csv
from datetime import date
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

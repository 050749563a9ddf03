"""Provinces and their codes, with the days on which they hold (requests/provinces.csv).

A trap: since 2025-07-01 some codes name another province than before. Resolve a code with the day.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

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

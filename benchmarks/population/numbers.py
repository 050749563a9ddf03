"""Numbers of identity papers in their real layout, never one twice, all with the invented marker (domain 12.3).

A person's place in a shuffled table of (province, sex, year of birth) gives the number, so that any person can be made
alone and two people never share one: serial numbers of one cell follow each other.
"""

from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from benchmarks.population.words import PROVINCES

ADDRESSES = 1 << 23  # people that can be told apart: far more than a register holds
MARKER = 990_000
KIN_MARKER = 980_000  # siblings and twins, whose cell follows from somebody else
SERIALS = 10_000
# Born in; adults, most of them young (domain 12.3), and a tail of the old.
YEARS = {year: weight for year, weight in [
    *((year, 3) for year in range(1938, 1950)),
    *((year, 9) for year in range(1950, 1960)),
    *((year, 16) for year in range(1960, 1975)),
    *((year, 24) for year in range(1975, 1988)),
    *((year, 30) for year in range(1988, 2004)),
    *((year, 16) for year in range(2004, 2008)),
]}  # fmt: skip


class Cell(NamedTuple):
    province: str
    sex: str
    year: int


@cache
def _table() -> tuple[list[int], list[Cell]]:
    """Where each cell begins among the addresses, and the cells."""
    weights = {
        Cell(province, sex, year): people * share
        for province, people in PROVINCES.items()
        for sex in ("male", "female")
        for year, share in YEARS.items()
    }
    scale = ADDRESSES / sum(weights.values())
    starts, position = [], 0.0
    for weight in weights.values():
        starts.append(int(position))
        position += weight * scale
    return starts, list(weights)


def address(index: int, seed: int) -> int:
    """A shuffle of all addresses, the same for one seed: rounds that each can be undone, so no two indexes meet."""
    mask = ADDRESSES - 1
    value = (index + seed * 7_919) & mask
    for factor in (0x2C1B3C6D, 0x297A2D39, 0x1B56C4E9):
        value = (value * (factor | 1)) & mask
        value ^= value >> 11
    return value


def cell_of(place: int) -> tuple[Cell, int]:
    """The cell of an address and the position inside it."""
    starts, cells = _table()
    found = bisect_right(starts, place) - 1
    return cells[found], place - starts[found]


def citizen_number(cell: Cell, serial: int) -> str:
    """PPP, century and sex, year, serial (Decree 137/2015, Art. 13)."""
    century = (0 if cell.year < 2000 else 2) + (cell.sex == "female")
    return f"0{cell.province}{century}{cell.year % 100:02d}{serial:06d}"


def old_number(place: int) -> str:
    """Nine digits; the invented ones begin with 99."""
    return str(990_000_000 + place)

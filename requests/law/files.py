"""The files of the national law, read and checked: one file a kind, one dated row a rule, each with its source. Pure.

A row without `valid_to` holds until the next row of the same kind and key. `key` may list several keys for which the
same text holds. Nothing here is ever edited: a change of the law is a new row with a later `valid_from`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
ADD_A_ROW = "Không sửa quy định đã ban hành: thêm một dòng mới có ngày bắt đầu (valid_from) muộn hơn."
FIELDS = {"key", "valid_from", "valid_to", "version", "source", "value"}


class LawFileError(ValueError):
    """A file of the law that cannot be meant; says which row and what to do."""


@dataclass(frozen=True)
class Row:
    """One rule of the law: the days on which it holds, the article it comes from, the version that brought it."""

    kind: str
    key: str
    valid_from: date
    valid_to: date | None
    value: dict[str, Any]
    version: int
    source: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} từ {self.valid_from:%d/%m/%Y}"

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read(folder: Path = FOLDER) -> list[Row]:
    """Every row of every file, oldest first. Raises LawFileError."""
    rows = [row for path in sorted(folder.glob("*.toml")) for row in read_file(path)]
    return in_order(rows)


def read_file(path: Path) -> list[Row]:
    """The rows of one file; its name is their kind."""
    with path.open("rb") as file:
        try:
            raw = tomllib.load(file)["row"]
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise LawFileError(f"{path.name}: không đọc được ({error}).") from error
    return [row for number, fields in enumerate(raw, 1) for row in _rows(path.stem, number, fields)]


def _rows(kind: str, number: int, fields: dict[str, Any]) -> list[Row]:
    missing, unknown = FIELDS - {"valid_to"} - set(fields), set(fields) - FIELDS
    if missing or unknown:
        raise LawFileError(f"{kind}.toml, dòng {number}: thiếu {sorted(missing)}, không hiểu {sorted(unknown)}.")
    keys = fields.pop("key")
    days = {"valid_from": fields.pop("valid_from"), "valid_to": fields.pop("valid_to", None)}
    if days["valid_to"] is not None and days["valid_to"] < days["valid_from"]:
        raise LawFileError(f"{kind}.toml, dòng {number}: valid_to trước valid_from.")
    if not str(fields["source"]).strip():
        raise LawFileError(f"{kind}.toml, dòng {number}: thiếu điều luật (source).")
    return [Row(kind=kind, key=key, **days, **fields) for key in ([keys] if isinstance(keys, str) else keys)]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows by kind, key and day; refuses two that hold on the same day. An open row ends where the next begins."""
    ordered = sorted(rows, key=lambda row: (row.kind, row.key, row.valid_from))
    for before, after in pairwise(ordered):
        if (before.kind, before.key) == (after.kind, after.key):
            refuse_overlap(before, after)
    return ordered


def refuse_overlap(before: Row, after: Row) -> None:
    """Of two rows of one key the later must begin after the earlier, and after its last day where one is set."""
    if before.valid_from == after.valid_from:
        raise LawFileError(f"{after}: có hai dòng cùng ngày bắt đầu.")
    if before.valid_to is not None and after.valid_from <= before.valid_to:
        raise LawFileError(f"{after}: chồng lên {before} (đến {before.valid_to:%d/%m/%Y}).")

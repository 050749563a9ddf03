"""From raw lines of a register file to rows that are ready to be stored, without a database: work for every core.

Reading, checking and hashing two million people takes minutes of one core; the statements take less. So lines are
prepared by processes of their own (records/crew.py) while the run stores what they have finished.
"""

from dataclasses import dataclass
from typing import Any

from records.facts import RegisterRecord
from records.json_lines import RawLine, read_line
from records.reading import Refused, read_record
from records.register import rows

CHILDREN = {
    "register_identitydocument": (rows.DOCUMENT_COLUMNS, rows.document_rows),
    "register_conviction": (rows.CONVICTION_COLUMNS, rows.conviction_rows),
    "register_ban": (rows.BAN_COLUMNS, rows.ban_rows),
    "register_matchkey": (rows.KEY_COLUMNS, rows.key_rows),
    "register_nameonfile": (rows.NAME_COLUMNS, rows.name_rows),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """One person: the columns as JSON, and each child row as COPY reads it, only the person's id still lacking."""

    register_id: str
    person: str
    children: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line that held something: a person, or what is wrong with it."""

    number: int
    person: Prepared | None
    refused: Refused | None


def prepare(record: RegisterRecord) -> Prepared:
    children = {table: tuple(map(copy_line, of_record(record))) for table, (_, of_record) in CHILDREN.items()}
    return Prepared(record.register_id, rows.encode(rows.person_row(record)), children)


def prepare_lines(lines: list[RawLine]) -> list[Line]:
    """Each line read and prepared, or refused."""
    return [_prepare_line(line) for line in lines]


def _prepare_line(line: RawLine) -> Line:
    try:
        return Line(line.number, prepare(read_line(line, read_record)), None)
    except Refused as refused:
        return Line(line.number, None, refused)


def copy_line(row: rows.Row) -> str:
    return "\t".join(map(_copy_value, row)) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    if text.isalnum():
        return text
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")

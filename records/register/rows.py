"""Between facts and rows of the register: the one place that knows both spellings."""

import json
from typing import Any

from records import comparing
from records.facts import Ban, Conviction, Fact, RegisterRecord, Unknown
from records.keys import keys_of, names_of
from records.names import key2

Row = tuple[Any, ...]

# Bytes of a name and a birth province together; PostgreSQL takes 2,704 in a row of an index, with all that is in it.
LONGEST_IN_INDEX = 2_000

PERSON_TYPES = {
    "register_id": "text",
    "full_name": "text",
    "other_names": "jsonb",
    "sex": "text",
    "date_of_birth": "text",
    "place_of_birth_province": "text",
    "place_of_birth": "text",
    "nationality": "text",
    "ethnicity": "text",
    "father_name": "text",
    "mother_name": "text",
    "spouse_name": "text",
    "residences": "jsonb",
    "pending_prosecution": "jsonb",
}
PERSON_COLUMNS = tuple(PERSON_TYPES)
DOCUMENT_COLUMNS = ("position", "type", "number")
CONVICTION_COLUMNS = (
    "position",
    "judgment_number",
    "court",
    "judgment_date",
    "effect_known",
    "effective_date",
    "annulled",
    "offence_date",
    "offence",
    "age_at_offence",
    "exempt_from_penalty",
    "juvenile_judicial_measure",
    "main_penalty",
    "main_penalty_completed_on",
    "execution_limitation_expired_on",
    "additional_penalties",
    "obligations",
    "clemency",
    "expungement",
    "combined_penalty",
    "foreign_judgment",
)
BAN_COLUMNS = (
    "position",
    "decision_number",
    "decision_date",
    "court",
    "held_position",
    "from_date",
    "until",
)
KEY_COLUMNS = ("key", "born")
NAME_COLUMNS = (
    "name",
    "born",
    "sex",
    "province",
    "father",
    "mother",
    "spouse",
    "citizen_numbers",
    "other_numbers",
    "register_id",
)
# Columns that say nothing when null or false; the contract leaves such fields out.
_NOT_OF_CONTRACT = {
    "id",
    "person_id",
    "position",
    "effect_known",
    "birth_first_day",
    "birth_last_day",
    "stored_by_id",
}


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def person_row(record: RegisterRecord) -> dict[str, Any]:
    """The person's columns; JSON columns as what they hold, for a statement that reads whole batches as JSON."""
    written = {column: getattr(record, column) for column in PERSON_COLUMNS}
    pending = record.pending_prosecution
    return written | {
        "other_names": list(record.other_names),
        "date_of_birth": record.date_of_birth.text,
        "residences": [residence.to_json() for residence in record.residences],
        "pending_prosecution": pending.to_json() if pending else None,
    }


def document_rows(record: RegisterRecord) -> list[Row]:
    documents = enumerate(record.identity_documents)
    return [(position, document.type, document.number) for position, document in documents]


def conviction_rows(record: RegisterRecord) -> list[Row]:
    return [_conviction_row(position, conviction) for position, conviction in enumerate(record.convictions)]


def _conviction_row(position: int, conviction: Conviction) -> Row:
    known = not isinstance(conviction.effective_date, Unknown)
    special = {"position": position, "effect_known": known}
    if not known:
        special["effective_date"] = None
    return tuple(
        special[column] if column in special else _column(getattr(conviction, column)) for column in CONVICTION_COLUMNS
    )


def _column(value: Any) -> Any:
    if isinstance(value, Fact):
        return encode(value.to_json())
    if isinstance(value, tuple):
        return encode([part.to_json() for part in value])
    return None if isinstance(value, Unknown) else value


def ban_rows(record: RegisterRecord) -> list[Row]:
    return [_ban_row(position, ban) for position, ban in enumerate(record.bans)]


def _ban_row(position: int, ban: Ban) -> Row:
    return (position, ban.decision_number, ban.decision_date, ban.court, ban.position, ban.from_date, ban.until)


def key_rows(record: RegisterRecord) -> list[Row]:
    return sorted(keys_of(record))


def name_rows(record: RegisterRecord) -> list[Row]:
    """Each name with what the rules of matching exclude by; names without marks, numbers with spaces between.

    None at all of somebody whose name or birth province is too long for an index: they are met by their keys, and read,
    as nothing stands there by which anybody could set them aside.
    """
    names, papers = names_of(record), comparing.papers(record.identity_documents)
    province = record.place_of_birth_province or ""
    if any(len((name + province).encode()) > LONGEST_IN_INDEX for name in names):
        return []
    beside = (
        record.date_of_birth.first_day,
        record.sex,
        province or None,
        key2(record.father_name or "") or None,
        key2(record.mother_name or "") or None,
        key2(record.spouse_name or "") or None,
        " ".join(sorted(papers.citizen)) or None,
        " ".join(sorted(papers.others)) or None,
        record.register_id,
    )
    return [(name, *beside) for name in names]


def contract_of(
    person: dict[str, Any],
    documents: list[dict[str, Any]],
    convictions: list[dict[str, Any]],
    bans: list[dict[str, Any]],
) -> dict[str, Any]:
    """Rows (as JSON objects of their columns) as one object of the file contract."""
    written = _spoken(person)
    for field in ("other_names", "residences"):
        if not written[field]:
            del written[field]
    written["convictions"] = [_conviction_contract(row) for row in convictions]
    if documents:
        written["identity_documents"] = [{"type": row["type"], "number": row["number"]} for row in documents]
    if bans:
        written["bans"] = [_ban_contract(row) for row in bans]
    return written


def _spoken(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and name not in _NOT_OF_CONTRACT}


def _conviction_contract(row: dict[str, Any]) -> dict[str, Any]:
    written = _spoken(row)
    if row["effect_known"]:
        written["effective_date"] = row["effective_date"]
    return written


def _ban_contract(row: dict[str, Any]) -> dict[str, Any]:
    written = _spoken(row)
    written["from"] = written.pop("from_date")
    if "held_position" in written:
        written["position"] = written.pop("held_position")
    return written

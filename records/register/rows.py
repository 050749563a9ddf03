"""Between facts and rows of the register: the one place that knows both spellings."""

import json
from typing import Any

from records.facts import Ban, Conviction, RegisterRecord, Unknown

Row = tuple[Any, ...]

PERSON_COLUMNS = (
    "register_id",
    "full_name",
    "other_names",
    "sex",
    "date_of_birth",
    "place_of_birth_province",
    "place_of_birth",
    "nationality",
    "ethnicity",
    "father_name",
    "mother_name",
    "spouse_name",
    "residences",
    "pending_prosecution",
)
DOCUMENT_COLUMNS = ("person_id", "position", "type", "number")
CONVICTION_COLUMNS = (
    "person_id",
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
    "person_id",
    "position",
    "decision_number",
    "decision_date",
    "court",
    "held_position",
    "from_date",
    "until",
)
_FLAGS = ("annulled", "exempt_from_penalty", "juvenile_judicial_measure", "foreign_judgment")
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


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def person_row(record: RegisterRecord) -> Row:
    written = record.to_json()
    json_columns = {name: _json(written.get(name, [])) for name in ("other_names", "residences")}
    json_columns["pending_prosecution"] = _json(written.get("pending_prosecution"))
    return tuple((written | json_columns).get(column) for column in PERSON_COLUMNS)


def document_rows(person_id: int, record: RegisterRecord) -> list[Row]:
    documents = enumerate(record.identity_documents)
    return [(person_id, position, document.type, document.number) for position, document in documents]


def conviction_rows(person_id: int, record: RegisterRecord) -> list[Row]:
    return [_conviction_row(person_id, position, row) for position, row in enumerate(record.convictions)]


def _conviction_row(person_id: int, position: int, conviction: Conviction) -> Row:
    written = dict.fromkeys(_FLAGS, False) | conviction.to_json()
    for column in CONVICTION_COLUMNS:
        if isinstance(written.get(column), dict | list):
            written[column] = _json(written[column])
    known = not isinstance(conviction.effective_date, Unknown)
    written |= {"person_id": person_id, "position": position, "effect_known": known}
    return tuple(written.get(column) for column in CONVICTION_COLUMNS)


def ban_rows(person_id: int, record: RegisterRecord) -> list[Row]:
    return [_ban_row(person_id, position, ban) for position, ban in enumerate(record.bans)]


def _ban_row(person_id: int, position: int, ban: Ban) -> Row:
    values = (ban.decision_number, ban.decision_date, ban.court, ban.position, ban.from_date, ban.until)
    return (person_id, position, *values)


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

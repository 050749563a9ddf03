"""Reads the object of a file contract into facts, or says which field is wrong and why, in words for whoever fixes it.

Written by hand so that the running portal needs no schema library and every refusal names the field in Vietnamese. A
message never repeats the value: refused lines go to logs and terminals.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from records import facts
from records.names import PartialDate, key1, nfc

Value = TypeVar("Value")
Reader = Callable[[Any, str], Any]

MAX_TEXT = 500
MAX_INTEGER = 2**31 - 1
MAX_AMOUNT = 2**63 - 1
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

DOCUMENT_TYPES = ("cccd", "cmnd", "passport", "other")
SEXES = ("male", "female")
CODES = ("BLHS1985", "BLHS1999", "BLHS2015")
SEVERITIES = ("less_serious", "serious", "very_serious", "extremely_serious")
PENALTIES = ("warning", "fine", "non_custodial", "expulsion", "imprisonment", "life", "death_commuted", "none")
ADDITIONAL_PENALTIES = (
    "office_ban",
    "residence_ban",
    "supervised_residence",
    "civic_rights",
    "confiscation",
    "fine",
    "expulsion",
)
OBLIGATIONS = ("compensation", "court_fee", "fine", "other")
CLEMENCIES = ("dai_xa", "dac_xa")
EXPUNGEMENTS = ("court_decision", "certificate")


class Refused(ValueError):
    """One field that is not as the contract says: its path and what is wrong with it."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise Refused(path, "phải là chuỗi ký tự")
    if value.isascii() and 0 < len(value) <= MAX_TEXT and "\x00" not in value:
        return value  # a code, a day, a number: nothing to compose
    composed = nfc(value)
    if not composed:
        raise Refused(path, "không được để trống")
    if len(composed) > MAX_TEXT:
        raise Refused(path, f"dài quá {MAX_TEXT} ký tự")
    if UNSTORABLE.search(composed):
        raise Refused(path, "chứa ký tự không lưu được (ký tự rỗng hoặc nửa ký tự)")
    return composed


def name(value: Any, path: str) -> str:
    composed = text(value, path)
    if not key1(composed):
        raise Refused(path, "không có chữ nào đọc được")
    return composed


def flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(path, "phải là true hoặc false")
    return value


def integer(value: Any, path: str, limit: int = MAX_INTEGER) -> int:
    # JSON knows one kind of number: 5.0 is the integer 5.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(path, "phải là số nguyên")
    if abs(value) > limit:
        raise Refused(path, "là số quá lớn")
    return value


def amount(value: Any, path: str) -> int:
    return integer(value, path, MAX_AMOUNT)


def day(value: Any, path: str) -> date:
    written = text(value, path)
    if not DAY.fullmatch(written):
        raise Refused(path, "phải viết theo dạng YYYY-MM-DD")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused(path, "là ngày không có trong lịch") from None


def partial_date(value: Any, path: str) -> PartialDate:
    written = text(value, path)
    if not re.fullmatch("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", written):
        raise Refused(path, "phải viết theo dạng YYYY, YYYY-MM hoặc YYYY-MM-DD")
    try:
        return PartialDate.parse(written)
    except ValueError:
        raise Refused(path, "là ngày không có trong lịch") from None


def country(value: Any, path: str) -> str:
    if not re.fullmatch("[A-Z]{2}", text(value, path)):
        raise Refused(path, "phải là mã nước gồm hai chữ cái in hoa, ví dụ VN")
    return value


def one_of(*choices: str) -> Reader:
    def read(value: Any, path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Refused(path, f"phải là một trong: {', '.join(choices)}")
        return value

    return read


def or_null(reader: Reader) -> Reader:
    def read(value: Any, path: str) -> Any:
        return None if value is None else reader(value, path)

    return read


def list_of(reader: Reader) -> Reader:
    def read(value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Refused(path, "phải là danh sách")
        return tuple(reader(item, f"{path}[{position}]") for position, item in enumerate(value, start=1))

    return read


def object_of(kind: Callable[..., Value], required: dict[str, Reader], optional: dict[str, Reader]) -> Reader:
    """A reader for one object: no field missing, none that the contract does not name."""
    attributes: dict[Any, str] = {written: attribute for attribute, written in facts.JSON_NAMES.items()}
    known = {field: (attributes.get(field, field), reader) for field, reader in (required | optional).items()}

    def read(value: Any, path: str) -> Value:
        where = f"{path}." if path else ""
        if not isinstance(value, dict):
            raise Refused(path or "(dòng)", "phải là một đối tượng JSON")
        if (unknown := next((field for field in value if field not in known), None)) is not None:
            raise Refused(f"{where}{_printable(unknown)}", "là trường không có trong quy ước tệp")
        if (missing := next((field for field in required if field not in value), None)) is not None:
            raise Refused(f"{where}{missing}", "còn thiếu")
        read_fields: dict[str, Any] = {}
        for field, written in value.items():
            attribute, reader = known[field]
            read_fields[attribute] = reader(written, f"{where}{field}")
        return kind(**read_fields)

    return read


def _printable(field: str) -> str:
    """A stranger's field name, cut to something that a terminal may show."""
    return "".join(c if c.isalnum() or c in "_-" else "?" for c in field[:40])


read_document = object_of(facts.IdentityDocument, {"type": one_of(*DOCUMENT_TYPES), "number": text}, {})
_residence = object_of(facts.Residence, {}, {"province": or_null(text), "address": or_null(text)})
_offence = object_of(
    facts.Offence,
    {"title": text, "code": one_of(*CODES), "article": integer},
    {
        "clause": or_null(integer),
        "chapter": or_null(lambda value, path: text(value, path) if value != "" else None),
        "severity": or_null(one_of(*SEVERITIES)),
        "negligent": or_null(flag),
        "decriminalised": flag,
    },
)
_penalty = object_of(
    facts.Penalty,
    {"kind": one_of(*PENALTIES)},
    {
        "months": or_null(integer),
        "suspended": flag,
        "probation_months": or_null(integer),
        "amount_vnd": or_null(amount),
    },
)
_additional_penalty = object_of(
    facts.AdditionalPenalty,
    {"kind": one_of(*ADDITIONAL_PENALTIES)},
    {"until": or_null(day), "completed_on": or_null(day)},
)
_obligation = object_of(facts.Obligation, {"kind": one_of(*OBLIGATIONS)}, {"fulfilled_on": or_null(day)})
_clemency = object_of(facts.Clemency, {"kind": one_of(*CLEMENCIES), "date": day}, {})
_expungement = object_of(facts.Expungement, {"kind": one_of(*EXPUNGEMENTS), "date": day}, {"reference": or_null(text)})
read_conviction = object_of(
    facts.Conviction,
    {"judgment_number": text, "court": text, "judgment_date": day, "offence": _offence, "main_penalty": _penalty},
    {
        "effective_date": or_null(day),
        "annulled": flag,
        "offence_date": or_null(day),
        "age_at_offence": or_null(integer),
        "exempt_from_penalty": flag,
        "juvenile_judicial_measure": flag,
        "main_penalty_completed_on": or_null(day),
        "execution_limitation_expired_on": or_null(day),
        "additional_penalties": list_of(_additional_penalty),
        "obligations": list_of(_obligation),
        "clemency": or_null(_clemency),
        "expungement": or_null(_expungement),
        "combined_penalty": or_null(_penalty),
        "foreign_judgment": flag,
    },
)
read_ban = object_of(
    facts.Ban,
    {"decision_number": text, "from": day},
    {"decision_date": or_null(day), "court": or_null(text), "position": or_null(text), "until": or_null(day)},
)
_pending = object_of(facts.PendingProsecution, {"since": day}, {"offence_date": or_null(day)})

# The fields by which a person is described, the same in the register and in a question.
PERSON_FIELDS: dict[str, Reader] = {
    "other_names": list_of(name),
    "sex": or_null(one_of(*SEXES)),
    "place_of_birth_province": or_null(text),
    "place_of_birth": or_null(text),
    "nationality": country,
    "ethnicity": or_null(text),
    "identity_documents": list_of(read_document),
    "father_name": or_null(text),
    "mother_name": or_null(text),
    "spouse_name": or_null(text),
}

read_record = object_of(
    facts.RegisterRecord,
    {"register_id": text, "full_name": name, "date_of_birth": partial_date, "convictions": list_of(read_conviction)},
    PERSON_FIELDS
    | {"residences": list_of(_residence), "pending_prosecution": or_null(_pending), "bans": list_of(read_ban)},
)

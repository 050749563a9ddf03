"""Compares the applicant with each candidate, field by field, and says what a person has to look at (domain 12.2).

Doubt always ends in `review`: a candidate that nothing excludes is never `clear`, and the only `match` made without a
person choosing is T1, the same 12-digit number with the same name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from records.answers import Question
from records.facts import IdentityDocument, RegisterRecord
from records.names import PartialDate, is_citizen_number, is_one_slip, key1, key2, nfc, normal_number

CLEAR, MATCH, REVIEW = "clear", "match", "review"
EQUAL, NORMALISED, DIFFERENT, MISSING = "equal", "normalised", "different", "missing"

OUTCOMES = {
    EQUAL: "giống nhau",
    NORMALISED: "giống nhau sau khi chuẩn hóa",
    DIFFERENT: "khác nhau",
    MISSING: "thiếu ở một bên",
}
SEX_WORDS = {"male": "nam", "female": "nữ"}


@dataclass(frozen=True)
class FieldOutcome:
    """One field side by side: what was asked, what is on file, how they compare and why."""

    field: str
    label: str
    outcome: str
    reason: str
    asked: str
    found: str

    def to_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("field", "label", "outcome", "reason", "asked", "found")}


@dataclass(frozen=True)
class Weighed:
    """One candidate with its comparison; `excluded` says why this cannot be the person, None where nothing does."""

    record: RegisterRecord
    outcomes: tuple[FieldOutcome, ...]
    excluded: str | None
    tier: str

    def to_json(self) -> dict[str, Any]:
        return {
            "register_id": self.record.register_id,
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
            "excluded": self.excluded,
            "tier": self.tier,
        }


@dataclass(frozen=True)
class Matching:
    """The decision, and every candidate: best first, excluded ones last but never hidden."""

    decision: str
    candidates: tuple[Weighed, ...]

    @property
    def open(self) -> tuple[Weighed, ...]:
        """The candidates that nothing excludes: each needs a person's word."""
        return tuple(weighed for weighed in self.candidates if weighed.excluded is None)

    @property
    def matched(self) -> RegisterRecord | None:
        return self.open[0].record if self.decision == MATCH else None

    def to_json(self) -> dict[str, Any]:
        return {"decision": self.decision, "candidates": [weighed.to_json() for weighed in self.candidates]}


def weigh(question: Question, candidates: Iterable[RegisterRecord]) -> Matching:
    """Compare every candidate and decide; the order of the candidates does not matter."""
    weighed = sorted((_weigh_one(question, candidate) for candidate in candidates), key=_best_first)
    still_open = [one for one in weighed if one.excluded is None]
    if not still_open:
        decision = CLEAR
    elif len(still_open) == 1 and still_open[0].tier == "T1":
        decision = MATCH
    else:
        decision = REVIEW
    return Matching(decision, tuple(weighed))


def _best_first(weighed: Weighed) -> tuple:
    equal = sum(outcome.outcome in (EQUAL, NORMALISED) for outcome in weighed.outcomes)
    different = sum(outcome.outcome == DIFFERENT for outcome in weighed.outcomes)
    return weighed.excluded is not None, weighed.tier, different - equal, weighed.record.register_id


def _weigh_one(question: Question, record: RegisterRecord) -> Weighed:
    excluded = exclusion(question, record)
    return Weighed(record, tuple(_outcomes(question, record)), excluded, _tier(question, record))


# --- Evidence ------------------------------------------------------------------------------------------------------


def numbers(documents: Iterable[IdentityDocument]) -> set[str]:
    return {normal for document in documents if (normal := normal_number(document.number))}


def citizen_numbers(documents: Iterable[IdentityDocument]) -> set[str]:
    """The 12-digit numbers of identity cards; a passport's twelve digits are something else."""
    return {n for n in numbers(d for d in documents if d.type in ("cccd", "cmnd")) if is_citizen_number(n)}


def exclusion(question: Question, record: RegisterRecord) -> str | None:
    """Why this cannot be the person (domain 12.2, T4), or None. One different parent or digit never excludes.

    Somebody who shares a document's number is never excluded by the rest: a person solves that contradiction.
    """
    if numbers(question.identity_documents) & numbers(record.identity_documents):
        return None
    if _births_exclude(question.date_of_birth, record.date_of_birth):
        return "Hai ngày sinh đầy đủ khác nhau, không phải đảo ngày tháng hay sai một nét."
    parents = _parents(question, record)
    if all(pair is False for pair in parents):
        return "Đã biết cha và mẹ ở cả hai bên, cả hai đều khác."
    if _numbers_exclude(question, record) and not all(parents):
        return "Hai số định danh 12 chữ số khác nhau từ hai chữ số trở lên."
    return None


def _births_exclude(asked: PartialDate, found: PartialDate) -> bool:
    if not (asked.is_full and found.is_full) or asked.overlaps(found):
        return False
    one, other = asked.first_day, found.first_day
    # 1 January is what offices wrote where only the year was known: as good as a year (domain 12.1).
    if one.year == other.year and (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return False
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    next_day = abs(one - other) == timedelta(days=1)
    return not (swapped or next_day or is_one_slip(_digits(one), _digits(other)))


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")


def _parents(question: Question, record: RegisterRecord) -> tuple[bool | None, bool | None]:
    return (
        _same_parent(question.father_name, record.father_name),
        _same_parent(question.mother_name, record.mother_name),
    )


def _same_parent(asked: str | None, found: str | None) -> bool | None:
    """True: the same but for marks or one slip. None: not known on both sides, which excludes nobody."""
    one, other = key2(asked or ""), key2(found or "")
    if not one or not other:
        return None
    return one == other or is_one_slip(one, other)


def _numbers_exclude(question: Question, record: RegisterRecord) -> bool:
    """Every pair of 12-digit numbers differs in two or more places."""
    asked, found = citizen_numbers(question.identity_documents), citizen_numbers(record.identity_documents)
    return bool(asked and found) and not any(
        one == other or is_one_slip(one, other) for one in asked for other in found
    )


def _tier(question: Question, record: RegisterRecord) -> str:
    """The tiers of domain 12.2; T1 only where nothing else speaks against it."""
    same_name = key1(question.full_name) == key1(record.full_name)
    shared = citizen_numbers(question.identity_documents) & citizen_numbers(record.identity_documents)
    if shared and same_name:
        return "T2" if _births_exclude(question.date_of_birth, record.date_of_birth) else "T1"
    if shared:
        return "T2"
    if same_name and _is_strong(question, record):
        return "T3"
    if numbers(question.identity_documents) & numbers(record.identity_documents):
        return "T5"
    return "T4" if key2(question.full_name) == key2(record.full_name) else "T5"


def _is_strong(question: Question, record: RegisterRecord) -> bool:
    births = question.date_of_birth, record.date_of_birth
    if not (births[0].is_full and births[0] == births[1]):
        return False
    same_sex = question.sex is not None and question.sex == record.sex
    place = question.place_of_birth_province
    same_place = place is not None and place == record.place_of_birth_province
    return same_sex or same_place or True in _parents(question, record)


# --- Side by side --------------------------------------------------------------------------------------------------


def _outcomes(question: Question, record: RegisterRecord) -> Iterable[FieldOutcome]:
    yield _names(question, record)
    yield _births(question.date_of_birth, record.date_of_birth)
    yield _documents(question, record)
    yield _texts("father_name", "Họ và tên cha", question.father_name, record.father_name)
    yield _texts("mother_name", "Họ và tên mẹ", question.mother_name, record.mother_name)
    yield _texts("spouse_name", "Họ và tên vợ hoặc chồng", question.spouse_name, record.spouse_name)
    sexes = SEX_WORDS.get(question.sex or ""), SEX_WORDS.get(record.sex or "")
    yield _texts("sex", "Giới tính", *sexes)
    yield _texts(
        "place_of_birth_province", "Tỉnh nơi sinh", question.place_of_birth_province, record.place_of_birth_province
    )
    yield _texts("place_of_birth", "Nơi sinh", question.place_of_birth, record.place_of_birth)
    yield _texts("nationality", "Quốc tịch", question.nationality, record.nationality)
    yield _texts("ethnicity", "Dân tộc", question.ethnicity, record.ethnicity)


def _compare(asked: str, found: str) -> tuple[str, str]:
    """Equal as written; equal after normalising (marks, tone placement, case); or different, with a hint at slips."""
    if nfc(asked) == nfc(found):
        return EQUAL, "Giống hệt."
    if key1(asked) == key1(found):
        return NORMALISED, "Chỉ khác cách viết (hoa thường, vị trí dấu thanh, i hoặc y, khoảng trắng)."
    if key2(asked) == key2(found):
        return NORMALISED, "Giống nhau khi bỏ dấu; dấu khác nhau."
    if is_one_slip(key2(asked), key2(found)):
        return DIFFERENT, "Khác một chữ, có thể gõ nhầm."
    return DIFFERENT, "Khác nhau."


def _texts(field: str, label: str, asked: str | None, found: str | None) -> FieldOutcome:
    if not asked or not found:
        return FieldOutcome(field, label, MISSING, _who_lacks(asked, found), asked or "", found or "")
    return FieldOutcome(field, label, *_compare(asked, found), asked, found)


def _who_lacks(asked: object, found: object) -> str:
    if not asked and not found:
        return "Cả hai bên đều không có."
    return "Tờ khai không có." if not asked else "Cơ sở dữ liệu không có."


def _names(question: Question, record: RegisterRecord) -> FieldOutcome:
    """The best pair of all names: an alias that fits is said to be one."""
    order = [EQUAL, NORMALISED, DIFFERENT]
    outcome, reason = _compare(question.full_name, record.full_name)
    asked, found = question.full_name, record.full_name
    pairs = [(a, f) for a in (asked, *question.other_names) for f in (found, *record.other_names)]
    for one, other in pairs[1:]:
        better, why = _compare(one, other)
        if order.index(better) < order.index(outcome):
            outcome, reason, asked, found = better, f"Khớp qua tên gọi khác: {why}", one, other
    return FieldOutcome("full_name", "Họ và tên", outcome, reason, asked, found)


def _births(asked: PartialDate, found: PartialDate) -> FieldOutcome:
    label = "Ngày sinh"
    if asked.text == found.text:
        outcome, reason = EQUAL, "Giống hệt."
    elif asked.overlaps(found):
        outcome, reason = NORMALISED, "Khớp ở mức chính xác thấp hơn (một bên chỉ có tháng hoặc năm)."
    elif asked.is_full and found.is_full and not _births_exclude(asked, found):
        outcome, reason = (
            DIFFERENT,
            "Khác, nhưng có thể do đảo ngày tháng, sai một nét hoặc ghi 01/01 thay cho năm sinh.",
        )
    else:
        outcome, reason = DIFFERENT, "Khác nhau."
    return FieldOutcome("date_of_birth", label, outcome, reason, asked.text, found.text)


def _documents(question: Question, record: RegisterRecord) -> FieldOutcome:
    field, label = "identity_documents", "Số giấy tờ"
    written = [", ".join(document.number for document in side.identity_documents) for side in (question, record)]
    asked, found = numbers(question.identity_documents), numbers(record.identity_documents)
    if not asked or not found:
        return FieldOutcome(field, label, MISSING, _who_lacks(asked, found), *written)
    if asked & found:
        exact = {d.number for d in question.identity_documents} & {d.number for d in record.identity_documents}
        if exact:
            return FieldOutcome(field, label, EQUAL, "Có một số giấy tờ giống hệt.", *written)
        return FieldOutcome(field, label, NORMALISED, "Có một số giấy tờ giống nhau khi bỏ khoảng trắng.", *written)
    if any(is_one_slip(one, other) for one in asked for other in found):
        return FieldOutcome(field, label, DIFFERENT, "Khác một chữ số, có thể gõ nhầm.", *written)
    return FieldOutcome(field, label, DIFFERENT, "Không số nào giống nhau.", *written)

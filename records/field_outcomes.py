"""How each field of an applicant compares with the candidate's, and why, in words that a clerk reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lltp_portal import provinces
from lltp_portal.wording import partial_date
from records.answers import Question
from records.comparing import RECONCILABLE, Papers, are_one_since_merger, birth_level, numbers, papers
from records.facts import RegisterRecord
from records.names import PartialDate, is_one_slip, key1, key2, nfc

EQUAL, NORMALISED, DIFFERENT, MISSING = "equal", "normalised", "different", "missing"
OUTCOMES = {
    EQUAL: "giống nhau",
    NORMALISED: "giống nhau sau khi chuẩn hóa",
    DIFFERENT: "khác nhau",
    MISSING: "thiếu ở một bên",
}
# An old number beside a 12-digit one says nothing: everybody who was convicted before the card has both.
OTHER_KIND = "Một bên chỉ có số định danh 12 số, bên kia chỉ có số giấy tờ khác: không so được."
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


def outcomes_of(question: Question, record: RegisterRecord) -> Iterable[FieldOutcome]:
    yield _names(question, record)
    yield _births(question.date_of_birth, record.date_of_birth)
    yield _documents(question, record)
    yield _texts("father_name", "Họ và tên cha", question.father_name, record.father_name)
    yield _texts("mother_name", "Họ và tên mẹ", question.mother_name, record.mother_name)
    yield _texts("spouse_name", "Họ và tên vợ hoặc chồng", question.spouse_name, record.spouse_name)
    sexes = SEX_WORDS.get(question.sex or ""), SEX_WORDS.get(record.sex or "")
    yield _texts("sex", "Giới tính", *sexes)
    yield _provinces(question.place_of_birth_province, record.place_of_birth_province)
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


def _provinces(asked: str | None, found: str | None) -> FieldOutcome:
    field, label = "place_of_birth_province", "Tỉnh nơi sinh"
    if asked and found and are_one_since_merger(asked, found):
        return FieldOutcome(field, label, NORMALISED, _how_merged(asked.strip(), found.strip()), asked, found)
    return _texts(field, label, asked, found)


def _how_merged(*codes: str) -> str:
    """“Hà Nam nay thuộc tỉnh Ninh Bình.”; of a code that was given to another province, both that it may mean."""
    now = provinces.resolved(codes[0], date.max) or provinces.all_of(codes[0])[-1]
    names = []
    for code in codes:
        first, last = provinces.all_of(code)[0], provinces.all_of(code)[-1]
        if last.valid_from and first.name != last.name:
            since = partial_date(last.valid_from.isoformat())
            return f"Mã tỉnh {code} trước ngày {since} là {first.name}, nay là {last.name}: có thể là cùng một tỉnh."
        names.append(first.name)
    gone = " và ".join(name for name in names if name != now.name)
    return f"{gone} nay thuộc {now.full_name}."


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
    elif asked.is_full and found.is_full and birth_level(asked, found) in RECONCILABLE:
        outcome, reason = (
            DIFFERENT,
            "Khác, nhưng có thể do đảo ngày tháng, sai một nét hoặc ghi 01/01 thay cho năm sinh.",
        )
    else:
        outcome, reason = DIFFERENT, "Khác nhau."
    return FieldOutcome("date_of_birth", label, outcome, reason, asked.text, found.text)


def _papers(side: Question | RegisterRecord) -> Papers:
    return papers(tuple(side.identity_documents))


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
    if not any(one and other for one, other in zip(*map(_papers, (question, record)), strict=True)):
        return FieldOutcome(field, label, MISSING, OTHER_KIND, *written)
    return FieldOutcome(field, label, DIFFERENT, "Không số nào giống nhau.", *written)

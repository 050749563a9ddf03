"""What these pages show of a person, of a paper and of two people side by side."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from lltp_portal.wording import grouped_number, partial_date
from records import wording
from records.facts import Conviction, Fact, RegisterRecord, Unknown
from records.incoming.contract import ANNULMENT, PROSECUTION, About, Content
from records.matching import FieldOutcome, Matching, Weighed
from requests.answers_shown import province_on_file
from requests.clerk_views.side_by_side import shown_value, tag_of
from requests.imposed_shown import additional_words, obligation_words

SEXES = {"male": "Nam", "female": "Nữ"}
FACTS = {
    "judgment_number": "Số bản án",
    "court": "Tòa án",
    "judgment_date": "Ngày tuyên án",
    "effective_date": "Ngày có hiệu lực",
    "main_penalty_completed_on": "Chấp hành xong hình phạt chính ngày",
    "date": "Ngày quyết định",
    "full_name": "Họ và tên mới",
    "date_of_birth": "Ngày sinh mới",
    "father_name": "Họ và tên cha",
    "mother_name": "Họ và tên mẹ",
}


class Pair(NamedTuple):
    label: str
    value: str


class Line(NamedTuple):
    """One field side by side; always one of the four: equal, alike, differs, absent."""

    label: str
    asked: str
    found: str
    tag: str
    reason: str


class Candidate(NamedTuple):
    """One person on file beside whoever the paper is about; nobody is chosen beforehand."""

    record: RegisterRecord
    lines: list[Line]
    excluded: str | None
    convictions: list[str]

    @property
    def differing(self) -> int:
        return sum(line.tag == "differs" for line in self.lines)


def day(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else ""


def lines(outcomes: Iterable[FieldOutcome], asked: str = "Văn bản", found: str = "Cơ sở dữ liệu") -> list[Line]:
    """Field by field; `asked` and `found` are how the two sides are called on the page."""
    return [
        Line(
            one.label,
            shown_value(one.field, one.asked),
            shown_value(one.field, one.found),
            tag_of(one.field, one.outcome, one.asked, one.found),
            one.reason.replace("Tờ khai", asked).replace("Cơ sở dữ liệu", found),
        )
        for one in outcomes
    ]


def candidate(weighed: Weighed) -> Candidate:
    return Candidate(weighed.record, lines(weighed.outcomes), weighed.excluded, convictions(weighed.record))


def candidates(found: Matching) -> list[Candidate]:
    return [candidate(weighed) for weighed in found.candidates]


def conviction(row: Conviction) -> str:
    """One offence in a line: what it was, by which judgment, what was pronounced, what is known of its execution."""
    done = row.main_penalty_completed_on
    effect = (
        "chưa rõ hiệu lực" if isinstance(row.effective_date, Unknown) else day(row.effective_date) or "chưa có hiệu lực"
    )
    parts = [
        f"{row.offence.title} (Điều {row.offence.article} {wording.CODES[row.offence.code]})",
        f"bản án số {row.judgment_number} ngày {day(row.judgment_date)}, {row.court}",
        wording.penalty(row.combined_penalty or row.main_penalty),
        f"hiệu lực: {effect}" if effect[:1].isdigit() else effect,
        f"chấp hành xong ngày {day(done)}" if done else "chưa ghi chấp hành xong",
        f"hình phạt bổ sung: {additional_words(row)}",
        f"án phí, nghĩa vụ: {obligation_words(row)}",
    ]
    return "; ".join(part for part in parts if part)


def convictions(record: RegisterRecord) -> list[str]:
    return [conviction(row) for row in record.convictions]


def person(record: RegisterRecord | About) -> list[Pair]:
    """Who they are, in the order of the certificate; what is not on file is left out."""
    found = [
        Pair("Họ và tên", record.full_name),
        Pair("Tên gọi khác", ", ".join(record.other_names)),
        Pair("Ngày sinh", partial_date(record.date_of_birth.text)),
        Pair("Giới tính", SEXES.get(record.sex or "", "")),
        Pair("Số giấy tờ", ", ".join(grouped_number(document.number) for document in record.identity_documents)),
        Pair("Cha", record.father_name or ""),
        Pair("Mẹ", record.mother_name or ""),
        Pair("Nơi sinh", record.place_of_birth or province_on_file(record.place_of_birth_province or "")),
    ]
    return [pair for pair in found if pair.value]


def whole(record: RegisterRecord) -> list[Pair]:
    """Who they are, and every offence in a line."""
    return [*person(record), *(Pair("Tội danh", words) for words in convictions(record) or ["Không có tội danh nào"])]


def content(kind: str, said: Content) -> list[Pair]:
    """What the paper says, a line a fact."""
    found: list[Pair] = []
    if kind == ANNULMENT:
        found.append(Pair("Kết quả", "Hủy bản án và đình chỉ vụ án"))
    if kind == PROSECUTION and said.pending_prosecution is None:
        found.append(Pair("Kết quả", "Vụ án đã kết thúc"))
    if said.judgment:
        found += [Pair(FACTS[name], _plain(getattr(said.judgment, name))) for name in said.judgment.__slots__]
    found += [Pair("Tội danh", conviction(row)) for row in said.convictions]
    found += [Pair(label, _plain(getattr(said, name, None))) for name, label in FACTS.items()]
    found += _done(said) + _decided(said)
    found += [Pair("Tên gọi khác", name) for name in said.other_names]
    found += [Pair("Số giấy tờ mới", grouped_number(document.number)) for document in said.identity_documents]
    return [pair for pair in found if pair.value]


def _done(said: Content) -> list[Pair]:
    return [
        *(
            Pair(
                "Hình phạt bổ sung đã chấp hành xong",
                f"{wording.ADDITIONAL_PENALTIES[one.kind]}, {day(one.completed_on)}",
            )
            for one in said.additional_penalties
        ),
        *(
            Pair("Nghĩa vụ đã thi hành xong", f"{wording.OBLIGATIONS[one.kind]}, {day(one.fulfilled_on)}")
            for one in said.obligations
        ),
    ]


def _decided(said: Content) -> list[Pair]:
    found: list[Pair] = []
    if said.expungement:
        found.append(Pair("Xóa án tích ngày", f"{day(said.expungement.date)}. {said.expungement.reference or ''}"))
    for ban in said.bans:
        until = f"đến {day(ban.until)}" if ban.until else "không thời hạn"
        found.append(Pair("Cấm", f"số {ban.decision_number}, từ {day(ban.from_date)} {until}. {ban.position or ''}"))
    if said.pending_prosecution:
        found.append(Pair("Khởi tố ngày", day(said.pending_prosecution.since)))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fact) or value is None:
        return ""
    return partial_date(value.text) if hasattr(value, "text") else str(value)


def changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """(field, before, after) of what an act changed in a person, in words short enough for a table."""
    old, new = before or {}, after or {}
    return [
        (WORDS.get(field, field), _said(old.get(field)), _said(new.get(field)))
        for field in WORDS
        if old.get(field) != new.get(field)
    ]


WORDS = {
    "full_name": "Họ và tên",
    "other_names": "Tên gọi khác",
    "date_of_birth": "Ngày sinh",
    "sex": "Giới tính",
    "identity_documents": "Số giấy tờ",
    "father_name": "Cha",
    "mother_name": "Mẹ",
    "spouse_name": "Vợ hoặc chồng",
    "place_of_birth_province": "Tỉnh nơi sinh",
    "place_of_birth": "Nơi sinh",
    "nationality": "Quốc tịch",
    "ethnicity": "Dân tộc",
    "residences": "Nơi cư trú",
    "convictions": "Tội danh",
    "bans": "Cấm",
    "pending_prosecution": "Khởi tố",
}


def _said(value: Any) -> str:
    if value is None or value == []:
        return "Không có"
    if isinstance(value, list):
        return "; ".join(_said_item(item) for item in value)
    return _said_item(value)


def _said_item(item: Any) -> str:
    if not isinstance(item, dict):
        return SEXES.get(item, str(item))
    if "judgment_number" in item:
        done = item.get("main_penalty_completed_on")
        return f"{item['offence']['title']}, bản án số {item['judgment_number']}" + (
            f", xong {partial_date(done)}" if done else ""
        )
    told = item.get("number") or item.get("decision_number") or item.get("address") or item.get("since") or ""
    return str(told)

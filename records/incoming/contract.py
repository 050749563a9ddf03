"""The form in which information comes (domain 1.7): one object a paper and person, read as strictly as the register.

Law on criminal records, Art. 15-18: courts, execution offices and prisons send judgments and papers of execution; each
says about whom in its own words, and only a person decides which person of the register that is.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from records import facts, reading
from records.answers import Question, canonical_json
from records.facts import Fact, RegisterRecord
from records.names import PartialDate, key1
from records.reading import Reader, Refused, list_of, object_of, or_null

Day = date  # a field of papers has that name
JUDGMENT, EXECUTION, COMPLETION = "judgment", "execution_decision", "completion_certificate"
PARDON, AMNESTY, EXPUNGEMENT = "dac_xa", "dai_xa", "expungement"
ENFORCEMENT, BAN, IDENTITY = "enforcement_confirmation", "ban", "identity_change"
ANNULMENT, PROSECUTION = "annulment", "prosecution"
KINDS = {
    JUDGMENT: "Bản án",
    EXECUTION: "Quyết định thi hành án",
    COMPLETION: "Giấy chứng nhận chấp hành xong án phạt",
    PARDON: "Quyết định đặc xá",
    AMNESTY: "Quyết định đại xá",
    EXPUNGEMENT: "Quyết định, giấy chứng nhận xóa án tích",
    ENFORCEMENT: "Xác nhận của cơ quan thi hành án dân sự",
    BAN: "Quyết định cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp",
    IDENTITY: "Thay đổi, cải chính hộ tịch, số giấy tờ",
    ANNULMENT: "Quyết định giám đốc thẩm, tái thẩm hủy án và đình chỉ",
    PROSECUTION: "Khởi tố, đình chỉ, kết quả vụ án",
}


@dataclass(frozen=True, slots=True)
class JudgmentNamed(Fact):
    """The judgment that a paper is about, as the paper names it."""

    judgment_number: str
    court: str
    judgment_date: date

    def is_of(self, conviction: facts.Conviction) -> bool:
        return (
            self.judgment_date == conviction.judgment_date
            and key1(self.judgment_number) == key1(conviction.judgment_number)
            and key1(self.court) == key1(conviction.court)
        )


@dataclass(frozen=True, slots=True)
class AdditionalDone(Fact):
    kind: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class ObligationDone(Fact):
    kind: str
    fulfilled_on: date


@dataclass(frozen=True, slots=True)
class Content(Fact):
    """What the paper says, in the words of the register's contract; each kind has its own fields and no others."""

    judgment: JudgmentNamed | None = None
    convictions: tuple[facts.Conviction, ...] = ()
    effective_date: date | None = None
    main_penalty_completed_on: date | None = None
    additional_penalties: tuple[AdditionalDone, ...] = ()
    obligations: tuple[ObligationDone, ...] = ()
    date: Day | None = None
    expungement: facts.Expungement | None = None
    bans: tuple[facts.Ban, ...] = ()
    pending_prosecution: facts.PendingProsecution | None = None
    full_name: str | None = None
    other_names: tuple[str, ...] = ()
    date_of_birth: PartialDate | None = None
    sex: str | None = None
    identity_documents: tuple[facts.IdentityDocument, ...] = ()
    father_name: str | None = None
    mother_name: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A person of the register always says `convictions`; a paper only where it has some."""
        written = Fact.to_json(self)
        return written if self.convictions else {name: said for name, said in written.items() if name != "convictions"}


@dataclass(frozen=True, slots=True)
class About(Fact):
    """The person as the paper states them: the fields of a question."""

    full_name: str
    date_of_birth: PartialDate
    other_names: tuple[str, ...] = ()
    sex: str | None = None
    place_of_birth_province: str | None = None
    place_of_birth: str | None = None
    nationality: str | None = None
    ethnicity: str | None = None
    identity_documents: tuple[facts.IdentityDocument, ...] = ()
    father_name: str | None = None
    mother_name: str | None = None
    spouse_name: str | None = None

    def question(self, reference: str) -> Question:
        return Question(reference=reference, **{field.name: getattr(self, field.name) for field in fields(self)})

    def record(self, register_id: str) -> RegisterRecord:
        """A person of the register who is known by this paper alone."""
        return RegisterRecord(
            register_id=register_id, **{field.name: getattr(self, field.name) for field in fields(self)}
        )


@dataclass(frozen=True, slots=True)
class Information(Fact):
    """One paper about one person."""

    kind: str
    number: str
    date: Day
    sender: str
    about: About
    content: Content

    @property
    def label(self) -> str:
        """How the paper is called in a line of history."""
        return f"{KINDS[self.kind]} số {self.number} ngày {self.date:%d/%m/%Y} của {self.sender}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical_json(self.to_json()).encode()).hexdigest()


def _at_least_one(reader: Reader) -> Reader:
    def read(value: Any, path: str) -> tuple[Any, ...]:
        found = list_of(reader)(value, path)
        if not found:
            raise Refused(path, "phải có ít nhất một mục")
        return found

    return read


_judgment = object_of(
    JudgmentNamed, {"judgment_number": reading.text, "court": reading.text, "judgment_date": reading.day}, {}
)
_additional = object_of(
    AdditionalDone, {"kind": reading.one_of(*reading.ADDITIONAL_PENALTIES), "completed_on": reading.day}, {}
)
_obligation = object_of(ObligationDone, {"kind": reading.one_of(*reading.OBLIGATIONS), "fulfilled_on": reading.day}, {})
_expungement = object_of(
    facts.Expungement,
    {"kind": reading.one_of(*reading.EXPUNGEMENTS), "date": reading.day},
    {"reference": or_null(reading.text)},
)
_prosecution = object_of(facts.PendingProsecution, {"since": reading.day}, {"offence_date": or_null(reading.day)})
_OF_PERSON: dict[str, Reader] = {
    "full_name": reading.name,
    "other_names": list_of(reading.name),
    "date_of_birth": reading.partial_date,
    "sex": or_null(reading.one_of(*reading.SEXES)),
    "identity_documents": list_of(reading.read_document),
    "father_name": or_null(reading.name),
    "mother_name": or_null(reading.name),
}
# kind → (fields that must be there, fields that may)
_CONTENTS: dict[str, tuple[dict[str, Reader], dict[str, Reader]]] = {
    JUDGMENT: ({"convictions": _at_least_one(reading.read_conviction)}, {}),
    EXECUTION: ({"judgment": _judgment, "effective_date": reading.day}, {}),
    COMPLETION: (
        {"judgment": _judgment},
        {"main_penalty_completed_on": reading.day, "additional_penalties": list_of(_additional)},
    ),
    PARDON: ({"judgment": _judgment, "date": reading.day}, {}),
    AMNESTY: ({"judgment": _judgment, "date": reading.day}, {}),
    EXPUNGEMENT: ({"judgment": _judgment, "expungement": _expungement}, {}),
    ENFORCEMENT: ({"judgment": _judgment, "obligations": _at_least_one(_obligation)}, {}),
    BAN: ({"bans": _at_least_one(reading.read_ban)}, {}),
    IDENTITY: ({}, _OF_PERSON),
    ANNULMENT: ({"judgment": _judgment}, {}),
    PROSECUTION: ({}, {"pending_prosecution": or_null(_prosecution)}),  # absent: the case has ended
}
_about = object_of(About, {"full_name": reading.name, "date_of_birth": reading.partial_date}, reading.PERSON_FIELDS)
_READERS: dict[str, Callable[[Any, str], Information]] = {
    kind: object_of(
        Information,
        {
            "kind": reading.one_of(*KINDS),
            "number": reading.text,
            "date": reading.day,
            "sender": reading.text,
            "about": _about,
            "content": object_of(Content, *required_and_optional),
        },
        {},
    )
    for kind, required_and_optional in _CONTENTS.items()
}
_SAYS_SOMETHING = {IDENTITY, COMPLETION}


def read_information(value: Any, path: str = "") -> Information:
    """One object of the contract, or Refused with the field and what is wrong with it."""
    if not isinstance(value, dict):
        raise Refused(path or "(dòng)", "phải là một đối tượng JSON")
    if "kind" not in value:
        raise Refused("kind", "còn thiếu")
    kind = reading.one_of(*KINDS)(value["kind"], "kind")
    found = _READERS[kind](value, path)
    said = found.content.to_json().keys() - {"judgment"}
    if kind in _SAYS_SOMETHING and not said:
        raise Refused("content", "không nêu điều gì để cập nhật")
    return found

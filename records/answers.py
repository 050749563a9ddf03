"""The question to the central database and the three kinds of answer.

Only `Complete` has candidates: a partial or failed answer cannot be read as "nothing found", because there is nothing
on it to read (domain trap 3: missing data must never become "Không có án tích").
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from records import reading
from records.facts import Fact, IdentityDocument, RegisterRecord
from records.names import PartialDate


def canonical_json(value: Any) -> str:
    """One spelling for one value, so that a digest means something."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


@dataclass(frozen=True)
class Question(Fact):
    """Who is looked for, as the frozen declaration says it; field names of the file contracts."""

    reference: str
    full_name: str
    date_of_birth: PartialDate
    other_names: tuple[str, ...] = ()
    sex: str | None = None
    place_of_birth_province: str | None = None
    place_of_birth: str | None = None
    nationality: str | None = None
    ethnicity: str | None = None
    identity_documents: tuple[IdentityDocument, ...] = ()
    father_name: str | None = None
    mother_name: str | None = None
    spouse_name: str | None = None

    def digest(self) -> str:
        return _sha256(self.to_json())

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Question":
        """The way back, checked like any other input; raises `reading.Refused`."""
        return read_question(written, "")


read_question = reading.object_of(
    Question,
    {"reference": reading.text, "full_name": reading.name, "date_of_birth": reading.partial_date},
    reading.PERSON_FIELDS,
)


@dataclass(frozen=True)
class Complete:
    """Everything that the central database holds about whoever might be this person, at one moment.

    `set_aside`: register_id and reason of everybody who was met and can only be somebody else; nothing else of them
    leaves the register (records/setting_aside.py).
    """

    as_of: datetime
    question_digest: str
    candidates: tuple[RegisterRecord, ...]
    set_aside: tuple[tuple[str, str], ...] = ()
    outcome: ClassVar[str] = "complete"
    complete: ClassVar[bool] = True

    @cached_property
    def findings_digest(self) -> str:
        """The same findings on another day give the same digest; a stranger more or less is no finding."""
        return _sha256({"question_digest": self.question_digest, "candidates": self._candidates_json()})

    @cached_property
    def digest(self) -> str:
        return _sha256(self.to_json())

    def _candidates_json(self) -> list[dict[str, Any]]:
        return [candidate.to_json() for candidate in sorted(self.candidates, key=lambda c: c.register_id)]

    def to_json(self) -> dict[str, Any]:
        written = {
            "as_of": self.as_of.isoformat(),
            "question_digest": self.question_digest,
            "candidates": self._candidates_json(),
        }
        return written | ({"set_aside": sorted(map(list, self.set_aside))} if self.set_aside else {})

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Complete":
        candidates = tuple(reading.read_record(candidate, "") for candidate in written["candidates"])
        set_aside = tuple((register_id, reason) for register_id, reason in written.get("set_aside", ()))
        return cls(datetime.fromisoformat(written["as_of"]), written["question_digest"], candidates, set_aside)


@dataclass(frozen=True)
class Partial:
    """The central database answered, but says itself that it does not hold everything yet."""

    cause: str
    as_of: datetime
    question_digest: str
    outcome: ClassVar[str] = "partial"
    complete: ClassVar[bool] = False


@dataclass(frozen=True)
class Failed:
    """No answer that may be trusted; the cause is a sentence for the clerk, without personal data."""

    cause: str
    outcome: ClassVar[str] = "failed"
    complete: ClassVar[bool] = False


Answer = Complete | Partial | Failed

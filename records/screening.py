"""Whole files of applicants through the code of a filed request: search, weighing, determination; no request is made.

The search is set-based, one statement for a batch; everything after it is what a clerk's page calls, applicant by
applicant. The answers have the shape of screening.schema.json.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from records import matching, reading
from records.answers import Question
from records.backends import doubt, finds_nobody
from records.determination import Determination, PrintedConviction, Undetermined, determine
from records.facts import IdentityDocument, RegisterRecord
from records.json_lines import RawLine, read_line
from records.keys import probes_of
from records.matching import Matching, Weighed
from records.names import PartialDate
from records.reading import Refused
from records.register import queries
from records.setting_aside import Sought

WHO = "Chưa kết luận được hồ sơ {} là của người này hay của người khác."
# One statement answers for a whole batch, so it may take longer than a clerk's single question.
BATCH_MILLISECONDS = 120_000


@dataclass(frozen=True)
class Applicant:
    """One line of applicant.schema.json."""

    applicant_id: str
    full_name: str
    date_of_birth: PartialDate
    certificate_type: int
    as_of: date
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
    former_resident_foreigner: bool = False
    want_ban_info: bool = False

    @property
    def question(self) -> Question:
        """As a filed declaration asks: what has no order is put in one, and nothing twice."""
        same = {name: getattr(self, name) for name in reading.PERSON_FIELDS}
        documents = sorted({(document.type, document.number) for document in self.identity_documents})
        same["identity_documents"] = tuple(IdentityDocument(*document) for document in documents)
        same["other_names"] = tuple(sorted(set(self.other_names)))
        return Question(reference=self.applicant_id, full_name=self.full_name, date_of_birth=self.date_of_birth, **same)


def _certificate_type(value: Any, path: str) -> int:
    if reading.integer(value, path) not in (1, 2):
        raise Refused(path, "phải là 1 hoặc 2")
    return int(value)


read_applicant = reading.object_of(
    Applicant,
    {
        "applicant_id": reading.text,
        "full_name": reading.name,
        "date_of_birth": reading.partial_date,
        "certificate_type": _certificate_type,
        "as_of": reading.day,
    },
    reading.PERSON_FIELDS | {"former_resident_foreigner": reading.flag, "want_ban_info": reading.flag},
)


@dataclass
class Screened:
    """What became of a batch: a line of results for each applicant, the lines refused, and why to doubt them all."""

    results: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    doubt: str | None = None
    cannot_find: bool = False


def cannot_find() -> str | None:
    """Why nobody at all could be found now; an open import only lacks some."""
    trust = _search([]).trust
    return doubt(trust) if finds_nobody(trust) else None


def screen_lines(lines: list[RawLine]) -> Screened:
    """Answer every line that can be read, in order."""
    screened, applicants = Screened(), []
    for line in lines:
        try:
            applicants.append(read_line(line, read_applicant))
        except Refused as refused:
            screened.refused.append((line.number, refused.field, refused.message))
    if applicants:
        found = _search([applicant.question for applicant in applicants])
        screened.doubt, screened.cannot_find = doubt(found.trust), finds_nobody(found.trust)
        if screened.cannot_find:
            return screened
        screened.results = [
            json.dumps(result(applicant, candidates), ensure_ascii=False)
            for applicant, candidates in zip(applicants, found.people, strict=True)
        ]
    return screened


def _search(questions: list[Question]) -> queries.FoundByEach:
    asked = [(probes_of(question), Sought(question).sets_aside) for question in questions]
    return queries.search_many(asked, milliseconds=BATCH_MILLISECONDS)


def result(applicant: Applicant, candidates: Iterable[RegisterRecord]) -> dict[str, Any]:
    """The answer for one applicant, given everybody whom the search found."""
    weighed = matching.weigh(applicant.question, candidates)
    determined = _determined(applicant, weighed)
    return {
        "applicant_id": applicant.applicant_id,
        "decision": weighed.decision,
        "candidates": [_candidate(candidate) for candidate in weighed.open],
        "certificate": _certificate(determined) if isinstance(determined, Determination) else None,
        "undetermined": list(determined.reasons) if isinstance(determined, Undetermined) else [],
    }


def _determined(applicant: Applicant, weighed: Matching) -> Determination | Undetermined:
    """`match` prints the person's rows and `clear` none; while somebody has to be looked at, there is no text."""
    if weighed.decision == matching.REVIEW:
        return Undetermined(tuple(WHO.format(candidate.record.register_id) for candidate in weighed.open))
    return determine(
        [weighed.matched] if weighed.matched else [],
        certificate_type=applicant.certificate_type,
        want_ban_info=applicant.want_ban_info,
        as_of=applicant.as_of,
        nationality=applicant.nationality,
        former_resident_foreigner=applicant.former_resident_foreigner,
    )


def _candidate(weighed: Weighed) -> dict[str, Any]:
    return {
        "register_id": weighed.record.register_id,
        "weight": weighed.weight,
        "evidence": [
            {"field": evidence.field, "outcome": evidence.level, "weight": evidence.bits}
            for evidence in weighed.evidence
        ],
    }


def _certificate(determined: Determination) -> dict[str, Any]:
    written = determined.to_json()
    return {
        "status": determined.status,
        "text": determined.text,
        "convictions": [_printed(conviction) for conviction in determined.convictions],
        "bans": written["bans"],
    }


def _printed(conviction: PrintedConviction) -> dict[str, Any]:
    expunged_on = conviction.expunged_on
    return {
        "judgment_number": conviction.judgment_number,
        "state": conviction.state,
        "expunged_on": expunged_on.isoformat() if expunged_on else None,
        "reasons": list(conviction.reasons),
    }

"""What the newest complete answers say about a request: candidates, what a person decided, what would be printed."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from records import matching
from records.answers import Complete, Question
from records.determination import Determination, Undetermined
from records.facts import RegisterRecord
from records.matching import Matching, Weighed
from requests import comparison, concluding, inquiries, two_people
from requests.inquiries import Standing
from requests.models import CandidateDecision, CertificateRequest, SourceSearch
from requests.policy import CENTRAL
from requests.questions import question_about
from requests.two_people import Words

BY_OTHER_RULES = (
    "Quy tắc đối chiếu đã thay đổi từ khi tra cứu; hệ thống tự tra cứu lại, trước đó chưa xác minh và chưa ký được."
)


@dataclass(frozen=True)
class Findings:
    """The answer of the central database, weighed, with what people decided on it.

    `decisions` are those that count; where two people must decide, nothing counts until both have (two_people).
    """

    search: SourceSearch
    answer: Complete
    question: Question
    matching: Matching
    words: Words
    decisions: dict[str, CandidateDecision]
    result: Determination | Undetermined
    # What other agencies were asked, and what they told about the applicant (requests/inquiries.py).
    agencies: Standing | None = None
    elsewhere: tuple[RegisterRecord, ...] = ()

    @cached_property
    def shown(self) -> dict[str, Any]:
        """The comparison as the page shows it."""
        return comparison.frozen(
            self.question,
            self.matching,
            declaration=self.search.declaration.version,
            set_aside=self.answer.set_aside,
        )

    @cached_property
    def shown_text(self) -> str:
        return comparison.as_text(self.shown)

    @cached_property
    def shown_sha256(self) -> str:
        """Names the comparison: a decision counts for exactly the one that was on the screen."""
        return comparison.digest_of(self.shown_text)

    @property
    def to_decide(self) -> list[Weighed]:
        """Candidates that nothing excludes and that nobody has decided on yet."""
        return [
            weighed
            for weighed in self.matching.candidates
            if weighed.excluded is None and weighed.record.register_id not in self.decisions
        ]

    @property
    def in_doubt(self) -> list[CandidateDecision]:
        return [row for row in self.decisions.values() if row.decision == CandidateDecision.Decision.ASK]

    @property
    def person_is_settled(self) -> bool:
        """A person has decided on every candidate, one way or the other."""
        return not self.to_decide and not self.in_doubt

    @property
    def obstacles(self) -> tuple[str, ...]:
        """The rules, where they are others; what other agencies still have to answer, or a person to conclude."""
        return self.obstacles_of_rules + (self.agencies.obstacles() if self.agencies else ())

    @property
    def obstacles_of_rules(self) -> tuple[str, ...]:
        """Whoever the rules of an earlier release set aside may be open by those of today (docs/adr/0014)."""
        kept = self.search.lookup.matching if self.search.lookup else None
        is_by_others = self.answer.set_aside and (kept or {}).get("version") != self.matching.version
        return (BY_OTHER_RULES,) if is_by_others else ()

    @property
    def can_verify(self) -> bool:
        return self.person_is_settled and isinstance(self.result, Determination) and not self.obstacles


def current(certificate_request: CertificateRequest, *, as_of: date) -> Findings | None:
    """The findings about the current declaration, or None while a complete answer is missing."""
    search = certificate_request.searches.select_related("lookup", "declaration").filter(source=CENTRAL).first()
    if search is None or search.lookup is None or search.declaration_id != certificate_request.declaration_id:
        return None
    answer = Complete.from_json(search.lookup.answer)
    question = question_about(certificate_request.declaration)
    if answer.question_digest != question.digest():  # an answer about anybody else is no answer
        return None
    weighed = matching.weigh(question, answer.candidates)
    case = two_people.case_of(certificate_request, question, answer.findings_digest, weighed, as_of)
    words = two_people.words_of(certificate_request, case)
    decisions = words.standing
    undecided = [weighed for weighed in weighed.open if weighed.record.register_id not in decisions]
    same = [
        candidate
        for candidate in answer.candidates
        if candidate.register_id in decisions
        and decisions[candidate.register_id].decision == CandidateDecision.Decision.SAME
    ]
    asked = inquiries.standing(certificate_request)
    elsewhere = asked.records(certificate_request.declaration)
    # While somebody is still open there is no result at all: nobody can show or print one by mistake.
    result = (
        Undetermined(("còn hồ sơ trung ương chưa được kết luận là của ai",))
        if undecided or any(row.decision == CandidateDecision.Decision.ASK for row in decisions.values())
        else concluding.concluded(certificate_request.declaration, [*same, *elsewhere], asked, as_of=as_of)
    )
    if isinstance(result, Determination):
        asked = _with_expungement(certificate_request, asked, [*same, *elsewhere], as_of)
    return Findings(search, answer, question, weighed, words, decisions, result, asked, elsewhere)


def _with_expungement(
    certificate_request: CertificateRequest, asked: Standing, records: list[RegisterRecord], as_of: date
) -> Standing:
    """The same, and who must be asked because the result rests on expungement by lapse of time alone."""
    if not any(record.convictions for record in records):
        return asked
    everything = concluding.determined(certificate_request.declaration, records, as_of=as_of, certificate_type=2)
    if isinstance(everything, Undetermined):
        return asked
    reason = inquiries.rests_on_expungement(records, everything)
    return inquiries.with_expungement(certificate_request, asked, reason)

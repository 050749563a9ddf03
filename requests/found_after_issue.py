"""Whether an answer after issue says something new: another candidate, or another text than the certificate's.

Both answers are read by today's rules, as of the same days and beside the same facts of other agencies, so that only
new data is called new: never new code, the mere passing of time, or the register learning what an agency had told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from records import matching
from records.answers import Complete
from records.facts import RegisterRecord
from records.matching import Weighed
from requests import certified
from requests.certified import Certified, Result
from requests.clock import local_day
from requests.models import CandidateDecision, CertificateRequest, FoundAfterIssue
from requests.questions import question_about

SAME = CandidateDecision.Decision.SAME


@dataclass(frozen=True)
class News:
    """`unknown`: candidates of whom nobody has said who they are; `same`: who was called the person, as they are now.

    `before` and `now`: what would be printed today by what was known at issue, and by what is known now; both with what
    other agencies had told by then (`elsewhere`). `set_aside`: who was called the person, and whom the register sets
    aside now, unread: they count as they were at issue, and that itself is news.
    """

    unknown: tuple[Weighed, ...]
    same: tuple[RegisterRecord, ...]
    elsewhere: tuple[RegisterRecord, ...]
    before: Result
    now: Result
    was_wrong_at_issue: bool
    set_aside: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        if self.unknown:
            return FoundAfterIssue.Kind.CANDIDATE
        is_the_same_text = self.before == self.now and not self.was_wrong_at_issue
        return FoundAfterIssue.Kind.SET_ASIDE if self.set_aside and is_the_same_text else FoundAfterIssue.Kind.TEXT


def news(certificate_request: CertificateRequest, answer: Complete, *, today: date) -> News | None:
    """Of an issued request. None where the answer says what the certificate stands on, in other words or not; or where
    the certificate stands on a newer one, as that of a correction may."""
    base = certified.base_of(certificate_request)
    if base.findings_digest == answer.findings_digest or base.as_of > answer.as_of:
        return None
    declaration, decisions = certificate_request.declaration, certified.decisions_on(certificate_request, base)
    same = {register_id for register_id, decision in decisions.items() if decision == SAME}
    set_aside = tuple(pair for pair in answer.set_aside if pair[0] in same)
    known = (
        *(one for one in answer.candidates if one.register_id in same),
        *(one for one in base.candidates if one.register_id in dict(set_aside)),
    )
    weighed = matching.weigh(question_about(declaration), answer.candidates)
    settled = same | _still_others(decisions, base.candidates, answer.candidates)
    paper = Certified(certificate_request, declaration, [one for one in base.candidates if one.register_id in same])
    days = local_day(certificate_request.issued_at), today

    def says_something_else(records: Iterable[RegisterRecord]) -> bool:
        return any(paper.with_register(records, on) != paper.at_issue(on) for on in days)

    unknown = tuple(
        one
        for one in weighed.open
        if one.record.register_id not in settled
        and not (paper.was_told_of(one.record) and not says_something_else((*known, one.record)))
    )
    if not unknown and not set_aside and not says_something_else(known):
        return None
    was_wrong = paper.with_register(known, days[0]) != paper.at_issue(days[0])
    before, now = paper.at_issue(today), paper.with_register(known, today)
    return News(unknown, known, paper.elsewhere, before, now, was_wrong, set_aside)


def _still_others(
    decisions: dict[str, str], before: Iterable[RegisterRecord], now: Iterable[RegisterRecord]
) -> set[str]:
    """Whom a person has called somebody else, while they are described as they were then."""
    described = {record.register_id: _who(record) for record in before}
    return {
        record.register_id
        for record in now
        if decisions.get(record.register_id) == CandidateDecision.Decision.DIFFERENT
        and described.get(record.register_id) == _who(record)
    }


def _who(record: RegisterRecord) -> RegisterRecord:
    """The record without what was decided about the person."""
    return replace(record, convictions=(), bans=(), pending_prosecution=None, residences=())

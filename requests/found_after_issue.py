"""Whether an answer after issue says something new: another candidate, or another text than the certificate's.

Both answers are read by today's rules and as of the same days, so that only new data, never new code or the mere
passing of time, is called new.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from records import matching
from records.answers import Complete
from records.determination import Determination, Undetermined
from records.facts import RegisterRecord
from records.matching import Weighed
from requests import two_people
from requests.clock import local_day
from requests.concluding import determined
from requests.models import AfterIssue, CandidateDecision, FoundAfterIssue, SourceSearch
from requests.policy import CENTRAL
from requests.questions import question_about

Result = Determination | Undetermined
SAME = CandidateDecision.Decision.SAME


@dataclass(frozen=True)
class News:
    """`unknown`: candidates of whom nobody has said who they are; `same`: who was called the person, as they are now.

    `before` and `now`: what would be printed today by what was known at issue, and by what is known now.
    """

    unknown: tuple[Weighed, ...]
    same: tuple[RegisterRecord, ...]
    before: Result
    now: Result
    was_wrong_at_issue: bool

    @property
    def kind(self) -> str:
        return FoundAfterIssue.Kind.CANDIDATE if self.unknown else FoundAfterIssue.Kind.TEXT


def news(after_issue: AfterIssue, answer: Complete, *, today: date) -> News | None:
    """None where the answer says what the certificate stands on, in other words or not."""
    base = _base(after_issue)
    if base is None:  # nothing to compare with is itself a doubt
        raise LookupError(f"no answer before the issue of request {after_issue.request_id}")
    if base.findings_digest == answer.findings_digest:
        return None
    declaration, decisions = after_issue.declaration, _decisions(after_issue, base)
    same = {register_id for register_id, decision in decisions.items() if decision == SAME}
    weighed = matching.weigh(question_about(declaration), answer.candidates)
    settled = same | _still_others(decisions, base.candidates, answer.candidates)
    unknown = tuple(one for one in weighed.open if one.record.register_id not in settled)

    def result(candidates: Iterable[RegisterRecord], on: date) -> Result:
        return determined(declaration, [one for one in candidates if one.register_id in same], as_of=on)

    issued_on = local_day(after_issue.issued_at)
    before, now = result(base.candidates, today), result(answer.candidates, today)
    was_wrong = result(base.candidates, issued_on) != result(answer.candidates, issued_on)
    if not (unknown or was_wrong or before != now):
        return None
    known = tuple(one for one in answer.candidates if one.register_id in same)
    return News(unknown, known, before, now, was_wrong)


def _base(after_issue: AfterIssue) -> Complete | None:
    """The answer that the certificate stands on."""
    search = (
        SourceSearch.objects.select_related("lookup").filter(request=after_issue.request_id, source=CENTRAL).first()
    )
    return Complete.from_json(search.lookup.answer) if search and search.lookup else None


def _decisions(after_issue: AfterIssue, base: Complete) -> dict[str, str]:
    """What people decided about the answer that the certificate stands on."""
    spoken = two_people.all_words(after_issue.request)
    of_base = (words.standing for words in spoken if words.rows[0].findings_digest == base.findings_digest)
    return {register_id: row.decision for standing in of_base for register_id, row in standing.items()}


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

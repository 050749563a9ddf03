"""Whether an answer after issue says something new: another candidate, or another text than the certificate's.

Both answers are read by today's rules, as of the same days and beside the same facts of other agencies, so that only
new data is called new: never new code, the mere passing of time, or the register learning what an agency had told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from records import matching
from records.answers import Complete
from records.determination import Determination, Undetermined
from records.facts import RegisterRecord
from records.judgments import judgment_key
from records.matching import Weighed
from requests import concluding, inquiries, two_people
from requests.clock import local_day
from requests.models import AfterIssue, CandidateDecision, FoundAfterIssue, SourceSearch
from requests.policy import CENTRAL
from requests.questions import question_about

Result = Determination | Undetermined
SAME = CandidateDecision.Decision.SAME


@dataclass(frozen=True)
class News:
    """`unknown`: candidates of whom nobody has said who they are; `same`: who was called the person, as they are now.

    `before` and `now`: what would be printed today by what was known at issue, and by what is known now; both with what
    other agencies had told by then (`elsewhere`).
    """

    unknown: tuple[Weighed, ...]
    same: tuple[RegisterRecord, ...]
    elsewhere: tuple[RegisterRecord, ...]
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
    known = tuple(one for one in answer.candidates if one.register_id in same)
    weighed = matching.weigh(question_about(declaration), answer.candidates)
    settled = same | _still_others(decisions, base.candidates, answer.candidates)
    certified = _Certified(after_issue, [one for one in base.candidates if one.register_id in same])
    days = local_day(after_issue.issued_at), today

    def says_something_else(records: Iterable[RegisterRecord]) -> bool:
        return any(certified.with_register(records, on) != certified.at_issue(on) for on in days)

    unknown = tuple(
        one
        for one in weighed.open
        if one.record.register_id not in settled
        and not (certified.was_told_of(one.record) and not says_something_else((*known, one.record)))
    )
    if not unknown and not says_something_else(known):
        return None
    was_wrong = certified.with_register(known, days[0]) != certified.at_issue(days[0])
    before, now = certified.at_issue(today), certified.with_register(known, today)
    return News(unknown, known, certified.elsewhere, before, now, was_wrong)


class _Certified:
    """What the certificate rests on: the register's rows of the person, what agencies had told by then, and what was
    concluded from both."""

    def __init__(self, after_issue: AfterIssue, register: Sequence[RegisterRecord]):
        self._declaration = after_issue.declaration
        self._register = tuple(register)
        self._asked = inquiries.standing(after_issue.request, until=after_issue.issued_at)
        self.elsewhere = self._asked.records(self._declaration)

    def at_issue(self, on: date) -> Result:
        """What would be printed on a day by what was known when the certificate was issued."""
        return self._says(self._register, on)

    def with_register(self, records: Iterable[RegisterRecord], on: date) -> Result:
        """The same, with these rows of the register in the place of those; what a person concluded from the facts
        stands while they are the same facts, in whichever row."""
        rows = tuple(records)
        told = _facts((*rows, *self.elsewhere)) == _facts((*self._register, *self.elsewhere))
        return self._says(self._register if told else rows, on)

    def _says(self, register: tuple[RegisterRecord, ...], on: date) -> Result:
        return concluding.concluded(self._declaration, [*register, *self.elsewhere], self._asked, as_of=on)

    def was_told_of(self, record: RegisterRecord) -> bool:
        """An agency had told of all that stands against this person, whoever it is."""
        told = {judgment_key(conviction) for one in self.elsewhere for conviction in one.convictions}
        tells = {judgment_key(conviction) for conviction in record.convictions}
        return bool(tells) and tells <= told and not record.bans and record.pending_prosecution is None


def _facts(records: Iterable[RegisterRecord]) -> set[object]:
    """All that a certificate is determined from, each once, whichever row it stands in."""
    return {
        fact
        for one in records
        for fact in (*one.convictions, *one.bans, one.pending_prosecution, one.date_of_birth)
        if fact is not None
    }


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

"""Which cases two people decide, who may read whose answer, and what stands.

Two clerks say of every candidate who it is, each for themselves. Until both have said it of all, nobody reads the
other's answer: no page, no API, no query but the ones here. Where they agree, that stands; where they differ, or
somebody is in doubt, a leader who is neither of them decides, seeing both. Only this module reads CandidateDecision.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from records import weighing
from records.answers import Question
from records.matching import REVIEW, Matching
from requests.law import local
from requests.models import CandidateCase, CandidateDecision, CertificateRequest
from requests.permissions import SYSTEM

Decision = CandidateDecision.Decision
TwoPeople = CandidateCase.TwoPeople
PERSON_SAID = {Decision.SAME, Decision.DIFFERENT}
# From which day on a name is "very common", as a share of the people in the register's own count of names
# (records/frequencies.py): the same bound at which the evidence calls it “rất phổ biến”.
COMMON_NAMES = ((date(2009, 7, 1), 1 / 2_000),)
STEPS_OF_DRAW = 10_000


# --- Which cases ----------------------------------------------------------------------------------------------------


def is_drawn(code: str, findings_digest: str, percent: int) -> bool:
    """Whether these findings about this request fall into the share: nothing in it can be drawn again."""
    drawn = int(hashlib.sha256(f"{code} {findings_digest}".encode()).hexdigest()[:12], 16) % STEPS_OF_DRAW
    return drawn * 100 < percent * STEPS_OF_DRAW


def is_very_common(name: str, on: date) -> bool:
    """By the register's own count of names, and the bound of that day."""
    bound = max((row for row in COMMON_NAMES if row[0] <= on), default=None)
    return bound is not None and weighing.current().names.of_name(name) >= bound[1]


def reason(
    certificate_request: CertificateRequest, question: Question, digest: str, matching: Matching, on: date, percent: int
) -> str:
    """Why two people must decide; empty where one does. Only what is in doubt is decided at all."""
    if matching.decision != REVIEW:
        return ""
    if any(is_very_common(name, on) for name in (question.full_name, *question.other_names)):
        return TwoPeople.COMMON_NAME
    return TwoPeople.SHARE if is_drawn(certificate_request.code, digest, percent) else ""


def case_of(
    certificate_request: CertificateRequest, question: Question, digest: str, matching: Matching, on: date
) -> CandidateCase:
    """The row about exactly these findings; where nobody has decided yet, the one that would be written."""
    register_ids = [weighed.record.register_id for weighed in matching.open]
    rows = list(certificate_request.candidate_cases.filter(declaration=certificate_request.declaration_id))
    newest = rows[-1] if rows else None
    if newest and newest.findings_digest == digest and newest.register_ids == register_ids:
        return newest
    drawn = next((row for row in rows if row.findings_digest == digest), None)
    if drawn is not None:  # the same findings keep their first draw
        percent, two_people = drawn.percent, drawn.two_people
    elif matching.decision != REVIEW:
        percent, two_people = 0, ""
    else:
        percent = local.two_people_percent(certificate_request.authority, on)
        two_people = reason(certificate_request, question, digest, matching, on, percent)
    return CandidateCase(
        request=certificate_request,
        declaration_id=certificate_request.declaration_id,
        findings_digest=digest,
        two_people=two_people,
        percent=percent,
        register_ids=register_ids,
    )


# --- What was said --------------------------------------------------------------------------------------------------


def person_of(user: Any) -> str:
    """Two accounts of one person are one person; somebody whose number is not known is only their account."""
    return user.person_key or f"account {user.pk}"


@dataclass(frozen=True)
class Words:
    """What each person said last of each candidate of one case. `rows` are all of these findings, oldest first."""

    case: CandidateCase
    rows: tuple[CandidateDecision, ...]

    @cached_property
    def _by_person(self) -> dict[str, dict[str, CandidateDecision]]:
        said: dict[str, dict[str, CandidateDecision]] = {}
        for row in self.rows:
            if not row.as_leader:
                said.setdefault(person_of(row.by), {})[row.register_id] = row
        return said

    @cached_property
    def _leaders(self) -> dict[str, CandidateDecision]:
        return {row.register_id: row for row in self.rows if row.as_leader}

    @property
    def needs_two(self) -> bool:
        return bool(self.case.two_people)

    @cached_property
    def finished(self) -> list[str]:
        """Who has said of every candidate that it is this person, or is not; who asks is not finished."""
        return [person for person, said in self._by_person.items() if self._is_whole(said)]

    def _is_whole(self, said: Mapping[str, CandidateDecision]) -> bool:
        return all(one in said and said[one].decision in PERSON_SAID for one in self.case.register_ids)

    @property
    def both_finished(self) -> bool:
        return len(self.finished) >= 2

    def pair(self, register_id: str) -> tuple[CandidateDecision | None, ...]:
        """What the two who have finished said of one candidate."""
        return tuple(self._by_person[person].get(register_id) for person in self.finished[:2])

    @cached_property
    def differing(self) -> list[str]:
        """Candidates of whom the two said different things, or somebody still asks: a third person decides."""
        if not (self.needs_two and self.both_finished):
            return []
        return [one for one in self._spoken_of if not self._agreed(one)]

    @property
    def _spoken_of(self) -> list[str]:
        """Those that must be decided, then those of whom somebody spoke although they are excluded."""
        return list(dict.fromkeys([*self.case.register_ids, *(row.register_id for row in self.rows)]))

    def _agreed(self, register_id: str) -> bool:
        first, second = self.pair(register_id)
        asked = any(
            said[register_id].decision == Decision.ASK for said in self._by_person.values() if register_id in said
        )
        return first is not None and second is not None and first.decision == second.decision and not asked

    @cached_property
    def standing(self) -> dict[str, CandidateDecision]:
        """Register number → what counts. Of a case of two people nothing counts until both have finished."""
        if not self.needs_two:
            return {row.register_id: row for row in self.rows}
        if not self.both_finished:
            return {}
        found = {}
        for register_id in self._spoken_of:
            third = self._leaders.get(register_id)
            row = third if register_id in self.differing else self.pair(register_id)[1]
            if row is not None and row.decision in PERSON_SAID:
                found[register_id] = row
        return found

    @property
    def awaits_leader(self) -> bool:
        return any(one not in self.standing for one in self.differing)

    # --- Who may read and say what ----------------------------------------------------------------------------------

    def own(self, user: Any) -> dict[str, CandidateDecision]:
        """What this person said last: nobody else's."""
        return self._by_person.get(person_of(user), {})

    def has_finished(self, user: Any) -> bool:
        return person_of(user) in self.finished

    def may_say(self, user: Any) -> bool:
        """A clerk may still decide, or think again: until two have finished, nobody knows the other's answer."""
        return not self.needs_two or not self.both_finished

    def may_settle(self, user: Any) -> bool:
        """A third person, where two differ: whoever has said anything of this case is no third."""
        return self.awaits_leader and user.person_key is not None and person_of(user) not in self._by_person

    def readable_by(self, user: Any) -> list[CandidateDecision]:
        """The rows that this person may read now, oldest first."""
        open_to_all = not self.needs_two or self.both_finished
        return [row for row in self.rows if open_to_all or person_of(row.by) == person_of(user)]


def words_of(certificate_request: CertificateRequest, case: CandidateCase) -> Words:
    rows = certificate_request.candidate_decisions.filter(findings_digest=case.findings_digest)
    return Words(case, tuple(rows.select_related("by", "shown").order_by("pk")))


def all_words(certificate_request: CertificateRequest) -> list[Words]:
    """Everything that was ever decided about a request, by the findings that it was decided on, oldest first."""
    cases: dict[str, CandidateCase] = {row.findings_digest: row for row in certificate_request.candidate_cases.all()}
    rows: dict[str, list[CandidateDecision]] = {}
    found = certificate_request.candidate_decisions.select_related("by", "shown").order_by("pk")
    for row in found:
        rows.setdefault(row.findings_digest, []).append(row)
    unknown = CandidateCase(request=certificate_request, register_ids=[])  # older than the keeping of cases
    return [Words(cases.get(digest, unknown), tuple(said)) for digest, said in rows.items()]


# --- The work list --------------------------------------------------------------------------------------------------


def waiting_for_others(requests: Iterable[CertificateRequest], user: Any) -> dict[int, str]:
    """Of these requests, those that one has decided and another must: primary key → words for this person.

    Three queries however many there are. The words say whose turn it is and never what was said.
    """
    ids = [one.pk for one in requests]
    newest = {row.request_id: row for row in CandidateCase.objects.filter(request__in=ids)}
    doubled = {pk: row for pk, row in newest.items() if row.two_people}
    said: dict[int, list[CandidateDecision]] = {}
    digests = {row.findings_digest for row in doubled.values()}
    rows = CandidateDecision.objects.filter(request__in=doubled, findings_digest__in=digests)
    for row in rows.select_related("by").order_by("pk"):
        if row.findings_digest == doubled[row.request_id].findings_digest:
            said.setdefault(row.request_id, []).append(row)
    return {pk: turn for pk, rows in said.items() if (turn := whose_turn(Words(doubled[pk], tuple(rows)), user))}


WAITS_FOR_SECOND = "Chờ người thứ hai"
WAITS_FOR_OTHER = "Bạn đã quyết, chờ người khác"
WAITS_FOR_LEADER = "Hai người quyết khác nhau, chờ lãnh đạo"
NOT_MY_TURN = frozenset({WAITS_FOR_OTHER, WAITS_FOR_LEADER})


def whose_turn(words: Words, user: Any) -> str:
    """Who has to say something now, in words for this person; empty where everybody may go on."""
    if not words.needs_two or user is SYSTEM:
        return ""
    if words.both_finished:
        return WAITS_FOR_LEADER if words.awaits_leader else ""
    if not words.finished:
        return ""
    return WAITS_FOR_OTHER if words.has_finished(user) else WAITS_FOR_SECOND

"""The findings as a clerk reads them: each candidate field by field, and what the certificate is expected to say."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from records.determination import Determination, PrintedConviction, Undetermined
from records.matching import MATCH
from requests import comparison, concluding, findings, two_people
from requests.clerk_views.acts import shown_digest
from requests.clerk_views.side_by_side import Compared
from requests.findings import Findings
from requests.models import CandidateDecision, CertificateRequest
from requests.staff_forms import DecisionForm, SettleForm

STATES = {
    "active": ("late", "octagon", "Chưa được xóa án tích"),
    "expunged": ("ok", "circle-check", "Đã được xóa án tích"),
    "amnestied": ("ok", "circle-check", "Được đại xá"),
}


class ConvictionLine(NamedTuple):
    conviction: PrintedConviction
    badge: tuple[str, str, str]
    is_printed: bool


@dataclass(frozen=True)
class Expected:
    """What would be printed. `result` is None while a candidate is open, or may be by today's rules: then nothing is
    said about a record."""

    result: Determination | Undetermined | None
    is_preview: bool
    digest: str
    convictions: tuple[ConvictionLine, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def is_determined(self) -> bool:
        return isinstance(self.result, Determination)

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.result.reasons if isinstance(self.result, Undetermined) else ()

    @property
    def words(self) -> str:
        """The expected text in one line."""
        if not isinstance(self.result, Determination):
            return ""
        count = len(self.result.convictions)
        return (self.result.text or "Án tích đều đã được xóa") + (f", {count} bản án" if count else "")


@dataclass(frozen=True)
class Desk:
    """Everything the right-hand pane shows about the findings, to one person."""

    found: Findings
    candidates: list[Compared]
    expected: Expected
    chosen: Compared | None
    turn: str
    has_finished: bool

    @property
    def open(self) -> list[Compared]:
        return [one for one in self.candidates if one.excluded is None]

    @property
    def excluded(self) -> list[Compared]:
        return [one for one in self.candidates if one.excluded is not None]

    @cached_property
    def set_aside(self) -> list[comparison.SetAside]:
        """Those whom the register set aside without their being read, by reason."""
        return comparison.set_aside(self.found.shown)

    @property
    def others(self) -> int:
        """How many were met and can only be somebody else: those who were read, and those who were not."""
        return len(self.excluded) + len(self.found.answer.set_aside)

    @property
    def decided(self) -> int:
        """How many of them this person sees decided: their own words while nobody reads the other's."""
        return sum(one.decision is not None for one in self.open)

    @property
    def one_press(self) -> Compared | None:
        """The one candidate that everything speaks for, while nobody has decided on it, where it is being looked at."""
        if self.found.matching.decision == MATCH and len(self.open) == 1 and self.open[0].decision is None:
            return self.open[0] if self.chosen is self.open[0] else None
        return None

    @property
    def why_two(self) -> str:
        """Why two people decide this case; empty where one does."""
        return self.found.words.case.get_two_people_display() if self.found.words.needs_two else ""

    @property
    def before(self) -> Compared | None:
        """The candidate before the chosen one, for the key that leads there."""
        return self._beside(-1)

    @property
    def after(self) -> Compared | None:
        return self._beside(1)

    def _beside(self, step: int) -> Compared | None:
        if self.chosen is None:
            return None
        at = self.chosen.position - 1 + step
        return self.candidates[at] if 0 <= at < len(self.candidates) else None


@dataclass(frozen=True)
class Reader:
    """Who looks, what they may say, and which candidate they chose (`chosen`: its rank, as the address has it)."""

    user: Any
    may_decide: bool
    chosen: str = ""
    bound: DecisionForm | None = None
    as_leader: bool = False


def desk(certificate_request: CertificateRequest, as_of: date, reader: Reader) -> Desk | None:
    """None while a complete answer is missing."""
    found = findings.current(certificate_request, as_of=as_of)
    if found is None:
        return None
    readable = found.words.readable_by(reader.user)
    candidates = [_compared(one, found, reader, readable) for one in comparison.candidates(found.shown)]
    chosen = _chosen(candidates, reader)
    if chosen is not None:
        candidates[chosen.position - 1] = chosen = replace(chosen, form=_form(chosen, found, reader))
    return Desk(
        found,
        candidates,
        _expected(certificate_request, found, as_of),
        chosen,
        two_people.whose_turn(found.words, reader.user),
        found.words.needs_two and found.words.has_finished(reader.user),
    )


# --- Candidates -----------------------------------------------------------------------------------------------------


def _compared(
    candidate: comparison.Candidate, found: Findings, reader: Reader, readable: list[CandidateDecision]
) -> Compared:
    """With the decision that counts, or the reader's own; and the last word of each person whom they may read."""
    register_id = candidate.register_id
    decision = found.decisions.get(register_id) or found.words.own(reader.user).get(register_id)
    newest = {
        (two_people.person_of(row.by) if found.words.needs_two else ""): row
        for row in readable
        if row.register_id == register_id
    }
    return Compared(candidate, decision, tuple(newest.values()), register_id in found.words.differing)


def _chosen(candidates: list[Compared], reader: Reader) -> Compared | None:
    """The one that was refused, the one asked for, else the most plausible one that still wants this person's word."""
    for one in candidates:
        if _was_refused(one, reader):
            return one
    if reader.chosen.isascii() and reader.chosen.isdigit() and 0 < int(reader.chosen[:4]) <= len(candidates):
        return candidates[int(reader.chosen[:4]) - 1]
    still_open = [one for one in candidates if one.excluded is None]
    if reader.as_leader:
        still_open = [one for one in candidates if one.differs] or still_open
    undecided = [one for one in still_open if _wants_word(one)]
    return next(iter(undecided or still_open), None)


def _was_refused(one: Compared, reader: Reader) -> bool:
    """What was typed is about this candidate; it is never shown beside another, should that one be here no more."""
    return reader.bound is not None and reader.bound.data.get("register_id") == one.register_id


def _wants_word(one: Compared) -> bool:
    return one.decision is None or one.decision.decision == CandidateDecision.Decision.ASK


def _form(one: Compared, found: Findings, reader: Reader) -> DecisionForm | None:
    if not reader.may_decide or not _may_say(one, found, reader):
        return None
    auto_id = f"candidate_{one.position}_%s"
    if _was_refused(one, reader):
        reader.bound.auto_id = auto_id
        return reader.bound
    initial = {
        "register_id": one.register_id,
        "findings_digest": found.answer.findings_digest,
        "shown_sha256": found.shown_sha256,
    }
    if one.decision is not None:
        initial["decision"] = one.decision.decision
    elif found.matching.decision == MATCH:
        initial |= {"decision": CandidateDecision.Decision.SAME, "ground": DecisionForm.SAME_NUMBER}
    kind = SettleForm if reader.as_leader else DecisionForm
    return kind(initial=initial, auto_id=auto_id, use_required_attribute=False)


def _may_say(one: Compared, found: Findings, reader: Reader) -> bool:
    if reader.as_leader:
        return one.differs and found.words.may_settle(reader.user)
    return one.excluded is None and found.words.may_say(reader.user)


# --- What is expected -----------------------------------------------------------------------------------------------


def _expected(certificate_request: CertificateRequest, found: Findings, as_of: date) -> Expected:
    declaration = certificate_request.declaration
    same = [
        weighed.record
        for weighed in found.matching.candidates
        if weighed.record.register_id in found.decisions
        and found.decisions[weighed.record.register_id].decision == CandidateDecision.Decision.SAME
    ]
    same += found.elsewhere
    result: Determination | Undetermined | None = found.result if found.person_is_settled else None
    is_preview = result is None and found.matching.decision == MATCH and not found.decisions
    digest = shown_digest(found, found.result)
    if is_preview:
        same = [found.matching.matched, *found.elsewhere]
        result = concluding.determined(declaration, same, as_of=as_of)
        digest = _digest_after_confirming(found, result)
    if result is None or found.obstacles_of_rules:
        return Expected(None, False, digest)
    everything = concluding.determined(declaration, same, as_of=as_of, certificate_type=2)
    if isinstance(everything, Undetermined):
        return Expected(result, is_preview, digest, unclear=everything.reasons)
    printed = result.convictions if isinstance(result, Determination) else ()
    keys = {(row.judgment_number, row.court, row.judgment_date) for row in printed}
    lines = tuple(
        ConvictionLine(row, STATES[row.state], (row.judgment_number, row.court, row.judgment_date) in keys)
        for row in everything.convictions
    )
    return Expected(result, is_preview, digest, lines)


def _digest_after_confirming(found: Findings, result: Determination | Undetermined) -> str:
    """What the digest will be when the one candidate is said to be the person: one press covers both."""
    matched = found.matching.matched
    decision = CandidateDecision(register_id=matched.register_id, decision=CandidateDecision.Decision.SAME)
    decided = {**found.decisions, matched.register_id: decision}
    return shown_digest(replace(found, decisions=decided, result=result), result)

"""The findings as a clerk reads them: each candidate field by field, and what the certificate is expected to say."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lltp_portal.wording import grouped_number, partial_date
from records.determination import Determination, PrintedConviction, Undetermined
from records.matching import DIFFERENT, EQUAL, MATCH, MISSING, NORMALISED, FieldOutcome, Weighed
from requests import concluding, countries, findings
from requests.answers_shown import province_name
from requests.clerk_views.acts import shown_digest
from requests.findings import Findings
from requests.models import CandidateDecision, CertificateRequest
from requests.staff_forms import DecisionForm

TAGS = {EQUAL: "equal", NORMALISED: "alike", DIFFERENT: "differs", MISSING: "absent"}
STATES = {
    "active": ("late", "octagon", "Chưa được xóa án tích"),
    "expunged": ("ok", "circle-check", "Đã được xóa án tích"),
    "amnestied": ("ok", "circle-check", "Được đại xá"),
}
ALIKE_ENOUGH = 0.5


class Line(NamedTuple):
    """One field side by side."""

    label: str
    asked: str
    found: str | SafeString
    tag: str
    reason: str


class Compared(NamedTuple):
    """One candidate: its lines, why it is excluded (None: it is not), the newest decision, and the form."""

    position: int
    weighed: Weighed
    lines: list[Line]
    differing: int
    decision: CandidateDecision | None
    form: DecisionForm | None


class ConvictionLine(NamedTuple):
    conviction: PrintedConviction
    badge: tuple[str, str, str]
    is_printed: bool


@dataclass(frozen=True)
class Expected:
    """What would be printed; `result` is None while a candidate is open, and then nothing is said about a record."""

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
    """Everything the right-hand pane shows about the findings."""

    found: Findings
    candidates: list[Compared]
    expected: Expected

    @property
    def open(self) -> list[Compared]:
        return [one for one in self.candidates if one.weighed.excluded is None]

    @property
    def excluded(self) -> list[Compared]:
        return [one for one in self.candidates if one.weighed.excluded is not None]

    @property
    def decided(self) -> int:
        return sum(one.decision is not None for one in self.open)

    @property
    def one_press(self) -> Compared | None:
        """The one candidate that everything speaks for, while nobody has decided on it."""
        if self.found.matching.decision == MATCH and len(self.open) == 1 and self.open[0].decision is None:
            return self.open[0]
        return None


def desk(
    certificate_request: CertificateRequest, as_of: date, *, may_decide: bool, bound: DecisionForm | None = None
) -> Desk | None:
    """None while a complete answer is missing."""
    found = findings.current(certificate_request, as_of=as_of)
    if found is None:
        return None
    candidates = [
        _compared(position, weighed, found, may_decide, bound)
        for position, weighed in enumerate(found.matching.candidates, start=1)
    ]
    return Desk(found, candidates, _expected(certificate_request, found, as_of))


# --- Candidates -----------------------------------------------------------------------------------------------------


def _compared(position: int, weighed: Weighed, found: Findings, may_decide: bool, bound: DecisionForm | None):
    lines = [_line(outcome) for outcome in weighed.outcomes]
    decision = found.decisions.get(weighed.record.register_id)
    form = None
    if may_decide and weighed.excluded is None:
        form = _form(position, weighed, found, decision)
        if bound is not None and bound.data.get("register_id") == weighed.record.register_id:
            bound.auto_id = form.auto_id
            form = bound
    return Compared(position, weighed, lines, sum(line.tag == "differs" for line in lines), decision, form)


def _form(position: int, weighed: Weighed, found: Findings, decision: CandidateDecision | None) -> DecisionForm:
    initial = {"register_id": weighed.record.register_id, "findings_digest": found.answer.findings_digest}
    if decision is not None:
        initial["decision"] = decision.decision
    elif found.matching.decision == MATCH:
        initial |= {"decision": CandidateDecision.Decision.SAME, "ground": DecisionForm.SAME_NUMBER}
    return DecisionForm(initial=initial, auto_id=f"candidate_{position}_%s", use_required_attribute=False)


def _line(outcome: FieldOutcome) -> Line:
    asked, found = (_shown(outcome.field, value) for value in (outcome.asked, outcome.found))
    marked = _marked(asked, found) if outcome.outcome == DIFFERENT else found
    return Line(outcome.label, asked, marked, TAGS[outcome.outcome], outcome.reason)


def _shown(field: str, value: str) -> str:
    if field == "date_of_birth":
        return partial_date(value)
    if field == "identity_documents":
        return ", ".join(grouped_number(number.strip()) for number in value.split(",") if number.strip())
    if field == "place_of_birth_province":
        return province_name(value) or value
    if field == "nationality":
        return countries.all_names().get(value, value)
    return value


def _marked(asked: str, found: str) -> str | SafeString:
    """The differing characters marked; only where most of the two is alike, else everything would be."""
    matcher = SequenceMatcher(None, asked.casefold(), found.casefold(), autojunk=False)
    if len(asked) != len(asked.casefold()) or matcher.ratio() < ALIKE_ENOUGH:
        return found
    pieces: list[Any] = []
    for kind, _, _, begin, end in matcher.get_opcodes():
        if begin < end:
            piece = found[begin:end]
            pieces.append((piece if kind == "equal" else format_html("<mark>{}</mark>", piece),))
    return format_html_join("", "{}", pieces)


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
    if result is None:
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
    return shown_digest(Findings(found.search, found.answer, found.matching, decided, result), result)

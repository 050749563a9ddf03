"""One candidate side by side with the declaration, as pages show it: of now, and as it was when it was decided."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lltp_portal.wording import grouped_number, partial_date
from records.matching import DIFFERENT, EQUAL, MISSING, NORMALISED
from requests import countries
from requests.answers_shown import province_on_file
from requests.comparison import Candidate
from requests.models import CandidateDecision
from requests.staff_forms import DecisionForm

TAGS = {EQUAL: "equal", NORMALISED: "alike", DIFFERENT: "differs", MISSING: "absent"}
ALIKE_ENOUGH = 0.5
# Alike as far as one side is known: a bare year is part of a birthday, an old province of the one it was merged into.
IN_PART = ("date_of_birth", "place_of_birth_province")


class Line(NamedTuple):
    """One field side by side."""

    label: str
    asked: str
    found: str | SafeString
    tag: str
    reason: str


@dataclass(frozen=True)
class Compared:
    """One candidate: what is shown of it, the decision that the reader may see, what was said of it, and the form."""

    candidate: Candidate
    decision: CandidateDecision | None = None
    said: tuple[CandidateDecision, ...] = ()
    differs: bool = False
    form: DecisionForm | None = None

    @property
    def position(self) -> int:
        return self.candidate.position

    @property
    def register_id(self) -> str:
        return self.candidate.register_id

    @property
    def excluded(self) -> str | None:
        return self.candidate.excluded

    @property
    def lines(self) -> list[Line]:
        return [line(outcome) for outcome in self.candidate.outcomes]

    @property
    def differing(self) -> int:
        return sum(outcome["outcome"] == DIFFERENT for outcome in self.candidate.outcomes)

    @property
    def in_doubt(self) -> bool:
        return self.decision is not None and self.decision.decision == CandidateDecision.Decision.ASK


def line(outcome: dict[str, str]) -> Line:
    asked, found = (shown_value(outcome["field"], outcome[side]) for side in ("asked", "found"))
    marked = _marked(asked, found) if outcome["outcome"] == DIFFERENT else found
    return Line(
        outcome["label"], asked, marked, tag_of(outcome["field"], outcome["outcome"], asked, found), outcome["reason"]
    )


def tag_of(field: str, outcome: str, asked: str, found: str) -> str:
    """The tag says no more than is known; two kinds of paper are not one lacking."""
    if outcome == NORMALISED and field in IN_PART:
        return "partly"
    if outcome == MISSING and asked and found:
        return "apart"
    return TAGS[outcome]


def shown_value(field: str, value: str) -> str:
    """A field of a comparison as people read it: dates, numbers in groups, names of provinces and countries."""
    if field == "date_of_birth":
        return partial_date(value)
    if field == "identity_documents":
        return ", ".join(grouped_number(number.strip()) for number in value.split(",") if number.strip())
    if field == "place_of_birth_province":
        return province_on_file(value) or value
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

"""Compares the applicant with each candidate and says what a person has to look at (domain 12.2, docs/matching.md).

Doubt always ends in `review`: a candidate that nothing excludes is never `clear`, and the only `match` made without a
person choosing is T1, the same 12-digit number with the same name and nothing that speaks against it (ADR 0009).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from records import comparing, weighing
from records.answers import Question
from records.comparing import RECONCILABLE, SAME_LETTERS, SAME_NAME, SLIP, text_level
from records.facts import RegisterRecord
from records.field_outcomes import DIFFERENT, EQUAL, MISSING, NORMALISED, OUTCOMES, FieldOutcome, outcomes_of
from records.weighing import Evidence, Weights

__all__ = ["DIFFERENT", "EQUAL", "MISSING", "NORMALISED", "OUTCOMES", "FieldOutcome", "Matching", "Weighed", "weigh"]

# What the code below decides by: it grows with every change of an outcome. Weights and names have their own versions.
RULES_VERSION = "5"
CLEAR, MATCH, REVIEW = "clear", "match", "review"
# The tiers of domain 12.2, and what is found by none of them.
T1, T2, T3, T4, T5, NO_TIER = "T1", "T2", "T3", "T4", "T5", "-"

BIRTHS = "Hai ngày sinh đầy đủ khác nhau, không phải đảo ngày tháng hay sai một nét."
PARENTS = "Đã biết cha và mẹ ở cả hai bên, cả hai đều khác."
NUMBERS = "Hai số định danh 12 chữ số khác nhau từ hai chữ số trở lên."
NAMES = "Họ tên khác hẳn; không có số giấy tờ, cha, mẹ, vợ hoặc chồng hay tên gọi khác nào trùng."
TOO_LITTLE = "Không trùng họ tên với năm sinh, số giấy tờ hay tên gọi khác; mọi thông tin cộng lại quá ít ({} bit)."


@dataclass(frozen=True)
class Weighed:
    """One candidate with its comparison. `excluded` says why this cannot be the person, None where nothing does.

    `contradicted`: what would have excluded it, had the rest not spoken so loudly for the same person.
    """

    question: Question
    record: RegisterRecord
    levels: Mapping[str, str]
    bits: Mapping[str, float]
    excluded: str | None
    contradicted: str | None
    tier: str
    weights: Weights

    @property
    def weight(self) -> float:
        """All fields together: log2 of how much likelier this is if both are one person than if they are two."""
        return total(self.bits)

    @cached_property
    def outcomes(self) -> tuple[FieldOutcome, ...]:
        return tuple(outcomes_of(self.question, self.record))

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        return weighing.evidence(self.question, self.record, self.levels, self.bits, self.weights)

    def to_json(self) -> dict[str, Any]:
        return {
            "register_id": self.record.register_id,
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
            "excluded": self.excluded,
            "contradicted": self.contradicted,
            "tier": self.tier,
            "weight": self.weight,
            "evidence": [bar.to_json() for bar in self.evidence],
        }


@dataclass(frozen=True)
class Matching:
    """The decision, and every candidate: best first, excluded ones last but never hidden."""

    decision: str
    candidates: tuple[Weighed, ...]
    version: str

    @property
    def open(self) -> tuple[Weighed, ...]:
        """The candidates that nothing excludes: each needs a person's word."""
        return tuple(weighed for weighed in self.candidates if weighed.excluded is None)

    @property
    def matched(self) -> RegisterRecord | None:
        return self.open[0].record if self.decision == MATCH else None

    def summary(self) -> dict[str, Any]:
        """What is kept beside the answer; fields and evidence follow from the answer and the version."""
        return {
            "decision": self.decision,
            "version": self.version,
            "candidates": [
                {
                    "register_id": weighed.record.register_id,
                    "weight": weighed.weight,
                    "tier": weighed.tier,
                    "excluded": weighed.excluded,
                }
                for weighed in self.candidates
            ],
        }

    def to_json(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "candidates": [weighed.to_json() for weighed in self.candidates],
            "version": self.version,
        }


def version_of(weights: Weights) -> str:
    """Rules, weights and names' frequencies: what a decision was made with."""
    return f"{RULES_VERSION}/{weights.full_version}"


def weigh(question: Question, candidates: Iterable[RegisterRecord], *, weights: Weights | None = None) -> Matching:
    """Compare every candidate and decide; the order of the candidates does not matter."""
    weights = weights or weighing.current()
    weighed = sorted((_weigh_one(question, candidate, weights) for candidate in candidates), key=_best_first)
    still_open = [one for one in weighed if one.excluded is None]
    if not still_open:
        decision = CLEAR
    elif len(still_open) == 1 and still_open[0].tier == T1 and still_open[0].weight >= weights.match_from:
        decision = MATCH
    else:
        decision = REVIEW
    return Matching(decision, tuple(weighed), version_of(weights))


def _best_first(weighed: Weighed) -> tuple:
    return weighed.excluded is not None, -weighed.weight, weighed.record.register_id


def _weigh_one(question: Question, record: RegisterRecord, weights: Weights) -> Weighed:
    levels, bits = weighing.levels_and_bits(question, record, weights)
    tier = _tier(question, record, levels)
    excluded, contradicted = exclusion(question, record, levels), None
    weight = total(bits)
    if excluded and excluded != BIRTHS and weight >= weights.doubt_from:
        excluded, contradicted = None, excluded
    elif excluded is None and tier == NO_TIER and weight < _least(question, record, levels, weights):
        excluded = TOO_LITTLE.format(f"{weight:.1f}".replace(".", ",").replace("-", "−"))
    return Weighed(question, record, levels, bits, excluded, contradicted, tier, weights)


def total(bits: Mapping[str, float]) -> float:
    return round(sum(bits.values()), 2)


def _least(question: Question, record: RegisterRecord, levels: Mapping[str, str], weights: Weights) -> float:
    parents = same_parents(question, record, levels)
    return least(
        weights,
        other_parent=False in parents,
        same_parent=True in parents,
        other_province=levels["place_of_birth_province"] == comparing.DIFFERENT,
        other_name=levels["full_name"] in (comparing.MIDDLE, comparing.DIFFERENT),
        other_sex=levels["sex"] == comparing.DIFFERENT,
    )


def least(
    weights: Weights,
    *,
    other_parent: bool,
    same_parent: bool,
    other_province: bool,
    other_name: bool,
    other_sex: bool,
) -> float:
    """One other parent, another province or another name never excludes alone, but asks for more beside it.

    Two of parent, province, name and sex that are another ask for more than either: one slip is usual, two are not.
    """
    asked = [weights.exclude_below]
    if other_parent:
        asked.append(weights.other_parent_below)
    if other_province and not same_parent:
        asked.append(weights.other_province_below)
    if other_name:
        asked.append(weights.other_name_below)
    if other_parent + other_province + other_name + other_sex > 1:
        asked.append(weights.two_others_below)
    return max(asked)


# --- What excludes -------------------------------------------------------------------------------------------------


def exclusion(question: Question, record: RegisterRecord, levels: Mapping[str, str]) -> str | None:
    """Why this cannot be the person (domain 12.2, T4), or None. One different parent or digit never excludes.

    Somebody who shares a document's number is never excluded by the rest: a person solves that contradiction.
    """
    if comparing.EQUAL in (levels["citizen_number"], levels["other_number"]):
        return None
    if births_exclude(question, record, levels):
        return BIRTHS
    parents = same_parents(question, record, levels)
    if all(same is False for same in parents):
        return PARENTS
    if levels["citizen_number"] == comparing.DIFFERENT and not all(parents):
        return NUMBERS
    if levels["full_name"] == comparing.DIFFERENT and not (any(parents) or _same_parent(levels["spouse_name"])):
        return NAMES
    return None


def births_exclude(question: Question, record: RegisterRecord, levels: Mapping[str, str]) -> bool:
    """Two full dates that are neither one day, nor swapped, nor one slip apart, nor a year written as 1 January."""
    both_full = question.date_of_birth.is_full and record.date_of_birth.is_full
    return both_full and levels["date_of_birth"] not in RECONCILABLE


def same_parents(
    question: Question, record: RegisterRecord, levels: Mapping[str, str]
) -> tuple[bool | None, bool | None]:
    """True: the same name but for marks or one slip; False: another name. None: not known on both sides, or unclear.

    Father and mother written into each other's field are not two other people.
    """
    father, mother = _same_parent(levels["father_name"]), _same_parent(levels["mother_name"])
    if father is False and mother is False:
        crossed = (
            text_level(question.father_name, record.mother_name),
            text_level(question.mother_name, record.father_name),
        )
        if any(_same_parent(level) for level in crossed):
            return None, None
    return father, mother


def _same_parent(level: str) -> bool | None:
    if level in SAME_LETTERS or level == SLIP:
        return True
    return False if level in (comparing.DIFFERENT, comparing.MIDDLE) else None


# --- Tiers ---------------------------------------------------------------------------------------------------------


def _tier(question: Question, record: RegisterRecord, levels: Mapping[str, str]) -> str:
    """The tiers of domain 12.2; T1 only where nothing speaks against it."""
    name = levels["full_name"]
    if levels["citizen_number"] == comparing.EQUAL:
        return T1 if name in SAME_NAME and not _contradicts(question, record, levels) else T2
    if levels["other_number"] == comparing.EQUAL:
        return T5
    if name in SAME_NAME and _is_strong(levels):
        return T3
    if not _same_year(levels):
        return NO_TIER
    if levels["place_of_birth_province"] != comparing.EQUAL:
        return NO_TIER
    if name == comparing.ALIAS:
        return T5
    return T4 if name in SAME_LETTERS else NO_TIER


def _contradicts(question: Question, record: RegisterRecord, levels: Mapping[str, str]) -> bool:
    """A day of birth, a sex or both parents that say: two people with one number."""
    return (
        levels["date_of_birth"] not in RECONCILABLE
        or levels["sex"] == comparing.DIFFERENT
        or all(same is False for same in same_parents(question, record, levels))
    )


def _is_strong(levels: Mapping[str, str]) -> bool:
    if levels["date_of_birth"] != comparing.DAY:
        return False
    return (
        levels["sex"] == comparing.EQUAL
        or levels["place_of_birth_province"] == comparing.EQUAL
        or any(_same_parent(levels[field]) for field in ("father_name", "mother_name"))
    )


def _same_year(levels: Mapping[str, str]) -> bool:
    return levels["date_of_birth"] in RECONCILABLE or levels["date_of_birth"] == comparing.SAME_YEAR

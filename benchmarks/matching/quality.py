"""Counts what becomes of people on file and of strangers, and how sure the counts are."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from records import comparing
from records.matching import CLEAR, MATCH, REVIEW, Matching, Weighed

SURE = 0.95


@dataclass
class Tally:
    """One kind: how many were asked about, how the decisions fell, and where they were wrong."""

    name: str
    is_present: bool = False
    asked: int = 0
    found: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    wrong_matches: int = 0
    false_clears: int = 0
    candidates: int = 0
    # Strangers: sent to review by somebody whose number or parent is known on both sides; by others only.
    compared: int = 0
    uncompared: int = 0
    # Kin and namesakes: sent to review by the very person on file whose kin or namesake they are.
    mistaken: int = 0
    # Looked at only for candidates of whom nothing can be compared: by the whole bits of the loudest of them.
    nothing_more: Counter[int] = field(default_factory=Counter)
    weights: list[float] = field(default_factory=list)
    # Open pairs by whole bits: of one person, and of two.
    same: Counter[int] = field(default_factory=Counter)
    strange: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    def present(self, matching: Matching, register_id: str, reference: str, *, is_set_aside: bool = False) -> None:
        """A person who is on file under this id. Found is whoever was met, though they were set aside unread."""
        self.is_present = True
        self._count(matching, register_id)
        mine = next((one for one in matching.candidates if one.record.register_id == register_id), None)
        self.found += mine is not None or is_set_aside
        if mine is not None:
            self.weights.append(mine.weight)
        if matching.matched and matching.matched.register_id != register_id:
            self._wrong(reference)
        if matching.decision == CLEAR:
            self.false_clears += 1
            self.odd.append(reference)
        elif (is_set_aside or (mine is not None and mine.excluded)) and matching.decision == REVIEW:
            self.odd.append(f"{reference} (excluded, but another candidate is looked at)")

    def absent(self, matching: Matching, reference: str, kin: str = "") -> None:
        """Somebody who is not on file; `kin` is the register id of the person whose kin or namesake they are."""
        self._count(matching)
        self.mistaken += any(one.record.register_id == kin for one in matching.open)
        if matching.decision == MATCH:
            self._wrong(reference)
        if matching.decision == REVIEW:
            if any(is_comparable(one) for one in matching.open):
                self.compared += 1
            else:
                self.uncompared += 1

    def would_be_clear(self, below: int) -> int:
        """How many more would be called clear, were candidates of whom nothing can be compared left out below this."""
        return sum(count for bits, count in self.nothing_more.items() if bits < below)

    def _count(self, matching: Matching, register_id: str = "") -> None:
        self.asked += 1
        for one in matching.open:
            pairs = self.same if one.record.register_id == register_id else self.strange
            pairs[math.floor(one.weight)] += 1
        if matching.decision == REVIEW and not any(is_comparable(one) for one in matching.open):
            self.nothing_more[math.floor(max(one.weight for one in matching.open))] += 1
        self.candidates += len(matching.candidates)
        self.decisions[matching.decision] += 1

    def _wrong(self, reference: str) -> None:
        self.wrong_matches += 1
        self.odd.append(reference)

    def share(self, count: int) -> float:
        return count / self.asked if self.asked else 0.0

    def add(self, other: "Tally") -> None:
        """Take in what another process counted."""
        counts = ("asked", "found", "wrong_matches", "false_clears", "candidates", "compared", "uncompared", "mistaken")
        for name in counts:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.is_present |= other.is_present
        self.decisions += other.decisions
        self.nothing_more += other.nothing_more
        self.same += other.same
        self.strange += other.strange
        self.weights += other.weights
        self.odd += other.odd


def precision_and_recall(tallies: Iterable[Tally], at_least: int | None) -> tuple[float, float]:
    """Of the pairs left open (from this weight on) how many are one person; of the people, how many are left."""
    same = strange = people = 0
    for tally in tallies:
        people += tally.asked if tally.is_present else 0
        same += sum(n for bits, n in tally.same.items() if at_least is None or bits >= at_least)
        strange += sum(n for bits, n in tally.strange.items() if at_least is None or bits >= at_least)
    return same / max(same + strange, 1), same / max(people, 1)


def is_comparable(weighed: Weighed) -> bool:
    """A 12-digit number or a parent is known on both sides."""
    fields = ("citizen_number", "father_name", "mother_name")
    return any(weighed.levels[name] != comparing.MISSING for name in fields)


def upper_bound(hits: int, asked: int) -> float:
    """Clopper and Pearson's upper end of the 95 % interval, one-sided; 3/n (the rule of three) where nothing happened.

    The share at which seeing so few would already have been luck of one in twenty.
    """
    if not asked or hits >= asked:
        return 1.0
    low, high = hits / asked, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, asked, middle) > 1 - SURE else (low, middle)
    return high


def _at_most(hits: int, asked: int, share: float) -> float:
    """The chance of at most so many hits."""
    term = (1 - share) ** asked
    together = term
    for k in range(hits):
        term *= (asked - k) / (k + 1) * share / (1 - share)
        together += term
    return together


def added(parts: Iterable[list[Tally]]) -> list[Tally]:
    """The tallies of all processes, in the order of the first."""
    together: dict[str, Tally] = {}
    for tallies in parts:
        for tally in tallies:
            together.setdefault(tally.name, Tally(tally.name)).add(tally)
    return list(together.values())

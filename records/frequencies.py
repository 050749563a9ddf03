"""How common a name is: a shared "Nguyễn Thị Hương" says little, a shared rare name says much (domain 12.3).

The shares are data with a version: a seed written from the domain's figures, or counted from a register by
`manage.py count_names`. A whole name is looked up first; one that is not in the file is taken as the product of its
parts. Rare names are never written into the file: they are nobody's business, and the floor serves them as well.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from records.names import key1, key2

# The rarest a name is ever taken to be: one in 500,000. A share seen once in a register is chance, not knowledge.
FLOOR = 1 / 500_000
# A part that is not in the file: as rare as the rarest part that is usually written there.
UNKNOWN_PART = 1 / 3_000
KINDS = ("surname", "middle", "given", "whole")


@dataclass(frozen=True)
class Frequencies:
    """Shares of surnames, middle words, given names and whole names, each under its toned key."""

    version: str
    shares: Mapping[str, Mapping[str, float]]
    # How often two strangers have the same name: the sum of the squares of all names' shares.
    coincidence: float
    # How many words names have: {3: 0.75, …}; more common lengths are more often shared.
    lengths: Mapping[int, float]
    provenance: str = ""

    def frequency(self, kind: str, token: str) -> float:
        """The share of people whose `kind` is this token, as written by anybody (marks count, habits do not)."""
        return self.shares[kind].get(key1(token), FLOOR if kind == "whole" else UNKNOWN_PART)

    def of_name(self, name: str) -> float:
        """The share of people who bear exactly this name."""
        toned = key1(name)
        return self.shares["whole"].get(toned) or max(FLOOR, self._product(toned.split(), self.shares))

    def of_letters(self, name: str) -> float:
        """The share of people whose name is this one when marks are left out."""
        bare = key2(name)
        known = self._without_marks["whole"].get(bare, 0.0)
        return max(known, self.of_name(name), self._product(bare.split(), self._without_marks))

    def _product(self, words: list[str], shares: Mapping[str, Mapping[str, float]]) -> float:
        """The parts taken to be independent of each other."""
        if not words:
            return 1.0
        together = self.lengths.get(len(words), UNKNOWN_PART)
        kinds = ["surname", *["middle"] * (len(words) - 2), "given"] if len(words) > 1 else ["given"]
        for kind, word in zip(kinds, words, strict=True):
            together *= shares[kind].get(word, UNKNOWN_PART)
        return together

    @cached_property
    def _without_marks(self) -> dict[str, dict[str, float]]:
        return {kind: _by_letters(self.shares[kind]) for kind in KINDS}


def _by_letters(shares: Mapping[str, float]) -> dict[str, float]:
    together: Counter[str] = Counter()
    for toned, share in shares.items():
        together[key2_of_key1(toned)] += share  # type: ignore[assignment]
    return dict(together)


def key2_of_key1(toned: str) -> str:
    """The toned key carries its tone as a digit behind the syllable; without it, only letters' marks are left."""
    return key2("".join(character for character in toned if not character.isdigit()))


def load(path: Path) -> Frequencies:
    """Read one version; a file that is not whole is an error at the start, never a silent default."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    shares = {kind: {key1(token): float(share) for token, share in written[kind].items()} for kind in KINDS}
    lengths = {int(words): float(share) for words, share in written["lengths"].items()}
    return Frequencies(written["version"], shares, float(written["coincidence"]), lengths, written["provenance"])


class Count:
    """Counts names of a register, to become a new version of the file."""

    def __init__(self) -> None:
        self.people = 0
        self.tokens: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.lengths: Counter[int] = Counter()

    def add(self, name: str) -> None:
        """One person's full name; spelling habits are levelled by the key, and one spelling stands for all."""
        toned = key1(name)
        words = toned.split()
        if not words:
            return
        self.people += 1
        self.lengths[len(words)] += 1
        self.tokens["whole"][toned] += 1
        self.tokens["given"][words[-1]] += 1
        if len(words) > 1:
            self.tokens["surname"][words[0]] += 1
        self.tokens["middle"].update(words[1:-1])

    def coincidence(self) -> float:
        """Two different people of this register: how often the same name."""
        pairs = self.people * (self.people - 1)
        return max(FLOOR, sum(n * (n - 1) for n in self.tokens["whole"].values()) / pairs) if pairs else FLOOR

    def shares(self, kind: str, at_least: int) -> dict[str, float]:
        counted = self.tokens[kind]
        kept = ((token, n) for token, n in counted.items() if n >= at_least)
        return {token: n / self.people for token, n in sorted(kept, key=lambda pair: (-pair[1], pair[0]))}


def count(names: Iterable[str]) -> Count:
    counted = Count()
    for name in names:
        counted.add(name)
    return counted


def written(version: str, provenance: str, counted: Count, *, at_least: int) -> str:
    """The file of a new version. What fewer than `at_least` people bear is left out: it would name somebody."""
    lines = [
        "# How common names are. A version is never edited: `manage.py count_names` writes the next one.",
        f'version = "{version}"',
        f'provenance = "{provenance}"',
        "# Two strangers have the same name this often.",
        f"coincidence = {counted.coincidence():.3g}",
        "",
        "[lengths]",
        *(f"{words} = {n / counted.people:.4f}" for words, n in sorted(counted.lengths.items()) if n >= at_least),
    ]
    for kind in KINDS:
        lines += ["", f"[{kind}]"]
        lines += [f'"{token}" = {share:.6f}' for token, share in counted.shares(kind, at_least).items()]
    return "\n".join(lines) + "\n"

"""What an agreement or a difference is worth, in bits: Fellegi and Sunter's weights, aware of how common a name is.

A weight is log2(m / u): `m`, how often this level is seen when both sides are the same person; `u`, how often when
they are two. Both are data with a version (records/weights/YYYY-MM.toml), estimated again by `script/bench weights`; a
version is never edited. For names `u` grows with how common this very name is (records/frequencies.py).
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from records import comparing, frequencies
from records.comparing import MISSING, Person
from records.evidence_words import words_of
from records.frequencies import Frequencies

THRESHOLDS = (
    "exclude_below",
    "other_parent_below",
    "other_province_below",
    "other_name_below",
    "two_others_below",
    "doubt_from",
    "match_from",
)
# Asked for since 2026-11b; an older version asks for no more than always.
SINCE_THEN = {"two_others_below": "exclude_below"}
FOLDER = Path(__file__).parent / "weights"
# Fields whose agreement is worth more the rarer the name is; what agrees without marks is as common as all spellings.
NAME_FIELDS = ("full_name", "father_name", "mother_name", "spouse_name")
BY_NAME = frozenset({comparing.EXACT, comparing.LEVELLED})
BY_LETTERS = frozenset({comparing.UNMARKED, comparing.SLIP, comparing.PARTS, comparing.CLOSE})
BY_ALIAS = frozenset({comparing.ALIAS, comparing.ALIAS_SLIP})
# No level of two strangers is ever taken to be rarer than one in 2^27 or more usual than always.
RAREST, ALWAYS = 2.0**-27, 1.0


@dataclass(frozen=True)
class Evidence:
    """One bar of the waterfall: a field, how it agrees, what that is worth, and the sentence for the clerk."""

    field: str
    level: str
    bits: float
    words: str

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "level": self.level, "bits": self.bits, "words": self.words}


@dataclass(frozen=True)
class Weights:
    """One version of the weights and of the names' frequencies it is used with."""

    version: str
    bits: Mapping[str, Mapping[str, float]]
    strangers: Mapping[str, Mapping[str, float]]
    # Below it nothing plausible is left; more is asked for where a parent, the province or the name is another, and
    # more again where two of them, or one of them and the sex, are.
    # From `doubt_from` on even what excludes is doubted; a match needs `match_from`.
    exclude_below: float
    other_parent_below: float
    other_province_below: float
    other_name_below: float
    two_others_below: float
    doubt_from: float
    match_from: float
    names: Frequencies

    @property
    def full_version(self) -> str:
        return f"{self.version}/{self.names.version}"


def levels_and_bits(asked: Person, found: Person, weights: Weights) -> tuple[dict[str, str], dict[str, float]]:
    """How every field agrees and what that is worth."""
    levels = comparing.levels(asked, found)
    return levels, {field: _bits(field, level, asked, found, weights) for field, level in levels.items()}


def _bits(field: str, level: str, asked: Person, found: Person, weights: Weights) -> float:
    if level == MISSING:
        return 0.0
    bits = weights.bits[field][level]
    if field in NAME_FIELDS and (shared := shared_by(field, level, asked, found, weights.names)):
        bits -= _rarer(weights.strangers[field][level], shared / weights.names.coincidence)
    return round(bits, 2)


def _rarer(strangers: float, factor: float) -> float:
    """By how many bits two strangers agree more often than on average, where the name is `factor` times as common."""
    return math.log2(min(ALWAYS, max(RAREST, strangers * factor)) / strangers)


def shared_by(field: str, level: str, asked: Person, found: Person, names: Frequencies) -> float | None:
    """The share of people who bear the name that agrees; None where no whole name agrees."""
    if level in BY_ALIAS:
        pair = comparing.names_level(asked, found)
        return max(names.of_letters(pair.asked), names.of_letters(pair.found))
    one, other = getattr(asked, field), getattr(found, field)
    if level in BY_NAME:
        return names.of_name(one)
    if level in BY_LETTERS:
        return max(names.of_letters(one), names.of_letters(other))
    return None


def most(field: str, name: str, weights: Weights) -> dict[str, float]:
    """By level, the most that an agreement with this name can be worth, whoever is on file.

    The name that agrees is at least as common as the asked one (`shared_by`).
    """
    names, bits, strangers = weights.names, weights.bits[field], weights.strangers[field]
    as_written = names.of_name(name) / names.coincidence
    by_letters = names.of_letters(name) / names.coincidence
    common = dict.fromkeys(BY_NAME, as_written) | dict.fromkeys(BY_LETTERS | BY_ALIAS, by_letters)
    return {level: bits[level] - _rarer(strangers[level], factor) for level, factor in common.items() if level in bits}


def evidence(
    asked: Person, found: Person, levels: Mapping[str, str], bits: Mapping[str, float], weights: Weights
) -> tuple[Evidence, ...]:
    """The waterfall: what speaks loudest first, for or against; what is missing says nothing and comes last."""
    bars = []
    for field, level in levels.items():
        shared = shared_by(field, level, asked, found, weights.names) if field in NAME_FIELDS else None
        merged = field == "place_of_birth_province" and comparing.are_one_since_merger(
            asked.place_of_birth_province, found.place_of_birth_province
        )
        words = words_of(field, level, bits[field], shared, one_since_merger=merged)
        bars.append(Evidence(field, level, bits[field], words))
    return tuple(sorted(bars, key=lambda bar: (bar.level == MISSING, -abs(bar.bits), bar.field)))


# --- Versions --------------------------------------------------------------------------------------------------------


@cache
def current(folder: Path = FOLDER) -> Weights:
    """The newest version that is shipped. Weights change decisions, so a new one comes with a release, never alone."""
    return load(max(versions(folder)), folder)


def versions(folder: Path = FOLDER) -> list[str]:
    return sorted(path.stem for path in folder.glob("2*.toml"))


def load(version: str, folder: Path = FOLDER) -> Weights:
    """One version by its name; a file that lacks a field or a level is an error before the first decision."""
    written = tomllib.loads((folder / f"{version}.toml").read_text(encoding="utf-8"))
    if written["version"] != version:
        raise ValueError(f"{version}.toml says that it is version {written['version']}")
    return of_data(written, frequencies.load(folder / f"names-{written['names']}.toml"))


def of_data(written: Mapping[str, Any], names: Frequencies) -> Weights:
    """Weights from the tables of a version file."""
    fields, thresholds = written["fields"], dict(written["thresholds"])
    for name, instead in SINCE_THEN.items():
        thresholds.setdefault(name, thresholds[instead])
    return Weights(
        written["version"],
        {
            field: {level: math.log2(odds["m"] / odds["u"]) for level, odds in table.items()}
            for field, table in fields.items()
        },
        {field: {level: float(odds["u"]) for level, odds in table.items()} for field, table in fields.items()},
        **{name: float(thresholds[name]) for name in THRESHOLDS},
        names=names,
    )

"""Estimates m and u of every level: counted on labelled pairs, and by EM on the same pairs without their labels.

`m` comes from pairs of an application and the register's line about the same person, kinds of corruption mixed in the
shares below; `u` from pairs of strangers. Levels that chance pairs hardly ever show (the same day of birth, the same
name) are not sampled but worked out from how often each value occurs.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

from benchmarks import population
from benchmarks.matching.asking import question_of, record_of
from records import comparing
from records.answers import Question
from records.comparing import MISSING
from records.facts import RegisterRecord

Odds = dict[str, dict[str, float]]
Pair = tuple[Question, RegisterRecord]
# Seven applications in ten are as the file has them; the kinds of corruption share the rest evenly.
UNCHANGED_SHARE = 0.70
# What the invented people never or hardly ever do, and real people and archives do: a wrong sex, a province of another
# map, a stepfather, a second marriage, two wrong digits. Assumed, not counted; it keeps a difference from shouting.
AT_LEAST: Odds = {
    "citizen_number": {"different": 0.005},
    "other_number": {"slip": 0.005, "different": 0.5},
    "full_name": {comparing.PARTS: 0.005, comparing.CLOSE: 0.003, comparing.MIDDLE: 0.001, comparing.ALIAS_SLIP: 0.001},
    "date_of_birth": {comparing.SAME_YEAR: 0.003, comparing.NEAR_YEAR: 0.003, comparing.DIFFERENT: 0.005},
    "sex": {"different": 0.003},
    "place_of_birth_province": {"different": 0.06},
    "nationality": {"different": 0.005},
    "ethnicity": {"different": 0.03},
} | {
    field: {level: 0.004 for level in (comparing.PARTS, comparing.CLOSE, comparing.MIDDLE)}
    | {comparing.DIFFERENT: least}
    for field, least in (("father_name", 0.006), ("mother_name", 0.015), ("spouse_name", 0.25))
}
# Nearly everybody asked about is Vietnamese; the invented people all are.
FOREIGN = 0.01
# Never counted in data of any size: two people of one number are an error of a register, a slip in it hardly less rare.
SAME_NUMBER, NEAR_NUMBER = 5e-8, 2e-6
SMOOTHED_BY = 0.5
PLAIN_FIELDS = ("sex", "place_of_birth_province", "ethnicity")
NAME_FIELDS = ("full_name", "father_name", "mother_name", "spouse_name")
NAME_LEVELS = (
    comparing.EXACT,
    comparing.LEVELLED,
    comparing.UNMARKED,
    comparing.SLIP,
    comparing.PARTS,
    comparing.CLOSE,
    comparing.MIDDLE,
    comparing.DIFFERENT,
)
LEVELS: dict[str, tuple[str, ...]] = {
    "citizen_number": ("equal", "slip", "different"),
    "other_number": ("equal", "slip", "different"),
    "full_name": (*NAME_LEVELS[:-1], comparing.ALIAS, comparing.ALIAS_SLIP, comparing.DIFFERENT),
    "date_of_birth": (
        comparing.DAY,
        comparing.MONTH,
        comparing.YEAR,
        comparing.SWAPPED,
        comparing.DEFAULT,
        comparing.NEAR,
        comparing.DATE_SLIP,
        comparing.SAME_YEAR,
        comparing.NEAR_YEAR,
        comparing.DIFFERENT,
    ),
    "father_name": NAME_LEVELS,
    "mother_name": NAME_LEVELS,
    "spouse_name": NAME_LEVELS,
    "sex": ("equal", "different"),
    "place_of_birth_province": ("equal", "different"),
    "nationality": ("equal", "different"),
    "ethnicity": ("equal", "different"),
}


def same_people(count: int, seed: int) -> Iterable[Pair]:
    """Pairs of one person, the kinds mixed in their shares."""
    random, kinds = Random(seed), len(population.KIND_NAMES)
    plain = population.KIND_NAMES.index("unchanged")
    for position in range(count):
        kind = plain if random.random() < UNCHANGED_SHARE else int(random.random() * kinds)
        index = position * kinds + kind
        yield question_of(population.asked(index, seed)), record_of(population.on_file(index, seed))


def counted_m(pairs: Iterable[Pair]) -> Odds:
    """How often one person shows each level, smoothed so that a level never seen is rare and not impossible."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in LEVELS}
    for asked, found in pairs:
        for field, level in comparing.levels(asked, found).items():
            counts[field][level] += 1
    return {field: _at_least(_shares(counts[field], field), AT_LEAST.get(field, {})) for field in LEVELS}


def _at_least(shares: dict[str, float], least: dict[str, float]) -> dict[str, float]:
    raised = {level: max(share, least.get(level, 0.0)) for level, share in shares.items()}
    together = sum(raised.values())
    return {level: share / together for level, share in raised.items()}


def _shares(counts: Counter[str], field: str) -> dict[str, float]:
    known = {level: counts[level] + SMOOTHED_BY for level in LEVELS[field]}
    together = sum(known.values())
    return {level: n / together for level, n in known.items()}


def counted_u(asked: list[Question], found: list[RegisterRecord], samples: int, seed: int) -> Odds:
    """How often two strangers show each level; nobody may be on both lists."""
    random = Random(seed)
    counts: dict[str, Counter[str]] = {field: Counter() for field in LEVELS}
    for _ in range(samples):
        one, other = asked[int(random.random() * len(asked))], found[int(random.random() * len(found))]
        for field in PLAIN_FIELDS:
            counts[field][comparing.plain_level(getattr(one, field), getattr(other, field))] += 1
        counts["date_of_birth"][comparing.birth_level(one.date_of_birth, other.date_of_birth)] += 1
    for field in NAME_FIELDS:
        _sample_names(counts[field], _spelled(field, asked), _spelled(field, found), samples, random)
    strangers = {field: _shares(counts[field], field) for field in LEVELS}
    _work_out_rare(strangers, asked, found)
    return strangers


def _spelled(field: str, people: Iterable) -> list[comparing.Spelled]:
    return [comparing.spelled(name) for one in people if (name := getattr(one, field))]


def _sample_names(
    counts: Counter[str], asked: list[comparing.Spelled], found: list[comparing.Spelled], samples: int, random: Random
) -> None:
    for _ in range(samples):
        one, other = asked[int(random.random() * len(asked))], found[int(random.random() * len(found))]
        counts[comparing.name_level(one, other)] += 1


def _work_out_rare(strangers: Odds, asked: list[Question], found: list[RegisterRecord]) -> None:
    days = _coincidence((one.date_of_birth.text for one in asked if one.date_of_birth.is_full), _days(found))
    both_full = len(_days(found)) / len(found)
    strangers["date_of_birth"] |= {
        comparing.DAY: days * both_full,
        comparing.NEAR: 2 * days * both_full,
        comparing.SWAPPED: days * both_full * 0.4,  # twelve days of a month are another day when exchanged
    }
    for field in NAME_FIELDS:
        strangers[field] |= _same_names(field, asked, found)
    # A few names of one person against a few of another: more chances to agree.
    name = strangers["full_name"]
    name |= {comparing.ALIAS: 3 * name[comparing.EXACT], comparing.ALIAS_SLIP: 3 * name[comparing.SLIP]}
    strangers["nationality"] = {"equal": 1 - FOREIGN, "different": FOREIGN}
    for field, times in (("citizen_number", 1), ("other_number", 10)):
        equal, slip = SAME_NUMBER * times, NEAR_NUMBER * times
        strangers[field] = {"equal": equal, "slip": slip, "different": 1 - equal - slip}


def share_spellings(m: Odds, strangers: Odds) -> None:
    """Where two have one name, whether it is also written alike says nothing: it is a habit of all writers."""
    for field in NAME_FIELDS:
        alike, unalike = m[field][comparing.EXACT], m[field][comparing.LEVELLED]
        same_name = strangers[field][comparing.EXACT]
        strangers[field][comparing.EXACT] = same_name * alike / (alike + unalike)
        strangers[field][comparing.LEVELLED] = same_name * unalike / (alike + unalike)


def _days(found: list[RegisterRecord]) -> list[str]:
    return [one.date_of_birth.text for one in found if one.date_of_birth.is_full]


def _same_names(field: str, asked: list[Question], found: list[RegisterRecord]) -> dict[str, float]:
    def all_of(people: Iterable, spelling: Callable[[str], str]) -> list[str]:
        return [spelling(name) for one in people if (name := getattr(one, field))]

    toned = _coincidence(all_of(asked, comparing.key1), all_of(found, comparing.key1))
    bare = _coincidence(all_of(asked, comparing.key2), all_of(found, comparing.key2))
    return {comparing.EXACT: toned, comparing.UNMARKED: max(bare - toned, toned * 0.2)}


def _coincidence(asked: Iterable[str], found: Iterable[str]) -> float:
    one, other = Counter(asked), Counter(found)
    pairs = one.total() * other.total()
    return max(sum(n * other[value] for value, n in one.items()), SMOOTHED_BY) / pairs if pairs else 1e-6


def expectation_maximisation(pairs: list[Pair], strangers: Odds, rounds: int = 30) -> tuple[Odds, float]:
    """m and the share of same people, learnt from pairs whose labels nobody looks at; u is held fast."""
    vectors = Counter(tuple(comparing.levels(asked, found).items()) for asked, found in pairs)
    m: Odds = {field: _first_guess(levels) for field, levels in LEVELS.items()}
    share = 0.5
    for _ in range(rounds):
        sums: dict[str, Counter[str]] = {field: Counter() for field in LEVELS}
        same = 0.0
        for vector, count in vectors.items():
            likely = _posterior(vector, m, strangers, share) * count
            same += likely
            for field, level in vector:
                sums[field][level] += likely  # type: ignore[assignment]
        share = same / len(pairs)
        m = {field: _shares(sums[field], field) for field in LEVELS}
    return m, share


def _first_guess(levels: tuple[str, ...]) -> dict[str, float]:
    """The best level first, halving: agreement is likelier than difference. That is all EM is told."""
    parts = [0.5 ** (position + 1) for position in range(len(levels))]
    return {level: part / sum(parts) for level, part in zip(levels, parts, strict=True)}


def _posterior(vector: tuple[tuple[str, str], ...], m: Odds, u: Odds, share: float) -> float:
    bits = math.log2(share / (1 - share)) if 0 < share < 1 else 0.0
    bits += sum(math.log2(m[field][level] / u[field][level]) for field, level in vector if level != MISSING)
    return 1 / (1 + 2 ** -max(-500.0, min(500.0, bits)))

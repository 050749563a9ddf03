"""How far two people agree, field by field, each as one named level: what is compared, never what it is worth.

A level says what can be seen in the two writings (equal, equal but for marks, one slip, day and month exchanged …).
What a level weighs is data (records/weights), what excludes is law of the house (records/matching.py, domain 12.2).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from lltp_portal import provinces
from records.answers import Question
from records.facts import IdentityDocument, RegisterRecord
from records.names import PartialDate, is_citizen_number, is_one_slip, key1, key2, nfc, normal_number, strip_marks

Person = Question | RegisterRecord

MISSING, DIFFERENT = "missing", "different"
# Names, from the closest on. `close`: two slips; `parts`: other order, or one word lacking; `middle`: họ and tên equal.
EXACT, LEVELLED, UNMARKED, SLIP, PARTS, CLOSE, MIDDLE = (
    "exact",
    "levelled",
    "unmarked",
    "slip",
    "parts",
    "close",
    "middle",
)
ALIAS, ALIAS_SLIP = "alias", "alias_slip"
SAME_NAME = frozenset({EXACT, LEVELLED})
SAME_LETTERS = frozenset({EXACT, LEVELLED, UNMARKED})
# Dates of birth.
DAY, MONTH, YEAR, SWAPPED, DEFAULT, NEAR, DATE_SLIP, SAME_YEAR, NEAR_YEAR = (
    "day",
    "month",
    "year",
    "swapped",
    "default",
    "near",
    "slip",
    "same_year",
    "near_year",
)
# Dates that may be one day written twice: none of them excludes (domain 12.2).
RECONCILABLE = frozenset({DAY, MONTH, YEAR, SWAPPED, DEFAULT, NEAR, DATE_SLIP})
EQUAL = "equal"
# The applicant's own spellings and numbers are compared with every candidate; more than a few are not worth keeping.
KEPT = 128
# Shorter names have too many neighbours within two slips.
LONG_ENOUGH_FOR_TWO_SLIPS = 9


class Spelled(NamedTuple):
    """One name as written and in the two spellings in which it is compared."""

    written: str
    toned: str
    bare: str


@lru_cache(maxsize=KEPT)
def spelled(name: str) -> Spelled:
    return Spelled(nfc(name), key1(name), key2(name))


class Names(NamedTuple):
    """The pair of spellings that agree best, and how far."""

    level: str
    asked: str
    found: str


# --- Names ---------------------------------------------------------------------------------------------------------


def name_level(asked: Spelled, found: Spelled) -> str:
    """How far two spellings agree."""
    if asked.toned == found.toned:
        return EXACT if asked.written == found.written else LEVELLED
    if asked.bare == found.bare:
        return UNMARKED
    if is_one_slip(asked.bare, found.bare):
        return SLIP
    one, other = asked.bare.split(), found.bare.split()
    differing = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    if len(one) == len(other) and len(differing) == 1 and _one_slip_as_typed(asked.written, found.written):
        return SLIP
    if solid(asked.bare) == solid(found.bare):
        return SLIP
    return by_words(one, other)


def _one_slip_as_typed(asked: str, found: str) -> bool:
    """My and yM: one slip of the fingers, two in the key, which writes a lone y as i."""
    return is_one_slip(strip_marks(asked.casefold()), strip_marks(found.casefold()))


def solid(bare: str) -> str:
    """Th ịVy and Thị Vy: a space in the wrong place changes two words, and with them whether the key has y or i."""
    return bare.replace(" ", "").replace("y", "i")


def by_words(asked: Sequence[str], found: Sequence[str]) -> str:
    """The level of two names that are neither the same nor one slip apart, by their words without marks."""
    words = set(asked)
    if len(asked) > 2 and words.isdisjoint(found):
        return DIFFERENT
    if _same_words(asked, found):
        return PARTS
    if len(asked) == len(found) and _two_slips(asked, found):
        return CLOSE
    if len(asked) > 1 and len(found) > 1 and asked[0] == found[0] and asked[-1] == found[-1]:
        return MIDDLE
    return DIFFERENT


def _same_words(asked: Sequence[str], found: Sequence[str]) -> bool:
    """The words in another order, or one word between the first and the last lacking on one side."""
    shorter, longer = (asked, found) if len(asked) < len(found) else (found, asked)
    if len(longer) - len(shorter) > 1 or any(word not in longer for word in shorter):
        return False
    if len(asked) == len(found):
        return sorted(asked) == sorted(found)
    return len(shorter) > 1 and all(shorter.count(word) <= longer.count(word) for word in shorter)


def _two_slips(asked: Sequence[str], found: Sequence[str]) -> bool:
    """One slip in each of two words, or two in one: only in names long enough for that to mean anything."""
    pairs = [(one, other) for one, other in zip(asked, found, strict=True) if one != other]
    if len(pairs) > 2 or sum(map(len, asked)) < LONG_ENOUGH_FOR_TWO_SLIPS:
        return False
    if len(pairs) == 2:
        return is_one_slip(*pairs[0]) and is_one_slip(*pairs[1])
    return len(pairs) == 1 and _within_two_edits(*pairs[0])


def _within_two_edits(one: str, other: str) -> bool:
    """Two letters of one word wrong, where most of the word stays: Phương and Phuơg, not An and Hà."""
    if min(len(one), len(other)) < 4 or one[0] != other[0]:
        return False
    return any(
        one[:i] + one[i + 1 :] == other or is_one_slip(one[:i] + one[i + 1 :], other) for i in range(len(one))
    ) or any(is_one_slip(one, other[:i] + other[i + 1 :]) for i in range(len(other)))


def names_level(asked: Person, found: Person) -> Names:
    """The applicant's names against all names on file. A full name against a full name comes first."""
    one, other = spelled(asked.full_name), spelled(found.full_name)
    level = name_level(one, other)
    best = Names(level, asked.full_name, found.full_name)
    if level in SAME_LETTERS or not (asked.other_names or found.other_names):
        return best
    return _alias(asked, found, one, other) or best


def _alias(asked: Person, found: Person, one: Spelled, other: Spelled) -> Names | None:
    asked_names = [one, *map(spelled, asked.other_names)]
    found_names = [other, *map(spelled, found.other_names)]
    slip = None
    for left in asked_names:
        for right in found_names:
            if left.bare == right.bare:
                return Names(ALIAS, left.written, right.written)
            if slip is None and (left, right) != (one, other) and is_one_slip(left.bare, right.bare):
                slip = Names(ALIAS_SLIP, left.written, right.written)
    return slip


def text_level(asked: str | None, found: str | None) -> str:
    """A parent's or spouse's name; MISSING where one side has none."""
    if not asked or not found:
        return MISSING
    one, other = spelled(asked), spelled(found)
    if not one.bare or not other.bare:
        return MISSING
    return name_level(one, other)


# --- Dates of birth --------------------------------------------------------------------------------------------------


def birth_level(asked: PartialDate, found: PartialDate) -> str:
    """Compared at the lower precision (domain 12.1)."""
    if asked.overlaps(found):
        return _precision(asked, found)
    if asked.is_full and found.is_full:
        return _full_days(asked.first_day, found.first_day)
    if asked.year == found.year:
        return SAME_YEAR
    return NEAR_YEAR if abs(asked.year - found.year) == 1 else DIFFERENT


def _precision(asked: PartialDate, found: PartialDate) -> str:
    shortest = min(len(asked.text), len(found.text))
    if shortest == 10 and asked.text[5:] == "01-01":
        return YEAR  # both say 1 January: nobody knew more than the year
    return {4: YEAR, 7: MONTH}.get(shortest, DAY)


def _full_days(asked: date, found: date) -> str:
    if (asked.year, asked.month, asked.day) == (found.year, found.day, found.month):
        return SWAPPED
    # 1 January is what offices wrote where only the year was known: as good as a year (domain 12.1).
    if asked.year == found.year and (1, 1) in ((asked.month, asked.day), (found.month, found.day)):
        return DEFAULT
    if abs(asked - found) == timedelta(days=1):
        return NEAR
    if _one_digit_apart(asked, found):
        return DATE_SLIP
    return SAME_YEAR if asked.year == found.year else DIFFERENT


def _one_digit_apart(asked: date, found: date) -> bool:
    """One digit wrong, or two neighbours exchanged; then year, month or day is still the same."""
    if asked.year != found.year and asked.month != found.month and asked.day != found.day:
        return False
    return is_one_slip(asked.isoformat().replace("-", ""), found.isoformat().replace("-", ""))


# --- Numbers -------------------------------------------------------------------------------------------------------


def numbers(documents: Iterable[IdentityDocument]) -> set[str]:
    return {normal for document in documents if (normal := normal_number(document.number))}


def citizen_numbers(documents: Iterable[IdentityDocument]) -> set[str]:
    """The 12-digit numbers of identity cards; a passport's twelve digits are something else."""
    return {n for n in numbers(d for d in documents if d.type in ("cccd", "cmnd")) if is_citizen_number(n)}


class Papers(NamedTuple):
    """Every number of one side, normalised: the 12-digit ones of identity cards, and all the rest."""

    citizen: frozenset[str]
    others: frozenset[str]


@lru_cache(maxsize=KEPT)
def papers(documents: tuple[IdentityDocument, ...]) -> Papers:
    citizen = frozenset(citizen_numbers(documents))
    return Papers(citizen, frozenset(numbers(documents)) - citizen)


def number_levels(asked: Papers, found: Papers) -> tuple[str, str]:
    """12-digit numbers, and old 9-digit numbers, passports and the rest: the nearest pair of each counts.

    The same digits under another kind of paper are the same number.
    """
    others = number_level(asked.others, found.others)
    if asked.others & found.citizen or asked.citizen & found.others:
        others = EQUAL
    return number_level(asked.citizen, found.citizen), others


def number_level(asked: frozenset[str], found: frozenset[str]) -> str:
    """The nearest pair of two sides' numbers of one kind."""
    if not asked or not found:
        return MISSING
    if asked & found:
        return EQUAL
    return SLIP if any(is_one_slip(one, other) for one in asked for other in found) else DIFFERENT


# --- The rest --------------------------------------------------------------------------------------------------------


def plain_level(asked: str | None, found: str | None) -> str:
    """A word of a fixed list: equal, different, or missing on one side."""
    if not asked or not found:
        return MISSING
    return EQUAL if asked == found or key2(asked) == key2(found) else DIFFERENT


def are_one_since_merger(asked: str | None, found: str | None) -> bool:
    """Two codes of provinces that may name one place, written before and after provinces were merged (2025-07-01)."""
    if not asked or not found:
        return False
    one, other = asked.strip(), found.strip()
    return one != other and other in provinces.may_be_same(one)


def province_level(asked: str | None, found: str | None) -> str:
    """Provinces that a merger may have made one are equal: no paper is another person's for being newer.

    A level of its own would need bits of its own, which no version of the weights has. Those of EQUAL say a little too
    much, as three provinces are more usual than one; that brings a person to look, while a match rests on the number.
    """
    return EQUAL if are_one_since_merger(asked, found) else plain_level(asked, found)


def levels(asked: Person, found: Person) -> dict[str, str]:
    """Every field that is weighed, in the order in which a clerk reads it."""
    citizen, others = number_levels(papers(asked.identity_documents), papers(found.identity_documents))
    return {
        "citizen_number": citizen,
        "other_number": others,
        "full_name": names_level(asked, found).level,
        "date_of_birth": birth_level(asked.date_of_birth, found.date_of_birth),
        "father_name": text_level(asked.father_name, found.father_name),
        "mother_name": text_level(asked.mother_name, found.mother_name),
        "spouse_name": text_level(asked.spouse_name, found.spouse_name),
        "sex": plain_level(asked.sex, found.sex),
        "place_of_birth_province": province_level(asked.place_of_birth_province, found.place_of_birth_province),
        "nationality": plain_level(asked.nationality, found.nationality),
        "ethnicity": plain_level(asked.ethnicity, found.ethnicity),
    }

"""Under what a person is found: hashed keys beside the days of birth that they are looked up with, and plain names.

A key is written once for each number, name and pair of family names; the day of birth stands beside it in the same
index. A question therefore needs one look at each key for all the days that are not yet another person's: the day
itself, day and month exchanged, the days around it, one slip of the typist, and 1 January, where offices put a birth
of which only the year is known (domain 12.1, 12.2). Whoever is found under none of these would be excluded anyway.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lltp_portal.provinces import may_be_same
from records import comparing
from records.answers import Question
from records.facts import RegisterRecord
from records.name_parts import given_name
from records.names import PartialDate, key2, neighbouring_days, nfc, normal_number, one_slip_days, swapped_day

# Raise it with every change to what is hashed: an older register answers `partial` until `rebuild_keys` has run.
SCHEME = 5
# Letters and spaces. Of a name as long as this one word of three letters, mistyped at its head, may be half.
SHORT_NAME = 8
Key = tuple[int, date]


def hashed(kind: str, *parts: str) -> int:
    """A signed 64-bit number for PostgreSQL's bigint; the same on every machine and in every release."""
    digest = hashlib.blake2b("\x1f".join((kind, *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True)
class Probes:
    """What one question looks for: numbers on any day; keys on these days; slips of the name and names that are merely
    alike on the nearest ones.

    Of the names that are merely alike, those are taken that nothing else contradicts: sex, province of birth, both
    parents, or the 12-digit number.
    """

    numbers: tuple[int, ...]
    keys: tuple[int, ...]
    days: tuple[date, ...]
    slips: tuple[int, ...]
    slip_days: tuple[date, ...]
    names: tuple[str, ...]
    nearest: tuple[date, ...]
    sex: str | None
    provinces: tuple[str, ...] | None
    father: str | None
    mother: str | None
    citizen_number: str | None


def keys_of(person: RegisterRecord) -> frozenset[Key]:
    """Every key of a person on file: numbers, names (aliases alike) and their slips, and parents.

    Where only a year is known, also names with a word less: by their letters alone nobody is sought there.
    """
    born = person.date_of_birth.first_day
    names = names_of(person)
    hashes = _numbers(person) | _names(names) | _parents(person, names) | _slips(names)
    if person.date_of_birth.is_vague:
        hashes |= _hashed_names("year only", names) | _hashed_names("word less", _word_less(names))
    return frozenset((key, born) for key in hashes)


def names_of(person: RegisterRecord | Question) -> tuple[str, ...]:
    """All names without marks, each once; what is compared by its letters in threes."""
    return tuple(sorted({key2(name) for name in (person.full_name, *person.other_names)} - {""}))


def probes_of(question: Question) -> Probes:
    names = names_of(question)
    keys = _names(names) | _names(_exchanged(question)) | _parents(question, names)
    keys |= _hashed_names("year only", _word_less(names)) | _hashed_names("word less", names)
    nearest = _nearest(question.date_of_birth)
    return Probes(
        numbers=tuple(sorted(_numbers(question))),
        keys=tuple(sorted(keys)),
        days=tuple(sorted(_days(question.date_of_birth))),
        slips=tuple(sorted(_slips(names))),
        slip_days=tuple(sorted(nearest | _first_days(question.date_of_birth))),
        names=names,
        nearest=tuple(sorted(nearest)),
        sex=question.sex,
        provinces=_provinces(question.place_of_birth_province),
        father=key2(question.father_name or "") or None,
        mother=key2(question.mother_name or "") or None,
        citizen_number=only_citizen_number(question),
    )


def _provinces(code: str | None) -> tuple[str, ...] | None:
    """The asked one, and whatever a merger may have made of it."""
    return tuple(sorted({code, *may_be_same(code.strip())})) if code else None


def _exchanged(question: Question) -> set[str]:
    """The names with two neighbours exchanged, where too few trigrams stay in common to find the right one by them.

    A space among the two breaks two words (Bù iÚt, Bùi Út); in a short name two letters are enough (Lò âTm, Lò Tâm).
    """
    found = set()
    for name in (question.full_name, *question.other_names):
        typed = " ".join(nfc(name).split())
        for place in range(len(typed) - 1):
            pair = typed[place : place + 2]
            if " " in pair or len(typed) <= SHORT_NAME:
                found.add(key2(typed[:place] + pair[::-1] + typed[place + 2 :]))
    return found


def only_citizen_number(question: Question) -> str | None:
    """The 12-digit number of an identity card, where exactly one is known: two numbers contradict nothing.

    Twelve digits on another paper (a driving licence has as many) are something else, as in `comparing.papers`.
    """
    citizen = comparing.citizen_numbers(question.identity_documents)
    return next(iter(citizen)) if len(citizen) == 1 else None


def _numbers(person: RegisterRecord | Question) -> set[int]:
    normal = (normal_number(document.number) for document in person.identity_documents)
    return {hashed("number", number) for number in normal if number}


def _names(names: Iterable[str]) -> set[int]:
    return _hashed_names("name", names)


def _hashed_names(kind: str, names: Iterable[str]) -> set[int]:
    """Whatever the order of the words: abroad the family name is written last."""
    return {hashed(kind, " ".join(sorted(name.split()))) for name in names}


def _word_less(names: Iterable[str]) -> set[str]:
    """Each name with one word between the first and the last left out."""
    words = [name.split() for name in names]
    return {" ".join(one[:place] + one[place + 1 :]) for one in words for place in range(1, len(one) - 1)}


def _parents(person: RegisterRecord | Question, names: Iterable[str]) -> set[int]:
    """Both parents; and the given name with each: a person whose own name was mistyped or changed."""
    father, mother = key2(person.father_name or ""), key2(person.mother_name or "")
    found = {hashed("parents", father, mother)} if father and mother else set()
    for given in {given_name(name) for name in names}:
        if father:
            found.add(hashed("given+father", given, father))
        if mother:
            found.add(hashed("given+mother", given, mother))
    return found


def _slips(names: Iterable[str]) -> set[int]:
    """Each name with one letter left out: two names one slip apart share one of these."""
    found = set()
    for name in names:
        solid = name.replace(" ", "")
        found |= {solid, *(solid[:place] + solid[place + 1 :] for place in range(len(solid)))}
    return {hashed("slip", left) for left in found if left}


def _days(birth: PartialDate) -> set[date]:
    """Under which first days somebody may be on file who is not excluded by the day of birth."""
    born, new_year = birth.first_day, birth.first_day.replace(month=1, day=1)
    found = {born.replace(day=1), new_year}
    if birth.is_full:
        found |= {born, *_near(born), *one_slip_days(born)}
    if birth.is_vague:
        days = (new_year.replace(month=12, day=31) - new_year).days + 1
        found |= {new_year + timedelta(days=day) for day in range(days)}
    return found


def _near(born: date) -> Iterable[date]:
    """Day and month exchanged; the day before and after (also over the end of a month)."""
    if swapped := swapped_day(born):
        yield swapped
    yield from neighbouring_days(born)


def _nearest(birth: PartialDate) -> set[date]:
    """Where a name may also be merely alike: the day itself and its likeliest misreadings.

    Not where only the year is known: a whole year holds hundreds who are called something alike.
    """
    return set() if birth.is_vague else {birth.first_day, *_near(birth.first_day)}


def _first_days(birth: PartialDate) -> set[date]:
    """Where somebody stands of whom the register knows a year or a month alone."""
    first = birth.first_day.replace(day=1)
    return {first.replace(month=month) for month in range(1, 13)} if birth.is_vague else {first, first.replace(month=1)}

"""Invented people one by one: as they are, as the register writes them, and as they ask for a certificate.

A person is made from an index and a seed alone, so that a register of two million and the questions about it can be
written by different processes on different days and still speak of the same people.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.population import crimes, naming, numbers, slips, words
from benchmarks.population.kinds import KIND_NAMES, KINDS
from benchmarks.population.numbers import Cell

Person = dict[str, Any]
# A register holds the people before this index; strangers come from behind it.
STRANGERS_FROM = numbers.ADDRESSES // 2
AS_OF = "2026-06-30"
SIBLINGS_EVERY, TWINS_EVERY, NAMESAKES_EVERY = 33, 330, 990


def kind_of(index: int) -> str:
    """Which kind of corruption this person meets, on file and in the question."""
    return KIND_NAMES[index % len(KIND_NAMES)]


def truth(index: int, seed: int) -> Person:
    """The person as they are: every number, both parents, every other name; no convictions."""
    random = Random(seed << 32 | index << 2)
    place = numbers.address(index, seed)
    cell, serial = numbers.cell_of(place)
    person = new(cell, numbers.citizen_number(cell, numbers.MARKER + serial), numbers.old_number(place), random)
    _make_family(person, index, seed, cell, random)
    KINDS[kind_of(index)].shape(person, random)
    return person


def new(cell: Cell, number: str, old: str, random: Random) -> Person:
    sex, family = cell.sex, naming.surname(random)
    name = naming.full_name(sex, random, "" if random.random() < 0.1 else family)
    return {
        "full_name": name,
        "sex": sex,
        "date_of_birth": _birthday(cell.year, random),
        "place_of_birth_province": cell.province if random.random() < 0.85 else _province(random),
        "nationality": "VN",
        "ethnicity": words.pick(words.ETHNICITIES, random),
        "identity_documents": _documents(number, old, cell.year),
        "father_name": naming.full_name("male", random, family_of(name)),
        "mother_name": naming.full_name("female", random),
        "spouse_name": naming.full_name("male" if sex == "female" else "female", random)
        if random.random() < 0.55
        else None,
        "other_names": [naming.other_name(sex, family, random)] if random.random() < 0.10 else [],
        "residences": [{"province": cell.province, "address": None}],
    }


def family_of(name: str) -> str:
    """The surname to inherit; names without one hand nothing on."""
    first = name.split()[0]
    return first if first in words.SURNAMES else ""


def _birthday(year: int, random: Random) -> str:
    return (date(year, 1, 1) + timedelta(days=int(random.random() * 365))).isoformat()


def _province(random: Random) -> str:
    return list(words.PROVINCES)[int(random.random() * len(words.PROVINCES))]


def _documents(number: str, old: str, year: int) -> list[dict[str, str]]:
    """Everybody has a 12-digit number today; who came of age before 2016 had a 9-digit one first."""
    documents = [{"type": "cccd", "number": number}]
    return [*documents, {"type": "cmnd", "number": old}] if year <= 2001 else documents


def _make_family(person: Person, index: int, seed: int, cell: Cell, random: Random) -> None:
    """One in 33 is a sibling of somebody, one in 330 a twin, one in 990 has a namesake's name and birthday."""
    if index % TWINS_EVERY == 2:
        become_sibling(person, truth(index - 2, seed), cell.province, random, twin=True)
    elif index % NAMESAKES_EVERY == 5:
        become_namesake(person, truth(index - 5, seed), cell.province, random)
    elif index % SIBLINGS_EVERY == 1:
        become_sibling(person, truth(index - 1, seed), cell.province, random)


def become_sibling(
    person: Person, head: Person, province: str, random: Random, *, twin: bool = False, marker: int = numbers.KIN_MARKER
) -> None:
    """Same parents, same birthplace; a twin also has the birthday, and often a name of the same beginning."""
    birth_year = int(head["date_of_birth"][:4])
    born = head["date_of_birth"] if twin else _birthday(_near(birth_year, random), random)
    name = naming.full_name(person["sex"], random, family_of(head["full_name"]))
    if twin and person["sex"] == head.get("sex"):
        name = naming.with_given(head["full_name"], naming.given(person["sex"], random))
    while name == head["full_name"]:
        name = naming.with_given(name, naming.given(person["sex"], random))
    same = {field: head[field] for field in ("father_name", "mother_name", "place_of_birth_province", "ethnicity")}
    person.update(same, full_name=name, date_of_birth=born)
    _renumber(person, province, marker, random)


def _near(year: int, random: Random) -> int:
    distance = 1 + int(random.random() * 9)
    return min(max(year + (distance if random.random() < 0.5 else -distance), 1938), 2007)


def become_namesake(
    person: Person, other: Person, province: str, random: Random, *, day: bool = True, marker: int = numbers.KIN_MARKER
) -> None:
    """Another family's child with the same name, and the same birthday or only the same year of birth."""
    born = other["date_of_birth"] if day else _birthday(int(other["date_of_birth"][:4]), random)
    person.update(full_name=other["full_name"], sex=other.get("sex", person["sex"]), date_of_birth=born)
    _renumber(person, province, marker, random)


def _renumber(person: Person, province: str, marker: int, random: Random) -> None:
    cell = Cell(province, person["sex"], int(person["date_of_birth"][:4]))
    number = numbers.citizen_number(cell, marker + int(random.random() * numbers.SERIALS))
    old = str(960_000_000 + int(random.random() * 20_000_000))
    person["identity_documents"] = _documents(number, old, cell.year)


def on_file(index: int, seed: int) -> Person:
    """The line of the register: what the archive knows of this person, spelled as archives spell."""
    person = truth(index, seed)
    random = Random(seed << 32 | index << 2 | 1)
    written: Person = {"register_id": f"R{index:08d}"} | person
    _forget(written, random)
    KINDS[kind_of(index)].file(written, person, random)
    _spell(written, random)
    written["convictions"] = crimes.convictions(
        int(person["date_of_birth"][:4]), person["residences"][0]["province"], random
    )
    return {field: value for field, value in written.items() if value not in (None, [])}


def _forget(written: Person, random: Random) -> None:
    """What archives lack: 30 in 100 have no 12-digit number, 20 no parent, 5 only the year of birth."""
    drawn = random.random()
    documents = written["identity_documents"]
    if drawn < 0.35:
        written["identity_documents"] = documents[:1]
    elif drawn >= 0.70:
        written["identity_documents"] = documents[1:] if drawn < 0.88 else []
    drawn = random.random()
    if drawn < 0.25:
        written["father_name"] = None
    if drawn < 0.20 or drawn > 0.95:
        written["mother_name"] = None
    drawn = random.random()
    if drawn < 0.05:
        written["date_of_birth"] = written["date_of_birth"][:4]
    for field, share in (("sex", 0.03), ("place_of_birth_province", 0.25), ("ethnicity", 0.3), ("spouse_name", 0.4)):
        if random.random() < share:
            written[field] = None


def _spell(written: Person, random: Random) -> None:
    drawn = random.random()
    if drawn < 0.03:
        change = _decomposed
    elif drawn < 0.08:
        change = slips.other_tone_place
    elif drawn < 0.12:
        change = str.upper
    elif drawn < 0.13:
        change = slips.other_y
    else:
        return
    for field in ("full_name", "father_name", "mother_name"):
        if written[field]:
            written[field] = change(written[field])


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def asked(index: int, seed: int) -> Person:
    """The application of a person of the register, with their kind of corruption."""
    person = truth(index, seed)
    written = KINDS[kind_of(index)](person, Random(seed << 32 | index << 2 | 2))
    return written | {"applicant_id": f"A{index:08d}"}


def people(count: int, seed: int, first: int = 0) -> Iterator[Person]:
    """Objects of register.schema.json, from the index `first` on."""
    assert first + count <= STRANGERS_FROM
    return (on_file(index, seed) for index in range(first, first + count))


def strangers(count: int, seed: int, first: int = 0) -> Iterator[Person]:
    """Applications of people who are in no register."""
    plain = KINDS["unchanged"]
    for index in range(STRANGERS_FROM + first, STRANGERS_FROM + first + count):
        written = plain(truth(index, seed), Random(seed << 32 | index << 2 | 2))
        yield written | {"applicant_id": f"S{index:08d}"}

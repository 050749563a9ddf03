"""Applicants who are somebody else than a person of the register, and look like them: siblings, twins, namesakes."""

from random import Random
from typing import Any

from benchmarks.population import naming, numbers, persons
from benchmarks.population.kinds import KINDS

Person = dict[str, Any]
# Their numbers lie apart from everybody's on file.
MARKER = 970_000


def siblings_of(person: Person, random: Random, count: int = 1) -> list[Person]:
    """Same parents and birthplace, up to nine years apart, another given name."""
    return [_kin(person, random, position, twin=False) for position in range(count)]


def twins_of(person: Person, random: Random, count: int = 1) -> list[Person]:
    """Same parents, birthplace and birthday; half of them with a name that differs in its last word only."""
    return [_kin(person, random, position, twin=True) for position in range(count)]


def namesakes_of(person: Person, random: Random, count: int = 1, *, born: str = "day") -> list[Person]:
    """Other families' children of the same name, with the same birthday (`day`) or only the same year (`year`)."""
    made = []
    for position in range(count):
        other = _somebody(person.get("sex", "female"), random)
        province = other["residences"][0]["province"]
        persons.become_namesake(other, person, province, random, day=born == "day", marker=MARKER)
        made.append(_application(other, random, position))
    return made


def _kin(head: Person, random: Random, position: int, *, twin: bool) -> Person:
    drawn = "male" if random.random() < 0.5 else "female"
    other = _somebody(head.get("sex", drawn) if twin and random.random() < 0.7 else drawn, random)
    family = persons.family_of(head["full_name"])
    parents = {
        "father_name": head.get("father_name") or naming.full_name("male", random, family),
        "mother_name": head.get("mother_name") or naming.full_name("female", random),
    }
    whole = head | parents | {field: head.get(field) for field in ("place_of_birth_province", "ethnicity")}
    province = head["residences"][0]["province"] if head.get("residences") else other["residences"][0]["province"]
    persons.become_sibling(other, whole, province, random, twin=twin, marker=MARKER)
    return _application(other, random, position)


def _somebody(sex: str, random: Random) -> Person:
    """A person made of nothing but chance, of this sex."""
    while True:
        cell, _ = numbers.cell_of(int(random.random() * numbers.ADDRESSES))
        if cell.sex == sex:
            number = numbers.citizen_number(cell, MARKER + int(random.random() * numbers.SERIALS))
            return persons.new(cell, number, numbers.old_number(0), random)


def _application(person: Person, random: Random, position: int) -> Person:
    return KINDS["unchanged"](person, random) | {"applicant_id": f"K{int(random.random() * 10**12):012d}-{position}"}

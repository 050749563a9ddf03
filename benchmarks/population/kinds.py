"""The kinds of corruption: how an application differs from what is on file about the same person.

Each kind may shape the person first (a name must hold a Đ before it can be written Ð), change the register's line, and
change the application. Called like a function, it turns a person into an application.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.population import naming, slips, words

Person = dict[str, Any]
Shape = Callable[[Person, Random], None]
File = Callable[[Person, Person, Random], None]

AS_OF = "2026-06-30"
ASKED_FIELDS = ("full_name", "sex", "date_of_birth", "place_of_birth_province", "nationality", "ethnicity")


def _as_is(person: Person, random: Random) -> None:
    """Nothing is changed."""


def _file_as_is(written: Person, person: Person, random: Random) -> None:
    """Nothing is changed on file."""


@dataclass(frozen=True)
class Kind:
    """`shape(person)`, `file(the register's line, person)` and `ask(application)` change what they are given."""

    ask: Shape = _as_is
    file: File = _file_as_is
    shape: Shape = _as_is

    def __call__(self, person: Person, random: Random) -> Person:
        written = application(person, random)
        self.ask(written, random)
        return {field: value for field, value in written.items() if value not in (None, [])}


def application(person: Person, random: Random) -> Person:
    """What this person declares when nothing goes wrong: one in eight names no parent, few old numbers or names."""
    written = {field: person.get(field) for field in ASKED_FIELDS}
    documents = list(person.get("identity_documents", []))
    drawn = random.random()
    if len(documents) > 1 and drawn < 0.65:
        documents = documents[:1]
    written["identity_documents"] = documents
    drawn = random.random()
    for parent in ("father_name", "mother_name"):
        written[parent] = person.get(parent) if drawn >= 0.12 else None
    written["spouse_name"] = person.get("spouse_name") if random.random() < 0.7 else None
    written["other_names"] = list(person.get("other_names", [])) if random.random() < 0.2 else []
    if random.random() < 0.2:
        written["full_name"] = written["full_name"].upper()
    kind = 1 if random.random() < 0.8 else 2
    return written | {"certificate_type": kind, "want_ban_info": kind == 2, "as_of": AS_OF}


# --- What a kind needs to be there ---------------------------------------------------------------------------------


def _names(written: Person) -> list[str]:
    return [field for field in ("full_name", "father_name", "mother_name") if written.get(field)]


def _respell(change: Callable[[str], str]) -> Shape:
    def ask(written: Person, random: Random) -> None:
        for field in _names(written):
            written[field] = change(written[field])

    return ask


def _called(table: dict[str, tuple[str, ...]], fits: Callable[[str], bool]) -> Shape:
    def shape(person: Person, random: Random) -> None:
        if not fits(person["full_name"]):
            person["full_name"] = naming.with_given(person["full_name"], words.pick(table[person["sex"]], random))

    return shape


def _of_d(person: Person, random: Random) -> None:
    if "Đ" not in person["full_name"]:
        person["full_name"] = naming.with_family(person["full_name"], words.pick(words.D_SURNAMES, random))


def _with_alias(person: Person, random: Random) -> None:
    """A whole name, given to the neighbours for years and to the police once."""
    alias = person["full_name"]
    while alias == person["full_name"]:
        alias = naming.full_name(person["sex"], random, person["full_name"].split()[0])
    person["other_names"] = [alias]


def _swappable(person: Person, random: Random) -> None:
    year, month, day = person["date_of_birth"].split("-")
    if int(day) > 12 or day == month:
        day = f"{1 + (int(month) + int(random.random() * 11)) % 12:02d}"
    person["date_of_birth"] = f"{year}-{month}-{day}"


def _number_on_file(written: Person, person: Person, random: Random) -> None:
    """The 12-digit number at least: the kind speaks about it."""
    if not any(document["type"] == "cccd" for document in written["identity_documents"]):
        written["identity_documents"] = person["identity_documents"][:1]


def _whole_birthday(written: Person, person: Person, random: Random) -> None:
    written["date_of_birth"] = person["date_of_birth"]


# --- The kinds ---------------------------------------------------------------------------------------------------


def _upper_and_spaced(written: Person, random: Random) -> None:
    for field in _names(written):
        spaces = ("  ", "\u00a0", " \u200b", "-")
        words_of = written[field].split(" ")
        joint = spaces[int(random.random() * len(spaces))]
        written[field] = " ".join(words_of[:-1]) + joint + words_of[-1]
    written["full_name"] = written["full_name"].upper()


def _typo(written: Person, random: Random) -> None:
    written["full_name"] = slips.one_typo(written["full_name"], random)


def _mark(written: Person, random: Random) -> None:
    written["full_name"] = slips.other_mark(written["full_name"], random)


def _had_old_number(person: Person, random: Random) -> None:
    """Who came of age with a 9-digit card; the youngest get one here, so that the kind is about everybody."""
    if len(person["identity_documents"]) < 2:
        old = {"type": "cmnd", "number": str(980_000_000 + int(random.random() * 10_000_000))}
        person["identity_documents"] = [*person["identity_documents"], old]


def _old_number_on_file(written: Person, person: Person, random: Random) -> None:
    written["identity_documents"] = person["identity_documents"][1:]


def _either_number(written: Person, random: Random) -> None:
    """Half of them give only the new number, which the file lacks; the others the old one, alone or besides."""
    drawn, documents = random.random(), written["identity_documents"]
    if drawn < 0.5:
        written["identity_documents"] = documents[:1]
    elif drawn < 0.75:
        written["identity_documents"] = documents[-1:]


def _wrong_digit(written: Person, random: Random) -> None:
    first = written["identity_documents"][0]
    written["identity_documents"] = [first | {"number": slips.one_wrong_digit(first["number"], random)}]


def _year_on_file(written: Person, person: Person, random: Random) -> None:
    """Half of these are year-only on file; a few know the month."""
    drawn = random.random()
    if drawn < 0.5:
        written["date_of_birth"] = person["date_of_birth"][: 4 if drawn < 0.45 else 7]
    else:
        written["date_of_birth"] = person["date_of_birth"]


def _maybe_year(written: Person, random: Random) -> None:
    if random.random() < 0.55:
        written["date_of_birth"] = written["date_of_birth"][:4]


def _new_year_on_file(written: Person, person: Person, random: Random) -> None:
    written["date_of_birth"] = f"{person['date_of_birth'][:4]}-01-01"


def _swapped(written: Person, random: Random) -> None:
    year, month, day = written["date_of_birth"].split("-")
    written["date_of_birth"] = f"{year}-{day}-{month}"


def _birth_slip(written: Person, random: Random) -> None:
    """The next day, the same day of the next month, or one digit of the year."""
    born, drawn = date.fromisoformat(written["date_of_birth"]), random.random()
    if drawn < 0.4 or born.day > 28:  # on the last days of a month another month would be a second slip
        other = born + timedelta(days=1 if random.random() < 0.5 else -1)
    elif drawn < 0.7:
        other = born.replace(month=born.month - 1 if born.month in (9, 12) else born.month + 1)
    else:
        other = born.replace(year=born.year + (1 if born.year % 10 < 5 else -1))
    written["date_of_birth"] = other.isoformat()


def _filed_under_alias(person: Person) -> bool:
    """Read off the number, so that file and application agree without having met."""
    return int(person["identity_documents"][0]["number"]) % 3 == 0


def _alias_on_file(written: Person, person: Person, random: Random) -> None:
    if _filed_under_alias(person):
        written["full_name"], written["other_names"] = person["other_names"][0], []


class _Alias(Kind):
    """Two in three ask under the name that the file has as an alias; one in three is on file under it alone."""

    def __call__(self, person: Person, random: Random) -> Person:
        written = application(person, random)
        written["other_names"] = list(person["other_names"])
        if not _filed_under_alias(person) and person["other_names"]:
            written["full_name"], written["other_names"] = person["other_names"][0], []
        return {field: value for field, value in written.items() if value not in (None, [])}


def _no_number_on_file(written: Person, person: Person, random: Random) -> None:
    written["identity_documents"] = []


def _neither_on_file(written: Person, person: Person, random: Random) -> None:
    written["identity_documents"], written["father_name"], written["mother_name"] = [], None, None


def _no_number(written: Person, random: Random) -> None:
    passport = {"type": "passport", "number": f"C{9_000_000 + int(random.random() * 1_000_000)}"}
    written["identity_documents"] = [passport] if random.random() < 0.5 else []


def _mother_on_file(written: Person, person: Person, random: Random) -> None:
    written["mother_name"] = person["mother_name"]


def _other_mother(written: Person, random: Random) -> None:
    """A stepmother, or a clerk's error of line."""
    before = written.get("mother_name")
    while written.get("mother_name") in (before, None):
        written["mother_name"] = naming.full_name("female", random)


def _renamed(written: Person, random: Random) -> None:
    """Changed by decision at the registry; most keep the surname."""
    before = written["full_name"]
    family = before.split()[0].title() if random.random() < 0.7 else ""
    while written["full_name"].casefold() == before.casefold():
        written["full_name"] = naming.full_name(written["sex"], random, family)


def _middle_left_out(written: Person, random: Random) -> None:
    parts = written["full_name"].split()
    if len(parts) > 2:
        del parts[1 + int(random.random() * (len(parts) - 2))]
        written["full_name"] = " ".join(parts)


def _western_order(written: Person, random: Random) -> None:
    first, *others = written["full_name"].split()
    written["full_name"] = " ".join([*others, first]) if len(others) else first


def _parents_typo(written: Person, random: Random) -> None:
    for parent in ("father_name", "mother_name"):
        if written.get(parent):
            written[parent] = slips.one_typo(written[parent], random)


def _heavy(written: Person, random: Random) -> None:
    """Two typing errors, the day before or after, no number."""
    _typo(written, random)
    _typo(written, random)
    born = date.fromisoformat(written["date_of_birth"])
    written["date_of_birth"] = (born + timedelta(days=1 if random.random() < 0.5 else -1)).isoformat()
    written["identity_documents"] = []


KINDS: dict[str, Kind] = {
    "unchanged": Kind(),
    "tone_placement": Kind(
        _respell(slips.other_tone_place), shape=_called(words.TONE_GIVEN, slips.has_two_tone_places)
    ),
    "nfd": Kind(_respell(lambda name: unicodedata.normalize("NFD", name))),
    "eth_for_d": Kind(_respell(lambda name: name.replace("Đ", "Ð").replace("đ", "ð")), shape=_of_d),
    "no_diacritics": Kind(_respell(slips.without_marks)),
    "case_and_spaces": Kind(_upper_and_spaced),
    "i_or_y": Kind(_respell(slips.other_y), shape=_called(words.Y_GIVEN, lambda name: slips.other_y(name) != name)),
    "one_typo": Kind(_typo),
    "wrong_mark": Kind(_mark),
    "old_number_only": Kind(_either_number, _old_number_on_file, _had_old_number),
    "one_wrong_digit": Kind(_wrong_digit, _number_on_file),
    "year_only": Kind(_maybe_year, _year_on_file),
    "first_of_january": Kind(file=_new_year_on_file),
    "day_month_swapped": Kind(_swapped, _whole_birthday, _swappable),
    "birth_one_slip": Kind(_birth_slip, _whole_birthday),
    "alias": _Alias(file=_alias_on_file, shape=_with_alias),
    "no_number_on_file": Kind(file=_no_number_on_file),
    "neither_number_nor_parents_on_file": Kind(file=_neither_on_file),
    "no_number_asked": Kind(_no_number),
    "other_mother": Kind(_other_mother, _mother_on_file),
    "name_changed_same_number": Kind(_renamed, _number_on_file),
    "middle_name_left_out": Kind(_middle_left_out),
    "western_order": Kind(_western_order),
    "parents_typo": Kind(_parents_typo),
    "two_typos_wrong_day_no_number": Kind(_heavy, _whole_birthday),
}
KIND_NAMES = tuple(KINDS)
# Those of which nobody on file may ever be told apart from nobody (docs/matching.md).
NEVER_CLEARED = (
    "tone_placement", "nfd", "eth_for_d", "no_diacritics", "one_typo", "old_number_only", "one_wrong_digit",
    "year_only", "day_month_swapped", "alias", "no_number_on_file", "neither_number_nor_parents_on_file",
    "other_mother", "name_changed_same_number",
)  # fmt: skip

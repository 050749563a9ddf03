"""Blocking keys: 64-bit hashes under which a person is found, written beside each person and probed by a question.

Each key names its kind, so that a number can never meet a name. More kinds (domain 12.2, second net) fit in without a
change to the table: only `keys_of` and `probes_of` say what is hashed.
"""

import hashlib
from collections.abc import Iterable

from records.answers import Question
from records.facts import RegisterRecord
from records.names import PartialDate, key2, normal_number


def hashed(kind: str, *parts: str) -> int:
    """A signed 64-bit number for PostgreSQL's bigint; the same on every machine and in every release."""
    digest = hashlib.blake2b("\x1f".join((kind, *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def keys_of(person: RegisterRecord | Question) -> frozenset[int]:
    """Every document number, and every name (aliases too) with the full date and with the year of birth."""
    return frozenset(_numbers(person) | _names(person))


def probes_of(question: Question) -> list[int]:
    """What a question looks for: the same keys, since a year is always stored beside a full date."""
    return sorted(keys_of(question))


def _numbers(person: RegisterRecord | Question) -> set[int]:
    normal = (normal_number(document.number) for document in person.identity_documents)
    return {hashed("number", number) for number in normal if number}


def _names(person: RegisterRecord | Question) -> set[int]:
    found = set()
    for name in {key2(name) for name in (person.full_name, *person.other_names)} - {""}:
        found |= set(_with_birth(name, person.date_of_birth))
    return found


def _with_birth(name: str, birth: PartialDate) -> Iterable[int]:
    yield hashed("name+year", name, str(birth.year))
    if birth.is_full:
        yield hashed("name+date", name, birth.text)

"""What the central register says about one person, as frozen values; field names are those of the file contracts.

Three things that look alike stay apart here, because the law treats them apart (contracts, "Meaning"): *none* (an empty
tuple), *not done or not known to be done* (None), and *unknown because the source never said* (UNKNOWN).
"""

from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from records.names import PartialDate


class Unknown(Enum):
    """The source says nothing about it, neither yes nor no."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

# Attributes that cannot carry the contract's own name.
JSON_NAMES = {"from_date": "from"}
# Required by the contract, so written even when empty.
ALWAYS_WRITTEN = {"convictions"}


class Fact:
    """Writes a dataclass as the object of the file contract; what says no more than its absence is left out."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        written = {}
        for attribute, name, silence in _fields_of(type(self)):  # type: ignore[arg-type]
            value = getattr(self, attribute)
            if value != silence or type(value) is not type(silence):
                written[name] = _plain(value)
        return written


@cache
def _fields_of(kind: Any) -> list[tuple[str, str, Any]]:
    """(attribute, name in the contract, the value that says no more than absence) of each field."""
    return [
        (field.name, JSON_NAMES.get(field.name, field.name), MISSING if field.name in ALWAYS_WRITTEN else field.default)
        for field in fields(kind)
    ]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Fact):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.text if isinstance(value, PartialDate) else value.isoformat()


@dataclass(frozen=True, slots=True)
class IdentityDocument(Fact):
    type: str
    number: str


@dataclass(frozen=True, slots=True)
class Residence(Fact):
    province: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Offence(Fact):
    title: str
    code: str
    article: int
    clause: int | None = None
    chapter: str | None = None
    severity: str | None = None
    negligent: bool | None = None
    decriminalised: bool = False


@dataclass(frozen=True, slots=True)
class Penalty(Fact):
    kind: str
    months: int | None = None
    suspended: bool = False
    probation_months: int | None = None
    amount_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class AdditionalPenalty(Fact):
    kind: str
    until: date | None = None
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Obligation(Fact):
    kind: str
    fulfilled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clemency(Fact):
    kind: str
    date: date


@dataclass(frozen=True, slots=True)
class Expungement(Fact):
    kind: str
    date: date
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Conviction(Fact):
    """One offence of one judgment; offences of one judgment share number, court and date."""

    judgment_number: str
    court: str
    judgment_date: date
    offence: Offence
    main_penalty: Penalty
    effective_date: date | Unknown | None = UNKNOWN
    annulled: bool = False
    offence_date: date | None = None
    age_at_offence: int | None = None
    exempt_from_penalty: bool = False
    juvenile_judicial_measure: bool = False
    main_penalty_completed_on: date | None = None
    execution_limitation_expired_on: date | None = None
    additional_penalties: tuple[AdditionalPenalty, ...] | Unknown = UNKNOWN
    obligations: tuple[Obligation, ...] | Unknown = UNKNOWN
    clemency: Clemency | None = None
    expungement: Expungement | None = None
    combined_penalty: Penalty | None = None
    foreign_judgment: bool = False


@dataclass(frozen=True, slots=True)
class Ban(Fact):
    """A court's ban on founding or managing a company (Law on criminal records, Art. 36-37)."""

    decision_number: str
    from_date: date
    decision_date: date | None = None
    court: str | None = None
    position: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PendingProsecution(Fact):
    since: date
    offence_date: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterRecord(Fact):
    """One person of the central register with everything that was decided about them."""

    register_id: str
    full_name: str
    date_of_birth: PartialDate
    convictions: tuple[Conviction, ...] = ()
    other_names: tuple[str, ...] = ()
    sex: str | None = None
    place_of_birth_province: str | None = None
    place_of_birth: str | None = None
    nationality: str | None = None
    ethnicity: str | None = None
    identity_documents: tuple[IdentityDocument, ...] = ()
    father_name: str | None = None
    mother_name: str | None = None
    spouse_name: str | None = None
    residences: tuple[Residence, ...] = ()
    pending_prosecution: PendingProsecution | None = None
    bans: tuple[Ban, ...] = ()

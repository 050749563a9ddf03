"""A regime of the law as one thing: who issues, how long it takes, on which forms, who may ask, what may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lltp_portal.errors import PortalError
from requests.clock import Term
from requests.law import table
from requests.law.files import Row

NATIONAL = "national"


class LawMissing(PortalError):
    """The law of a day is not written down: before its first row, or reference data were never loaded."""

    code = "law_missing"
    status = 503


@dataclass(frozen=True)
class Form:
    """A form of the law. `confirmed` is False where its number only keeps the place."""

    number: str
    name: str
    heading: str
    basis: str
    confirmed: bool


@dataclass(frozen=True)
class Right:
    """Who asks in this way may ask for these types; `relations` need no mandate where one is needed otherwise."""

    types: frozenset[int]
    written_request: bool
    mandate: bool
    relations: frozenset[str]
    grounds: str
    source: str


@dataclass(frozen=True)
class PaperRule:
    """A paper that may be asked for: of whom, at which channel, and when (always, family, not_family, …)."""

    kind: str
    name: str
    asked_at: frozenset[str]
    of: frozenset[str]
    when: str
    source: str


@dataclass(frozen=True)
class Regime:
    """Everything that the law of a day says about certificates, apart from fees and procedures.

    `valid_from` and `valid_to` are those of the regime itself; a rule in it may have changed within (see `table`).
    """

    code: str
    name: str
    change: str
    valid_from: date
    valid_to: date | None
    provincial: str
    national: str
    deadlines: Mapping[str, Term]
    forms: Mapping[str, Form]
    legal_basis: tuple[str, ...]
    rights: Mapping[str, Right]
    papers: Mapping[str, PaperRule]
    parent_files_under: int
    requester_age: int
    source: str

    def certificate_form(self, certificate_type: int) -> Form:
        return self.forms[f"certificate.{certificate_type}"]

    def declaration_form(self, filed_as: str, channel: str) -> Form:
        """The form that is filled in: a parent's is the proxy's, and the electronic one is used online."""
        key = f"declaration.{'proxy' if filed_as == 'parent' else filed_as}"
        return (self.forms.get(f"{key}.online") if channel == "online" else None) or self.forms[key]


def on(day: date) -> Regime:
    """The regime of a day. Raises LawMissing."""
    held = _held_on(day)
    row = held.row
    return Regime(
        code=row.value["code"],
        name=row.value["name"],
        change=row.value["change"],
        valid_from=row.valid_from,
        valid_to=held.until,
        provincial=row.value["provincial"],
        national=row.value["national"],
        deadlines={key: term(one) for key, one in table.all_on("deadline", day).items()},
        forms={key: Form(**one.value) for key, one in table.all_on("form", day).items()},
        legal_basis=tuple(_value("legal_basis", "certificate", day)["lines"]),
        rights={key: _right(one) for key, one in table.all_on("right", day).items()},
        papers={key: _paper(one) for key, one in table.all_on("paper", day).items()},
        parent_files_under=_value("age", "parent_files_under", day)["years"],
        requester_age=_value("age", "requester", day)["years"],
        source=row.source,
    )


def _held_on(day: date) -> table.Held:
    for held in reversed(table.history("regime", NATIONAL)):
        if held.on(day):
            return held
    raise missing(day)


def missing(day: date) -> LawMissing:
    return LawMissing(f"Chưa có quy định nào được nạp cho ngày {day:%d/%m/%Y}. Gọi bộ phận hỗ trợ để được hướng dẫn.")


def _value(kind: str, key: str, day: date) -> dict[str, Any]:
    row = table.on(kind, key, day)
    if row is None:
        raise missing(day)
    return row.value


def term(row: Row) -> Term:
    return Term(row.value["amount"], row.value["unit"])


def _right(row: Row) -> Right:
    value = row.value
    return Right(
        types=frozenset(value["types"]),
        written_request=value["written_request"],
        mandate=value["mandate"],
        relations=frozenset(value["relations"]),
        grounds=value["grounds"],
        source=row.source,
    )


def _paper(row: Row) -> PaperRule:
    value = row.value
    return PaperRule(
        kind=row.key,
        name=value["name"],
        asked_at=frozenset(value["asked_at"]),
        of=frozenset(value["of"]),
        when=value["when"],
        source=row.source,
    )


def days_of(code: str) -> tuple[date, date | None]:
    """First and last day of a regime named by its code. Raises KeyError."""
    for held in table.history("regime", NATIONAL):
        if held.row.value["code"] == code:
            return held.row.valid_from, held.until
    raise KeyError(code)


def codes() -> tuple[str, ...]:
    """Every regime, oldest first: P0 … P4."""
    return tuple(held.row.value["code"] for held in table.history("regime", NATIONAL))

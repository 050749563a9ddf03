"""The one door to the dated rules of the law: which law, which office, which deadline, which fee, which words.

`law_day` is the only answer to “which law”. Authorities, provinces, fee, deadline class, forms, legal basis and
signatory go by it; holidays, ages, expungement, the clock and what an office pays of its own (subsidies, notices) go
by real days. The rules are rows (requests/law/data), loaded into a table that is only added to (docs/adr/0006).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from lltp_portal.errors import Invalid
from requests import clock, sources
from requests.fees import FeeRules
from requests.law import regimes, table
from requests.law.competence import Competence, competent_authority
from requests.law.deadlines import EXTENDED, NORMAL, URGENT, Deadline, deadline
from requests.law.local import notices, subsidies
from requests.law.regimes import Form, LawMissing, PaperRule, Regime, Right
from requests.law.table import forget
from requests.sources import CENTRAL, Required, SourceRule

if TYPE_CHECKING:
    from requests.models import CertificateRequest

__all__ = [
    "CENTRAL",
    "EXTENDED",
    "NORMAL",
    "URGENT",
    "Competence",
    "Deadline",
    "Form",
    "LawMissing",
    "PaperRule",
    "Procedure",
    "Regime",
    "Right",
    "competent_authority",
    "deadline",
    "forget",
    "notices",
    "subsidies",
]
LAST_DAY_OF_P2 = date(2025, 2, 28)


def law_day(at: datetime) -> date:
    """The day whose law applies to a dossier received at `at`."""
    return LAST_DAY_OF_P2 if settings.LLTP_REGIME == "P2" else clock.local_day(at)


def law_day_of(certificate_request: "CertificateRequest", at: datetime) -> date:
    """The law that binds this request: that of its receipt, for good; until it is received, that of `at`."""
    return certificate_request.law_day or law_day(at)


def regime_on(day: date) -> Regime:
    """The regime of a law day. Raises LawMissing before 2010-07-01, when there was no law on these certificates."""
    return regimes.on(day)


def regime_codes() -> tuple[str, ...]:
    """Every regime that was, is or will be, oldest first: P0 … P4."""
    return regimes.codes()


def regime_code(day: date) -> str:
    """The code of the regime of a law day; what came in before the first one follows it all the same."""
    first, _ = regimes.days_of(regimes.codes()[0])
    return regimes.on(max(day, first)).code


def term(regime: str, deadline_class: str) -> clock.Term:
    """How long a regime, named by its code, allows for a class. Raises KeyError for what does not exist."""
    first, last = regimes.days_of(regime)
    return regimes.on(last or first).deadlines[deadline_class]


def term_on(day: date, deadline_class: str) -> clock.Term:
    """How long the law of a day allows for a class, as its rows stand now; also for what came in before the first."""
    first, _ = regimes.days_of(regimes.codes()[0])
    row = table.on("deadline", deadline_class, max(day, first))
    if row is None:
        raise regimes.missing(day)
    return regimes.term(row)


def fee_rules(on: date, channel: str) -> FeeRules:
    """The fee table of a law day for a channel (online, counter, post). Raises Invalid where the law gives none."""
    row = table.on("fee", channel, on)
    if row is None:
        raise Invalid(f"Chưa có biểu phí cho ngày {on:%d/%m/%Y}. Gọi bộ phận hỗ trợ để được hướng dẫn.")
    return FeeRules.from_value(row.value)


@dataclass(frozen=True)
class Procedure:
    """A procedure for which a certificate may lawfully be asked, with the types and the article that says so.

    `confirmed` is False where the article was written down from memory and has yet to be compared with the text.
    """

    code: str
    name: str
    certificate_types: tuple[int, ...]
    legal_basis: str
    purpose: str
    confirmed: bool


def procedures(on: date) -> list[Procedure]:
    """Who may lawfully ask for a certificate on a day, by name; for what is not listed nobody may."""
    found = [
        Procedure(
            code=row.key,
            name=row.value["name"],
            certificate_types=tuple(row.value["types"]),
            legal_basis=row.value["legal_basis"],
            purpose=row.value["purpose"],
            confirmed=row.value["confirmed"],
        )
        for row in table.all_on("procedure", on).values()
    ]
    return sorted(found, key=lambda one: one.name)


def papers_asked(on: date, *, channel: str, filed_as: str) -> list[PaperRule]:
    """Every paper that may be asked of this person at this channel; what is not listed may not be asked for.

    `when` says under which condition: always, family or not_family (of a proxy), reduced_fee,
    not_in_population_database.
    """
    papers = regimes.on(on).papers.values()
    return [paper for paper in papers if channel in paper.asked_at and filed_as in paper.of]


def intake_term(on: date, channel: str) -> clock.Term | None:
    """How long the first check may take (ND216 Art. 23); None where the law of the day sets nothing."""
    row = table.on("intake", channel, on)
    return regimes.term(row) if row else None


def source_rules(on: date) -> dict[str, SourceRule]:
    """When each agency must be asked by the law of a day, and how long it has to answer; by its key."""
    rows = table.all_on("source", on).values()
    return {row.key: SourceRule.of(row.key, row.value, row.source) for row in rows}


def required_sources(case: sources.Case, on: date) -> tuple[Required, ...]:
    """Who must answer before anybody verifies, each with its reason (requests/sources.py). The central database is
    asked by a worker and has to answer before a clerk reviews; the others are asked by a clerk, by letter.
    """
    return sources.required_sources(case, source_rules(on))

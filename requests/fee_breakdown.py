"""How a fee comes about, line by line (domain 6): category, exemption, subsidy, then further copies. Pure.

The subsidy of an office covers the statutory fee of the category and nothing else: further copies are paid by
everybody who is not freed from them by the fee table (open question Q10).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from requests.fees import FeeRules, statutory_fee


class Subsidy(Protocol):
    """What an office pays for its citizens: so many percent of the statutory fee, and on what ground."""

    percent: int
    legal_basis: str


@dataclass(frozen=True)
class Breakdown:
    """Amounts in đồng. `to_pay` = statutory - subsidy + extra_fee."""

    category: str
    statutory: int
    subsidy_percent: int
    subsidy: int
    subsidy_basis: str
    extra_copies: int
    extra_fee: int
    to_pay: int
    reason: str
    rules: str
    legal_basis: str
    # Why the office applied another category than the claimed one; empty where it did not.
    claimed: str = ""
    refused_because: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Breakdown":
        return cls(**value)


def breakdown(rules: FeeRules, category: str, copies: int, subsidies: Iterable[Subsidy] = ()) -> Breakdown:
    """Category fee → exemption → the highest subsidy → + further copies (of several preferences the highest counts)."""
    statutory = statutory_fee(rules, category, rules.copies_included).amount
    whole, reason = statutory_fee(rules, category, copies)
    best = max(subsidies, key=lambda one: one.percent, default=None) if statutory else None
    subsidy = statutory * best.percent // 100 if best else 0
    extra_fee = whole - statutory
    return Breakdown(
        category=category,
        statutory=statutory,
        subsidy_percent=best.percent if best else 0,
        subsidy=subsidy,
        subsidy_basis=best.legal_basis if best else "",
        extra_copies=max(0, copies - rules.copies_included) if extra_fee else 0,
        extra_fee=extra_fee,
        to_pay=statutory - subsidy + extra_fee,
        reason=_reason(reason, best),
        rules=rules.code,
        legal_basis=rules.source,
    )


def _reason(statutory_words: str, subsidy: Subsidy | None) -> str:
    if subsidy is None:
        return statutory_words
    return f"{statutory_words}; được hỗ trợ {subsidy.percent} % phí theo {subsidy.legal_basis}"

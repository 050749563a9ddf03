"""The statutory fee of one request, by the fee table of the day and channel. Pure. Amounts in đồng.

The tables (F0, F1, F1', F2) are rows of the national law (requests/law/data/fee.toml), chosen by `policy.fee_rules`.
What an office pays for its citizens (a subsidy) comes after the statutory fee and is not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class FeeRules:
    """One fee table. `reduced_for` and `exempt` hold fee categories; `source` is the article, as printed on receipts.

    `no_extra_copy_for`: who does not pay further copies either. People who are merely exempt do (domain 13, Q10).
    """

    code: str
    full: int
    reduced: int
    reduced_for: frozenset[str]
    exempt: frozenset[str]
    copies_included: int
    extra_copy: int
    source: str
    no_extra_copy_for: frozenset[str] = frozenset()

    @classmethod
    def from_value(cls, value: Mapping[str, Any]) -> "FeeRules":
        """From a row of the national law, as its file says it."""
        lists = {name: frozenset(value[name]) for name in ("reduced_for", "exempt", "no_extra_copy_for")}
        numbers = {name: value[name] for name in ("code", "full", "reduced", "copies_included", "extra_copy")}
        return cls(**numbers, **lists, source=value["cited"])


class Fee(NamedTuple):
    """`amount` in đồng; `reason` says how it comes about, for the receipt."""

    amount: int
    reason: str


def statutory_fee(rules: FeeRules, category: str, copies: int) -> Fee:
    """What the law asks for a category and a number of copies; copies beyond those included cost more."""
    base, words = _base(rules, category)
    further = 0 if category in rules.no_extra_copy_for else max(0, copies - rules.copies_included)
    if further:
        words += f", cộng {further} bản thêm"
    return Fee(base + further * rules.extra_copy, f"{words} ({rules.source})")


def _base(rules: FeeRules, category: str) -> tuple[int, str]:
    """The most favourable rule that fits (Nghị quyết 66.22/2026/NQ-CP): exempt before reduced before full."""
    if category in rules.exempt:
        return 0, "Được miễn phí"
    if category in rules.reduced_for:
        return rules.reduced, f"Mức giảm {_thousands(rules.reduced)} đồng"
    return rules.full, f"Mức chung {_thousands(rules.full)} đồng"


def _thousands(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")

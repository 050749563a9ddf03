"""The statutory fee of one request (Thông tư 244/2016/TT-BTC: rule set F0). Amounts in đồng."""

from typing import NamedTuple

FULL = 200_000
REDUCED = 100_000
COPIES_INCLUDED = 2
EXTRA_COPY = 5_000
REDUCED_FOR = frozenset({"student", "merit", "martyr_family"})
EXEMPT = frozenset({"child", "elderly", "disabled", "poor", "disadvantaged_area"})


class Fee(NamedTuple):
    """`amount` in đồng; `reason` says how it comes about, for the receipt."""

    amount: int
    reason: str


def statutory_fee(category: str, copies: int) -> Fee:
    """The fee for a category and a number of copies; the third and every further copy costs more.

    People who are exempt pay the further copies (open question Q10: assumed so).
    """
    extra = EXTRA_COPY * max(0, copies - COPIES_INCLUDED)
    if category in EXEMPT:
        base, words = 0, "Được miễn phí"
    elif category in REDUCED_FOR:
        base, words = REDUCED, "Mức giảm 100.000 đồng"
    else:
        base, words = FULL, "Mức chung 200.000 đồng"
    if extra:
        words += f", cộng {copies - COPIES_INCLUDED} bản thêm"
    return Fee(base + extra, f"{words} (Thông tư 244/2016/TT-BTC)")

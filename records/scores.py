"""Shares as people read them: rounded half up to two decimals."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

HUNDREDTH = Decimal("0.01")


class Share(NamedTuple):
    """So many of so many."""

    label: str
    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """None of nobody: no share can be said."""
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / Decimal(self.whole)).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def words(self) -> str:
        """“94,61 %”, with the part and the whole said beside it by whoever shows it."""
        return "–" if self.percent is None else f"{self.percent}".replace(".", ",") + "\u00a0%"


def together(shares: list[Share], label: str) -> Share:
    return Share(label, sum(share.part for share in shares), sum(share.whole for share in shares))

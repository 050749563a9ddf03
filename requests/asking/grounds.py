"""The grounds on which a request is not taken up (Luật Lý lịch tư pháp 2009, Art. 49): three, and no other. Pure."""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("grounds.csv")


@dataclass(frozen=True)
class Ground:
    """One ground: `title` for the clerk's list, `text` for the citizen."""

    code: str
    title: str
    text: str
    legal_basis: str

    def words(self, explanation: str) -> str:
        """What the citizen reads, and history keeps: the ground, the clerk's explanation, the law."""
        return "\n".join(part for part in (self.text, explanation.strip(), f"Căn cứ: {self.legal_basis}.") if part)


def _read() -> dict[str, Ground]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Ground(**row) for row in csv.DictReader(file)}


GROUNDS = _read()

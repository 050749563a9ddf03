"""The register of what a clerk may ask for: title, the citizen's text, the page of the form, the law. Pure.

A text with `{detail}` needs the clerk's own words about this one request; all others are sent as they stand.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("reasons.csv")
DETAIL = "{detail}"
OWN_WORDS = "other"  # the code of an item that a clerk wrote without the register
OWN_WORDS_TITLE = "Nội dung khác"
PAPERS = "papers"  # the page where papers are handed in


@dataclass(frozen=True)
class Reason:
    """One line of the register. `page` is the slug of the page of the form where it is mended."""

    code: str
    title: str
    text: str
    page: str
    legal_basis: str

    @property
    def needs_detail(self) -> bool:
        return DETAIL in self.text

    @property
    def before_detail(self) -> str:
        """The words up to the clerk's own, for the hint beside the box."""
        return self.text.split(DETAIL)[0].rstrip(" :")

    def words(self, detail: str) -> str:
        """The text as the citizen reads it."""
        return self.text.replace(DETAIL, detail.strip().rstrip("."))


def _read() -> dict[str, Reason]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Reason(**row) for row in csv.DictReader(file)}


REASONS = _read()


@dataclass(frozen=True)
class Asked:
    """One thing that a clerk asks for: a reason of the register with its detail, or words of their own (`other`)."""

    code: str
    detail: str = ""
    page: str = ""

    @property
    def title(self) -> str:
        return OWN_WORDS_TITLE if self.code == OWN_WORDS else REASONS[self.code].title

    @property
    def text(self) -> str:
        return self.detail.strip() if self.code == OWN_WORDS else REASONS[self.code].words(self.detail)

    @property
    def where(self) -> str:
        """The page of the form on which it is mended; empty when it is answered in words."""
        return self.page if self.code == OWN_WORDS else REASONS[self.code].page

    @property
    def legal_basis(self) -> str:
        return "" if self.code == OWN_WORDS else REASONS[self.code].legal_basis


def as_told(asked: Iterable[Asked]) -> str:
    """All of it as one text, numbered when it is several: what history keeps of the question."""
    texts = [one.text for one in asked]
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))

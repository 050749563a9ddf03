"""Countries by ISO 3166 code, with their names in Vietnamese and English (requests/countries.csv)."""

import csv
from functools import cache
from pathlib import Path

from lltp_portal.languages import is_vietnamese_page


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def all_names() -> dict[str, str]:
    """Code → Vietnamese name, in which everything is kept; Viet Nam first, then in Vietnamese order."""
    return {row["code"]: row["name"] for row in _rows()}


def names_to_choose_by() -> dict[str, str]:
    """Code → name in the language of the page; Viet Nam first, then in the order of that language."""
    if is_vietnamese_page():
        return all_names()
    return _english_names()


@cache
def _english_names() -> dict[str, str]:
    rows = sorted(_rows(), key=lambda row: (row["code"] != "VN", row["name_en"]))
    return {row["code"]: row["name_en"] for row in rows}


def name(code: str) -> str:
    """The country's Vietnamese name. Raises KeyError for a code that does not exist."""
    return all_names()[code]

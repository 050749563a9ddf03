"""Countries by ISO 3166 code, with their names in Vietnamese (requests/countries.csv, in Vietnamese order)."""

import csv
from functools import cache
from pathlib import Path


@cache
def all_names() -> dict[str, str]:
    """Code → name; Viet Nam first, then by name."""
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def name(code: str) -> str:
    """The country's name. Raises KeyError for a code that does not exist."""
    return all_names()[code]

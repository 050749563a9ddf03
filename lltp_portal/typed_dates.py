"""Dates as people write them, read into their parts: “27/03/1990”, “5 tháng 3 năm 1990”, “03-2004”, “1990”. Pure.

Only what has one meaning is read; the parts are checked afterwards like parts that were typed in their own boxes.
"""

import re
import unicodedata
from typing import NamedTuple

SEPARATOR = r"\s*(?:[/.,\-–]|\s)\s*"
# Words of the spoken form, in the order in which they are said.
SPOKEN = re.compile(
    r"(?:(?:ngày|mồng|mùng)?\s*(?:mồng|mùng)?\s*(?P<day>\d{1,2})\s+)?tháng\s+(?P<month>\d{1,2}|giêng|một|hai|ba|tư|bốn"
    r"|năm|sáu|bảy|bẩy|tám|chín|mười một|mười hai|mười|chạp)\s+năm\s+(?P<year>\d{2,4})"
)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?")
DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}}){SEPARATOR}(?P<month>\d{{1,2}}){SEPARATOR}(?P<year>\d{{2,4}})")
MONTH_FIRST = re.compile(rf"(?P<month>\d{{1,2}}){SEPARATOR}(?P<year>\d{{4}})")
EIGHT_DIGITS = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})")
ONLY_YEAR = re.compile(r"(?:năm\s+)?(?P<year>\d{4})")
MONTH_WORDS = {
    "giêng": "1",
    "một": "1",
    "hai": "2",
    "ba": "3",
    "tư": "4",
    "bốn": "4",
    "năm": "5",
    "sáu": "6",
    "bảy": "7",
    "bẩy": "7",
    "tám": "8",
    "chín": "9",
    "mười": "10",
    "mười một": "11",
    "mười hai": "12",
    "chạp": "12",
}


class Parts(NamedTuple):
    """What stands in each box; empty where nothing was said."""

    day: str
    month: str
    year: str


def read(text: str) -> Parts | None:
    """The parts of a date written in one piece; None when it is no such date, so that the box is explained as it is."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .")
    for pattern in (SPOKEN, YEAR_FIRST, DAY_FIRST, EIGHT_DIGITS, MONTH_FIRST, ONLY_YEAR):
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            month = found.get("month") or ""
            return Parts(found.get("day") or "", MONTH_WORDS.get(month, month), found["year"])
    return None

"""The 12-digit personal number: its layout, and whether it agrees with what else was declared (NĐ 137/2015, Art. 13).

PPP G YY NNNNNN: province or country of birth registration, century and sex, year of birth, serial. There is no check
digit, and the prefix never shows where somebody lives. A mismatch is a warning for a person, never a refusal.
"""

import unicodedata
from functools import cache

from django.utils.translation import gettext as _

from lltp_portal import provinces

SEPARATORS = str.maketrans("", "", " .-\u00a0\u200b\u2009\u202f")
CENTURY_AND_SEX = {
    0: (1900, "male"),
    1: (1900, "female"),
    2: (2000, "male"),
    3: (2000, "female"),
    4: (2100, "male"),
    5: (2100, "female"),
}


def normalised(number: str) -> str:
    """As it is kept: full-width digits made plain, spaces, dots and dashes between digits left out, capitals."""
    return unicodedata.normalize("NFKC", number).translate(SEPARATORS).upper().strip()


@cache
def _birth_registration_provinces() -> frozenset[str]:
    """The 63 codes in force until 2025-06-30: cards keep the meaning that a code had."""
    return frozenset(province.code for province in provinces.before_merger())


def doubts(number: str, *, date_of_birth: str, sex: str) -> list[str]:
    """What in a 12-digit number does not agree with the rest, in words for a clerk. Empty when all agrees."""
    found = []
    place = number[:3]
    is_vietnamese_province = place[0] == "0" and place[1:] in _birth_registration_provinces()
    if not is_vietnamese_province and place[0] == "0":
        found.append(_("Ba chữ số đầu không phải mã của tỉnh, thành phố nào."))
    century, digit_sex = CENTURY_AND_SEX.get(int(number[3]), (None, None))
    if century is None:
        found.append(_("Chữ số thứ tư không ứng với thế kỷ và giới tính nào."))
        return found
    year = century + int(number[4:6])
    if date_of_birth and int(date_of_birth[:4]) != year:
        found.append(_("Năm sinh trong số định danh khác năm sinh đã khai."))
    if sex and digit_sex != sex:
        found.append(_("Giới tính trong số định danh khác giới tính đã khai."))
    return found

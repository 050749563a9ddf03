"""The fixed words of a certificate and how data become words (Thông tư 13/2011/TT-BTP Art. 14, verbatim); pure."""

import datetime
import re

TITLES = {1: "PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1"}
FOOT_TITLES = {1: "Phiếu lý lịch tư pháp số 1"}

STATUS_TEXTS = {
    "no_record": "Không có án tích",
    "no_record_foreigner": "Không có án tích trong thời gian cư trú tại Việt Nam",
    "has_record": "Có án tích",
}
SEX_WORDS = {"male": "Nam", "female": "Nữ"}
NOTHING = "//"
NO_NUMBER = "……"
DRAFT_MARK = "BẢN NHÁP"
SIGNATURE_PLACE = "Chữ ký số đặt tại đây"
CODE_TO_COME = "điền khi ký"

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def partial_date(text: str) -> tuple[int, int | None, int | None]:
    """Year, month and day of YYYY[-MM[-DD]]; ValueError when there is no such day."""
    found = _PARTIAL_DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    datetime.date(year or 0, 1 if month is None else month, 1 if day is None else day)
    return year or 0, month, day


def short_date(text: str) -> str:
    """1990-03-27 → 27/03/1990; 1990-03 → 03/1990; 1990 → 1990."""
    year, month, day = partial_date(text)
    return "/".join(f"{part:02d}" for part in (day, month) if part) + ("/" if month else "") + f"{year:04d}"


def long_date(day: datetime.date) -> str:
    """ngày 08 tháng 12 năm 2026; days below 10 and the months 1 and 2 get a leading zero (Nghị định 30/2020/NĐ-CP)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def number_text(number: int | None, suffix: str) -> str:
    return f"{NO_NUMBER if number is None else number}/{suffix}"


def place_and_day(place: str, day: datetime.date | None) -> str:
    return f"{place}, {long_date(day) if day else f'ngày {NO_NUMBER} tháng {NO_NUMBER} năm {NO_NUMBER}'}"

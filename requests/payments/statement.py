"""Lines of a bank statement (CSV): amount, text, the bank's transaction id. Pure; a refused line leaves no trace."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from requests.clock import LOCAL

COLUMNS = ("ma_giao_dich", "thoi_gian", "so_tien", "noi_dung")
MOST_BYTES = 1_000_000
MOST_LINES = 5_000
MOST_AMOUNT = 1_000_000_000
# Whole đồng, with or without marks between thousands; banks like to add “.00”.
AMOUNT = re.compile(r"(?P<dong>[0-9]{1,10}|[0-9]{1,3}(?:[.,\s][0-9]{3}){1,3})(?:[.,]00?)?")
# Crockford's letters; banks write text in capitals or not, and break it by spaces, dots and dashes.
REFERENCE = re.compile(r"LP[0-9A-HJKMNP-TV-Z]{10}")


@dataclass(frozen=True)
class Line:
    """One payment into the account."""

    transaction_id: str
    at: datetime
    amount: int
    text: str

    @property
    def references(self) -> list[str]:
        """Every reference of ours that the text may mean, each once."""
        return references_in(self.text)


class Unreadable(ValueError):
    """A file or a line that cannot be meant; the words say which line and what to do."""


def references_in(text: str) -> list[str]:
    """“CK lp7k2m-9qx4rtw phi” → [LP7K2M9QX4RTW…]: found as it is written, or with what banks put between left out."""
    upper = text.upper()
    found = REFERENCE.findall(upper) or REFERENCE.findall(re.sub(r"[\s.\-_/]", "", upper))
    return list(dict.fromkeys(found))


def read(data: bytes) -> list[Line]:
    """Every line, or Unreadable with all that is wrong: a file is taken as a whole or not at all."""
    if len(data) > MOST_BYTES:
        raise Unreadable("Tệp lớn hơn 1 MB. Chia sao kê thành nhiều tệp nhỏ hơn.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("Tệp không phải UTF-8. Xuất lại sao kê dạng CSV UTF-8.") from None
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\0", "")), strict=True)
        rows = list(zip(range(2, MOST_LINES + 3), reader, strict=False))
    except csv.Error:
        raise Unreadable("Tệp không đọc được như CSV. Xuất lại sao kê dạng CSV, cách nhau bằng dấu phẩy.") from None
    if not rows or not set(COLUMNS) <= set(rows[0][1]):
        raise Unreadable(f"Dòng đầu phải có các cột {', '.join(COLUMNS)}, rồi ít nhất một dòng giao dịch.")
    if len(rows) > MOST_LINES:
        raise Unreadable(f"Tệp có hơn {MOST_LINES} dòng. Chia thành nhiều tệp nhỏ hơn.")
    return _lines(rows)


def _lines(rows: Iterable[tuple[int, dict[str, str]]]) -> list[Line]:
    found, wrong = [], []
    for number, row in rows:
        try:
            found.append(_line(row))
        except ValueError as error:
            wrong.append(f"dòng {number}: {error}")
    if wrong:
        more = f" và {len(wrong) - 10} dòng khác" if len(wrong) > 10 else ""
        raise Unreadable(f"Chưa nhập gì. Sửa {'; '.join(wrong[:10])}{more}.")
    return found


def _line(row: dict[str, str]) -> Line:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not re.fullmatch(r"[0-9A-Za-z._/-]{1,80}", values["ma_giao_dich"]):
        raise ValueError("mã giao dịch cần 1 đến 80 chữ cái, chữ số")
    return Line(
        values["ma_giao_dich"], _moment(values["thoi_gian"]), _amount(values["so_tien"]), values["noi_dung"][:400]
    )


def _amount(text: str) -> int:
    """“200000”, “200.000”, “200,000.00” → 200000: two noughts after the last mark are hào and xu, never đồng."""
    found = AMOUNT.fullmatch(text)
    amount = int(re.sub(r"[.,\s]", "", found["dong"])) if found else 0
    if not 0 < amount <= MOST_AMOUNT:
        raise ValueError("số tiền phải là số đồng lớn hơn 0, ví dụ 200000")
    return amount


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            continue
    raise ValueError("thời gian viết dạng 22/11/2026 09:30")

"""What a paper is put together from: blocks in reading order, and how days, amounts and codes are said on it; pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from lltp_portal.wording import thousands, weekday
from requests.papers.amount_words import in_words

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SIGN_HERE = "(Ký, ghi rõ họ tên)"
# “1.”, “2)”, “1.2.”, “-”, “•” before a point; never the figure that the point begins with (“3 tháng”).
NUMBERING = re.compile(r"^(?:[-–•*]\s*|(?:\d{1,2}[.)])+(?=\D|$)\s*)+")

# --- Words ----------------------------------------------------------------------------------------------------------


def hour(at: datetime) -> str:
    """“09 giờ 05”."""
    return f"{at.astimezone(LOCAL):%H giờ %M}"


def day(at: datetime) -> str:
    """“19/11/2026”."""
    return f"{at.astimezone(LOCAL):%d/%m/%Y}"


def hour_and_day(at: datetime) -> str:
    """“09:05 ngày 19/11/2026”."""
    return f"{at.astimezone(LOCAL):%H:%M} ngày {day(at)}"


def appointment(at: datetime) -> str:
    """“17 giờ 00, Thứ Sáu, ngày 11/12/2026”."""
    return f"{hour(at)}, {weekday(at.astimezone(LOCAL))}, ngày {day(at)}"


def money(amount: int) -> str:
    """“200.000 đồng (hai trăm nghìn đồng)”."""
    return f"{thousands(amount)} đồng ({in_words(amount)})"


def grouped(code: str) -> str:
    """YC-7K3M9QD2… as people read it out: YC-7K3M-9QD2-…"""
    first, dash, rest = code.rpartition("-")
    return first + dash + "-".join(rest[start : start + 4] for start in range(0, len(rest), 4))


def identity(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 12 and number.isdigit() else number


def phone(number: str) -> str:
    return f"{number[:4]} {number[4:7]} {number[7:]}" if len(number) == 10 and number.isdigit() else number


def points_of(text: str) -> tuple[str, ...]:
    """A text as points: one a line, without the numbers or dashes that people write before them."""
    lines = (NUMBERING.sub("", line.strip()) for line in text.splitlines())
    return tuple(line for line in lines if line)


# --- Blocks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Codes:
    """The QR code, and beside it what to type."""

    name: ClassVar[str] = "codes"
    dossier_number: str
    lines: tuple[tuple[str, str], ...]  # label, value in bold
    foot: tuple[str, str, str]

    @property
    def text(self) -> str:
        first = f"Mã hồ sơ: {self.dossier_number}" if self.dossier_number else ""
        return " ".join([first, *(f"{label}: {value}" for label, value in self.lines), "".join(self.foot)])


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    value: str
    strong: str = ""  # stands before the value, in bold


@dataclass(frozen=True, slots=True)
class Rows:
    """Label and value, ruled."""

    name: ClassVar[str] = "rows"
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        return " ".join(f"{row.label} {row.strong}{row.value}" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Table:
    """A list with a head that comes again on each page; `css` names its widths."""

    name: ClassVar[str] = "table"
    css: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The head once: where the list goes on, the lint leaves out what is printed again."""
        return " ".join([*self.heads, *(cell for line in self.lines for cell in line)])


@dataclass(frozen=True, slots=True)
class Box:
    """The one thing to see: a date, an amount, an outcome."""

    name: ClassVar[str] = "box"
    caption: str
    big: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join([self.caption, self.big, *self.lines])


@dataclass(frozen=True, slots=True)
class Say:
    """A paragraph; `strong` stands inside it, in bold, between two halves."""

    name: ClassVar[str] = "say"
    before: str
    strong: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.strong}{self.after}"


@dataclass(frozen=True, slots=True)
class Points:
    """Numbered points, each kept whole where it can be."""

    name: ClassVar[str] = "points"
    points: tuple[tuple[str, str], ...]  # what, why

    @property
    def text(self) -> str:
        numbered = [(f"{number}. {what}", why) for number, (what, why) in enumerate(self.points, start=1)]
        return " ".join(part for what, why in numbered for part in (what, why) if part)


@dataclass(frozen=True, slots=True)
class Signature:
    role: tuple[str, ...]
    notes: tuple[str, ...]
    who: str

    @property
    def text(self) -> str:
        return " ".join([*self.role, *self.notes, self.who])


@dataclass(frozen=True, slots=True)
class Signatures:
    """One or two, side by side; never alone on a page."""

    name: ClassVar[str] = "signatures"
    left: Signature | None
    right: Signature

    @property
    def in_ink(self) -> bool:
        """Somebody signs by hand, so there is room for it."""
        return any(one and SIGN_HERE in one.notes for one in (self.left, self.right))

    @property
    def text(self) -> str:
        return f"{self.left.text if self.left else ''} {self.right.text}"


Block = Codes | Rows | Table | Box | Say | Points | Signatures

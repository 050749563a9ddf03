"""The terms of xóa án tích as dated rows: Bộ luật Hình sự 2015 (BLHS), Art. 70(2), 71(2) and 107(2).

A change of the law is a new row here and nothing else: the newest version that has begun on the day applies. Days
before the first version are answered by it too, because the code of 2015 is the more favourable one for whoever was
sentenced under an older code (Nghị quyết 41/2017/QH14); the terms of 1985 and 1999 are on purpose not here.
"""

from dataclasses import dataclass
from datetime import date

IN_FORCE_2015 = date(2018, 1, 1)
YOUTH_LAW = date(2026, 1, 1)
FIVE_YEARS, FIFTEEN_YEARS = 60, 180


@dataclass(frozen=True)
class Point:
    """One point (điểm) of a clause: the main penalty it names, and the months that it asks for."""

    letter: str
    penalty: str
    gloss: str
    months: int


@dataclass(frozen=True)
class Terms:
    """One version of one clause, from the day on which it begins."""

    begins: date
    article: str
    code: str
    source: str
    points: tuple[Point, ...]

    def point(self, letter: str) -> Point:
        return next(point for point in self.points if point.letter == letter)

    def has(self, letter: str) -> bool:
        return any(point.letter == letter for point in self.points)

    def cite(self, letter: str) -> str:
        return f"{self.article} điểm {letter} {self.code}"


_UP_TO_5 = ("phạt tù đến 05 năm", "prison of up to 5 years")
_UP_TO_15 = ("phạt tù từ trên 05 năm đến 15 năm", "prison of over 5 to 15 years")
_GRAVEST = (
    "phạt tù từ trên 15 năm, tù chung thân hoặc tử hình nhưng đã được giảm án",
    "prison of over 15 years; life or death, commuted",
)
_LIGHT = (
    "phạt cảnh cáo, phạt tiền, cải tạo không giam giữ, phạt tù nhưng được hưởng án treo",
    "warning, fine, non-custodial reform, suspended prison",
)
_LIGHT_BY_COURT = (
    "phạt cảnh cáo, cải tạo không giam giữ hoặc phạt tù nhưng được hưởng án treo",
    "warning, non-custodial reform, suspended prison (a fine is not named)",
)
_YOUTH_POINTS = (
    Point("a", *_LIGHT, 6),
    Point("b", *_UP_TO_5, 12),
    Point("c", *_UP_TO_15, 24),
    Point("d", "phạt tù từ trên 15 năm", "prison of over 15 years", 36),
)

ADULT = (
    Terms(
        IN_FORCE_2015,
        "Điều 70 khoản 2",
        "BLHS",
        "Bộ luật Hình sự 2015 (100/2015/QH13, 12/2017/QH14)",
        (Point("a", *_LIGHT, 12), Point("b", *_UP_TO_5, 24), Point("c", *_UP_TO_15, 36), Point("d", *_GRAVEST, 60)),
    ),
)
YOUTH = (
    Terms(
        IN_FORCE_2015,
        "Điều 107 khoản 2",
        "BLHS",
        "Bộ luật Hình sự 2015 (100/2015/QH13, 12/2017/QH14)",
        _YOUTH_POINTS,
    ),
    # Whether the law on minors moved or changed these terms is not verified (domain Q12): the same until somebody does.
    Terms(
        YOUTH_LAW,
        "Điều 107 khoản 2",
        "BLHS",
        "Luật Tư pháp người chưa thành niên 59/2024/QH15: chưa xác minh có thay đổi, giữ nguyên thời hạn",
        _YOUTH_POINTS,
    ),
)
BY_COURT = (
    Terms(
        IN_FORCE_2015,
        "Điều 71 khoản 2",
        "BLHS",
        "Bộ luật Hình sự 2015 (100/2015/QH13, 12/2017/QH14)",
        (
            Point("a", *_LIGHT_BY_COURT, 12),
            Point("b", *_UP_TO_5, 36),
            Point("c", *_UP_TO_15, 60),
            Point("d", *_GRAVEST, 84),
        ),
    ),
)


def in_force(versions: tuple[Terms, ...], on: date) -> Terms:
    """The newest version that has begun; the oldest for days before all of them."""
    begun = [version for version in versions if version.begins <= on]
    return max(begun, key=lambda version: version.begins) if begun else versions[0]


def letter_of_prison(months: int) -> str:
    """Points b to d, by the length pronounced (Art. 73(1) BLHS), never by the part served."""
    return "b" if months <= FIVE_YEARS else "c" if months <= FIFTEEN_YEARS else "d"


def letters_of(kind: str, months: int | None, *, suspended: bool) -> tuple[str, ...]:
    """The points that a main penalty may fall under; none for expulsion (trục xuất), which no article names."""
    if kind in ("warning", "fine", "non_custodial") or (kind == "imprisonment" and suspended):
        return ("a",)
    if kind in ("life", "death_commuted"):
        return ("d",)
    if kind == "imprisonment":
        return (letter_of_prison(months),) if months and months > 0 else ("b", "c", "d")
    return ()

"""Judgments of invented people: 1.2 a person, about half of them expunged, some with facts missing as in real files."""

from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.population.words import PROVINCE_NAMES

# title, article of the 2015 code, chapter, severity, months of imprisonment from and to, negligent
OFFENCES = (
    ("Trộm cắp tài sản", 173, "XVI", "less_serious", 6, 36, False),
    ("Trộm cắp tài sản", 173, "XVI", "serious", 24, 84, False),
    ("Cố ý gây thương tích", 134, "XIV", "less_serious", 6, 36, False),
    ("Cố ý gây thương tích", 134, "XIV", "serious", 24, 72, False),
    ("Đánh bạc", 321, "XXI", "less_serious", 6, 36, False),
    ("Tàng trữ trái phép chất ma túy", 249, "XX", "serious", 12, 60, False),
    ("Mua bán trái phép chất ma túy", 251, "XX", "very_serious", 84, 180, False),
    ("Lừa đảo chiếm đoạt tài sản", 174, "XVI", "serious", 24, 84, False),
    ("Vi phạm quy định về tham gia giao thông đường bộ", 260, "XXI", "less_serious", 12, 60, True),
    ("Gây rối trật tự công cộng", 318, "XXI", "less_serious", 6, 24, False),
    ("Cướp giật tài sản", 171, "XVI", "serious", 12, 60, False),
    ("Chống người thi hành công vụ", 330, "XXII", "less_serious", 6, 36, False),
    ("Đánh bạc", 321, "XXI", "less_serious", 6, 36, False),
    ("Hủy hoại rừng", 243, "XIX", "serious", 12, 60, False),
)
LAST_DAY = date(2025, 12, 31).toordinal()


def convictions(birth_year: int, province: str, random: Random) -> list[dict[str, Any]]:
    """In the order of their judgments, none before the person was sixteen."""
    first = date(birth_year + 16, 12, 31).toordinal()
    drawn = random.random()
    count = 1 if drawn < 0.86 else 2 if drawn < 0.96 else 3 if drawn < 0.99 else 4
    days = sorted(int(first + (random.random() ** 0.6) * max(LAST_DAY - first, 400)) for _ in range(count))
    return [_conviction(day, province, random) for day in days]


def _conviction(day: int, province: str, random: Random) -> dict[str, Any]:
    judged = date.fromordinal(day)
    title, article, chapter, severity, least, most, negligent = OFFENCES[int(random.random() * len(OFFENCES))]
    code = "BLHS2015" if judged.year >= 2018 else "BLHS1999" if judged.year > 2000 else "BLHS1985"
    written: dict[str, Any] = {
        "judgment_number": f"{1 + int(random.random() * 400)}/{judged.year}/HS-ST",
        "court": f"Tòa án nhân dân {PROVINCE_NAMES[province]}",
        "judgment_date": judged.isoformat(),
        "effective_date": date.fromordinal(day + 30).isoformat(),
        "offence_date": date.fromordinal(day - 60 - int(random.random() * 300)).isoformat(),
        "offence": {"title": title, "code": code, "article": article, "negligent": negligent},
    }
    if code == "BLHS2015":
        written["offence"] |= {"chapter": chapter, "severity": severity}
    return written | _penalty(judged, least, most, random) | _afterwards(judged, random)


def _penalty(judged: date, least: int, most: int, random: Random) -> dict[str, Any]:
    drawn = random.random()
    months = least + int(random.random() * (most - least))
    if drawn < 0.10:
        done = judged + timedelta(days=90)
        return {
            "main_penalty": {"kind": "fine", "amount_vnd": 5_000_000 * (1 + int(random.random() * 10))},
            "main_penalty_completed_on": done.isoformat() if drawn < 0.085 else None,
        }
    end = (judged + timedelta(days=30 * months + 60)).isoformat()
    if drawn < 0.40 and months <= 36:
        probation = max(12, min(60, months * 2))
        end = (judged + timedelta(days=30 * probation + 40)).isoformat()
        penalty = {"kind": "imprisonment", "months": months, "suspended": True, "probation_months": probation}
        return {"main_penalty": penalty, "main_penalty_completed_on": end if end < "2026" else None}
    completed = end if end < "2026" and drawn < 0.93 else None
    return {"main_penalty": {"kind": "imprisonment", "months": months}, "main_penalty_completed_on": completed}


def _afterwards(judged: date, random: Random) -> dict[str, Any]:
    """Money ordered to be paid and further penalties; one file in twelve does not say."""
    drawn = random.random()
    if drawn < 0.08:
        return {}
    paid = (judged + timedelta(days=60 + int(random.random() * 700))).isoformat()
    return {
        "additional_penalties": [],
        "obligations": [{"kind": "court_fee", "fulfilled_on": paid if drawn < 0.93 and paid < "2026" else None}],
    }

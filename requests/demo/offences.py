"""Invented convictions for invented people: judgments that are expunged, that are active, and that lack a paper.

Days lie before REFERENCE, so that the demo world says the same for some years; offences and classes follow Bộ luật
Hình sự 2015 (severity by the most that the clause allows, Art. 9).
"""

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

REFERENCE = date(2026, 6, 30)
CODE_IN_FORCE = date(2018, 1, 1)


class Offence(NamedTuple):
    title: str
    article: int
    clause: int
    chapter: str
    severity: str
    most_months: int
    negligent: bool = False


OFFENCES = (
    Offence("Trộm cắp tài sản", 173, 1, "XVI", "less_serious", 36),
    Offence("Lừa đảo chiếm đoạt tài sản", 174, 2, "XVI", "serious", 84),
    Offence("Cố ý gây thương tích", 134, 2, "XIV", "serious", 72),
    Offence("Tàng trữ trái phép chất ma túy", 249, 1, "XX", "serious", 60),
    Offence("Mua bán trái phép chất ma túy", 251, 2, "XX", "very_serious", 180),
    Offence("Đánh bạc", 321, 1, "XXI", "less_serious", 36),
    Offence("Tổ chức đánh bạc", 322, 1, "XXI", "serious", 60),
    Offence("Gây rối trật tự công cộng", 318, 2, "XXI", "serious", 84),
    Offence("Cho vay lãi nặng trong giao dịch dân sự", 201, 1, "XVIII", "less_serious", 36),
    Offence("Vi phạm quy định về tham gia giao thông đường bộ", 260, 1, "XXI", "serious", 60, negligent=True),
)
COURTS = (
    "Tòa án nhân dân quận Đống Đa, thành phố Hà Nội",
    "Tòa án nhân dân quận Bình Thạnh, Thành phố Hồ Chí Minh",
    "Tòa án nhân dân thành phố Nam Định, tỉnh Nam Định",
    "Tòa án nhân dân thành phố Vinh, tỉnh Nghệ An",
    "Tòa án nhân dân quận Hải Châu, thành phố Đà Nẵng",
    "Tòa án nhân dân thành phố Biên Hòa, tỉnh Đồng Nai",
)


def convictions(chance: random.Random, born: date) -> list[dict[str, Any]]:
    """One judgment, rarely two; somebody who was not yet 18 in 2018 offended later."""
    earliest = max(CODE_IN_FORCE, _years_after(born, 18))
    if earliest > date(2023, 1, 1):
        earliest = date(2023, 1, 1)
    rows = [_judgment(chance, earliest, expunged=chance.random() < 0.5)]
    if chance.random() < 0.04:
        rows.append(_judgment(chance, earliest, expunged=False))
    return rows


def _years_after(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _some_day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange(max(1, (last - first).days)))


def _judgment(chance: random.Random, earliest: date, *, expunged: bool) -> dict[str, Any]:
    """Expunged ones were served at least three years before REFERENCE; others within the last ten months, or never."""
    offence = chance.choice(OFFENCES)
    latest = date(2020, 1, 1) if expunged else date(2024, 6, 1)
    committed = _some_day(chance, earliest, max(latest, earliest + timedelta(days=200)))
    judged = committed + timedelta(days=chance.randrange(90, 240))
    in_effect = judged + timedelta(days=30)
    penalty, served = _penalty(chance, offence, in_effect, expunged=expunged)
    row = {
        "judgment_number": f"{chance.randrange(1, 320)}/{judged.year}/HS-ST",
        "court": chance.choice(COURTS),
        "judgment_date": judged.isoformat(),
        "effective_date": in_effect.isoformat(),
        "offence_date": committed.isoformat(),
        "offence": {
            "title": offence.title,
            "code": "BLHS2015",
            "article": offence.article,
            "clause": offence.clause,
            "chapter": offence.chapter,
            "severity": offence.severity,
            "negligent": offence.negligent,
        },
        "main_penalty": penalty,
        "main_penalty_completed_on": served.isoformat() if served else None,
        "additional_penalties": [],
        "obligations": [{"kind": "court_fee", "fulfilled_on": (in_effect + timedelta(days=20)).isoformat()}],
    }
    _add_faults(chance, row, served, expunged=expunged)
    return row


def _penalty(
    chance: random.Random, offence: Offence, in_effect: date, *, expunged: bool
) -> tuple[dict[str, Any], date | None]:
    """The main penalty, and when it was completed."""
    kind = chance.choices(["imprisonment", "suspended", "non_custodial", "fine"], [45, 30, 15, 10])[0]
    if offence.severity == "very_serious":
        kind = "imprisonment"
    recently = REFERENCE - timedelta(days=chance.randrange(20, 300))
    if kind == "fine":
        penalty = {"kind": "fine", "amount_vnd": chance.randrange(10, 60) * 1_000_000}
        return penalty, in_effect + timedelta(days=60) if expunged else recently
    if kind == "non_custodial":
        months = chance.choice([9, 12, 18, 24])
        return {"kind": kind, "months": months}, in_effect + timedelta(days=30 * months) if expunged else recently
    if kind == "suspended":
        months = chance.choice([9, 12, 18, 24])
        penalty = {"kind": "imprisonment", "months": months, "suspended": True, "probation_months": 2 * months}
        return penalty, in_effect + timedelta(days=30 * months) if expunged else recently
    months = 87 if offence.severity == "very_serious" else chance.choice([m for m in (6, 9, 15, 24, 30) if m <= 36])
    served = in_effect + timedelta(days=30 * min(months, 30))
    return {"kind": "imprisonment", "months": months}, served if expunged else chance.choice([recently, None])


def _add_faults(chance: random.Random, row: dict[str, Any], served: date | None, *, expunged: bool) -> None:
    """What real records lack or add: unknown obligations, fines beside prison, a certificate of expungement."""
    kind = chance.random()
    if kind < 0.06:
        del row["obligations"]
    elif kind < 0.14:
        paid = {"kind": "compensation", "fulfilled_on": row["judgment_date"]}
        row["obligations"].append(paid)
    elif kind < 0.2 and row["main_penalty"]["kind"] == "imprisonment":
        fine = {"kind": "fine", "completed_on": served.isoformat() if served else None}
        row["additional_penalties"].append(fine)
    elif kind < 0.26 and expunged and served:
        day = served + timedelta(days=1150)
        row["expungement"] = {"kind": "certificate", "date": day.isoformat(), "reference": f"GXN-{day.year}"}

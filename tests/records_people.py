"""Invented people of the register for the tests, written as lines of the register file."""

import copy
from datetime import date
from typing import Any

from records.determination import Determination, determine
from records.facts import RegisterRecord
from records.reading import read_record

PERSON: dict[str, Any] = {
    "register_id": "R-990001",
    "full_name": "Nguyễn Văn Thử",
    "date_of_birth": "1980-05-17",
    "convictions": [],
    "sex": "male",
    "nationality": "VN",
    "place_of_birth_province": "01",
    "identity_documents": [{"type": "cccd", "number": "001080990001"}],
    "father_name": "Nguyễn Văn Cha",
    "mother_name": "Trần Thị Mẹ",
}
# Twelve months of prison, suspended; probation over on 10 March 2023, court fee paid in 2022 (domain C3).
CONVICTION: dict[str, Any] = {
    "judgment_number": "15/2021/HS-ST",
    "court": "Tòa án nhân dân huyện Mẫu",
    "judgment_date": "2021-09-10",
    "effective_date": "2021-10-11",
    "offence_date": "2021-01-05",
    "offence": {
        "title": "Trộm cắp tài sản",
        "code": "BLHS2015",
        "article": 173,
        "clause": 1,
        "chapter": "XVI",
        "severity": "less_serious",
        "negligent": False,
    },
    "main_penalty": {"kind": "imprisonment", "months": 12, "suspended": True, "probation_months": 18},
    "main_penalty_completed_on": "2023-03-10",
    "additional_penalties": [],
    "obligations": [{"kind": "court_fee", "fulfilled_on": "2022-02-01"}],
}


def conviction(**changes: Any) -> dict[str, Any]:
    """One conviction as a JSON object; `offence` and `main_penalty` are merged, `None` for ABSENT drops nothing."""
    row = copy.deepcopy(CONVICTION)
    for field, value in changes.items():
        if field == "offence":
            row["offence"] |= value
        else:
            row[field] = value
    return row


def prison(months: int, completed_on: str | None, **changes: Any) -> dict[str, Any]:
    """Prison that was served, with everything else of the judgment done."""
    served: dict[str, Any] = {
        "judgment_date": "2014-03-03",
        "effective_date": "2014-04-04",
        "offence_date": "2013-06-01",
        "obligations": [],
    }
    penalty = {"kind": "imprisonment", "months": months}
    row = conviction(**(served | changes | {"main_penalty": penalty, "main_penalty_completed_on": completed_on}))
    row["offence"] = row["offence"] | {"severity": None} | changes.get("offence", {})
    return row


def without(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {field: value for field, value in row.items() if field not in fields}


def person_json(*convictions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PERSON) | {"convictions": list(convictions)} | changes


def person(*convictions: dict[str, Any], **changes: Any) -> RegisterRecord:
    return read_record(person_json(*convictions, **changes), "")


def second_crime(offence_date, **changes):
    return prison(
        12,
        "2023-06-01",
        judgment_number="77/2022/HS-ST",
        judgment_date="2022-06-01",
        effective_date="2022-07-01",
        offence_date=offence_date,
        **changes,
    )


def kind1(who, as_of, **options):
    people = who if isinstance(who, list) else [who]
    options = {"certificate_type": 1, "want_ban_info": False} | options
    return determine(people, as_of=date.fromisoformat(as_of), **options)


def kind2(who, as_of, **options):
    return kind1(who, as_of, certificate_type=2, **options)


def says(who, as_of):
    """The words on số 1, or 'VERIFY'."""
    found = kind1(who, as_of)
    return found.text if isinstance(found, Determination) else "VERIFY"


def rows(who, as_of):
    """The last column of số 2, or 'VERIFY'."""
    found = kind2(who, as_of)
    return [row.expungement for row in found.convictions] if isinstance(found, Determination) else "VERIFY"


YES, NO = "Có án tích", "Không có án tích"
OPEN = "Chưa được xóa án tích"


def done(day, month, year):
    return f"Đã được xóa án tích ngày {day:02} tháng {month:02} năm {year}"

"""Papers that wait for the register in the demo world: about people of the invented register, from invented offices."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from records.facts import RegisterRecord
from records.incoming import actions
from records.incoming.contract import read_information
from records.register import queries
from records.register.living import IncomingInformation
from requests.demo import people

PRISON, COURT = "Trại giam Vĩnh Quang (mẫu)", "Tòa án nhân dân khu vực Mẫu"
ENFORCEMENT = "Phòng Thi hành án dân sự khu vực Mẫu"
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Ngọc Phương Thảo Nguyên Anh Thư Mẫu"


def make(by: Any) -> int:
    """A few papers of each age; made once. How many there are."""
    if not IncomingInformation.objects.exists():
        now = timezone.now()
        for number, (paper, days) in enumerate(_papers(), start=1):
            written = {
                "number": f"{number:02}/MAU",
                "date": (now - timedelta(days=days + 2)).date().isoformat(),
                **paper,
            }
            actions.receive(read_information(written), by=by, at=now - timedelta(days=days, hours=number))
    return IncomingInformation.objects.count()


def _papers() -> list[tuple[dict[str, Any], int]]:
    """(paper, days ago): completions of those who still serve, a new name, a judgment and a ban of somebody new."""
    serving = _who_serve(3)
    found = [
        (
            {"kind": "completion_certificate", "sender": PRISON, "about": _about(one), "content": _completed(one)},
            34 - 12 * i,
        )
        for i, one in enumerate(serving[:2])
    ]
    found += [
        (
            {
                "kind": "identity_change",
                "sender": COURT,
                "about": _about(one),
                "content": {"full_name": f"{one.full_name} Mẫu"},
            },
            5,
        )
        for one in serving[2:3]
    ]
    stranger = {"full_name": LONG_NAME, "date_of_birth": "1987", "sex": "female"}
    found.append(
        ({"kind": "judgment", "sender": COURT, "about": stranger, "content": {"convictions": [_conviction()]}}, 1)
    )
    ban = {
        "decision_number": "04/MAU",
        "from": "2026-01-05",
        "until": "2028-01-05",
        "position": "Thành lập, quản lý doanh nghiệp",
    }
    found.append(({"kind": "ban", "sender": ENFORCEMENT, "about": stranger, "content": {"bans": [ban]}}, 0))
    return found


def _who_serve(most: int) -> list[RegisterRecord]:
    """People of the invented register of whom nobody has said yet that they are done."""
    found: list[RegisterRecord] = []
    for record in queries.all_records():
        invented = record.register_id.startswith(f"{people.REGISTER_PREFIX}0")
        if invented and any(one.main_penalty_completed_on is None for one in record.convictions):
            found.append(record)
        if len(found) == most:
            break
    return found


def _about(record: RegisterRecord) -> dict[str, Any]:
    said = record.to_json()
    return {
        name: said[name]
        for name in ("full_name", "date_of_birth", "sex", "identity_documents", "father_name")
        if said.get(name)
    }


def _completed(record: RegisterRecord) -> dict[str, Any]:
    conviction = next(one for one in record.convictions if one.main_penalty_completed_on is None)
    named = {name: conviction.to_json()[name] for name in ("judgment_number", "court", "judgment_date")}
    return {"judgment": named, "main_penalty_completed_on": "2026-09-30"}


def _conviction() -> dict[str, Any]:
    return {
        "judgment_number": "88/2026/HS-ST",
        "court": COURT,
        "judgment_date": "2026-08-14",
        "effective_date": "2026-09-14",
        "offence_date": "2025-11-02",
        "offence": {
            "title": "Trộm cắp tài sản",
            "code": "BLHS2015",
            "article": 173,
            "clause": 1,
            "chapter": "XVI",
            "severity": "less_serious",
            "negligent": False,
        },
        "main_penalty": {"kind": "imprisonment", "months": 9, "suspended": True, "probation_months": 18},
        "additional_penalties": [],
        "obligations": [{"kind": "court_fee", "fulfilled_on": None}],
    }

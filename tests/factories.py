"""What tests begin with: people of every role, a complete declaration, a request in any state by the real acts.

Plain functions. All data is invented: 12-digit numbers carry serials from 990000 on, addresses end in vi-du.example.
"""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User, person_key
from lltp_portal.accounts.roles import ROLES
from records.register.loading import run_import
from records.register.preparing import Line
from requests.demo import journeys
from requests.demo.journeys import Journey, Office
from requests.models import CertificateRequest

LAST_DAY_OF_P2 = date(2025, 2, 28)
PASSWORD = "mat-khau-thu-2026"
# Far from the 99xxxx of numbers that tests write out: one drawn twice would make a clerk the applicant.
_serials = count(100_000)
_accounts = count(1)


def identity_number(*, sex: str = "male", year: int = 1990, province: str = "001") -> str:
    """Another invented 12-digit number with the real layout (domain 2.4)."""
    century = (0 if year < 2000 else 2) + (sex == "female")
    return f"{province}{century}{year % 100:02d}{next(_serials):06d}"


# --- People --------------------------------------------------------------------------------------------------------


def department(province_code: str = "01") -> Authority:
    """The Department of Justice of a province (Hà Nội) under the law that the tests run by."""
    return Authority.objects.department_of(province_code, LAST_DAY_OF_P2)


def make_citizen(*, email: str = "", full_name: str = "Nguyễn Văn Thử", password: str | None = None) -> User:
    """A citizen's account. Without a password it is signed in by client.force_login."""
    return User.objects.create_user(email or f"cong-dan-{next(_accounts)}@vi-du.example", password, full_name=full_name)


def make_staff(
    *roles: str,
    authority: Authority | None = None,
    email: str = "",
    full_name: str = "Trần Thị Kiểm Thử",
    number: str = "",
    password: str | None = None,
) -> User:
    """Somebody who works here. Roles of an office without an `authority` belong to the one in Hà Nội."""
    if authority is None and any(ROLES[role].office for role in roles):
        authority = department()
    user = User.objects.create_user(
        email or f"{roles[0].replace('_', '-')}-{next(_accounts)}@vi-du.example",
        password,
        full_name=full_name,
        authority=authority,
        is_staff_member=True,
        person_key=person_key(number or identity_number()),
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_office(authority: Authority | None = None) -> Office:
    """An intake clerk, a verifying clerk and an approver: three persons of one office."""
    return Office(
        make_staff("intake_clerk", authority=authority, full_name="Lê Thị Tiếp Nhận"),
        make_staff("verifying_clerk", authority=authority, full_name="Phạm Văn Thẩm Tra"),
        make_staff("approver", authority=authority, full_name="Hoàng Thị Ký"),
    )


# --- What they declare ---------------------------------------------------------------------------------------------


def complete_fields(**changes: Any) -> dict[str, Any]:
    """The plain fields of a declaration that may be sent as it is: a man of Hà Nội, born 1990, the common fee."""
    return {
        "certificate_type": 1,
        "want_ban_info": False,
        "purpose": "own_knowledge" if changes.get("certificate_type") == 2 else "work",  # số 2 is for nothing else
        "copies": 1,
        "full_name": "Nguyễn Văn Thử",
        "sex": "male",
        "date_of_birth": "1990-03-27",
        "place_of_birth_country": "VN",
        "place_of_birth_province": "01",
        "place_of_birth": "Phường Láng Hạ, quận Đống Đa",
        "nationality": "VN",
        "ethnicity": "Kinh",
        "permanent_province": "01",
        "permanent_district": "quận Đống Đa",
        "permanent_ward": "phường Láng Hạ",
        "permanent_address": "Số 12 ngõ 45 phố Láng Hạ",
        "father_name": "Nguyễn Văn Mẫu",
        "father_birth_year": 1960,
        "mother_name": "Trần Thị Ví Dụ",
        "mother_birth_year": 1963,
        "phone": "0900000001",
        "email": "cong-dan@vi-du.example",
        "fee_category": "standard",
        "delivery": "electronic",
        **changes,
    }


def complete_rows(
    *, number: str = "", from_month: str = "2004-03", **changes: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The lists of the same declaration: one identity card, one stay from the 14th birthday until now."""
    card = {
        "type": "cccd",
        "number": number or identity_number(),
        "issued_on": date(2021, 5, 10),
        "issued_by": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    }
    stay = {
        "from_month": from_month,
        "to_month": "",
        "kind": "permanent",
        "province": "01",
        "address": "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa",
        "occupation": "Kỹ sư",
        "workplace": "Công ty Ví Dụ",
    }
    return {"other_names": [], "identity_documents": [card], "residences": [stay], **changes}


# --- The central register ------------------------------------------------------------------------------------------


def register(*rows: Mapping[str, Any]) -> None:
    """Load these rows of the file contract into the central database, by the code that loads real files."""
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    run = run_import(
        io.BytesIO(lines.encode()),
        source="tests",
        now=timezone.now,
        on_refused=_refused,
        on_progress=lambda run: None,
    )
    assert run.persons_stored == len(rows)


def _refused(line: Line) -> None:
    raise AssertionError(f"line {line.number} was refused: {line.refused}")


# --- Requests ------------------------------------------------------------------------------------------------------


def journey(
    *,
    by: User | None = None,
    office: Office | None = None,
    at: datetime | None = None,
    fields: Mapping[str, Any] | None = None,
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
) -> Journey:
    """A complete draft, ready to be walked: `.take("submit")`, `.to("reviewing")`. Starts three days ago."""
    at = at or timezone.now() - timedelta(days=3)
    by = by or make_citizen()
    filed = journeys.file(by, fields=complete_fields(**(fields or {})), rows=complete_rows(**(rows or {})), at=at)
    return Journey(filed, office or make_office(), at=at)


def file_request(**start: Any) -> CertificateRequest:
    """A request that was sent and waits for its fee at the counter (or for the clerk, where it is exempt)."""
    return journey(**start).take("submit")


def request_in(state: str, **start: Any) -> CertificateRequest:
    """A request in this state, with the history that leads there, taken by the real acts.

    The search asks the register of the test's own database; issuing prints and signs with the run's test key. All in
    one transaction: where workers run beside the test, no sweeper meets a past that is still being written.
    """
    with signing_key(), transaction.atomic():
        return journey(**start).to(state)


def signing_key() -> override_settings:
    """`with signing_key():` this process may sign, as the signer's process does."""
    return override_settings(SIGNING_KEY_FILE=str(Path(settings.LLTP_HOME) / "keys" / "signer.key"))

"""The people who sign in to the demo world, and the few who are in the register on purpose. All invented."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from lltp_portal import provinces
from lltp_portal.accounts.models import Authority, User, person_key
from requests import policy
from requests.demo.people import citizen_number

DOMAIN = "vi-du.example"
HA_NOI, NAM_DINH = "01", "36"


@dataclass(frozen=True)
class Person:
    """`name` is the part of the e-mail before the @. Staff have `roles`, and `office` names the province of theirs."""

    name: str
    full_name: str
    sex: str
    date_of_birth: str
    serial: int
    roles: tuple[str, ...] = ()
    office: str = ""
    signature_title: str = ""
    father_name: str = ""
    mother_name: str = ""

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"

    @property
    def number(self) -> str:
        return citizen_number(HA_NOI, sex=self.sex, year=int(self.date_of_birth[:4]), serial=self.serial)


APPLICANT = Person(
    "nguoidan",
    "Nguyễn Thị Minh An",
    "female",
    "1990-03-27",
    990_011,
    father_name="Nguyễn Văn Bách",
    mother_name="Lê Thị Cúc",
)
CONVICTED = Person(
    "coantich",
    "Trần Quốc Đạt",
    "male",
    "1984-08-15",
    990_012,
    father_name="Trần Văn Khoan",
    mother_name="Phạm Thị Dịu",
)
STRANGER = Person("nguoila", "Lê Hoàng Dũng", "male", "1995-12-02", 990_013)
INTAKE = Person("tiepnhan", "Vũ Thị Thanh Bình", "female", "1992-05-19", 990_021, ("intake_clerk",), HA_NOI)
VERIFIER = Person("thamtra", "Đỗ Đức Thịnh", "male", "1988-10-04", 990_022, ("verifying_clerk",), HA_NOI)
SECOND_VERIFIER = Person(
    "doichieu",
    "Tạ Thị Kiều Oanh",
    "female",
    "1990-12-08",
    990_025,
    ("verifying_clerk", "register_searcher"),
    HA_NOI,
)
APPROVER = Person(
    "ky", "Phạm Thu Hằng", "female", "1976-02-13", 990_023, ("approver",), HA_NOI, "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"
)
OFFICE_ADMINISTRATOR = Person(
    "quantri.hanoi", "Bùi Quang Vinh", "male", "1985-07-21", 990_024, ("authority_administrator",), HA_NOI
)
ADMINISTRATOR = Person("quantri", "Hồ Thị Bảo Châu", "female", "1983-01-30", 990_031, ("national_administrator",))
UPDATER = Person("capnhat", "Vũ Minh Cập", "male", "1986-06-06", 990_032, ("register_updater",))
SECOND_UPDATER = Person("capnhat2", "Đinh Thị Nhật", "female", "1989-03-03", 990_033, ("register_updater",))
VERIFIER_ELSEWHERE = Person("thamtra2", "Ngô Hữu Tài", "male", "1991-09-09", 990_041, ("verifying_clerk",), NAM_DINH)
APPROVER_ELSEWHERE = Person("ky2", "Dương Thị Kim Ngân", "female", "1979-11-25", 990_042, ("approver",), NAM_DINH)
# Everybody whom a request of that office needs, so that it gets from the counter to the signature there too.
INTAKE_ELSEWHERE = Person(
    "tiepnhan2", "Cao Thị Bích Loan", "female", "1993-04-11", 990_043, ("intake_clerk",), NAM_DINH
)
SECOND_VERIFIER_ELSEWHERE = Person(
    "doichieu2",
    "Lương Đình Khôi",
    "male",
    "1987-02-27",
    990_044,
    ("verifying_clerk", "register_searcher"),
    NAM_DINH,
)
OFFICE_ADMINISTRATOR_ELSEWHERE = Person(
    "quantri.namdinh", "Mạc Thị Thu Hoài", "female", "1981-10-08", 990_045, ("authority_administrator",), NAM_DINH
)
CAST = (
    APPLICANT,
    CONVICTED,
    STRANGER,
    INTAKE,
    VERIFIER,
    SECOND_VERIFIER,
    APPROVER,
    OFFICE_ADMINISTRATOR,
    ADMINISTRATOR,
    UPDATER,
    SECOND_UPDATER,
    VERIFIER_ELSEWHERE,
    APPROVER_ELSEWHERE,
    INTAKE_ELSEWHERE,
    SECOND_VERIFIER_ELSEWHERE,
    OFFICE_ADMINISTRATOR_ELSEWHERE,
)


def accounts(passwords: dict[str, str]) -> dict[str, User]:
    """Everybody's account, made where it is missing. `passwords` by e-mail; a missing one is drawn and added."""
    return {person.name: _account(person, passwords) for person in CAST}


def _account(person: Person, passwords: dict[str, str]) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User(email=person.email, full_name=person.full_name, signature_title=person.signature_title)
        if person.roles:
            user.is_staff_member, user.person_key = True, person_key(person.number)
        if person.office:
            user.authority = _office(person.office)
        passwords.setdefault(person.email, _new_password())
        user.set_password(passwords[person.email])
        user.save()
        user.groups.set(Group.objects.filter(name__in=person.roles))
    elif person.email not in passwords:
        passwords[person.email] = _new_password()
        user.set_password(passwords[person.email])
        user.save()
    return user


def _office(province: str) -> Authority:
    """The office that issues there by the law the portal runs by; Nam Định lies in Ninh Bình since the merger."""
    day = policy.law_day(timezone.now())
    return Authority.objects.of_province(provinces.resolved(province, day).code, day)


def _new_password() -> str:
    return secrets.token_urlsafe(9)


def convicted_in_register() -> dict[str, Any]:
    """The convicted citizen's row: every paper is there, and the judgment stays active until the end of 2030.

    Seven and a half years, served on 15/12/2025: three years (Art. 70(2)(c) BLHS); the ban from practising that was
    added ends on 15/12/2030, which is later, so the term ends with it (Art. 70(2), last paragraph).
    """
    return {
        "register_id": "MAU-COANTICH",
        "full_name": CONVICTED.full_name,
        "sex": CONVICTED.sex,
        "date_of_birth": CONVICTED.date_of_birth,
        "place_of_birth_province": HA_NOI,
        "nationality": "VN",
        "ethnicity": "Kinh",
        "identity_documents": [{"type": "cccd", "number": CONVICTED.number}],
        "father_name": CONVICTED.father_name,
        "mother_name": CONVICTED.mother_name,
        "convictions": [
            {
                "judgment_number": "145/2018/HS-ST",
                "court": "Tòa án nhân dân thành phố Hà Nội",
                "judgment_date": "2018-11-20",
                "effective_date": "2018-12-20",
                "offence_date": "2018-03-10",
                "age_at_offence": 33,
                "offence": {
                    "title": "Lạm dụng tín nhiệm chiếm đoạt tài sản",
                    "code": "BLHS2015",
                    "article": 175,
                    "clause": 3,
                    "chapter": "XVI",
                    "severity": "very_serious",
                    "negligent": False,
                },
                "main_penalty": {"kind": "imprisonment", "months": 90},
                "main_penalty_completed_on": "2025-12-15",
                "additional_penalties": [{"kind": "office_ban", "until": "2030-12-15"}],
                "obligations": [
                    {"kind": "court_fee", "fulfilled_on": "2019-01-15"},
                    {"kind": "compensation", "fulfilled_on": "2019-06-28"},
                ],
            }
        ],
    }

"""The demo world's requests: one in every state, filed by the demo citizen for herself, her family and neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from requests.demo.cast import APPLICANT, HA_NOI, Person
from requests.demo.people import citizen_number
from requests.states import State

# Sixty characters: what a layout must hold without breaking.
LONGEST_NAME = "Công Tằng Tôn Nữ Hoàng Phương Thùy Dương Ngọc Bảo Khánh Linh"


@dataclass(frozen=True)
class Dossier:
    """`days_ago` is when it was sent; `relation` is what the citizen who files is to the person, empty for herself."""

    state: State
    days_ago: int
    full_name: str
    sex: str
    date_of_birth: str
    serial: int
    relation: str = ""
    father_name: str = "Nguyễn Văn Mẫu"
    mother_name: str = "Trần Thị Ví Dụ"
    purpose: str = "work"
    fee_category: str = "standard"
    ward: str = "phường Láng Hạ"
    district: str = "quận Đống Đa"
    address: str = "Số 12 ngõ 45 phố Láng Hạ"
    lived_elsewhere: bool = False

    @property
    def number(self) -> str:
        return citizen_number(HA_NOI, sex=self.sex, year=int(self.date_of_birth[:4]), serial=self.serial)

    @property
    def fields(self) -> dict[str, Any]:
        """The plain fields of the declaration."""
        return {
            "certificate_type": 1,
            "purpose": self.purpose,
            "copies": 1,
            "full_name": self.full_name,
            "sex": self.sex,
            "date_of_birth": self.date_of_birth,
            "place_of_birth_country": "VN",
            "place_of_birth_province": HA_NOI,
            "place_of_birth": "quận Hoàn Kiếm",
            "nationality": "VN",
            "ethnicity": "Kinh",
            "permanent_province": HA_NOI,
            "permanent_district": self.district,
            "permanent_ward": self.ward,
            "permanent_address": self.address,
            "father_name": self.father_name,
            "mother_name": self.mother_name,
            "phone": "0900000011",
            "email": APPLICANT.email,
            "fee_category": self.fee_category,
            "delivery": "electronic",
            **(self._proxy if self.relation else {}),
        }

    @property
    def _proxy(self) -> dict[str, Any]:
        """Parents, spouse and children file without a mandate; others need one (V7)."""
        mandate = {"proxy_mandate_on": date(2026, 1, 15), "proxy_mandate_place": "UBND phường Láng Hạ, Hà Nội"}
        return {
            "filed_as": "parent" if self.fee_category == "child" else "proxy",
            "proxy_name": APPLICANT.full_name,
            "proxy_sex": APPLICANT.sex,
            "proxy_date_of_birth": APPLICANT.date_of_birth,
            "proxy_identity_number": APPLICANT.number,
            "proxy_address": "Số 12 ngõ 45 phố Láng Hạ, quận Đống Đa, thành phố Hà Nội",
            "proxy_phone": "0900000011",
            "proxy_relation": self.relation,
            **(mandate if self.relation == "other" else {}),
        }

    @property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "other_names": [],
            "identity_documents": [
                {"type": "cccd", "number": self.number, "issued_on": date(2021, 8, 12), "issued_by": "Bộ Công an"}
            ],
            "residences": list(self._residences()),
        }

    def _residences(self) -> Iterator[dict[str, Any]]:
        """Since the 14th birthday, in one province; or first four years of study in another."""
        year, month = int(self.date_of_birth[:4]) + 14, self.date_of_birth[5:7]
        here = {
            "kind": "permanent",
            "province": HA_NOI,
            "address": f"{self.address}, {self.ward}, {self.district}",
            "occupation": "Nhân viên văn phòng",
            "workplace": "Công ty cổ phần Ví Dụ",
        }
        if self.lived_elsewhere:
            yield {**here, "from_month": f"{year}-{month}", "to_month": f"{year + 4}-08", "occupation": "Học sinh"}
            yield {
                "kind": "temporary",
                "province": "79",
                "address": "Ký túc xá Trường Đại học Ví Dụ, thành phố Thủ Đức",
                "from_month": f"{year + 4}-09",
                "to_month": f"{year + 8}-06",
                "occupation": "Sinh viên",
                "workplace": "Trường Đại học Ví Dụ",
            }
            yield {**here, "from_month": f"{year + 8}-07", "to_month": ""}
        else:
            yield {**here, "from_month": f"{year}-{month}", "to_month": ""}


def _own(person: Person) -> dict[str, Any]:
    return {
        "full_name": person.full_name,
        "sex": person.sex,
        "date_of_birth": person.date_of_birth,
        "serial": person.serial,
        "father_name": person.father_name,
        "mother_name": person.mother_name,
    }


NAMESAKE = Dossier(
    State.REVIEWING,
    6,
    "Nguyễn Thị Thu Hòa",
    "female",
    "1968-05-23",
    990_051,
    relation="other",
    father_name="Nguyễn Văn Lộc",
    mother_name="Đặng Thị Mùi",
    purpose="settlement",
)
DOSSIERS = (
    Dossier(State.DRAFT, 2, "Nguyễn Gia Bảo", "male", "2011-04-18", 990_052, relation="mother", fee_category="child"),
    Dossier(State.AWAITING_PAYMENT, 1, **_own(APPLICANT), purpose="visa"),
    Dossier(State.SUBMITTED, 1, "Nguyễn Văn Bách", "male", "1961-11-02", 990_053, relation="child", purpose="visa"),
    Dossier(
        State.RECEIVED, 2, "Đoàn Minh Tuấn", "male", "1987-09-14", 990_054, relation="spouse", lived_elsewhere=True
    ),
    NAMESAKE,
    Dossier(State.CONSULTING, 27, "H'Hen Y Moan Ênuôl", "female", "1994-01-20", 990_055, relation="other"),
    Dossier(State.NEEDS_SUPPLEMENT, 5, "Lý Thị Mỹ Duyên", "female", "1999-12-30", 990_056, relation="other"),
    Dossier(
        State.VERIFIED,
        9,
        LONGEST_NAME,
        "female",
        "1996-06-17",
        990_057,
        relation="other",
        purpose="study",
        lived_elsewhere=True,
    ),
    Dossier(State.SIGNING, 8, "Võ Trường Giang", "male", "1979-03-08", 990_058, relation="other", purpose="business"),
    Dossier(State.ISSUED, 4, "Lê Thị Cúc", "female", "1964-08-25", 990_059, relation="child", fee_category="elderly"),
    Dossier(State.DELIVERED, 33, "Hoàng Ngọc Ánh", "female", "1990-10-10", 990_060, relation="other"),
    Dossier(State.REFUSED, 14, "Phan Công Thành", "male", "1985-02-28", 990_061, relation="other"),
    Dossier(State.WITHDRAWN, 18, "Đặng Thùy Trâm Anh", "female", "2001-07-07", 990_062, relation="other"),
    Dossier(State.STOPPED, 45, "Trương Quốc Khánh", "male", "1972-09-02", 990_063, relation="other"),
)

# Delivered, and replaced by a correction since (requests/demo/replaced.py).
REPLACED = Dossier(State.DELIVERED, 38, "Trịnh Bá Hiển", "male", "1983-06-11", 990_065, relation="other")


# A written request as an intake clerk enters it: nobody's account, no fee, no history of residence.
WRITTEN = {
    **Dossier(State.SUBMITTED, 1, "Bùi Thị Khánh Vy", "female", "1988-04-30", 990_064).fields,
    "agency_name": "Ban Tổ chức Huyện ủy Ví Dụ",
    "agency_document_number": "125/CV-BTC",
    "agency_document_on": date(2026, 11, 16),
    "agency_purpose": "Quản lý nhân sự theo Điều 7 khoản 3 Luật Lý lịch tư pháp; bổ nhiệm cán bộ.",
    "purpose": "personnel",
    "fee_category": "agency",
    "email": "",
    "delivery": "counter",
}
WRITTEN_NUMBER = Dossier(State.SUBMITTED, 1, "", "female", "1988-04-30", 990_064).number


def namesake_in_register() -> dict[str, Any]:
    """Somebody of the same name with only a year of birth: a clerk has to look, and to say why it is not she."""
    return {
        "register_id": "MAU-TRUNGTEN",
        "full_name": NAMESAKE.full_name,
        "sex": NAMESAKE.sex,
        "date_of_birth": NAMESAKE.date_of_birth[:4],
        "place_of_birth_province": "30",
        "nationality": "VN",
        "ethnicity": "Kinh",
        "identity_documents": [{"type": "cmnd", "number": "990999051"}],
        "father_name": "Nguyễn Văn Lộc",
        "mother_name": "Bùi Thị Sửu",
        "convictions": [
            {
                "judgment_number": "27/2019/HS-ST",
                "court": "Tòa án nhân dân thành phố Hải Dương, tỉnh Hải Dương",
                "judgment_date": "2019-04-11",
                "effective_date": "2019-05-11",
                "offence_date": "2018-11-03",
                "offence": {
                    "title": "Đánh bạc",
                    "code": "BLHS2015",
                    "article": 321,
                    "clause": 1,
                    "chapter": "XXI",
                    "severity": "less_serious",
                    "negligent": False,
                },
                "main_penalty": {"kind": "fine", "amount_vnd": 20_000_000},
                "main_penalty_completed_on": "2019-06-20",
                "additional_penalties": [],
                "obligations": [{"kind": "court_fee", "fulfilled_on": "2019-06-20"}],
            }
        ],
    }


def strangers_in_register() -> list[dict[str, Any]]:
    """Namesakes who can only be others: one is read and excluded then, the rest the register sets aside itself."""
    differing: tuple[dict[str, Any], ...] = (
        {"date_of_birth": "1968-05", "mother_name": None},
        {"place_of_birth_province": "38", "mother_name": "Lê Thị Nhàn"},
        {"mother_name": "Trịnh Thị Bưởi"},
        {"place_of_birth_province": "38", "mother_name": None},
    )
    found = []
    for number, differs in enumerate(differing, start=1):
        row = namesake_in_register() | {"identity_documents": [], "father_name": "Phạm Văn Tý"} | differs
        (judged,) = row["convictions"]
        row |= {
            "register_id": f"MAU-KHACNGUOI-{number}",
            "convictions": [judged | {"judgment_number": f"{40 + number}/2019/HS-ST"}],
        }
        found.append({field: value for field, value in row.items() if value is not None})
    return found

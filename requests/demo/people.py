"""Invented people of the central register: the same ones every time, in the shape of the file contract.

Surnames by their shares among Vietnamese people, and the faults that real registers have (domain 12.1, 12.3): dates of
birth known by the year only, decomposed letters, the other placement of tone marks, old nine-digit numbers.
"""

import random
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from requests.demo.offences import convictions

HOW_MANY = 2400
SEED = 20_261
REGISTER_PREFIX = "MAU-"
FIRST_SERIAL = 990_100  # those below belong to the cast
SURNAMES = {
    "Nguyễn": 38.4,
    "Trần": 11,
    "Lê": 9.5,
    "Phạm": 7.1,
    "Hoàng": 3,
    "Huỳnh": 2.1,
    "Phan": 4.5,
    "Vũ": 2.4,
    "Võ": 1.5,
    "Đặng": 2.1,
    "Bùi": 2,
    "Đỗ": 1.4,
    "Hồ": 1.3,
    "Ngô": 1.3,
    "Dương": 1,
    "Lý": 0.5,
}
_OTHER_SURNAMES = (
    "Đinh,Trịnh,Đoàn,Mai,Trương,Lâm,Đào,Cao,Lương,Hà,Tô,Tạ,Thái,Châu,Quách,Vương,Nông,Lò,Vàng,Giàng,Sùng,Thạch,Kim"
)
SHARE_OF_OTHERS = 10.0
_FEMALE_MIDDLE = "Ngọc,Thanh,Thu,Phương,Kim,Mỹ,Bảo,Hồng,Thúy"
_MALE_MIDDLE = "Đức,Minh,Quốc,Hữu,Công,Xuân,Đình,Gia,Thanh,Hòa"
_FEMALE_GIVEN = "Hương,Lan,Hoa,Linh,Trang,Hà,Thảo,Ngọc,Mai,Phương,Yến,Nhung,Thúy,Vân,Anh,Thủy,Hòa"
_MALE_GIVEN = "Hùng,Dũng,Tuấn,Minh,Nam,Long,Sơn,Hải,Quân,Thắng,Cường,Hiếu,Anh,Khánh,Phúc,Hòa,Thụy"
MIDDLE = {"female": ["Thị"] * 10 + _FEMALE_MIDDLE.split(","), "male": ["Văn"] * 6 + _MALE_MIDDLE.split(",")}
GIVEN = {"female": _FEMALE_GIVEN.split(","), "male": _MALE_GIVEN.split(",")}
# Rhymes whose tone mark old and new spelling place apart; both stand in real registers.
OTHER_TONE_PLACE = {"òa": "oà", "óa": "oá", "úy": "uý", "ủy": "uỷ", "ụy": "uỵ", "Mỹ": "Mĩ", "Lý ": "Lí "}
PROVINCES = ("01", "79", "31", "36", "38", "40", "48", "75", "74", "92", "46", "02", "10", "67", "96", "30", "34", "22")


def register(avoiding: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Every person, one dict a line of the file. None has a name of `avoiding`, however it is written or accented."""
    chance = random.Random(SEED)
    avoided = {bare(name) for name in avoiding}
    for index in range(HOW_MANY):
        yield _person(chance, index, avoided)


def bare(name: str) -> str:
    """A name without its marks, for telling that two might be taken for one another."""
    parts = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).replace("y", "i")


def _person(chance: random.Random, index: int, avoided: Collection[str]) -> dict[str, Any]:
    sex = chance.choice(["male", "female"])
    name = _name(chance, sex)
    while bare(name) in avoided:
        name = _name(chance, sex)
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_400))  # until 2005
    province = chance.choice(PROVINCES)
    person = {
        "register_id": f"{REGISTER_PREFIX}{index + 1:06d}",
        "full_name": _as_registers_write(chance, name),
        "sex": sex,
        "date_of_birth": born.isoformat() if chance.random() >= 0.05 else f"{born:%Y}",
        "place_of_birth_province": province,
        "nationality": "VN",
        "ethnicity": "Kinh",
        "identity_documents": _documents(chance, index, sex=sex, year=born.year, province=province),
        "father_name": f"{name.split()[0]} {_rest_of_name(chance, 'male')}",
        "mother_name": _name(chance, "female"),
        "convictions": convictions(chance, born) if chance.random() < 0.5 else [],
    }
    if chance.random() < 0.05:
        person["other_names"] = [chance.choice(["Ba", "Tư", "Năm", "Sáu"]) + " " + name.split()[-1]]
    return person


def _name(chance: random.Random, sex: str) -> str:
    shares = [*SURNAMES.values(), SHARE_OF_OTHERS]
    surname = chance.choices([*SURNAMES, None], shares)[0] or chance.choice(_OTHER_SURNAMES.split(","))
    return f"{surname} {_rest_of_name(chance, sex)}"


def _rest_of_name(chance: random.Random, sex: str) -> str:
    """Three words in three of four names; sometimes two or four."""
    words = chance.choices([0, 1, 2], [7, 75, 18])[0]
    middle = dict.fromkeys(chance.choice(MIDDLE[sex]) for _ in range(words))  # nobody is called Thị Thị
    given = chance.choice([name for name in GIVEN[sex] if name not in middle])
    return " ".join([*middle, given])


def _as_registers_write(chance: random.Random, name: str) -> str:
    """3 % decomposed letters, 5 % the other placement of tone marks, some in capitals."""
    kind = chance.random()
    if kind < 0.05:
        for old, new in OTHER_TONE_PLACE.items():
            name = name.replace(old, new)
    elif kind < 0.08:
        name = unicodedata.normalize("NFD", name)
    elif kind < 0.18:
        name = name.upper()
    return name


def _documents(chance: random.Random, index: int, *, sex: str, year: int, province: str) -> list[dict[str, str]]:
    """3 % only the old nine digits, some both, the others the 12-digit number."""
    old = {"type": "cmnd", "number": f"990{index:06d}"}
    new = {"type": "cccd", "number": citizen_number(province, sex=sex, year=year, serial=FIRST_SERIAL + index)}
    kind = chance.random()
    return [old] if kind < 0.03 else [new, old] if kind < 0.25 else [new]


def citizen_number(province: str, *, sex: str, year: int, serial: int) -> str:
    """The layout of NĐ 137/2015/NĐ-CP, Art. 13, with a serial from 990000 on: the mark of an invented number."""
    century = (0 if year < 2000 else 2) + (sex == "female")
    return f"0{province}{century}{year % 100:02d}{serial:06d}"

"""The rows of the law in words for administrators: what kind they are, what each says, whether it holds. Pure."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from lltp_portal.wording import DueBadge, dong
from requests.law.files import Row
from requests.law.table import Held

KINDS = {
    "regime": "Giai đoạn pháp luật",
    "competence": "Thẩm quyền cấp Phiếu",
    "deadline": "Thời hạn giải quyết",
    "intake": "Thời hạn kiểm tra hồ sơ",
    "fee": "Phí",
    "right": "Ai được yêu cầu loại Phiếu nào",
    "age": "Tuổi",
    "paper": "Giấy tờ được hỏi",
    "form": "Biểu mẫu",
    "legal_basis": "Căn cứ in trên Phiếu",
    "procedure": "Thủ tục được yêu cầu Phiếu",
    "source": "Cơ quan phải hỏi khi giải quyết",
}
KEYS = {
    "national": "Toàn quốc",
    "certificate": "Phiếu",
    "online": "Trực tuyến",
    "counter": "Trực tiếp",
    "post": "Bưu chính",
    "self": "Chính người đó",
    "proxy": "Người được ủy quyền",
    "parent": "Cha, mẹ",
    "agency": "Cơ quan, tổ chức",
    "proceedings_agency": "Cơ quan tiến hành tố tụng",
    "parent_files_under": "Cha, mẹ yêu cầu thay",
    "requester": "Tự mình yêu cầu",
}
UNITS = {
    "working_day": "ngày làm việc",
    "calendar_day": "ngày",
    "hour": "giờ",
    "working_hour": "giờ làm việc",
}
PLACES = {
    "permanent": "nơi thường trú",
    "temporary": "nơi tạm trú",
    "current": "nơi đang ở",
    "last": "nơi cư trú cuối cùng tại Việt Nam",
    "national": "cơ quan trung ương",
}
WHEN = {
    "always": "",
    "family": "người nộp là cha, mẹ, vợ, chồng, con",
    "not_family": "người nộp không phải cha, mẹ, vợ, chồng, con",
    "reduced_fee": "khi được miễn, giảm phí",
    "not_in_population_database": "người không có trong cơ sở dữ liệu quốc gia về dân cư",
    "never": "",
}
ISSUERS = {
    "justice_department": "Sở Tư pháp và Trung tâm Lý lịch tư pháp quốc gia",
    "provincial_police": "Công an cấp tỉnh và Cục Hồ sơ nghiệp vụ",
}
ASKED_WHEN = {
    "before_2010": "người đã đủ 14 tuổi trước ngày 01/7/2010",
    "served": "người từng tại ngũ, làm việc trong quân đội",
    "wide": "người ở nhiều tỉnh, ở nước ngoài, người nước ngoài",
    "hit_without_judgment": "cơ quan được hỏi có thông tin mà không có bản án",
    "expunged_by_itself": "án tích đương nhiên được xóa theo cách tính",
    "when_needed": "khi người thẩm tra thấy cần",
}
FROM_MEMORY = re.compile(r" \([^()]*theo trí nhớ\)")
UNCONFIRMED = ("chưa xác nhận", "theo trí nhớ")
CATEGORIES = {
    "pupil": "học sinh từ đủ 16 tuổi",
    "student": "sinh viên",
    "merit": "người có công",
    "martyr_family": "thân nhân liệt sỹ",
    "child": "trẻ em",
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "poor": "hộ nghèo",
    "disadvantaged_area": "xã đặc biệt khó khăn, biên giới, an toàn khu",
    "digital_citizen": "công dân số",
    "agency": "cơ quan, tổ chức",
    "proceedings_agency": "cơ quan tiến hành tố tụng",
}


def _listed(names: list[str], words: dict[str, str]) -> str:
    return ", ".join(words.get(name, name).lower() for name in names)


def _term(value: dict[str, Any]) -> str:
    words = f"{value['amount']:02d} {UNITS[value['unit']]}"
    return f"{value['name']}: {words}" if "name" in value else words


def _fee(value: dict[str, Any]) -> str:
    return (
        f"{value['code']}: mức chung {dong(value['full'])}; giảm còn {dong(value['reduced'])} cho "
        f"{_listed(value['reduced_for'], CATEGORIES)}; miễn cho {_listed(value['exempt'], CATEGORIES)}; "
        f"từ bản thứ {value['copies_included'] + 1} thêm {dong(value['extra_copy'])} mỗi bản"
    )


def _right(value: dict[str, Any]) -> str:
    types = " và ".join(f"số {one}" for one in value["types"])
    return f"Phiếu {types}. {value['grounds']}"


def _paper(value: dict[str, Any]) -> str:
    if not value["asked_at"]:
        return f"{value['name']}: không được hỏi"
    when = f"; {WHEN[value['when']]}" if WHEN[value["when"]] else ""
    return f"{value['name']}: {_listed(value['asked_at'], KEYS)}; hỏi {_listed(value['of'], KEYS)}{when}"


def _competence(value: dict[str, Any]) -> str:
    places = " → ".join(PLACES[name] for name in value["places"])
    return f"{value['title']}: {places}{'; nộp trực tiếp: cơ quan nơi nộp' if value['at_counter'] else ''}"


def _form(value: dict[str, Any]) -> str:
    return f"Mẫu số {value['number']}: {value['name']}"


def _procedure(value: dict[str, Any]) -> str:
    return f"{value['name']}: Phiếu {' hoặc '.join(f'số {one}' for one in value['types'])}"


def _source(value: dict[str, Any]) -> str:
    how = "bắt buộc" if value["default"] else "chỉ bắt buộc khi đơn vị bật" if value["switchable"] else "không bắt buộc"
    days = f"{value['amount']:02d}"
    longest = f", phức tạp {value['complicated']:02d}" if value["complicated"] != value["amount"] else ""
    return f"{value['name']}: {ASKED_WHEN[value['when']]}; {how}; trả lời trong {days}{longest} {UNITS[value['unit']]}"


def _age(value: dict[str, Any]) -> str:
    return f"{value['years']} tuổi"


SAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "regime": lambda value: f"{value['code']}. {ISSUERS[value['provincial']]}. {value['change']}",
    "competence": _competence,
    "deadline": _term,
    "intake": _term,
    "fee": _fee,
    "right": _right,
    "age": _age,
    "paper": _paper,
    "form": _form,
    "legal_basis": lambda value: " ".join(value["lines"]),
    "procedure": _procedure,
    "source": _source,
}


def says(held: Held) -> str:
    """What a row lays down, in a sentence."""
    return SAYS[held.row.kind](held.row.value)


def change(rows: list[Row]) -> str:
    """What rows that begin on one day change: the words of a new regime, or the kinds of rules."""
    for row in rows:
        if row.kind == "regime":
            return f"{row.value['code']}. {row.value['change']}"
    return ", ".join(dict.fromkeys(KINDS[row.kind] for row in rows))


def of_whom(held: Held) -> str:
    """For whom or what the row holds, where its sentence does not say so itself."""
    return KEYS.get(held.row.key, "") if held.row.kind in {"fee", "intake", "right", "age"} else ""


def source(held: Held) -> str:
    """Where it is written; how it came to us is said by “Chưa đối chiếu” beside it."""
    return FROM_MEMORY.sub("", held.row.source)


def is_confirmed(held: Held) -> bool:
    """Whether the row was compared with the text of the law."""
    return held.row.value.get("confirmed", True) and not any(words in held.row.source for words in UNCONFIRMED)


def state(begins: date, until: date | None, day: date) -> DueBadge:
    """Whether what holds on these days is past, in force or to come, seen from a day."""
    if begins > day:
        return DueBadge("today", "Sắp có hiệu lực")
    if until is not None and until < day:
        return DueBadge("paused", "Đã hết hiệu lực")
    return DueBadge("ok", "Đang có hiệu lực")

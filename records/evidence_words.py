"""The waterfall of evidence in words that a clerk reads; every level of every field has its sentence here."""

from records.comparing import (
    ALIAS,
    ALIAS_SLIP,
    CLOSE,
    DATE_SLIP,
    DAY,
    DEFAULT,
    DIFFERENT,
    EQUAL,
    EXACT,
    LEVELLED,
    MIDDLE,
    MISSING,
    MONTH,
    NEAR,
    NEAR_YEAR,
    PARTS,
    SAME_YEAR,
    SLIP,
    SWAPPED,
    UNMARKED,
    YEAR,
)

NAME_LEVELS = {
    EXACT: "{who} trùng",
    LEVELLED: "{who} trùng, chỉ khác cách viết",
    UNMARKED: "{who} trùng khi bỏ dấu",
    SLIP: "{who} khác một chữ cái",
    PARTS: "{who} khác thứ tự hoặc thiếu một chữ",
    CLOSE: "{who} khác hai chữ cái",
    MIDDLE: "{who} trùng họ và tên, khác chữ đệm",
    DIFFERENT: "{who} khác",
    MISSING: "Thiếu {who_low} ở một bên",
}
NAMES = {
    "full_name": "Họ tên",
    "father_name": "Tên cha",
    "mother_name": "Tên mẹ",
    "spouse_name": "Tên vợ hoặc chồng",
}
WORDS: dict[str, dict[str, str]] = {
    "citizen_number": {
        EQUAL: "Trùng số định danh",
        SLIP: "Số định danh khác một chữ số",
        DIFFERENT: "Khác số định danh",
        MISSING: "Thiếu số định danh ở một bên",
    },
    "other_number": {
        EQUAL: "Trùng số giấy tờ cũ hoặc hộ chiếu",
        SLIP: "Số giấy tờ cũ hoặc hộ chiếu khác một ký tự",
        DIFFERENT: "Khác số giấy tờ cũ hoặc hộ chiếu",
        MISSING: "Thiếu số giấy tờ cũ hoặc hộ chiếu ở một bên",
    },
    "date_of_birth": {
        DAY: "Trùng ngày sinh",
        MONTH: "Trùng tháng và năm sinh, một bên không có ngày",
        YEAR: "Trùng năm sinh, một bên chỉ có năm",
        SWAPPED: "Ngày và tháng sinh đảo chỗ",
        DEFAULT: "Trùng năm sinh, một bên ghi ngày 01/01",
        NEAR: "Ngày sinh cách nhau một ngày",
        DATE_SLIP: "Ngày sinh khác một chữ số",
        SAME_YEAR: "Cùng năm sinh, khác ngày tháng",
        NEAR_YEAR: "Năm sinh cách nhau một năm, một bên không có ngày",
        DIFFERENT: "Khác ngày sinh",
    },
    "sex": {EQUAL: "Cùng giới tính", DIFFERENT: "Khác giới tính", MISSING: "Thiếu giới tính ở một bên"},
    "place_of_birth_province": {
        EQUAL: "Cùng tỉnh nơi sinh",
        DIFFERENT: "Khác tỉnh nơi sinh",
        MISSING: "Thiếu tỉnh nơi sinh ở một bên",
    },
    "nationality": {EQUAL: "Cùng quốc tịch", DIFFERENT: "Khác quốc tịch", MISSING: "Thiếu quốc tịch ở một bên"},
    "ethnicity": {EQUAL: "Cùng dân tộc", DIFFERENT: "Khác dân tộc", MISSING: "Thiếu dân tộc ở một bên"},
}
for _field, _who in NAMES.items():
    WORDS[_field] = {
        level: words.format(who=_who, who_low=_who[0].lower() + _who[1:]) for level, words in NAME_LEVELS.items()
    }
WORDS["full_name"] |= {
    ALIAS: "Họ tên trùng với tên gọi khác",
    ALIAS_SLIP: "Họ tên gần trùng với tên gọi khác, khác một chữ cái",
}
# The level is EQUAL, but a clerk sees two provinces on the page and reads here why.
ONE_SINCE_MERGER = "Cùng tỉnh nơi sinh sau sáp nhập"
# Where a name is shared by this many people or more, a clerk should know it at a glance.
COMMONNESS = ((1 / 2_000, "rất phổ biến"), (1 / 20_000, "khá phổ biến"), (1 / 200_000, "ít gặp"), (0.0, "hiếm gặp"))


def words_of(field: str, level: str, bits: float, shared: float | None, *, one_since_merger: bool = False) -> str:
    """“Trùng số định danh: +24,1”; “Họ tên trùng, rất phổ biến (khoảng 1/900 người): +9,8”."""
    phrase = ONE_SINCE_MERGER if one_since_merger else WORDS[field][level]
    if shared:
        phrase += f", {commonness(shared)} (khoảng 1/{in_round_numbers(1 / shared)} người)"
    return phrase if level == MISSING else f"{phrase}: {signed(bits)}"


def commonness(share: float) -> str:
    return next(words for least, words in COMMONNESS if share >= least)


def in_round_numbers(people: float) -> str:
    """Two digits that mean something, in the Vietnamese way: 1.200, 480.000."""
    digits = max(0, len(str(int(people))) - 2)
    return f"{int(round(people, -digits)):,}".replace(",", ".")


def signed(bits: float) -> str:
    """+24,1 and −3,2, with the true minus sign."""
    return f"{bits:+.1f}".replace(".", ",").replace("-", "−")

"""Dates as people write them: read where they have one meaning, else left to be explained in the box."""

import pytest

from lltp_portal import typed_dates
from lltp_portal.forms_look import MonthParts, PartsField


class Months(PartsField):
    widget = MonthParts


def day_field(**more):
    return PartsField(what="ngày sinh", example="27/03/1990", **more)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("5 tháng 3 năm 1990", ("5", "3", "1990")),
        ("ngày 05 tháng 03 năm 1990", ("05", "03", "1990")),
        ("Ngày mồng 5 tháng Giêng năm 1990", ("5", "1", "1990")),
        ("mùng 5 tháng chạp năm 1990", ("5", "12", "1990")),
        ("tháng mười hai năm 1990", ("", "12", "1990")),
        ("27/03/1990", ("27", "03", "1990")),
        ("27-3-1990", ("27", "3", "1990")),
        ("27.3.1990", ("27", "3", "1990")),
        ("27 3 1990", ("27", "3", "1990")),
        ("1990-03-27", ("27", "03", "1990")),
        ("27031990", ("27", "03", "1990")),
        ("２７／０３／１９９０", ("27", "03", "1990")),
        ("5/3/90", ("5", "3", "90")),
        ("3/2004", ("", "3", "2004")),
        ("2004-03", ("", "03", "2004")),
        ("năm 1950", ("", "", "1950")),
        ("1950", ("", "", "1950")),
    ],
)
def test_what_has_one_meaning_is_read(text, parts):
    assert typed_dates.read(text) == parts


@pytest.mark.parametrize("text", ["", "hôm qua", "tháng 3", "27/03", "1/2/3/4", "27/3/19900", "<script>", "Tết 1990"])
def test_what_has_none_is_left_to_be_explained(text):
    assert typed_dates.read(text) is None


@pytest.mark.parametrize(
    "boxes",
    [
        ["5 tháng 3 năm 1990", "", ""],
        ["", "", "5/3/1990"],
        ["", "05-03-1990", ""],
        ["5", "3", "1990"],
        ["０５", " 3 ", "1990"],
    ],
)
def test_a_date_may_stand_in_one_box_or_in_three(boxes):
    assert day_field().clean(boxes) == "1990-03-05"


@pytest.mark.parametrize(
    ("boxes", "words", "part"),
    [
        (["29/02/2023", "", ""], "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày", "day"),
        (["29", "2", "2023"], "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày", "day"),
        (["31", "04", "1990"], "không có ngày 31/04/1990, tháng 4 năm 1990 chỉ có 30 ngày", "day"),
        (["5/3/90", "", ""], "Nhập năm của ngày sinh bằng bốn chữ số, ví dụ 1990", "year"),
        (["5", "3", "90"], "Nhập năm của ngày sinh bằng bốn chữ số, ví dụ 1990", "year"),
        (["", "", "1990"], "Nhập tháng của ngày sinh, ví dụ 03", "month"),
        (["hôm qua", "", ""], "Nhập năm của ngày sinh, ví dụ 1990", "year"),
        (["5", "ba", "1990"], "Nhập tháng của ngày sinh bằng số từ 1 đến 12", "month"),
    ],
)
def test_what_cannot_be_is_explained_at_its_part(boxes, words, part):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        day_field().clean(boxes)
    assert words in refused.value.messages[0]
    assert refused.value.code == part


@pytest.mark.parametrize("boxes", [["", "", "1950"], ["1950", "", ""], ["năm 1950", "", ""], ["", "1950", ""]])
def test_only_a_year_wherever_it_is_typed(boxes):
    field = day_field(year_only=True)
    assert field.clean(boxes) == "1950"


@pytest.mark.parametrize("boxes", [["3/2004", ""], ["", "03-2004"], ["tháng ba năm 2004", ""], ["3", "2004"]])
def test_a_month_may_stand_in_one_box_or_in_two(boxes):
    assert Months(what="bắt đầu ở", example="03/2004").clean(boxes) == "2004-03"

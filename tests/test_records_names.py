"""Vietnamese text to comparable keys."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.names import (
    PartialDate,
    is_citizen_number,
    is_one_slip,
    key1,
    key2,
    nfc,
    normal_number,
    one_slip_days,
    strip_marks,
    swapped_day,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hoà"),
        ("Lê Thúy", "LÊ THUÝ"),
        ("Trần Khỏe", "Trần Khoẻ"),
        ("Lý Mỹ Kỳ", "Lí Mĩ Kì"),
        ("Quý", "Quí"),
        ("Đặng Văn Đức", "Ðặng Văn Ðức"),
        ("Nguyễn  Văn\u00a0An ", "nguyễn văn an"),
        ("Nguyễn\u200b Văn An", "Nguyễn Văn An"),
        ("Rơ-Châm Y", "Rơ Châm Y"),
        ("H'Hen Niê", "H’Hen Niê"),
        (unicodedata.normalize("NFD", "Nguyễn Ngọc Ngạn"), "Nguyễn Ngọc Ngạn"),
        ("Ｎguyễn Văn An", "Nguyễn Văn An"),
    ],
)
def test_spelling_habits_give_the_same_name_key(one, other):
    assert key1(one) == key1(other)
    assert key2(one) == key2(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "Hoa"),
        ("Hòa", "Hóa"),
        ("Tuân", "Tuấn"),
        ("Mây", "Mai"),
        ("Thúy", "Thúi"),
        ("Đan", "Dan"),
        ("Lan", "Lân"),
    ],
)
def test_letters_and_tones_that_tell_people_apart_stay_apart(one, other):
    assert key1(one) != key1(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("NGUYEN<<VAN<A", "nguyen van a"),
        ("Nguyễn Thị Hường", "nguyen thi huong"),
        ("Đỗ Quỳnh", "do quynh"),
        ("Ý Nhi", "i nhi"),
        ("\u200b", ""),
        ("\u0301", ""),
        ("'", ""),
    ],
)
def test_the_key_without_marks_is_what_a_passport_prints(name, key):
    assert key2(name) == key


@given(st.text())
def test_keys_do_not_depend_on_composition_and_normalise_once(name):
    for form in ("NFC", "NFD"):
        assert key1(unicodedata.normalize(form, name)) == key1(name)
        assert key2(unicodedata.normalize(form, name)) == key2(name)
    assert key2(key2(name)) == key2(name)


SYLLABLES = st.sampled_from(["Nguyễn", "Thị", "Hòa", "Thúy", "Đức", "Lý", "Ngọc", "Quý", "Ưng", "Ênuôl", "Kỳ"])


@given(st.lists(SYLLABLES, min_size=1, max_size=6), st.sampled_from([" ", "  ", "\u00a0", "-", "\u200b "]))
def test_case_and_spaces_never_change_a_vietnamese_name(syllables, space):
    plain = " ".join(syllables)
    for typed in (space.join(syllables), plain.upper(), plain.lower(), unicodedata.normalize("NFD", plain.upper())):
        assert key1(typed) == key1(plain)
        assert key2(typed) == key2(plain)


def test_nfc_keeps_the_spelling():
    assert nfc(unicodedata.normalize("NFD", "Hoà")) == "Hoà"
    assert strip_marks("Đường Ðen") == "Duong Den"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("001 090 990 001", "001090990001"),
        ("００１０９０９９０００１", "001090990001"),
        ("001.090-990/001", "001090990001"),
        ("c1234567", "C1234567"),
        ("٠٠١", "001"),
        ("--", ""),
    ],
)
def test_numbers_are_compared_without_how_they_are_typed(written, number):
    assert normal_number(written) == number


def test_only_twelve_digits_are_a_citizen_number():
    assert is_citizen_number("001090990001")
    assert not is_citizen_number("099000123")
    assert not is_citizen_number("00109099000A")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1990", date(1990, 1, 1), date(1990, 12, 31)),
        ("1990-02", date(1990, 2, 1), date(1990, 2, 28)),
        ("1990-05-17", date(1990, 5, 17), date(1990, 5, 17)),
    ],
)
def test_a_partial_date_spans_what_is_known(text, first, last):
    parsed = PartialDate.parse(text)
    assert (parsed.first_day, parsed.last_day) == (first, last)
    assert parsed.is_full == (first == last)
    assert parsed.year == 1990


@pytest.mark.parametrize(
    "text", ["", "90", "1990-00", "1990-13", "1990-02-30", "1990-00-00", "0000", "1990-1-1", "1990\n"]
)
def test_a_date_that_never_was_is_refused(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_dates_are_compared_at_the_lower_precision():
    assert PartialDate.parse("1990").overlaps(PartialDate.parse("1990-05-17"))
    assert not PartialDate.parse("1990-04").overlaps(PartialDate.parse("1990-05-17"))


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("19900517", "19900518", True),
        ("19900517", "19900571", True),
        ("nguyen van an", "nguyen van anh", True),
        ("nguyen van anh", "nguyen van an", True),
        ("abc", "abc", False),
        ("19900517", "19910518", False),
        ("ab", "abcd", False),
        ("abcd", "abdx", False),
        ("abc", "xabd", False),
    ],
)
def test_one_slip_is_one_character_or_two_neighbours_exchanged(one, other, slip):
    assert is_one_slip(one, other) is slip
    assert is_one_slip(other, one) is slip


# --- Dates as papers write them --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text", "is_vague"),
    [
        ("17/05/1980", "1980-05-17", False),
        ("7-5-1980", "1980-05-07", False),
        ("00/05/1980", "1980-05", True),
        ("00/00/1980", "1980", True),
        (" 05/1980 ", "1980-05", True),
        ("1980", "1980", True),
        ("01/01/1980", "1980-01-01", True),  # what offices wrote for a year: kept as written, never taken for a day
    ],
)
def test_papers_write_00_for_what_nobody_knew(written, text, is_vague):
    read = PartialDate.as_written(written)
    assert (read.text, read.is_vague) == (text, is_vague)


@pytest.mark.parametrize("written", ["", "31/02/1980", "17/00/1980", "13/1980", "17/5/80", "năm 1980", "1980-05-17"])
def test_what_is_no_date_on_paper_is_refused(written):
    with pytest.raises(ValueError):
        PartialDate.as_written(written)


@pytest.mark.parametrize(
    ("day", "swapped"),
    [
        (date(1980, 5, 7), date(1980, 7, 5)),
        (date(1980, 5, 5), None),
        (date(1980, 5, 13), None),
    ],
)
def test_day_and_month_exchanged(day, swapped):
    assert swapped_day(day) == swapped


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_the_days_one_slip_away_are_those_whose_digits_are(day, other):
    digits = [one.isoformat().replace("-", "") for one in (day, other)]
    assert (other in one_slip_days(day)) == is_one_slip(*digits)
    for near in one_slip_days(day):
        assert is_one_slip(near.isoformat().replace("-", ""), digits[0])

"""V1 to V10: every error names the field and the remedy, and never repeats what was typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests import identity, rules
from requests.rules import Stay

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "Y Moan Ênuôl", "H'Hen Niê", "Tôn Nữ-Hoàng Q. Anh"])
def test_names_of_this_country_are_taken(name):
    assert rules.name_problem(name) is None


@pytest.mark.parametrize("name", ["", "An 2", "An <b>", "A@n", "An\x00"])
def test_other_characters_in_a_name_are_explained(name):
    assert rules.name_problem(name)


def test_text_is_kept_composed_with_the_right_d_and_without_what_nobody_sees():
    assert rules.cleaned_text("Ða\u0323\u0306ng  \u200bVa\u0306n ") == "Đặng Văn"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Nhập ngày sinh"),
        ("2023-02-29", "Tháng 2/2023 chỉ có 28 ngày"),
        ("1990-04-31", "Tháng 4/1990 chỉ có 30 ngày"),
        ("1990-13-01", "không có thật"),
        ("2027-01-01", "trước hôm nay"),
        ("1899-01-01", "trên 120"),
        ("abc", "không có thật"),
    ],
)
def test_a_date_of_birth_that_cannot_be_is_explained(text, part):
    assert part in rules.date_of_birth_problem(text, TODAY)


@pytest.mark.parametrize("text", ["1990-03-27", "1950", "1950-07"])
def test_a_year_or_month_of_birth_is_enough(text):
    assert rules.date_of_birth_problem(text, TODAY) is None


@pytest.mark.parametrize(
    ("kind", "number", "good"),
    [
        ("cccd", "001090990001", True),
        ("cccd", "00109099000", False),
        ("cmnd", "012345678", True),
        ("cmnd", "01234567", False),
        ("passport", "C1234567", True),
        ("passport", "C-12", False),
        ("other", "AB", False),
    ],
)
def test_the_shape_of_a_document_number(kind, number, good):
    assert (rules.document_problem(kind, number) is None) is good


@given(st.text(alphabet="0123456789", min_size=13, max_size=20))
def test_a_message_never_repeats_the_number(number):
    assert number not in rules.document_problem("cccd", number)


def test_numbers_are_taken_as_people_write_them():
    assert identity.normalised(" 001 090-990.001 ") == "001090990001"
    assert identity.normalised("０01090990001") == "001090990001"


@pytest.mark.parametrize(
    ("number", "born", "sex", "count"),
    [
        ("001090990001", "1990-03-27", "male", 0),
        ("001090990001", "1991-03-27", "male", 1),
        ("001090990001", "1990", "female", 1),
        ("003090990001", "1990", "male", 1),
        ("001990990001", "1990", "male", 1),
        ("100090990001", "1990", "male", 0),
    ],
    ids=["agrees", "other year", "other sex", "no such province", "no such century", "born abroad"],
)
def test_a_number_that_does_not_agree_is_a_doubt_not_an_error(number, born, sex, count):
    assert len(identity.doubts(number, date_of_birth=born, sex=sex)) == count


class TestResidence:
    BORN = "1990-03-27"  # fourteen in March 2004

    def gaps(self, *stays):
        return rules.residence_gaps([Stay(*stay) for stay in stays], self.BORN, TODAY)

    def test_an_unbroken_history_has_no_gap(self):
        assert not self.gaps(("2004-03", "2008-08"), ("2008-09", "2013-06"), ("2013-06", ""))

    def test_a_gap_is_named_with_its_place(self):
        (gap,) = self.gaps(("2004-03", "2013-06"), ("2014-01", ""))
        assert (gap.after, gap.from_month, gap.to_month) == (0, "2013-07", "2013-12")
        assert gap.message == "Thêm nơi bạn ở từ 07/2013 đến 12/2013."

    def test_the_beginning_and_the_end_are_asked_for(self):
        first, last = self.gaps(("2005-01", "2020-01"))
        assert (first.after, first.from_month) == (-1, "2004-03")
        assert (last.after, last.to_month) == (0, "2026-11")

    def test_nobody_under_fourteen_is_asked(self):
        assert not rules.residence_gaps([], "2015-01-01", TODAY)

    def test_a_later_stay_inside_an_earlier_one_hides_no_gap(self):
        (gap,) = self.gaps(("2004-03", "2019-12"), ("2006-01", "2007-01"), ("2021-01", ""))
        assert (gap.from_month, gap.to_month) == ("2020-01", "2020-12")

    @given(st.lists(st.tuples(st.integers(2004, 2026), st.integers(1, 12)), min_size=1, max_size=8))
    def test_filling_every_gap_leaves_none(self, starts):
        stays = [
            Stay(f"{year}-{month:02d}", f"{year}-{month:02d}") for year, month in starts if (year, month) <= (2026, 11)
        ]
        filled = stays + [Stay(gap.from_month, gap.to_month) for gap in rules.residence_gaps(stays, self.BORN, TODAY)]
        assert not rules.residence_gaps(filled, self.BORN, TODAY)

    @pytest.mark.parametrize(
        ("stay", "field"),
        [
            (("2004-13", ""), "from_month"),
            (("2004-03", "xx"), "to_month"),
            (("2004-03", "2003-01"), "to_month"),
            (("2027-01", ""), "from_month"),
        ],
    )
    def test_months_that_cannot_be_are_explained(self, stay, field):
        assert rules.stay_problem(*stay, TODAY).field == field


def test_type_purpose_and_copies_are_asked_for():
    assert {p.field for p in rules.kind_problems(3, "", "", 0)} == {"certificate_type", "purpose", "copies"}
    assert [p.field for p in rules.kind_problems(1, "other", "", 101)] == ["purpose_other", "copies"]


def test_by_post_needs_an_address_and_a_phone():
    assert {p.field for p in rules.delivery_problems("post", "", "")} == {"delivery_address", "phone"}
    assert not rules.delivery_problems("electronic", "", "")
    assert [p.field for p in rules.delivery_problems("", "", "")] == ["delivery"]


@pytest.mark.parametrize(("phone", "good"), [("0912345678", True), ("+84912345678", True), ("912", False), ("", True)])
def test_a_telephone_number(phone, good):
    assert (rules.phone_problem(phone) is None) is good


class TestProxy:
    def fields(self, **changes):
        told = {
            "certificate_type": 1,
            "proxy_name": "Trần Thị B",
            "relation": "mother",
            "mandate_on": None,
            "date_of_birth": "1990-03-27",
            "today": TODAY,
            "minor_under": 18,
        }
        return {problem.field for problem in rules.proxy_problems(**(told | changes))}

    def test_close_family_needs_no_mandate(self):
        assert not self.fields()

    def test_anybody_else_does(self):
        assert self.fields(relation="friend") == {"proxy_mandate_on"}
        assert not self.fields(relation="friend", mandate_on=date(2026, 1, 5))

    def test_the_second_type_never_through_a_proxy(self):
        assert self.fields(certificate_type=2) == {"proxy_name"}

    def test_but_a_parent_for_a_minor(self):
        assert not self.fields(certificate_type=2, date_of_birth="2012-05-01")

    def test_a_year_of_birth_is_read_as_the_younger_age(self):
        assert rules.age_on("2008", TODAY) == 17

    def test_the_relation_is_asked_for(self):
        assert self.fields(relation="") == {"proxy_relation"}

    def test_without_a_proxy_nothing_is_asked(self):
        assert not self.fields(proxy_name="")

"""Provinces across the merger of 2025-07-01: which codes may name one place, and how a comparison says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lltp_portal import provinces
from records import comparing
from records.field_outcomes import DIFFERENT, EQUAL, MISSING, NORMALISED
from records.matching import weigh
from requests.clerk_views.side_by_side import line
from requests.register_views import shown
from tests.records_people import person
from tests.test_records_matching import ask, outcome_of

KNOWN = sorted({row.code for row in provinces.all_rows()})


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("01", ("01",)),
        ("35", ("35", "37")),
        ("36", ("36", "37")),
        ("37", ("35", "36", "37")),
        ("24", ("24", "27")),
        ("27", ("24", "27")),
        ("15", ("10", "15")),
        ("46", ("46",)),  # Thừa Thiên Huế, a city since 2025-01-01
        ("75", ("70", "75")),  # Đồng Nai, merged, and a city since 2026-04-30
        ("03", ("03",)),
        ("", ("",)),
    ],
)
def test_these_codes_may_name_one_place(code, codes):
    assert provinces.may_be_same(code) == codes


@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_whether_two_codes_may_be_the_same_does_not_depend_on_who_asks(one, other):
    assert (other in provinces.may_be_same(one)) == (one in provinces.may_be_same(other))
    assert one in provinces.may_be_same(one)


def test_only_a_province_and_the_one_it_became_may_be_the_same():
    """All pairs, by what the merger says of each of the 63; no two of the 34 are ever one."""
    became = {row.code: row.successor_code or row.code for row in provinces.before_merger()}
    assert sorted(became) == KNOWN and len(set(became.values())) == 34
    for one in KNOWN:
        expected = {other for other in KNOWN if other == one or became[other] == one or became[one] == other}
        assert set(provinces.may_be_same(one)) == expected


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("35", "35", "equal"),
        ("35", "37", "equal"),  # Hà Nam, part of Ninh Bình
        ("36", "37", "equal"),
        ("35", "36", "different"),  # both ended: two provinces of before
        ("24", "27", "equal"),  # Bắc Giang, or Bắc Ninh of today; Bắc Ninh of before
        ("10", "15", "equal"),  # Lào Cai of before; Yên Bái, or Lào Cai of today
        ("02", "08", "equal"),
        ("01", "79", "different"),
        ("01", "37", "different"),
        ("24", "15", "different"),
        (" 35", "37", "equal"),
        ("03", "03", "equal"),
        ("03", "37", "different"),
        ("Hà Nam", "Ninh Bình", "different"),  # no codes: as they are written
        ("Hà Nam", "HÀ NAM", "equal"),
        ("35", None, "missing"),
        (None, "37", "missing"),
        ("", "37", "missing"),
        (None, None, "missing"),
    ],
)
def test_two_provinces_of_birth_have_one_level(one, other, level):
    assert comparing.province_level(one, other) == comparing.province_level(other, one) == level


COMMON = {
    "full_name": "Nguyễn Thị Hương",
    "date_of_birth": "1985",
    "sex": None,
    "identity_documents": [],
    "father_name": None,
    "mother_name": None,
}


@pytest.mark.parametrize(("asked", "on_file"), [("37", "35"), ("35", "37"), ("24", "27"), ("27", "24")])
def test_a_paper_of_after_the_merger_never_clears_its_bearer(asked, on_file):
    """Name, year and province is T4: a person looks, however common the name is."""
    matching = weigh(ask(**COMMON, place_of_birth_province=asked), [person(**COMMON, place_of_birth_province=on_file)])
    assert matching.decision == "review"
    assert matching.candidates[0].tier == "T4"


def test_two_provinces_of_before_that_became_one_are_two():
    matching = weigh(ask(**COMMON, place_of_birth_province="36"), [person(**COMMON, place_of_birth_province="35")])
    assert matching.decision == "clear" and matching.candidates[0].tier == "-"


def test_another_mother_and_the_province_of_today_are_one_other_thing_not_two():
    changes = {"date_of_birth": "1980", "identity_documents": [], "father_name": None, "mother_name": "Đỗ Thị Lạ"}
    (weighed,) = weigh(
        ask(full_name="Nguyễn Văn Thư", place_of_birth_province="37"),
        [person(full_name="Nguyễn Văn Thử", place_of_birth_province="35", **changes)],
    ).candidates
    assert weighed.excluded is None and weighed.tier == "T4"


@pytest.mark.parametrize(
    ("asked", "on_file", "outcome", "reason"),
    [
        ("35", "35", EQUAL, "Giống hệt."),
        ("37", "35", NORMALISED, "Hà Nam nay thuộc tỉnh Ninh Bình."),
        ("35", "37", NORMALISED, "Hà Nam nay thuộc tỉnh Ninh Bình."),
        ("30", "31", NORMALISED, "Hải Dương nay thuộc thành phố Hải Phòng."),
        ("77", "79", NORMALISED, "Bà Rịa - Vũng Tàu nay thuộc Thành phố Hồ Chí Minh."),
        ("75", "70", NORMALISED, "Bình Phước nay thuộc thành phố Đồng Nai."),
        (
            "27",
            "24",
            NORMALISED,
            "Mã tỉnh 24 trước ngày 01/07/2025 là Bắc Giang, nay là Bắc Ninh: có thể là cùng một tỉnh.",
        ),
        (
            "15",
            "10",
            NORMALISED,
            "Mã tỉnh 15 trước ngày 01/07/2025 là Yên Bái, nay là Lào Cai: có thể là cùng một tỉnh.",
        ),
        ("17", "26", DIFFERENT, "Khác nhau."),  # Hòa Bình and Vĩnh Phúc, both in Phú Thọ today
        ("01", "79", DIFFERENT, "Khác nhau."),
        ("35", None, MISSING, "Cơ sở dữ liệu không có."),
    ],
)
def test_the_side_by_side_says_what_became_of_the_province(asked, on_file, outcome, reason):
    compared = outcome_of(
        ask(place_of_birth_province=asked), person(place_of_birth_province=on_file), "place_of_birth_province"
    )
    assert (compared.outcome, compared.reason) == (outcome, reason)
    assert (compared.asked, compared.found) == (asked, on_file or "")


def test_the_tag_and_the_evidence_say_no_more_than_that_it_is_one_province_today():
    (weighed,) = weigh(ask(place_of_birth_province="37"), [person(place_of_birth_province="35")]).candidates
    shown = line(next(row.to_json() for row in weighed.outcomes if row.field == "place_of_birth_province"))
    assert (shown.asked, shown.found, shown.tag) == ("tỉnh Ninh Bình", "tỉnh Hà Nam", "partly")
    words = {bar.field: bar.words for bar in weighed.evidence}
    assert words["place_of_birth_province"].startswith("Cùng tỉnh nơi sinh sau sáp nhập: +")
    (same,) = weigh(ask(place_of_birth_province="35"), [person(place_of_birth_province="35")]).candidates
    assert {bar.field: bar.words for bar in same.evidence}["place_of_birth_province"].startswith(
        "Cùng tỉnh nơi sinh: +"
    )


@pytest.mark.parametrize("regime", ["P2", "calendar"])
def test_a_province_on_file_has_its_name_whatever_provinces_the_law_of_the_day_knows(settings, regime):
    settings.LLTP_REGIME = regime
    record = person(place_of_birth_province="35")
    (weighed,) = weigh(ask(place_of_birth_province="37"), [record]).candidates
    compared = line(next(row.to_json() for row in weighed.outcomes if row.field == "place_of_birth_province"))
    assert (compared.asked, compared.found) == ("tỉnh Ninh Bình", "tỉnh Hà Nam")
    assert ("Nơi sinh", "tỉnh Hà Nam") in shown.person(record)
    unknown = person(place_of_birth_province="03")
    assert "Nơi sinh" not in dict(shown.person(unknown))

"""What the register leaves open or contradicts, several offences of one judgment, and the words that are printed."""

from datetime import date

import pytest

from records import expungement, terms, wording
from records.determination import Undetermined, determine
from tests.records_people import (
    NO,
    OPEN,
    YES,
    conviction,
    done,
    kind1,
    kind2,
    person,
    prison,
    rows,
    says,
    second_crime,
    without,
)

# --- What is not known, and contradicts itself ----------------------------------------------------------------------


def test_unknown_negligence_is_open_only_while_it_matters():
    who = person(conviction(offence={"negligent": None}))
    assert says(who, "2024-03-10") == "VERIFY"
    assert says(who, "2024-03-11") == NO
    assert rows(who, "2024-03-11") == "VERIFY"
    assert any("vô ý" in reason for reason in kind2(who, "2024-03-11").reasons)


def test_unknown_severity_of_a_youth_is_open():
    who = person(conviction(offence={"severity": None}), date_of_birth="2003-06-01")
    assert any("Điều 9 BLHS" in reason for reason in kind1(who, "2022-01-01").reasons)


def test_unknown_age_is_open():
    who = person(conviction(offence_date=None), date_of_birth="2000")
    assert any("tuổi khi phạm tội" in reason for reason in kind1(who, "2022-01-01").reasons)
    assert says(person(conviction(offence_date=None, age_at_offence=19), date_of_birth="2000"), "2022-01-01") == YES


def test_unknown_effect_is_open_until_it_no_longer_matters():
    who = person(without(conviction(), "effective_date"))
    assert (says(who, "2024-03-10"), says(who, "2024-03-11")) == ("VERIFY", NO)
    assert any("hiệu lực" in reason for reason in kind1(who, "2024-03-10").reasons)
    crime = second_crime("2015-01-01")
    both = person(without(prison(24, "2020-01-01"), "effective_date"), crime)
    assert rows(both, "2024-01-01") == "VERIFY"


@pytest.mark.parametrize("penalty", [{"months": -5}, {"months": 6, "suspended": True, "probation_months": -12}])
def test_a_length_below_nothing_is_never_printed(penalty):
    who = person(conviction(main_penalty={"kind": "imprisonment"} | penalty))
    assert "số âm" in kind1(who, "2022-01-01").reasons[0]


def test_a_penalty_without_its_length_is_told_to_the_clerk():
    found = kind1(person(conviction(main_penalty={"kind": "imprisonment"})), "2022-01-01")
    assert found.convictions[0].main_penalty == "Tù"
    assert any("không cho biết mức hình phạt chính" in note for note in found.notes)
    assert not any("mức hình phạt" in note for note in kind1(person(conviction()), "2022-01-01").notes)


@pytest.mark.parametrize(
    "left_out", [{"annulled": True}, {"effective_date": None}, {"offence": {"decriminalised": True}}]
)
def test_a_judgment_that_one_row_leaves_out_and_another_counts_is_contradicted(left_out):
    """Rows of joined persons, or the register and what an agency told: neither is believed against the other."""
    for who in (
        [person(conviction()), person(conviction(**left_out), register_id="R-2")],
        [person(conviction(**left_out), conviction())],
    ):
        found = kind1(who, "2023-06-01")
        assert isinstance(found, Undetermined) and "một nơi ghi" in found.reasons[0]
    other = conviction(
        **left_out | {"offence": {"title": "Cố ý gây thương tích", "article": 134, "decriminalised": True}}
    )
    assert says(person(conviction(), other), "2023-06-01") == YES


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"age_at_offence": 17}, "tuổi khi phạm tội"),
        ({"age_at_offence": -1}, "tuổi khi phạm tội"),
        ({"offence_date": "1990-01-01"}, "tuổi khi phạm tội"),
        ({"effective_date": "2021-01-01"}, "có hiệu lực trước"),
        ({"offence_date": "2021-09-11"}, "ngày phạm tội sau"),
        ({"main_penalty_completed_on": "2020-01-01"}, "trước ngày tuyên án"),
        ({"clemency": {"kind": "dai_xa", "date": "2020-01-01"}}, "đại xá trước"),
        ({"expungement": {"kind": "certificate", "date": "2020-01-01"}}, "xóa án tích trước"),
        ({"execution_limitation_expired_on": "2020-01-01"}, "thời hiệu thi hành trước"),
        ({"execution_limitation_expired_on": "2023-01-01", "offence": {"chapter": "XXVI"}}, "Điều 61"),
        ({"execution_limitation_expired_on": "2023-01-01", "offence": {"article": 353, "clause": 3}}, "Điều 61"),
        ({"exempt_from_penalty": True}, "miễn hình phạt"),
        ({"main_penalty": {"kind": "none"}}, "miễn hình phạt"),
        ({"main_penalty": {"kind": "fine", "suspended": True}}, "án treo"),
        ({"main_penalty": {"kind": "none"}, "juvenile_judicial_measure": True}, "đã đủ 18 tuổi"),
    ],
)
def test_contradictions_go_to_a_person(changes, words):
    found = kind1(person(conviction(**changes)), "2030-01-01")
    assert isinstance(found, Undetermined)
    assert any(words in reason and "15/2021/HS-ST" in reason for reason in found.reasons), found.reasons


def test_a_judicial_measure_for_a_minor_is_not_counted():
    row = conviction(main_penalty={"kind": "none"}, juvenile_judicial_measure=True, offence_date=None)
    assert says(person(row, date_of_birth="2003"), "2022-01-01") == NO


def test_full_age_is_reached_on_the_birthday():
    row = conviction(offence={"severity": "serious"}, offence_date="2021-01-05")
    assert says(person(row, date_of_birth="2003-01-05"), "2022-01-01") == YES
    assert says(person(row, date_of_birth="2003-01-06"), "2022-01-01") == NO
    leap = conviction(offence={"severity": "serious"}, offence_date="2022-02-28", judgment_date="2022-09-10")
    leap |= {"effective_date": "2022-10-10"}
    assert says(person(leap, date_of_birth="2004-02-29"), "2022-11-01") == "VERIFY"


def test_a_class_that_the_penalty_contradicts_is_asked_about():
    row = conviction(
        offence={"negligent": True, "severity": "less_serious"}, main_penalty={"kind": "imprisonment", "months": 60}
    )
    assert says(person(row), "2022-01-01") == "VERIFY"
    life = conviction(offence={"negligent": True, "severity": "serious"}, main_penalty={"kind": "life"})
    assert says(person(life), "2022-01-01") == "VERIFY"
    unstated = conviction(offence={"negligent": True, "severity": None}, main_penalty={"kind": "life"})
    assert says(person(unstated), "2022-01-01") == YES


# --- Several offences, several rows ---


def joint(article, **changes):
    return prison(
        36,
        "2020-01-01",
        combined_penalty={"kind": "imprisonment", "months": 72},
        offence={"title": f"Tội số {article}", "article": article} | changes.pop("offence", {}),
        **changes,
    )


def test_offences_of_one_judgment_go_by_the_joint_penalty_and_are_printed_once():
    who = person(joint(173), joint(174))
    found = kind2(who, "2023-01-02")
    assert [row.expungement for row in found.convictions] == [done(1, 1, 2023)]
    assert found.convictions[0].main_penalty == "6 năm tù"
    assert len(found.convictions[0].offences) == 2


def test_with_one_national_security_crime_in_the_judgment_the_court_decides_all():
    who = person(joint(173), joint(110, offence={"chapter": "XIII"}))
    assert rows(who, "2050-01-01") == [OPEN]


def test_an_offence_that_is_not_counted_is_left_out_of_its_judgment():
    who = person(joint(173), joint(260, offence={"negligent": True, "severity": "serious"}))
    assert kind1(who, "2022-01-01").convictions[0].offences == (
        "Tội số 173 (khoản 1 Điều 173 Bộ luật Hình sự năm 2015)",
    )


def test_without_a_joint_penalty_every_possible_sum_is_tried():
    apart = [prison(36, "2020-01-01", offence={"article": article}) for article in (173, 174)]
    assert says(person(*apart), "2022-06-01") == "VERIFY"
    assert says(person(*apart), "2023-01-02") == NO


def test_different_ends_of_one_judgment_go_to_a_person():
    who = person(joint(173), joint(174) | {"main_penalty_completed_on": "2021-01-01"})
    assert says(who, "2030-01-01") == "VERIFY"
    decided = joint(174, expungement={"kind": "court_decision", "date": "2021-01-01"})
    assert "tình trạng khác nhau" in kind2(person(joint(173), decided), "2022-01-01").reasons[0]


def test_the_same_judgment_on_two_rows_of_the_register_is_one():
    twice = [person(conviction()), person(conviction(), register_id="R-990002", full_name="Nguyễn Văn Thư")]
    assert len(kind1(twice, "2022-01-01").convictions) == 1
    differs = [twice[0], person(conviction(main_penalty_completed_on="2023-01-01"), register_id="R-990002")]
    assert "ghi khác nhau" in kind1(differs, "2030-01-01").reasons[0]


def test_too_many_open_questions_are_not_guessed():
    crimes = [
        second_crime(None, age_at_offence=30)
        | {"judgment_number": str(n), "main_penalty_completed_on": f"2023-01-{n:02}"}
        for n in range(1, 20)
    ]
    assert says(person(prison(24, "2020-01-01"), *crimes), "2030-01-01") == "VERIFY"


def test_printing_is_by_date_of_judgment_then_number():
    found = kind2(person(second_crime("2021-06-01"), prison(24, "2020-01-01")), "2030-01-01")
    assert [row.judgment_date.year for row in found.convictions] == [2014, 2022]


def test_only_kinds_one_and_two_exist():
    with pytest.raises(ValueError):
        determine([], certificate_type=3, want_ban_info=False, as_of=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2020-02-29", 12, "2021-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2022-12-31", 24, "2024-12-31"),
        ("9999-06-01", 12, "9999-12-31"),
    ],
)
def test_terms_end_on_the_same_day_of_the_month(day, months, end):
    assert expungement.add_months(date.fromisoformat(day), months) == date.fromisoformat(end)


def test_the_words_of_penalties():
    row = prison(
        30, "2020-01-01", additional_penalties=[{"kind": "fine"}, {"kind": "residence_ban", "until": "2021-01-01"}]
    )
    found = kind2(person(row | {"obligations": [{"kind": "other", "fulfilled_on": "2019-01-01"}]}), "2020-06-01")
    printed = found.convictions[0]
    assert printed.main_penalty == "2 năm 6 tháng tù"
    assert printed.additional_penalties == "Phạt tiền; cấm cư trú đến ngày 01/01/2021"
    assert printed.obligations == "Nghĩa vụ khác: đã thi hành xong ngày 01/01/2019"
    assert printed.execution_status == "Đã chấp hành xong hình phạt chính ngày 01/01/2020"
    suspended = kind1(person(conviction()), "2022-01-01").convictions[0]
    assert suspended.main_penalty == "1 năm tù nhưng cho hưởng án treo, thời gian thử thách 1 năm 6 tháng"
    assert (suspended.additional_penalties, suspended.execution_status) == ("//", "//")
    fine = person(conviction(main_penalty={"kind": "fine", "amount_vnd": 20_000_000}))
    assert kind1(fine, "2022-01-01").convictions[0].main_penalty == "Phạt tiền 20.000.000 đồng"
    assert wording.NO_BAN.startswith("Không bị cấm đảm nhiệm chức vụ")


@pytest.mark.parametrize(("kind", "rows_of_the_article"), [("expulsion", ()), ("none", ()), ("life", ("d",))])
def test_each_penalty_has_its_row_of_the_article_or_none(kind, rows_of_the_article):
    assert terms.letters_of(kind, None, suspended=False) == rows_of_the_article

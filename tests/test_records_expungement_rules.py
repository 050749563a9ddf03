"""Rules of án tích one by one: the dated rows, what contradicts itself, joint penalties, and the words of reasons."""

from datetime import date

import pytest

from records import grounds, terms
from records.determination import Determination, Undetermined
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

# --- Dated rows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("versions", [terms.ADULT, terms.YOUTH, terms.BY_COURT], ids=["adult", "youth", "court"])
def test_the_newest_row_that_has_begun_applies_and_the_oldest_to_days_before(versions):
    assert [version.begins for version in versions] == sorted({version.begins for version in versions})
    for version in versions:
        assert terms.in_force(versions, version.begins) is version
        assert [point.letter for point in version.points] == ["a", "b", "c", "d"]
        assert [point.months for point in version.points] == sorted({point.months for point in version.points})
    assert terms.in_force(versions, date(1999, 1, 1)) is versions[0]
    assert terms.in_force(versions, date(2099, 1, 1)) is versions[-1]


def test_the_law_on_minors_is_a_row_of_its_own_with_its_source():
    before, after = terms.in_force(terms.YOUTH, date(2025, 12, 31)), terms.in_force(terms.YOUTH, date(2026, 1, 1))
    assert before is not after and "59/2024/QH15" in after.source
    for newer, older in zip(terms.YOUTH[1:], terms.YOUTH, strict=False):
        # Terms that grew longer would take back what was expunged (Art. 7 BLHS).
        assert all(new.months <= old.months for new, old in zip(newer.points, older.points, strict=True))


def test_a_row_that_is_added_to_the_table_is_the_law_from_its_day(monkeypatch):
    points = tuple(terms.Point(p.letter, p.penalty, p.gloss, 3) for p in terms.YOUTH[-1].points)
    newer = terms.Terms(date(2023, 6, 1), "Điều 999 khoản 9", "LTPNCTN", "thử", points)
    monkeypatch.setattr(terms, "YOUTH", (terms.YOUTH[0], newer))
    row = conviction(offence={"severity": "very_serious"}, main_penalty_completed_on="2023-03-01")
    who = person(row, date_of_birth="2003-06-01")
    assert says(who, "2023-05-31") == YES
    assert says(who, "2023-06-02") == NO
    assert kind2(who, "2023-06-02").convictions[0].reasons[0].startswith("Điều 999 khoản 9 điểm a LTPNCTN")


# --- Words -----------------------------------------------------------------------------------------------------------


def reasons(who, as_of):
    return kind2(who, as_of).convictions[0].reasons


def test_reasons_name_point_clause_first_day_and_last_day():
    assert reasons(person(conviction()), "2024-03-11") == (
        "Điều 70 khoản 2 điểm a BLHS: thời hạn 12 tháng kể từ ngày 10/03/2023, hết ngày 10/03/2024.",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"additional_penalties": [{"kind": "residence_ban", "completed_on": "2025-01-01"}]},
            "Điều 70 khoản 2 đoạn cuối BLHS: hình phạt bổ sung dài hơn thời hạn, thời hạn hết khi chấp hành xong"
            " hình phạt đó, ngày 01/01/2025.",
        ),
        (
            {"additional_penalties": [{"kind": "fine", "completed_on": "2025-01-01"}]},
            "Điều 70 khoản 2 BLHS: đã chấp hành xong hình phạt bổ sung ngày 01/01/2025.",
        ),
        (
            {"obligations": [{"kind": "compensation", "fulfilled_on": "2025-01-01"}]},
            "Điều 70 khoản 2 BLHS: đã chấp hành xong các quyết định khác của bản án ngày 01/01/2025.",
        ),
    ],
)
def test_what_kept_it_open_longer_is_named(changes, words):
    assert words in reasons(person(conviction(**changes)), "2026-01-01")


def test_beyond_the_gravest_point_there_is_no_extension_but_the_penalty_has_to_be_done():
    watch = {"kind": "supervised_residence", "completed_on": "2026-01-01"}
    who = person(prison(240, "2020-01-01", additional_penalties=[watch]), date_of_birth="1970-01-01")
    assert rows(who, "2026-01-02") == [done(1, 1, 2026)]
    assert any("đã chấp hành xong hình phạt bổ sung" in reason for reason in reasons(who, "2026-01-02"))


def test_pardon_and_limitation_are_named():
    pardoned = person(prison(84, None, clemency={"kind": "dac_xa", "date": "2022-09-01"}))
    assert grounds.PARDON.reason() in reasons(pardoned, "2025-09-02")
    lapsed = person(prison(24, None, execution_limitation_expired_on="2020-01-01"))
    assert grounds.LIMITATION.reason() in reasons(lapsed, "2023-01-01")


def test_a_pardon_still_to_come_means_the_penalty_is_being_served():
    pardoned = person(prison(84, None, clemency={"kind": "dac_xa", "date": "2022-09-01"}))
    assert says(pardoned, "2021-01-01") == YES


def test_decisions_are_named_by_their_article():
    court = {"kind": "court_decision", "date": "2023-01-01"}
    assert reasons(person(conviction(expungement=court)), "2023-02-01")[0].startswith("Điều 72 BLHS")
    national = person(conviction(expungement=court, offence={"chapter": "XIII", "article": 110}))
    assert reasons(national, "2023-02-01")[0].startswith("Điều 71 khoản 1 BLHS")
    paper = person(conviction(expungement=court | {"kind": "certificate"}))
    assert reasons(paper, "2023-02-01")[0].startswith("Điều 70 khoản 1 BLHS")


def test_what_only_the_court_expunges_says_from_when_it_may_be_asked():
    spy = {"chapter": "XIII", "article": 110, "severity": "very_serious"}
    who = person(prison(48, "2015-01-10", offence=spy))
    assert reasons(who, "2030-01-01") == (
        grounds.COURT_ONLY.reason(),
        "Điều 71 khoản 2 điểm b BLHS: thời hạn để đề nghị Tòa án xóa án tích là 36 tháng,"
        " sớm nhất hết ngày 10/01/2018.",
    )
    serving = person(prison(48, None, offence=spy))
    assert "chưa rõ từ ngày nào" in reasons(serving, "2030-01-01")[1]
    fined = person(conviction(offence=spy, main_penalty={"kind": "fine"}))
    assert reasons(fined, "2030-01-01") == (grounds.COURT_ONLY.reason(),)


def test_a_mixed_judgment_is_the_courts_by_clause_three():
    spy = conviction(offence={"chapter": "XIII", "article": 110})
    theft = conviction(offence={"article": 172, "title": "Công nhiên chiếm đoạt tài sản"})
    both = {grounds.COURT_ONLY.reason(), grounds.COURT_FOR_ALL.reason()}
    assert both <= set(reasons(person(spy, theft), "2030-01-01"))
    assert rows(person(spy, theft), "2030-01-01") == [OPEN]


@pytest.mark.parametrize(
    ("as_of", "article"), [("2026-06-30", "Nghị định 111/2010"), ("2026-07-01", "Điều 12 Nghị định 216")]
)
def test_a_prosecution_is_asked_about_under_the_decree_of_the_day(as_of, article):
    who = person(conviction(), pending_prosecution={"since": "2026-06-01", "offence_date": "2023-09-09"})
    assert article in kind1(who, as_of).reasons[0]


# --- What contradicts itself, and what is doubtful ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"main_penalty": {"kind": "imprisonment", "months": 48, "suspended": True}}, "trên 03 năm"),
        ({"main_penalty": {"kind": "imprisonment", "months": 12, "probation_months": 18}}, "không ghi án treo"),
        ({"combined_penalty": {"kind": "fine"}}, "hình phạt chung nhẹ hơn"),
        ({"combined_penalty": {"kind": "none"}}, "hình phạt chung nhẹ hơn"),
        ({"combined_penalty": {"kind": "imprisonment", "months": 11, "suspended": True}}, "hình phạt chung nhẹ hơn"),
        ({"main_penalty": {"kind": "life"}, "age_at_offence": 17}, "tuổi khi phạm tội"),
    ],
)
def test_penalties_that_cannot_be_go_to_a_person(changes, words):
    found = kind1(person(conviction(**changes)), "2040-01-01")
    assert isinstance(found, Undetermined)
    assert any(words in reason and "(cần " in reason for reason in found.reasons), found.reasons


def test_nobody_under_eighteen_is_sentenced_to_life():
    row = conviction(main_penalty={"kind": "life"}, offence={"severity": "extremely_serious"})
    found = kind1(person(row, date_of_birth="2003-06-01"), "2040-01-01")
    assert any("Điều 39" in reason for reason in found.reasons)


def test_the_code_of_1985_allowed_suspension_up_to_five_years():
    row = prison(1, "1999-01-01", offence={"code": "BLHS1985", "severity": None})
    row |= {"main_penalty": {"kind": "imprisonment", "months": 48, "suspended": True}, "judgment_date": "1997-01-01"}
    row |= {"effective_date": "1997-02-01", "offence_date": "1996-01-01", "age_at_offence": None}
    assert says(person(row, date_of_birth="1960-01-01"), "2001-01-01") == NO


@pytest.mark.parametrize("chapter", ["Chương XIII", "xiii", " XXVI "])
def test_a_chapter_is_known_however_it_is_written(chapter):
    assert says(person(conviction(offence={"chapter": chapter})), "2040-01-01") == YES


@pytest.mark.parametrize("chapter", ["13", "XI", "An ninh quốc gia", "", "XXVII"])
def test_a_chapter_that_the_code_does_not_have_is_never_another_chapter(chapter):
    found = kind1(person(conviction(offence={"chapter": chapter})), "2040-01-01")
    assert any("tội thuộc chương nào" in reason for reason in found.reasons)


@pytest.mark.parametrize("article", [78, 92, 341, 344])
def test_treason_under_the_code_of_1999_is_not_taken_for_an_ordinary_crime(article):
    row = conviction(offence={"code": "BLHS1999", "article": article, "chapter": "XXIV"})
    assert says(person(row), "2040-01-01") == "VERIFY"
    assert says(person(conviction(offence={"code": "BLHS1999", "article": 138})), "2040-01-01") == NO


def apart(article, penalty, **changes):
    return prison(1, "2020-01-01", offence={"title": f"Tội {article}", "article": article}, **changes) | {
        "main_penalty": penalty
    }


@pytest.mark.parametrize(
    ("one", "other", "last_day"),
    [
        ({"kind": "imprisonment", "months": 54}, {"kind": "non_custodial", "months": 24}, "2023-01-01"),
        ({"kind": "imprisonment", "months": 54}, {"kind": "non_custodial"}, "2023-01-01"),
        (
            {"kind": "imprisonment", "months": 24, "suspended": True},
            {"kind": "imprisonment", "months": 54},
            "2023-01-01",
        ),
        ({"kind": "imprisonment", "months": 36}, {"kind": "fine"}, "2022-01-01"),
    ],
    ids=["reform counts a third", "reform of unknown length", "a suspended part", "a fine is not added"],
)
def test_without_the_joint_penalty_the_longest_lawful_sum_has_to_be_over(one, other, last_day):
    who = person(apart(173, one), apart(174, other))
    following = date.fromisoformat(last_day).replace(day=2).isoformat()
    assert (says(who, last_day), says(who, following)) == ("VERIFY", NO)


def test_suspended_sentences_that_may_stay_suspended_together_take_a_year():
    light = {"kind": "imprisonment", "months": 18, "suspended": True}
    who = person(apart(173, light), apart(174, light))
    assert (says(who, "2021-01-01"), says(who, "2021-01-02")) == (YES, NO)


def test_what_was_completed_in_time_cannot_have_lapsed():
    row = prison(24, "2020-01-01", execution_limitation_expired_on="2024-01-01")
    assert rows(person(row), "2022-01-02") == [done(1, 1, 2022)]
    found = kind2(person(row | {"execution_limitation_expired_on": "2019-01-01"}), "2030-01-01")
    assert any("hết thời hiệu thi hành" in reason for reason in found.reasons)


# --- New crimes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "article", "doubted"),
    [("BLHS1985", 72, True), ("BLHS1985", 88, True), ("BLHS1985", 155, False), ("BLHS1999", 80, True)],
)
def test_an_article_of_national_security_in_an_older_code_is_not_taken_for_another_chapter(code, article, doubted):
    who = person(prison(24, "2016-01-01", offence={"code": code, "article": article, "chapter": "XVI"}))
    assert says(who, "2030-01-01") == ("VERIFY" if doubted else NO)


@pytest.mark.parametrize(("offence_date", "first"), [("2014-04-04", done(1, 1, 2022)), ("2014-04-05", OPEN)])
def test_only_a_crime_after_the_day_of_effect_restarts(offence_date, first):
    who = person(prison(24, "2020-01-01"), second_crime(offence_date))
    assert rows(who, "2024-01-01") == [first, OPEN]


def test_a_new_crime_that_was_amnestied_restarts_from_the_amnesty():
    row = second_crime("2021-06-01", clemency={"kind": "dai_xa", "date": "2023-01-01"})
    who = person(prison(24, "2020-01-01"), row | {"main_penalty_completed_on": None})
    assert rows(who, "2025-01-02") == [done(1, 1, 2025), "Đại xá"]


def test_a_new_crime_spared_a_penalty_leaves_the_old_term_to_a_person():
    spared = second_crime("2021-06-01", exempt_from_penalty=True)
    who = person(
        prison(24, "2020-01-01"), spared | {"main_penalty": {"kind": "none"}, "main_penalty_completed_on": None}
    )
    assert says(who, "2030-01-01") == "VERIFY"
    assert "77/2022" in kind1(who, "2030-01-01").reasons[0]


@pytest.mark.parametrize("effective", [None, "2024-06-01"])
def test_a_judgment_under_appeal_is_ignored_but_the_clerk_is_told(effective):
    waiting = second_crime("2021-06-01") | {"effective_date": effective}
    who = person(prison(24, "2020-01-01"), waiting)
    found = kind1(who, "2024-01-01")
    assert isinstance(found, Determination) and found.text == NO
    (note,) = found.notes
    assert "77/2022/HS-ST" in note and "chưa có hiệu lực pháp luật" in note and "Điều 73 khoản 2" in note
    assert kind1(person(waiting), "2024-01-01").notes == ()


def test_a_very_long_number_of_a_judgment_still_fits_a_reason():
    row = without(conviction(judgment_number="9" * 500), "obligations")
    found = kind1(person(row), "2030-01-01")
    assert all(len(reason) <= 500 and "999…" in reason for reason in found.reasons)

"""The cases of domain 1.6 (C1 to C31), each at its boundary days."""

from datetime import date

import pytest

from records import expungement, wording
from records.determination import Determination, Undetermined, determine
from tests.records_people import conviction, person, prison, without


def kind1(who, as_of, **options):
    people = who if isinstance(who, list) else [who]
    options = {"certificate_type": 1, "want_ban_info": False} | options
    return determine(people, as_of=date.fromisoformat(as_of), **options)


def kind2(who, as_of, **options):
    return kind1(who, as_of, certificate_type=2, **options)


def says(who, as_of):
    """The words on số 1, or 'VERIFY'."""
    found = kind1(who, as_of)
    return found.text if isinstance(found, Determination) else "VERIFY"


def rows(who, as_of):
    """The last column of số 2, or 'VERIFY'."""
    found = kind2(who, as_of)
    return [row.expungement for row in found.convictions] if isinstance(found, Determination) else "VERIFY"


YES, NO = "Có án tích", "Không có án tích"
OPEN = "Chưa được xóa án tích"


def done(day, month, year):
    return f"Đã được xóa án tích ngày {day:02} tháng {month:02} năm {year}"


def test_c1_nobody_found_has_no_record():
    assert kind1([], "2024-06-01") == Determination("no_record", NO, (), None)
    assert kind2([], "2024-06-01") == Determination("no_record", NO, (), ())


def test_c2_a_foreigner_who_left_has_no_record_during_the_stay():
    for ask in (kind1, kind2):
        found = ask([], "2024-06-01", former_resident_foreigner=True)
        assert (found.status, found.text) == (
            "no_record_foreigner",
            "Không có án tích trong thời gian cư trú tại Việt Nam",
        )


def test_c3_on_the_last_day_of_the_year_after_probation_the_record_stands():
    assert says(person(conviction()), "2024-03-10") == YES
    assert rows(person(conviction()), "2024-03-10") == [OPEN]


def test_c4_it_is_expunged_from_the_next_day():
    assert says(person(conviction()), "2024-03-11") == NO
    assert rows(person(conviction()), "2024-03-11") == [done(10, 3, 2024)]


def test_c5_compensation_paid_late_moves_the_day():
    late = person(conviction(obligations=[{"kind": "compensation", "fulfilled_on": "2024-08-01"}]))
    assert (says(late, "2024-06-01"), rows(late, "2024-06-01")) == (YES, [OPEN])
    assert (says(late, "2024-08-01"), says(late, "2024-08-02")) == (YES, NO)
    assert rows(late, "2024-08-02") == [done(1, 8, 2024)]


def test_c6_three_years_of_prison_take_two_years():
    who = person(prison(36, "2022-09-30"))
    assert (says(who, "2024-09-30"), says(who, "2024-10-01")) == (YES, NO)
    assert rows(who, "2024-10-01") == [done(30, 9, 2024)]


@pytest.mark.parametrize(
    ("penalty", "last_day"),
    [
        ({"kind": "imprisonment", "months": 60}, "2022-01-01"),
        ({"kind": "imprisonment", "months": 61}, "2023-01-01"),
        ({"kind": "imprisonment", "months": 180}, "2023-01-01"),
        ({"kind": "imprisonment", "months": 181}, "2025-01-01"),
        ({"kind": "life"}, "2025-01-01"),
        ({"kind": "death_commuted"}, "2025-01-01"),
        ({"kind": "warning"}, "2021-01-01"),
        ({"kind": "non_custodial", "months": 24}, "2021-01-01"),
    ],
)
def test_c7_the_term_goes_by_the_penalty_pronounced(penalty, last_day):
    row = prison(1, "2020-01-01") | {"main_penalty": penalty}
    who = person(row, date_of_birth="1960-01-01")
    next_day = date.fromisoformat(last_day).replace(day=2).isoformat()
    assert (says(who, last_day), says(who, next_day)) == (YES, NO)


def test_c8_a_fine_takes_a_year_from_payment():
    who = person(
        conviction(main_penalty={"kind": "fine", "amount_vnd": 20_000_000}, main_penalty_completed_on="2023-05-05")
    )
    assert (says(who, "2024-05-05"), says(who, "2024-05-06")) == (YES, NO)


def test_c9_a_ban_longer_than_the_term_ends_it():
    ban = {"kind": "office_ban", "until": "2024-01-01", "completed_on": "2024-01-01"}
    who = person(prison(24, "2020-01-01", additional_penalties=[ban]))
    assert (says(who, "2024-01-01"), says(who, "2024-01-02")) == (YES, NO)
    not_confirmed = person(prison(24, "2020-01-01", additional_penalties=[ban | {"completed_on": None}]))
    assert (says(not_confirmed, "2024-01-01"), says(not_confirmed, "2024-01-02")) == (YES, "VERIFY")


def test_c10_twenty_years_take_five_beside_a_supervised_residence_of_five():
    watch = {"kind": "supervised_residence", "until": "2024-06-01", "completed_on": "2024-06-01"}
    who = person(
        prison(
            240,
            "2019-06-01",
            judgment_date="2000-01-01",
            effective_date="2000-02-01",
            offence_date="1999-05-01",
            additional_penalties=[watch],
        )
    )
    assert (says(who, "2024-06-01"), says(who, "2024-06-02")) == (YES, NO)


SPYING = {"title": "Gián điệp", "article": 110, "chapter": "XIII", "severity": "very_serious"}


def spy(**changes):
    dates = {"judgment_date": "2011-01-10", "effective_date": "2011-02-10", "offence_date": "2010-01-01"}
    return prison(48, "2015-01-10", offence=SPYING, **(dates | changes))


def test_c11_national_security_is_never_expunged_by_itself():
    assert says(person(spy()), "2060-01-01") == YES
    assert rows(person(spy()), "2060-01-01") == [OPEN]


def test_c12_a_court_decision_expunges_it():
    who = person(spy(expungement={"kind": "court_decision", "date": "2019-02-02"}))
    assert (says(who, "2019-02-01"), says(who, "2019-02-02")) == (YES, NO)
    assert rows(who, "2019-02-03") == [done(2, 2, 2019)]
    certified = person(conviction(expungement={"kind": "certificate", "date": "2024-05-05"}))
    assert rows(certified, "2024-05-06") == [done(5, 5, 2024)]


def second_crime(offence_date, **changes):
    return prison(
        12,
        "2023-06-01",
        judgment_number="77/2022/HS-ST",
        judgment_date="2022-06-01",
        effective_date="2022-07-01",
        offence_date=offence_date,
        **changes,
    )


def test_c13_a_new_crime_inside_the_term_restarts_it():
    who = person(prison(24, "2020-01-01"), second_crime("2021-06-01"))
    assert rows(who, "2025-06-01") == [OPEN, OPEN]
    assert rows(who, "2025-06-02") == [done(1, 6, 2025), done(1, 6, 2025)]
    assert any("Điều 73" in reason for reason in kind2(who, "2025-06-02").convictions[0].reasons)


def test_c14_a_crime_after_the_term_leaves_it_expunged():
    who = person(prison(24, "2020-01-01"), second_crime("2022-02-01"))
    assert rows(who, "2024-01-01") == [done(1, 1, 2022), OPEN]
    on_the_last_day = person(prison(24, "2020-01-01"), second_crime("2022-01-01"))
    assert rows(on_the_last_day, "2024-01-01") == [OPEN, OPEN]


def test_a_crime_before_the_judgment_took_effect_restarts_nothing():
    who = person(prison(24, "2020-01-01"), second_crime("2014-04-04"))
    assert rows(who, "2024-01-01") == [done(1, 1, 2022), OPEN]


def test_a_crime_while_an_unpaid_debt_keeps_the_record_open_restarts_it():
    debt = [{"kind": "compensation", "fulfilled_on": "2022-05-01"}]
    who = person(prison(24, "2020-01-01", obligations=debt), second_crime("2022-02-01"))
    assert rows(who, "2025-06-01") == [OPEN, OPEN]


def test_a_third_crime_restarts_both_again():
    third = second_crime("2024-01-01") | {
        "judgment_number": "3/2024",
        "judgment_date": "2024-05-01",
        "effective_date": "2024-06-01",
        "main_penalty_completed_on": "2024-12-01",
    }
    who = person(prison(24, "2020-01-01"), second_crime("2021-06-01"), third)
    assert rows(who, "2026-12-01") == [OPEN, OPEN, OPEN]
    assert rows(who, "2026-12-02") == [done(1, 12, 2026)] * 3


def test_a_later_crime_of_unknown_day_is_asked_about():
    who = person(prison(24, "2020-01-01"), second_crime(None, age_at_offence=40))
    found = kind2(who, "2024-01-01")
    assert any("77/2022" in reason and "ngày phạm tội" in reason for reason in found.reasons)
    assert rows(who, "2025-06-02") == "VERIFY"  # the day of expungement is still open
    assert says(who, "2025-06-02") == NO  # but the record is clear in either case


def test_a_later_judgment_not_yet_served_keeps_the_old_one_open():
    serving = second_crime("2021-06-01") | {"judgment_date": "2023-06-01", "effective_date": "2023-07-01"}
    who = person(prison(24, "2020-01-01"), serving | {"main_penalty_completed_on": None})
    assert rows(who, "2024-01-01") == [OPEN, OPEN]
    assert rows(who, "2030-01-01") == "VERIFY"


@pytest.mark.parametrize("offence_date", ["2023-09-09", None])
def test_c15_a_prosecution_inside_the_term_gives_no_text(offence_date):
    case = {"since": "2024-02-01", "offence_date": offence_date}
    who = person(conviction(), pending_prosecution=case)
    assert says(who, "2024-03-11") == "VERIFY"
    assert "khởi tố ngày 01/02/2024" in kind1(who, "2024-03-11").reasons[0]
    assert says(who, "2024-03-10") == YES  # active with or without it


def test_a_prosecution_for_an_act_outside_the_term_changes_nothing():
    after = person(conviction(), pending_prosecution={"since": "2024-09-01", "offence_date": "2024-08-01"})
    assert says(after, "2024-10-01") == NO
    before = person(conviction(), pending_prosecution={"since": "2024-09-01", "offence_date": "2021-10-11"})
    assert says(before, "2024-10-01") == NO
    not_yet = person(conviction(), pending_prosecution={"since": "2024-09-01", "offence_date": "2023-01-01"})
    assert says(not_yet, "2024-08-31") == NO
    assert says(person(pending_prosecution={"since": "2024-09-01"}), "2024-10-01") == NO


@pytest.mark.parametrize("severity", ["less_serious", "serious"])
def test_c16_negligence_is_not_counted(severity):
    who = person(conviction(offence={"negligent": True, "severity": severity}))
    assert says(who, "2022-01-01") == NO
    assert kind2(who, "2022-01-01").status == "no_record"


def test_very_serious_negligence_is_counted():
    assert says(person(conviction(offence={"negligent": True, "severity": "very_serious"})), "2022-01-01") == YES


def test_c17_exempt_from_penalty_is_not_counted():
    who = person(conviction(main_penalty={"kind": "none"}, exempt_from_penalty=True, main_penalty_completed_on=None))
    assert (says(who, "2022-01-01"), rows(who, "2022-01-01")) == (NO, [])


def test_c18_fifteen_years_old_is_not_counted():
    who = person(conviction(), date_of_birth="2005-02-02")
    assert (says(who, "2022-01-01"), rows(who, "2022-01-01")) == (NO, [])


@pytest.mark.parametrize(
    ("severity", "negligent", "text"),
    [
        ("less_serious", False, NO),
        ("serious", False, NO),
        ("very_serious", True, NO),
        ("very_serious", False, YES),
        ("extremely_serious", False, YES),
        ("extremely_serious", True, YES),
    ],
)
def test_from_sixteen_to_eighteen_only_the_gravest_crimes_count(severity, negligent, text):
    row = conviction(offence={"severity": severity, "negligent": negligent}, age_at_offence=17)
    assert says(person(row, date_of_birth="2003-02-02"), "2022-01-01") == text


@pytest.mark.parametrize(("months", "last_day"), [(48, "2024-01-01"), (61, "2025-01-01"), (181, "2026-01-01")])
def test_c19_a_youth_has_shorter_terms_and_no_other_condition(months, last_day):
    row = prison(
        months,
        "2023-01-01",
        judgment_date="2019-05-01",
        effective_date="2019-06-01",
        offence_date="2018-12-01",
        offence={"severity": "extremely_serious" if months > 180 else "very_serious"},
        obligations=[{"kind": "compensation", "fulfilled_on": None}],
    )
    who = person(without(row, "additional_penalties"), date_of_birth="2001-03-01")
    next_day = date.fromisoformat(last_day).replace(day=2).isoformat()
    assert (says(who, last_day), says(who, next_day)) == (YES, NO)


def test_a_youth_with_a_suspended_sentence_waits_six_months():
    row = conviction(offence={"severity": "very_serious"}, main_penalty_completed_on="2023-08-31")
    who = person(row, date_of_birth="2003-06-01")
    assert (says(who, "2024-02-29"), says(who, "2024-03-01")) == (YES, NO)


def test_c20_amnesty_leaves_no_record_and_a_row_on_number_two():
    who = person(prison(84, None, clemency={"kind": "dai_xa", "date": "2020-09-02"}))
    assert says(who, "2020-09-02") == NO
    found = kind2(who, "2020-09-02")
    assert (found.status, found.text) == ("has_record", "")
    assert (found.convictions[0].state, found.convictions[0].expungement) == ("amnestied", "Đại xá")
    assert found.convictions[0].execution_status == "Đại xá ngày 02/09/2020"
    assert says(who, "2015-01-01") == YES


def test_c21_a_pardon_only_ends_the_penalty():
    who = person(prison(84, None, clemency={"kind": "dac_xa", "date": "2022-09-01"}))
    assert (says(who, "2025-09-01"), says(who, "2025-09-02")) == (YES, NO)
    released_later = person(prison(84, "2022-09-03", clemency={"kind": "dac_xa", "date": "2022-09-01"}))
    assert rows(released_later, "2026-01-01") == [done(3, 9, 2025)]


def test_c22_the_term_runs_from_the_limitation_of_execution():
    row = conviction(
        judgment_date="2014-12-01",
        effective_date="2015-01-01",
        offence_date="2014-06-01",
        main_penalty={"kind": "fine", "amount_vnd": 5_000_000},
        main_penalty_completed_on=None,
        execution_limitation_expired_on="2020-01-01",
        obligations=[{"kind": "court_fee", "fulfilled_on": None}],
    )
    assert (says(person(row), "2021-01-01"), says(person(row), "2021-01-02")) == (YES, NO)


@pytest.mark.parametrize(
    "changes",
    [
        {"offence": {"decriminalised": True}},
        {"effective_date": None},
        {"effective_date": "2022-06-02"},
        {"annulled": True},
        {"judgment_date": "2022-06-02"},
    ],
    ids=["C23", "C24", "C24-later", "C25", "not judged yet"],
)
def test_c23_to_c25_what_does_not_exist_is_not_printed(changes):
    who = person(conviction(main_penalty_completed_on=None, **changes))
    assert (says(who, "2022-06-01"), rows(who, "2022-06-01")) == (NO, [])


@pytest.mark.parametrize(
    ("changes", "paper"),
    [
        ({"main_penalty_completed_on": None}, "giấy chứng nhận chấp hành xong"),
        ({"obligations": [{"kind": "court_fee", "fulfilled_on": None}]}, "cơ quan thi hành án"),
        ({"additional_penalties": [{"kind": "confiscation"}]}, "cơ quan thi hành án"),
        ({"offence": {"chapter": None}}, "chương nào"),
        ({"offence": {"chapter": "XVI", "article": 110}}, "chương nào"),
        ({"main_penalty": {"kind": "imprisonment"}, "main_penalty_completed_on": "2021-12-30"}, "mức hình phạt chính"),
    ],
)
def test_c27_time_is_up_but_a_paper_is_missing(changes, paper):
    found = kind1(person(conviction(**changes)), "2024-06-01")
    assert isinstance(found, Undetermined)
    assert any(paper in reason for reason in found.reasons), found.reasons


@pytest.mark.parametrize("field", ["obligations", "additional_penalties"])
def test_absent_obligations_are_unknown_not_none(field):
    who = person(without(conviction(), field))
    assert says(who, "2024-03-11") == "VERIFY"
    assert says(who, "2024-03-10") == YES
    assert kind1(who, "2024-03-10").notes


def test_missing_execution_does_not_matter_while_the_term_cannot_be_over():
    assert says(person(conviction(main_penalty_completed_on=None)), "2022-09-10") == YES


def test_c28_c29_bans_are_printed_only_while_they_last_and_when_asked():
    ban = {
        "decision_number": "01/2024/QĐ-TBPS",
        "from": "2024-02-01",
        "until": "2027-02-01",
        "decision_date": "2024-01-20",
    }
    who = person(bans=[ban, ban | {"decision_number": "00/2020", "from": "2020-01-01", "until": "2024-01-31"}])
    assert kind1(who, "2024-02-01").bans is None
    assert [b.decision_number for b in kind1(who, "2024-02-01", want_ban_info=True).bans] == ["01/2024/QĐ-TBPS"]
    assert [b.decision_number for b in kind2(who, "2024-01-31").bans] == ["00/2020"]
    assert kind2(who, "2027-02-02").bans == ()
    for_ever = person(bans=[{"decision_number": "9", "from": "2024-02-01"}])
    assert len(kind2(for_ever, "2090-01-01").bans) == 1
    decided_later = person(bans=[ban | {"decision_date": "2025-01-01"}])
    assert kind2(decided_later, "2024-06-01").bans == ()


def test_c30_a_foreign_judgment_needs_a_person():
    assert says(person(conviction(foreign_judgment=True)), "2030-01-01") == "VERIFY"


def test_c31_expulsion_stands_in_no_row_of_the_article():
    who = person(conviction(main_penalty={"kind": "expulsion"}))
    assert says(who, "2030-01-01") == "VERIFY"
    assert "trục xuất" in kind1(who, "2030-01-01").reasons[0]


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
    assert expungement.penalty_rows(kind, None, suspended=False) == rows_of_the_article

"""The cases of domain 1.6 (C1 to C31), each at its boundary days."""

from datetime import date

import pytest

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


@pytest.mark.parametrize("changes", [{"effective_date": None}, {"offence": {"decriminalised": True}}])
def test_c30_that_a_foreign_judgment_has_no_effect_is_for_a_person_to_say(changes):
    """Contracts: always undetermined; whether it was recognised here, the register's day of effect does not say."""
    abroad = conviction(foreign_judgment=True, **changes)
    assert says(person(abroad), "2030-01-01") == "VERIFY"
    assert says(person(abroad), "2020-01-01") == NO  # not pronounced yet
    assert says(person(abroad | {"annulled": True}), "2030-01-01") == NO


def test_c31_expulsion_stands_in_no_row_of_the_article():
    who = person(conviction(main_penalty={"kind": "expulsion"}))
    assert says(who, "2030-01-01") == "VERIFY"
    assert "trục xuất" in kind1(who, "2030-01-01").reasons[0]

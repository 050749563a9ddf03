"""What is to be mended in the register: rules with codes, rows that open and close by themselves, shares."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from lltp_portal.errors import Invalid, NotAllowed, StepNotAllowed
from records import issue_acts, quality, quality_run
from records.quality import RULES, checked
from records.register.living import QualityIssue, QualityPass
from records.register.models import RegisterImport
from records.scores import Share, together
from tests import factories
from tests.records_people import conviction, person, person_json, without
from tests.register_papers import updater

TODAY = date(2026, 11, 22)


def rules(*convictions, **changes):
    return {finding.rule for finding in checked(person(*convictions, **changes), TODAY)}


def offence(**changes):
    return conviction(offence=changes)


UNKNOWN_OBLIGATIONS = without(conviction(), "obligations")
CASES = {
    "birth_in_future": {"date_of_birth": "2030-01-01"},
    "birth_too_long_ago": {"date_of_birth": "1890"},
    "judged_as_a_child": {"convictions": [conviction()], "date_of_birth": "2015-01-01"},
    "judged_in_future": {"convictions": [conviction(judgment_date="2027-01-01")]},
    "penalty_length": {"convictions": [conviction(main_penalty={"kind": "imprisonment", "months": 361})]},
    "suspended_too_long": {
        "convictions": [conviction(main_penalty={"kind": "imprisonment", "months": 37, "suspended": True})]
    },
    "done_in_future": {"convictions": [conviction(main_penalty_completed_on="2027-01-01")]},
    "contradiction": {"convictions": [conviction(offence_date="2022-01-01")]},
    "number_unreadable": {"identity_documents": [{"type": "cccd", "number": "---"}]},
    "no_identifier": {"identity_documents": [], "father_name": None, "mother_name": None},
    "birth_year_only": {"date_of_birth": "1980"},
    "effect_unknown": {"convictions": [without(conviction(), "effective_date")]},
    "offence_day_unknown": {"convictions": [conviction(offence_date=None)]},
    "guilt_unknown": {"convictions": [offence(negligent=None)]},
    "chapter_unknown": {"convictions": [offence(chapter=None)]},
    "length_unknown": {"convictions": [conviction(main_penalty={"kind": "imprisonment"})]},
    "additional_unknown": {"convictions": [without(conviction(), "additional_penalties")]},
    "obligations_unknown": {"convictions": [UNKNOWN_OBLIGATIONS]},
    "penalty_ended": {"convictions": [conviction(main_penalty_completed_on=None)]},
    "additional_ended": {
        "convictions": [conviction(additional_penalties=[{"kind": "office_ban", "until": "2024-01-01"}])]
    },
    "obligation_open": {
        "convictions": [
            conviction(
                judgment_date="2015-01-01",
                effective_date="2015-02-01",
                offence_date="2014-01-01",
                obligations=[{"kind": "court_fee"}],
            )
        ]
    },
    "not_in_effect_yet": {"convictions": [conviction(effective_date=None)]},
    "case_open": {"pending_prosecution": {"since": "2023-01-01"}},
}


def test_a_good_record_has_nothing_to_mend():
    assert rules(conviction()) == set()
    assert rules() == set()


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_finds_its_fault(rule):
    changes = dict(CASES[rule])
    assert rule in rules(*changes.pop("convictions", []), **changes)


def test_every_rule_has_a_case_here_or_needs_another_person():
    assert set(RULES) - quality.TOLD - {"same_person"} == set(CASES)
    assert all(kind in quality.KINDS and words for kind, words in RULES.values())


@pytest.mark.parametrize(
    "settled",
    [
        {"expungement": {"kind": "certificate", "date": "2024-01-01"}},
        {"clemency": {"kind": "dai_xa", "date": "2022-01-01"}},
        {"annulled": True},
    ],
)
def test_what_a_decision_has_settled_is_not_asked_for(settled):
    row = without(conviction(main_penalty_completed_on=None, offence_date=None, **settled), "obligations")
    assert rules(row) == set()


def test_the_day_on_which_a_term_ends_is_not_late_yet():
    row = conviction(main_penalty_completed_on=None)  # in effect 2021-10-11, probation of 18 months, papers take three
    assert "penalty_ended" not in {f.rule for f in checked(person(row), date(2023, 7, 11))}
    assert "penalty_ended" in {f.rule for f in checked(person(row), date(2023, 7, 12))}


def test_duplicates_are_found_once_for_each_pair_and_never_where_something_excludes():
    one, same = person(register_id="A"), person(register_id="B")
    brother = person(register_id="C", full_name="Nguyễn Văn Em", date_of_birth="1985-01-01", identity_documents=[])
    assert [f.place for f in quality.duplicates(one, [same, brother])] == ["B"]
    assert quality.duplicates(same, [one]) == []


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 3, "33,33"), (2, 3, "66,67"), (1, 8, "12,50"), (1, 800, "0,13"), (3, 800, "0,38"), (5, 5, "100,00")],
)
def test_shares_are_rounded_half_up(part, whole, words):
    assert Share("x", part, whole).words == f"{words}\u00a0%"


def test_a_share_of_nobody_is_none_and_together_is_not_the_mean():
    assert Share("x", 0, 0).percent is None
    assert together([Share("a", 1, 1), Share("b", 0, 3)], "all").percent == Decimal("25.00")


# --- Rows -----------------------------------------------------------------------------------------------------------

BAD = person_json(conviction(offence_date=None), register_id="A")
GOOD = person_json(
    conviction(),
    register_id="B",
    full_name="Lê Thị Lành",
    identity_documents=[{"type": "cccd", "number": "001180990002"}],
)


@pytest.mark.django_db
def test_issues_open_once_and_close_by_themselves_when_mended():
    factories.register(BAD, GOOD)
    now = timezone.now()
    for _ in range(2):
        quality_run.check_all(now=now)
    issue = QualityIssue.objects.get()
    assert (issue.register_id, issue.rule, issue.kind, issue.state) == (
        "A",
        "offence_day_unknown",
        "incomplete",
        "open",
    )
    assert issue.office == "Tòa án nhân dân huyện Mẫu"
    factories_again(BAD | {"convictions": [conviction()]})
    quality_run.check_all(now=now + timedelta(hours=1))
    assert QualityIssue.objects.get().state == "closed"
    assert QualityIssue.objects.get().closed_at == now + timedelta(hours=1)


@pytest.mark.django_db
def test_scores_are_clean_persons_of_all_persons_by_source():
    factories.register(BAD, GOOD)
    walk = quality_run.check_all()
    assert (walk.people, walk.scores) == (2, [["tests", 1, 2]])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "told"), [("/srv/data/tw.jsonl", "tw.jsonl"), ("", "Không rõ nguồn"), ("Nơi gửi A/B", "Nơi gửi A/B")]
)
def test_a_source_is_told_without_where_its_file_lay(source, told):
    factories.register(GOOD)
    RegisterImport.objects.filter(source="tests").update(source=source)
    assert quality_run.check_all().scores == [[told, 1, 1]]


@pytest.mark.django_db
def test_a_walk_goes_page_by_page_and_on_where_it_stood():
    factories.register(BAD, GOOD, GOOD | {"register_id": "C", "full_name": "Phạm Ba", "identity_documents": []})
    now = timezone.now()
    walk = quality_run.check_some(seconds=0, now=now, page_size=1)
    assert (walk.people, walk.running) == (1, True)
    walk = quality_run.check_some(seconds=60, now=now, page_size=1)
    assert (walk.people, walk.running, QualityPass.objects.count()) == (3, False, 1)
    assert quality_run.check_some(seconds=60, now=now + timedelta(hours=23)) is None
    assert quality_run.check_some(seconds=60, now=now + timedelta(hours=25)).people == 3


@pytest.mark.django_db
def test_no_walk_begins_over_nobody_and_a_new_one_once_an_import_has_come():
    now = timezone.now()
    assert quality_run.check_some(seconds=60, now=now) is None
    factories.register(GOOD)
    now = timezone.now()
    assert quality_run.check_some(seconds=60, now=now).people == 1
    assert quality_run.check_some(seconds=60, now=now + timedelta(minutes=1)) is None
    factories_again(BAD)
    assert quality_run.check_some(seconds=60, now=timezone.now()).people == 2


@pytest.mark.django_db
def test_two_rows_of_one_person_are_found_in_the_register_once():
    factories.register(
        person_json(register_id="A"),
        person_json(register_id="B", full_name="Nguyễn Văn Thửu"),
        GOOD | {"register_id": "Z"},
    )
    quality_run.check_all()
    issue = QualityIssue.objects.get(rule="same_person")
    assert (issue.register_id, issue.place, issue.kind) == ("A", "B", "duplicate")


@pytest.mark.django_db
def test_a_dismissed_issue_stays_away_and_needs_a_reason_and_a_right():
    factories.register(BAD)
    clerk = updater()
    quality_run.check_all()
    issue = QualityIssue.objects.get()
    with pytest.raises(NotAllowed):
        issue_acts.dismiss(issue.code, by=factories.make_staff("auditor"), reason="x")
    with pytest.raises(Invalid):
        issue_acts.dismiss(issue.code, by=clerk, reason=" ")
    issue_acts.dismiss(issue.code, by=clerk, reason="Bản án gốc cũng không ghi ngày")
    quality_run.check_all()
    assert list(QualityIssue.objects.values_list("state", flat=True)) == ["dismissed"]
    with pytest.raises(StepNotAllowed):
        issue_acts.dismiss(issue.code, by=clerk, reason="lại")


@pytest.mark.django_db
def test_issues_of_who_is_no_more_are_closed():
    from records.register.models import RegisterPerson

    factories.register(BAD)
    quality_run.check_all()
    RegisterPerson.objects.all().delete()
    quality_run.check_all()
    assert QualityIssue.objects.get().state == "closed"


@pytest.mark.django_db
def test_the_command_says_how_much_there_is():
    factories.register(BAD, GOOD)
    out = io.StringIO()
    call_command("check_register", stdout=out)
    assert "đã kiểm tra 2 người" in out.getvalue()
    assert "Thiếu: 1 việc" in out.getvalue()
    assert "tests: sạch 50,00\u00a0% (1/2)" in out.getvalue()


def factories_again(row):
    from tests.test_register_merging import factories_again as again

    again(row)

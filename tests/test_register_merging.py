"""Joining, dividing and undoing in the register itself: exactly undone, found by either, nothing of anybody lost."""

import json

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from records import quality_run, register_acts
from records.backends import OwnDatabase
from records.incoming import actions
from records.quality import as_question
from records.reading import read_record
from records.register import changing
from records.register.living import PersonChange, QualityIssue, RegisterAlias
from records.register.models import MatchKey, RegisterPerson
from tests import factories
from tests.records_people import conviction, person_json
from tests.register_papers import paper, updater
from tests.test_records_joining import records

pytestmark = pytest.mark.django_db

ONE = person_json(conviction(judgment_number="1/2010", main_penalty_completed_on=None), register_id="A")
OTHER = person_json(
    conviction(judgment_number="2/2015"),
    register_id="B",
    full_name="Nguyễn Văn Thứ",
    date_of_birth="1980-05",
    identity_documents=[{"type": "cmnd", "number": "012345678"}],
    father_name=None,
)


def do(kind, subject="", **details):
    act = register_acts.propose(
        kind, by=updater(), reason="Cùng một người theo giấy tờ", subject=subject, details=details
    )
    return register_acts.agree(act.code, by=updater())


def merge(surviving="A", absorbed="B"):
    act = do("merge", surviving=surviving, absorbed=absorbed, expected={})
    assert act.outcome == "done", act.outcome_words
    return act


def everything():
    """All that the register says and all that it is found by, without primary keys of rows."""
    people = {one: on_file.record.to_json() for one, on_file in changing.read(ids()).items()}
    keys = sorted(MatchKey.objects.values_list("person__register_id", "key"))
    sources = sorted(RegisterPerson.objects.values_list("register_id", "stored_by_id"))
    return json.dumps(
        [people, keys, sources, sorted(RegisterAlias.objects.values_list("old_id", "surviving_id"))], sort_keys=True
    )


def ids():
    return list(RegisterPerson.objects.values_list("register_id", flat=True))


def said():
    return {one: on_file.record for one, on_file in changing.read(["A", "B"]).items()}


def found(record):
    answer = OwnDatabase().ask(as_question(read_record(record, "")))
    return [one.register_id for one in answer.candidates]


def test_a_joined_person_is_found_by_the_names_and_numbers_of_either_with_the_facts_of_both():
    factories.register(ONE, OTHER)
    before = found(ONE), found(OTHER), found(OTHER | {"identity_documents": []})
    merge()
    assert (found(ONE), found(OTHER), found(OTHER | {"identity_documents": []})) == before
    assert "A" in found(ONE) and "B" in found(OTHER)
    for one in changing.read(["A", "B"]).values():
        assert {row.judgment_number for row in one.record.convictions} == {"1/2010", "2/2015"}
    assert changing.resolve("B") == "A"


def test_an_old_register_id_leads_to_the_surviving_person_also_after_a_second_joining():
    factories.register(ONE, OTHER, OTHER | {"register_id": "C"})
    merge()
    assert changing.resolve("B") == "A" and changing.resolve("Z") == "Z"
    merge("C", "A")
    assert do("merge", surviving="B", absorbed="C", expected={}).outcome == "refused"  # B means C now
    assert {changing.resolve(one) for one in "ABC"} == {"C"}
    assert len({change.act for change in changing.history("B")}) == 2


def test_joined_and_undone_everything_is_exactly_as_it_was():
    factories.register(ONE, OTHER)
    before = everything()
    act = merge()
    assert everything() != before
    undone = do("undo_merge", act.code)
    assert undone.outcome == "done", undone.outcome_words
    assert everything() == before
    assert PersonChange.objects.count() == 4
    again = do("undo_merge", act.code)
    assert again.outcome == "refused" and "đã được hoàn tác" in again.outcome_words


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records("A"), records("B"), records("C"))
def test_any_joining_is_undone_in_any_order(one, other, third):
    from django.db import transaction

    with transaction.atomic(using="central"), transaction.atomic():
        factories.register(one.to_json(), other.to_json(), third.to_json())
        before = everything()
        first, second = merge("A", "B"), merge("A", "C")
        for act in (first, second):
            assert do("undo_merge", act.code).outcome == "done"
        assert everything() == before
        transaction.set_rollback(True, using="central")
        transaction.set_rollback(True)


def test_a_paper_that_came_between_goes_back_with_whom_it_is_about():
    factories.register(ONE, OTHER)
    clerk = updater()
    act = merge()
    row = actions.receive(
        paper(
            content={
                "judgment": {k: ONE["convictions"][0][k] for k in ("judgment_number", "court", "judgment_date")},
                "main_penalty_completed_on": "2023-03-10",
            }
        ),
        by=clerk,
    ).row
    actions.take(row.code, by=clerk)
    assert actions.work_in(row.code, by=clerk, register_id="A", expected="", reason="Đúng").outcome == "done"
    assert do("undo_merge", act.code).outcome == "done"
    one, other = (changing.read([which])[which].record for which in "AB")
    assert str(one.convictions[0].main_penalty_completed_on) == "2023-03-10"
    assert other.to_json() == read_record(OTHER, "").to_json()
    assert QualityIssue.objects.get().rule == "merge_undone"


def test_a_joined_person_is_no_duplicate_of_themselves_and_their_facts_are_checked_once():
    factories.register(ONE, OTHER | {"identity_documents": ONE["identity_documents"]})
    quality_run.check_all()
    assert QualityIssue.objects.open().filter(rule="same_person").count() == 1
    merge()
    quality_run.check_all()
    assert not QualityIssue.objects.open().filter(rule="same_person").exists()
    about = QualityIssue.objects.open().filter(rule="penalty_ended").values_list("register_id", flat=True)
    assert list(about) == ["A"]


def test_a_person_who_changed_since_the_proposal_is_not_joined():
    factories.register(ONE, OTHER)
    shown = {one: changing.digest(on_file.record) for one, on_file in changing.read("AB").items()}
    act = register_acts.propose(
        "merge", by=updater(), reason="Cùng", details={"surviving": "A", "absorbed": "B", "expected": shown}
    )
    factories_again(OTHER | {"spouse_name": "Lê Thị Vợ"})
    done = register_acts.agree(act.code, by=updater())
    assert done.outcome == "refused" and "đã thay đổi" in done.outcome_words


def test_declined_nothing_is_done():
    factories.register(ONE, OTHER)
    act = register_acts.propose(
        "merge", by=updater(), reason="Cùng", details={"surviving": "A", "absorbed": "B", "expected": {}}
    )
    assert register_acts.resume_acts(timezone.now()) == 0
    assert register_acts.decline(act.code, by=updater(), reason="Khác mẹ").outcome == "declined"
    assert sorted(ids()) == ["A", "B"]


# --- Divided --------------------------------------------------------------------------------------------------------

TWO = person_json(
    conviction(judgment_number="1/2010"),
    conviction(judgment_number="2/2015"),
    register_id="A",
    other_names=["Nguyễn Văn Thứ"],
)


def split():
    taken = {"convictions": [1], "name": 0, "other_names": [0], "year_only": True}
    return do("split", register_id="A", new_id="N", taken=taken, expected="")


def test_divided_each_judgment_is_with_one_of_the_two():
    factories.register(TWO)
    assert split().outcome == "done"
    stays, new = (changing.read([one])[one].record for one in "AN")
    assert [one.judgment_number for one in stays.convictions] == ["1/2010"]
    assert [one.judgment_number for one in new.convictions] == ["2/2015"]
    assert (new.full_name, new.date_of_birth.text, stays.other_names) == ("Nguyễn Văn Thứ", "1980", ())
    assert "N" in found(person_json(full_name="Nguyễn Văn Thứ", identity_documents=[]))


def test_a_division_is_undone_exactly_and_its_register_id_leads_back():
    factories.register(TWO)
    before = changing.read(["A"])["A"]
    act = split()
    undone = do("undo_split", act.code)
    assert undone.outcome == "done", undone.outcome_words
    assert changing.read(["A", "N"]) == {"A": before}
    assert changing.resolve("N") == "A"


def test_a_division_is_not_undone_over_what_came_since():
    factories.register(TWO)
    act = split()
    factories_again(person_json(conviction(judgment_number="1/2010"), register_id="A", spouse_name="Lê Thị Vợ"))
    refused = do("undo_split", act.code)
    assert refused.outcome == "refused" and "đã thay đổi sau khi tách" in refused.outcome_words
    assert sorted(ids()) == ["A", "N"]


def test_a_joined_person_is_not_divided_but_undone():
    factories.register(ONE, OTHER)
    merge()
    refused = split()
    assert refused.outcome == "refused" and "Hoàn tác việc gộp" in refused.outcome_words


# --- Imports afterwards ---------------------------------------------------------------------------------------------


def factories_again(*rows):
    """A later file: persons who are there are updated."""
    import io

    from records.register.loading import run_import

    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return run_import(
        io.BytesIO(lines.encode()), source="sau", now=timezone.now, on_refused=print, on_progress=lambda run: None
    )


@pytest.mark.parametrize("rows", [[ONE], [OTHER], [ONE, OTHER]])
def test_the_same_file_again_changes_nothing_about_a_joined_person(rows):
    factories.register(ONE, OTHER)
    merge()
    before = said()
    factories_again(*rows)
    assert said() == before
    assert not QualityIssue.objects.exists()


@pytest.mark.parametrize("which", ["A", "B"])
def test_what_a_later_file_says_under_either_register_id_lands_on_the_joined_person(which):
    factories.register(ONE, OTHER)
    act = merge()
    row = ONE if which == "A" else OTHER
    more = row | {"convictions": [*row["convictions"], conviction(judgment_number="3/2020")]}
    factories_again(more)
    for one in changing.read(["A", "B"]).values():
        assert {row.judgment_number for row in one.record.convictions} == {"1/2010", "2/2015", "3/2020"}
    assert do("undo_merge", act.code).outcome == "done"
    assert changing.read([which])[which].record == read_record(more, "")


def test_an_old_file_does_not_take_back_a_paper_from_a_row_of_a_joined_person():
    factories.register(ONE, OTHER)
    clerk = updater()
    merge()
    named = {k: ONE["convictions"][0][k] for k in ("judgment_number", "court", "judgment_date")}
    row = actions.receive(paper(content={"judgment": named, "main_penalty_completed_on": "2023-03-10"}), by=clerk).row
    actions.take(row.code, by=clerk)
    assert actions.work_in(row.code, by=clerk, register_id="B", expected="", reason="Đúng").outcome == "done"
    decided = said()
    factories_again(ONE, OTHER)
    assert said() == decided and not QualityIssue.objects.exists()
    factories_again(ONE | {"spouse_name": "Lê Thị Vợ"})
    assert QualityIssue.objects.get().rule == "import_differs"
    for one in changing.read(["A", "B"]).values():
        assert "2023-03-10" in {str(c.main_penalty_completed_on) for c in one.record.convictions}


def test_an_old_file_does_not_undo_a_paper_and_a_different_one_is_kept_beside_it():
    factories.register(ONE)
    clerk = updater()
    named = {k: ONE["convictions"][0][k] for k in ("judgment_number", "court", "judgment_date")}
    row = actions.receive(paper(content={"judgment": named, "main_penalty_completed_on": "2023-03-10"}), by=clerk).row
    actions.take(row.code, by=clerk)
    actions.work_in(row.code, by=clerk, register_id="A", expected="", reason="Đúng")
    decided = changing.read(["A"])["A"].record
    factories_again(ONE)
    assert changing.read(["A"])["A"].record == decided and not QualityIssue.objects.exists()
    factories_again(ONE | {"spouse_name": "Lê Thị Vợ"})
    kept = changing.read(["A"])["A"].record
    assert set(decided.convictions) <= set(kept.convictions) and kept.spouse_name == "Lê Thị Vợ"
    assert QualityIssue.objects.get().rule == "import_differs"
    assert PersonChange.objects.filter(kind="import").count() == 1


def test_an_old_file_does_not_take_back_a_judgment_that_came_before_the_joining():
    factories.register(ONE, OTHER)
    clerk = updater()
    row = actions.receive(paper("judgment", {"convictions": [conviction(judgment_number="9/2022")]}), by=clerk).row
    actions.take(row.code, by=clerk)
    assert actions.work_in(row.code, by=clerk, register_id="A", expected="", reason="Đúng").outcome == "done"
    merge()
    decided = said()
    factories_again(ONE, OTHER)
    assert said() == decided and not QualityIssue.objects.exists()
    factories_again(ONE | {"spouse_name": "Lê Thị Vợ"})
    for one in said().values():
        assert {row.judgment_number for row in one.convictions} == {"1/2010", "2/2015", "9/2022"}
    assert QualityIssue.objects.get().rule == "import_differs"


@pytest.mark.parametrize("joined_since", [False, True])
def test_a_later_file_does_not_bring_back_what_was_found_to_be_another_persons(joined_since):
    factories.register(TWO, OTHER)
    assert split().outcome == "done"
    if joined_since:
        merge("A", "B")
    told = conviction(judgment_number="2/2015", main_penalty_completed_on="2023-04-01")
    factories_again(TWO)
    assert not QualityIssue.objects.exists()
    factories_again(TWO | {"convictions": [TWO["convictions"][0], told, conviction(judgment_number="3/2020")]})
    stays = {row.judgment_number for row in changing.read(["A"])["A"].record.convictions}
    assert stays == {"1/2010", "3/2020"} | ({"2/2015"} if joined_since else set())
    if joined_since:  # B's own; of A's row it is told no more
        part = read_record(RegisterAlias.objects.get(old_id="A").part, "")
        assert {row.judgment_number for row in part.convictions} == {"1/2010", "3/2020"}
    assert "Nguyễn Văn Thứ" not in changing.read(["A"])["A"].record.other_names
    assert QualityIssue.objects.get().rule == "import_differs"

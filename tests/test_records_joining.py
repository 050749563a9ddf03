"""Two who are one and one who is two: nothing is lost, and nobody is found or excluded otherwise than before."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import determination, joining, matching
from records.joining import CannotDivide, Taken, covers, divided, joined, kept_together
from records.keys import keys_of
from records.quality import as_question
from tests.pace import MANY
from tests.records_people import conviction, person

NAMES = ("Nguyễn Văn Thử", "Nguyễn Văn Thứ", "Trần Thị Thử", "Nguyễn Thị Ánh")
BIRTHS = ("1980", "1980-05", "1980-05-17", "1980-05-18", "1980-07-15")
PARENTS = (None, "Nguyễn Văn Cha", "Lê Văn Khác")


@st.composite
def records(draw, register_id):
    numbers = draw(st.lists(st.sampled_from(["001080990001", "001080990002", "012345678"]), max_size=2, unique=True))
    judgments = draw(st.lists(st.sampled_from(["1/2001", "2/2002", "3/2003"]), max_size=2, unique=True))
    changes = {
        "register_id": register_id,
        "full_name": draw(st.sampled_from(NAMES)),
        "other_names": draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)),
        "date_of_birth": draw(st.sampled_from(BIRTHS)),
        "identity_documents": [{"type": "cccd", "number": number} for number in numbers],
        "father_name": draw(st.sampled_from(PARENTS)),
        "mother_name": draw(st.sampled_from(PARENTS)),
    }
    return person(*(conviction(judgment_number=number) for number in judgments), **changes)


@MANY
@given(records("A"), records("B"))
def test_each_row_of_a_joined_person_has_the_facts_of_both(one, other):
    for row, part in zip(joined([one, other]), (one, other), strict=True):
        assert set(row.convictions) == {*one.convictions, *other.convictions}
        assert replace(row, convictions=part.convictions) == part


@MANY
@given(records("A"), records("B"), records("Q"))
def test_joining_changes_nothing_about_who_is_found_and_who_is_excluded(one, other, asked):
    question = as_question(asked)
    for row, part in zip(joined([one, other]), (one, other), strict=True):
        assert keys_of(row) == keys_of(part)
        before, after = (matching.weigh(question, [which]).candidates[0] for which in (part, row))
        assert (after.excluded, after.tier, after.weight) == (before.excluded, before.tier, before.weight)


@MANY
@given(records("A"), records("B"))
def test_the_order_of_joining_does_not_matter_and_joining_again_adds_nothing(one, other):
    first, second = joined([one, other]), joined([other, one])
    assert set(first[0].convictions) == set(second[0].convictions)
    assert joined(first) == first


def test_whoever_is_recognised_in_either_row_brings_along_what_the_other_row_knew():
    clean, convicted = (
        person(),
        person(conviction(main_penalty_completed_on=None), register_id="B", date_of_birth="1981"),
    )
    rows = joined([clean, convicted])
    alone = determination.determine([clean], certificate_type=1, want_ban_info=False, as_of=date(2026, 1, 1))
    assert alone.text == "Không có án tích"
    for found in ([rows[0]], [rows[1]], rows):
        said = determination.determine(found, certificate_type=1, want_ban_info=False, as_of=date(2026, 1, 1))
        assert getattr(said, "text", "") != "Không có án tích"


def test_what_two_rows_say_differently_is_named():
    other = person(father_name="Lê Văn Khác", sex="female", date_of_birth="1981")
    assert joining.differing(person(), other) == ["Ngày sinh", "Giới tính", "Họ và tên cha"]
    assert joining.differing(person(), person(father_name=None)) == []


def test_two_running_prosecutions_are_told_as_the_later_one_with_its_day_unknown():
    cases = [
        {"since": "2023-01-01", "offence_date": "2022-01-01"},
        {"since": "2024-01-01", "offence_date": "2023-06-01"},
    ]
    row = joined([person(pending_prosecution=case) for case in cases])[0]
    assert row.pending_prosecution.to_json() == {"since": "2024-01-01"}


@pytest.mark.parametrize("decided", [0, 1])
def test_the_prosecution_of_a_later_file_and_the_one_a_paper_told_are_both_kept(decided):
    cases = [
        {"since": "2023-01-01", "offence_date": "2022-01-01"},
        {"since": "2024-01-01", "offence_date": "2023-06-01"},
    ]
    one, other = person(pending_prosecution=cases[decided]), person(pending_prosecution=cases[1 - decided])
    assert not covers(other, one) and covers(one, one) and covers(one, person())
    assert kept_together(one, other).pending_prosecution.to_json() == {"since": "2024-01-01"}
    assert kept_together(one, person()).pending_prosecution == one.pending_prosecution


def test_a_record_covers_itself_and_not_more():
    assert covers(person(conviction()), person(conviction()))
    assert covers(person(conviction()), person())
    assert not covers(person(), person(conviction()))
    assert not covers(person(), person(date_of_birth="1980-05-18"))
    assert not covers(person(), person(other_names=["Ba Thử"]))


@MANY
@given(records("A"), records("A"))
def test_what_is_kept_together_says_everything_that_either_said(decided, brought):
    both = kept_together(decided, brought)
    assert covers(both, decided)
    assert covers(both, replace(brought, date_of_birth=both.date_of_birth, father_name=None, mother_name=None))


@MANY
@given(records("A"), st.data())
def test_every_row_of_a_divided_person_is_with_one_of_the_two(one, data):
    if not one.convictions:
        return
    positions = st.lists(st.integers(0, len(one.convictions) - 1), min_size=1, unique=True)
    taken = Taken(convictions=tuple(data.draw(positions)), year_only=data.draw(st.booleans()))
    stays, new = divided(one, taken, "N")
    assert sorted(map(repr, (*stays.convictions, *new.convictions))) == sorted(map(repr, one.convictions))
    assert stays.identity_documents == one.identity_documents and new.register_id == "N"


def test_a_division_that_moves_nothing_or_rows_that_are_not_there_is_refused():
    with pytest.raises(CannotDivide, match="Chọn ít nhất"):
        divided(person(conviction()), Taken(), "N")
    with pytest.raises(CannotDivide, match="tải lại"):
        divided(person(conviction()), Taken(convictions=(3,)), "N")
    with pytest.raises(CannotDivide, match="tải lại"):
        divided(person(conviction()), Taken(convictions=(0,), name=7), "N")

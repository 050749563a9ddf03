"""Two who are one and one who is two: nothing is lost, and the matching excludes nobody whom it would not have before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records import joining, matching
from records.joining import CannotJoin, Taken, covers, divided, joined
from records.names import key1, normal_number
from records.quality import as_question
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


@settings(max_examples=2000, deadline=None)
@given(records("A"), records("B"))
def test_a_joined_person_has_everything_of_both(one, other):
    both = joined([one, other])
    assert both.register_id == "A"
    for part in (one, other):
        assert {key1(name) for name in (part.full_name, *part.other_names)} <= {
            key1(name) for name in (both.full_name, *both.other_names)
        }
        numbers = {normal_number(d.number) for d in both.identity_documents}
        assert {normal_number(d.number) for d in part.identity_documents} <= numbers
        assert set(part.convictions) <= set(both.convictions)
        assert both.date_of_birth.overlaps(part.date_of_birth)


@settings(max_examples=2000, deadline=None)
@given(records("A"), records("B"), records("Q"))
def test_whom_nothing_excluded_before_nothing_excludes_after(one, other, asked):
    question = as_question(asked)
    before = [matching.exclusion(question, part) for part in (one, other)]
    if None in before:
        assert matching.exclusion(question, joined([one, other])) is None


def test_births_in_different_years_are_not_joined():
    with pytest.raises(CannotJoin, match="năm sinh"):
        joined([person(), person(date_of_birth="1981-05-17")])
    kept = joining.kept_together(person(), person(conviction(), date_of_birth="1981-05-17"))
    assert kept.date_of_birth.text == "1980-05-17" and len(kept.convictions) == 1


def test_what_the_two_say_differently_is_not_said_and_is_named():
    other = person(father_name="Lê Văn Khác", sex="female")
    both = joined([person(), other])
    assert both.father_name is None and both.sex is None and both.mother_name == "Trần Thị Mẹ"
    assert joining.differing(person(), other) == ["Giới tính", "Họ và tên cha"]


def test_a_record_covers_itself_and_not_more():
    assert covers(person(conviction()), person(conviction()))
    assert covers(person(conviction()), person())
    assert not covers(person(), person(conviction()))
    assert not covers(person(), person(date_of_birth="1980-05-18"))


@settings(max_examples=500, deadline=None)
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
    with pytest.raises(CannotJoin, match="Chọn ít nhất"):
        divided(person(conviction()), Taken(), "N")
    with pytest.raises(CannotJoin, match="tải lại"):
        divided(person(conviction()), Taken(convictions=(3,)), "N")
    with pytest.raises(CannotJoin, match="tải lại"):
        divided(person(conviction()), Taken(convictions=(0,), name=7), "N")

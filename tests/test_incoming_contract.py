"""Papers for the register: read strictly, worked into facts without guessing or dropping (domain 1.7)."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from records.incoming import contract, working
from records.incoming.contract import read_information
from records.incoming.working import DoesNotFit
from records.reading import Refused
from tests.records_people import conviction, person, says
from tests.register_papers import DONE, NAMED, paper, paper_json

SERVING = conviction(main_penalty_completed_on=None)
CONTENTS = {
    "judgment": {"convictions": [SERVING]},
    "execution_decision": {"judgment": NAMED, "effective_date": "2021-10-11"},
    "completion_certificate": DONE,
    "dac_xa": {"judgment": NAMED, "date": "2022-09-01"},
    "dai_xa": {"judgment": NAMED, "date": "2022-09-01"},
    "expungement": {"judgment": NAMED, "expungement": {"kind": "certificate", "date": "2024-05-01"}},
    "enforcement_confirmation": {
        "judgment": NAMED,
        "obligations": [{"kind": "court_fee", "fulfilled_on": "2022-02-01"}],
    },
    "ban": {"bans": [{"decision_number": "7/QĐ", "from": "2022-01-01"}]},
    "identity_change": {"full_name": "Nguyễn Văn Đổi"},
    "annulment": {"judgment": NAMED},
    "prosecution": {"pending_prosecution": {"since": "2023-01-01"}},
}


@pytest.mark.parametrize("kind", contract.KINDS)
def test_every_kind_is_read_written_and_read_again(kind):
    read = paper(kind, CONTENTS[kind])
    assert read_information(read.to_json()) == read
    assert read.digest == read_information(read.to_json()).digest


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "letter"}, "kind"),
        ({"date": "2023-02-29"}, "date"),
        ({"sender": ""}, "sender"),
        ({"extra": 1}, "extra"),
        ({"about": {"full_name": "  "}}, "about.full_name"),
        ({"about": {"date_of_birth": "17/05/1980"}}, "about.date_of_birth"),
        ({"content": {"judgment": NAMED}}, "content"),
        (
            {"content": {"judgment": {"court": "X"}, "main_penalty_completed_on": "2023-01-01"}},
            "content.judgment.judgment_number",
        ),
        ({"content": DONE | {"obligations": []}}, "content.obligations"),
        ({"content": None}, "content"),
    ],
)
def test_what_is_not_as_agreed_is_refused_with_its_field(wrong, field):
    row = paper_json(**{k: v for k, v in wrong.items() if k != "content"})
    if "content" in wrong:
        row["content"] = wrong["content"]
    with pytest.raises(Refused) as refused:
        read_information(row)
    assert refused.value.field == field


def test_a_line_that_is_no_object_is_refused():
    for value in ([], "x", None, 5):
        with pytest.raises(Refused):
            read_information(value)


def changed(record, kind, content=None, **kwargs):
    return working.changed(record, paper(kind, CONTENTS[kind] if content is None else content), **kwargs)


@pytest.mark.parametrize("kind", contract.KINDS)
def test_working_the_same_paper_in_again_changes_nothing(kind):
    record = person(conviction(main_penalty_completed_on=None, effective_date="2021-10-11"))
    once = changed(record, kind, correcting=True)
    assert changed(once, kind) == once


def test_completion_goes_to_every_offence_of_the_named_judgment_and_to_no_other():
    other = conviction(judgment_number="99/2010/HS-ST", judgment_date="2010-01-01", main_penalty_completed_on=None)
    second = SERVING | {"offence": SERVING["offence"] | {"article": 174, "title": "Lừa đảo"}}
    after = changed(person(SERVING, second, other), "completion_certificate")
    assert [str(one.main_penalty_completed_on) for one in after.convictions] == ["2023-03-10", "2023-03-10", "None"]


def test_a_paper_about_a_judgment_that_is_not_on_file_does_not_fit():
    with pytest.raises(DoesNotFit, match="không có bản án số 15/2021/HS-ST"):
        changed(person(), "completion_certificate")


def test_a_day_that_differs_is_refused_until_somebody_says_that_the_paper_is_right():
    record = person(conviction(main_penalty_completed_on="2023-03-09"))
    with pytest.raises(DoesNotFit, match="khác"):
        changed(record, "completion_certificate")
    after = changed(record, "completion_certificate", correcting=True)
    assert str(after.convictions[0].main_penalty_completed_on) == "2023-03-10"


def test_an_obligation_that_was_never_imposed_cannot_be_fulfilled():
    record = person(conviction(obligations=[]))
    with pytest.raises(DoesNotFit, match="không ghi khoản"):
        changed(record, "enforcement_confirmation")


PAID = {"kind": "court_fee", "fulfilled_on": "2022-02-01"}
COMPENSATIONS = [{"kind": "compensation"}, {"kind": "compensation"}, PAID]


def enforced(record, *days, **kwargs):
    paid = [{"kind": "compensation", "fulfilled_on": day} for day in days]
    after = changed(record, "enforcement_confirmation", {"judgment": NAMED, "obligations": paid}, **kwargs)
    return [str(one.fulfilled_on) for one in after.convictions[0].obligations], after


def test_one_of_two_compensations_is_not_both_of_them():
    record = person(conviction(obligations=COMPENSATIONS))
    with pytest.raises(DoesNotFit, match="2 khoản cùng loại mà văn bản chỉ nói 1"):
        enforced(record, "2022-05-05")
    both, after = enforced(record, "2022-05-05", "2023-05-05")
    assert both == ["2023-05-05", "2023-05-05", "2022-02-01"]
    assert enforced(after, "2023-05-05")[1] == after
    assert enforced(record, "2022-05-05", correcting=True)[0][:2] == ["2022-05-05", "2022-05-05"]


CASES = [{"since": "2023-05-01", "offence_date": "2023-04-01"}, {"since": "2025-01-05", "offence_date": "2025-01-01"}]


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_a_second_prosecution_never_hides_the_first(first, second):
    """Each for itself would leave the term of 2023 over; the first one is for a crime inside it."""
    record = person(conviction(), pending_prosecution=CASES[first])
    after = changed(record, "prosecution", {"pending_prosecution": CASES[second]})
    assert after.pending_prosecution.to_json() == {"since": "2025-01-05"}
    assert says(after, "2026-06-01") == "VERIFY"
    assert changed(after, "prosecution", {"pending_prosecution": CASES[second]}) == after


def test_the_end_of_a_case_is_the_end_of_the_one_on_file_only_when_somebody_says_so():
    record = person(conviction(), pending_prosecution=CASES[0])
    for content in ({}, {"pending_prosecution": None}):
        with pytest.raises(DoesNotFit, match="01/05/2023"):
            changed(record, "prosecution", content)
        assert changed(record, "prosecution", content, correcting=True).pending_prosecution is None
        assert changed(person(), "prosecution", content) == person()


def test_a_changed_name_keeps_the_former_one_and_every_number():
    documents = {"identity_documents": [{"type": "cccd", "number": "001080990077"}]}
    after = changed(person(), "identity_change", {"full_name": "Nguyễn Văn Đổi", **documents})
    assert after.full_name == "Nguyễn Văn Đổi"
    assert "Nguyễn Văn Thử" in after.other_names
    assert [one.number for one in after.identity_documents] == ["001080990001", "001080990077"]


def test_a_second_judgment_about_the_same_offence_needs_a_word():
    record = person(SERVING)
    longer = SERVING | {"main_penalty": {"kind": "imprisonment", "months": 24}}
    with pytest.raises(DoesNotFit, match="nội dung khác"):
        changed(record, "judgment", {"convictions": [longer]})
    after = changed(record, "judgment", {"convictions": [longer]}, correcting=True)
    assert [one.main_penalty.months for one in after.convictions] == [24]


def test_what_the_paper_calls_the_person_can_be_learned():
    after = working.learned(
        person(),
        paper(about={"full_name": "Nguyễn Văn Thửu", "identity_documents": [{"type": "cmnd", "number": "012345678"}]}),
    )
    assert after.other_names == ("Nguyễn Văn Thửu",)
    assert [one.number for one in after.identity_documents] == ["001080990001", "012345678"]


def test_the_example_in_the_documents_is_a_paper():
    text = (Path(settings.BASE_DIR) / "docs" / "operate.md").read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)```", text, re.S)[1]
    assert read_information(json.loads(example)).kind == "completion_certificate"

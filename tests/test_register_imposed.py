"""What a judgment imposed beside its main penalty, entered by hand: each of it, none, or not stated; never guessed."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records.determination import NO_RECORD, Undetermined, determine
from records.facts import UNKNOWN, AdditionalPenalty, Obligation, RegisterRecord
from records.incoming.working import changed
from records.names import PartialDate
from records.reading import read_record
from records.register.living import IncomingInformation
from requests.imposed import MOST_ROWS
from tests import paper_files
from tests.records_people import conviction, person_json
from tests.register_papers import paper, updater
from tests.test_register_pages import TYPED, _part

pytestmark = pytest.mark.django_db
URL = "/staff/register/enter/?kind=judgment"


@pytest.fixture
def clerk(client):
    client.force_login(updater())
    return client


@pytest.fixture
def typed(clerk):
    """A whole judgment as it is typed, but for what it imposed."""
    assert reverse("enter_incoming") in URL
    names = dict(re.findall(r'name="((?:date|judgment_date|date_of_birth)_(\w+))"', clerk.get(URL).text))
    whole = {_part(name, names): value for name, value in TYPED.items()}
    return {name: value for name, value in whole.items() if name not in ("additional_penalties", "obligations")}


def day(name, year, month, of_month):
    return {f"{name}_day": of_month, f"{name}_month": month, f"{name}_year": year}


def entered(clerk, typed, **changes):
    answer = clerk.post(URL, {**typed, **changes})
    assert answer.status_code == 302, re.findall(r"field-error.*", answer.text)
    return IncomingInformation.objects.get().information


def test_nothing_is_chosen_beforehand_and_saying_nothing_is_refused(clerk, typed):
    assert "checked" not in clerk.get(URL).text
    page = clerk.post(URL, typed)
    assert page.status_code == 400 and not IncomingInformation.objects.exists()
    for words in ("Chọn văn bản nêu thế nào về hình phạt bổ sung.", "Chọn văn bản nêu thế nào về án phí"):
        assert page.text.count(words) == 2, "in the summary and beside the field"


@pytest.mark.parametrize(("said", "kept"), [("none", ()), ("unknown", UNKNOWN)])
def test_none_is_none_and_not_stated_is_unknown(clerk, typed, said, kept):
    information = entered(clerk, typed, additional_penalties=said, obligations=said)
    (one,) = information.content.convictions
    assert (one.additional_penalties, one.obligations) == (kept, kept)
    page = clerk.get(reverse("incoming_paper", args=[IncomingInformation.objects.get().code])).text
    words = "không có" if said == "none" else "chưa rõ"
    assert f"hình phạt bổ sung: {words}" in page and f"án phí, nghĩa vụ: {words}" in page


def test_each_of_it_is_kept_with_its_days(clerk, typed):
    information = entered(
        clerk,
        typed,
        additional_penalties="listed",
        additional_penalties_rows="2",
        additional_penalties_1_kind="residence_ban",
        **day("additional_penalties_1_until", 2030, 1, 31),
        additional_penalties_2_kind="fine",
        obligations="listed",
        obligations_rows="1",
        obligations_1_kind="court_fee",
        **day("obligations_1_fulfilled_on", 2022, 2, 1),
    )
    (one,) = information.content.convictions
    assert one.additional_penalties == (
        AdditionalPenalty("residence_ban", date(2030, 1, 31)),
        AdditionalPenalty("fine"),
    )
    assert one.obligations == (Obligation("court_fee", date(2022, 2, 1)),)
    page = clerk.get(reverse("incoming_paper", args=[IncomingInformation.objects.get().code])).text
    assert "cấm cư trú đến 31/01/2030" in page and "án phí (xong ngày 01/02/2022)" in page


def test_one_more_row_by_a_press_keeps_all_that_was_typed_and_calls_nothing_wrong(clerk, typed):
    sent = {
        **typed,
        "title": "",
        "suspended": "on",
        "additional_penalties": "listed",
        "additional_penalties_rows": "1",
        "additional_penalties_1_kind": "residence_ban",
        **day("additional_penalties_1_until", 2030, 13, 31),
        "obligations": "unknown",
        "obligations_rows": "1",
        "more": "additional_penalties",
        "document": SimpleUploadedFile("a.jpg", paper_files.photograph()),
    }
    page = clerk.post(URL, sent)
    assert page.status_code == 200 and "field-error" not in page.text and not IncomingInformation.objects.exists()
    form = page.context["form"]
    assert [len(one.rows) for one in form.lists] == [2, 1]
    assert form["full_name"].value() == TYPED["full_name"]
    assert form["additional_penalties_1_kind"].value() == "residence_ban" and form["suspended"].value() is True
    assert form["obligations"].value() == "unknown"
    assert re.search(r'name="additional_penalties_1_until_month" value="13"', page.text)
    assert re.search(r'name="additional_penalties_2_kind"[^>]*autofocus', page.text)
    assert "Chọn lại bản chụp" in page.text
    assert re.search(r'<form.*?<button class="hidden"', page.text, re.S), "Enter sends the form, not for one more row"


def test_there_is_room_for_so_many_and_no_more(clerk, typed):
    for told in (str(MOST_ROWS), "99", "-1", "x", "²"):
        page = clerk.post(URL, {**typed, "obligations_rows": told, "more": "obligations"})
        assert page.status_code == 200
        rows = len(page.context["form"].lists[1].rows)
        assert rows == (MOST_ROWS if told in (str(MOST_ROWS), "99") else 2)
    assert page.text.count('value="obligations">') == 1
    assert clerk.post(URL, {**typed, "more": "nobody"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"obligations": "listed"}, "obligations_1_kind", "hoặc chọn câu trả lời khác"),
        ({"obligations": "none", "obligations_1_kind": "court_fee"}, "obligations", "Chọn “Có”"),
        ({"obligations": "unknown", "obligations_1_kind": "fine"}, "obligations", "Chọn “Có”"),
        (
            {"obligations": "listed", **day("obligations_1_fulfilled_on", 2022, 2, 1)},
            "obligations_1_kind",
            "của khoản 1",
        ),
        ({"obligations": "listed", "obligations_1_kind": "x"}, "obligations_1_kind", "không có trong danh sách"),
        (
            {"obligations": "listed", "obligations_1_kind": "fine", **day("obligations_1_fulfilled_on", 2022, 2, 30)},
            "obligations_1_fulfilled_on",
            "không có ngày 30/02/2022",
        ),
    ],
)
def test_what_contradicts_itself_is_told_beside_the_field(clerk, typed, sent, field, words):
    page = clerk.post(URL, {**typed, "additional_penalties": "none", "obligations_rows": "1", **sent})
    assert page.status_code == 400 and not IncomingInformation.objects.exists()
    assert list(page.context["form"].errors) == [field] and words in page.text


COMPLETED = {name: TYPED[name] for name in ("number", "sender", "full_name", "judgment_number", "court")} | {
    **day("date", 2023, 4, 1),
    **day("date_of_birth", 1980, "", ""),
    **day("judgment_date", 2021, 9, 10),
}


def completed(clerk, **said):
    return clerk.post(URL.replace("=judgment", "=completion_certificate"), {**COMPLETED, **said})


def test_a_certificate_of_completion_tells_of_the_main_penalty_an_additional_one_or_both(clerk):
    ban = {"additional_done": "residence_ban", **day("additional_done_on", 2024, 5, 6)}
    assert completed(clerk, **ban).status_code == 302
    content = IncomingInformation.objects.get().information.content
    assert content.main_penalty_completed_on is None
    assert [(one.kind, one.completed_on) for one in content.additional_penalties] == [
        ("residence_ban", date(2024, 5, 6))
    ]
    assert completed(clerk, **ban, **day("main_penalty_completed_on", 2023, 3, 10)).status_code == 302


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "main_penalty_completed_on"),
        ({"additional_done": "fine"}, "additional_done_on"),
        (day("additional_done_on", 2024, 5, 6), "additional_done"),
        ({"additional_done": "fine", **day("additional_done_on", 2024, 13, 6)}, "additional_done_on"),
    ],
)
def test_a_certificate_of_completion_of_nothing_or_of_no_day_is_refused(clerk, said, field):
    page = completed(clerk, **said)
    assert page.status_code == 400 and list(page.context["form"].errors) == [field]
    assert len(page.context["form"].errors[field]) == 1


def determined(record):
    return determine([record], certificate_type=1, want_ban_info=False, as_of=date(2030, 1, 1))


SERVED = {"effective_date": "2021-10-11", "offence_date": "2021-01-05", "main_penalty_completed_on": "2022-09-10"}


@pytest.mark.parametrize("lacking", ["additional_penalties", "obligations"])
def test_what_the_paper_does_not_state_leaves_expungement_open_never_clean(lacking):
    """Bộ luật Hình sự, Điều 70 khoản 2: the term's end is not enough while the rest is not known to be done."""
    empty = RegisterRecord("R-1", "Nguyễn Văn Thử", PartialDate.parse("1980-05-17"))
    whole = conviction(**SERVED, additional_penalties=[], obligations=[])
    assert determined(changed(empty, paper("judgment", {"convictions": [whole]}))).status == NO_RECORD
    del whole[lacking]
    result = determined(changed(empty, paper("judgment", {"convictions": [whole]})))
    assert isinstance(result, Undetermined) and result.reasons


def test_a_copy_that_corrects_a_judgment_drops_nothing_that_it_does_not_speak_of():
    known = conviction(clemency={"kind": "dac_xa", "date": "2022-09-02"}, additional_penalties=[{"kind": "fine"}])
    record = read_record(person_json(known), "")
    copy = conviction(main_penalty={"kind": "imprisonment", "months": 24})
    for name in ("main_penalty_completed_on", "obligations", "additional_penalties", "effective_date"):
        del copy[name]
    (after,) = changed(record, paper("judgment", {"convictions": [copy]}), correcting=True).convictions
    (before,) = record.convictions
    assert after.main_penalty.months == 24
    for name in ("main_penalty_completed_on", "obligations", "additional_penalties", "effective_date", "clemency"):
        assert getattr(after, name) == getattr(before, name), name
    shorter = {**known}
    del shorter["obligations"]
    assert changed(record, paper("judgment", {"convictions": [shorter]})) == record, "it says nothing else"

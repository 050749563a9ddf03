"""A judgment that another agency told of, with what it imposed besides: each of it, none, or not stated."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from records.determination import Undetermined
from records.facts import UNKNOWN, AdditionalPenalty, Obligation
from records.incoming.working import changed
from records.reading import read_conviction, read_record
from records.register.living import IncomingInformation
from requests import actions, clock, findings
from requests.models import AnsweredConviction, FlowBack
from tests import factories
from tests.agencies import answer, ask, decide, now, reviewing
from tests.records_people import person_json

pytestmark = pytest.mark.django_db
LISTS = ("additional_penalties", "obligations")


def day(name, year, month, of_month):
    return {f"{name}_day": of_month, f"{name}_month": month, f"{name}_year": year}


# All of it but what was imposed besides: served in 2010, so that the term of expungement is over long ago.
TYPED = {
    "judgment_number": "12/2009/HS-ST",
    "court": "Tòa án nhân dân huyện Ví Dụ",
    **day("judgment_date", 2009, 5, 20),
    **day("effective_date", 2009, 6, 20),
    **day("offence_date", 2009, 1, 10),
    **day("completed_on", 2010, 6, 20),
    "offence": "Trộm cắp tài sản",
    "code": "BLHS1999",
    "article": "138",
    "clause": "1",
    "chapter": "XIV",
    "severity": "less_serious",
    "negligent": "no",
    "penalty": "imprisonment",
    "months": "12",
    "additional_penalties_rows": "1",
    "obligations_rows": "1",
}
NONE = dict.fromkeys(LISTS, "none")
UNSTATED = dict.fromkeys(LISTS, "unknown")
EACH = {
    "additional_penalties": "listed",
    "additional_penalties_rows": "2",
    "additional_penalties_1_kind": "residence_ban",
    **day("additional_penalties_1_until", 2012, 6, 20),
    **day("additional_penalties_1_completed_on", 2012, 6, 20),
    "additional_penalties_2_kind": "fine",
    **day("additional_penalties_2_completed_on", 2010, 1, 5),
    "obligations": "listed",
    "obligations_1_kind": "compensation",
    **day("obligations_1_fulfilled_on", 2011, 2, 1),
}


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def told(office, client):
    """A court has answered that there is a judgment; the clerk is on the page where it is entered."""
    client.force_login(office.verifying_clerk)
    request = reviewing(office)
    ask(request, office, "court", "Tòa án nhân dân huyện Ví Dụ")
    answer(request, office, outcome="judgment")
    return request


def page(request):
    return reverse("clerk_inquiry", args=[request.code, 1])


def enter(client, request, **typed):
    seen = client.get(page(request)).context["seen"]
    address = reverse("clerk_inquiry_act", args=[request.code, 1, "conviction"])
    return client.post(address, {**TYPED, "seen": seen, **typed})


def entered(client, request, **typed):
    response = enter(client, request, **typed)
    assert response.status_code == 302, re.findall(r"field-error.*", response.text)
    return read_conviction(AnsweredConviction.objects.get().conviction, "")


def result(request, office):
    decide(request, office, convictions=1)
    return findings.current(now(request), as_of=clock.local_day(timezone.now())).result


def test_nothing_is_chosen_beforehand_and_saying_nothing_is_refused(client, told):
    assert not re.search(r'name="(additional_penalties|obligations)"[^>]*checked', client.get(page(told)).text)
    refused = enter(client, told)
    assert refused.status_code == 400 and not AnsweredConviction.objects.exists()
    for words in ("Chọn văn bản nêu thế nào về hình phạt bổ sung.", "Chọn văn bản nêu thế nào về án phí"):
        assert refused.text.count(words) == 2, "in the summary and beside the field"


@pytest.mark.parametrize(
    ("typed", "kept", "words"),
    [
        (NONE, ((), ()), ("không có", "không có")),
        (UNSTATED, (UNKNOWN, UNKNOWN), ("chưa rõ", "chưa rõ")),
        (
            EACH,
            (
                (
                    AdditionalPenalty("residence_ban", date(2012, 6, 20), date(2012, 6, 20)),
                    AdditionalPenalty("fine", None, date(2010, 1, 5)),
                ),
                (Obligation("compensation", date(2011, 2, 1)),),
            ),
            ("cấm cư trú đến 20/06/2012", "bồi thường thiệt hại (xong ngày 01/02/2011)"),
        ),
    ],
    ids=["none", "not stated", "listed"],
)
def test_it_is_kept_as_the_paper_says_and_read_back_before_anybody_confirms(client, told, typed, kept, words):
    found = entered(client, told, **typed)
    assert (found.additional_penalties, found.obligations) == kept
    html = client.get(page(told)).text
    assert f"Hình phạt bổ sung: {words[0]}" in html
    assert f"Án phí, bồi thường và nghĩa vụ khác: {words[1]}" in html


def test_a_fine_of_more_than_a_billion_is_kept(client, told):
    fine = entered(client, told, **NONE, penalty="fine", months="", amount_vnd="3.500.000.000").main_penalty
    assert (fine.kind, fine.amount_vnd) == ("fine", 3_500_000_000)


def test_one_more_row_by_a_press_keeps_all_that_was_typed_and_writes_nothing(client, told):
    wrong = EACH | {"offence": "", "suspended": "on", **day("obligations_1_fulfilled_on", 2011, 13, 1)}
    response = enter(client, told, **wrong, more="obligations")
    assert response.status_code == 200 and "field-error" not in response.text
    assert not AnsweredConviction.objects.exists()
    form = response.context["forms"]["conviction"]
    assert [len(one.rows) for one in form.lists] == [2, 2]
    assert form["court"].value() == TYPED["court"] and form["suspended"].value() is True
    assert form["additional_penalties"].value() == "listed"
    assert form["additional_penalties_2_kind"].value() == "fine"
    assert re.search(r'name="obligations_1_fulfilled_on_month" value="13"', response.text)
    assert re.search(r'name="obligations_2_kind"[^>]*autofocus', response.text)
    details = re.search(r"<details[^>]*>(?=<summary>Ghi bản án)", response.text)
    assert details and "open" in details[0]
    assert re.search(r"Ghi bản án trong văn bản.*?<form.*?<button class=\"hidden\"", response.text, re.S)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (NONE | {"obligations": "listed"}, "obligations_1_kind"),
        (NONE | {"additional_penalties_1_kind": "fine"}, "additional_penalties"),
        (EACH | {"additional_penalties_2_kind": ""}, "additional_penalties_2_kind"),
        (EACH | day("additional_penalties_1_until", 2012, 2, 30), "additional_penalties_1_until"),
        (EACH | {"article": "một"}, "article"),
        (EACH | {"article": "99999999999"}, "article"),
    ],
)
def test_every_refusal_keeps_what_was_typed_in_every_row(client, told, typed, field):
    response = enter(client, told, **typed)
    assert response.status_code == 400 and not AnsweredConviction.objects.exists()
    form = response.context["forms"]["conviction"]
    assert list(form.errors) == [field] and form["court"].value() == TYPED["court"]
    assert [len(one.rows) for one in form.lists] == [int(typed.get("additional_penalties_rows", 1)), 1]
    for name, value in typed.items():
        if name.endswith(("_kind", "_year")):
            assert re.search(rf'name="{name}"[^>]*value="{value}"|value="{value}" selected', response.text), name


# --- What the certificate says by it --------------------------------------------------------------------------------


def test_none_is_as_before_the_term_is_over(client, told, office):
    entered(client, told, **NONE)
    assert result(told, office).status == "no_record"


@pytest.mark.parametrize("silent", LISTS)
def test_not_stated_leaves_it_undetermined_and_names_the_paper(client, told, office, silent):
    """Bộ luật Hình sự, Điều 70 khoản 2: the term's end is not enough while the rest is not known to be done."""
    entered(client, told, **NONE | {silent: "unknown"})
    found = result(told, office)
    assert isinstance(found, Undetermined)
    paper = {"additional_penalties": "hình phạt bổ sung", "obligations": "án phí"}[silent]
    assert paper in " ".join(found.reasons), found.reasons


def test_what_is_listed_and_done_counts_as_done(client, told, office):
    entered(client, told, **EACH)
    assert result(told, office).status == "no_record"


def test_what_is_listed_and_still_runs_keeps_the_record(client, told, office):
    ban = NONE | {"additional_penalties": "listed", "additional_penalties_1_kind": "residence_ban"}
    entered(client, told, **ban, **day("additional_penalties_1_until", timezone.localdate().year + 5, 1, 31))
    found = result(told, office)
    assert found.status == "has_record" and "cấm cư trú" in found.convictions[0].additional_penalties.lower()


# --- What the register receives -------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NONE, UNSTATED, EACH], ids=["none", "not stated", "listed"])
def test_the_register_receives_exactly_the_same_facts(client, told, office, typed):
    kept = entered(client, told, **typed)
    decide(told, office, convictions=1)
    actions.flow_back(FlowBack.objects.get().pk)
    paper = IncomingInformation.objects.get().information
    assert paper.content.convictions == (kept,)
    empty = read_record(person_json(), "")
    assert changed(empty, paper).convictions == (kept,)

"""The branches of the form that one takes by changing one's mind: each answer leads on, none of a former case stays."""

import re

import pytest
from django.urls import reverse

from requests import actions, filing_pages
from requests.asking.reasons import Asked
from requests.models import CertificateRequest
from tests import factories
from tests.attached_papers import posted
from tests.test_requests_cases import photo

pytestmark = pytest.mark.django_db
CHILD = {
    "filed_as": "parent",
    "proxy_name": "Trần Thị Nộp",
    "proxy_relation": "mother",
    "date_of_birth": "2019-05-05",
    "fee_category": "child",
}
FOR_MY_FATHER = {
    "filed_as": "proxy",
    "proxy_name": "Trần Thị Nộp",
    "proxy_relation": "child",
    "proxy_identity_number": "001190990011",
    "proxy_address": "Số 1 phố Ví Dụ",
}
ABOUT_ME = ["person", "documents", "addresses", "residences", "family", "record"]


def again(request):
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def address(request, slug, query=""):
    return reverse("request_page", args=[request.code, slug]) + query


def send(client, request):
    return client.post(reverse("request_submit", args=[request.code]), {"sworn": "1"})


@pytest.fixture
def draft(client):
    """Complete, about the reader, filled in page by page."""
    filed = factories.request_in("draft")
    client.force_login(filed.filed_by)
    for page in filing_pages.pages_for(filed.declaration)[:-1]:
        actions.save_declaration(filed, by=filed.filed_by, page=page.slug)
    return again(filed)


# --- Proof of a lower fee ---


def test_the_proof_that_the_page_of_the_fee_sends_back_for_can_be_handed_in(client, draft):
    answer = {"fee_category": "student", "fee_proof": "attached"}
    refused = client.post(address(draft, "fee"), answer)
    assert refused.status_code == 422 and "Tải lên ở trang Giấy tờ kèm theo" in refused.text
    papers = reverse("request_attachments", args=[draft.code])
    offered = re.findall(r'name="kind" value="(\w+)"', client.get(papers).text)
    assert "fee_proof" in offered
    client.post(papers, {"kind": "fee_proof", "files": posted(photo()), "add": "1", "whole": "1"})
    assert client.post(address(draft, "fee"), answer).status_code == 302
    assert send(client, draft).url == reverse("request_sent", args=[draft.code])


# --- For oneself, then for somebody else ---


def test_a_draft_that_turns_to_somebody_else_is_asked_about_them_before_it_is_sent(client, draft):
    number = draft.declaration.identity_number
    answer = client.post(address(draft, "who", "?check=1"), FOR_MY_FATHER)
    assert answer.url == address(draft, "person"), "not to the check, where one press would send it"
    actions.save_declaration(draft, by=draft.filed_by, fields={"full_name": "Trần Văn Cha"})
    assert again(draft).declaration.identity_number == number, "what was typed is not lost; it is asked again"
    check = client.get(reverse("request_check", args=[draft.code]))
    assert address(draft, "person") in check.text and "Khai tiếp" in check.text
    refused = send(client, draft)
    assert refused.status_code == 422 and "Xem lại trang “Người được cấp Phiếu”" in refused.text
    for page in ABOUT_ME:
        actions.save_declaration(draft, by=draft.filed_by, page=page)
    assert send(client, draft).status_code == 302


def test_what_does_not_depend_on_the_person_stays_answered(client, draft):
    client.post(address(draft, "who"), FOR_MY_FATHER)
    left = set(again(draft).declaration.answered)
    assert left == {"who", "kind", "papers", "contact", "fee"}
    client.post(address(draft, "who"), {**FOR_MY_FATHER, "proxy_relation": "spouse"})
    assert set(again(draft).declaration.answered) == left


def test_saying_the_same_again_asks_nothing_again(client, draft):
    answer = client.post(address(draft, "who", "?check=1"), {"filed_as": "self"})
    assert answer.url == reverse("request_check", args=[draft.code])
    assert send(client, draft).status_code == 302


def test_what_a_program_filled_in_is_sent_after_one_page_was_put_right(client):
    filed = factories.request_in("draft")
    client.force_login(filed.filed_by)
    client.post(address(filed, "contact", "?check=1"), {"phone": "0900000002", "delivery": "electronic"})
    assert send(client, filed).status_code == 302


# --- A child ---


def test_of_a_small_child_nothing_is_sworn_that_no_page_shows(draft):
    fields = {**CHILD, "full_name": "Nguyễn Thị Con", "declared_record": "Năm 2010, Tòa án Ví Dụ phạt tiền"}
    actions.save_declaration(draft, by=draft.filed_by, fields=fields)
    for page in ABOUT_ME:
        actions.save_declaration(again(draft), by=draft.filed_by, page=page)
    actions.submit(again(draft), by=draft.filed_by)
    sworn = again(draft).declaration
    assert (sworn.declared_record, sworn.residences.count()) == ("", 0)


def asked_about(client, reason):
    """A request for a small child, and the clerk asks for something that its form has no page for."""
    office = factories.make_office()
    journey = factories.journey(office=office, fields=CHILD, rows={"residences": []})
    actions.ask_supplement(journey.take("submit"), by=office.intake_clerk, items=[Asked(reason, "chi tiết")])
    client.force_login(journey.request.filed_by)
    return again(journey.request)


@pytest.mark.parametrize("reason", ["residence_gap", "declared_record"])
def test_what_no_page_of_this_case_holds_is_answered_in_words(client, reason):
    request = asked_about(client, reason)
    item = reverse("request_supplement_item", args=[request.code, 1])
    assert 'name="open"' not in client.get(item).text
    client.post(item, {"answer": "Cháu sống cùng bố mẹ."})
    assert send(client, request).status_code == 302
    assert again(request).state == "submitted"


# --- Beginning, and throwing away ---


def begun(client, **choice):
    answer = client.post(reverse("start_request"), choice)
    return CertificateRequest.objects.get(code=answer.url.split("/")[2])


def test_who_thinks_better_of_the_earlier_answers_begins_with_nothing(client):
    earlier = factories.request_in("submitted")
    client.force_login(earlier.filed_by)
    filled = begun(client, reuse="1")
    assert filled.declaration.father_name == earlier.declaration.father_name
    assert begun(client, reuse="1") == filled, "a second press"
    empty = begun(client)
    assert empty != filled and not empty.declaration.father_name
    assert begun(client) == empty, "a second press"


@pytest.mark.parametrize("at_counter", [False, True])
def test_who_throws_a_draft_away_is_where_their_drafts_are(client, at_counter):
    by = factories.make_staff("intake_clerk") if at_counter else factories.make_citizen()
    client.force_login(by)
    thrown = begun(client)
    answer = client.post(reverse("request_delete", args=[thrown.code]))
    assert answer.url == reverse("start_request" if at_counter else "my_requests")

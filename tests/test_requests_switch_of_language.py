"""The switch of languages on a page with a form: a button of that form, so that what was typed is kept."""

import re

import pytest
from django.urls import reverse

from lltp_portal import typed
from requests import actions
from tests import factories
from tests.attached_papers import posted
from tests.paper_files import photograph
from tests.test_requests_filing import CARD, PERSON, url
from tests.test_requests_nothing_lost import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")
    client.force_login(user)
    return user


@pytest.fixture
def draft(citizen):
    return actions.create_draft(by=citizen, account=citizen)


def switched(client, address, typed_so_far):
    """The page after its switch was pressed; nothing may have been saved or sent by that."""
    page = client.get(address).text
    button = re.search(r'<button class="link" form="(\w+)" name="language" value="en"', page)
    assert button and f'id="{button[1]}"' in page
    target = re.search(rf'<form method="post" action="([^"]*)"[^>]*id="{button[1]}"', page)[1]
    answer = client.post(target, {**typed_so_far, "language": "en"}, follow=True)
    assert '<html lang="en"' in answer.text
    return answer


def test_what_was_typed_on_a_page_of_the_form_is_there_in_english_and_not_saved(client, draft):
    page = switched(client, url(draft, "person"), {**PERSON, "full_name": "Nguyễn Chưa Lưu"})
    assert "Nguyễn Chưa Lưu" in page.text and "What you entered is still here" in page.text
    assert again(draft).declaration.date_of_birth == ""


def test_a_page_on_which_nothing_was_changed_says_nothing_of_it(client, draft):
    page = switched(client, url(draft, "family"), {})
    assert page.status_code == 200 and "What you entered is still here" not in page.text


def test_an_open_entry_of_a_list_is_kept(client, draft):
    page = switched(client, url(draft, "documents"), CARD)
    assert CARD["number"] in page.text
    assert not draft.declaration.identity_documents.exists()


def test_files_that_were_chosen_are_kept_as_files(client, draft):
    page = url(draft, "papers")
    sent = {"language": "en", "kind": "other", "files": posted(photograph()), "whole": "1"}
    answer = client.post(page, sent, follow=True)
    assert '<html lang="en"' in answer.text and answer.redirect_chain[-1][0] == page
    assert draft.declaration.attachments.count() == 1


def test_the_enter_key_still_goes_on(client, draft):
    """The first button that belongs to a form is the one that Enter presses: it must not be the switch."""
    page = client.get(url(draft, "person")).text
    first = re.search(r'<button[^>]*form="fill"[^>]*>', page)[0]
    assert "name=" not in first


def test_what_was_ticked_at_the_end_is_kept_and_nothing_is_sent(client, citizen):
    request = factories.journey(by=citizen).request
    check = switched(client, reverse("request_check", args=[request.code]), {"sworn": "1"})
    assert re.search(r'name="sworn" value="1" id="sworn" checked', check.text)
    assert again(request).state == "draft"


@pytest.mark.parametrize(
    ("state", "page", "arguments", "box"),
    [
        ("issued", "request_complaint", [], "text"),
        ("issued", "request_correction", [], "what_is_wrong"),
        ("needs_supplement", "request_supplement_item", [1], "answer"),
    ],
)
def test_a_complaint_a_correction_and_an_answer_are_kept(client, citizen, state, page, arguments, box):
    request = factories.request_in(state, by=citizen)
    words = "Tôi đang viết dở câu này."
    address = reverse(page, args=[request.code, *arguments])
    assert words in switched(client, address, {box: words}).text
    assert not request.complaints.exists()
    assert not citizen.filed_requests.exclude(pk=request.pk).exists()


def test_an_unknown_language_is_no_switch(client, draft):
    answer = client.post(url(draft, "person"), {**PERSON, "language": "../../etc"})
    assert "django_language" not in answer.cookies
    assert again(draft).declaration.date_of_birth == "1990-03-27"
    assert "language" in typed.NOT_TYPED

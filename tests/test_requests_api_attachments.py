"""/api/v1/requests/CODE/attachments/: list, add, remove; once for each key, in the one shape of refusals."""

import pytest
from django.urls import reverse

from requests import actions
from requests.attachments.limits import MOST_BYTES
from requests.models import Attachment
from tests import factories, paper_files
from tests.attached_papers import attach, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return factories.journey().request


@pytest.fixture
def api(client, draft):
    """call(method, body, key=…) at the list of the draft's papers."""
    client.force_login(draft.filed_by)
    url = reverse("api_attachments", args=[draft.code])

    def call(method, body=None, *, key=None, at="", **more):
        headers = {"Idempotency-Key": key} if key else {}
        return getattr(client, method)(f"{url}{at}", body, headers=headers, **more)

    return call


def photograph(**more):
    return {"kind": "fee_proof", "file": posted(paper_files.photograph(**more), "thẻ.jpg")}


def test_papers_are_added_listed_and_removed(api, draft):
    added = api("post", photograph())
    assert added.status_code == 201, added.json()
    paper = added.json()
    assert (paper["kind"], paper["original_name"], paper["state"]) == ("fee_proof", "thẻ.jpg", "unscanned")
    assert paper["uploaded_at"].endswith("+07:00") and "id" not in paper
    assert api("get").json() == {"results": [paper], "shown_at_counter": [], "needed": []}
    assert api("delete", at=f"{paper['code']}/").status_code == 204
    assert api("get").json()["results"] == []
    gone = api("delete", at=f"{paper['code']}/")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


def test_a_paper_that_was_asked_for_is_sent_before_anything_else_is_changed(client):
    asked = factories.request_in("needs_supplement")
    client.force_login(asked.filed_by)
    assert client.post(reverse("api_attachments", args=[asked.code]), photograph()).status_code == 201
    sent, answered = asked.declarations.order_by("version")
    assert (sent.attachments.count(), answered.attachments.count()) == (0, 1)


def test_what_the_case_needs_is_told_and_may_be_promised_for_the_counter(api, draft):
    actions.save_declaration(draft, by=draft.filed_by, fields={"fee_category": "poor"})
    [need] = api("get").json()["needed"]
    assert (need["kind"], need["required_to_submit"], need["present"]) == ("fee_proof", True, False)
    answer = api("put", {"shown_at_counter": ["fee_proof"]}, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["needed"][0]["present"] is True
    wrong = api("put", {"shown_at_counter": ["x"]}, content_type="application/json")
    assert wrong.status_code == 400 and "shown_at_counter.0" in wrong.json()["fields"]


def test_a_key_makes_one_paper_and_another_file_under_it_is_refused(api):
    first, again = api("post", photograph(), key="k"), api("post", photograph(), key="k")
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    other = api("post", photograph(corner="blue"), key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"MZ", "type"), (b"", "empty"), (b"%PDF-" + bytes(MOST_BYTES), "too_large"), (b"%PDF-1.7 x", "broken")],
)
def test_a_refused_file_says_why_in_the_one_shape(api, content, reason):
    refused = api("post", {"kind": "other", "file": posted(content, "a.pdf")})
    answer = refused.json()
    assert (refused.status_code, answer["code"]) == (422, "attachment_refused")
    assert answer["fields"]["file"] == [{"code": reason, "message": answer["message"]}]
    assert not Attachment.objects.exists()


def test_what_is_missing_is_named(api):
    answer = api("post", {"kind": "x"})
    assert answer.status_code == 400
    assert {name: errors[0]["code"] for name, errors in answer.json()["fields"].items()} == {
        "kind": "invalid_choice",
        "file": "required",
    }
    assert api("post", "x", content_type="text/plain").status_code == 415


def test_once_sent_nothing_is_added_or_removed(api, draft):
    paper = attach(draft, paper_files.photograph())
    actions.submit(draft, by=draft.filed_by)
    assert api("post", photograph(corner="blue")).json()["code"] == "step_not_allowed"
    assert api("delete", at=f"{paper.code}/").json()["code"] == "step_not_allowed"
    assert [one["code"] for one in api("get").json()["results"]] == [paper.code]


def test_who_works_at_the_office_has_no_such_address(client):
    journey = factories.journey()
    request = journey.take("submit")
    client.force_login(journey.office.intake_clerk)
    assert client.get(reverse("api_attachments", args=[request.code])).status_code == 404

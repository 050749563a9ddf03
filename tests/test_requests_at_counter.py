"""A request written down at the counter: whoever sits there goes on with it, and each of them by name."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests import actions
from requests.asking.reasons import Asked
from requests.demo.journeys import Journey
from requests.models import CertificateRequest
from tests import factories
from tests.api_calls import REQUESTS, caller

pytestmark = pytest.mark.django_db
NUMBER = "001090990431"


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def colleague(office):
    return factories.make_staff("intake_clerk", full_name="Đỗ Thị Quầy Hai")


def written_down(office, state):
    """For somebody without an account, by the intake clerk of this office."""
    at = timezone.now() - timedelta(days=3)
    draft = actions.create_draft(by=office.intake_clerk, account=None, channel="counter", at=at)
    rows = factories.complete_rows(number=NUMBER)
    actions.save_declaration(draft, by=office.intake_clerk, fields=factories.complete_fields(), rows=rows)
    return Journey(draft, office, at=at).to(state)


@pytest.fixture
def asked(office):
    """The clerk who wrote it down works here no more."""
    request = written_down(office, "reviewing")
    items = [Asked("residence_gap", "từ 3/2010 đến 8/2011")]
    request = actions.ask_supplement(request, by=office.verifying_clerk, items=items)
    office.intake_clerk.is_active = False
    office.intake_clerk.save()
    return request


def test_a_colleague_at_the_counter_takes_what_was_asked_for(client, asked, office, colleague):
    client.force_login(colleague)
    desk = client.get(reverse("clerk_request", args=[asked.code])).text
    assert f"Hồ sơ này do {office.intake_clerk.full_name} ghi giúp tại quầy." in desk
    page = reverse("request_supplement", args=[asked.code])
    assert page in client.get(asked.get_absolute_url()).text
    answer = reverse("request_supplement_item", args=[asked.code, 1])
    assert client.post(answer, {"answer": "Ở nhà bà ngoại, xã Ví Dụ"}).url == page
    assert "Ở nhà bà ngoại" in client.get(page).text
    assert client.get(reverse("request_check", args=[asked.code])).status_code == 200
    client.post(reverse("request_submit", args=[asked.code]), {"counter_consent": "read_aloud"})
    request = CertificateRequest.objects.get(pk=asked.pk)
    assert (request.state, request.declaration.counter_consent) == ("reviewing", "read_aloud")
    assert request.history().get(step="answer_supplement").actor == colleague, "not the one who wrote it down"


def test_a_colleague_who_reads_it_is_among_those_who_looked(client, asked, colleague):
    client.force_login(colleague)
    client.get(asked.get_absolute_url())
    assert client.get(f"/api/v1/requests/{asked.code}/").status_code == 200
    assert AuditEvent.objects.filter(verb="read_request", actor=colleague, subject=asked.code).count() == 2


def test_only_the_counter_of_the_office_that_has_it_goes_on(client, asked, office):
    elsewhere = factories.make_staff("intake_clerk", authority=factories.department("79"))
    applicant = factories.make_staff("intake_clerk", number=NUMBER)
    for other in (elsewhere, applicant, office.verifying_clerk, office.approver, factories.make_citizen()):
        client.force_login(other)
        assert client.get(reverse("request_supplement", args=[asked.code])).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.answer_item(asked, by=other, position=1, text="Tôi trả lời thay")


def test_a_request_of_a_citizens_account_is_the_citizens_alone(office, colleague):
    request = factories.request_in("reviewing", office=office)
    actions.ask_supplement(request, by=office.verifying_clerk, items=[Asked("old_identity_card")])
    with pytest.raises(PermissionDenied):
        actions.answer_item(request, by=colleague, position=1, text="Tôi trả lời thay")


def test_a_draft_is_of_the_one_who_is_writing_it(office, colleague):
    draft = actions.create_draft(by=office.intake_clerk, account=None, channel="counter")
    with pytest.raises(PermissionDenied):
        actions.save_declaration(
            draft, by=colleague, fields=factories.complete_fields(), rows=factories.complete_rows()
        )


def test_over_the_api_an_answer_too_says_how_the_person_agreed(client, asked, colleague):
    client.force_login(colleague)
    body = {"answers": [{"position": 1, "answer": "Ở nhà bà ngoại"}], "counter_consent": "signed"}
    assert caller(client)("POST", f"{REQUESTS}{asked.code}/answer_supplement/", body).status_code == 200
    request = CertificateRequest.objects.get(pk=asked.pk)
    assert (request.state, request.declaration.counter_consent) == ("reviewing", "signed")


def test_what_the_person_agreed_to_before_is_not_said_of_the_answer(office):
    request = written_down(office, "draft")
    actions.submit(request, by=office.intake_clerk, consent="signed")
    assert CertificateRequest.objects.get(pk=request.pk).declaration.counter_consent == "signed"
    request = Journey(request, office, at=timezone.now())
    request.take("record_payment")
    request.take("receive")
    request.take("search")
    request = request.take("ask_supplement")
    actions.answer_item(request, by=office.intake_clerk, position=1, text="Ở nhà bà ngoại")
    actions.answer_supplement(request, by=office.intake_clerk)
    assert CertificateRequest.objects.get(pk=request.pk).declaration.counter_consent == ""

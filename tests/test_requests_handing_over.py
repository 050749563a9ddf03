"""Who hands a certificate over on paper gets it out of the portal: whoever sits at the counter, and nobody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from requests import actions
from requests.models import CertificateRequest
from tests import clerk_desk, factories

pytestmark = pytest.mark.django_db
ENVELOPE = "Số 7 phố Bưu Điện, phường Ví Dụ, thành phố Hà Nội"


@pytest.fixture
def office():
    return factories.make_office()


def issued(office, delivery="counter", state="issued"):
    fields = {"delivery": delivery, **({"delivery_address": ENVELOPE} if delivery == "post" else {})}
    return factories.request_in(state, office=office, fields=fields)


def file_of(request):
    return reverse("clerk_certificate", args=[request.code])


@pytest.mark.parametrize("delivery", ["counter", "post"])
def test_the_counter_prints_what_a_citizen_asked_for_online_and_then_hands_it_over(client, office, delivery):
    request = issued(office, delivery)
    client.force_login(office.intake_clerk)
    desk = client.get(clerk_desk.page(request)).text
    assert file_of(request) in desk and (ENVELOPE in desk) is (delivery == "post")
    answer = client.get(file_of(request))
    assert answer.content == bytes(request.certificate.signed_pdf) and answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert clerk_desk.now(request).state == "issued", "printing is not handing over"
    read = AuditEvent.objects.get(verb="read_paper", subject=request.code)
    assert read.actor == office.intake_clerk and "In Phiếu để trả" in read.details["purpose"]
    client.force_login(request.filed_by)
    assert "In Phiếu để trả" in client.get(reverse("request_readers", args=[request.code])).text
    client.force_login(office.intake_clerk)
    assert clerk_desk.act(client, request, "deliver").status_code == 302
    assert clerk_desk.now(request).state == "delivered"
    assert client.get(file_of(request)).status_code == 200, "a copy that was spoilt is printed again"


def test_a_certificate_that_the_citizen_fetches_is_the_citizens(client, office):
    request = issued(office, "electronic")
    client.force_login(office.intake_clerk)
    assert file_of(request) not in client.get(clerk_desk.page(request)).text
    assert client.get(file_of(request)).status_code == 404


def test_nobody_else_gets_it(client, office):
    request = issued(office)
    elsewhere = factories.make_staff("intake_clerk", authority=factories.department("79"))
    applicant = factories.make_staff("intake_clerk", number=request.declaration.identity_number)
    allowed = {office.verifying_clerk: 403, office.approver: 403, elsewhere: 404, applicant: 404}
    for other, status in {**allowed, factories.make_citizen(): 404}.items():
        client.force_login(other)
        assert client.get(file_of(request)).status_code == status, other
        with pytest.raises(PermissionDenied):
            actions.print_for_handing_over(request, by=other)


def test_what_counts_no_more_is_not_printed(client, office):
    request = issued(office)
    actions.propose_revocation(request, by=office.verifying_clerk, ground="inaccurate", reason="Sai tên")
    actions.decide_revocation(request, by=office.approver, revoke=True)
    client.force_login(office.intake_clerk)
    assert file_of(request) not in client.get(clerk_desk.page(request)).text
    assert client.get(file_of(request)).status_code == 404


@pytest.mark.parametrize("state", ["submitted", "reviewing", "verified", "signing"])
def test_before_it_is_issued_there_is_nothing_to_print(client, office, state):
    request = issued(office, state=state)
    client.force_login(office.intake_clerk)
    assert client.get(file_of(request)).status_code == 404
    assert CertificateRequest.objects.get(pk=request.pk).state == state

"""A mistake on an issued certificate becomes a new request, linked to the old one; the fee hangs on whose mistake."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions
from requests.demo.journeys import Journey
from requests.models import CertificateRequest, Declaration
from tests import factories

pytestmark = pytest.mark.django_db
WRONG = "Phiếu ghi sinh năm 1989, đúng ra là 1990."


def again(request):
    return CertificateRequest.objects.with_people().get(pk=request.pk)


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def issued(office):
    return factories.request_in("issued", office=office)


def opened(issued, page="person"):
    return actions.open_correction(issued, by=issued.filed_by, page=page, what_is_wrong=WRONG)


def sent(issued):
    new = opened(issued)
    return actions.submit(new, by=new.filed_by)


def test_the_declaration_is_copied_and_both_are_linked(issued):
    new = opened(issued)
    assert (new.state, new.corrects, new.account, new.code != issued.code) == ("draft", issued, issued.account, True)
    copy = Declaration.objects.get(request=new)
    assert (copy.version, copy.frozen_at, copy.full_name) == (1, None, issued.declaration.full_name)
    assert copy.identity_number == issued.declaration.identity_number
    assert copy.residences.count() == issued.declaration.residences.count() == 1
    assert (new.correction.page, new.correction.what_is_wrong, new.correction.fault) == ("person", WRONG, "")


def test_until_the_office_has_decided_nothing_is_demanded(issued, office):
    new = sent(issued)
    assert (new.state, new.fee_amount, new.authority) == ("submitted", 0, issued.authority)
    assert "cơ quan xem lỗi thuộc về ai" in new.fee_reason
    with pytest.raises(StepNotAllowed, match="lỗi thuộc về ai"):
        actions.receive(new, by=office.intake_clerk)


def test_the_offices_own_mistake_costs_nothing(issued, office):
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="office", reason="Tờ khai ghi đúng.")
    assert (new.state, new.fee_amount) == ("submitted", 0)
    assert actions.receive(new, by=office.intake_clerk).state == "received"


def test_the_applicants_mistake_costs_the_fee(issued, office):
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="applicant", reason="Tờ khai ghi 1989.")
    assert (new.state, new.fee_amount) == ("awaiting_payment", 200_000)
    with pytest.raises(StepNotAllowed):
        actions.decide_fault(new, by=office.intake_clerk, fault="office", reason="Nghĩ lại.")


def test_a_supplement_keeps_what_was_decided(issued, office):
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="office", reason="Lỗi in.")
    asked = actions.ask_supplement(new, by=office.intake_clerk, reasons="Gửi bản chụp Phiếu sai.")
    answered = actions.answer_supplement(asked, by=asked.filed_by, note="Đã gửi.")
    assert (answered.state, answered.fee_amount, answered.authority) == ("submitted", 0, issued.authority)


def test_who_may_open_one_and_who_decides(issued, office):
    elsewhere = factories.make_staff("intake_clerk", authority=factories.department("36"))
    for stranger in (factories.make_citizen(), elsewhere, office.approver):
        with pytest.raises(PermissionDenied):
            actions.open_correction(issued, by=stranger, page="person", what_is_wrong=WRONG)
    at_counter = actions.open_correction(issued, by=office.intake_clerk, page="person", what_is_wrong=WRONG)
    assert (at_counter.filed_by, at_counter.account, at_counter.channel) == (
        office.intake_clerk,
        issued.account,
        "counter",
    )
    new = actions.submit(at_counter, by=issued.filed_by)
    for stranger in (issued.filed_by, office.verifying_clerk, elsewhere):
        with pytest.raises(PermissionDenied):
            actions.decide_fault(new, by=stranger, fault="office", reason="x")
    for fault, reason in (("nobody", "x"), ("office", " ")):
        with pytest.raises(Invalid):
            actions.decide_fault(new, by=office.intake_clerk, fault=fault, reason=reason)


def test_only_an_issued_certificate_and_one_correction_at_a_time(issued):
    reviewing = factories.request_in("reviewing")
    with pytest.raises(StepNotAllowed):
        opened(reviewing)
    for page, words in (("", WRONG), ("contact", WRONG), ("person", " ")):
        with pytest.raises(Invalid):
            actions.open_correction(issued, by=issued.filed_by, page=page, what_is_wrong=words)
    new = opened(issued)
    with pytest.raises(StepNotAllowed):
        opened(issued)
    actions.delete_draft(new, by=new.filed_by)  # the claim goes with its draft
    again_opened = sent(issued)
    actions.withdraw(again_opened, by=again_opened.filed_by)
    assert opened(issued).corrects == issued


def test_the_database_keeps_the_link_and_the_claim(issued, office):
    new = sent(issued)

    def refused(sql, *parameters):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, parameters)
        except DatabaseError:
            return True
        return False

    assert refused("UPDATE requests_certificaterequest SET corrects_id = NULL WHERE id = %s", new.pk)
    assert refused("UPDATE requests_correction SET what_is_wrong = 'khác' WHERE request_id = %s", new.pk)
    assert refused("DELETE FROM requests_correction WHERE request_id = %s", new.pk)
    actions.decide_fault(new, by=office.intake_clerk, fault="office", reason="Lỗi in.")
    assert refused("UPDATE requests_correction SET fault = 'applicant' WHERE request_id = %s", new.pk)
    reviewing = factories.request_in("reviewing")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateRequest.objects.create(filed_by=new.filed_by, created_at=new.created_at, corrects=reviewing)


# --- The pages ----------------------------------------------------------------------------------------------------


def test_the_citizen_is_led_to_the_page_that_is_wrong(client, issued):
    client.force_login(issued.filed_by)
    page = reverse("request_correction", args=[issued.code])
    assert page in client.get(issued.get_absolute_url()).text
    wrong = client.post(page, {"page": "person", "what_is_wrong": " "})
    assert wrong.status_code == 422 and "Viết Phiếu ghi sai gì" in wrong.text
    response = client.post(page, {"page": "person", "what_is_wrong": WRONG})
    new = issued.corrections.get()
    assert response.url == f"{reverse('request_page', args=[new.code, 'person'])}?check=1"
    check = client.get(reverse("request_check", args=[new.code])).text
    assert WRONG in check and "chưa phải nộp phí" in check and "Bạn đang có một hồ sơ cùng loại" not in check
    assert client.get(page).url == new.get_absolute_url()  # one at a time
    client.post(reverse("request_submit", args=[new.code]), {"sworn": "1"})
    assert again(new).state == "submitted"


def test_the_clerk_decides_at_the_desk_before_receiving(client, issued, office):
    new = sent(issued)
    client.force_login(office.intake_clerk)
    page = reverse("clerk_request", args=[new.code])
    html = client.get(page).text
    assert WRONG in html and "Lỗi của cơ quan: không thu phí" in html and "Tiếp nhận hồ sơ</button>" not in html
    act = reverse("clerk_act", args=[new.code, "decide_fault"])
    typed = {"version": new.step_count, "fault": "office", "reason": "Tờ khai ghi 1990."}
    assert client.post(act, typed).status_code == 302
    assert "Tiếp nhận hồ sơ</button>" in client.get(page).text


def test_a_replaced_certificate_says_so_on_both_requests(client, issued, office):
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="office", reason="Lỗi in.")
    journey = Journey(again(new), office, at=new.history().last().at)
    with factories.signing_key():
        for step in ("receive", "search", "verify", "approve", "prepare", "sign"):
            journey.take(step)
    replaced_by = journey.request.certificate.number_text
    client.force_login(issued.filed_by)
    html = client.get(issued.get_absolute_url()).text
    assert "đã được thay bằng Phiếu số" in html and replaced_by in html
    assert reverse("request_correction", args=[issued.code]) not in html
    assert issued.certificate.number_text in client.get(new.get_absolute_url()).text
    with pytest.raises(StepNotAllowed):
        opened(issued)


def test_strangers_find_no_page_for_it(client, issued, office):
    client.force_login(factories.make_citizen())
    assert client.get(reverse("request_correction", args=[issued.code])).status_code == 404
    client.force_login(office.verifying_clerk)
    assert client.get(reverse("request_correction", args=[issued.code])).status_code == 404

"""A mistake on an issued certificate becomes a new request, linked to the old one; the fee hangs on whose mistake."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, Ending
from certificates.verification import Answer, verify_signed
from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions, fee_facts
from requests.actions import copying, revoking
from requests.demo.journeys import Journey
from requests.models import CertificateRequest, Declaration
from requests.tracking import whereabouts
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


def test_the_fee_is_that_of_the_declaration_which_is_sent_and_not_of_the_one_before(issued, office):
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="applicant", reason="Tờ khai ghi 1989.")
    paid = actions.record_payment(new, by=office.intake_clerk)
    asked = actions.ask_supplement(paid, by=office.intake_clerk, reasons="Cần mấy bản?")
    actions.open_supplement(asked, by=asked.filed_by)
    actions.save_declaration(asked, by=asked.filed_by, fields={"copies": 4})
    answered = actions.answer_supplement(asked, by=asked.filed_by, note="Bốn bản.")
    assert answered.declaration.copies == 4
    expected = fee_facts.of_declaration(
        answered.declaration, channel=answered.channel, authority=answered.authority, at=answered.history().last().at
    )
    assert expected.to_pay > 200_000
    assert (answered.state, answered.fee_amount) == ("awaiting_payment", expected.to_pay)


def test_what_is_true_of_the_old_request_alone_is_not_copied(client, issued):
    draft = factories.request_in("draft")
    Declaration.objects.filter(request=draft).update(
        counter_consent="signed", fee_proof="counter", answered=["who", "kind"], saves=7
    )
    new = CertificateRequest.objects.create(filed_by=draft.filed_by, account=draft.account, created_at=draft.created_at)
    copying.copy_declaration(Declaration.objects.get(request=draft), into=new)
    copy = Declaration.objects.get(request=new)
    assert (copy.counter_consent, copy.fee_proof, copy.answered, copy.saves) == ("", "", [], 0)
    assert {kept["source"] for kept in copy.prefilled.values()} == {"earlier"}
    assert copy.prefilled["full_name"]["reference"] == copy.prefilled["residences"]["reference"] == draft.code
    correction = opened(issued)
    client.force_login(issued.filed_by)
    resume = client.get(reverse("request_resume", args=[correction.code]))
    assert resume.url == reverse("request_check", args=[correction.code])  # all of it was declared before


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


def corrected(issued, office):
    """The journey of a correction that was issued."""
    new = actions.decide_fault(sent(issued), by=office.intake_clerk, fault="office", reason="Lỗi in.")
    journey = Journey(again(new), office, at=new.history().last().at)
    with factories.signing_key():
        for step in ("receive", "search", "verify", "approve", "prepare", "sign"):
            journey.take(step)
    return journey


def test_what_was_corrected_counts_no_more_from_the_moment_of_issue(client, issued, office):
    old, day = issued.certificate, timezone.localdate
    journey = corrected(issued, office)
    new = journey.request.certificate
    ending = Ending.objects.get(certificate=old)
    assert Certificate.objects.get(pk=old.pk).status == "replaced"
    assert (ending.kind, ending.replaced_by, ending.at) == ("replaced", new, journey.request.issued_at)
    page = client.get(f"/c/{old.code}").text
    assert "Đã được thay thế" in page and f"{day(ending.at):%d/%m/%Y}" in page and "đừng nhận" in page
    assert "Hợp lệ" not in page and new.number_text not in page.replace(old.number_text, "")
    assert "Hợp lệ" in client.get(f"/c/{new.code}").text
    with factories.signing_key():
        verdict = verify_signed(bytes(Certificate.objects.get(pk=old.pk).signed_pdf))
        assert (verdict.answer, verdict.genuine) == (Answer.ENDED, False)
        assert "được thay bằng một Phiếu khác" in verdict.reasons[0]
        assert verify_signed(bytes(new.signed_pdf)).genuine


def test_who_filed_is_told_and_can_no_longer_fetch_what_was_replaced(client, issued, office):
    corrected(issued, office)
    assert issued.messages.in_portal().filter(event="certificate_replaced").count() == 1
    with pytest.raises(StepNotAllowed, match="thay bằng Phiếu khác"):
        actions.fetch_signed_pdf(again(issued), by=issued.filed_by)
    with pytest.raises(StepNotAllowed):
        actions.deliver(again(issued), by=office.intake_clerk)
    client.force_login(issued.filed_by)
    listed = client.get(reverse("my_requests")).text
    assert "đã được thay thế" in listed and listed.count("Mở để tải Phiếu") == 1  # of the new one
    assert "Tải Phiếu (PDF)" not in client.get(issued.get_absolute_url()).text
    found = whereabouts(issued.code, again(issued).tracking_code)
    assert "để nhận" not in found.explained
    client.force_login(office.intake_clerk)
    desk = client.get(reverse("clerk_request", args=[issued.code])).text
    assert "Phiếu không còn giá trị" in desk and "/deliver/" not in desk


def test_the_database_lets_no_correction_be_issued_beside_what_it_corrects(issued, office, monkeypatch):
    monkeypatch.setattr(revoking, "replace_corrected", lambda *args, **kwargs: None)
    with pytest.raises(DatabaseError, match="no longer counts"), transaction.atomic():
        corrected(issued, office)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_replaced_certificate_says_so_on_both_requests(client, issued, office):
    journey = corrected(issued, office)
    new = journey.request
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


def test_a_clerk_who_writes_it_down_swears_nothing_in_the_citizens_name(client, issued, office):
    new = actions.open_correction(issued, by=office.intake_clerk, page="person", what_is_wrong=WRONG)
    client.force_login(office.intake_clerk)
    check = client.get(reverse("request_check", args=[new.code])).text
    assert "Người yêu cầu đã xác nhận lời khai thế nào?" in check and "Tôi cam đoan" not in check
    send = reverse("request_submit", args=[new.code])
    assert client.post(send, {"sworn": "1"}).status_code == 422
    assert client.post(send, {"counter_consent": "read_aloud"}).status_code == 302
    assert Declaration.objects.get(request=new).counter_consent == "read_aloud"


def test_the_counter_goes_on_with_a_correction_that_it_began(client, issued, office):
    client.force_login(office.intake_clerk)
    typed = {"page": "person", "what_is_wrong": WRONG}
    client.post(reverse("request_correction", args=[issued.code]), typed)
    new = CertificateRequest.objects.get(corrects=issued)
    resume = reverse("request_resume", args=[new.code])
    desk = reverse("clerk_request", args=[issued.code])
    assert resume in client.get(desk).text and "Bạn đang soạn, chưa gửi." in client.get(desk).text
    assert resume in client.get(reverse("clerk_queue")).text
    assert client.get(resume, follow=True).status_code == 200
    client.force_login(factories.make_staff("intake_clerk"))
    colleague = client.get(desk).text
    assert resume not in colleague and f"{office.intake_clerk.full_name} đang soạn, chưa gửi." in colleague
    assert resume not in client.get(reverse("clerk_queue")).text

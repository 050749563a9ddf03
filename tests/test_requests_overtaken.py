"""Somebody of the office was there first, or time passed: the page says so, and what was written is not gone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from requests import actions
from requests.models import CertificateRequest, PaymentEntry
from requests.payments import statement
from tests import clerk_desk, factories, staff_register

pytestmark = pytest.mark.django_db
WRITTEN = "Điều tôi vừa viết rất dài"
STILL_HERE = "Những gì bạn đã viết vẫn còn ở đây, nhưng chưa được ghi."


@pytest.fixture
def office():
    return factories.make_office()


def again(request):
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def kept(answer, status):
    return answer.status_code == status and STILL_HERE in answer.text and WRITTEN in answer.text


def test_a_reason_for_returning_when_another_leader_has_returned_it(client, office):
    request = factories.request_in("verified", office=office)
    actions.return_to_clerk(request, by=factories.make_staff("approver"), reason="Xem lại")
    client.force_login(office.approver)
    typed = {"version": request.step_count, "reason": WRITTEN}
    assert kept(client.post(reverse("approver_return", args=[request.code]), typed), 409)


def test_an_answer_to_a_complaint_that_a_colleague_has_answered(client, office):
    request = factories.request_in("refused", office=office)
    actions.complain(request, by=request.filed_by, kind="feedback", text="Chậm quá")
    actions.answer_complaint(request, by=factories.make_staff("authority_administrator"), answer="Xin lỗi.")
    client.force_login(factories.make_staff("authority_administrator"))
    answer = client.post(reverse("complaint_request", args=[request.code]), {"answer": WRITTEN})
    assert kept(answer, 400) and "Xin lỗi." in answer.text


@pytest.fixture
def proposed(office):
    issued = factories.request_in("issued", office=office)
    actions.propose_revocation(issued, by=office.verifying_clerk, ground="inaccurate", reason="Sai tên")
    return issued


@pytest.mark.parametrize("revoke", [True, False])
def test_a_decision_on_a_proposal_that_another_leader_has_decided(client, office, proposed, revoke):
    client.force_login(office.approver)
    page = reverse("revocation", args=[proposed.code])
    assert '<input type="hidden" name="what" value="decide">' in client.get(page).text
    actions.decide_revocation(proposed, by=factories.make_staff("approver"), revoke=revoke, reason="Đã xem")
    answer = client.post(page, {"what": "decide", "decision": "decline", "reason": WRITTEN})
    assert kept(answer, 409) and "không chờ quyết định thu hồi" in answer.text
    assert "Chọn căn cứ thu hồi" not in answer.text, "nobody wanted to propose anything"


def test_a_proposal_that_a_colleague_has_made_already(client, office, proposed):
    client.force_login(office.approver)
    typed = {"what": "propose", "ground": "inaccurate", "reason": WRITTEN}
    answer = client.post(reverse("revocation", args=[proposed.code]), typed)
    assert kept(answer, 409) and "đã có đề nghị thu hồi" in answer.text and "Quyết định của bạn" in answer.text


# --- A search outside a request ---


def search(searcher):
    whom = {"full_name": "Nguyễn Văn Thử", "date_of_birth": "1990", "ground": "agency", "reason": "Công văn số 12"}
    return actions.ask_free_search(by=searcher, **whom)


def test_a_ruling_on_a_search_that_another_leader_has_ruled_on(client, office):
    asked = search(factories.make_staff("register_searcher"))
    actions.rule_free_search(asked, by=factories.make_staff("approver"), allowed=True)
    client.force_login(office.approver)
    typed = {"rule": "1", "decision": "refuse", "reason": WRITTEN}
    assert kept(client.post(reverse("free_search", args=[asked.code]), typed), 400)


def test_a_search_whose_time_passed_while_the_page_was_open_says_so(client, office, settings):
    staff_register.answers_with(settings, clerk_desk.the_same())
    searcher = factories.make_staff("register_searcher")
    asked = search(searcher)
    client.force_login(searcher)
    page = reverse("free_search", args=[asked.code])
    assert client.post(page, {"put": "1"}).status_code == 403, "nobody has allowed it yet"
    actions.rule_free_search(asked, by=office.approver, allowed=True, at=timezone.now() - timedelta(days=1))
    answer = client.post(page, {"put": "1"}, follow=True)
    assert answer.status_code == 200 and "Đã hết thời gian tra cứu và xem kết quả." in answer.text


# --- Money ---


@pytest.fixture
def entry(office):
    line = statement.Line("FT26999001", timezone.now(), 200_000, "NOP PHI")
    actions.import_statement([line], by=office.intake_clerk)
    return PaymentEntry.objects.get()


def test_money_that_a_colleague_has_settled_is_not_said_to_be_settled_by_me(client, office, entry):
    actions.return_entry(entry, by=office.intake_clerk, reference="UNC-0001")
    client.force_login(factories.make_staff("intake_clerk"))
    answer = client.post(reverse("clerk_payment_entry_act", args=[entry.code, "return"]), {"return-reference": WRITTEN})
    assert kept(answer, 409) and "đã có người xử lý trước" in answer.text


def test_a_refund_of_another_amount_than_is_owed_now_goes_through_at_the_next_press(client, office):
    request = factories.request_in("submitted", office=office)
    actions.change_fee(request, by=office.intake_clerk, category="student", reason="Có thẻ sinh viên")
    client.force_login(office.intake_clerk)
    page = reverse("clerk_refund", args=[request.code])
    answer = client.post(page, {"amount": "5", "reference": "UNC-1"})
    assert answer.status_code == 422 and "đã thay đổi" in answer.text
    form = answer.context["refund_form"]
    sent = {name: form[name].value() for name in form.fields}
    assert sent["reference"] == "UNC-1"
    assert client.post(page, sent).status_code == 302
    assert again(request).refund_due == 0

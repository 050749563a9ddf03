"""Complaints and feedback, refusals with their ground, withdrawing: what people may do when they do not agree."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions, clock
from requests.actions import complaining
from requests.asking import withdrawing
from requests.asking.grounds import GROUNDS
from requests.machine import triples
from requests.models import CertificateRequest, Complaint
from requests.states import State
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(complaining, "tell", lambda request, event, **more: heard.append(event))
    return heard


@pytest.fixture
def administrator():
    return factories.make_staff("authority_administrator", full_name="Đỗ Thị Quản Trị")


@pytest.fixture
def refused():
    return factories.request_in("refused")


def complained(request, kind="complaint", at=MONDAY, text="Giấy tờ của tôi đủ."):
    return actions.complain(request, by=request.filed_by, kind=kind, text=text, at=at)


def verbs(request):
    return list(AuditEvent.objects.about(request.code).order_by("pk").values_list("verb", flat=True))


# --- The acts -----------------------------------------------------------------------------------------------------


def test_a_complaint_is_taken_up_within_ten_days_and_answered_within_thirty(refused, administrator, told):
    complaint = complained(refused)
    assert (complaint.status, complaint.due_at.isoformat()) == ("received", "2026-11-12T23:59:59+07:00")
    with pytest.raises(StepNotAllowed, match="Thụ lý"):
        actions.answer_complaint(refused, by=administrator, answer="Sớm quá.")
    taken = actions.take_up_complaint(refused, by=administrator, at=MONDAY + timedelta(days=2))
    assert (taken.status, clock.local_day(taken.due_at).isoformat()) == ("in_work", "2026-12-04")
    answered = actions.answer_complaint(refused, by=administrator, answer="Đã xem lại.", at=MONDAY + timedelta(days=3))
    assert (answered.status, answered.answered_by, answered.answer) == ("answered", administrator, "Đã xem lại.")
    assert told == ["complaint_in_work", "complaint_answered"]
    assert [verb for verb in verbs(refused) if verb.startswith("complaint")] == [
        "complaint_received",
        "complaint_in_work",
        "complaint_answered",
    ]


def test_feedback_has_the_portals_own_limit_and_may_be_answered_at_once(refused, administrator, told):
    complaint = complained(refused, "feedback")
    assert clock.local_day(complaint.due_at).isoformat() == "2026-11-09"
    assert actions.answer_complaint(refused, by=administrator, answer="Cảm ơn.").status == "answered"


def test_one_is_open_at_a_time_and_the_next_may_follow_the_answer(refused, administrator, told):
    complained(refused, "feedback")
    with pytest.raises(StepNotAllowed, match="đang chờ trả lời"):
        complained(refused)
    actions.answer_complaint(refused, by=administrator, answer="Xong.")
    assert complained(refused).is_open


def test_who_may_complain_and_who_may_answer(refused, administrator):
    office = factories.make_office()
    elsewhere = factories.make_staff("authority_administrator", authority=factories.department("36"))
    with pytest.raises(PermissionDenied):
        actions.complain(refused, by=factories.make_citizen(), kind="feedback", text="x")
    complained(refused, "feedback")
    for stranger in (refused.filed_by, office.intake_clerk, office.approver, elsewhere):
        with pytest.raises(PermissionDenied):
            actions.answer_complaint(refused, by=stranger, answer="x")
    draft = factories.request_in("draft")
    with pytest.raises(StepNotAllowed):
        actions.complain(draft, by=draft.filed_by, kind="feedback", text="x")


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_in_every_state_after_sending_people_may_complain(state):
    assert complained(factories.request_in(state), at=None).is_open


@pytest.mark.parametrize(
    ("kind", "text", "field"), [("", "x", "kind"), ("complaint", " ", "text"), ("feedback", "x" * 4001, "text")]
)
def test_what_cannot_be_taken_is_refused_by_field(refused, kind, text, field):
    with pytest.raises(Invalid) as refusal:
        actions.complain(refused, by=refused.filed_by, kind=kind, text=text)
    assert set(refusal.value.fields) == {field}
    assert not Complaint.objects.exists()


def test_the_office_is_reminded_before_each_limit_once(refused, administrator, told):
    complaint = complained(refused)
    near = complaint.due_at - timedelta(days=2)
    minutes = timedelta(minutes=1)
    assert [actions.remind_of_complaints(at) for at in (near - minutes, near, near + minutes)] == [0, 1, 0]
    taken = actions.take_up_complaint(refused, by=administrator, at=near)
    assert [actions.remind_of_complaints(at) for at in (near + minutes, taken.due_at + minutes)] == [0, 1]
    actions.answer_complaint(refused, by=administrator, answer="Xong.", at=taken.due_at)
    assert actions.remind_of_complaints(taken.due_at + timedelta(days=9)) == 0
    assert verbs(refused).count("complaint_due") == 2


def test_who_was_reminded_of_a_limit_is_not_read_again(refused, administrator, told, monkeypatch):
    """What is overdue stays open for long: every sweep would lock each of them."""
    complaint = complained(refused)
    assert actions.remind_of_complaints(complaint.due_at) == 1
    monkeypatch.setattr(complaining, "_remind", lambda pk, now: pytest.fail("read again"))
    assert actions.remind_of_complaints(complaint.due_at + timedelta(days=30)) == 0


def test_the_database_keeps_what_was_written(refused, administrator, told):
    complaint = complained(refused, "feedback")

    def refused_by_database(sql):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [complaint.pk])
        except DatabaseError:
            return True
        return False

    assert refused_by_database("UPDATE requests_complaint SET text = 'khác' WHERE id = %s")
    assert refused_by_database("DELETE FROM requests_complaint WHERE id = %s")
    assert refused_by_database("UPDATE requests_complaint SET status = 'answered' WHERE id = %s")  # without an answer
    actions.answer_complaint(refused, by=administrator, answer="Xong.")
    assert refused_by_database("UPDATE requests_complaint SET answer = 'khác' WHERE id = %s")


# --- The pages ----------------------------------------------------------------------------------------------------


def test_a_citizen_writes_and_reads_the_answer_and_never_a_name(client, refused, administrator, told):
    client.force_login(refused.filed_by)
    page = reverse("request_complaint", args=[refused.code])
    wrong = client.post(page, {"text": "Giữ lời này"})
    assert wrong.status_code == 422 and "Giữ lời này" in wrong.text and "<title>Lỗi:" in wrong.text
    assert "Luật Khiếu nại 2011, Điều 27" in client.post(page, {"kind": "complaint", "text": "Sai"}, follow=True).text
    assert "<textarea" not in client.get(page).text
    actions.take_up_complaint(refused, by=administrator)
    actions.answer_complaint(refused, by=administrator, answer="Cơ quan đã xem lại.")
    html = client.get(refused.get_absolute_url()).text
    assert "Cơ quan đã xem lại." in html and administrator.full_name not in html


def test_the_offices_list_is_worked_off(client, refused, administrator, told):
    complained(refused)
    client.force_login(administrator)
    page = reverse("complaint_request", args=[refused.code])
    listed = client.get(reverse("complaints")).text
    assert page in listed and "Quá hạn" in listed
    assert "Gửi trả lời" not in client.get(page).text  # to be taken up first
    assert "Đã thụ lý" in client.post(page, {"take_up": "1"}, follow=True).text
    assert client.post(page, {"answer": " "}).status_code == 400
    client.post(page, {"answer": "Đã xem lại, giữ nguyên quyết định."})
    assert page not in client.get(reverse("complaints")).text
    assert page in client.get(reverse("complaints"), {"answered": "1"}).text


def test_an_answer_on_an_old_page_is_not_given_to_the_next_complaint(client, refused, administrator):
    first = complained(refused, "feedback")
    page = reverse("complaint_request", args=[refused.code])
    client.force_login(administrator)
    old = re.findall(r'name="shown" value="([^"]*)"', client.get(page).text)
    actions.answer_complaint(refused, by=administrator, answer="Đã xem.", at=first.received_at + timedelta(hours=1))
    second = complained(refused, "feedback", text="Việc khác hẳn.", at=first.received_at + timedelta(hours=2))
    kept = client.post(page, {"answer": "Về việc thứ nhất.", "shown": old[0]})
    assert "Về việc thứ nhất." in kept.text and "Việc khác hẳn." in kept.text and "vừa gửi khiếu nại" in kept.text
    assert Complaint.objects.get(pk=second.pk).is_open
    seen = re.findall(r'name="shown" value="([^"]*)"', kept.text)[-1]
    assert client.post(page, {"answer": "Về việc thứ hai.", "shown": seen}).status_code == 302
    assert Complaint.objects.get(pk=second.pk).answer == "Về việc thứ hai."


def test_only_administrators_open_the_list(client, refused):
    office = factories.make_office()
    complained(refused)
    for user in (office.intake_clerk, factories.make_staff("national_administrator")):
        client.force_login(user)
        assert client.get(reverse("complaints")).status_code == 403
    elsewhere = factories.make_staff("authority_administrator", authority=factories.department("36"))
    client.force_login(elsewhere)
    assert "Không có khiếu nại" in client.get(reverse("complaints")).text


# --- Refused, stopped, withdrawn ----------------------------------------------------------------------------------


def test_who_is_refused_reads_the_ground_the_law_and_how_to_complain(client, refused):
    client.force_login(refused.filed_by)
    html = client.get(refused.get_absolute_url()).text
    assert GROUNDS["c"].text in html and "Điều 49 điểm c" in html
    assert "trong 90 ngày" in html and reverse("request_complaint", args=[refused.code]) in html


def test_the_register_of_grounds_is_article_49():
    assert list(GROUNDS) == ["a", "b", "c"]
    assert all("Điều 49" in ground.legal_basis and ground.text for ground in GROUNDS.values())


def test_what_withdrawing_does_to_the_fee_is_what_the_ledger_then_owes():
    before = factories.request_in("submitted")
    assert "phí được hoàn lại toàn bộ" in withdrawing.consequences(before)[1]
    actions.withdraw(before, by=before.filed_by)
    assert CertificateRequest.objects.get(pk=before.pk).refund_due == 200_000
    after = factories.request_in("reviewing")
    assert "phí đã nộp không được hoàn" in withdrawing.consequences(after)[1]
    after.fee_paid_amount += 30_000
    words = "phí 200.000\xa0đ không được hoàn; phần nộp thừa 30.000\xa0đ được hoàn lại"
    assert words in withdrawing.consequences(after)[1]
    after = CertificateRequest.objects.get(pk=after.pk)
    actions.withdraw(after, by=after.filed_by)
    assert CertificateRequest.objects.get(pk=after.pk).refund_due == 0


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_the_page_of_withdrawing_says_what_it_means_in_every_state(client, state):
    request = factories.request_in(state)
    client.force_login(request.filed_by)
    page = reverse("request_withdraw", args=[request.code])
    html = client.get(page).text
    may = (state, "withdrawn") in {(source, target) for step, source, target in triples() if step == "withdraw"}
    assert ("Rút hồ sơ</button>" in html) is may
    if may:
        assert all(line in html for line in withdrawing.consequences(request))
        assert ("200.000" in html) is (state != "awaiting_payment")
        assert ("không còn hiệu lực" in html) is (request.due_at is not None)
    else:
        assert withdrawing.why_not(request) in html
    client.post(page)
    assert (CertificateRequest.objects.get(pk=request.pk).state == "withdrawn") is (may or state == "withdrawn")


def test_a_draft_is_thrown_away_and_not_withdrawn(client):
    draft = factories.request_in("draft")
    client.force_login(draft.filed_by)
    assert client.get(reverse("request_withdraw", args=[draft.code])).url == reverse(
        "request_delete", args=[draft.code]
    )

"""A citizen follows a request that was sent: a page a state, withdrawing, answering, fetching; strangers get 404."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lltp_portal.wording import full_day
from requests import actions, citizen_status
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
MISTAKES = re.compile(r'<div class="error-summary".*?</div>', re.S)


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")
    client.force_login(user)
    return user


def url(certificate_request, slug):
    return reverse("request_page", args=[certificate_request.code, slug])


def again(certificate_request):
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


def test_an_empty_list_invites(client, citizen):
    assert "Bạn chưa có hồ sơ nào" in client.get(reverse("my_requests")).text


STATES = {
    "submitted": "Mới đăng ký",
    "awaiting_payment": "Yêu cầu thực hiện nghĩa vụ tài chính",
    "received": "Được tiếp nhận",
    "reviewing": "Đang xử lý",
    "consulting": "Đang xác minh",
    "needs_supplement": "Yêu cầu bổ sung giấy tờ",
    "verified": "Đã xác minh, chờ ký",
    "refused": "Không được tiếp nhận",
    "withdrawn": "Đã rút",
    "stopped": "Dừng xử lý",
}


def test_while_the_citizen_is_asked_no_day_is_promised(client, citizen):
    """The day slides while the clock is paused; the page went on promising the old one."""
    asked = factories.request_in("needs_supplement", by=citizen)
    html = client.get(asked.get_absolute_url()).text
    day = full_day(asked.due_at)
    assert "Ngày hẹn đang tạm dừng." in html and "Hẹn lại khi bạn bổ sung" in html
    assert f"Hẹn: {day}" not in html and f"Hẹn {day}" not in html and 'class="calendar-day' not in html


@pytest.mark.parametrize("state", STATES)
def test_the_ticket_gives_a_day_only_while_that_day_holds(client, citizen, state):
    """Opened again, the ticket of a request that was withdrawn still said until when the certificate comes."""
    sent = factories.request_in(state, by=citizen)
    ticket = reverse("request_sent", args=[sent.code])
    holds = state not in {"needs_supplement", "refused", "withdrawn", "stopped"}
    assert ("Hẹn trả kết quả" in client.get(ticket).text) == holds
    assert ("Ký và trả kết quả" in client.get(ticket).text) == holds
    if sent.due_at and holds:
        CertificateRequest.objects.filter(pk=sent.pk).update(due_at=timezone.now() - timedelta(days=3))
        assert "Hồ sơ đã đi tiếp từ lúc gửi." in client.get(ticket).text


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_a_page_that_says_what_is_true_now(client, citizen, state):
    followed = factories.request_in(state, by=citizen)
    html = client.get(followed.get_absolute_url()).text
    assert STATES[state] in html
    assert citizen_status.heading(again(followed)) in html
    assert html.count('aria-current="step"') == (0 if state in {"refused", "withdrawn", "stopped"} else 1)
    assert citizen_status.heading(again(followed)) in client.get(reverse("my_requests")).text


def test_citizens_read_unit_and_role_but_no_clerks_name(client, citizen):
    office = factories.make_office()
    followed = factories.request_in("verified", by=citizen, office=office)
    html = client.get(followed.get_absolute_url()).text
    assert "Lãnh đạo Sở Tư pháp thành phố Hà Nội" in html
    for clerk in (office.intake_clerk, office.verifying_clerk, office.approver):
        assert clerk.full_name not in html


def test_the_citizen_reads_who_looked_by_unit_role_and_purpose(client, citizen):
    office = factories.make_office()
    followed = factories.request_in("reviewing", by=citizen, office=office)
    client.force_login(office.verifying_clerk)
    client.get(followed.get_absolute_url())
    client.force_login(citizen)
    html = client.get(followed.get_absolute_url()).text
    assert "Sở Tư pháp thành phố Hà Nội, chuyên viên thẩm tra" in html
    assert "Cơ sở dữ liệu trung ương, tự động" in html
    assert office.verifying_clerk.full_name not in html


def test_a_question_to_another_agency_is_not_shown_word_for_word(client, citizen):
    followed = factories.request_in("consulting", by=citizen)
    question = followed.history().last().reason
    assert question
    assert question not in client.get(followed.get_absolute_url()).text


def test_a_late_request_begins_with_an_apology(client, citizen):
    followed = factories.request_in("reviewing", by=citizen, at=timezone.now() - timedelta(days=60))
    html = client.get(followed.get_absolute_url()).text
    assert "Quá hạn" in html
    assert html.index("Chúng tôi xin lỗi") < html.index('class="tracker"')


@pytest.mark.parametrize("verb", ["detail", "check", "sent", "withdraw", "delete"])
def test_a_stranger_gets_404_on_every_page(client, citizen, verb):
    theirs = factories.request_in("awaiting_payment")
    page = reverse(f"request_{verb}", args=[theirs.code])
    assert client.get(page).status_code == 404
    for slug in ("who", "person", "residences"):
        assert client.get(url(theirs, slug)).status_code == 404
        assert client.post(url(theirs, slug), {}).status_code == 404


@pytest.mark.parametrize("verb", ["submit", "withdraw", "delete", "supplement", "certificate"])
def test_a_stranger_gets_404_on_every_act(client, citizen, verb):
    theirs = factories.request_in("needs_supplement")
    assert client.post(reverse(f"request_{verb}", args=[theirs.code]), {"sworn": "1"}).status_code == 404
    assert again(theirs).state == "needs_supplement"


def test_somebody_not_signed_in_is_sent_to_sign_in(client, db):
    theirs = factories.request_in("awaiting_payment")
    response = client.get(theirs.get_absolute_url())
    assert response.url.startswith(reverse("account_login"))


def test_the_office_sees_the_page_but_files_nothing_for_the_citizen(client):
    office = factories.make_office()
    theirs = factories.request_in("reviewing", office=office)
    client.force_login(office.verifying_clerk)
    assert client.get(theirs.get_absolute_url()).status_code == 200
    assert client.post(reverse("request_withdraw", args=[theirs.code])).status_code == 404


def test_withdrawing_asks_first_and_then_ends_the_request(client, citizen):
    followed = factories.request_in("received", by=citizen)
    page = reverse("request_withdraw", args=[followed.code])
    assert "Rút hồ sơ?" in client.get(page).text
    assert again(followed).state == "received"
    response = client.post(page, {"reason": "Không cần nữa"}, follow=True)
    assert again(followed).state == "withdrawn"
    assert "Không cần nữa" in response.text
    assert "không thể thực hiện việc này" in client.post(page, follow=True).text


def test_answering_what_was_asked(client, citizen):
    followed = factories.request_in("needs_supplement", by=citizen)
    detail = client.get(followed.get_absolute_url()).text
    assert followed.history().last().reason in detail
    assert client.get(url(followed, "contact")).status_code == 200  # the copy to be changed is made when first needed
    item = reverse("request_supplement_item", args=[followed.code, 1])
    assert item in client.get(reverse("request_supplement", args=[followed.code])).text
    assert client.post(item, {"answer": " "}).status_code == 422
    client.post(item, {"answer": "Đã ghi ở trang cư trú"})
    actions.open_supplement(followed, by=citizen)
    typed = {"delivery": "electronic", "fee_category": "standard", "phone": "0912345678"}
    saved = client.post(url(followed, "contact"), typed)
    assert saved.url == reverse("request_supplement", args=[followed.code])
    send = reverse("request_submit", args=[followed.code])
    response = client.post(send, {"sworn": "1", "note": "Đã sửa số điện thoại"}, follow=True)
    assert "Đã sửa số điện thoại" in response.text
    assert again(followed).state == "reviewing"
    assert again(followed).declaration.phone == "0912345678"


def test_nothing_can_be_fetched_before_there_is_a_certificate(client, citizen):
    followed = factories.request_in("verified", by=citizen)
    page = reverse("request_certificate", args=[followed.code])
    assert "Phiếu chưa có để tải" in client.post(page, follow=True).text


def test_fetching_the_certificate_answers_with_the_signed_file(client, citizen):
    followed = factories.request_in("issued", by=citizen)
    assert "Tải Phiếu (PDF)" in client.get(followed.get_absolute_url()).text
    page = reverse("request_certificate", args=[followed.code])
    assert client.get(page).url == followed.get_absolute_url()
    assert again(followed).state == "issued"  # looking takes no step
    response = client.post(page)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content == bytes(again(followed).certificate.signed_pdf)
    assert again(followed).state == "delivered"
    assert client.post(page).content == response.content


def test_a_list_costs_the_same_for_one_as_for_many(client, citizen, django_assert_num_queries):
    factories.file_request(by=citizen)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("my_requests"))
    for _ in range(3):
        factories.file_request(by=citizen)
    with django_assert_num_queries(len(one)):
        client.get(reverse("my_requests"))

"""Pages about money over HTTP: the form's page, paying, the status, the cashier's lists, and the platform's call."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.wording import dong
from requests import actions
from requests.models import CertificateRequest, OnlinePayment, PaymentEntry
from requests.payments import accounts, platform, statement
from tests import clerk_desk, factories
from tests.payment_talk import confirmation

pytestmark = pytest.mark.django_db
HEAD = "ma_giao_dich,thoi_gian,so_tien,noi_dung\n"


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def waiting(office):
    return factories.request_in("awaiting_payment", office=office)


@pytest.fixture
def payer(client, waiting):
    client.force_login(waiting.filed_by)
    return client


@pytest.fixture
def cashier(client, office):
    client.force_login(office.intake_clerk)
    return client


@pytest.fixture
def offered(settings, monkeypatch):
    settings.PAYMENT_PLATFORM_URL, settings.PAYMENT_SECRET = "http://127.0.0.1:9", "s" * 40
    monkeypatch.setattr(platform, "init", lambda **asked: platform.PayPage("http://127.0.0.1:9/pay/1"))
    monkeypatch.setattr(platform, "query", lambda *, reference, at: platform.Away("Không trả lời."))


def words(response) -> str:
    return response.text.replace("\u00a0", " ")


def again(request) -> CertificateRequest:
    return CertificateRequest.objects.get(pk=request.pk)


def pay_page(request) -> str:
    return reverse("request_pay", args=[request.code])


def statement_file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("sao-ke.csv", (HEAD + "\n".join(lines)).encode())


# --- The form's page --------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(client):
    drafted = factories.request_in("draft")
    client.force_login(drafted.filed_by)
    return drafted


def fee_page(request) -> str:
    return reverse("request_page", args=[request.code, "fee"])


def test_each_category_says_its_amount_with_the_copies_and_its_proof(client, draft):
    actions.save_declaration(draft, by=draft.filed_by, fields={"copies": 4})
    page = words(client.get(fee_page(draft)))
    assert "Mức phí chung: " in page and "210.000 đ" in page  # 200.000 and two further copies
    assert "110.000 đ" in page and "Thẻ sinh viên" in page
    assert "10.000 đ" in page  # Q10: exempt people pay the further copies
    assert "bạn nộp 210.000 đ" in page and "Thông tư 244/2016/TT-BTC" in page


def test_a_reduced_fee_asks_how_it_is_proved(client, draft):
    refused = client.post(fee_page(draft), {"fee_category": "student"})
    assert refused.status_code == 422 and refused.text.count("Chọn cách chứng minh") == 2  # summary and field
    refused = client.post(fee_page(draft), {"fee_category": "student", "fee_proof": "attached"})
    assert "Chưa có tệp chứng minh" in refused.text and "checked" in refused.text
    assert client.post(fee_page(draft), {"fee_category": "student", "fee_proof": "counter"}).status_code == 302
    declaration = again(draft).declaration
    assert (declaration.fee_category, declaration.fee_proof) == ("student", "counter")


def test_an_age_that_the_birthday_contradicts_is_explained(client, draft):
    for category, remedy in (("child", "dưới 16 tuổi"), ("elderly", "đủ 60 tuổi")):
        refused = client.post(fee_page(draft), {"fee_category": category})
        assert refused.status_code == 422 and remedy in refused.text


def test_the_common_fee_keeps_no_proof(client, draft):
    client.post(fee_page(draft), {"fee_category": "standard", "fee_proof": "attached"})
    assert again(draft).declaration.fee_proof == ""
    check = words(client.get(reverse("request_check", args=[draft.code])))
    assert "Bạn nộp" in check and "200.000 đ" in check


# --- Paying -----------------------------------------------------------------------------------------------------------


def test_the_pay_page_says_what_until_when_and_how(payer, waiting, offered):
    page = words(payer.get(pay_page(waiting)))
    assert "Còn phải nộp 200.000 đ" in page and "Phí gồm những gì" in page
    assert f"{waiting.payment_term.due_at + timedelta(hours=7):%d/%m/%Y}" in page
    for way in ("Trả trực tuyến", "Lấy mã chuyển khoản", "Tiền mặt tại quầy"):
        assert way in page


def test_a_transfer_shows_account_text_and_picture(payer, waiting):
    response = payer.post(reverse("request_pay_transfer", args=[waiting.code]), follow=True)
    order = waiting.payment_orders.get()
    account = accounts.account_of(waiting.authority)
    for shown in (order.reference, account.account_number, account.bank_name, "<svg", "200.000 đ"):
        assert shown in words(response)
    assert "Trả trực tuyến" not in response.text  # not offered where no platform is set


def test_the_browser_is_sent_to_the_platform_and_its_return_proves_nothing(payer, waiting, offered):
    page = payer.get(pay_page(waiting))
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["Content-Security-Policy"]
    sent = payer.post(reverse("request_pay_online", args=[waiting.code]))
    assert (sent.status_code, sent.url) == (302, "http://127.0.0.1:9/pay/1")
    order = waiting.payment_orders.get()
    back = reverse("request_pay_return", args=[waiting.code, order.reference])
    page = payer.get(f"{back}?TrangThaiGD=00&MaLoi=00", follow=True)
    assert "bạn đừng trả lại" in page.text and "Trả trực tuyến" not in page.text
    assert again(waiting).state == "awaiting_payment" and not waiting.payment_entries.exists()
    assert "đừng trả lại" in payer.get(waiting.get_absolute_url()).text
    before = OnlinePayment.objects.get().next_try_at
    payer.get(back)
    assert OnlinePayment.objects.get().next_try_at == before  # reloading does not make us ask more often


def test_a_get_of_an_act_pays_nothing(payer, waiting, offered):
    for name in ("request_pay_online", "request_pay_transfer"):
        assert payer.get(reverse(name, args=[waiting.code])).url == pay_page(waiting)
    assert not waiting.payment_orders.exists()


def test_what_was_paid_is_shown_with_its_receipt(payer, waiting, office):
    paid = actions.record_payment(waiting, by=office.intake_clerk)
    for page in (payer.get(pay_page(waiting)), payer.get(waiting.get_absolute_url())):
        assert "Đã thanh toán" in page.text
    assert paid.fee_receipt_number in payer.get(pay_page(waiting)).text
    assert "không chờ nộp phí" in payer.post(reverse("request_pay_transfer", args=[waiting.code]), follow=True).text


def test_nobody_else_pays_or_learns_anything(client, waiting, office, offered):
    names = ("request_pay", "request_pay_online", "request_pay_transfer")
    for stranger in (factories.make_citizen(), office.verifying_clerk):
        client.force_login(stranger)
        for name in names:
            assert client.get(reverse(name, args=[waiting.code])).status_code == 404
            assert client.post(reverse(name, args=[waiting.code])).status_code in {404, 405}
    assert not waiting.payment_orders.exists()


# --- The platform's call ----------------------------------------------------------------------------------------------


def call(client, message):
    body = message if isinstance(message, str) else json.dumps(message)
    return client.post(reverse("payment_confirm"), body, content_type="application/json")


@pytest.fixture
def order(waiting, offered):
    return actions.pay_online(waiting, by=waiting.filed_by, ip="127.0.0.1").order


def test_the_platform_needs_neither_session_nor_csrf_token(settings, waiting, order):
    from django.test import Client

    anybody = Client(enforce_csrf_checks=True)
    answers = [call(anybody, confirmation(order)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json() and answers[0].json()["MaLoi"] == "00"
    assert again(waiting).state == "submitted"


@pytest.mark.parametrize(
    "message", ["", "[]", "{", '"x"', "null", '{"MaThamChieu": "\\u0000"}', "[" * 5000, "x" * 30_000]
)
def test_nonsense_is_refused_and_changes_nothing(client, waiting, order, message):
    assert call(client, message).status_code == 403
    assert again(waiting).state == "awaiting_payment"


def test_a_wrong_signature_is_refused_and_kept_but_does_not_fill_the_log(client, waiting, order):
    cache.clear()
    for _ in range(40):
        assert call(client, {**confirmation(order), "SoTien": "1"}).status_code == 403
    assert AuditEvent.objects.filter(verb="payment_call_refused", subject=waiting.code).count() == 30
    assert not PaymentEntry.objects.exists()


def test_the_call_is_a_post(client, offered):
    assert client.get(reverse("payment_confirm")).status_code == 405


# --- The cashier ------------------------------------------------------------------------------------------------------


def test_a_statement_is_brought_and_what_is_nobodys_is_listed(cashier, waiting):
    reference = actions.order_transfer(waiting, by=waiting.filed_by).reference
    lines = f"FT1,22/11/2026 09:30,200000,{reference}", "FT2,22/11/2026,150000,Nguyen Van A nop phi"
    done = cashier.post(reverse("clerk_payments"), {"file": statement_file(*lines)}, follow=True)
    assert "1 khoản vào hồ sơ, 1 khoản chưa rõ của ai" in done.text
    assert "Nguyen Van A nop phi" in done.text and again(waiting).state == "submitted"


def test_a_statement_that_cannot_be_read_says_where(cashier):
    refused = cashier.post(reverse("clerk_payments"), {"file": statement_file("FT1,hôm qua,x,y")})
    assert refused.status_code == 422 and "dòng 2" in refused.text
    assert "Chọn tệp sao kê" in cashier.post(reverse("clerk_payments")).text
    assert not PaymentEntry.objects.exists()


def test_open_money_is_assigned_or_returned_on_its_page(cashier, waiting, office):
    lines = [f"FT{number},22/11/2026 09:30,200000,khong ro" for number in range(2)]
    cashier.post(reverse("clerk_payments"), {"file": statement_file(*lines)})
    first, second = PaymentEntry.objects.open()
    act = reverse("clerk_payment_entry_act", args=[first.code, "assign"])
    assert "Không thấy hồ sơ này" in cashier.post(act, {"assign-number": "YC-0000000000000000"}).text
    assert cashier.post(act, {"assign-number": waiting.code}).status_code == 302
    assert again(waiting).state == "submitted"
    act = reverse("clerk_payment_entry_act", args=[second.code, "return"])
    assert cashier.post(act, {"return-reference": ""}).status_code == 422
    assert cashier.post(act, {"return-reference": "UNC-1"}).status_code == 302
    assert "Đã xử lý" in cashier.get(reverse("clerk_payment_entry", args=[second.code])).text
    assert not PaymentEntry.objects.open().exists()


def test_who_takes_cash_reads_how_much_is_still_missing(cashier, waiting, office):
    desk = reverse("clerk_request", args=[waiting.code])
    assert f'Thu <b class="num">{dong(waiting.fee_amount)}</b>' in cashier.get(desk).text
    actions.import_statement([statement.Line("FT1", timezone.now(), 150_000, "NOP PHI")], by=office.intake_clerk)
    actions.assign_entry(PaymentEntry.objects.get(), waiting, by=office.intake_clerk)
    missing = dong(again(waiting).fee_missing)
    assert missing != dong(waiting.fee_amount)
    page = cashier.get(desk).text
    assert f'Thu <b class="num">{missing}</b> còn thiếu (đã nhận' in page and f"Chờ nộp phí {missing} còn thiếu" in page
    assert f"Nộp phí {missing}" in cashier.get(reverse("clerk_queue")).text
    clerk_desk.act(cashier, waiting, "record_payment")
    assert again(waiting).fee_paid_amount == again(waiting).fee_amount


def test_the_page_of_a_refused_request_says_how_the_fee_comes_back(client, office):
    """The message sends people to this page to read how; it only said how much."""
    refused = factories.request_in("refused", office=office)
    assert refused.refund_due
    client.force_login(refused.filed_by)
    assert "bộ phận thu phí sẽ liên hệ" in client.get(refused.get_absolute_url()).text


def test_a_refund_is_recorded_once_on_the_requests_page(cashier, office):
    refused = factories.request_in("refused", office=office)
    page = reverse("clerk_payment", args=[refused.code])
    assert "Phải hoàn 200.000 đ" in words(cashier.get(page))
    assert refused.code in cashier.get(reverse("clerk_payments")).text
    act = reverse("clerk_refund", args=[refused.code])
    assert cashier.post(act, {"amount": "200000", "reference": ""}).status_code == 422
    assert cashier.post(act, {"amount": "100000", "reference": "UNC-1"}).status_code == 422
    assert cashier.post(act, {"amount": "200000", "reference": "UNC-1"}).status_code == 302
    assert cashier.post(act, {"amount": "200000", "reference": "UNC-1"}).status_code == 422
    shown = words(cashier.get(page))
    assert "Đã hoàn phí" in shown and "UNC-1" in shown
    assert refused.payment_entries.count() == 2


def test_a_fee_is_changed_with_a_reason_that_the_citizen_reads(cashier, office):
    student = {"fee_category": "student", "fee_proof": "counter"}
    request = factories.request_in("submitted", office=office, fields=student)
    act = reverse("clerk_change_fee", args=[request.code])
    typed = {"category": "standard", "reason": "Thẻ sinh viên đã hết hạn.", "version": "1"}
    assert "đã thay đổi từ khi bạn mở trang" in cashier.post(act, typed).text
    typed["version"] = str(request.step_count)
    assert cashier.post(act, {**typed, "reason": " "}).status_code == 422
    assert cashier.post(act, typed).status_code == 302
    cashier.force_login(request.filed_by)
    page = words(cashier.get(pay_page(request)))
    assert "Thẻ sinh viên đã hết hạn." in page and "Còn phải nộp 100.000 đ" in page


def test_another_office_and_other_roles_stay_outside(client, waiting, office):
    entry_page = reverse("clerk_payments")
    pages = [reverse(name, args=[waiting.code]) for name in ("clerk_payment",)]
    acts = [reverse(name, args=[waiting.code]) for name in ("clerk_refund", "clerk_change_fee")]
    client.force_login(factories.make_staff("intake_clerk", authority=factories.department("36")))
    assert [client.get(page).status_code for page in pages] == [404]
    assert [client.post(act, {"reference": "x", "amount": "1"}).status_code for act in acts] == [404, 404]
    client.force_login(office.verifying_clerk)
    assert client.get(entry_page).status_code == 403
    assert client.get(pages[0]).status_code == 200 and "Đổi mức phí" not in client.get(pages[0]).text
    assert [client.post(act).status_code for act in acts] == [403, 403]
    client.force_login(factories.make_citizen())
    assert client.get(entry_page).status_code == 403


def test_the_board_counts_what_must_be_reconciled_and_lists_it(client, office, offered, waiting):
    refused = factories.request_in("refused", office=office)
    online = actions.pay_online(waiting, by=waiting.filed_by, ip="")
    OnlinePayment.objects.filter(pk=online.pk).update(returned_at=timezone.now() - timedelta(hours=1))
    actions.note_refused_call({"MaThamChieu": online.order.reference})
    for role in ("authority_administrator", "national_administrator", "auditor"):
        client.force_login(factories.make_staff(role))
        assert "Phí cần đối soát" in client.get("/board/").text
        listed = client.get(reverse("board_payments")).text
        assert refused.dossier_number or refused.code in listed
        assert online.order.reference in listed and "sai mã xác thực" in listed
    client.force_login(factories.make_staff("authority_administrator", authority=factories.department("36")))
    assert refused.code not in client.get(reverse("board_payments")).text
    client.force_login(office.intake_clerk)
    assert client.get(reverse("board_payments")).status_code == 403


def test_a_parked_question_to_the_platform_is_put_back_by_one_press(client, waiting, offered):
    online = actions.pay_online(waiting, by=waiting.filed_by, ip="")
    OnlinePayment.objects.filter(pk=online.pk).update(parked_at=timezone.now())
    client.force_login(factories.make_staff("national_administrator"))
    assert waiting.code in client.get(reverse("waiting_rows")).text
    act = reverse("retry_parked", args=[waiting.code, "payment"])
    assert client.post(act, {"source": "LP0000000000"}).status_code == 404
    assert client.post(act, {"source": online.order.reference}).status_code == 302
    assert OnlinePayment.objects.get(pk=online.pk).parked_at is None

"""Paying online with everything that goes wrong, against the real stand-in, web, worker and beat.

Never paid twice, never lost, always visible.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests import actions
from requests.models import OnlinePayment, PaymentEntry, PaymentOrder, ReceiptBook
from requests.payments.standing import Standing
from tests import factories
from tests.faults import stories
from tests.payment_talk import confirmation

pytestmark = pytest.mark.processes
SECONDS = 60


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture
def running(world, settings):
    stories.ensure_running(world, "payments", "web", "worker", "beat")
    settings.PAYMENT_PLATFORM_URL = world.home.remembered()["payments"]["url"]
    settings.PAYMENT_SECRET = (world.home.keys / "payment_secret").read_text().strip()
    return world


@pytest.fixture
def payer(running, office):
    return Payer(running, factories.request_in("awaiting_payment", office=office, at=timezone.now()))


class Payer:
    """Somebody with a request, at their browser."""

    def __init__(self, world, request) -> None:
        self.world, self.request = world, request
        self.browser = stories.browser(world.base_url, request.filed_by)
        self.back = ""

    def begin(self) -> str:
        """Press “Trả trực tuyến”; the platform's address, to which the browser is sent."""
        answer = self.browser.post(f"/requests/{self.request.code}/pay/online/", data=stories.CSRF)
        assert answer.status_code == 302
        return answer.headers["location"]

    def choose(self, choice: str) -> None:
        """On the platform's page."""
        with httpx2.Client(timeout=20, trust_env=False) as client:
            page = self.begin()
            assert "mô phỏng" in client.get(page).text.lower()
            self.back = client.post(page, data={"choice": choice}).headers["location"]

    def come_back(self) -> str:
        """The page one then sees."""
        self.browser.get(self.back)
        return self.page()

    def page(self) -> str:
        return self.browser.get(f"/requests/{self.request.code}/pay/").text

    @property
    def order(self) -> PaymentOrder:
        return self.request.payment_orders.last()

    def entries(self) -> list[str]:
        return [entry.kind for entry in PaymentEntry.objects.filter(request=self.request)]

    def wait(self, condition, what: str):
        return self.world.wait_until(condition, SECONDS, what)

    def assert_paid_once(self) -> None:
        request = stories.fresh(self.request)
        assert (request.state, request.fee_paid_amount, self.entries()) == ("submitted", 200_000, ["received"])
        assert [step.step for step in request.history()].count("record_payment") == 1
        stories.assert_history_is_linear(request)
        assert_receipts_are_gapless()


def assert_receipts_are_gapless() -> None:
    for book in ReceiptBook.objects.all():
        entries = PaymentEntry.objects.filter(authority_id=book.authority_id, receipt_year=book.year)
        assert sorted(entries.values_list("receipt_no", flat=True)) == list(range(1, book.last_number + 1))


def test_the_platform_tells_us_and_the_fee_is_settled(payer):
    payer.choose("pay")
    stories.wait_for(payer.request, "submitted")
    payer.assert_paid_once()
    page = payer.come_back()
    assert "Đã nhận" in page and "Biên lai" in page


def test_a_call_back_that_never_comes_is_made_up_for_by_asking(payer):
    payer.choose("pay_unheard")  # nor does the browser come back
    stories.wait_for(payer.request, "submitted")
    payer.assert_paid_once()


def test_thirty_two_confirmations_at_once_take_one_step(payer):
    payer.begin()
    message = confirmation(payer.order, number="crowd")

    def tell(_):
        with httpx2.Client(base_url=payer.world.base_url, timeout=30, trust_env=False) as client:
            answer = client.post("/payments/confirm/", json=message)
            return answer.status_code, answer.json()["MaLoi"]

    with ThreadPoolExecutor(32) as crowd:
        assert set(crowd.map(tell, range(32))) == {(200, "00")}
    payer.assert_paid_once()


def test_a_wrong_signature_is_refused_and_kept_and_the_money_is_found_by_asking(payer):
    payer.choose("wrong_signature")
    events = AuditEvent.objects.filter(verb="payment_call_refused", subject=payer.request.code)
    payer.wait(events.exists, "the refused call to be kept")
    stories.wait_for(payer.request, "submitted")
    payer.assert_paid_once()


def test_a_wrong_amount_settles_nothing_and_a_person_sees_it(payer, office):
    payer.choose("wrong_amount")
    payer.wait(lambda: payer.entries() == ["doubtful"], "the doubtful amount")
    page = payer.come_back()
    assert "đừng trả lại" in page and "150.000" in page
    assert stories.fresh(payer.request).state == "awaiting_payment"
    listed = stories.browser(payer.world.base_url, office.intake_clerk).get("/staff/payments/").text
    assert payer.request.code in listed and "Sai số tiền" in listed


def test_what_is_paid_twice_is_counted_twice_and_owed_back_once(payer, office):
    payer.choose("pay_twice")
    payer.wait(lambda: payer.entries() == ["received", "received"], "both payments")
    request = stories.fresh(payer.request)
    assert (request.state, request.fee_paid_amount, request.refund_due) == ("submitted", 400_000, 200_000)
    assert "Chúng tôi phải hoàn bạn 200.000" in payer.come_back().replace("\u00a0", " ")
    listed = stories.browser(payer.world.base_url, office.intake_clerk).get("/staff/payments/").text
    assert payer.request.code in listed
    assert_receipts_are_gapless()


def test_money_that_comes_after_the_lapse_is_kept_shown_and_owed_back(payer):
    page = payer.begin()
    later = payer.request.payment_term.due_at + timedelta(days=1)
    payer.world.stop("beat")  # its sweeper asks by the real time
    OnlinePayment.objects.filter(pk=payer.order.pk).update(lease_until=None)
    actions.ask_platform(payer.order.pk, at=later)
    actions.mind_unpaid(later)
    assert stories.fresh(payer.request).state == "stopped"
    with httpx2.Client(timeout=20, trust_env=False) as client:
        payer.back = client.post(page, data={"choice": "pay"}).headers["location"]
    payer.wait(lambda: payer.entries() == ["received"], "the late payment")
    request = stories.fresh(payer.request)
    assert (request.state, request.refund_due, payer.order.status) == ("stopped", 200_000, "paid")
    assert "Chúng tôi phải hoàn bạn 200.000" in payer.come_back().replace("\u00a0", " ")


def test_a_platform_that_dies_in_the_middle_leaves_nobody_paying_twice(payer):
    payer.choose("pay_unheard")
    payer.world.kill("payments")
    assert "đừng trả lại" in payer.come_back()
    again = payer.browser.post(f"/requests/{payer.request.code}/pay/online/", data=stories.CSRF, follow_redirects=True)
    assert "đừng trả lại" in again.text and payer.request.payment_orders.count() == 1

    def asked() -> bool:
        return OnlinePayment.objects.get(pk=payer.order.pk).attempts >= 1

    payer.wait(asked, "the platform to be asked in vain")
    assert Standing(stories.fresh(payer.request)).is_unknown
    stories.ensure_running(payer.world, "payments")
    stories.wait_for(payer.request, "submitted")
    payer.assert_paid_once()


def test_a_platform_that_is_away_costs_a_moment_and_nothing_else(payer):
    payer.world.kill("payments")
    answer = payer.browser.post(f"/requests/{payer.request.code}/pay/online/", data=stories.CSRF, follow_redirects=True)
    assert "bạn chưa bị trừ tiền" in answer.text and "Lấy mã chuyển khoản" in answer.text
    assert payer.entries() == []


def test_a_worker_that_dies_between_asking_and_writing_loses_nothing(payer):
    payer.world.stop("worker")
    payer.choose("pay_unheard")
    stories.ensure_running(payer.world, "worker", LLTP_FAILPOINT="after_ask")
    payer.wait(lambda: payer.world.failpoint_pid("after_ask"), "a worker to die after asking")
    stories.ensure_running(payer.world, "worker-2")
    stories.wait_for(payer.request, "submitted")
    payer.assert_paid_once()


def test_online_and_by_transfer_both_are_kept_and_one_is_owed_back(payer, office):
    payer.browser.post(f"/requests/{payer.request.code}/pay/transfer/", data=stories.CSRF)
    reference = payer.order.reference
    assert reference in payer.page() and "<svg" in payer.page()
    payer.choose("pay")
    stories.wait_for(payer.request, "submitted")
    csv = f"ma_giao_dich,thoi_gian,so_tien,noi_dung\nFT-{reference},22/11/2026 09:30,200000,CK {reference}\n"
    clerk = stories.browser(payer.world.base_url, office.intake_clerk)
    for _ in range(2):
        done = clerk.post(reverse("clerk_payments"), data=stories.CSRF, files={"file": ("sao-ke.csv", csv.encode())})
        assert done.status_code == 302
    assert payer.entries() == ["received", "received"]
    assert stories.fresh(payer.request).refund_due == 200_000

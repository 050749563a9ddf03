"""Paying online as acts, and what follows when nobody pays or too late; the platform says what each test wants."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PaymentUnknown, StepNotAllowed
from requests import actions
from requests.actions import paying_online
from requests.models import CertificateRequest, OnlinePayment, PaymentEntry, PaymentOrder
from requests.payments import notices, platform
from requests.payments.reconciling import ToReconcile
from requests.payments.standing import Standing
from tests import factories
from tests.payment_talk import again, assert_ledger_adds_up, confirmation, line, online_order, stands_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def request_(office):
    """Waits for 200.000 đ since three days."""
    return factories.request_in("awaiting_payment", office=office)


@pytest.fixture
def told(monkeypatch):
    """The messages that payments ask for."""
    found = []
    monkeypatch.setattr(notices, "tell", lambda request, event, *, at, key="", **facts: found.append(event))
    return found


@pytest.fixture
def at_platform(settings, monkeypatch):
    return stands_in(settings, monkeypatch)


# --- Online ----------------------------------------------------------------------------------------------------------


def test_a_confirmation_settles_and_its_repetition_changes_nothing(request_, at_platform):
    order = online_order(request_)
    answers = [actions.confirm(confirmation(order)) for _ in range(3)]
    assert answers[0]["MaLoi"] == "00" and answers[0] == answers[1] == answers[2]
    assert (again(request_).state, request_.payment_entries.count()) == ("submitted", 1)
    assert [step.step for step in again(request_).history()].count("record_payment") == 1
    assert_ledger_adds_up(request_)


def test_a_lost_call_back_is_found_by_asking(request_, at_platform):
    order = online_order(request_)
    took = platform.Transaction(order.reference, "t1", order.amount, timezone.now())
    at_platform[order.reference] = platform.Report((took,))
    actions.ask_platform(order.pk, at=timezone.now() + timedelta(minutes=5))
    assert again(request_).state == "submitted"
    actions.confirm(confirmation(order))  # late, and of the same transaction
    assert request_.payment_entries.count() == 1


def test_paid_twice_at_the_platform_counts_both_and_owes_one_back(request_, at_platform):
    order = online_order(request_)
    actions.confirm(confirmation(order, number="t1"))
    took = [platform.Transaction(order.reference, number, order.amount, timezone.now()) for number in ("t1", "t2")]
    at_platform[order.reference] = platform.Report(tuple(took))
    online = OnlinePayment.objects.get(pk=order.pk)
    assert (
        online.done_at is None and online.next_try_at > order.expires_at
    )  # one more look when nobody can pay any more
    actions.ask_platform(order.pk, at=online.next_try_at)
    assert again(request_).refund_due == 200_000
    assert OnlinePayment.objects.get(pk=order.pk).done_at
    assert_ledger_adds_up(request_)


def test_a_wrong_amount_is_doubtful_counts_for_nothing_and_a_person_decides(request_, office, at_platform):
    order = online_order(request_)
    for _ in range(2):
        assert actions.confirm(confirmation(order, amount=150_000))["MaLoi"] == "01"
    doubtful = PaymentEntry.objects.open().get()
    assert (doubtful.kind, doubtful.amount, again(request_).fee_paid_amount) == ("doubtful", 150_000, 0)
    assert Standing(again(request_)).is_unknown
    with pytest.raises(PaymentUnknown):
        online_order(request_)
    actions.assign_entry(doubtful, request_, by=office.intake_clerk)
    assert again(request_).fee_missing == 50_000
    assert_ledger_adds_up(request_)


def test_a_wrong_amount_that_asking_puts_right_is_received_once(request_, at_platform):
    order = online_order(request_)
    actions.confirm(confirmation(order, amount=1))
    took = platform.Transaction(order.reference, "t1", order.amount, timezone.now())
    at_platform[order.reference] = platform.Report((took,))
    online = OnlinePayment.objects.get(pk=order.pk)
    for _ in range(2):
        OnlinePayment.objects.filter(pk=order.pk).update(done_at=None)
        actions.ask_platform(order.pk, at=online.next_try_at)
    assert again(request_).state == "submitted"
    assert [entry.kind for entry in request_.payment_entries.all()] == ["doubtful", "received"]
    assert not PaymentEntry.objects.open().exists()


def test_a_doubtful_notice_without_money_is_dismissed_with_a_reason(request_, office, at_platform):
    actions.confirm(confirmation(online_order(request_), amount=1))
    doubtful = PaymentEntry.objects.open().get()
    with pytest.raises(StepNotAllowed):
        actions.return_entry(doubtful, by=office.intake_clerk, reference="UNC")
    actions.dismiss_entry(doubtful, by=office.intake_clerk, reason="Sao kê không có giao dịch này.")
    assert (again(request_).fee_paid_amount, Standing(again(request_)).is_unknown) == (0, False)


def test_money_that_was_dismissed_and_is_reported_right_after_all_is_written_once(request_, office, at_platform):
    order = online_order(request_)
    actions.confirm(confirmation(order, amount=1))
    actions.dismiss_entry(PaymentEntry.objects.open().get(), by=office.intake_clerk, reason="Sao kê không có.")
    for _ in range(3):
        assert actions.confirm(confirmation(order))["MaLoi"] == "00"
    assert (again(request_).state, again(request_).fee_paid_amount) == ("submitted", order.amount)
    assert [entry.kind for entry in request_.payment_entries.order_by("pk")] == ["doubtful", "dismissed", "received"]


def test_a_reference_that_is_not_ours_is_kept_at_the_national_centre(at_platform):
    ghost = PaymentOrder(reference="LP0000000000", amount=200_000)
    for _ in range(2):
        assert actions.confirm(confirmation(ghost))["MaLoi"] == "00"
    entry = PaymentEntry.objects.open().get()
    assert (entry.kind, entry.authority.kind) == ("unmatched", "national_centre")


def test_while_the_outcome_is_unknown_nobody_is_let_to_pay_again(request_, at_platform):
    order = online_order(request_)
    assert online_order(request_) == order  # the same page again
    at_platform[order.reference] = platform.Away("Không trả lời.")
    actions.came_back(request_, order.reference)
    for _ in range(3):
        actions.ask_platform(order.pk, at=timezone.now() + timedelta(hours=1))
    assert Standing(again(request_)).is_unknown
    with pytest.raises(PaymentUnknown, match="đừng trả lại"):
        online_order(request_)
    online = OnlinePayment.objects.get(pk=order.pk)
    assert online.parked_at is None and online.last_cause == "Không trả lời."
    at_platform[order.reference] = platform.Report(())
    actions.ask_platform(order.pk, at=online.next_try_at)
    assert not Standing(again(request_)).is_unknown


def test_who_comes_back_while_the_platform_is_being_asked_is_not_let_to_pay_again(request_, at_platform, monkeypatch):
    """It was asked before they paid, so its answer says nothing of it."""
    order = online_order(request_)
    clock, paid = [timezone.now() + timedelta(minutes=5)], []
    monkeypatch.setattr(timezone, "now", lambda: clock[0])

    def pays_meanwhile(**asked):
        clock[0] += timedelta(seconds=2)
        if not paid:
            paid.append(platform.Transaction(order.reference, "t1", order.amount, clock[0]))
            actions.came_back(request_, order.reference)
            clock[0] += timedelta(seconds=2)
            return platform.Report(())
        return platform.Report(tuple(paid))

    monkeypatch.setattr(platform, "query", pays_meanwhile)
    actions.ask_platform(order.pk)
    assert Standing(again(request_)).is_unknown
    with pytest.raises(PaymentUnknown):
        online_order(request_)
    actions.ask_platform(order.pk)  # at once: the question of the moment of coming back was not put
    assert again(request_).state == "submitted" and again(request_).fee_paid_amount == order.amount


def test_an_order_whose_time_has_ended_is_asked_about_before_another_is_opened(settings, request_, at_platform):
    """Paid in its last minute, the browser closed, the call-back lost: nobody knows of it yet."""
    settings.BACKOFF_SECONDS = [3600]
    order = online_order(request_)
    closes = order.expires_at + timedelta(seconds=settings.PAYMENT_FIRST_QUERY)
    actions.ask_platform(order.pk, at=order.expires_at - timedelta(seconds=20))
    with pytest.raises(PaymentUnknown):
        online_order(request_, at=order.expires_at + timedelta(seconds=1))
    assert OnlinePayment.objects.get(pk=order.pk).next_try_at == closes
    actions.ask_platform(order.pk, at=closes)
    assert online_order(request_, at=closes + timedelta(seconds=1)) != order


def test_a_second_press_while_the_page_is_being_opened_opens_no_second_order(request_, at_platform, monkeypatch):
    def presses_again(**order):
        with pytest.raises(paying_online.PaymentPlatformAway, match="lần bấm trước"):
            actions.pay_online(request_, by=request_.filed_by, ip="127.0.0.1")
        return platform.PayPage("https://thanh-toan.vi-du.example/1")

    monkeypatch.setattr(platform, "init", presses_again)
    online = actions.pay_online(request_, by=request_.filed_by, ip="127.0.0.1")
    assert actions.pay_online(request_, by=request_.filed_by, ip="127.0.0.1") == online
    assert OnlinePayment.objects.count() == 1


def test_a_platform_that_gives_no_page_leaves_a_row_that_is_asked_about(request_, at_platform):
    at_platform["init"] = platform.Away("Không trả lời.")
    online = actions.pay_online(request_, by=request_.filed_by, ip="127.0.0.1")
    assert (online.pay_url, online.lease_until, online.done_at) == ("", None, None)
    with pytest.raises(paying_online.PaymentPlatformAway):
        paying_online.demand_page(online)
    closes = online.order.expires_at + timedelta(hours=1)
    actions.ask_platform(online.pk, at=closes)
    assert OnlinePayment.objects.get(pk=online.pk).done_at
    assert PaymentOrder.objects.get(pk=online.pk).status == "cancelled"


def test_an_unpaid_order_ends_with_its_time_and_money_that_comes_later_is_known(request_, at_platform):
    order = online_order(request_)
    actions.ask_platform(order.pk, at=order.expires_at + DAY)
    assert PaymentOrder.objects.get(pk=order.pk).status == "cancelled"
    actions.confirm(confirmation(order))
    assert (again(request_).state, PaymentOrder.objects.get(pk=order.pk).status) == ("submitted", "paid")


def test_two_orders_of_one_request_paid_both_owe_one_back(request_, office, at_platform):
    transfer = actions.order_transfer(request_, by=request_.filed_by)
    order = online_order(request_)
    actions.confirm(confirmation(order))
    actions.import_statement([line(transfer)], by=office.intake_clerk)
    assert (again(request_).fee_paid_amount, again(request_).refund_due) == (400_000, 200_000)
    assert len(Standing(again(request_)).receipts) == 2
    assert_ledger_adds_up(request_)


def test_only_who_files_pays_online(request_, office, at_platform):
    with pytest.raises(PermissionDenied):
        actions.pay_online(request_, by=office.intake_clerk, ip="")
    assert not PaymentOrder.objects.exists()


def test_a_refused_call_is_kept_beside_the_request_it_names(request_, at_platform):
    order = online_order(request_)
    with pytest.raises(platform.NotBelieved):
        actions.confirm({**confirmation(order), "MaXacThuc": "0" * 64})
    actions.note_refused_call({"MaThamChieu": order.reference})
    event = AuditEvent.objects.get(verb="payment_call_refused")
    assert (event.subject, event.authority_id) == (request_.code, request_.authority_id)
    assert not request_.payment_entries.exists()


# --- Nobody pays, or too late ----------------------------------------------------------------------------------------


def test_a_message_comes_before_the_end_and_then_the_request_lapses(request_, told):
    term = request_.payment_term
    assert term.due_at - term.asked_at >= 10 * DAY
    actions.mind_unpaid(term.due_at - 4 * DAY)
    assert told == []
    for _ in range(2):
        actions.mind_unpaid(term.due_at - 2 * DAY)
    assert told == ["payment_reminder"]
    actions.mind_unpaid(term.due_at)
    assert again(request_).state == "awaiting_payment"
    for _ in range(2):
        actions.mind_unpaid(term.due_at + timedelta(seconds=1))
    stopped = again(request_)
    assert stopped.state == "stopped" and told == ["payment_reminder"]  # of the end the step tells
    last = stopped.history().last()
    assert (last.step, last.actor) == ("stop", None) and "Quá hạn nộp phí" in last.reason


def test_money_after_the_lapse_is_kept_and_owed_back(request_, office, at_platform, told):
    transfer = actions.order_transfer(request_, by=request_.filed_by)
    actions.mind_unpaid(request_.payment_term.due_at + 5 * DAY)
    actions.import_statement([line(transfer)], by=office.intake_clerk)
    late = again(request_)
    assert (late.state, late.refund_due, late.fee_paid_amount) == ("stopped", 200_000, 200_000)
    assert told == ["payment_received", "refund"]
    actions.refund(late, by=office.intake_clerk, amount=200_000, reference="UNC-9")
    assert Standing(again(request_)).status == "Đã hoàn phí"
    assert_ledger_adds_up(request_)


def test_what_was_paid_in_part_is_owed_back_when_the_rest_does_not_come(request_, office, told):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([line(order, amount=150_000)], by=office.intake_clerk)
    assert again(request_).refund_due == 0
    actions.mind_unpaid(request_.payment_term.due_at + DAY)
    assert again(request_).refund_due == 150_000
    assert told == ["payment_received", "refund"]


def test_a_transfer_of_the_last_day_has_time_to_stand_on_a_statement(request_, office, told):
    transfer = actions.order_transfer(request_, by=request_.filed_by)
    actions.mind_unpaid(request_.payment_term.due_at + 3 * DAY)
    assert again(request_).state == "awaiting_payment"
    actions.import_statement([line(transfer)], by=office.intake_clerk)
    assert (again(request_).state, again(request_).refund_due) == ("submitted", 0)


def test_a_request_does_not_lapse_while_money_may_be_on_its_way(request_, office, at_platform):
    due = request_.payment_term.due_at
    order = online_order(request_)
    at_platform[order.reference] = platform.Away("Không trả lời.")
    actions.ask_platform(order.pk, at=order.expires_at + DAY)
    actions.mind_unpaid(due + DAY)
    assert again(request_).state == "awaiting_payment"
    actions.confirm(confirmation(order, amount=1))
    actions.mind_unpaid(due + DAY)
    assert again(request_).state == "awaiting_payment"
    actions.dismiss_entry(PaymentEntry.objects.open().get(), by=office.intake_clerk, reason="Không có.")
    at_platform[order.reference] = platform.Report(())
    OnlinePayment.objects.filter(pk=order.pk).update(next_try_at=due)
    actions.ask_platform(order.pk, at=due + DAY)
    actions.mind_unpaid(due + DAY)
    assert again(request_).state == "stopped"


def test_a_refused_requests_fee_is_owed_back_and_the_person_is_told(office, told):
    refused = factories.request_in("refused", office=office)
    assert told == ["refund"]
    assert refused.refund_due == 200_000
    assert CertificateRequest.objects.with_refund_due().get() == refused


@pytest.mark.parametrize(("state", "owed_back"), [("withdrawn", 0), ("stopped", 0), ("issued", 0), ("submitted", 0)])
def test_a_fee_whose_request_was_received_stays(office, state, owed_back):
    assert factories.request_in(state, office=office).refund_due == owed_back
    assert not CertificateRequest.objects.with_refund_due().exists()


def test_a_request_withdrawn_before_receipt_gets_its_fee_back(office):
    request = factories.request_in("submitted", office=office)
    actions.withdraw(request, by=request.filed_by)
    assert again(request).refund_due == 200_000


# --- Cash while an online payment is in doubt ------------------------------------------------------------------------


@pytest.fixture
def in_doubt(request_, at_platform):
    """Came back from the platform, which has said nothing since."""
    order = online_order(request_)
    at_platform[order.reference] = platform.Away("silent")
    actions.came_back(request_, order.reference)
    return order


def test_cash_is_not_taken_while_an_online_payment_may_have_gone_through(client, request_, office, in_doubt):
    with pytest.raises(PaymentUnknown):
        actions.record_payment(again(request_), by=office.intake_clerk)
    client.force_login(office.intake_clerk)
    page = reverse("clerk_request", args=[request_.code])
    html = client.get(page).text
    assert "có thể người này đã trả trực tuyến rồi" in html and in_doubt.reference in html
    act, version = reverse("clerk_act", args=[request_.code, "record_payment"]), again(request_).step_count
    refused = client.post(act, {"version": version})
    assert refused.status_code == 409 and "Lần thanh toán trực tuyến trước có thể đã xong" in refused.text
    assert not PaymentEntry.objects.filter(request=request_).exists()
    assert client.post(act, {"version": version, "despite_doubt": "on"}).status_code == 302
    assert again(request_).state == "submitted"
    assert AuditEvent.objects.get(verb="cash_despite_doubt").subject == request_.code


def test_paid_in_cash_and_online_as_well_is_listed_to_be_refunded(request_, office, in_doubt, at_platform):
    actions.record_payment(again(request_), by=office.intake_clerk, despite_doubt=True)
    assert not ToReconcile(office.intake_clerk, timezone.now()).refunds
    at_platform[in_doubt.reference] = platform.Report(
        (platform.Transaction(in_doubt.reference, "late1", in_doubt.amount, timezone.now()),)
    )
    actions.ask_platform(in_doubt.pk, at=timezone.now() + timedelta(hours=1))
    assert (again(request_).fee_paid_amount, again(request_).refund_due) == (400_000, 200_000)
    assert ToReconcile(office.intake_clerk, timezone.now()).refunds == [request_]
    assert_ledger_adds_up(request_)


def test_without_doubt_the_counter_asks_for_no_tick(client, request_, office):
    client.force_login(office.intake_clerk)
    assert "despite_doubt" not in client.get(reverse("clerk_request", args=[request_.code])).text
    assert actions.record_payment(request_, by=office.intake_clerk).state == "submitted"


# --- Another currency ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("currency", ["USD", "", None])
def test_another_currency_is_answered_as_a_wrong_amount_and_settles_nothing(request_, at_platform, currency):
    order = online_order(request_)
    message = {**confirmation(order), "MaTienTe": currency}
    message["MaXacThuc"] = platform.signature("CONFIRM", message)
    assert actions.confirm(message)["MaLoi"] == "01"
    assert (again(request_).state, again(request_).fee_paid_amount) == ("awaiting_payment", 0)
    entry = PaymentEntry.objects.get(request=request_)
    assert entry.kind == "doubtful" and "không phải đồng Việt Nam" in entry.note
    # Asked again, the platform tells the amount and no currency: that settles no doubt about the currency.
    at_platform[order.reference] = platform.Report(
        (platform.Transaction(order.reference, "t1", order.amount, timezone.now()),)
    )
    actions.ask_platform(order.pk, at=timezone.now() + timedelta(hours=1))
    assert again(request_).state == "awaiting_payment"
    assert actions.confirm(confirmation(order))["MaLoi"] == "00"  # put right by the platform itself
    assert again(request_).state == "submitted"

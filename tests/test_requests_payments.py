"""The ledger: money comes in by three ways, is never lost, never counted twice, and goes back when it must."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, PaymentUnknown, StepNotAllowed
from requests import actions, fee_facts
from requests.actions import fee_terms, paying_online
from requests.models import CertificateRequest, LocalRule, OnlinePayment, PaymentEntry, PaymentOrder, ReceiptBook
from requests.payments import notices, platform, statement
from requests.payments.standing import Standing
from tests import factories

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
    """The messages that payments ask for, as (event, key)."""
    found = []
    monkeypatch.setattr(notices, "tell", lambda request, event, *, at, key="": found.append(event))
    return found


@pytest.fixture
def at_platform(settings, monkeypatch):
    """A platform that gives a page and says of each reference what the test puts there."""
    settings.PAYMENT_PLATFORM_URL, settings.PAYMENT_SECRET = "http://127.0.0.1:9", "s" * 40
    said: dict[str, platform.Report | platform.Away] = {}
    page = platform.PayPage("http://127.0.0.1:9/pay/1")
    monkeypatch.setattr(platform, "init", lambda **asked: said.get("init", page))
    monkeypatch.setattr(platform, "query", lambda *, reference, at: said.get(reference, platform.Report(())))
    return said


def again(request) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def line(order_or_text, *, amount=200_000, number="FT1") -> statement.Line:
    return statement.Line(number, timezone.now(), amount, getattr(order_or_text, "reference", order_or_text))


def confirmation(order, *, number="t1", amount=None) -> dict:
    message = {
        "MaDoiTac": "LLTP",
        "MaThamChieu": order.reference,
        "MaGiaoDich": number,
        "SoTien": str(amount or order.amount),
        "MaTienTe": "VND",
        "TrangThaiGD": "00",
        "ThoiGianGD": "20261122093000",
    }
    return {**message, "MaXacThuc": platform.signature("CONFIRM", message)}


def online_order(request, at=None) -> PaymentOrder:
    return actions.pay_online(request, by=request.filed_by, ip="127.0.0.1", at=at).order


def assert_ledger_adds_up(request) -> None:
    """What the request says was paid is what its entries say."""
    entries = PaymentEntry.objects.filter(request=request)
    received = sum(entry.amount for entry in entries if entry.kind == "received")
    refunded = sum(entry.amount for entry in entries if entry.kind == "refunded")
    assert again(request).fee_paid_amount == received - refunded
    found = CertificateRequest.objects.with_refund_due().filter(pk=request.pk).exists()
    assert found == bool(again(request).refund_due)


# --- The counter -----------------------------------------------------------------------------------------------------


def test_cash_settles_the_fee_with_a_receipt_of_the_series(request_, office):
    paid = actions.record_payment(request_, by=office.intake_clerk)
    entry = paid.payment_entries.get()
    assert (paid.state, paid.fee_paid_amount, entry.amount, entry.by) == (
        "submitted",
        200_000,
        200_000,
        office.intake_clerk,
    )
    assert paid.fee_receipt_number == entry.receipt_number
    assert entry.receipt_number.startswith("H26.12-BL")
    assert_ledger_adds_up(paid)


def test_receipt_numbers_run_on_without_a_gap_even_over_a_failure(office):
    requests = [factories.request_in("awaiting_payment", office=office) for _ in range(3)]
    numbers = []
    for index, one in enumerate(requests):
        if index == 1:
            with pytest.raises(RuntimeError), transaction.atomic():
                actions.record_payment(one, by=office.intake_clerk)
                raise RuntimeError
        actions.record_payment(one, by=office.intake_clerk)
        numbers.append(one.payment_entries.get().receipt_no)
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_cash_is_taken_once(request_, office):
    actions.record_payment(request_, by=office.intake_clerk)
    with pytest.raises(StepNotAllowed):
        actions.record_payment(request_, by=office.intake_clerk)
    assert request_.payment_entries.count() == 1


def test_only_this_offices_intake_clerk_takes_cash(request_, office):
    for who in (office.verifying_clerk, factories.make_staff("intake_clerk", authority=factories.department("36"))):
        with pytest.raises(PermissionDenied):
            actions.record_payment(request_, by=who)
    assert not ReceiptBook.objects.exists()


# --- Bank transfer ---------------------------------------------------------------------------------------------------


def test_a_transfer_is_recognised_by_its_reference(request_, office):
    order = actions.order_transfer(request_, by=request_.filed_by)
    assert actions.order_transfer(request_, by=request_.filed_by) == order
    result = actions.import_statement([line(order)], by=office.intake_clerk)
    assert (result.matched, result.unmatched) == (1, 0)
    assert again(request_).state == "submitted"
    assert PaymentOrder.objects.get(pk=order.pk).status == "paid"


def test_a_statement_brought_twice_counts_once(request_, office):
    order = actions.order_transfer(request_, by=request_.filed_by)
    lines = [line(order), line("tien mat", number="FT2")]
    actions.import_statement(lines, by=office.intake_clerk)
    second = actions.import_statement(lines, by=office.intake_clerk)
    assert (second.matched, second.unmatched, second.known) == (0, 0, 2)
    assert PaymentEntry.objects.count() == 2
    assert_ledger_adds_up(request_)


def test_a_transfer_of_too_little_waits_for_the_rest_and_two_make_it_whole(request_, office):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([line(order, amount=150_000)], by=office.intake_clerk)
    assert (again(request_).state, again(request_).fee_missing) == ("awaiting_payment", 50_000)
    rest = actions.order_transfer(request_, by=request_.filed_by)
    assert (rest.amount, rest.reference != order.reference) == (50_000, True)
    actions.import_statement([line(rest, amount=50_000, number="FT2")], by=office.intake_clerk)
    assert again(request_).state == "submitted"
    assert_ledger_adds_up(request_)


def test_too_much_is_owed_back_at_once_and_refunded_once(request_, office, told):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([line(order, amount=500_000)], by=office.intake_clerk)
    paid = again(request_)
    assert (paid.state, paid.refund_due) == ("submitted", 300_000)
    assert told == ["payment_received", "payment_refund_due"]
    actions.refund(paid, by=office.intake_clerk, amount=300_000, reference="UNC-7")
    assert_ledger_adds_up(request_)
    with pytest.raises(StepNotAllowed):
        actions.refund(paid, by=office.intake_clerk, amount=300_000, reference="UNC-7")
    assert again(request_).fee_paid_amount == 200_000


def test_money_of_nobody_is_kept_and_a_person_says_whose_it_is(request_, office):
    actions.import_statement([line("nop phi LLTP")], by=office.intake_clerk)
    entry = PaymentEntry.objects.open().get()
    assert (entry.kind, entry.request) == ("unmatched", None)
    received = actions.assign_entry(entry, request_, by=office.intake_clerk)
    assert (received.resolves, again(request_).state) == (entry, "submitted")
    assert not PaymentEntry.objects.open().exists()
    with pytest.raises(StepNotAllowed):
        actions.assign_entry(entry, request_, by=office.intake_clerk)
    with pytest.raises(StepNotAllowed):
        actions.return_entry(entry, by=office.intake_clerk, reference="UNC-1")
    assert_ledger_adds_up(request_)


def test_money_of_nobody_goes_back_to_its_sender_with_a_reference(office):
    actions.import_statement([line("nhầm")], by=office.intake_clerk)
    entry = PaymentEntry.objects.open().get()
    with pytest.raises(Invalid):
        actions.return_entry(entry, by=office.intake_clerk, reference=" ")
    actions.return_entry(entry, by=office.intake_clerk, reference="UNC-1")
    assert not PaymentEntry.objects.open().exists()


def test_two_references_or_another_offices_are_nobodys(request_, office):
    other_office = factories.make_office(factories.department("36"))
    order = actions.order_transfer(request_, by=request_.filed_by)
    lines = [line(f"{order.reference} LP0000000000"[:60]), line(order, number="FT9")]
    assert actions.import_statement(lines, by=other_office.intake_clerk).unmatched == 2
    assert again(request_).state == "awaiting_payment"


def test_only_an_intake_clerk_brings_a_statement(office):
    for who in (office.verifying_clerk, factories.make_citizen()):
        with pytest.raises(PermissionDenied):
            actions.import_statement([line("x")], by=who)


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
    assert stopped.state == "stopped" and told == ["payment_reminder", "payment_lapsed"]
    last = stopped.history().last()
    assert (last.step, last.actor) == ("stop", None) and "Quá hạn nộp phí" in last.reason


def test_money_after_the_lapse_is_kept_and_owed_back(request_, office, at_platform, told):
    transfer = actions.order_transfer(request_, by=request_.filed_by)
    actions.mind_unpaid(request_.payment_term.due_at + DAY)
    actions.import_statement([line(transfer)], by=office.intake_clerk)
    late = again(request_)
    assert (late.state, late.refund_due, late.fee_paid_amount) == ("stopped", 200_000, 200_000)
    assert "payment_refund_due" in told
    actions.refund(late, by=office.intake_clerk, amount=200_000, reference="UNC-9")
    assert Standing(again(request_)).status == "Đã hoàn phí"
    assert_ledger_adds_up(request_)


def test_what_was_paid_in_part_is_owed_back_when_the_rest_does_not_come(request_, office, told):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([line(order, amount=150_000)], by=office.intake_clerk)
    assert again(request_).refund_due == 0
    actions.mind_unpaid(request_.payment_term.due_at + DAY)
    assert again(request_).refund_due == 150_000
    assert "payment_refund_due" in told


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


def test_a_refused_requests_fee_is_owed_back(office):
    refused = factories.request_in("refused", office=office)
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


# --- The category ----------------------------------------------------------------------------------------------------


def test_a_category_without_proof_is_changed_with_a_reason_and_the_rest_is_asked_for(office):
    student = {"fee_category": "student", "fee_proof": "counter"}
    request = factories.request_in("submitted", office=office, fields=student)
    actions.change_fee(request, by=office.intake_clerk, category="standard", reason="Thẻ sinh viên hết hạn.")
    changed = again(request)
    assert (changed.state, changed.fee_amount, changed.fee_missing) == ("awaiting_payment", 200_000, 100_000)
    fee = fee_facts.shown(changed)
    assert (fee.claimed, fee.category, fee.refused_because) == ("student", "standard", "Thẻ sinh viên hết hạn.")
    assert changed.history().last().reason == "Thẻ sinh viên hết hạn."
    assert changed.declaration.fee_category == "student"
    actions.record_payment(changed, by=office.intake_clerk)
    assert (again(request).state, again(request).fee_paid_amount) == ("submitted", 200_000)


def test_a_better_category_settles_what_waits_or_owes_back(office, request_):
    actions.change_fee(request_, by=office.intake_clerk, category="poor", reason="Có giấy chứng nhận hộ nghèo.")
    assert (again(request_).state, again(request_).fee_amount) == ("submitted", 0)
    paid = factories.request_in("submitted", office=office)
    actions.change_fee(paid, by=office.intake_clerk, category="student", reason="Đã xuất trình thẻ sinh viên.")
    assert again(paid).refund_due == 100_000


def test_who_may_change_a_fee_and_until_when(office, request_):
    with pytest.raises(PermissionDenied):
        actions.change_fee(request_, by=office.verifying_clerk, category="poor", reason="x")
    with pytest.raises(Invalid):
        actions.change_fee(request_, by=office.intake_clerk, category="poor", reason=" ")
    with pytest.raises(Invalid):
        actions.change_fee(request_, by=office.intake_clerk, category="king", reason="x")
    received = factories.request_in("received", office=office)
    with pytest.raises(StepNotAllowed):
        actions.change_fee(received, by=office.intake_clerk, category="poor", reason="x")


def test_ha_noi_pays_for_requests_filed_online_and_keeps_the_ground_with_the_request(office):
    basis = "Nghị quyết của Hội đồng nhân dân thành phố Hà Nội (dữ liệu thử)"
    LocalRule.objects.create(
        authority=office.intake_clerk.authority,
        kind="subsidy",
        channel="online",
        percent=100,
        legal_basis=basis,
        valid_from=timezone.localdate() - 30 * DAY,
    )
    one, four = (factories.file_request(office=office, fields={"copies": copies}) for copies in (1, 4))
    fee = fee_facts.shown(one)
    assert (one.state, one.fee_amount, fee.statutory, fee.subsidy) == ("submitted", 0, 200_000, 200_000)
    assert fee.subsidy_basis == basis and basis in one.fee_reason
    assert (four.state, four.fee_amount) == ("awaiting_payment", 10_000)  # the subsidy covers no further copies


# --- The database refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE requests_paymententry SET amount = 1",
        "DELETE FROM requests_paymententry",
        "UPDATE requests_paymentorder SET amount = 1",
        "UPDATE requests_paymentorder SET status = 'waiting' WHERE status = 'paid'",
        "DELETE FROM requests_paymentorder",
        "UPDATE requests_receiptbook SET last_number = last_number + 2",
        "DELETE FROM requests_receiptbook",
        "INSERT INTO requests_paymententry (code, kind, authority_id, request_id, method, amount, at, system, "
        "receipt_year, receipt_no, receipt_number, note) SELECT 'C1', 'received', authority_id, request_id, method, "
        "amount, at, system, receipt_year, receipt_no + 5, 'x', '' FROM requests_paymententry WHERE kind = 'received'",
        "INSERT INTO requests_paymententry (code, kind, authority_id, method, amount, at, system, receipt_number, "
        "note) SELECT 'C2', 'refunded', authority_id, method, amount, at, system, '', 'x' FROM requests_paymententry",
    ],
)
def test_the_database_keeps_the_ledger(request_, office, sql):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([line(order)], by=office.intake_clerk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert fee_terms.payment_due(timezone.now()) > timezone.now()

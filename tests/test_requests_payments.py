"""The ledger: money comes by the counter and by transfer, is never lost nor counted twice, and goes back when owed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions, fee_facts
from requests.actions import fee_terms
from requests.models import LocalRule, PaymentEntry, PaymentOrder, ReceiptBook
from requests.payments import notices
from tests import factories
from tests.payment_talk import again, assert_ledger_adds_up, line

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


def test_a_date_of_the_future_on_a_statement_does_not_hold_back_the_steps_that_follow(request_, office):
    order = actions.order_transfer(request_, by=request_.filed_by)
    actions.import_statement([replace(line(order), at=timezone.now() + 400 * DAY)], by=office.intake_clerk)
    assert again(request_).history().last().at <= timezone.now()
    assert request_.payment_entries.get().at <= timezone.now()


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
    assert told == ["refund"]  # that the fee was received, the step tells
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

"""Money that comes and goes: the ledger, the counter, bank statements, refunds.

Every entry is written on the locked request, with `fee_paid_amount` in the same transaction; a transaction that is told
of twice is written once. Money is never turned away: what is too much, too late or nobody's is kept, shown, given back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, PaymentUnknown, StepNotAllowed
from requests import clock, papers, permissions
from requests.models import CertificateRequest, PaymentEntry, PaymentOrder, ReceiptBook
from requests.models.payment import Method, receipt_number
from requests.payments import notices, statement
from requests.payments.standing import Standing
from requests.permissions import SYSTEM
from requests.states import State
from requests.steps import locked, take_step

Kind, System = PaymentEntry.Kind, PaymentEntry.System
IN_DOUBT = (
    "Lần thanh toán trực tuyến trước có thể đã xong. Đợi nền tảng trả lời, hoặc đánh dấu là người nộp đã biết và vẫn "
    "nộp tiền mặt."
)
METHOD_OF = {System.BANK: Method.BANK_TRANSFER, System.PLATFORM: Method.ONLINE, System.COUNTER: Method.COUNTER}


def receive_money(
    certificate_request: CertificateRequest,
    *,
    amount: int,
    system: str,
    at: datetime,
    by=SYSTEM,
    order: PaymentOrder | None = None,
    transaction_id: str | None = None,
    note: str = "",
    resolves: PaymentEntry | None = None,
) -> PaymentEntry:
    """Write money received for a request whose row the caller has locked, and settle the fee where it now suffices."""
    year = clock.local_day(at).year
    authority = certificate_request.authority
    number = ReceiptBook.objects.draw(authority_id=authority.pk, year=year)
    entry = PaymentEntry.objects.create(
        kind=Kind.RECEIVED,
        authority=authority,
        request=certificate_request,
        order=order,
        method=order.method if order else METHOD_OF[system],
        amount=amount,
        at=at,
        system=system,
        transaction_id=transaction_id,
        receipt_year=year,
        receipt_no=number,
        receipt_number=receipt_number(authority.dossier_identifier, year, number),
        by=None if by is SYSTEM else by,
        note=note,
        resolves=resolves,
    )
    papers.write(certificate_request, papers.Kind.FEE_RECEIPT, at=at, payment=entry)
    if order is not None:
        PaymentOrder.objects.mark_paid(order.pk)
    _settle(certificate_request, entry, by=by, at=at)
    return entry


def _settle(certificate_request: CertificateRequest, entry: PaymentEntry, *, by, at: datetime) -> None:
    certificate_request.fee_paid_amount += entry.amount
    waiting = certificate_request.state == State.AWAITING_PAYMENT
    if waiting and certificate_request.fee_settled:
        take_step(certificate_request.record_payment, by=by, at=at, receipt_number=entry.receipt_number)
    else:
        certificate_request.save()
        notices.tell(certificate_request, "payment_received", at=at, key=f"entry-{entry.pk}")
    if certificate_request.fee_settled:
        transfers = certificate_request.payment_orders.waiting().filter(method=Method.BANK_TRANSFER)
        transfers.update(status=PaymentOrder.Status.CANCELLED)
    if certificate_request.refund_due:
        notices.tell(certificate_request, "refund", at=at, key=f"owed-{entry.pk}")


# --- The counter ------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_payment(
    certificate_request: CertificateRequest, *, by: User, despite_doubt: bool = False, at: datetime | None = None
) -> CertificateRequest:
    """What was still missing was paid in cash at the counter; the system draws the receipt's number.

    Raises PaymentUnknown while an online payment may have gone through, unless the cashier has read that and takes the
    money `despite_doubt`: should both turn out paid, the second is owed back and listed (FeeAccount.refund_due).
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state != State.AWAITING_PAYMENT:
        raise StepNotAllowed("Hồ sơ này không chờ nộp phí. Hãy tải lại trang để xem bước hiện tại.")
    if not permissions.intake_clerk(certificate_request, by):
        raise PermissionDenied
    in_doubt = Standing(certificate_request).in_doubt
    if in_doubt and not despite_doubt:
        raise PaymentUnknown(IN_DOUBT, fields={"despite_doubt": [{"code": "unknown", "message": IN_DOUBT}]})
    if in_doubt:
        references = ", ".join(order.reference for order in in_doubt)
        AuditEvent.objects.record(
            "cash_despite_doubt", actor=by, subject=certificate_request.code, references=references
        )
    amount = certificate_request.fee_missing
    receive_money(certificate_request, amount=amount, system=System.COUNTER, at=at, by=by)
    return certificate_request


# --- Bank transfer ----------------------------------------------------------------------------------------------------


@transaction.atomic
def order_transfer(certificate_request: CertificateRequest, *, by: User, at: datetime | None = None) -> PaymentOrder:
    """The reference under which a transfer is recognised; the same one as long as the amount is the same."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    demand_payable(certificate_request, by)
    amount = certificate_request.fee_missing
    orders = certificate_request.payment_orders.waiting()
    known = orders.filter(method=Method.BANK_TRANSFER, amount=amount).last()
    return known or PaymentOrder.objects.create(
        request=certificate_request,
        method=Method.BANK_TRANSFER,
        amount=amount,
        created_at=at,
        expires_at=certificate_request.payment_term.due_at,
    )


def demand_payable(certificate_request: CertificateRequest, by: User) -> None:
    """Who files may pay while the fee is awaited."""
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    if certificate_request.state != State.AWAITING_PAYMENT:
        raise StepNotAllowed(_("Hồ sơ này không chờ nộp phí. Bạn đừng trả thêm; xem trạng thái hồ sơ."))


@dataclass
class Imported:
    """What came of a statement's lines: counted, for the person who brought it."""

    matched: int = 0
    unmatched: int = 0
    known: int = 0


def import_statement(lines: Iterable[statement.Line], *, by: User, at: datetime | None = None) -> Imported:
    """Each line: to its request, or to the list of what nobody knows. A line brought again changes nothing."""
    at = at or timezone.now()
    if not (by.works_at_office and by.has_role("intake_clerk")):
        raise PermissionDenied
    result = Imported()
    for line in lines:
        outcome = _import_line(line, by=by, now=at)
        setattr(result, outcome, getattr(result, outcome) + 1)
    AuditEvent.objects.record("import_statement", actor=by, matched=result.matched, unmatched=result.unmatched)
    return result


def _order_meant(line: statement.Line, by: User) -> PaymentOrder | None:
    """The one order of this office that the text names; two names are nobody's."""
    found = PaymentOrder.objects.filter(reference__in=line.references, request__authority=by.authority_id)
    return found[0] if len(found) == 1 else None


@transaction.atomic
def _import_line(line: statement.Line, *, by: User, now: datetime) -> str:
    number = f"{by.authority_id}:{line.transaction_id}"  # a bank numbers one account's transactions
    order = _order_meant(line, by)
    certificate_request = locked(order.request_id) if order else None
    if PaymentEntry.objects.known(System.BANK, number):
        return "known"
    if order is not None and certificate_request is not None:
        receive_money(
            certificate_request,
            amount=line.amount,
            system=System.BANK,
            at=min(line.at, now),  # a step of the future would hold back every later one
            order=order,
            transaction_id=number,
            note=line.text,
        )
        return "matched"
    kept = PaymentEntry(
        kind=Kind.UNMATCHED,
        authority_id=by.authority_id,
        method=Method.BANK_TRANSFER,
        amount=line.amount,
        at=line.at,
        system=System.BANK,
        transaction_id=number,
        by=by,
        note=line.text,
    )
    # Two people who bring the same file at once: the second one's lines are the first one's.
    PaymentEntry.objects.bulk_create([kept], ignore_conflicts=True)
    return "unmatched"


# --- What has to be looked at by a person -----------------------------------------------------------------------------


def _demand_cashier(authority_id: int | None, by: User) -> None:
    if not (by.works_at_office and by.has_role("intake_clerk") and by.authority_id == authority_id):
        raise PermissionDenied


def _demand_open(entry: PaymentEntry) -> PaymentEntry:
    """Two people do not resolve it both. An advisory lock: who may only add to a table may not lock its rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('requests_paymententry'), %s)", [entry.pk])
    if PaymentEntry.objects.filter(resolves=entry).exists() or entry.kind not in PaymentEntry.OPEN_KINDS:
        raise StepNotAllowed("Khoản tiền này đã được xử lý. Hãy tải lại trang.")
    return entry


def _demand_words(text: str, field: str, message: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(message, fields={field: [{"code": "required", "message": message}]})
    return text


@transaction.atomic
def assign_entry(
    entry: PaymentEntry, certificate_request: CertificateRequest, *, by: User, at: datetime | None = None
) -> PaymentEntry:
    """A person says for which request unmatched or doubtful money is."""
    at = at or timezone.now()
    _demand_cashier(entry.authority_id, by)
    certificate_request = locked(certificate_request.pk)
    entry = _demand_open(entry)
    if not permissions.intake_clerk(certificate_request, by):
        raise PermissionDenied
    if entry.request_id not in {None, certificate_request.pk}:
        raise StepNotAllowed("Khoản tiền này thuộc một hồ sơ khác.")
    return receive_money(
        certificate_request,
        amount=entry.amount,
        system=entry.system,
        at=at,
        by=by,
        order=entry.order,
        note=f"Đối soát bút toán {entry.pk}",
        resolves=entry,
    )


@transaction.atomic
def return_entry(entry: PaymentEntry, *, by: User, reference: str, at: datetime | None = None) -> PaymentEntry:
    """Money that is nobody's went back to its sender."""
    _demand_cashier(entry.authority_id, by)
    reference = _demand_words(reference, "reference", "Nhập số chứng từ hoàn tiền.")
    entry = _demand_open(entry)
    if entry.kind != Kind.UNMATCHED:
        raise StepNotAllowed("Khoản này chưa chắc đã nhận được tiền; ghi nhận hoặc bỏ trước khi hoàn.")
    return _resolution(entry, Kind.REFUNDED, by=by, note=reference, at=at)


@transaction.atomic
def dismiss_entry(entry: PaymentEntry, *, by: User, reason: str, at: datetime | None = None) -> PaymentEntry:
    """A doubtful notice that stands for no money: the statement shows none."""
    _demand_cashier(entry.authority_id, by)
    reason = _demand_words(reason, "reason", "Ghi vì sao không có khoản tiền này, ví dụ: sao kê không có giao dịch.")
    entry = _demand_open(entry)
    if entry.kind != Kind.DOUBTFUL:
        raise StepNotAllowed("Tiền đã có trong sao kê thì không bỏ được; hãy gắn vào hồ sơ hoặc hoàn lại.")
    return _resolution(entry, Kind.DISMISSED, by=by, note=reason, at=at)


def _resolution(entry: PaymentEntry, kind: str, *, by: User, note: str, at: datetime | None) -> PaymentEntry:
    return PaymentEntry.objects.create(
        kind=kind,
        authority_id=entry.authority_id,
        request_id=None if kind == Kind.REFUNDED else entry.request_id,
        method=entry.method,
        amount=entry.amount,
        at=at or timezone.now(),
        system=entry.system,
        by=by,
        note=note,
        resolves=entry,
    )


@transaction.atomic
def refund(
    certificate_request: CertificateRequest, *, by: User, amount: int, reference: str, at: datetime | None = None
) -> PaymentEntry:
    """What was owed back has been given back, whole; `amount` is what the person saw. Pressing twice refunds once."""
    at = at or timezone.now()
    reference = _demand_words(reference, "reference", "Nhập số chứng từ hoàn tiền.")
    certificate_request = locked(certificate_request.pk)
    if not permissions.intake_clerk(certificate_request, by):
        raise PermissionDenied
    if not certificate_request.refund_due or certificate_request.refund_due != amount:
        raise StepNotAllowed("Số tiền phải hoàn đã thay đổi hoặc đã hoàn xong. Hãy tải lại trang.")
    entry = PaymentEntry.objects.create(
        kind=Kind.REFUNDED,
        authority_id=certificate_request.authority_id,
        request=certificate_request,
        method=Method.COUNTER,
        amount=amount,
        at=at,
        system=System.COUNTER,
        by=by,
        note=reference,
    )
    certificate_request.fee_paid_amount -= amount
    certificate_request.save()
    notices.tell(certificate_request, "refund", at=at, key=f"given-{entry.pk}")
    return entry

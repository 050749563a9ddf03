"""Asking for the fee, until when, what follows when nobody pays; and a category that the office does not accept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.waiting import each
from requests import clock, fee_facts, permissions
from requests.models import CertificateRequest, Declaration, OnlinePayment, PaymentEntry, PaymentOrder, PaymentTerm
from requests.payments import notices
from requests.permissions import SYSTEM
from requests.states import State
from requests.steps import locked, take_step

SWEEP_LIMIT = 200
LAPSED = "Quá hạn nộp phí: đã hết ngày {day} mà chưa nhận đủ phí. Bạn có thể nộp hồ sơ mới bất cứ lúc nào."


def payment_due(at: datetime) -> datetime:
    """The end of the last day on which a fee that is asked for at `at` may be paid."""
    last = clock.local_day(at) + timedelta(days=settings.PAYMENT_DAYS)
    return datetime.combine(last, datetime.max.time().replace(microsecond=0), clock.LOCAL)


def ask_for_fee(certificate_request: CertificateRequest, *, by=SYSTEM, at: datetime, reason: str = "") -> None:
    """Take ask_payment on a row that the caller has locked, with the day until which it may be paid."""
    take_step(certificate_request.ask_payment, by=by, at=at, reason=reason)
    PaymentTerm.objects.update_or_create(
        request=certificate_request,
        defaults={"asked_at": at, "due_at": payment_due(at), "reminded_at": None},
    )


# --- Nobody pays -----------------------------------------------------------------------------------------------------


def mind_unpaid(now: datetime | None = None) -> None:
    """Sweeps awaiting_payment: a message some days before the end, and the end itself."""
    now = now or timezone.now()
    waiting = PaymentTerm.objects.filter(request__state=State.AWAITING_PAYMENT)
    soon = now + timedelta(days=settings.PAYMENT_REMINDER_DAYS)
    unreminded = waiting.filter(reminded_at__isnull=True, due_at__lte=soon, due_at__gt=now)
    over = waiting.filter(due_at__lt=now).exclude(_may_be_paid())
    each(_keys(unreminded), lambda pk: _remind(pk, now), what="payment reminder")
    each(_keys(over), lambda pk: lapse(pk, now=now), what="payment lapse")


def _keys(terms: QuerySet[PaymentTerm]) -> list[int]:
    """The oldest first, so many that a sweep ends in time."""
    return list(terms.order_by("due_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT])


def _may_be_paid() -> Q:
    """Money is perhaps on its way: an online order whose outcome is not known, or a doubtful notice."""
    asked = OnlinePayment.objects.filter(
        request=OuterRef("pk"), done_at__isnull=True, order__status=PaymentOrder.Status.WAITING
    )
    doubtful = PaymentEntry.objects.open().filter(request=OuterRef("pk"))
    return Q(Exists(asked)) | Q(Exists(doubtful))


@transaction.atomic
def _remind(pk: int, now: datetime) -> None:
    certificate_request = locked(pk)
    # Only the sweep that marks the row tells; two sweeps at once tell once.
    unmarked = PaymentTerm.objects.filter(pk=pk, reminded_at__isnull=True)
    if certificate_request.state == State.AWAITING_PAYMENT and unmarked.update(reminded_at=now):
        until = certificate_request.payment_term.due_at
        notices.tell(
            certificate_request, "payment_reminder", at=now, key=str(certificate_request.step_count), pay_by=until
        )


@transaction.atomic
def lapse(pk: int, *, now: datetime) -> None:
    """Stop a request whose fee did not come. What was paid in part is owed back, and seen so at once."""
    certificate_request = locked(pk)
    term = PaymentTerm.objects.get(pk=pk)
    still_due = certificate_request.state == State.AWAITING_PAYMENT and term.due_at < now
    if not still_due or PaymentTerm.objects.filter(_may_be_paid(), pk=pk).exists():
        return
    reason = LAPSED.format(day=f"{clock.local_day(term.due_at):%d/%m/%Y}")
    take_step(certificate_request.stop, by=SYSTEM, at=now, reason=reason)
    certificate_request.payment_orders.waiting().update(status=PaymentOrder.Status.CANCELLED)
    tell_of_refund(certificate_request, at=now)


# --- The category ----------------------------------------------------------------------------------------------------


@transaction.atomic
def change_fee(
    certificate_request: CertificateRequest, *, by: User, category: str, reason: str, at: datetime | None = None
) -> CertificateRequest:
    """Before receipt the office applies another category than the claimed one, and says why.

    The declaration stays as it was sworn; the fee's breakdown says both. What is missing now is asked for; what was
    paid too much is owed back.
    """
    at = at or timezone.now()
    reason = reason.strip()
    if not reason:
        message = "Ghi vì sao áp dụng mức phí khác, người yêu cầu đọc nguyên văn."
        raise Invalid(message, fields={"reason": [{"code": "required", "message": message}]})
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state not in {State.SUBMITTED, State.AWAITING_PAYMENT}:
        raise StepNotAllowed("Chỉ đổi được mức phí trước khi tiếp nhận hồ sơ.")
    if not permissions.intake_clerk(certificate_request, by):
        raise PermissionDenied
    if category not in Declaration.FeeCategory.values:
        raise Invalid(
            "Chọn mức phí trong danh sách.",
            fields={"category": [{"code": "invalid_choice", "message": "Chọn mức phí trong danh sách."}]},
        )
    found = fee_facts.of_request(certificate_request, category=category, refused_because=reason)
    certificate_request.fee_amount, certificate_request.fee_reason = found.to_pay, found.reason
    certificate_request.fee_breakdown = found.to_json()
    AuditEvent.objects.record(
        "change_fee", actor=by, subject=certificate_request.code, category=category, amount=found.to_pay, reason=reason
    )
    _follow_change(certificate_request, by=by, at=at, reason=reason)
    return certificate_request


def _follow_change(certificate_request: CertificateRequest, *, by: User, at: datetime, reason: str) -> None:
    """Where the request stands by the new fee."""
    waiting = certificate_request.state == State.AWAITING_PAYMENT
    if waiting and certificate_request.fee_settled:
        number = certificate_request.fee_receipt_number
        take_step(certificate_request.record_payment, by=by, at=at, reason=reason, receipt_number=number)
    elif not waiting and not certificate_request.fee_settled:
        ask_for_fee(certificate_request, by=by, at=at, reason=reason)
    else:
        certificate_request.save()
    tell_of_refund(certificate_request, at=at)


def tell_of_refund(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """After a step or a change that leaves the office with more than it may keep."""
    if certificate_request.refund_due:
        key = f"owed-{certificate_request.step_count}-{certificate_request.fee_owed}"
        notices.tell(certificate_request, "refund", at=at, key=key)

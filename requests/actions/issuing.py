"""From approved to issued: intent, bytes, signature, in that order, each stored before the next begins.

`prepare_certificate` runs in a worker, `sign_certificate` in the signer. Both hold the lease of the request's Issuance;
both may be called twice, late, or for nothing.
"""

import logging
from datetime import date, datetime

from celery import Task
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import certificates.actions
from certificates import signing, verification
from certificates.content import CertificateContent, ContentRefused, template_version
from certificates.failures import IssuingStopped, NotReady, PermanentFailure
from certificates.models import Certificate, IssuingStop
from lltp_portal import doorbell, failpoints
from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PortalError, StepNotAllowed
from lltp_portal.waiting import WaitingRow
from records.determination import Undetermined
from requests import clock, drafting, findings, permissions, tasks
from requests.actions import after_issue, deciding, earlier_clear, revoking
from requests.models import (
    AfterIssue,
    AttachmentScan,
    CertificateRequest,
    Declaration,
    FlowBack,
    Issuance,
    Message,
    OnlinePayment,
    Paper,
)
from requests.permissions import SYSTEM
from requests.states import State
from requests.steps import locked, take_step

logger = logging.getLogger(__name__)
STOPPED = "Đang tạm dừng cấp Phiếu theo công tắc dừng."
# The paper would bear a day for which nobody has asked the central database; the approver decides on a fresh answer.
TOO_LATE = "Đã quá 24 giờ từ khi duyệt mà chưa lập được Phiếu; phải tra cứu và duyệt lại."
# The paper bears the day on which it is made, and what it says has to be true of that day.
ANOTHER_DAY = "Phiếu được lập sang ngày khác với ngày duyệt, và nội dung theo ngày mới đã khác; phải xem và duyệt lại."
NEW_TEMPLATE = "Mẫu in đã thay đổi từ khi duyệt; phải đọc bản nháp mới và duyệt lại."


def _claim(request_id: int, now: datetime) -> Issuance | None:
    """The lease, committed by itself: what goes wrong after it is a crash of this lease, and five in a row park."""
    return Issuance.objects.claim(request_id, now)


def _begin(claimed: Issuance, now: datetime) -> Issuance | None:
    """Both rows locked in the caller's transaction, when there is still something to do."""
    certificate_request = locked(claimed.pk)
    issuance = Issuance.objects.select_for_update(of=("self",)).select_related("certificate").get(pk=claimed.pk)
    if not issuance.holds(claimed.lease_no):
        return None
    if certificate_request.state != State.SIGNING:
        issuance.finish(now=now)
        issuance.save()
        return None
    if IssuingStop.objects.pulled().exists():
        issuance.try_again_later(STOPPED, now=now)
        issuance.save()
        return None
    issuance.attempts += 1
    issuance.save(update_fields=["attempts"])
    issuance.request = certificate_request
    return issuance


@transaction.atomic
def _intend(claimed: Issuance, now: datetime) -> Issuance | None:
    """Number, day and code are drawn in the transaction that stores what will be printed."""
    issuance = _begin(claimed, now)
    if issuance is None or issuance.certificate is not None:
        return issuance
    certificate_request = issuance.request
    if _is_too_late(certificate_request, now):
        raise PermanentFailure(TOO_LATE)
    draft = CertificateContent.from_json(issuance.content)
    if draft.template_version != template_version():
        raise PermanentFailure(NEW_TEMPLATE)
    if not _says_the_same_today(certificate_request, draft, clock.local_day(now)):
        raise PermanentFailure(ANOTHER_DAY)
    issuance.certificate = certificates.actions.intend(
        draft,
        authority=certificate_request.authority,
        certificate_type=certificate_request.declaration.certificate_type,
        verified_by=certificate_request.verified_by,
        approved_by=certificate_request.approved_by,
        approved_at=certificate_request.approved_at,
        at=now,
    )
    issuance.save()
    return issuance


def _is_too_late(certificate_request: CertificateRequest, now: datetime) -> bool:
    return now - certificate_request.approved_at > settings.ANSWER_MAX_AGE


def _says_the_same_today(certificate_request: CertificateRequest, draft: CertificateContent, today: date) -> bool:
    """What was approved before midnight is printed after it only where the day says the same of the person: a term of
    xóa án tích may have ended with it (BLHS, Art. 70), or one that was over may rest on a paper that is missing now.

    All else on the paper stays as it was approved, and does not depend on the day.
    """
    if today == clock.local_day(certificate_request.approved_at):
        return True
    found = findings.current(certificate_request, as_of=today)
    if found is None or not found.can_verify or isinstance(found.result, Undetermined):
        return False
    return (found.result.status, found.result.text, drafting.judgments(found.result)) == (
        draft.status,
        draft.status_text,
        draft.judgments,
    )


def prepare_certificate(request_id: int, *, at: datetime | None = None) -> None:
    """Store the intended content, render it, lint it, store the unsigned bytes; then wake the signer."""
    now = at or timezone.now()
    claimed = _claim(request_id, now)
    if claimed is None:
        return
    try:
        deciding.moment(claimed.request, at)
    except StepNotAllowed as set_back:
        _wait(claimed, set_back.message, now)
        return
    try:
        issuance = _intend(claimed, now)
    except (PermanentFailure, ContentRefused) as failure:  # before there was a number: nothing to void
        _abandon(request_id, failure.message, now)
        return
    except IssuingStopped as stopped:
        _wait(claimed, stopped.message, now)
        return
    if issuance is None:
        return
    failpoints.reach("after_intent")
    if _ran_through(issuance, lambda: certificates.actions.store_unsigned(issuance.certificate.pk), at):
        _hand_to_signer(issuance, at or timezone.now())


@transaction.atomic
def _hand_to_signer(issuance: Issuance, now: datetime) -> None:
    fresh = Issuance.objects.select_for_update().get(pk=issuance.pk)
    if fresh.holds(issuance.lease_no):
        fresh.put_back(now=now)
        fresh.attempts = 0
        fresh.save()
        doorbell.ring(tasks.sign_certificate, issuance.pk)


def _ran_through(issuance: Issuance, work, at: datetime | None) -> bool:
    """Do the talking with no transaction open. A permanent failure gives the request back; others are tried again."""
    try:
        work()
    except PermanentFailure as failure:
        _give_up(issuance, failure.message, at or timezone.now())
        return False
    except PortalError as error:
        _wait(issuance, error.message, at or timezone.now())
        return False
    except Exception as error:
        logger.exception("certificate not made yet", extra={"issuance": issuance.pk})
        _wait(issuance, f"Chưa lập được Phiếu ({type(error).__name__}); sẽ tự thử lại.", at or timezone.now())
        return False
    return True


@transaction.atomic
def _wait(issuance: Issuance, cause: str, now: datetime) -> None:
    fresh = Issuance.objects.select_for_update().get(pk=issuance.pk)
    if fresh.holds(issuance.lease_no):
        fresh.try_again_later(cause, now=now)
        fresh.save()


@transaction.atomic
def _give_up(issuance: Issuance, reason: str, now: datetime, *, failed: bool = True) -> None:
    """Void the certificate, its number stays spent, and hand the request back to the approver.

    `failed`: the machine could not make it, which three times in a row pulls the stop switch.
    """
    certificate_request = locked(issuance.pk)
    fresh = Issuance.objects.select_for_update().get(pk=issuance.pk)
    if not fresh.holds(issuance.lease_no) or certificate_request.state != State.SIGNING:
        return
    certificates.actions.void(fresh.certificate_id, reason, at=now, failed=failed)
    fresh.finish(now=now)
    fresh.last_cause = reason[:300]
    fresh.save()
    take_step(certificate_request.abandon_signing, by=SYSTEM, at=now, reason=reason)


@transaction.atomic
def _abandon(request_id: int, reason: str, now: datetime) -> None:
    """No certificate could be intended from what was approved: back to the approver, who sees why."""
    certificate_request = locked(request_id)
    issuance = Issuance.objects.select_for_update().get(pk=request_id)
    if certificate_request.state == State.SIGNING and issuance.certificate_id is None:
        issuance.finish(now=now)
        issuance.last_cause = reason[:300]
        issuance.save()
        take_step(certificate_request.abandon_signing, by=SYSTEM, at=now, reason=reason)


def _claim_for_signing(request_id: int, now: datetime) -> Issuance | None:
    waiting = Issuance.objects.select_related("certificate").filter(pk=request_id).first()
    if waiting is None or not waiting.is_ready_to_sign:
        return None
    claimed = _claim(request_id, now)
    if claimed is None:
        return None
    with transaction.atomic():
        return _begin(claimed, now)


def sign_certificate(request_id: int, *, at: datetime | None = None) -> None:
    """Sign, check what was signed by independent code, store it and issue: the last two in one transaction."""
    issuance = _claim_for_signing(request_id, at or timezone.now())
    if issuance is None:
        return
    if _is_too_late(issuance.request, at or timezone.now()):  # the signer, or the switch, stood still for a day
        _give_up(issuance, TOO_LATE, at or timezone.now(), failed=False)
        return
    signed: list[bytes] = []

    def work() -> None:
        signed.append(signing.sign(issuance.certificate_id))
        certificate = Certificate.objects.get(pk=issuance.certificate_id)
        verdict = verification.verify_signed(signed[0], certificate)
        if verdict.answer is verification.Answer.INDETERMINATE:
            raise NotReady("Chưa kiểm tra được chữ ký vừa tạo: " + " ".join(verdict.reasons))
        if not verdict.genuine:
            raise PermanentFailure("Chữ ký vừa tạo không qua được kiểm tra: " + " ".join(verdict.reasons))

    if _ran_through(issuance, work, at):
        _issue(issuance, signed[0], at or timezone.now())


@transaction.atomic
def _issue(issuance: Issuance, signed_pdf: bytes, now: datetime) -> None:
    certificate_request = locked(issuance.pk)
    fresh = Issuance.objects.select_for_update().get(pk=issuance.pk)
    if not fresh.holds(issuance.lease_no) or certificate_request.state != State.SIGNING:
        return
    if IssuingStop.objects.pulled().exists():
        fresh.try_again_later(STOPPED, now=now)
        fresh.save()
        return
    if not certificates.actions.record_signed(fresh.certificate_id, signed_pdf, at=now):
        raise RuntimeError(f"certificate {fresh.certificate_id} was decided without its request")
    issued = take_step(certificate_request.issue, by=SYSTEM, at=now, certificate=fresh.certificate)
    after_issue.watch(issued, at=now)
    revoking.replace_corrected(certificate_request, at=now)
    earlier_clear.remember_clear(certificate_request, at=now)
    fresh.finish(now=now)
    fresh.save()
    failpoints.reach("before_final_commit")


@transaction.atomic
def deliver(certificate_request: CertificateRequest, *, by, at: datetime | None = None) -> CertificateRequest:
    """Handed over. A second fetch of what was delivered takes no step; what counts no more is handed to nobody."""
    certificate_request = locked(certificate_request.pk)
    revoking.demand_in_force(certificate_request)
    if certificate_request.state == State.DELIVERED:
        return certificate_request
    return take_step(certificate_request.deliver, by=by, at=at or timezone.now())


@transaction.atomic
def fetch_signed_pdf(certificate_request: CertificateRequest, *, by: User, at: datetime | None = None) -> bytes:
    """The stored signed bytes, for the one who filed or whose request it is; fetching counts as delivered."""
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    AuditEvent.objects.record("fetch_certificate", actor=by, subject=certificate_request.code)
    certificate_request = deliver(certificate_request, by=SYSTEM, at=at)
    return bytes(certificate_request.certificate.signed_pdf)


def may_print(certificate_request: CertificateRequest, actor: User) -> bool:
    """The counter, while the certificate counts, where it is to be handed over on paper or posted."""
    return (
        certificate_request.state in {State.ISSUED, State.DELIVERED}
        and certificate_request.declaration.delivery != Declaration.Delivery.ELECTRONIC
        and permissions.intake_clerk(certificate_request, actor)
        and revoking.ending_of(certificate_request) is None
    )


def print_for_handing_over(certificate_request: CertificateRequest, *, by: User) -> bytes:
    """The stored signed bytes, for the clerk who prints them. No step: that is taken when the person has the paper."""
    if not may_print(certificate_request, by):
        raise PermissionDenied
    purpose = f"In Phiếu để trả: {certificate_request.declaration.get_delivery_display().lower()}"
    AuditEvent.objects.record("read_paper", actor=by, subject=certificate_request.code, purpose=purpose)
    return bytes(certificate_request.certificate.signed_pdf)


@transaction.atomic
def retry_parked(row: WaitingRow, *, by: User) -> None:
    """One press of an administrator: a parked row waits anew and the bell is rung."""
    fresh = type(row).objects.select_for_update(of=("self",)).select_related("request").get(pk=row.pk)
    if fresh.parked_at is None:
        raise StepNotAllowed("Việc này không còn bị dừng. Tải lại trang để xem tình trạng hiện tại.")
    fresh.put_back(now=timezone.now())
    fresh.save()
    # A paper for the register is of no request.
    subject = fresh.request.code if fresh.request else fresh.document_code
    AuditEvent.objects.record("retry_parked", actor=by, subject=subject, crashes=row.crashes)
    doorbell.ring(_task_for(fresh), fresh.pk)


def _task_for(row: WaitingRow) -> Task:
    if isinstance(row, Issuance):
        return tasks.sign_certificate if row.is_ready_to_sign else tasks.prepare_certificate
    if isinstance(row, OnlinePayment):
        return tasks.ask_payment_platform
    if isinstance(row, AttachmentScan):
        return tasks.scan_attachment
    if isinstance(row, Message):
        return tasks.send_message
    if isinstance(row, AfterIssue):
        return tasks.ask_after_issue
    if isinstance(row, FlowBack):
        return tasks.flow_back
    return tasks.print_paper if isinstance(row, Paper) else tasks.search_records

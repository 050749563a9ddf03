"""From approved content to an issued certificate: intend, print, record the signature; or void. And its end.

The caller (requests) holds the request's row; here only the certificate and its number are touched. Numbers are drawn
last, so that the number book's row is locked for the shortest time (reliability 1.7).
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from certificates import codes, lint, rendering
from certificates.content import CertificateContent, ContentRefused
from certificates.failures import IssuingStopped, PermanentFailure
from certificates.models import Certificate, Ending, IssuingStop, NumberBook, Revocation
from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.failpoints import reach

FAILURES_THAT_STOP = 3


def intend(
    content: CertificateContent,
    *,
    authority: Authority,
    certificate_type: int,
    verified_by: User,
    approved_by: User,
    approved_at: datetime,
    at: datetime,
) -> Certificate:
    """Give the approved draft its number, day and code and store it, in the caller's transaction."""
    _need_transaction("intend")
    refuse_when_stopped()
    if verified_by.pk == approved_by.pk:
        raise PermanentFailure("Người xác minh và người duyệt phải là hai người khác nhau.")
    if (content.certificate_type, content.number_suffix) != (certificate_type, authority.number_suffix):
        raise PermanentFailure("Nội dung phiếu không phải của cơ quan hoặc loại phiếu này; hãy lập lại bản nháp.")
    day = timezone.localtime(at).date()
    number = NumberBook.objects.draw(authority_id=authority.pk, certificate_type=certificate_type, year=day.year)
    code = codes.new_code()
    completed = content.completed(number=number, issued_on=day, code=code)
    certificate = Certificate.objects.create(
        authority=authority,
        certificate_type=certificate_type,
        year=day.year,
        number=number,
        code=code,
        content=completed.to_json(),
        content_sha256=completed.sha256,
        draft_sha256=content.draft_sha256,
        template_version=content.template_version,
        verified_by=verified_by,
        approved_by=approved_by,
        approved_at=approved_at,
        intended_at=at,
    )
    _note("intend_certificate", certificate)
    return certificate


def store_unsigned(certificate_id: int) -> None:
    """Print and read back with no transaction open, then keep the bytes that will be signed. Does nothing twice."""
    refuse_when_stopped()
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.status != Certificate.Status.INTENDED or certificate.unsigned_sha256:
        return
    try:
        content = certificate.frozen
        pdf = rendering.render(content)
    except ContentRefused as refusal:
        raise PermanentFailure(refusal.message) from refusal
    reach("after_render")
    if problems := lint.problems(pdf, content, draft_sha256=certificate.draft_sha256):
        raise PermanentFailure(f"Bản in không đạt kiểm tra: {' '.join(problems)}")
    Certificate.objects.intended().filter(pk=certificate_id, unsigned_pdf__isnull=True).update(
        unsigned_pdf=pdf, unsigned_sha256=hashlib.sha256(pdf).hexdigest()
    )
    reach("after_unsigned")


def record_signed(certificate_id: int, signed_pdf: bytes, *, at: datetime | None = None) -> bool:
    """intended → issued with the signed bytes, in the caller's transaction. False when it was decided meanwhile."""
    _need_transaction("record_signed")
    refuse_when_stopped()
    at = at or timezone.now()
    won = (
        Certificate.objects.intended()
        .filter(pk=certificate_id, unsigned_pdf__isnull=False)
        .update(
            status=Certificate.Status.ISSUED,
            signed_pdf=signed_pdf,
            signed_sha256=hashlib.sha256(signed_pdf).hexdigest(),
            signed_at=at,
            issued_at=at,
        )
    )
    if won:
        _note("issue_certificate", Certificate.objects.get(pk=certificate_id))
    return bool(won)


def void(certificate_id: int, reason: str, *, at: datetime | None = None, failed: bool = True) -> bool:
    """intended → void, in the caller's transaction; the number stays spent (Thông tư 13/2011/TT-BTP Art. 17).

    `failed` False: it was given up in good order, which says nothing against the machine.
    """
    _need_transaction("void")
    at = at or timezone.now()
    won = (
        Certificate.objects.intended()
        .filter(pk=certificate_id)
        .update(status=Certificate.Status.VOID, voided_at=at, void_reason=reason.strip()[:500] or "Không rõ lý do.")
    )
    if not won:
        return False
    _note("void_certificate", Certificate.objects.get(pk=certificate_id), reason=reason[:500])
    if failed and _three_failures_in_a_row():
        stop_issuing(f"{FAILURES_THAT_STOP} phiếu liên tiếp không lập được. Lý do sau cùng: {reason}", at=at)
    return True


# ---- what was issued and counts no more ----------------------------------------------------------------------------


def replace(certificate_id: int, *, by_certificate_id: int, at: datetime) -> bool:
    """issued → replaced, in the transaction that issues the other one. False when it counted no more before.

    A proposal to revoke it that is still open has nothing left to decide.
    """
    _need_transaction("replace")
    if not _still_issued(certificate_id):
        return False
    overtaken = Revocation.objects.filter(certificate=certificate_id, outcome="")
    overtaken.update(outcome=Revocation.Outcome.OVERTAKEN, decided_at=at)
    _end(certificate_id, Ending.Kind.REPLACED, at=at, replaced_by_id=by_certificate_id)
    return True


def propose_revocation(certificate_id: int, *, by: User, ground: str, reason: str, at: datetime) -> Revocation | None:
    """In the caller's transaction; None when the certificate counts no more, or somebody has proposed it already."""
    _need_transaction("propose_revocation")
    is_open = Revocation.objects.filter(certificate=certificate_id, outcome="").exists()
    if not _still_issued(certificate_id) or is_open:
        return None
    found = Revocation.objects.create(
        certificate_id=certificate_id, ground=ground, reason=reason, proposed_by=by, proposed_at=at
    )
    _note("propose_revocation", found.certificate, actor=by, ground=ground)
    return found


def decide_revocation(
    certificate_id: int, *, by: User, revoke: bool, reason: str = "", at: datetime
) -> Revocation | None:
    """issued → revoked, or left as it is; None when nothing is open. The database looks up that two people did it."""
    _need_transaction("decide_revocation")
    if not _still_issued(certificate_id):
        return None
    found = Revocation.objects.filter(certificate=certificate_id, outcome="").first()
    if found is None:
        return None
    Outcome = Revocation.Outcome
    found.outcome, found.decided_by, found.decided_at = Outcome.REVOKED if revoke else Outcome.DECLINED, by, at
    found.decision_reason = reason
    found.save()
    if revoke:
        _end(certificate_id, Ending.Kind.REVOKED, actor=by, at=at, revocation=found)
    else:
        _note("decline_revocation", found.certificate, actor=by)
    return found


def _still_issued(certificate_id: int) -> bool:
    """Locks the row: two endings at once are one after the other."""
    locked = Certificate.objects.issued().filter(pk=certificate_id).locked()
    return locked.values_list("pk", flat=True).first() is not None  # exists() would lock nothing


def _end(certificate_id: int, kind: str, *, at: datetime, actor: User | None = None, **cause: Any) -> None:
    ending = Ending.objects.create(certificate_id=certificate_id, kind=kind, at=at, **cause)
    Certificate.objects.issued().filter(pk=certificate_id).update(status=kind)
    _note("replace_certificate" if kind == Ending.Kind.REPLACED else "revoke_certificate", ending.certificate, actor)


# ---- the stop switch -----------------------------------------------------------------------------------------------


def refuse_when_stopped() -> None:
    stop = IssuingStop.objects.pulled().first()
    if stop is not None:
        raise IssuingStopped(
            f"Việc cấp phiếu đang tạm dừng từ {timezone.localtime(stop.pulled_at):%H:%M %d/%m/%Y}. Hồ sơ không mất; "
            "phiếu sẽ được lập tiếp khi quản trị viên cho chạy lại."
        )


@transaction.atomic
def stop_issuing(reason: str, *, by: User | None = None, at: datetime | None = None) -> bool:
    """Pull the switch; False when it is pulled already."""
    try:
        with transaction.atomic():
            IssuingStop.objects.create(reason=reason[:500], pulled_at=at or timezone.now(), pulled_by=by)
    except IntegrityError:  # one at a time
        return False
    AuditEvent.objects.record("stop_issuing", actor=by, reason=reason[:500])
    return True


@transaction.atomic
def resume_issuing(*, by: User | None = None, at: datetime | None = None) -> bool:
    """Let it go on; False when nothing was stopped."""
    released = IssuingStop.objects.pulled().update(released_at=at or timezone.now(), released_by=by)
    if released:
        AuditEvent.objects.record("resume_issuing", actor=by)
    return bool(released)


def _three_failures_in_a_row() -> bool:
    decided = Certificate.objects.decided()
    if released := IssuingStop.objects.last_release():
        decided = decided.filter(intended_at__gt=released)
    last = list(decided.values_list("status", flat=True)[:FAILURES_THAT_STOP])
    return last == [Certificate.Status.VOID] * FAILURES_THAT_STOP


def _need_transaction(act: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{act}() belongs into the transaction that moves the request.")


def _note(verb: str, certificate: Certificate, actor: User | None = None, **details: str) -> None:
    AuditEvent.objects.record(
        verb,
        actor=actor,
        subject=f"certificate:{certificate.pk}",
        authority_id=certificate.authority_id,
        number=certificate.number_text,
        **details,
    )

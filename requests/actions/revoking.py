"""A certificate that counts no more: replaced by its correction, or revoked by the office (Luật LLTP 2009, Art. 50).

Its bytes stay in the archive and its number is never used again; the public check page tells from the same moment on,
who filed is told, and nobody fetches it any more.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import certificates.actions
from certificates.models import Certificate, Ending, Revocation
from lltp_portal.accounts.models import User
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.languages import kept_words
from requests import permissions, telling
from requests.models import CertificateRequest
from requests.states import State
from requests.steps import locked

ISSUED = frozenset({State.ISSUED, State.DELIVERED})
LONGEST_REASON = 2000
NOTHING_OPEN = "Phiếu này không chờ quyết định thu hồi. Hãy tải lại trang để xem tình trạng hiện tại."
NOT_IN_FORCE = "Hồ sơ này không có Phiếu đang được chấp nhận để thu hồi."
ALREADY = "Phiếu này đã có đề nghị thu hồi chờ quyết định, hoặc không còn giá trị. Hãy tải lại trang."


def ending_of(certificate_request: CertificateRequest) -> Ending | None:
    """Since when and why its certificate counts no more; None while it counts, or before there is one."""
    if certificate_request.certificate_id is None:
        return None
    return Ending.objects.filter(certificate=certificate_request.certificate_id).first()


def open_proposal(certificate_request: CertificateRequest) -> Revocation | None:
    """What somebody has proposed and nobody has decided."""
    if certificate_request.certificate_id is None:
        return None
    found = Revocation.objects.filter(certificate=certificate_request.certificate_id, outcome="")
    return found.select_related("proposed_by").first()


def demand_in_force(certificate_request: CertificateRequest) -> None:
    """Raise StepNotAllowed for a certificate that was replaced or revoked."""
    ending = ending_of(certificate_request)
    if ending is None:
        return
    if ending.kind == Ending.Kind.REPLACED:
        raise StepNotAllowed(_("Phiếu này đã được thay bằng Phiếu khác nên không nhận được nữa."))
    raise StepNotAllowed(_("Phiếu này đã bị thu hồi nên không nhận được nữa."))


def replace_corrected(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """In the transaction that issues a correction: what it corrects counts no more. Nothing for other requests."""
    if certificate_request.corrects_id is None:
        return
    old = locked(certificate_request.corrects_id)
    assert old.certificate_id and certificate_request.certificate_id, "both were issued"
    if certificates.actions.replace(old.certificate_id, by_certificate_id=certificate_request.certificate_id, at=at):
        _tell(old, "certificate_replaced", at)


def _tell(certificate_request: CertificateRequest, event: str, at: datetime) -> None:
    with kept_words():
        telling.tell(certificate_request, event, at=at, facts={"ended": at})


# --- The office found it wrong ----------------------------------------------------------------------------------------


def may_propose(certificate_request: CertificateRequest, actor: User) -> bool:
    """Somebody who works on certificates at its office, while it counts and nobody has proposed it."""
    return (
        certificate_request.state in ISSUED
        and permissions.clerk_or_approver(certificate_request, actor)
        and Certificate.objects.issued().filter(pk=certificate_request.certificate_id).exists()
        and open_proposal(certificate_request) is None
    )


def may_decide(certificate_request: CertificateRequest, actor: User) -> bool:
    """The leader, about what another person has proposed."""
    proposal = open_proposal(certificate_request)
    return proposal is not None and _another_approver(certificate_request, actor, proposal)


def _another_approver(certificate_request: CertificateRequest, actor: User, proposal: Revocation) -> bool:
    return permissions.approver(certificate_request, actor) and permissions.is_another_person(
        proposal.proposed_by, actor
    )


@transaction.atomic
def propose_revocation(
    certificate_request: CertificateRequest, *, by: User, ground: str, reason: str, at: datetime | None = None
) -> Revocation:
    """Somebody of the office says why the certificate is wrong; it counts until another person has decided."""
    at = at or timezone.now()
    _demand_reason(reason, ground=ground)
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state not in ISSUED or certificate_request.certificate_id is None:
        raise StepNotAllowed(NOT_IN_FORCE)
    if not permissions.clerk_or_approver(certificate_request, by):
        raise PermissionDenied
    found = certificates.actions.propose_revocation(
        certificate_request.certificate_id, by=by, ground=ground, reason=reason.strip(), at=at
    )
    if found is None:
        raise StepNotAllowed(ALREADY)
    return found


@transaction.atomic
def decide_revocation(
    certificate_request: CertificateRequest, *, by: User, revoke: bool, reason: str = "", at: datetime | None = None
) -> Revocation:
    """The leader revokes, or leaves the certificate as it is and says why. Never who proposed it."""
    at = at or timezone.now()
    if not revoke:
        _demand_reason(reason)
    certificate_request = locked(certificate_request.pk)
    proposal = open_proposal(certificate_request)
    if proposal is None:
        raise StepNotAllowed(NOTHING_OPEN)
    if not _another_approver(certificate_request, by, proposal):
        raise PermissionDenied
    found = certificates.actions.decide_revocation(
        proposal.certificate_id, by=by, revoke=revoke, reason=reason.strip(), at=at
    )
    if found is None:
        raise StepNotAllowed(NOTHING_OPEN)
    if revoke:
        _tell(certificate_request, "certificate_revoked", at)
    return found


def _demand_reason(reason: str, *, ground: str | None = None) -> None:
    fields = {}
    if ground is not None and ground not in Revocation.Ground.values:
        fields["ground"] = [{"code": "required", "message": "Chọn căn cứ thu hồi."}]
    if not reason.strip() or len(reason) > LONGEST_REASON:
        words = f"Ghi rõ lý do, nhiều nhất {LONGEST_REASON} ký tự."
        fields["reason"] = [{"code": "required", "message": words}]
    if fields:
        raise Invalid("Có chỗ cần sửa trước khi gửi.", fields=fields)

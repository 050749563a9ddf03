"""A mistake in an issued certificate: a new request that puts it right (Luật Lý lịch tư pháp 2009, Art. 50)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from requests import fee_facts, filing_pages, permissions, policy
from requests.actions.copying import copy_declaration
from requests.actions.fee_terms import ask_for_fee
from requests.fee_breakdown import Breakdown
from requests.models import CertificateRequest, Correction
from requests.states import State
from requests.steps import locked

ISSUED = frozenset({State.ISSUED, State.DELIVERED})
DEAD = frozenset({State.REFUSED, State.WITHDRAWN, State.STOPPED})
LONGEST_CLAIM = 2000
STATUS_OF_RECORD = "status"  # what the certificate says of a record; no page of the form holds it
PAGES = ("person", "documents", "addresses", STATUS_OF_RECORD)
ISSUED_IT = "cơ quan đã cấp Phiếu được đính chính."
UNDECIDED = "Đính chính Phiếu đã cấp: chưa thu phí; cơ quan xem lỗi thuộc về ai khi tiếp nhận"
OUR_FAULT = "Đính chính do lỗi của cơ quan cấp Phiếu: không thu phí"
THEIR_FAULT = "Đính chính do khai chưa đúng"


def may_correct(certificate_request: CertificateRequest, actor: User) -> bool:
    """Who filed it, or the counter of the office that issued it; while there is a certificate that nothing replaced."""
    return certificate_request.state in ISSUED and (
        permissions.who_files(certificate_request, actor) or permissions.intake_clerk(certificate_request, actor)
    )


def open_one(certificate_request: CertificateRequest) -> CertificateRequest | None:
    """The correction that is under way, or has been issued: there is at most one."""
    return certificate_request.corrections.exclude(state__in=DEAD).order_by("-pk").first()


@transaction.atomic
def open_correction(
    certificate_request: CertificateRequest, *, by: User, page: str, what_is_wrong: str, at: datetime | None = None
) -> CertificateRequest:
    """Open the request that corrects this one: same person, the declaration copied, what is wrong in words.

    Raises StepNotAllowed when there is no certificate, or one correction already.
    """
    at = at or timezone.now()
    _demand_claim(page, what_is_wrong)
    old = locked(certificate_request.pk)
    if old.state not in ISSUED:
        raise StepNotAllowed(_("Chỉ đính chính được Phiếu đã cấp. Hồ sơ chưa có Phiếu thì bạn trả lời hoặc rút hồ sơ."))
    if not may_correct(old, by):
        raise PermissionDenied
    if open_one(old) is not None:
        raise StepNotAllowed(_("Phiếu này đã có yêu cầu đính chính. Xem yêu cầu đó trên trang hồ sơ."))
    Channel = CertificateRequest.Channel
    online = permissions.who_files(old, by) and not by.works_at_office
    new = CertificateRequest.objects.create(
        filed_by=by,
        account=old.account,
        channel=Channel.ONLINE if online else Channel.COUNTER,
        created_at=at,
        corrects=old,
    )
    new.declaration = copy_declaration(old.declaration, into=new)
    new.save()
    Correction.objects.create(request=new, page=page, what_is_wrong=what_is_wrong.strip(), opened_by=by, opened_at=at)
    AuditEvent.objects.record("correction_opened", actor=by, subject=old.code, authority_id=old.authority_id)
    return new


def _demand_claim(page: str, what_is_wrong: str) -> None:
    fields = {}
    if page not in PAGES or (page != STATUS_OF_RECORD and page not in filing_pages.BY_SLUG):
        fields["page"] = [{"code": "required", "message": _("Chọn phần có chỗ sai trên Phiếu.")}]
    if not what_is_wrong.strip() or len(what_is_wrong) > LONGEST_CLAIM:
        words = _("Viết Phiếu ghi sai gì và đúng ra là gì, nhiều nhất %(most)d ký tự.") % {"most": LONGEST_CLAIM}
        fields["what_is_wrong"] = [{"code": "required", "message": words}]
    if fields:
        raise Invalid(_("Có chỗ cần sửa trước khi gửi."), fields=fields)


def office(certificate_request: CertificateRequest, at: datetime) -> Authority | None:
    """For a correction: the office that issued, while there is one. None leaves it to the declaration."""
    if certificate_request.corrects_id is None:
        return None
    issued_by = certificate_request.corrects.authority
    return Authority.objects.in_force_on(policy.law_day(at)).filter(pk=issued_by.pk).first()


def fee_by_fault(certificate_request: CertificateRequest, fee: Breakdown) -> dict[str, Any]:
    """For a correction: no fee unless the mistake was the applicant's; `fee` is what the declaration costs otherwise.

    Nothing for any other request.
    """
    if certificate_request.corrects_id is None:
        return {}
    fault = certificate_request.correction.fault
    if fault == Correction.Fault.APPLICANT:
        reason = f"{THEIR_FAULT}. {fee.reason}"
        return {"fee_amount": fee.to_pay, "fee_reason": reason, "fee_breakdown": fee.to_json()}
    return {"fee_amount": 0, "fee_reason": OUR_FAULT if fault else UNDECIDED, "fee_breakdown": {}}


@transaction.atomic
def decide_fault(
    certificate_request: CertificateRequest, *, by: User, fault: str, reason: str, at: datetime | None = None
) -> CertificateRequest:
    """The counter says, once, whose mistake the issued certificate shows; the applicant's costs the fee again."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if not may_decide_fault(certificate_request, by):
        if certificate_request.state == State.SUBMITTED and undecided(certificate_request):
            raise PermissionDenied
        raise StepNotAllowed("Hồ sơ này không chờ xem lỗi thuộc về ai. Hãy tải lại trang.")
    if fault not in Correction.Fault.values or not reason.strip():
        words = "Chọn lỗi thuộc về ai và ghi căn cứ."
        raise Invalid(words, fields={"fault": [{"code": "required", "message": words}]})
    Correction.objects.filter(request=certificate_request).update(
        fault=fault, fault_reason=reason.strip(), decided_by=by, decided_at=at
    )
    AuditEvent.objects.record("fault_decided", actor=by, subject=certificate_request.code, fault=fault)
    certificate_request = locked(certificate_request.pk)
    fee = fee_facts.of_declaration(
        certificate_request.declaration,
        channel=certificate_request.channel,
        authority=certificate_request.authority,
        at=at,
    )
    for name, value in fee_by_fault(certificate_request, fee).items():
        setattr(certificate_request, name, value)
    certificate_request.save()
    if not certificate_request.fee_settled:
        ask_for_fee(certificate_request, by=by, at=at, reason=reason.strip())
    return certificate_request


def undecided(certificate_request: CertificateRequest) -> bool:
    """Whether nobody has said yet whose mistake it was."""
    return certificate_request.corrects_id is not None and not certificate_request.correction.fault


def may_decide_fault(certificate_request: CertificateRequest, actor: User) -> bool:
    return (
        certificate_request.state == State.SUBMITTED
        and undecided(certificate_request)
        and permissions.intake_clerk(certificate_request, actor)
    )


def demand_decided(certificate_request: CertificateRequest) -> None:
    """Raise StepNotAllowed while it is open whose mistake a correction is about: the fee hangs on it."""
    if undecided(certificate_request):
        raise StepNotAllowed("Ghi lỗi thuộc về ai trước khi tiếp nhận hồ sơ đính chính, vì phí tùy thuộc vào đó.")

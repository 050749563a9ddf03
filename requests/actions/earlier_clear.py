"""The shortcut of Nghị định 111/2010/NĐ-CP, Điều 28: who was found without a record from before 1 July 2010 once need
not be asked about again at police, court and defence; kept when a certificate is issued, set aside by a clerk.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from requests import clock, findings, inquiries
from requests.actions.concluding_without_paper import records_of
from requests.actions.inquiring import ASKED_IN, demand_clerk, refused
from requests.identity_keys import identity_key
from requests.models import CertificateRequest, EarlierClear, EarlierClearChoice, InquiryAnswer
from requests.sources import LAW_BEGAN, Source
from requests.steps import locked

LONGEST_REASON = 500


def remember_clear(certificate_request: CertificateRequest, *, at: datetime) -> EarlierClear | None:
    """In the transaction that issues: keep that the police had nothing, where nothing from before the law was found."""
    key = identity_key(certificate_request.declaration)
    answer = _answer_of_police(certificate_request) if key else None
    if answer is None:
        return None
    found = findings.current(certificate_request, as_of=clock.local_day(at))
    if found is None or _has_earlier_record(found):
        return None
    return EarlierClear.objects.create(identity_key=key, request=certificate_request, answer=answer, at=at)


def _answer_of_police(certificate_request: CertificateRequest) -> InquiryAnswer | None:
    police = [one for one in inquiries.asked(certificate_request) if one.inquiry.source == Source.POLICE]
    settled = [one for one in police if one.is_settled]
    return settled[-1].answer if settled and settled[-1].says_nothing_exists else None


def _has_earlier_record(found: findings.Findings) -> bool:
    """A judgment or an arrest from before the law began, whatever has become of it."""
    if found.agencies is not None and found.agencies.hits:
        return True
    return any(
        (conviction.offence_date or conviction.judgment_date) < LAW_BEGAN
        for record in records_of(found)
        for conviction in record.convictions
    )


@transaction.atomic
def choose_earlier_clear(
    certificate_request: CertificateRequest, *, by: User, used: bool, reason: str, at: datetime | None = None
) -> EarlierClearChoice:
    """Set the shortcut aside for this request, or take it up again."""
    at = at or timezone.now()
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise refused("reason", f"Ghi lý do, nhiều nhất {LONGEST_REASON} ký tự.")
    certificate_request = locked(certificate_request.pk)
    demand_clerk(certificate_request, by)
    if certificate_request.state not in ASKED_IN:
        raise StepNotAllowed("Chỉ thay đổi được khi hồ sơ đang được thẩm tra. Hãy tải lại trang.")
    earlier = inquiries.earlier_clear(certificate_request)
    if earlier is None:
        raise StepNotAllowed("Không có Phiếu nào trước đây của đúng người này để dùng.")
    choice = EarlierClearChoice.objects.create(
        request=certificate_request, earlier=earlier, used=used, reason=reason, by=by, at=at
    )
    AuditEvent.objects.record("choose_earlier_clear", actor=by, subject=certificate_request.code, used=used)
    return choice

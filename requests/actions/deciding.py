"""Verifying, returning, approving: the acts for which a person answers by name."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from certificates.content import CertificateContent
from lltp_portal import doorbell
from lltp_portal.accounts.models import User
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from records.determination import Undetermined
from records.registry import CLOCK_SKEW
from requests import drafting, permissions, tasks
from requests.actions.candidates import findings_or_refuse, kept_case, settle
from requests.actions.searching import ask_for_renewal
from requests.findings import Findings
from requests.models import CertificateRequest, Issuance
from requests.states import State
from requests.steps import locked, take_step

CLOCK_SET_BACK = (
    "Đồng hồ máy chủ chậm hơn lần xử lý trước của hồ sơ này nên chưa làm tiếp được. Báo bộ phận kỹ thuật chỉnh giờ, "
    "rồi làm lại."
)


def demand_settled(found: Findings, at: datetime) -> None:
    """Every candidate has been decided, by as many people as must; else StepNotAllowed says what is missing."""
    words = found.words
    if words.needs_two and not words.both_finished:
        raise StepNotAllowed(
            "Hồ sơ này cần hai người quyết định độc lập, và chưa đủ hai người. "
            "Hãy đợi người thứ hai quyết định mọi hồ sơ trung ương."
        )
    if words.awaits_leader:
        raise StepNotAllowed("Hai người quyết định khác nhau. Hãy đợi lãnh đạo quyết định rồi xác minh.")
    if not found.person_is_settled:
        raise StepNotAllowed(
            f"Còn {len(found.to_decide) + len(found.in_doubt)} hồ sơ trung ương chưa được kết luận là của ai. "
            "Hãy quyết định từng hồ sơ trước khi xác minh."
        )
    kept_case(found, at)
    settle(words, at)


def moment(certificate_request: CertificateRequest, at: datetime | None) -> datetime:
    """Now, by a clock that has not been set back: an earlier day would leave out what took effect since, and print
    what was expunged since. Raises StepNotAllowed. `at` is what demo and tests say."""
    if at is not None:
        return at
    now, last = timezone.now(), certificate_request.history().last()
    if last is not None and now < last.at - CLOCK_SKEW:
        raise StepNotAllowed(CLOCK_SET_BACK)
    return now


@transaction.atomic
def verify(certificate_request: CertificateRequest, *, by: User, at: datetime | None = None) -> CertificateRequest:
    """The clerk answers for the person and the text. Refused while a candidate or the determination is open."""
    certificate_request = locked(certificate_request.pk)
    at = moment(certificate_request, at)
    if certificate_request.state != State.REVIEWING:
        raise StepNotAllowed(
            f"Hồ sơ đang ở bước “{certificate_request.get_state_display()}” nên chưa xác minh được. Hãy tải lại trang."
        )
    if not permissions.verifying_clerk(certificate_request, by):
        raise PermissionDenied
    found = findings_or_refuse(certificate_request, at)
    demand_settled(found, at)
    if found.obstacles:
        raise StepNotAllowed(" ".join(found.obstacles))
    if isinstance(found.result, Undetermined):
        raise StepNotAllowed(
            "Chưa xác định được tình trạng án tích: "
            + "; ".join(found.result.reasons)
            + ". Hãy hỏi cơ quan khác, yêu cầu bổ sung, hoặc dừng xử lý."
        )
    draft = drafting.draft_or_none(certificate_request, found.result, signatory=None)
    return take_step(certificate_request.verify, by=by, at=at, verified_by=by, content=draft.to_json() if draft else "")


@transaction.atomic
def return_to_clerk(
    certificate_request: CertificateRequest, *, by: User, reason: str, at: datetime | None = None
) -> CertificateRequest:
    """The approver sends it back, saying why."""
    if not reason.strip():
        message = "Nhập lý do trả lại để chuyên viên biết cần xem lại điều gì."
        raise Invalid(message, fields={"reason": [{"code": "required", "message": message}]})
    certificate_request = locked(certificate_request.pk)
    return take_step(certificate_request.return_to_clerk, by=by, at=at or timezone.now(), reason=reason.strip())


def answer_is_too_old(found: Findings, at: datetime) -> bool:
    """Older than 24 hours: nothing is signed on it."""
    return at - found.answer.as_of > settings.ANSWER_MAX_AGE


def approve(
    certificate_request: CertificateRequest, *, by: User, draft_sha256: str, at: datetime | None = None
) -> CertificateRequest:
    """Another person agrees to exactly the draft on their screen; the machine prepares and signs it.

    Raises Stale, showing the difference, when the draft would be another now; and when the answer is older than
    24 hours, after ringing for a new one.
    """
    at = moment(certificate_request, at)
    try:
        return _approve(certificate_request, by=by, draft_sha256=draft_sha256, at=at)
    except AnswerTooOld:
        ask_for_renewal(certificate_request)
        raise


class AnswerTooOld(Stale):
    """The central database's answer is older than 24 hours; it is being asked again."""

    code = "answer_too_old"


@transaction.atomic
def _approve(
    certificate_request: CertificateRequest, *, by: User, draft_sha256: str, at: datetime
) -> CertificateRequest:
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state != State.VERIFIED:
        raise StepNotAllowed(
            f"Hồ sơ đang ở bước “{certificate_request.get_state_display()}” nên không duyệt được nữa. "
            "Có thể người khác vừa xử lý. Hãy tải lại trang."
        )
    if not permissions.another_approver(certificate_request, by):
        raise PermissionDenied
    found = findings_or_refuse(certificate_request, at)
    if answer_is_too_old(found, at):
        raise AnswerTooOld(
            "Trả lời của cơ sở dữ liệu trung ương đã quá 24 giờ, đang tra cứu lại. Hãy thử lại sau ít phút."
        )
    if not found.can_verify or isinstance(found.result, Undetermined):
        raise StepNotAllowed("Kết quả tra cứu hiện chưa cho phép ký. Hãy trả lại chuyên viên.")
    draft = drafting.draft(certificate_request, found.result, signatory=by)
    if draft.draft_sha256 != draft_sha256:
        raise Stale("Nội dung Phiếu đã thay đổi từ khi bạn mở trang. Hãy đọc lại bản nháp mới rồi quyết định.")
    take_step(certificate_request.approve, by=by, at=at, approved_by=by)
    _make_wait_for_signing(certificate_request, draft, at)
    return certificate_request


def _make_wait_for_signing(certificate_request: CertificateRequest, draft: CertificateContent, at: datetime) -> None:
    issuance = Issuance.objects.filter(pk=certificate_request.pk).first() or Issuance(request=certificate_request)
    issuance.put_back(now=at)
    issuance.attempts, issuance.certificate = 0, None
    issuance.content, issuance.draft_sha256 = draft.to_json(), draft.draft_sha256
    issuance.save()
    doorbell.ring(tasks.prepare_certificate, certificate_request.pk)

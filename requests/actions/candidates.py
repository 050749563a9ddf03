"""Deciding who somebody is: one clerk, or two who do not see each other's answer and a leader where they differ."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from requests import clock, findings, permissions, two_people
from requests.findings import Findings
from requests.models import CandidateCase, CandidateDecision, CertificateRequest, Settlement, ShownComparison
from requests.states import State
from requests.steps import locked
from requests.two_people import Words

DECIDED_IN = frozenset({State.REVIEWING, State.CONSULTING})
SET_ASIDE = (
    "Cơ sở dữ liệu trung ương đã loại hồ sơ này ngay khi tìm, án không được đọc, nên không quyết định được. "
    "Nếu cho rằng đúng là người này: thông tin khai sai thì yêu cầu bổ sung; dữ liệu trung ương sai thì đề nghị "
    "cơ quan quản lý cơ sở dữ liệu sửa; sau đó tra cứu lại."
)
ANOTHER_SCREEN = "Bảng so sánh đã thay đổi từ khi bạn mở trang. Hãy xem lại rồi quyết định."


def findings_or_refuse(certificate_request: CertificateRequest, at: datetime) -> Findings:
    found = findings.current(certificate_request, as_of=clock.local_day(at))
    if found is None:
        raise StepNotAllowed("Chưa có trả lời đầy đủ của cơ sở dữ liệu trung ương. Hãy đợi tra cứu xong.")
    return found


@transaction.atomic
def decide_candidate(
    certificate_request: CertificateRequest,
    *,
    by: User,
    register_id: str,
    decision: str,
    ground: str,
    findings_digest: str,
    shown_sha256: str = "",
    at: datetime | None = None,
) -> CandidateDecision:
    """A clerk says whether a candidate is the applicant, and on what ground. Their newest decision counts.

    `shown_sha256` names the comparison that was on the screen; Stale where it would look different now.
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    _demand_open(certificate_request)
    if not permissions.verifying_clerk(certificate_request, by):
        raise PermissionDenied
    found = findings_or_refuse(certificate_request, at)
    _demand_whole(found, register_id, decision, ground, findings_digest, shown_sha256)
    if not found.words.may_say(by):
        raise StepNotAllowed(
            "Hai người đã quyết định xong hồ sơ này, nên quyết định không đổi được nữa. Hãy tải lại trang."
        )
    return _decide(certificate_request, found, by, register_id, decision, ground, at, as_leader=False)


@transaction.atomic
def decide_between(
    certificate_request: CertificateRequest,
    *,
    by: User,
    register_id: str,
    decision: str,
    ground: str,
    findings_digest: str,
    shown_sha256: str = "",
    at: datetime | None = None,
) -> CandidateDecision:
    """Where two people differ, a leader who is neither of them decides, having read both."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    _demand_open(certificate_request)
    if not permissions.approver(certificate_request, by):
        raise PermissionDenied
    found = findings_or_refuse(certificate_request, at)
    _demand_whole(found, register_id, decision, ground, findings_digest, shown_sha256)
    if register_id not in found.words.differing or not found.words.awaits_leader:
        raise StepNotAllowed("Hồ sơ này không chờ lãnh đạo quyết định. Hãy tải lại trang.")
    if not found.words.may_settle(by):
        raise PermissionDenied
    if decision == CandidateDecision.Decision.ASK:
        raise Invalid(
            "Chọn đúng người này, hoặc không phải. Cần hỏi thêm thì chuyên viên gửi yêu cầu bổ sung hoặc hỏi cơ quan.",
            fields={"decision": [{"code": "settle", "message": "Chọn đúng người này, hoặc không phải."}]},
        )
    return _decide(certificate_request, found, by, register_id, decision, ground, at, as_leader=True)


def _demand_open(certificate_request: CertificateRequest) -> None:
    if certificate_request.state not in DECIDED_IN:
        raise StepNotAllowed("Chỉ quyết định được khi hồ sơ đang được thẩm tra. Hãy tải lại trang.")


def _demand_whole(
    found: Findings, register_id: str, decision: str, ground: str, findings_digest: str, shown_sha256: str
) -> None:
    """What was on the screen is what is there, and the decision says whom, what and why."""
    if found.answer.findings_digest != findings_digest:
        raise Stale("Kết quả tra cứu đã thay đổi từ khi bạn mở trang. Hãy xem lại rồi quyết định.")
    if shown_sha256 and shown_sha256 != found.shown_sha256:
        raise Stale(ANOTHER_SCREEN)
    if register_id in dict(found.answer.set_aside):
        raise Invalid(SET_ASIDE)
    if register_id not in {weighed.record.register_id for weighed in found.matching.candidates}:
        raise Invalid("Không có hồ sơ trung ương này trong kết quả tra cứu. Hãy tải lại trang.")
    if decision not in CandidateDecision.Decision.values:
        raise Invalid("Chọn một trong ba: đúng người này, không phải, chưa rõ.")
    if not ground.strip():
        raise Invalid(
            "Ghi căn cứ của quyết định, ví dụ trường nào trùng, trường nào khác.",
            fields={"ground": [{"code": "required", "message": "Ghi căn cứ của quyết định."}]},
        )


def _decide(
    certificate_request: CertificateRequest,
    found: Findings,
    by: User,
    register_id: str,
    decision: str,
    ground: str,
    at: datetime,
    *,
    as_leader: bool,
) -> CandidateDecision:
    """The row, with what was on the screen; then what stands because of it."""
    case = kept_case(found, at)
    row = CandidateDecision.objects.create(
        request=certificate_request,
        declaration=certificate_request.declaration,
        lookup=found.search.lookup,
        findings_digest=found.answer.findings_digest,
        register_id=register_id,
        decision=decision,
        ground=ground.strip(),
        by=by,
        at=at,
        shown=_kept_comparison(certificate_request, found, at),
        as_leader=as_leader,
    )
    settle(two_people.words_of(certificate_request, case), at)
    return row


def _kept_comparison(certificate_request: CertificateRequest, found: Findings, at: datetime) -> ShownComparison:
    """What is on the screen, once however many decisions are made on it."""
    shown, _ = ShownComparison.objects.get_or_create(
        request=certificate_request,
        sha256=found.shown_sha256,
        defaults={
            "declaration": certificate_request.declaration,
            "findings_digest": found.answer.findings_digest,
            "version": found.matching.version,
            "content": found.shown_text,
            "at": at,
        },
    )
    return shown


def kept_case(found: Findings, at: datetime) -> CandidateCase:
    """The case as a row: from the first decision on, what was drawn stands (a trigger asks for it at `verify`)."""
    case = found.words.case
    if case.pk is None:
        case.at = at
        case.save(force_insert=True)
    return case


def settle(words: Words, at: datetime) -> None:
    """Write down what stands of a case of two people: who said it, and who decided between them."""
    if not words.needs_two or not words.both_finished:
        return
    done = set(Settlement.objects.filter(case=words.case).values_list("register_id", flat=True))
    for register_id, row in words.standing.items():
        if register_id not in done:
            first, second = words.pair(register_id)
            if first is not None and second is not None:
                third = row if row.as_leader else None
                Settlement.objects.create(
                    case=words.case,
                    register_id=register_id,
                    decision=row.decision,
                    first=first,
                    second=second,
                    third=third,
                    at=at,
                )

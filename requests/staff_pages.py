"""What the pages of clerks and approvers share: who opens them, the log of reading, history in words."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Stale
from requests.models import CertificateRequest, RequestStep
from requests.states import State

STEP_WORDS = {
    "submit": "Gửi yêu cầu",
    "ask_payment": "Yêu cầu nộp phí",
    "record_payment": "Ghi nhận đã nộp phí",
    "receive": "Tiếp nhận hồ sơ",
    "finish_search": "Tra cứu xong",
    "consult": "Hỏi cơ quan khác",
    "finish_consulting": "Cơ quan khác đã trả lời",
    "ask_supplement": "Yêu cầu bổ sung",
    "answer_supplement": "Người yêu cầu đã bổ sung",
    "search_again": "Tra cứu lại",
    "verify": "Xác minh xong, chuyển ký",
    "return_to_clerk": "Lãnh đạo trả lại",
    "approve": "Duyệt ký",
    "abandon_signing": "Không ký được, trả về chờ ký",
    "issue": "Đã ký và cấp Phiếu",
    "deliver": "Đã trả kết quả",
    "refuse": "Từ chối tiếp nhận",
    "withdraw": "Người yêu cầu rút hồ sơ",
    "stop": "Dừng xử lý",
}
# Their words may tell of a record, so only who may read findings reads them.
ABOUT_RECORDS = frozenset({"consult", "finish_consulting", "return_to_clerk"})
View = Callable[..., HttpResponse]


def for_roles(*roles: str) -> Callable[[View], View]:
    """A page of people of an office with one of these roles; 403 for who else works there.

    Everybody else gets 404 for a page about one request: not even a refusal tells that it exists.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            user = request.user
            if user.works_at_office and user.has_role(*roles):
                return view(request, *args, **kwargs)
            if "code" in kwargs and not (
                user.works_at_office and of_my_office(user).filter(code=kwargs["code"]).exists()
            ):
                raise Http404
            raise PermissionDenied

        return checked

    return decorate


def of_my_office(user: User):
    """Requests that were sent to this person's office; 404 for all others, so that nobody learns that they exist."""
    return CertificateRequest.objects.visible_to(user).filter(authority=user.authority_id).exclude(state=State.DRAFT)


def find_or_404(user: User, code: str) -> CertificateRequest:
    return get_object_or_404(of_my_office(user).with_people(), code=code)


def log_reading(certificate_request: CertificateRequest, user: User, purpose: str) -> None:
    """Record data is about to be shown: written and committed first, so that without the line there is no page."""
    with transaction.atomic(durable=True):
        AuditEvent.objects.record(
            "view_findings",
            actor=user,
            subject=certificate_request.code,
            purpose=purpose,
            declaration=certificate_request.declaration.version,
        )


def log_opening(certificate_request: CertificateRequest, user: User) -> None:
    """The declaration is about to be shown, without findings: a reading too (Nghị định 216, Art. 4)."""
    if certificate_request.account_id != user.pk:
        AuditEvent.objects.record("read_request", actor=user, subject=certificate_request.code)


def demand_version(certificate_request: CertificateRequest, version: str) -> None:
    """Refuse what was decided on a page older than the locked row; the page tells what happened since."""
    if version != str(certificate_request.step_count):
        raise Stale(
            "Hồ sơ đã thay đổi từ khi bạn mở trang, nên việc này chưa được thực hiện. "
            "Hãy xem lại hồ sơ như hiện nay rồi quyết định."
        )


class Entry(NamedTuple):
    """One line of the history."""

    act: str
    detail: str
    at: datetime


def history_entries(steps: Iterable[RequestStep], *, with_records: bool) -> list[Entry]:
    """Newest first, with who and why: colleagues see names, citizens only the office (look 6.5)."""
    return [
        Entry(STEP_WORDS[step.step], _who_and_why(step, with_records=with_records), step.at)
        for step in reversed(list(steps))
    ]


def _who_and_why(step: RequestStep, *, with_records: bool) -> str:
    who = step.actor.full_name if step.actor else "Hệ thống"
    why = told_in_brief(step) if with_records or step.step not in ABOUT_RECORDS else ""
    return f"{who}. {why}" if why else who


def told_in_brief(step: RequestStep) -> str:
    """The step's words; of a question with several items only how many, because the page shows them item by item."""
    lines = step.reason.splitlines()
    if step.step in {"ask_supplement", "answer_supplement"} and len(lines) > 1:
        return f"{len(lines)} mục"
    return one_line(step.reason)


def one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def history(certificate_request: CertificateRequest) -> list[RequestStep]:
    return list(certificate_request.history().select_related("actor"))


def changes_since(steps: Iterable[RequestStep], version: str, *, with_records: bool) -> list[Entry]:
    """What happened after the page with this version was made."""
    since = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    return history_entries((step for step in steps if step.seq > since), with_records=with_records)

"""Complaints and feedback about a request: written by who files, taken up and answered by the office's administrator.

Khiếu nại: Luật Khiếu nại 2011, Art. 27 and 28. Phản ánh, kiến nghị: the portal's own limit, FEEDBACK_DAYS.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import national_calendar
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from lltp_portal.waiting import each
from requests import permissions
from requests.asking import limits
from requests.models import CertificateRequest, Complaint
from requests.states import State
from requests.steps import locked
from requests.telling import tell

LONGEST = 4000
REMINDED_BEFORE = timedelta(days=2)
administrator = permissions.office("authority_administrator")


def may_complain(certificate_request: CertificateRequest, actor: User) -> bool:
    return certificate_request.state != State.DRAFT and permissions.who_files(certificate_request, actor)


@transaction.atomic
def complain(
    certificate_request: CertificateRequest, *, by: User, kind: str, text: str, at: datetime | None = None
) -> Complaint:
    """Write to the office about this request. One at a time: while one is open, no other."""
    at = at or timezone.now()
    _demand_text(kind, text)
    certificate_request = locked(certificate_request.pk)
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    if certificate_request.state == State.DRAFT:
        raise StepNotAllowed(_("Hồ sơ chưa gửi nên chưa có gì để khiếu nại."))
    if certificate_request.complaints.open().exists():
        raise StepNotAllowed(_("Bạn đã gửi một khiếu nại, phản ánh về hồ sơ này và đang chờ trả lời."))
    complaint = Complaint.objects.create(
        request=certificate_request,
        kind=kind,
        text=text.strip(),
        by=by,
        received_at=at,
        due_at=_first_limit(kind, at),
    )
    _record("complaint_received", complaint, by)
    return complaint


def _demand_text(kind: str, text: str) -> None:
    fields = {}
    if kind not in Complaint.Kind.values:
        fields["kind"] = [{"code": "required", "message": _("Chọn khiếu nại, hoặc phản ánh, kiến nghị.")}]
    if not text.strip():
        fields["text"] = [{"code": "required", "message": _("Viết điều bạn muốn chúng tôi xem lại.")}]
    elif len(text) > LONGEST:
        words = _("Rút gọn lại: nhiều nhất %(limit_value)d ký tự, bạn đã nhập %(show_value)d.")
        words %= {"limit_value": LONGEST, "show_value": len(text)}
        fields["text"] = [{"code": "max_length", "message": words}]
    if fields:
        raise Invalid(_("Có chỗ cần sửa trước khi gửi."), fields=fields)


def _first_limit(kind: str, at: datetime) -> datetime:
    """A complaint has to be taken up, feedback to be answered."""
    calendar = national_calendar()
    if kind == Complaint.Kind.COMPLAINT:
        return limits.days_later(at, limits.ACKNOWLEDGE_DAYS, calendar)
    return limits.working_days_later(at, settings.FEEDBACK_DAYS, calendar)


@transaction.atomic
def take_up_complaint(
    certificate_request: CertificateRequest, *, by: User, shown: str = "", at: datetime | None = None
) -> Complaint:
    """Thụ lý: from here the office has 30 days to answer a complaint; feedback keeps its own limit.

    `shown` names the complaint that was on the screen (Complaint.shown); Stale where another one is open now.
    """
    at = at or timezone.now()
    complaint = _handled_by(certificate_request, by, shown)
    due_at = complaint.due_at
    if complaint.kind == Complaint.Kind.COMPLAINT:
        due_at = limits.days_later(at, limits.ANSWER_DAYS, national_calendar())
    moved = Complaint.objects.filter(pk=complaint.pk, status=Complaint.Status.RECEIVED).update(
        status=Complaint.Status.IN_WORK, in_work_at=at, in_work_by=by, due_at=due_at
    )
    if not moved:
        raise StepNotAllowed("Khiếu nại này đã được thụ lý. Hãy tải lại trang.")
    return _told("complaint_in_work", complaint.pk, by, at)


@transaction.atomic
def answer_complaint(
    certificate_request: CertificateRequest, *, by: User, answer: str, shown: str = "", at: datetime | None = None
) -> Complaint:
    """What the office says to it. A complaint has to be taken up first (Art. 27); feedback may be answered at once."""
    at = at or timezone.now()
    if not answer.strip() or len(answer) > LONGEST:
        words = f"Viết nội dung trả lời, nhiều nhất {LONGEST} ký tự."
        raise Invalid(words, fields={"answer": [{"code": "required", "message": words}]})
    complaint = _handled_by(certificate_request, by, shown)
    open_statuses = [Complaint.Status.IN_WORK]
    if complaint.kind == Complaint.Kind.FEEDBACK:
        open_statuses.append(Complaint.Status.RECEIVED)
    moved = Complaint.objects.filter(pk=complaint.pk, status__in=open_statuses).update(
        status=Complaint.Status.ANSWERED, answered_at=at, answered_by=by, answer=answer.strip()
    )
    if not moved:
        raise StepNotAllowed("Bấm “Thụ lý” trước khi trả lời khiếu nại.")
    return _told("complaint_answered", complaint.pk, by, at)


def _handled_by(certificate_request: CertificateRequest, by: User, shown: str) -> Complaint:
    """The open complaint about the locked request, for the administrator of its office. Raises what fits."""
    certificate_request = locked(certificate_request.pk)
    if not administrator(certificate_request, by):
        raise PermissionDenied
    complaint = certificate_request.complaints.open().first()
    if complaint is None:
        raise StepNotAllowed("Hồ sơ này không có khiếu nại, phản ánh nào đang chờ.")
    if shown and shown != complaint.shown:
        raise Stale("Người yêu cầu vừa gửi khiếu nại, phản ánh khác. Hãy đọc nội dung mới rồi trả lời.")
    return complaint


def _told(verb: str, pk: int, by: User, at: datetime) -> Complaint:
    """Written to the log, and told to who complained."""
    complaint = Complaint.objects.select_related("request").get(pk=pk)
    _record(verb, complaint, by)
    tell(complaint.request, verb, at=at, key=str(complaint.received_at.timestamp()), facts={"kind": complaint.kind})
    return complaint


def _record(verb: str, complaint: Complaint, by: User | None) -> None:
    AuditEvent.objects.record(
        verb,
        actor=by,
        subject=complaint.request.code,
        authority_id=complaint.request.authority_id,
        kind=complaint.kind,
    )


def remind_of_complaints(now: datetime | None = None) -> int:
    """Put what the office has to do within two days, or has let pass, before its administrator; once a limit."""
    now = now or timezone.now()
    near = Complaint.objects.open().filter(due_at__lte=now + REMINDED_BEFORE).not_reminded_of_this_limit()
    return each(near.values_list("pk", flat=True), lambda pk: _remind(pk, now), what="complaint reminder")


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    complaint = Complaint.objects.open().select_for_update(of=("self",)).select_related("request").filter(pk=pk).first()
    if complaint is None or complaint.due_at - REMINDED_BEFORE > now or complaint.reminded_of == complaint.due_at:
        return False
    Complaint.objects.filter(pk=pk).update(reminded_of=complaint.due_at)
    _record("complaint_due", complaint, None)
    return True

"""Asking another agency, reminding it, taking a question back: numbered letters, with a day until which to answer."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.waiting import each
from requests import clock, inquiries, papers, permissions, policy
from requests.actions.terms import extend_for_expungement
from requests.models import AwaitedAnswer, CertificateRequest, Inquiry, InquiryEvent
from requests.questions import question_about
from requests.sources import Source
from requests.states import OPEN, State
from requests.steps import locked, take_step

ASKED_IN = frozenset({State.REVIEWING, State.CONSULTING})
ABOUT_EXPUNGEMENT = frozenset({Source.COMMUNE, Source.PROSECUTING})
# Where the law names no time: the one that it gives for information in general (TTLT04, Điều 12).
COMMON_TERM = clock.Term(10)
LONGEST_QUESTION = 1800
LONGEST_REASON = 500
Kind = InquiryEvent.Kind


def refused(field: str, message: str, code: str = "required") -> Invalid:
    return Invalid(message, fields={field: [{"code": code, "message": message}]})


def may_ask(certificate_request: CertificateRequest, actor: User) -> bool:
    return certificate_request.state in ASKED_IN and permissions.verifying_clerk(certificate_request, actor)


def demand_clerk(certificate_request: CertificateRequest, by: User) -> None:
    if not permissions.verifying_clerk(certificate_request, by):
        raise PermissionDenied


@transaction.atomic
def ask_agency(
    certificate_request: CertificateRequest,
    *,
    by: User,
    source: str,
    agency: str,
    question: str,
    sent_by: str = Inquiry.SentBy.EXCHANGE,
    complicated: bool = False,
    answer_on: date | None = None,
    at: datetime | None = None,
) -> Inquiry:
    """One letter to one agency; the first of them puts the request into consulting. The clock goes on (Điều 48).

    The same words to an agency that has not answered them are the letter that is out already: it is reminded instead.
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state not in ASKED_IN:
        raise StepNotAllowed("Chỉ hỏi cơ quan khác được khi hồ sơ đang được thẩm tra. Hãy tải lại trang.")
    demand_clerk(certificate_request, by)
    agency, question = agency.strip(), question.strip()
    _demand_whole(source, agency, question, sent_by)
    if known := _asked_already(certificate_request, source, agency, question):
        return known
    last = certificate_request.history().last()
    at = max(at, last.at) if last else at
    day = policy.law_day_of(certificate_request, at)
    term = _term(source, day, complicated=complicated)
    due_at = clock.due_at(at, term, calendar_of(certificate_request.authority_id))
    extension = extend_for_expungement(certificate_request, due=source in ABOUT_EXPUNGEMENT)
    if certificate_request.state == State.REVIEWING:
        take_step(certificate_request.consult, by=by, at=at, reason=extension.with_reason(f"{agency}: {question}"))
        if answer_on is not None:
            AwaitedAnswer.objects.create(step=certificate_request.history().last(), expected_on=answer_on)
    elif extension.longer is not None:
        certificate_request.save()
    extension.tell(certificate_request, at=at)
    return _sent(
        certificate_request,
        by,
        at,
        source=source,
        agency=agency,
        question=question,
        sent_by=sent_by,
        complicated=complicated,
        due_at=due_at,
        promised_on=answer_on,
    )


def _demand_whole(source: str, agency: str, question: str, sent_by: str) -> None:
    if source not in Source.values:
        raise refused("source", "Chọn hỏi cơ quan nào trong danh sách.")
    if not agency:
        raise refused("agency", "Nhập tên cơ quan được hỏi.")
    if not question:
        raise refused("question", "Nhập nội dung hỏi.")
    if len(question) > LONGEST_QUESTION:
        raise refused("question", f"Rút gọn lại: nhiều nhất {LONGEST_QUESTION} ký tự.", "max_length")
    if sent_by not in Inquiry.SentBy.values:
        raise refused("sent_by", "Chọn cách gửi công văn.")


def _asked_already(certificate_request: CertificateRequest, source: str, agency: str, question: str) -> Inquiry | None:
    """The open letter that says just this about the person as declared now: the button was pressed twice."""
    same = Inquiry.objects.open().filter(request=certificate_request, source=source, agency=agency, question=question)
    return same.filter(question_digest=question_about(certificate_request.declaration).digest()).first()


def _term(source: str, day: date, *, complicated: bool) -> clock.Term:
    """How long the law of the day gives this agency. Refuses one that is asked no more."""
    if source == Source.OTHER:
        return COMMON_TERM
    rule = policy.source_rules(day).get(source)
    if rule is None:
        raise refused("source", "Theo quy định áp dụng cho hồ sơ này, không hỏi cơ quan đó.", "not_in_force")
    return rule.complicated if complicated else rule.term


def _sent(certificate_request: CertificateRequest, by: User, at: datetime, **asked) -> Inquiry:
    """The letter is written and numbered, and the question kept with it."""
    letter = papers.write(
        certificate_request,
        papers.Kind.INQUIRY_LETTER,
        at=at,
        facts={
            "signed_by": by,
            "letter": {"agency": asked["agency"], "question": asked["question"], "due_at": asked["due_at"]},
        },
    )
    seq = (certificate_request.inquiries.aggregate(last=Max("seq"))["last"] or 0) + 1
    inquiry = Inquiry.objects.create(
        request=certificate_request,
        seq=seq,
        declaration=certificate_request.declaration,
        question_digest=question_about(certificate_request.declaration).digest(),
        asked_by=by,
        asked_at=at,
        letter=letter,
        **asked,
    )
    AuditEvent.objects.record(
        "ask_agency", actor=by, subject=certificate_request.code, source=inquiry.source, inquiry=seq
    )
    return inquiry


def locked_inquiry(certificate_request: CertificateRequest, seq: int) -> Inquiry:
    """Of a request whose row the caller has locked; raises StepNotAllowed where there is none."""
    found = certificate_request.inquiries.filter(seq=seq).select_related("letter", "request").first()
    if found is None:
        raise StepNotAllowed("Không có câu hỏi này trong hồ sơ. Hãy tải lại trang.")
    found.request = certificate_request
    return found


def _demand_open(inquiry: Inquiry) -> None:
    if not Inquiry.objects.open().filter(pk=inquiry.pk).exists():
        raise StepNotAllowed("Câu hỏi này đã có trả lời hoặc đã thôi hỏi. Hãy tải lại trang.")


def _event(inquiry: Inquiry, kind: str, at: datetime, **what) -> InquiryEvent:
    seq = (inquiry.events.aggregate(last=Max("seq"))["last"] or 0) + 1
    return InquiryEvent.objects.create(inquiry=inquiry, seq=seq, kind=kind, at=at, **what)


@transaction.atomic
def remind_agency(
    certificate_request: CertificateRequest, seq: int, *, by: User, at: datetime | None = None
) -> InquiryEvent:
    """Another letter about the same question; not two on one day."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    demand_clerk(certificate_request, by)
    inquiry = locked_inquiry(certificate_request, seq)
    _demand_open(inquiry)
    before = inquiry.events.filter(kind=Kind.REMINDED).order_by("seq")
    last = before.last()
    if last is not None and clock.local_day(last.at) == clock.local_day(at):
        raise StepNotAllowed("Hôm nay đã gửi công văn đôn đốc. Hãy đợi ngày khác, hoặc gọi điện cho cơ quan được hỏi.")
    letter = papers.write(
        certificate_request,
        papers.Kind.INQUIRY_REMINDER,
        at=at,
        facts={
            "signed_by": by,
            "letter": {
                "agency": inquiry.agency,
                "question": inquiry.question,
                "due_at": inquiry.due_at,
                "asked_number": f"{inquiry.letter.number:04d}",
                "asked_at": inquiry.asked_at,
                "round": before.count() + 1,
            },
        },
    )
    event = _event(inquiry, Kind.REMINDED, at, by=by, letter=letter)
    AuditEvent.objects.record(
        "remind_agency", actor=by, subject=certificate_request.code, source=inquiry.source, inquiry=seq
    )
    return event


@transaction.atomic
def close_inquiry(
    certificate_request: CertificateRequest, seq: int, *, by: User, reason: str, at: datetime | None = None
) -> InquiryEvent:
    """The answer is not needed any more; what is required stays required."""
    at = at or timezone.now()
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise refused("reason", f"Ghi vì sao thôi hỏi, nhiều nhất {LONGEST_REASON} ký tự.")
    certificate_request = locked(certificate_request.pk)
    demand_clerk(certificate_request, by)
    inquiry = locked_inquiry(certificate_request, seq)
    _demand_open(inquiry)
    event = _event(inquiry, Kind.CLOSED, at, by=by, reason=reason)
    AuditEvent.objects.record(
        "close_inquiry", actor=by, subject=certificate_request.code, source=inquiry.source, inquiry=seq
    )
    finish_when_nothing_is_open(certificate_request, by=by, at=at, told=f"Thôi hỏi {inquiry.agency}: {reason}")
    return event


def finish_when_nothing_is_open(certificate_request: CertificateRequest, *, by: User, at: datetime, told: str) -> None:
    """The last agency has answered, or is asked no more: the request is the office's again."""
    if certificate_request.state != State.CONSULTING:
        return
    if Inquiry.objects.open().filter(request=certificate_request).exists():
        return
    take_step(certificate_request.finish_consulting, by=by, at=at, reason=told)


# --- Reminders that fall due ----------------------------------------------------------------------------------------


def mind_inquiries(now: datetime | None = None) -> int:
    """Put every question whose answer is late before the clerk as a reminder to send; how many were put there.

    Once when the time is over, and again some working days after each reminder that was sent (settings).
    """
    now = now or timezone.now()
    late = Inquiry.objects.open().filter(due_at__lt=now, request__state__in=OPEN)
    late = late.without_reminder_since(now - timedelta(days=settings.INQUIRY_REMIND_DAYS))
    return each(late.values_list("pk", flat=True), lambda pk: _remind_when_due(pk, now), what="inquiry reminder")


@transaction.atomic
def _remind_when_due(pk: int, now: datetime) -> bool:
    found = Inquiry.objects.select_related("request").get(pk=pk)
    certificate_request = locked(found.request_id)
    still_open = Inquiry.objects.open().filter(pk=pk).exists()
    if not still_open or certificate_request.state not in OPEN:
        return False
    if not _falls_due(found, now, calendar_of(certificate_request.authority_id)):
        return False
    _event(found, Kind.REMINDER_DUE, now)
    return True


def _falls_due(inquiry: Inquiry, now: datetime, calendar: WorkingCalendar) -> bool:
    if not inquiries.is_overdue(inquiry, now):
        return False
    last = inquiry.events.order_by("seq").last()
    if last is None:
        return True
    if last.kind != Kind.REMINDED:
        return False  # a reminder waits for the clerk already
    return calendar.count_after(clock.local_day(last.at), clock.local_day(now)) >= settings.INQUIRY_REMIND_DAYS

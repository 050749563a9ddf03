"""One question to another agency: what was asked, reminders, the answer, the judgments in it, whose they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import PortalError, Stale
from lltp_portal.forms_look import mistakes
from requests import actions, inquiries, permissions, scanned
from requests.attachments import cleaning, wording
from requests.attachments.limits import MEBIBYTE, MOST_BYTES
from requests.attachments.receiving import refused_on_arrival
from requests.attachments.refusal import Refused
from requests.attachments.serving import handed_out
from requests.clerk_views.agencies import badge_of, line
from requests.clerk_views.convictions import shown_convictions
from requests.clerk_views.queue import split_number
from requests.due_badges import badge_of as request_badge
from requests.inquiry_forms import AnswerForm, CloseForm, ConcludeForm, ConvictionForm, DecideAnswerForm, EarlierForm
from requests.models import AnswerDocument, AttachmentScan, CertificateRequest, Inquiry, InquiryAnswer
from requests.staff_forms import NothingForm
from requests.staff_pages import find_or_404, for_roles, log_reading
from requests.states import OPEN
from requests.steps import locked

READERS = ("verifying_clerk", "approver")
PURPOSE = "Xem trả lời của cơ quan được hỏi"
FILE = "document"
LIMITS = f"Ảnh JPEG, PNG, WebP hoặc PDF; một tệp, không quá {MOST_BYTES // MEBIBYTE} MB."
SHOWN = 200
OVERTAKEN = "Trả lời của cơ quan này đã được ghi thêm hoặc ghi khác từ khi bạn mở trang. Hãy xem lại trước khi ghi."
Run = Callable[[CertificateRequest, inquiries.Asked, User, Any, "actions.Document | None"], object]


@dataclass(frozen=True)
class Act:
    """`about_answer`: it counts for exactly the answer that was on the page, and a second press for nothing."""

    form: type[forms.Form]
    run: Run
    done: str
    takes_file: bool = False
    about_answer: bool = False


ACTS: dict[str, Act] = {
    "remind": Act(
        NothingForm,
        lambda row, one, user, form, file: actions.remind_agency(row, one.inquiry.seq, by=user),
        "Đã lập công văn đôn đốc.",
    ),
    "close": Act(
        CloseForm,
        lambda row, one, user, form, file: actions.close_inquiry(row, one.inquiry.seq, by=user, **form.cleaned_data),
        "Đã ghi thôi hỏi cơ quan này.",
    ),
    "answer": Act(
        AnswerForm,
        lambda row, one, user, form, file: actions.record_answer(
            row, one.inquiry.seq, by=user, document=file, **form.said()
        ),
        "Đã ghi trả lời.",
        takes_file=True,
        about_answer=True,
    ),
    "conviction": Act(
        ConvictionForm,
        lambda row, one, user, form, file: actions.add_conviction(
            row, one.inquiry.seq, by=user, conviction=form.conviction()
        ),
        "Đã ghi bản án trong trả lời.",
        about_answer=True,
    ),
    "decide": Act(
        DecideAnswerForm,
        lambda row, one, user, form, file: actions.decide_answer(
            row, one.inquiry.seq, by=user, convictions=len(one.convictions), **form.decided()
        ),
        "Đã ghi quyết định.",
        about_answer=True,
    ),
}


def _demand_reader(certificate_request: CertificateRequest, user: User) -> None:
    if not permissions.may_read_letters(certificate_request, user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def inquiry(request: HttpRequest, code: str, seq: int, act_name: str = "") -> HttpResponse:
    """GET shows the question; POST takes an act on it."""
    certificate_request = find_or_404(request.user, code)
    if not certificate_request.inquiries.filter(seq=seq).exists() or (act_name and act_name not in ACTS):
        raise Http404
    _demand_reader(certificate_request, request.user)
    if request.method == "POST" and act_name:
        return _take(request, certificate_request, seq, act_name)
    return _page(request, certificate_request, seq)


def _take(request: HttpRequest, certificate_request: CertificateRequest, seq: int, act_name: str) -> HttpResponse:
    act = ACTS[act_name]
    if act.form is ConvictionForm and "more" in request.POST:
        return _page(request, certificate_request, seq, {act_name: _with_one_more(request)})
    form = act.form(request.POST, use_required_attribute=False, auto_id=f"{act_name}_%s")
    file, words = _file(request) if act.takes_file else (None, "")
    if not form.is_valid() or words:
        return _page(request, certificate_request, seq, {act_name: form}, status=400, file_refused=words)
    try:
        _perform(act, certificate_request, seq, request, form, file)
    except PortalError as error:
        for name, found in error.fields.items():
            form.add_error(name if name in form.fields else None, [one["message"] for one in found])
        return _page(request, certificate_request, seq, {act_name: form}, status=error.status, refusal=error)
    messages.success(request, act.done)
    return redirect("clerk_inquiry", certificate_request.code, seq)


def _perform(
    act: Act,
    certificate_request: CertificateRequest,
    seq: int,
    request: HttpRequest,
    form: forms.Form,
    file: "actions.Document | None",
) -> None:
    """The act on the locked row, if what the reader saw of the answer is what stands; else Stale, nothing written."""
    with transaction.atomic():
        fresh = locked(certificate_request.pk)
        one = _asked(fresh, seq)
        if act.about_answer and request.POST.get("seen", "") != one.shown:
            raise Stale(OVERTAKEN)
        act.run(fresh, one, request.user, form, file)


def _asked(certificate_request: CertificateRequest, seq: int) -> inquiries.Asked:
    return next(one for one in inquiries.asked(certificate_request) if one.inquiry.seq == seq)


def _with_one_more(request: HttpRequest) -> ConvictionForm:
    return ConvictionForm(
        request.POST, one_more=request.POST["more"], use_required_attribute=False, auto_id="conviction_%s"
    )


def _file(request: HttpRequest) -> tuple["actions.Document | None", str]:
    """The agency's document, cleaned with no transaction open; or why it is not taken. The scanner is asked later."""
    for _name, code in refused_on_arrival(request):
        return None, wording.refusal(code)
    came = request.FILES.get(FILE)
    if came is None:
        return None, ""
    try:
        return actions.Document(came.name, cleaning.clean(came.file, came.name)), ""
    except Refused as refused:
        return None, wording.refusal(refused.code)


def _document(answer: InquiryAnswer | None) -> dict[str, Any] | None:
    """What stands of the answer's document on the page: never its bytes."""
    kept = AnswerDocument.objects.filter(answer=answer) if answer else AnswerDocument.objects.none()
    found = kept.values("code", "size", "pages", "original_name").first()
    return found and {**found, "scan": scanned.document(AttachmentScan.DocumentKind.ANSWER, found["code"])}


def _page(
    request: HttpRequest,
    certificate_request: CertificateRequest,
    seq: int,
    bound: dict[str, forms.Form] | None = None,
    *,
    status: int = 200,
    refusal: PortalError | None = None,
    file_refused: str = "",
) -> HttpResponse:
    log_reading(certificate_request, request.user, PURPOSE)
    now, calendar = timezone.now(), calendar_of(certificate_request.authority_id)
    fresh = find_or_404(request.user, certificate_request.code)
    one = _asked(fresh, seq)
    shown_forms = _forms(one, permissions.verifying_clerk(fresh, request.user), bound or {})
    found = [mistake for form in (bound or {}).values() for mistake in mistakes(form)]
    context = {
        "certificate_request": fresh,
        "declaration": fresh.declaration,
        "number": split_number(fresh),
        "badge": request_badge(fresh, now, calendar),
        "line": line(one, now, calendar),
        "asked": one,
        "inquiry": one.inquiry,
        "seen": one.shown,
        "answers": list(reversed(one.inquiry.answers.all())),
        "convictions": shown_convictions(one),
        "document": _document(one.answer),
        "task": shown_forms and fresh.found_after_issue.open().exclude(told_digest="").first(),
        "forms": shown_forms,
        "mistakes": found,
        "file_refused": file_refused,
        "refusal": None if found else refusal,
        "limits": LIMITS,
    }
    return render(request, "requests/staff/inquiry.html", context, status=status)


def _forms(one: inquiries.Asked, may_act: bool, bound: dict[str, forms.Form]) -> dict[str, forms.Form]:
    """What may be done about it now, by name; what was just refused keeps what was typed."""
    if not may_act:
        return {}
    names = []
    if one.is_open:
        names += ["answer", "remind", "close"]
    else:
        if one.answer is not None and one.answer.outcome == inquiries.Outcome.JUDGMENT:
            names.append("conviction")
        if one.answer is not None and one.answer.has_found and one.current:
            names.append("decide")
        names.append("answer")
    return {
        name: bound.get(name) or ACTS[name].form(use_required_attribute=False, auto_id=f"{name}_%s")
        for name in [*names, *(name for name in bound if name not in names)]
    }


@require_safe
@for_roles(*READERS)
def document(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """The newest answer on paper; the line in the log comes first."""
    certificate_request = find_or_404(request.user, code)
    _demand_reader(certificate_request, request.user)
    found = get_object_or_404(Inquiry, request=certificate_request, seq=seq)
    kept = AnswerDocument.objects.filter(answer__inquiry=found).order_by("answer__seq").last()
    if kept is None or not scanned.document(AttachmentScan.DocumentKind.ANSWER, kept.code).may_be_opened:
        raise Http404
    AuditEvent.objects.record(
        "view_agency_answer", actor=request.user, subject=code, purpose=PURPOSE, inquiry=seq, document=kept.code
    )
    extension = "jpg" if kept.media_type == "image/jpeg" else "pdf"
    return handed_out(bytes(kept.content), media_type=kept.media_type, name=f"tra-loi-{kept.code}.{extension}")


# --- About the whole request ------------------------------------------------------------------------------------------

ABOUT_REQUEST: dict[str, tuple[type[forms.Form], Callable[[CertificateRequest, User, Any], object], str, str]] = {
    "conclude": (
        ConcludeForm,
        lambda row, user, form: actions.conclude_without_paper(row, by=user, **form.cleaned_data),
        "Kết luận khi không còn giấy tờ",
        "Đã ghi kết luận theo Công văn 367.",
    ),
    "set_aside": (
        EarlierForm,
        lambda row, user, form: actions.choose_earlier_clear(row, by=user, used=False, **form.cleaned_data),
        "Không dùng kết quả của Phiếu trước",
        "Đã bỏ dùng kết quả trước. Các cơ quan phải được hỏi lại.",
    ),
    "use_again": (
        EarlierForm,
        lambda row, user, form: actions.choose_earlier_clear(row, by=user, used=True, **form.cleaned_data),
        "Dùng lại kết quả của Phiếu trước",
        "Đã dùng lại kết quả của Phiếu trước.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("verifying_clerk")
def about_request(request: HttpRequest, code: str, act_name: str) -> HttpResponse:
    """An act on what all agencies said together; GET shows its form."""
    certificate_request = find_or_404(request.user, code)
    if act_name not in ABOUT_REQUEST:
        raise Http404
    if not permissions.verifying_clerk(certificate_request, request.user):
        raise PermissionDenied
    form_class, run, title, done = ABOUT_REQUEST[act_name]
    form = form_class(request.POST if request.method == "POST" else None, use_required_attribute=False)
    refusal, status = None, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                run(certificate_request, request.user, form)
            except PortalError as error:
                refusal, status = error, error.status
            else:
                messages.success(request, done)
                return redirect("clerk_request", code)
    log_reading(certificate_request, request.user, PURPOSE)
    now = timezone.now()
    calendar = calendar_of(certificate_request.authority_id)
    context = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "badge": request_badge(certificate_request, now, calendar),
        "title": title,
        "act_name": act_name,
        "form": form,
        "lines": [line(one, now, calendar) for one in inquiries.asked(certificate_request)],
        "mistakes": mistakes(form) if form.is_bound else [],
        "refusal": refusal,
    }
    return render(request, "requests/staff/agencies_act.html", context, status=status)


# --- All of an office -------------------------------------------------------------------------------------------------


@require_safe
@for_roles("verifying_clerk")
def listing(request: HttpRequest) -> HttpResponse:
    """Every question of the office that waits for an answer, the latest first."""
    now, calendar = timezone.now(), calendar_of(request.user.authority_id)
    found = Inquiry.objects.open().of_office(request.user.authority_id).filter(request__state__in=OPEN)
    waiting = found.select_related("request__declaration").prefetch_related("events").oldest_due_first()
    rows = [
        {
            "inquiry": one,
            "badge": badge_of(one, now, calendar),
            "reminders": sum(event.kind == event.Kind.REMINDED for event in one.events.all()),
            "remind": any(event.kind == event.Kind.REMINDER_DUE for event in list(one.events.all())[-1:]),
        }
        for one in waiting[:SHOWN]
        if not permissions.concerns(one.request, request.user)
    ]
    return render(request, "requests/staff/inquiries.html", {"rows": rows, "now": now})

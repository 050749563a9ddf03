"""Complaints and feedback about an office's requests, for its administrator: what is due first, taken up, answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from requests import actions, permissions
from requests.actions.complaining import REMINDED_BEFORE
from requests.asking.forms import ComplaintAnswerForm
from requests.models import Complaint
from requests.staff_pages import find_or_404, for_roles, history, history_entries

ADMINISTRATOR = "authority_administrator"


def _urgency(complaint: Complaint, now) -> str:
    """Past its limit, near it, or neither."""
    if not complaint.is_open:
        return ""
    if complaint.due_at < now:
        return "late"
    return "soon" if complaint.due_at - REMINDED_BEFORE <= now else ""


@require_safe
@for_roles(ADMINISTRATOR)
def complaints(request: HttpRequest) -> HttpResponse:
    """What is open, due first; then what was answered."""
    now = timezone.now()
    found = Complaint.objects.of_office(request.user).select_related("request").soonest_first()
    open_only = "answered" not in request.GET
    found = found.open() if open_only else found.filter(status=Complaint.Status.ANSWERED)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [{"complaint": complaint, "urgency": _urgency(complaint, now)} for complaint in page]
    context = {"rows": rows, "page": page, "now": now, "open_only": open_only}
    return render(request, "requests/staff/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(ADMINISTRATOR)
def complaint(request: HttpRequest, code: str) -> HttpResponse:
    """The complaints about one request; POST takes up or answers the one that is open."""
    certificate_request = find_or_404(request.user, code)
    if permissions.concerns(certificate_request, request.user):
        raise Http404
    form = ComplaintAnswerForm(request.POST if request.method == "POST" and "take_up" not in request.POST else None)
    if request.method == "POST" and ("take_up" in request.POST or form.is_valid()):
        try:
            messages.success(request, _act(request, certificate_request, form))
        except PortalError as error:
            messages.error(request, error.message)
            if form.is_bound:  # what was written stays, beside what stands there now
                return _show(request, certificate_request, form)
        return redirect("complaint_request", certificate_request.code)
    return _show(request, certificate_request, form)


def _act(request: HttpRequest, certificate_request, form: ComplaintAnswerForm) -> str:
    """What was done with the complaint that was on the page, in words."""
    shown = {"by": request.user, "shown": request.POST.get("shown", "")}
    if "take_up" in request.POST:
        actions.take_up_complaint(certificate_request, **shown)
        return "Đã thụ lý. Người gửi được báo hạn giải quyết."
    actions.answer_complaint(certificate_request, answer=form.cleaned_data["answer"], **shown)
    return "Đã trả lời."


def _show(request: HttpRequest, certificate_request, form: ComplaintAnswerForm) -> HttpResponse:
    AuditEvent.objects.record("read_request", actor=request.user, subject=certificate_request.code)
    written = list(certificate_request.complaints.all())
    if not written:
        raise Http404
    current = next((one for one in written if one.is_open), None)
    may_answer = current is not None and not (current.kind == "complaint" and current.status == "received")
    context = {
        "certificate_request": certificate_request,
        "entries": history_entries(history(certificate_request), with_records=False),
        "current": current,
        "urgency": _urgency(current, timezone.now()) if current else "",
        "answered": [one for one in written if not one.is_open],
        "form": form,
        "mistakes": mistakes(form) if form.is_bound else [],
        "may_answer": may_answer,
        "written": form.data.get("answer", "") if form.is_bound and not may_answer else "",
    }
    return render(request, "requests/staff/complaint.html", context, status=400 if form.is_bound else 200)

"""The approver's desk: the exact draft that will be signed, what changed since a clerk verified it, and one press."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from certificates import rendering
from certificates.models import IssuingStop
from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import Invalid, PortalError
from lltp_portal.forms_look import Mistake, mistakes
from requests import actions, keyset, permissions
from requests.actions.deciding import AnswerTooOld
from requests.approver_views.review import review
from requests.clerk_views import revoking
from requests.clerk_views.queue import split_number
from requests.due_badges import badge_of
from requests.models import CertificateRequest
from requests.staff_forms import ReturnForm
from requests.staff_pages import (
    changes_since,
    demand_version,
    find_or_404,
    for_roles,
    history,
    history_entries,
    log_opening,
    log_reading,
    of_my_office,
)
from requests.states import State
from requests.steps import locked
from requests.who_held import who_held

PURPOSE = "Duyệt ký Phiếu"
PURPOSE_PDF = "Đọc bản nháp Phiếu trước khi ký"
READ_CHANGES = "Đánh dấu “Tôi đã đọc thay đổi ở trên” trước khi duyệt."
TEMPLATE = "requests/staff/approver_request.html"


@require_safe
@for_roles("approver")
def request_page(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, find_or_404(request.user, code)))


@require_safe
@for_roles("approver")
def draft_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The draft that stands in the page's frame. It has no number, no day and no code, and says that it is a draft."""
    certificate_request = find_or_404(request.user, code)
    if not _may_read(certificate_request, request.user):
        raise Http404
    log_reading(certificate_request, request.user, PURPOSE_PDF)
    draft = review(certificate_request, request.user, timezone.now())
    if draft.content is None:
        raise Http404
    response = HttpResponse(rendering.render_draft(draft.content), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="ban-nhap.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@for_roles("approver")
def draft_picture(request: HttpRequest, code: str) -> HttpResponse:
    """The same draft as a picture, for browsers that show no PDF within a page."""
    answer = draft_pdf(request, code)
    picture = HttpResponse(rendering.as_picture(answer.content), content_type="image/png")
    picture["Cache-Control"] = "no-store, private"
    return picture


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("approver")
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Agree to exactly the draft on the screen. A GET (after signing in again) only shows the page."""
    certificate_request = find_or_404(request.user, code)
    if request.method != "POST":
        return redirect("approver_request", code)
    try:
        _approve(request, certificate_request)
    except AnswerTooOld as error:
        # The refusal undid the ring inside the transaction; ask again now that it is over.
        actions.ask_for_renewal(certificate_request)
        return _again(request, code, error)
    except PortalError as error:
        return _again(request, code, error)
    number = certificate_request.dossier_number
    messages.success(request, f"Đã duyệt hồ sơ {number}. Hệ thống đang lập và ký Phiếu; bạn có thể làm hồ sơ khác.")
    return redirect("approver_queue")


def _approve(request: HttpRequest, certificate_request: CertificateRequest) -> None:
    """What changed must have been read: the hash under the lock sees to it that it is still the same draft."""
    if "read_changes" not in request.POST and _has_changes(certificate_request, request.user):
        raise Invalid(READ_CHANGES, fields={"read_changes": [{"code": "required", "message": READ_CHANGES}]})
    with transaction.atomic():
        fresh = locked(certificate_request.pk)
        demand_version(fresh, request.POST.get("version", ""))
        actions.approve(fresh, by=request.user, draft_sha256=request.POST.get("draft_sha256", ""))


def _has_changes(certificate_request: CertificateRequest, user: User) -> bool:
    return _may_read(certificate_request, user) and bool(review(certificate_request, user, timezone.now()).differences)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("approver")
def return_to_clerk(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the page with the form; POST sends the request back."""
    certificate_request = find_or_404(request.user, code)
    if not permissions.approver(certificate_request, request.user):
        raise PermissionDenied
    if request.method != "POST":
        form = ReturnForm(use_required_attribute=False)
        return render(request, TEMPLATE, _context(request, certificate_request, form))
    form = ReturnForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _again(request, code, None, form)
    try:
        with transaction.atomic():
            fresh = locked(certificate_request.pk)
            demand_version(fresh, request.POST.get("version", ""))
            actions.return_to_clerk(fresh, by=request.user, reason=form.cleaned_data["reason"])
    except PortalError as error:
        return _again(request, code, error, form)
    messages.success(request, f"Đã trả hồ sơ {certificate_request.dossier_number} cho chuyên viên.")
    return redirect("approver_queue")


def _again(request: HttpRequest, code: str, error: PortalError | None, form: ReturnForm | None = None) -> HttpResponse:
    """The same page as things are now; nothing was written."""
    context = _context(request, find_or_404(request.user, code), form)
    context["mistakes"] = mistakes(form) if form else []
    if error is not None and "read_changes" in error.fields:
        context["mistakes"] = [Mistake("read_changes", error.message)]
    elif error is not None:
        context["refusal"] = error
        if error.status == 409:
            context["changes"] = changes_since(
                context["steps"], request.POST.get("version", ""), with_records=not context["is_own"]
            )
    return render(request, TEMPLATE, context, status=error.status if error else 400)


def _may_read(certificate_request: CertificateRequest, user: User) -> bool:
    """Only while it waits for a signature, only at the own office, and never about oneself."""
    return certificate_request.state == State.VERIFIED and permissions.approver(certificate_request, user)


def _context(
    request: HttpRequest, certificate_request: CertificateRequest, form: ReturnForm | None = None
) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    draft = None
    if _may_read(certificate_request, user):
        log_reading(certificate_request, user, PURPOSE)
        draft = review(certificate_request, user, now)
    else:
        log_opening(certificate_request, user)
    number, total, following = keyset.place(of_my_office(user).waiting_for_approval(), certificate_request)
    is_waiting = certificate_request.state == State.VERIFIED
    steps, calendar = history(certificate_request), calendar_of(certificate_request.authority)
    return {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "badge": badge_of(certificate_request, now, calendar),
        "held": who_held(certificate_request, steps, calendar, now, for_citizen=False),
        "place_in_queue": f"{number} / {total}" if is_waiting else "",
        "following": following,
        "steps": steps,
        "entries": history_entries(steps, with_records=not permissions.concerns(certificate_request, user)),
        "last_step": steps[-1] if steps else None,
        "draft": draft,
        "return_form": form if is_waiting else None,
        "written": form.data.get("reason", "") if form is not None and form.is_bound and not is_waiting else "",
        "is_own": permissions.concerns(certificate_request, user),
        "reads_records": not permissions.concerns(certificate_request, user),
        "is_same_person": is_waiting and not permissions.another_approver(certificate_request, user),
        "stop": IssuingStop.objects.pulled().first(),
        **revoking.shown(certificate_request, user),
    }

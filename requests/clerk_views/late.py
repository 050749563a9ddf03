"""Promises in danger at one's office: the list, and the page on which an apology is looked at, changed and signed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from requests import actions, clock, permissions
from requests.clerk_views.queue import CLERKS, split_number
from requests.due_badges import badge_of
from requests.messaging import texts
from requests.models import LateNotice
from requests.staff_forms import LateNoticeForm
from requests.staff_pages import find_or_404, for_roles

SHOWN = 200


@require_safe
@for_roles(*CLERKS)
def late_notices(request: HttpRequest) -> HttpResponse:
    """Apologies that wait for a signature, the nearest promise first."""
    now, calendar = timezone.now(), calendar_of(request.user.authority_id)
    found = LateNotice.objects.to_sign(request.user).select_related("request__declaration", "request__authority")
    rows = [
        {
            "notice": notice,
            "request": notice.request,
            "badge": badge_of(notice.request, now, calendar),
            "cause": texts.CAUSES[notice.cause],
        }
        for notice in found[:SHOWN]
    ]
    return render(request, "requests/staff/late_notices.html", {"rows": rows, "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CLERKS)
def late_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The newest draft of one request; POST signs it."""
    certificate_request = find_or_404(request.user, code)
    notice = certificate_request.late_notices.newest_first().first()
    if notice is None:
        raise Http404
    if request.method != "POST":
        return _page(request, certificate_request, notice, _draft(notice))
    form = LateNoticeForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _page(request, certificate_request, notice, form, status=400)
    try:
        answered = certificate_request.late_notices.filter(round=_number(request.POST.get("round", ""))).first()
        actions.sign_late_notice(
            answered or notice, by=request.user, cause_text=form.cleaned_data["cause_text"], appointed_on=form.day()
        )
    except PortalError as error:
        for name, found in error.fields.items():
            form.add_error(name, [one["message"] for one in found])
        return _page(request, find_or_404(request.user, code), notice, form, status=error.status, refusal=error)
    messages.success(request, "Đã ký phiếu xin lỗi. Người yêu cầu được báo ngày hẹn mới.")
    return redirect("clerk_request", code)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _draft(notice: LateNotice) -> forms.Form:
    """As the system proposes it: the cause from the clock, and a day that can be kept."""
    cause = str(texts.CAUSES[notice.cause])
    day = clock.local_day(notice.appointed_at).isoformat()
    initial = {"cause_text": cause[:1].upper() + cause[1:] + ".", "appointed_on": day}
    return LateNoticeForm(initial=initial, use_required_attribute=False)


def _page(
    request: HttpRequest, certificate_request, notice: LateNotice, form: forms.Form, status: int = 200, refusal=None
) -> HttpResponse:
    if permissions.concerns(certificate_request, request.user):
        raise PermissionDenied
    found = mistakes(form) if form.is_bound else []
    context: dict[str, Any] = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "badge": badge_of(certificate_request, timezone.now(), calendar_of(certificate_request.authority_id)),
        "notice": notice,
        "cause": texts.CAUSES[notice.cause],
        "form": form,
        "written": form.data.get("cause_text", "") if form.is_bound and notice.signed_at else "",
        "mistakes": found,
        "refusal": None if found else refusal,
        "rounds": certificate_request.late_notices.newest_first(),
    }
    return render(request, "requests/staff/late_notice.html", context, status=status)

"""Following: the ticket after sending, withdrawing, deleting a draft, fetching the certificate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal import typed
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import PortalError
from requests import actions, clock, policy, rules
from requests.actions.issuing import fetch_signed_pdf
from requests.asking import withdrawing
from requests.models import CertificateRequest
from requests.papers import Kind
from requests.payments.standing import Standing
from requests.states import ENDED, State
from requests.steps import may
from requests.views.access import get_filed_or_404, post_only
from requests.views.frame import drafts_url, shell
from requests.views.status import may_fetch, notices_about
from requests.where_shown import taken_up_by


@require_safe
def sent(request, code):
    """The ticket after sending; can be bookmarked and read again."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_check", certificate_request.code)
    calendar = calendar_of(certificate_request.authority)
    began = certificate_request.received_at or timezone.now()
    term, reason = certificate_request.deadline_term, certificate_request.deadline_reason
    if term is None:  # not received yet: what it would be today
        foreseen = policy.deadline(certificate_request.declaration, policy.law_day(began))
        term, reason = foreseen.term, foreseen.reason
    due = certificate_request.due_at or clock.due_at(began, term, calendar)
    first_day = clock.day_of_receipt(began, calendar)
    context = {
        "certificate_request": certificate_request,
        "term": term,
        "reason": reason,
        "due": due,
        "is_promise": certificate_request.due_at is not None,
        "day_holds": _day_holds(certificate_request),
        "days_off": calendar.named_days_off(first_day, clock.local_day(due)),
        "papers": certificate_request.papers.filter(kind__in=[Kind.TRACKING_SLIP, Kind.RECEIPT]).newest_first(),
        "must_pay": certificate_request.state == State.AWAITING_PAYMENT,
        "taken_up_by": taken_up_by(certificate_request, calendar),
        "at_counter": request.user.is_staff_member,
        "shell": shell(request),
        "pay_until": Standing(certificate_request).due_at,
        "notices": notices_about(certificate_request),
    }
    return render(request, "requests/sent.html", context)


def _day_holds(certificate_request: CertificateRequest) -> bool:
    """Whether the day on the ticket still stands; when not, the page of the request says what does."""
    if certificate_request.state in {*ENDED, State.NEEDS_SUPPLEMENT}:
        return False
    due = certificate_request.due_at
    return (due is None or timezone.now() <= due) and not certificate_request.late_notices.exists()


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, code):
    """Take the request back: one page to confirm, then the act."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_delete", certificate_request.code)
    if request.method != "POST":
        can, kept = may(certificate_request.withdraw, request.user), typed.kept_for(request)
        context = {
            "certificate_request": certificate_request,
            "can": can,
            "consequences": withdrawing.consequences(certificate_request) if can else [],
            "why_not": "" if can else withdrawing.why_not(certificate_request),
            "reason": (kept or {}).get("reason", ""),
            "typed_again": kept is not None,
        }
        return render(request, "requests/withdraw.html", context)
    try:
        reason = rules.cleaned_text(request.POST.get("reason", ""))[:500]
        actions.withdraw(certificate_request, by=request.user, reason=reason)
        typed.forget(request)
        messages.success(request, _("Đã rút hồ sơ."))
    except PortalError as error:
        messages.error(request, error.message)
    return redirect(certificate_request)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, code):
    """Throw a draft away: one page to confirm, then the act."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state != State.DRAFT:
        return redirect(certificate_request)
    if request.method != "POST":
        return render(request, "requests/delete.html", {"certificate_request": certificate_request})
    try:
        actions.delete_draft(certificate_request, by=request.user)
        messages.success(request, _("Đã xóa bản nháp."))
    except PortalError as error:
        messages.error(request, error.message)
    return redirect(drafts_url(request))


@post_only("request_detail")
def certificate(request, code):
    """The signed file, for its owner. A POST, because fetching counts as handing over."""
    certificate_request = get_filed_or_404(request, code)
    if not may_fetch(certificate_request, request.user):
        messages.error(request, _("Phiếu chưa có để tải. Xem hồ sơ đang ở đâu trên trang này."))
        return redirect(certificate_request)
    response = HttpResponse(fetch_signed_pdf(certificate_request, by=request.user), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-ly-lich-tu-phap-{code}.pdf"'
    return response

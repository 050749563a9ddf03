"""What all pages of the form share: the open draft, the frame around the fields, where a saved page leads."""

import json
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lltp_portal import typed
from lltp_portal.errors import Invalid, PortalError
from lltp_portal.middleware import MAY_BE_GONE_BACK_TO
from requests import filing_pages, policy
from requests.actions.filing import changeable, draft_kept_until
from requests.filing_pages import CHECK, Page
from requests.models import CertificateRequest, Declaration
from requests.policy import Competence
from requests.states import State
from requests.views.access import get_filed_or_404
from requests.views.supplementing import asked_now

UNPROCESSABLE, CONFLICT = 422, 409
# Buttons that leave a page without claiming that it is answered.
LEAVING = {"back", "later"}


def of_open_draft(view):
    """Give the view the request and the version that may be changed; where there is none, say why on its page."""

    @typed.keeps_typed
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def opened(request: HttpRequest, code: str, slug: str, **kwargs) -> HttpResponse:
        page = filing_pages.BY_SLUG.get(slug)
        if page is None or page is CHECK:
            raise Http404
        certificate_request = get_filed_or_404(request, code)
        declaration = open_or_none(request, certificate_request)
        if declaration is None:
            return redirect(certificate_request)
        if not page.asked(declaration):
            return redirect("request_check", certificate_request.code)
        if "extend" in request.POST and typed.keep(request):
            messages.success(request, _("Đã giữ phiên làm việc thêm. Những gì bạn đang nhập vẫn còn, chưa được lưu."))
            return redirect(request.get_full_path())
        return view(request, certificate_request, declaration, page, **kwargs)

    return opened


def open_or_none(request: HttpRequest, certificate_request: CertificateRequest) -> Declaration | None:
    """The version that the reader may change; where there is none, why is said on the next page."""
    try:
        return changeable(certificate_request, by=request.user)
    except PortalError as error:
        messages.error(request, error.message)
        return None


def fingerprint(page: Page, declaration: Declaration) -> str:
    """By what a page knows that it was saved elsewhere after it was opened; says nothing of what was typed."""
    standing = json.dumps(page.standing(declaration), sort_keys=True, cls=DjangoJSONEncoder)
    return salted_hmac("requests.page", f"{page.slug}:{standing}").hexdigest()[:24]


def is_as_seen(request: HttpRequest, page: Page):
    """For save_declaration: whether the page still stands as it was shown. None when nobody says what was shown."""
    seen = request.POST.get("seen")
    return (lambda declaration: fingerprint(page, declaration) == seen) if seen else None


def shell(request: HttpRequest) -> str:
    """The same pages, in the frame of who fills them in: a citizen, or a clerk for somebody at the counter."""
    return "staff_base.html" if request.user.is_staff_member else "base.html"


def office_of(declaration: Declaration) -> Competence | None:
    """The competent office, as soon as anything is known that decides it."""
    places = (declaration.permanent_province, declaration.temporary_province, declaration.last_province)
    if not any((*places, declaration.no_residence, declaration.former_resident_foreigner)):
        return None
    try:
        return policy.competent_authority(declaration, policy.law_day(timezone.now()))
    except Invalid:
        return None


def show(request, certificate_request, declaration, page: Page, template: str, *, status: int = 200, **more):
    """A page of the form. To show it is activity: the session goes on from here, and the page says until when."""
    before = filing_pages.preceding(page, declaration)
    request.session.modified = True
    context = {
        "certificate_request": certificate_request,
        "declaration": declaration,
        "page": page,
        "heading": page.heading_of(declaration),
        "stepper": filing_pages.stepper(page, declaration),
        "back_url": filing_pages.address(certificate_request, before) if before else drafts_url(request),
        "shell": shell(request),
        "seen": fingerprint(page, declaration),
        "session_ends": timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        "competence": office_of(declaration),
        "form_on_page": True,
        **(_while_asked(certificate_request, page) if certificate_request.state == State.NEEDS_SUPPLEMENT else {}),
        **more,
    }
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = MAY_BE_GONE_BACK_TO
    return response


def _while_asked(certificate_request: CertificateRequest, page: Page) -> dict:
    """While an answer is written: no steps one after the other, but what was asked about this page."""
    asked = asked_now(certificate_request)
    return {
        "stepper": None,
        "asked": asked,
        "asked_here": asked.about(page) if asked else [],
        "back_url": reverse("request_supplement", args=[certificate_request.code]),
    }


def drafts_url(request: HttpRequest) -> str:
    """Where this person's drafts are listed."""
    return reverse("start_request" if request.user.is_staff_member else "my_requests")


def leave(request, certificate_request: CertificateRequest, declaration: Declaration, page: Page) -> HttpResponse:
    """Where a saved page leads: a step back, out for later, back to the check, to what was asked, or on."""
    if "back" in request.POST:
        return go_back(request, certificate_request, declaration, page)
    if "later" in request.POST:
        messages.success(request, _saved_until(certificate_request))
        return redirect(drafts_url(request))
    if "check" in request.GET:
        return redirect("request_check", certificate_request.code)
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        _say_when_nothing_changed(request, certificate_request, page)
        return redirect("request_supplement", certificate_request.code)
    return redirect(filing_pages.address(certificate_request, filing_pages.following(page, declaration)))


def _say_when_nothing_changed(request, certificate_request: CertificateRequest, page: Page) -> None:
    """“Tiếp tục” on a page left as it was answers nothing; the list would only say that it is not answered."""
    asked = asked_now(certificate_request)
    still_open = [line.item.position for line in asked.about(page) if not line.done] if asked else []
    if still_open:
        told = _("Bạn chưa sửa gì ở phần này, nên mục %(numbers)s chưa được trả lời. Đã đúng thì trả lời bằng lời.")
        messages.warning(request, told % {"numbers": ", ".join(map(str, still_open))})


def go_back(request, certificate_request: CertificateRequest, declaration: Declaration, page: Page) -> HttpResponse:
    if "check" in request.GET:
        return redirect("request_check", certificate_request.code)
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        return redirect("request_supplement", certificate_request.code)
    before = filing_pages.preceding(page, declaration)
    return redirect(filing_pages.address(certificate_request, before) if before else drafts_url(request))


def _saved_until(certificate_request: CertificateRequest) -> str:
    if certificate_request.state != State.DRAFT:
        return _("Đã lưu phần bổ sung. Phần này chưa được gửi.")
    until = draft_kept_until(certificate_request)
    return _("Đã lưu. Bạn có thể làm tiếp đến hết ngày %(day)s.") % {"day": f"{until:%d/%m/%Y}"}

"""Complaints and feedback about one request, as who files writes and reads them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lltp_portal import typed
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from requests import actions
from requests.actions.complaining import may_complain
from requests.forms.after import ComplaintForm
from requests.views.access import get_filed_or_404

UNPROCESSABLE = 422


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request, code):
    """What was written and answered so far; and, while nothing is open, the form for a new one."""
    certificate_request = get_filed_or_404(request, code)
    if not may_complain(certificate_request, request.user):
        messages.info(request, _("Hồ sơ chưa gửi nên chưa có gì để khiếu nại."))
        return redirect("request_check", certificate_request.code)
    if request.method != "POST":
        kept = typed.filled(request, ComplaintForm)
        form = kept or ComplaintForm(initial={"kind": request.GET.get("kind", "")})
        return _show(request, certificate_request, form, typed_again=kept is not None)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _show(request, certificate_request, form, found=mistakes(form))
    try:
        actions.complain(certificate_request, by=request.user, **form.cleaned_data)
        typed.forget(request)
        messages.success(request, _("Đã gửi. Câu trả lời sẽ hiện trên trang hồ sơ."))
    except PortalError as error:
        messages.error(request, error.message)
    return redirect("request_complaint", certificate_request.code)


def _show(request, certificate_request, form, *, found=(), typed_again=False):
    written = list(certificate_request.complaints.all())
    context = {
        "certificate_request": certificate_request,
        "complaints": written,
        "form": None if any(one.is_open for one in written) else form,
        "form_on_page": not any(one.is_open for one in written),
        "mistakes": list(found),
        "typed_again": typed_again,
    }
    return render(request, "requests/complaint.html", context, status=UNPROCESSABLE if found else 200)

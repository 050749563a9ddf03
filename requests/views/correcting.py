"""A mistake on an issued certificate: what is wrong, then the form again where it is wrong."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lltp_portal import typed
from lltp_portal.errors import StepNotAllowed
from lltp_portal.forms_look import mistakes
from requests import actions, filing_pages
from requests.actions.correcting import ISSUED, may_correct, open_one
from requests.forms.after import CorrectionForm
from requests.models import CertificateRequest
from requests.permissions import who_files
from requests.views.access import get_visible_or_404

UNPROCESSABLE = 422


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request, code):
    """Open the request that puts this certificate right; for who filed it, and for the counter of its office."""
    certificate_request = get_visible_or_404(request, code)
    if not may_correct(certificate_request, request.user):
        if certificate_request.state in ISSUED or not who_files(certificate_request, request.user):
            raise Http404
        messages.info(request, _("Chưa có Phiếu để đính chính."))
        return redirect(certificate_request)
    if (found := open_one(certificate_request)) is not None:
        messages.info(request, _("Phiếu này đã có yêu cầu đính chính."))
        return redirect(found if who_files(found, request.user) else certificate_request)
    if request.method != "POST":
        kept = typed.filled(request, CorrectionForm)
        return _show(request, certificate_request, kept or CorrectionForm(), typed_again=kept is not None)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _show(request, certificate_request, form, status=UNPROCESSABLE)
    return _open(request, certificate_request, form)


def _show(
    request, certificate_request: CertificateRequest, form: CorrectionForm, *, status: int = 200, typed_again=False
):
    context = {
        "certificate_request": certificate_request,
        "form": form,
        "form_on_page": True,
        "mistakes": mistakes(form),
        "typed_again": typed_again,
    }
    return render(request, "requests/correction.html", context, status=status)


def _open(request, certificate_request: CertificateRequest, form: CorrectionForm):
    try:
        new = actions.open_correction(certificate_request, by=request.user, **form.cleaned_data)
    except StepNotAllowed as error:  # opened in another window in the meantime
        messages.error(request, error.message)
        return redirect(certificate_request)
    typed.forget(request)
    page = filing_pages.BY_SLUG.get(form.cleaned_data["page"])
    if page is None:
        return redirect("request_check", new.code)
    return redirect(f"{filing_pages.address(new, page)}?check=1")

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
    kept = typed.kept_for(request) if request.method != "POST" else None
    form = CorrectionForm(request.POST or None, initial=kept.dict() if kept else None)
    if request.method != "POST" or not form.is_valid():
        context = {"certificate_request": certificate_request, "form": form, "mistakes": mistakes(form)}
        context["typed_again"] = bool(kept)
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "requests/correction.html", context, status=status)
    return _open(request, certificate_request, form)


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

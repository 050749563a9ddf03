"""The certificate for whoever hands it over: over the counter, to a proxy, or into an envelope."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from requests import actions
from requests.actions.issuing import may_print
from requests.attachments.serving import handed_out
from requests.staff_pages import find_or_404, for_roles


@require_safe
@for_roles("intake_clerk")
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The signed file, to be printed; the line that tells the applicant of it is written first."""
    certificate_request = find_or_404(request.user, code)
    if not may_print(certificate_request, request.user):
        raise Http404
    content = actions.print_for_handing_over(certificate_request, by=request.user)
    return handed_out(content, media_type="application/pdf", name=f"phieu-ly-lich-tu-phap-{code}.pdf")

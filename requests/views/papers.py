"""The papers of a request: opened or printed by who files and by people of its office; asking for a letter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lltp_portal.errors import PortalError
from requests import actions
from requests.models import Paper
from requests.permissions import may_read_letters
from requests.views.access import get_filed_or_404, get_visible_or_404, post_only


@require_safe
def paper(request, code, seq):
    """One paper as it was sent; 404 for whoever may not know of the request."""
    certificate_request = get_visible_or_404(request, code)
    papers = Paper.objects.select_related("request")
    if not may_read_letters(certificate_request, request.user):
        papers = papers.for_citizens()
    found = get_object_or_404(papers, request=certificate_request, seq=seq)
    if not found.is_printed:
        messages.info(request, _("Giấy này đang được chuẩn bị, thường trong một phút. Tải lại trang để xem."))
        return redirect(certificate_request)
    response = HttpResponse(actions.read_paper(found, by=request.user), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.file_name}"'
    return response


@post_only("request_detail")
def confirm_processing(request, code):
    """Ask for the letter that says the request is being dealt with."""
    certificate_request = get_filed_or_404(request, code)
    try:
        actions.confirm_processing(certificate_request, by=request.user)
        messages.success(request, _("Đã lập giấy xác nhận. Xem ở mục Giấy tờ của hồ sơ."))
    except PortalError as error:
        messages.error(request, error.message)
    return redirect(certificate_request)

"""The papers of a request, opened by people of its office: each opening leaves a line that the applicant can read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lltp_portal.audit.models import AuditEvent
from requests import actions, attached
from requests.attachments.serving import handed_out, picture
from requests.clerk_views.queue import CLERKS
from requests.models import Attachment
from requests.staff_pages import find_or_404, for_roles

READERS = (*CLERKS, "approver")
PURPOSE = "Thẩm tra giấy tờ kèm theo hồ sơ"


@require_safe
@for_roles(*READERS)
def attachment(request: HttpRequest, code: str, attachment: str) -> HttpResponse:
    """One paper of any version that was sent. One that waits for its scan, or did not pass it, is not opened."""
    certificate_request = find_or_404(request.user, code)
    sent = Attachment.objects.of_request(certificate_request).sent().select_related("stored")
    found = get_object_or_404(sent, code=attachment)
    if not found.may_be_opened:
        raise Http404
    content = actions.open_attachment(certificate_request, found, by=request.user, purpose=PURPOSE)
    return handed_out(content, media_type=found.media_type, name=found.stored_name)


@require_safe
@for_roles(*READERS)
def attachment_previews(request: HttpRequest, code: str) -> HttpResponse:
    """The previews on the desk, in one picture."""
    certificate_request = find_or_404(request.user, code)
    papers = [one.attachment for one in attached.listed(certificate_request.declaration)]
    AuditEvent.objects.record(
        "view_attachment_previews", actor=request.user, subject=certificate_request.code, papers=len(papers)
    )
    return picture(attached.previews(papers))

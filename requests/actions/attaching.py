"""Papers come and go. What arrives here was cleaned before, with no transaction open."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PortalError
from requests.actions import scanning
from requests.actions.filing import changeable
from requests.attachments.cleaning import Cleaned
from requests.attachments.limits import MOST_FILES, MOST_TOTAL
from requests.attachments.names import shown
from requests.attachments.wording import refusal
from requests.models import (
    Attachment,
    AttachmentContent,
    AttachmentScan,
    CertificateRequest,
    DeclaredAttachment,
)
from requests.steps import locked


class AttachmentRefused(PortalError):
    """A file that is not taken; the field's code says which rule it breaks."""

    code = "attachment_refused"
    status = 422

    def __init__(self, reason: str, field: str = "file") -> None:
        message = refusal(reason)
        super().__init__(message, fields={field: [{"code": reason, "message": message}]})
        self.reason = reason


@transaction.atomic
def attach(
    certificate_request: CertificateRequest,
    *,
    by: User,
    kind: str,
    name: str,
    cleaned: Cleaned,
    at: datetime | None = None,
) -> Attachment:
    """Keep one cleaned file with the draft; the same bytes again are the same paper. Raises AttachmentRefused."""
    now = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    declaration = changeable(certificate_request, by=by)
    sha256 = hashlib.sha256(cleaned.content).hexdigest()
    papers = Attachment.objects.of_declaration(declaration)
    if known := papers.filter(kind=kind, sha256=sha256).first():
        return known
    if papers.count() >= MOST_FILES:
        raise AttachmentRefused("too_many")
    if papers.total_size() + len(cleaned.content) > MOST_TOTAL:
        raise AttachmentRefused("too_much")
    attachment = Attachment.objects.create(
        request=certificate_request,
        kind=kind,
        original_name=shown(name),
        media_type=cleaned.media_type,
        size=len(cleaned.content),
        sha256=sha256,
        pages=cleaned.pages,
        width=cleaned.width,
        height=cleaned.height,
        state=scanning.state_of_new(),
        uploaded_by=by,
        at=now,
    )
    AttachmentContent.objects.create(attachment=attachment, content=cleaned.content, preview=cleaned.preview)
    DeclaredAttachment.objects.create(declaration=declaration, attachment=attachment, kind=kind)
    if attachment.state == Attachment.State.WAITING:
        scanning.wait_for_scanner(AttachmentScan(attachment=attachment, request=certificate_request, next_try_at=now))
    return attachment


@transaction.atomic
def detach(certificate_request: CertificateRequest, *, by: User, code: str) -> bool:
    """Take a paper out of the version that may be changed. A version that was sent keeps it; else its bytes go too."""
    declaration = changeable(locked(certificate_request.pk), by=by)
    attachment = Attachment.objects.of_declaration(declaration).filter(code=code).first()
    if attachment is None:
        return False
    declaration.attachments.filter(attachment=attachment).delete()
    if not attachment.links.exists():
        attachment.delete()
    return True


@transaction.atomic
def show_at_counter(certificate_request: CertificateRequest, *, by: User, kinds: Collection[str]) -> None:
    """Exactly these kinds of paper are brought to the counter instead of being sent."""
    declaration = changeable(locked(certificate_request.pk), by=by)
    declaration.attachments.filter(attachment__isnull=True).delete()
    DeclaredAttachment.objects.bulk_create(
        [DeclaredAttachment(declaration=declaration, kind=kind) for kind in sorted(set(kinds))]
    )


@transaction.atomic
def open_attachment(
    certificate_request: CertificateRequest, attachment: Attachment, *, by: User, purpose: str
) -> bytes:
    """The bytes for somebody of the office: with the line in the log, or not at all."""
    if not attachment.may_be_opened:
        raise PermissionDenied
    AuditEvent.objects.record(
        "view_attachment", actor=by, subject=certificate_request.code, purpose=purpose, paper=attachment.code
    )
    return bytes(attachment.stored.content)

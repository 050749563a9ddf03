"""Papers come, go and are scanned. What arrives here was cleaned before, with no transaction open."""

import hashlib
import logging
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lltp_portal import doorbell
from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PortalError
from lltp_portal.waiting import each
from requests import permissions, tasks
from requests.actions.filing import open_declaration
from requests.attachments import clamav
from requests.attachments.clamav import NoAnswer, Verdict
from requests.attachments.cleaning import Cleaned
from requests.attachments.limits import MOST_FILES, MOST_TOTAL
from requests.attachments.names import shown
from requests.attachments.wording import refusal
from requests.models import (
    Attachment,
    AttachmentContent,
    AttachmentScan,
    CertificateRequest,
    Declaration,
    DeclaredAttachment,
)
from requests.states import OPEN
from requests.steps import locked
from requests.telling import tell

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 100


class AttachmentRefused(PortalError):
    """A file that is not taken; the field's code says which rule it breaks."""

    code = "attachment_refused"
    status = 422

    def __init__(self, reason: str, field: str = "file") -> None:
        message = refusal(reason)
        super().__init__(message, fields={field: [{"code": reason, "message": message}]})
        self.reason = reason


def _open_declaration(certificate_request: CertificateRequest, by: User) -> Declaration:
    """The version that may be changed, of a request that this person files. The request is locked by the caller."""
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    return open_declaration(certificate_request)


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
    declaration = _open_declaration(certificate_request, by)
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
        state=Attachment.State.WAITING if settings.CLAMD_ADDRESS else Attachment.State.UNSCANNED,
        uploaded_by=by,
        at=now,
    )
    AttachmentContent.objects.create(attachment=attachment, content=cleaned.content, preview=cleaned.preview)
    DeclaredAttachment.objects.create(declaration=declaration, attachment=attachment, kind=kind)
    if attachment.state == Attachment.State.WAITING:
        scan = AttachmentScan.objects.create(attachment=attachment, request=certificate_request, next_try_at=now)
        doorbell.ring(tasks.scan_attachment, scan.pk)
    return attachment


@transaction.atomic
def detach(certificate_request: CertificateRequest, *, by: User, code: str) -> bool:
    """Take a paper out of the version that may be changed. A version that was sent keeps it; else its bytes go too."""
    declaration = _open_declaration(locked(certificate_request.pk), by)
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
    declaration = _open_declaration(locked(certificate_request.pk), by)
    declaration.attachments.filter(attachment__isnull=True).delete()
    DeclaredAttachment.objects.bulk_create(
        [DeclaredAttachment(declaration=declaration, kind=kind) for kind in sorted(set(kinds))]
    )


def scan_what_was_not(now: datetime | None = None) -> int:
    """Papers that were kept unscanned while no scanner was set wait for it once there is one; how many do from now on.

    Until it has spoken they stay what they are, to be opened with the warning: work does not stop for an old paper.
    """
    if not settings.CLAMD_ADDRESS:
        return 0
    now = now or timezone.now()
    waiting = AttachmentScan.objects.waiting().filter(attachment=OuterRef("pk"))
    unscanned = Attachment.objects.filter(~Exists(waiting), state=Attachment.State.UNSCANNED).order_by("-pk")
    newest = unscanned.values_list("pk", flat=True)[:MOST_AT_ONCE]
    return each(newest, lambda pk: _let_wait(pk, now), what="scan old paper")


@transaction.atomic
def _let_wait(pk: int, now: datetime) -> bool:
    attachment = Attachment.objects.select_for_update().filter(pk=pk, state=Attachment.State.UNSCANNED).first()
    if attachment is None:  # thrown away, or scanned in the meantime
        return False
    row, is_new = AttachmentScan.objects.get_or_create(
        attachment=attachment, defaults={"request_id": attachment.request_id, "next_try_at": now}
    )
    if not is_new:  # it waited for a scanner that was taken away
        row.put_back(now=now)
        row.save()
    doorbell.ring(tasks.scan_attachment, row.pk)
    return True


def scan(scan_id: int, *, at: datetime | None = None) -> None:
    """Ask the scanner about one paper that still waits. Safe to call twice, late, or for nothing."""
    claimed = AttachmentScan.objects.claim(scan_id, at)
    if claimed is None:
        return
    AttachmentScan.objects.filter(pk=scan_id, lease_no=claimed.lease_no).update(attempts=claimed.attempts + 1)
    _record(scan_id, claimed.lease_no, _verdict(claimed), at)


def _verdict(claimed: AttachmentScan) -> Verdict | NoAnswer | None:
    """What the scanner says, with no transaction open; None where no scanner runs any more."""
    if not settings.CLAMD_ADDRESS:
        return None
    content = AttachmentContent.objects.values_list("content", flat=True).get(attachment_id=claimed.attachment_id)
    try:
        return clamav.scan(bytes(content), settings.CLAMD_ADDRESS, seconds=settings.TALK_SECONDS)
    except NoAnswer as reason:
        return reason


@transaction.atomic
def _record(scan_id: int, lease_no: int, verdict: Verdict | NoAnswer | None, at: datetime | None) -> None:
    """One winner: a verdict that comes after its lease was lost says nothing. No answer waits and asks again."""
    now = at or timezone.now()
    waiting = AttachmentScan.objects.select_for_update().filter(pk=scan_id).first()
    if waiting is None or not waiting.holds(lease_no):
        return
    if isinstance(verdict, NoAnswer):
        waiting.try_again_later(str(verdict), now=now)
        waiting.save()
        logger.warning("the scanner has not answered", extra={"scan": scan_id})
        return
    attachment = Attachment.objects.select_for_update().select_related("request").get(pk=waiting.attachment_id)
    if verdict is None:
        attachment.state = Attachment.State.UNSCANNED
    else:
        attachment.state = Attachment.State.QUARANTINED if verdict.found else Attachment.State.CLEAN
        attachment.scanned_at = now
    attachment.save(update_fields=["state", "scanned_at"])
    waiting.finish(now=now)
    waiting.save()
    if attachment.state == Attachment.State.QUARANTINED:
        AuditEvent.objects.record(
            "quarantine_paper", subject=attachment.request.code, paper=attachment.code, found=verdict.found
        )
        _tell_of_quarantine(attachment, at=now)


def _tell_of_quarantine(attachment: Attachment, *, at: datetime) -> None:
    """A draft says so on its own page and cannot be sent; a message would keep it from being deleted."""
    if attachment.request.state in OPEN:
        tell(attachment.request, "attachment_quarantined", at=at, key=attachment.code)


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

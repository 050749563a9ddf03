"""Papers are scanned for viruses: what citizens attach, what other agencies answer, what comes for the register.

One road for all of them: a row waits, a worker asks the scanner with no transaction open, and the answer is recorded
once. Nobody waits for the scanner but the paper.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lltp_portal import doorbell
from lltp_portal.audit.models import AuditEvent
from lltp_portal.waiting import AT_ONCE, each
from records.register.living import IncomingDocument
from requests import tasks
from requests.attachments import clamav
from requests.attachments.clamav import NoAnswer, Verdict
from requests.models import (
    AnswerDocument,
    Attachment,
    AttachmentContent,
    AttachmentScan,
    CertificateRequest,
)
from requests.states import OPEN
from requests.telling import tell

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 100
State = Attachment.State
Kind = AttachmentScan.DocumentKind


def state_of_new() -> Attachment.State:
    """Of a paper that comes now: it waits for the scanner, or is kept unscanned where there is none, and says so."""
    return State.WAITING if settings.CLAMD_ADDRESS else State.UNSCANNED


def wait_for_scanner(row: AttachmentScan) -> None:
    row.save()
    doorbell.ring(tasks.scan_attachment, row.pk)


@transaction.atomic
def await_scan(kind: str, code: str, *, request: CertificateRequest | None = None, at: datetime | None = None) -> None:
    """A document that was just kept waits for the scanner; where there is none it has no row and stays unscanned.

    A document that was kept by a process that died before this is found by the hourly sweep.
    """
    if not settings.CLAMD_ADDRESS or AttachmentScan.objects.of_document(kind, code).exists():
        return
    now = at or timezone.now()
    wait_for_scanner(
        AttachmentScan(document_kind=kind, document_code=code, request=request, state=State.WAITING, next_try_at=now)
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


@transaction.atomic
def scan_old_documents(now: datetime | None = None, *, after: int = 0) -> int | None:
    """Documents that no scanner has spoken about wait for it: those of AT_ONCE primary keys behind `after`; the last of
    these keys while there are more. Two databases, so both are walked through instead of joined.
    """
    if not settings.CLAMD_ADDRESS:
        return None
    now, last = now or timezone.now(), after + AT_ONCE
    answers = AnswerDocument.objects.filter(pk__gt=after, pk__lte=last)
    of_request = dict(answers.values_list("code", "answer__inquiry__request_id"))
    papers = IncomingDocument.objects.filter(pk__gt=after, pk__lte=last)
    _let_documents_wait(Kind.ANSWER, of_request, now)
    _let_documents_wait(Kind.INCOMING, dict.fromkeys(papers.values_list("paper__code", flat=True)), now)
    more = any(kept.objects.filter(pk__gt=last).exists() for kept in (AnswerDocument, IncomingDocument))
    return last if more else None


def _let_documents_wait(kind: str, of_request: dict[str, int | None], now: datetime) -> None:
    """Until the scanner has spoken they may be opened with the warning. A sweep rings for them in a moment."""
    known = AttachmentScan.objects.filter(document_kind=kind, document_code__in=of_request)
    for row in known.select_for_update().filter(state__in=[State.UNSCANNED, State.WAITING]):
        if row.done_at is not None or row.parked_at is not None:
            row.put_back(now=now)
            row.save()
    missing = set(of_request) - set(known.values_list("document_code", flat=True))
    rows = [
        AttachmentScan(
            document_kind=kind,
            document_code=code,
            request_id=of_request[code],
            state=State.UNSCANNED,
            next_try_at=now,
        )
        for code in sorted(missing)
    ]
    AttachmentScan.objects.bulk_create(rows, ignore_conflicts=True)


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
    content = _content(claimed)
    try:
        return clamav.scan(content, settings.CLAMD_ADDRESS, seconds=settings.TALK_SECONDS)
    except NoAnswer as reason:
        return reason


def _content(claimed: AttachmentScan) -> bytes:
    if claimed.document_kind == Kind.ANSWER:
        kept = AnswerDocument.objects.filter(code=claimed.document_code)
    elif claimed.document_kind == Kind.INCOMING:
        kept = IncomingDocument.objects.filter(paper__code=claimed.document_code)
    else:
        kept = AttachmentContent.objects.filter(attachment_id=claimed.attachment_id)
    return bytes(kept.values_list("content", flat=True).get())


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
    state = State.UNSCANNED if verdict is None else State.QUARANTINED if verdict.found else State.CLEAN
    scanned_at = None if verdict is None else now
    attachment = _of_attachment(waiting, state, scanned_at)
    waiting.finish(now=now)
    waiting.save()
    if verdict is not None and verdict.found:
        _note_virus(waiting, attachment, verdict.found, now)


def _of_attachment(waiting: AttachmentScan, state: Attachment.State, scanned_at: datetime | None) -> Attachment | None:
    """Where the state belongs: on the attachment, or on the row itself for a document."""
    if waiting.document_code:
        waiting.state, waiting.scanned_at = state, scanned_at
        return None
    attachment = Attachment.objects.select_for_update().select_related("request").get(pk=waiting.attachment_id)
    attachment.state, attachment.scanned_at = state, scanned_at or attachment.scanned_at
    attachment.save(update_fields=["state", "scanned_at"])
    return attachment


def _note_virus(waiting: AttachmentScan, attachment: Attachment | None, found: str, now: datetime) -> None:
    code = attachment.code if attachment else waiting.document_code
    subject = waiting.request.code if waiting.request else code
    AuditEvent.objects.record("quarantine_paper", subject=subject, paper=code, found=found)
    if attachment is not None:
        _tell_of_quarantine(attachment, at=now)


def _tell_of_quarantine(attachment: Attachment, *, at: datetime) -> None:
    """A draft says so on its own page and cannot be sent; a message would keep it from being deleted."""
    if attachment.request.state in OPEN:
        tell(attachment.request, "attachment_quarantined", at=at, key=attachment.code)

"""Papers that somebody asks for, beside those that follow a step (requests/papers)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from requests import clock, papers, permissions
from requests.models import CertificateRequest, Paper
from requests.states import OPEN
from requests.steps import locked


def may_confirm_processing(certificate_request: CertificateRequest, by: User) -> bool:
    """Received, not ended, and asked for by who files."""
    under_way = certificate_request.state in OPEN and certificate_request.received_at is not None
    return under_way and permissions.who_files(certificate_request, by)


@transaction.atomic
def confirm_processing(certificate_request: CertificateRequest, *, by: User, at: datetime | None = None) -> Paper:
    """A letter for an employer that waits: received, being dealt with, promised for a day. One a day at most."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    if not may_confirm_processing(certificate_request, by):
        raise StepNotAllowed(_("Hồ sơ chưa được tiếp nhận hoặc đã giải quyết xong nên không có giấy xác nhận này."))
    last = certificate_request.papers.filter(kind=papers.Kind.PROCESSING_LETTER).newest_first().first()
    if last is not None and clock.local_day(last.written_at) == clock.local_day(at):
        return last
    return papers.write(certificate_request, papers.Kind.PROCESSING_LETTER, at=at)


@transaction.atomic
def read_paper(paper: Paper, *, by: User) -> bytes:
    """The bytes as they were stored. An official's reading is written down; the citizen sees it among the readers."""
    if by.is_staff_member and paper.request.account_id != by.pk:
        AuditEvent.objects.record("read_paper", actor=by, subject=paper.request.code, paper=paper.kind, seq=paper.seq)
    return bytes(paper.bytes.pdf)

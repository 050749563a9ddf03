"""How a document of the office stands with the virus scanner, as citizens' attachments do (actions/scanning.py)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from requests.models import Attachment, AttachmentScan
from requests.models.attachment import OPENABLE


@dataclass(frozen=True)
class Scanned:
    """`awaits_scanner`: kept while no scanner was set; there is one now, and a sweeper asks it."""

    state: str
    scanned_at: datetime | None = None
    awaits_scanner: bool = False

    @property
    def may_be_opened(self) -> bool:
        return self.state in OPENABLE


def document(kind: str, code: str) -> Scanned:
    """Of one document by its code; one that no row speaks of was kept while there was no scanner."""
    row = AttachmentScan.objects.of_document(kind, code).first()
    state = row.state if row else Attachment.State.UNSCANNED
    awaits = state == Attachment.State.UNSCANNED and bool(settings.CLAMD_ADDRESS)
    return Scanned(state, row.scanned_at if row else None, awaits)

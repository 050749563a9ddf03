"""What payments have to say to the person: one door to the messages."""

from datetime import datetime

from requests import telling
from requests.models import CertificateRequest


def tell(certificate_request: CertificateRequest, event: str, *, at: datetime, key: str = "", **facts) -> None:
    """One message an event and key, in the caller's transaction. Steps tell of themselves (asked, received, lapsed);
    here: payment_reminder (pay_by), payment_received where no step follows it, and refund (owed, or given back)."""
    telling.tell(certificate_request, event, at=at, key=key, facts=facts)

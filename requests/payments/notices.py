"""What payments have to say to the person: one door to the messages, wherever those are kept."""

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

_telling = import_module("requests.telling") if find_spec("requests.telling") else None


def tell(certificate_request, event: str, *, at: datetime, key: str = "", **facts) -> None:
    """One message an event and key, in the caller's transaction. Steps tell of themselves (asked, received, lapsed);
    here: payment_reminder (pay_by), payment_received where no step follows it, and refund (owed, or given back)."""
    if _telling is not None:
        _telling.tell(certificate_request, event, at=at, key=key, facts=facts)

"""The one place from which a signed apology becomes a paper (Nghị định 61/2018/NĐ-CP, Art. 19; Thông tư 01/2018)."""

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from requests.models import CertificateRequest, LateNotice


def write(certificate_request: CertificateRequest, notice: LateNotice, *, at: datetime) -> None:
    """Have the paper printed and kept, in the caller's transaction, where this installation prints papers."""
    if find_spec("requests.papers") is None:
        return
    facts = {
        "round": notice.round,
        "reason": notice.cause_text,
        "promised_at": notice.promised_at.isoformat(),
        "appointed_at": notice.appointed_at.isoformat(),
        "signed_by": notice.signed_by_id,
    }
    import_module("requests.papers").write(certificate_request, "apology", at=at, facts=facts)

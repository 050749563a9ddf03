"""What was asked of the citizen and what they answered, corrections and complaints, as a clerk reads them."""

from typing import Any

from lltp_portal.accounts.models import User
from requests import permissions
from requests.actions.correcting import may_correct, open_one
from requests.asking.progress import progress
from requests.models import CertificateRequest
from requests.states import State


def shown(certificate_request: CertificateRequest, user: User) -> dict[str, Any]:
    """For the desk: every question with its answers, the newest first; and what stands beside this request."""
    questions = certificate_request.supplements.order_by("-step_seq").prefetch_related("items")
    correction = open_one(certificate_request)
    return {
        "questions": [_question(certificate_request, supplement) for supplement in questions],
        "correction": correction,
        "correction_is_draft": correction is not None and correction.state == State.DRAFT,
        "writes_correction": correction is not None and permissions.who_files(correction, user),
        "can_correct": correction is None and may_correct(certificate_request, user),
        "open_complaint": certificate_request.complaints.open().first(),
    }


def _question(certificate_request: CertificateRequest, supplement) -> dict[str, Any]:
    """Words of an answer that is still being written are the citizen's own business; only how many are done is told."""
    is_open = supplement.step_seq == certificate_request.step_count
    return {
        "supplement": supplement,
        "is_open": is_open,
        "progress": progress(certificate_request, supplement) if is_open else None,
        "items": list(supplement.items.all()),
    }

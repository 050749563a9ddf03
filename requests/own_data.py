"""What is kept about a citizen's own requests, as one file to take away (Luật 91/2025/QH15: to know, to get a copy).

Everything they declared, sent, paid, were told and asked, and everybody who read it by unit and role. Not the bytes of
papers, which are opened on the page of each request, and not what the register answered: that is read on the Phiếu.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lltp_portal.accounts.models import User
from requests.api.answers import DeclarationAnswer, RequestDetailAnswer
from requests.api.attachments import AttachmentAnswer
from requests.models import CertificateRequest, Message, Paper
from requests.readers import readings, told

Row = dict[str, Any]
PAPER = ("seq", "kind", "number", "written_at", "printed_at", "size", "pages", "sha256")
PAYMENT = ("code", "kind", "method", "amount", "at", "receipt_number")
MESSAGE = ("event", "channel", "text", "told_at", "state", "sent_at", "read_at")
COMPLAINT = ("kind", "text", "status", "received_at", "due_at", "answer", "answered_at")
ITEM = ("supplement__asked_at", "supplement__answer_by", "title", "text", "legal_basis", "answer", "done_at")


def counted(found: QuerySet) -> QuerySet:
    """With how many papers and messages of each request are kept."""
    each = {name: Count(name, distinct=True) for name in ("attachments", "declarations")}
    # As many as the inbox shows: the same words sent by e-mail as well are one message to who reads it.
    each["messages"] = Count("messages", filter=Q(messages__channel=Message.Channel.PORTAL), distinct=True)
    theirs = ~Q(papers__kind__in=Paper.BETWEEN_OFFICES)
    each["papers"] = Count("papers", filter=theirs, distinct=True)
    return found.annotate(**{f"{name}_kept": count for name, count in each.items()})


def file_of(user: User, *, at: datetime) -> Row:
    """The whole file, as JSON can say it."""
    found = CertificateRequest.objects.of_person(user).with_people().newest_first()
    return {
        "made_at": timezone.localtime(at),
        "account": {"email": user.email, "full_name": user.full_name, "created_at": user.date_joined},
        "requests": [_request(certificate_request) for certificate_request in found],
    }


def _request(certificate_request: CertificateRequest) -> Row:
    certificate = certificate_request.certificate
    issued = certificate_request.issued_at is not None and certificate is not None
    return {
        **RequestDetailAnswer(certificate_request).data,
        "tracking_code": certificate_request.tracking_code,
        "declarations": DeclarationAnswer(certificate_request.declarations.order_by("version"), many=True).data,
        "attachments": AttachmentAnswer(certificate_request.attachments.order_by("pk"), many=True).data,
        "papers": _rows(certificate_request.papers.for_citizens().order_by("seq"), PAPER),
        "payments": _rows(certificate_request.payment_entries.order_by("pk"), PAYMENT),
        "messages": _rows(certificate_request.messages.order_by("told_at", "pk"), MESSAGE),
        "questions": [
            _rows(supplement.items.order_by("position"), ITEM) for supplement in certificate_request.supplements.all()
        ],
        "complaints": _rows(certificate_request.complaints.order_by("pk"), COMPLAINT),
        "certificate": {"number": certificate.number_text, "code": certificate.code} if issued else None,
        "readings": [
            {"at": reader.at, "who": reader.who, "purpose": reader.purpose}
            for reader in told(readings([certificate_request.code]))
        ],
    }


def _rows(found, names: Iterable[str]) -> list[Row]:
    """These fields of these rows; a name over two tables is called by its last part."""
    return [{name.rsplit("__", 1)[-1]: value for name, value in row.items()} for row in found.values(*names)]

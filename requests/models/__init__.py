"""A request's life: CertificateRequest and its history, what was declared, what waits for a worker."""

from requests.models.attachment import (
    Attachment,
    AttachmentContent,
    AttachmentScan,
    DeclaredAttachment,
    attachments_of,
    shown_at_counter,
)
from requests.models.declaration import Declaration, DeclaredDocument, DeclaredName, DeclaredResidence
from requests.models.law import LawRow, LocalRule
from requests.models.paper import Paper, PaperBook, PaperBytes
from requests.models.payment import OnlinePayment, PaymentEntry, PaymentOrder, PaymentTerm, ReceiptBook
from requests.models.request import CertificateRequest, DossierBook, IdempotencyKey, RequestStep
from requests.models.work import CandidateDecision, Issuance, SourceSearch

__all__ = [
    "Attachment",
    "AttachmentContent",
    "AttachmentScan",
    "CandidateDecision",
    "CertificateRequest",
    "Declaration",
    "DeclaredAttachment",
    "DeclaredDocument",
    "DeclaredName",
    "DeclaredResidence",
    "DossierBook",
    "IdempotencyKey",
    "Issuance",
    "LawRow",
    "LocalRule",
    "OnlinePayment",
    "Paper",
    "PaperBook",
    "PaperBytes",
    "PaymentEntry",
    "PaymentOrder",
    "PaymentTerm",
    "ReceiptBook",
    "RequestStep",
    "SourceSearch",
    "attachments_of",
    "shown_at_counter",
]

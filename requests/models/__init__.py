"""A request's life: CertificateRequest and its history, what was declared, what waits for a worker."""

from requests.models.declaration import Declaration, DeclaredDocument, DeclaredName, DeclaredResidence
from requests.models.law import LawRow, LocalRule
from requests.models.payment import OnlinePayment, PaymentEntry, PaymentOrder, PaymentTerm, ReceiptBook
from requests.models.request import CertificateRequest, DossierBook, IdempotencyKey, RequestStep
from requests.models.work import CandidateDecision, Issuance, SourceSearch

__all__ = [
    "CandidateDecision",
    "CertificateRequest",
    "Declaration",
    "DeclaredDocument",
    "DeclaredName",
    "DeclaredResidence",
    "DossierBook",
    "IdempotencyKey",
    "Issuance",
    "LawRow",
    "LocalRule",
    "OnlinePayment",
    "PaymentEntry",
    "PaymentOrder",
    "PaymentTerm",
    "ReceiptBook",
    "RequestStep",
    "SourceSearch",
]

"""A request's life: CertificateRequest and its history, what was declared, what waits for a worker."""

from requests.models.declaration import Declaration, DeclaredDocument, DeclaredName, DeclaredResidence
from requests.models.late_notice import AwaitedAnswer, LateNotice
from requests.models.message import Message, MessageChoice
from requests.models.request import CertificateRequest, DossierBook, IdempotencyKey, RequestStep
from requests.models.work import CandidateDecision, Issuance, SourceSearch

__all__ = [
    "AwaitedAnswer",
    "CandidateDecision",
    "CertificateRequest",
    "Declaration",
    "DeclaredDocument",
    "DeclaredName",
    "DeclaredResidence",
    "DossierBook",
    "IdempotencyKey",
    "Issuance",
    "LateNotice",
    "Message",
    "MessageChoice",
    "RequestStep",
    "SourceSearch",
]

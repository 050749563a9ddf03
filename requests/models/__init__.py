"""A request's life: CertificateRequest and its history, what was declared, what was asked, what waits for a worker."""

from requests.models.after_issue import AfterIssue, FoundAfterIssue
from requests.models.asking import SupplementItem, SupplementReminder, SupplementRequest
from requests.models.attachment import (
    Attachment,
    AttachmentContent,
    AttachmentScan,
    DeclaredAttachment,
    attachments_of,
    shown_at_counter,
)
from requests.models.complaint import Complaint
from requests.models.correction import Correction
from requests.models.deciding import CandidateCase, Settlement, ShownComparison
from requests.models.declaration import Declaration, DeclaredDocument, DeclaredName, DeclaredResidence
from requests.models.flow_back import FlowBack
from requests.models.free_search import FreeSearch, FreeSearchQuestion, FreeSearchRuling
from requests.models.inquiry import (
    AnswerDecision,
    AnswerDocument,
    AnsweredConviction,
    EarlierClear,
    EarlierClearChoice,
    Inquiry,
    InquiryAnswer,
    InquiryEvent,
    SourceSwitch,
    WithoutPaper,
)
from requests.models.late_notice import AwaitedAnswer, LateNotice
from requests.models.law import LawRow, LocalRule
from requests.models.message import Message, MessageChoice
from requests.models.odd_look import OddLook
from requests.models.paper import Paper, PaperBook, PaperBytes
from requests.models.payment import OnlinePayment, PaymentEntry, PaymentOrder, PaymentTerm, ReceiptBook
from requests.models.request import CertificateRequest, DossierBook, IdempotencyKey, RequestStep
from requests.models.work import CandidateDecision, Issuance, SourceSearch

__all__ = [
    "AfterIssue",
    "AnswerDecision",
    "AnswerDocument",
    "AnsweredConviction",
    "Attachment",
    "AttachmentContent",
    "AttachmentScan",
    "AwaitedAnswer",
    "CandidateCase",
    "CandidateDecision",
    "CertificateRequest",
    "Complaint",
    "Correction",
    "Declaration",
    "DeclaredAttachment",
    "DeclaredDocument",
    "DeclaredName",
    "DeclaredResidence",
    "DossierBook",
    "EarlierClear",
    "EarlierClearChoice",
    "FlowBack",
    "FoundAfterIssue",
    "FreeSearch",
    "FreeSearchQuestion",
    "FreeSearchRuling",
    "IdempotencyKey",
    "Inquiry",
    "InquiryAnswer",
    "InquiryEvent",
    "Issuance",
    "LateNotice",
    "LawRow",
    "LocalRule",
    "Message",
    "MessageChoice",
    "OddLook",
    "OnlinePayment",
    "Paper",
    "PaperBook",
    "PaperBytes",
    "PaymentEntry",
    "PaymentOrder",
    "PaymentTerm",
    "ReceiptBook",
    "RequestStep",
    "Settlement",
    "ShownComparison",
    "SourceSearch",
    "SourceSwitch",
    "SupplementItem",
    "SupplementReminder",
    "SupplementRequest",
    "WithoutPaper",
    "attachments_of",
    "shown_at_counter",
]

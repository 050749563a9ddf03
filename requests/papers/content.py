"""Every word that a paper prints, frozen as canonical JSON on the day it is written; pure.

The forms are those of Thông tư 01/2018/TT-VPCP (domain of the one-stop counter); what is not here is not printed.
"""

import json
import types
import unicodedata
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from django.utils.functional import Promise

from certificates.alphabet import unprintable

# What keyboards and word processors put in, in letters that the papers' fonts have.
REPLACED = str.maketrans(
    {"→": "->", "⇒": "=>", "≥": ">=", "≤": "<=", "−": "-", "×": "x", "\u2011": "-", "✓": "v", "●": "•", "▪": "•"}
)


class Kind(StrEnum):
    """The papers of one request."""

    TRACKING_SLIP = "tracking_slip"
    RECEIPT = "receipt"
    SUPPLEMENT_REQUEST = "supplement_request"
    REFUSAL = "refusal"
    CONTROL_SLIP = "control_slip"
    APOLOGY = "apology"
    FEE_RECEIPT = "fee_receipt"
    HANDOVER_SLIP = "handover_slip"
    PROCESSING_LETTER = "processing_letter"
    INQUIRY_LETTER = "inquiry_letter"
    INQUIRY_REMINDER = "inquiry_reminder"


def printable(text: str) -> str:
    """The text in letters that the papers' fonts have, on one line: a missing glyph must not be printed, and a paper
    must not fail because somebody typed an arrow."""
    text = unicodedata.normalize("NFC", " ".join(text.translate(REPLACED).split()))
    for character in unprintable(text):
        plain = unicodedata.normalize("NFKC", character)
        text = text.replace(character, "?" if unprintable(plain) else plain)
    return text


class _Words:
    """Everything written into a field is made printable before it is kept."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for one in fields(self):  # type: ignore[arg-type]
            value = getattr(self, one.name)
            if isinstance(value, str) and value:
                object.__setattr__(self, one.name, printable(value))
            elif isinstance(value, tuple):
                fitted = tuple(printable(item) if isinstance(item, str) else item for item in value)
                object.__setattr__(self, one.name, tuple(item for item in fitted if item != ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(_Words):
    """Who writes."""

    name: str
    heading: str
    parent_body: str
    place: str
    phone: str

    @property
    def counter(self) -> str:
        return f"Bộ phận Một cửa, {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(_Words):
    """Whose certificate it is; `filer` is who filed for them, `agency` who asks for it in writing."""

    full_name: str
    date_of_birth: str
    identity_label: str
    identity_number: str
    address: str
    phone: str
    email: str
    filer: str = ""
    filer_identity: str = ""
    agency: str = ""  # who asks in writing (Art. 45, 46), and by which document
    agency_document: str = ""

    @property
    def you(self) -> str:
        """How a paper addresses its reader within a sentence: an agency or organisation is no “ông/bà”."""
        return "Quý cơ quan/tổ chức" if self.agency else "ông/bà"

    @property
    def you_first(self) -> str:
        """The same at the beginning of a sentence."""
        return f"{self.you[:1].upper()}{self.you[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContent(_Words):
    """What all papers carry."""

    kind: ClassVar[Kind]
    office: Office
    person: Person
    request_code: str
    dossier_number: str  # empty before receipt
    what: str  # nội dung yêu cầu
    channel: str
    written_at: datetime
    number: int | None
    series: str  # behind the number (…/TNHS)
    public_base_url: str

    @property
    def track_url(self) -> str:
        """Where anybody may see where the request is. The address names nobody: the codes are typed there."""
        return f"{self.public_base_url}/track/"

    def to_json(self) -> str:
        """Canonical: the same content is the same text."""
        return json.dumps(asdict(self), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingSlip(PaperContent):
    """Phiếu theo dõi hồ sơ: what one takes home after sending, before anybody has received it."""

    kind: ClassVar[Kind] = Kind.TRACKING_SLIP
    tracking_code: str
    submitted_at: datetime
    fee_due: int
    fee_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure(_Words):
    """One line of what was handed in."""

    name: str
    form: str  # bản chính, bản chứng thực, bản chụp, bản điện tử
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(PaperContent):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả, Mẫu số 01."""

    kind: ClassVar[Kind] = Kind.RECEIPT
    tracking_code: str
    filed_at: datetime
    filed_how: str
    fee_amount: int
    fee_reason: str
    fee_receipts: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    received_at: datetime
    due_at: datetime
    term: str
    term_notes: tuple[str, ...]  # days left out by name, days waited for the citizen
    fetched: str
    fetched_where: str
    officer: str
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(_Words):
    """One thing that is missing: its title, what to do about it and why, and the law."""

    what: str
    why: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(PaperContent):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ, Mẫu số 02."""

    kind: ClassVar[Kind] = Kind.SUPPLEMENT_REQUEST
    items: tuple[Item, ...]
    answer_until: datetime
    clock_runs: bool  # received already: the clock pauses
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(PaperContent):
    """Phiếu từ chối giải quyết hồ sơ, Mẫu số 03."""

    kind: ClassVar[Kind] = Kind.REFUSAL
    grounds: tuple[Item, ...]
    refund_due: int
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(_Words):
    """One change of hands."""

    giver: str
    taker: str
    at: datetime
    state: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip(PaperContent):
    """Phiếu kiểm soát quá trình giải quyết hồ sơ, Mẫu số 05."""

    kind: ClassVar[Kind] = Kind.CONTROL_SLIP
    handovers: tuple[Handover, ...]
    received_at: datetime | None
    due_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology(PaperContent):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả, Mẫu số 04."""

    kind: ClassVar[Kind] = Kind.APOLOGY
    received_at: datetime
    old_due_at: datetime
    new_due_at: datetime
    reason: str
    signer_title: tuple[str, ...]
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeReceipt(PaperContent):
    """Biên lai thu phí of one entry of the ledger: its number, payer, amount, and how it was paid."""

    kind: ClassVar[Kind] = Kind.FEE_RECEIPT
    receipt_number: str
    amount: int
    fee_reason: str
    voucher: str
    paid_at: datetime
    paid_how: str
    collector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSlip(PaperContent):
    """Giấy biên nhận trả kết quả: who took what, when."""

    kind: ClassVar[Kind] = Kind.HANDOVER_SLIP
    result: str
    receiver: str
    receiver_identity: str
    handed_how: str
    receiver_signs: bool
    handed_at: datetime
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingLetter(PaperContent):
    """Giấy xác nhận hồ sơ đang được giải quyết, for an employer who waits. Says nothing about a record."""

    kind: ClassVar[Kind] = Kind.PROCESSING_LETTER
    tracking_code: str
    received_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryLetter(PaperContent):
    """Công văn đề nghị xác minh: to another agency, about the applicant. Never given to the applicant."""

    kind: ClassVar[Kind] = Kind.INQUIRY_LETTER
    agency: str
    question: str
    due_at: datetime
    parents: str
    other_names: str
    officer: str
    signer_title: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryReminder(InquiryLetter):
    """Công văn đôn đốc: the same question again, with the number of the letter that asked it."""

    kind: ClassVar[Kind] = Kind.INQUIRY_REMINDER
    asked_number: str
    asked_at: datetime
    round: int


CONTENTS: dict[Kind, type[PaperContent]] = {
    one.kind: one
    for one in (
        TrackingSlip,
        Receipt,
        SupplementRequest,
        Refusal,
        ControlSlip,
        Apology,
        FeeReceipt,
        HandoverSlip,
        ProcessingLetter,
        InquiryLetter,
        InquiryReminder,
    )
}


# Numbered without gaps, by office and year; what stands behind the number. A fee receipt has the ledger's number, the
# others bear the dossier's.
SERIES = {
    Kind.RECEIPT: "TNHS",
    Kind.SUPPLEMENT_REQUEST: "HDHS",
    Kind.REFUSAL: "TCHS",
    Kind.APOLOGY: "XLHS",
    Kind.PROCESSING_LETTER: "XNHS",
    Kind.INQUIRY_LETTER: "CVXM",
    Kind.INQUIRY_REMINDER: "CVĐĐ",
}


def from_json(kind: str, text: str) -> Any:
    """The content of a stored paper."""
    return _read(CONTENTS[Kind(kind)], json.loads(text))


def _plain(value: datetime | Promise) -> str:
    """A moment, or a word of a table that is only now looked up in the language of the paper."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(wanted: Any, value: Any) -> Any:
    """A value of JSON as the type that a field names."""
    if isinstance(wanted, types.UnionType):
        return None if value is None else _read(next(one for one in get_args(wanted) if one is not type(None)), value)
    if get_origin(wanted) is tuple:
        return tuple(_read(get_args(wanted)[0], item) for item in value)
    if wanted is datetime:
        return datetime.fromisoformat(value)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{name: _read(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    return value

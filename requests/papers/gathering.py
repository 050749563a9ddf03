"""From a request as it stands, locked, to the content of one paper about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from lltp_portal import provinces
from lltp_portal.accounts.models import Authority, User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from requests import clock, drafting, policy
from requests.asking.reasons import OWN_WORDS
from requests.models import CertificateRequest, Declaration, PaymentEntry, RequestStep, SupplementItem
from requests.papers import content as papers
from requests.papers import handed_in, terms
from requests.papers.blocks import SIGN_HERE, points_of
from requests.papers.content import SERIES, Kind
from requests.states import State

BAN_INFO = ", có xác nhận nội dung cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"
FILED_HOW = {
    CertificateRequest.Channel.ONLINE: "Nộp trực tuyến, đã xác thực tài khoản",
    CertificateRequest.Channel.COUNTER: SIGN_HERE,
    CertificateRequest.Channel.POST: "Nộp qua bưu chính",
}
# Unit and role, never a clerk's name: the slip travels with the dossier, and the citizen may read it.
UNITS = {
    State.DRAFT: "Người yêu cầu",
    State.SUBMITTED: "Bộ phận Một cửa",
    State.AWAITING_PAYMENT: "Người yêu cầu (nộp phí)",
    State.RECEIVED: "Cơ sở dữ liệu trung ương (tra cứu)",
    State.REVIEWING: "Chuyên viên thẩm tra",
    State.CONSULTING: "Cơ quan được hỏi",
    State.NEEDS_SUPPLEMENT: "Người yêu cầu (bổ sung)",
    State.VERIFIED: "Lãnh đạo ký",
    State.SIGNING: "Hệ thống ký",
    State.ISSUED: "Bộ phận trả kết quả",
    State.DELIVERED: "Người yêu cầu",
    State.REFUSED: "Lưu hồ sơ",
    State.WITHDRAWN: "Lưu hồ sơ",
    State.STOPPED: "Lưu hồ sơ",
}


@dataclass
class Case:
    """What a paper is written from."""

    request: CertificateRequest
    at: datetime
    facts: Mapping[str, Any]
    step: RequestStep | None = None
    payment: PaymentEntry | None = None

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return calendar_of(self.request.authority_id)

    @cached_property
    def history(self) -> Sequence[RequestStep]:
        return list(self.request.history().select_related("actor"))

    @cached_property
    def authority(self) -> Authority:
        authority = self.request.authority
        assert authority is not None, "a request that was sent has an office"
        return authority

    @property
    def actor(self) -> User | None:
        return self.step.actor if self.step else None

    def taken(self, name: str) -> RequestStep | None:
        """The last step of that name."""
        return next((step for step in reversed(self.history) if step.step == name), None)


def common(case: Case) -> dict[str, Any]:
    """What all papers carry but their number."""
    request = case.request
    return {
        "office": office(case.authority),
        "person": person(case),
        "request_code": request.code,
        "dossier_number": request.dossier_number or "",
        "what": what(request),
        "channel": request.get_channel_display(),
        "written_at": case.at.astimezone(clock.LOCAL),
        "public_base_url": settings.PUBLIC_BASE_URL,
    }


def office(authority: Authority) -> papers.Office:
    return papers.Office(
        name=authority.name,
        heading=authority.short_name,
        parent_body=authority.parent_body,
        place=authority.place,
        phone=settings.SUPPORT_PHONE,
    )


def person(case: Case) -> papers.Person:
    declaration = case.request.declaration
    label, number = drafting.identity_on_paper(declaration)
    return papers.Person(
        full_name=declaration.full_name,
        date_of_birth=declaration.date_of_birth,
        identity_label=label,
        identity_number=number,
        address=_address(case),
        phone=declaration.proxy_phone or declaration.phone,
        email=declaration.email,
        filer=declaration.proxy_name,
        filer_identity=declaration.proxy_identity_number,
        agency=declaration.agency_name if declaration.by_agency else "",
        agency_document=_agency_document(declaration) if declaration.by_agency else "",
    )


def _agency_document(declaration: Declaration) -> str:
    return f"{declaration.agency_document_number} ngày {declaration.agency_document_on:%d/%m/%Y}"


def _address(case: Case) -> str:
    """Where the person lives: permanent residence, else temporary, else where the post goes."""
    declaration = case.request.declaration
    on = policy.law_day_of(case.request, case.at)
    for kind in ("permanent", "temporary"):
        parts = [getattr(declaration, f"{kind}_{part}") for part in ("address", "ward", "district")]
        code = getattr(declaration, f"{kind}_province")
        province = provinces.named(code, on) if code else None
        words = ", ".join(part for part in (*parts, province.full_name if province else "") if part)
        if words:
            return words[:1].upper() + words[1:]
    return declaration.delivery_address


def what(request: CertificateRequest) -> str:
    declaration = request.declaration
    ban = BAN_INFO if declaration.want_ban_info else ""
    return f"Cấp Phiếu lý lịch tư pháp số {declaration.certificate_type}, {declaration.copies:02d} bản{ban}"


def _moment(at: datetime) -> datetime:
    return at.astimezone(clock.LOCAL)


def _told(at: datetime | str) -> datetime:
    """A moment among the facts of an act; those are kept as JSON, so it may be text."""
    return _moment(datetime.fromisoformat(at) if isinstance(at, str) else at)


def _official(case: Case, user: User | None) -> str:
    """Who answers for it; the office itself for what the system did."""
    return user.full_name if user else case.authority.name


# --- Each paper -----------------------------------------------------------------------------------------------------


def _tracking_slip(case: Case) -> dict[str, Any]:
    request = case.request
    missing = max(0, (request.fee_amount or 0) - request.fee_paid_amount)
    return {
        "tracking_code": request.tracking_code,
        "submitted_at": _moment(request.submitted_at),
        "fee_due": missing,
        "fee_reason": request.fee_reason,
    }


def _receipt(case: Case) -> dict[str, Any]:
    request = case.request
    received = case.taken("receive")
    fetched, where = _delivery(case)
    return {
        "tracking_code": request.tracking_code,
        "filed_at": _moment(request.submitted_at),
        "filed_how": FILED_HOW[request.channel],
        "fee_amount": request.fee_amount or 0,
        "fee_reason": request.fee_reason,
        "fee_receipts": _fee_receipts(request),
        "enclosures": handed_in.enclosures(request, case.at),
        "received_at": _moment(request.received_at),
        "due_at": _moment(request.due_at),
        "term": terms.term(request),
        "term_notes": terms.notes(request, case.history, case.calendar),
        "fetched": fetched,
        "fetched_where": where,
        "officer": _official(case, received.actor if received else None),
        "replaces": _replaces(request),
    }


def _replaces(request: CertificateRequest) -> str:
    """A receipt is never changed: after a supplement a new one says which it follows (its date counts)."""
    before = request.papers.filter(kind=Kind.RECEIPT).newest_first().first()
    if before is None:
        return ""
    return f"Thay giấy số {before.number:04d}/{SERIES[Kind.RECEIPT]} ngày {_moment(before.written_at):%d/%m/%Y}"


def _fee_receipts(request: CertificateRequest) -> tuple[str, ...]:
    """The ledger's numbers: each stands on a fee receipt of its own."""
    return tuple(request.payment_entries.received().values_list("receipt_number", flat=True))


def _delivery(case: Case) -> tuple[str, str]:
    """How the result comes, in bold, and where."""
    declaration = case.request.declaration
    if declaration.delivery == declaration.Delivery.POST:
        return "qua bưu chính", f"gửi đến {declaration.delivery_address or _address(case)}"
    if declaration.delivery == declaration.Delivery.COUNTER:
        return "tại quầy", f"của {office(case.authority).counter}"
    domain = settings.PUBLIC_BASE_URL.split("://")[-1]
    return "bản điện tử", f"tại {domain}, mục “Hồ sơ của tôi”"


def _supplement_request(case: Case) -> dict[str, Any]:
    """The question as it was asked, item by item (requests/models/asking.py)."""
    supplement = case.request.supplements.order_by("step_seq").last()
    assert supplement is not None, "a question is kept before its step is taken"
    return {
        "items": tuple(item for asked in supplement.items.all() for item in _asked(asked)),
        "answer_until": _moment(supplement.answer_by),
        "clock_runs": case.request.received_at is not None,
        "officer": _official(case, case.actor),
    }


def _asked(item: SupplementItem) -> list[papers.Item]:
    """A reason of the register by its title, with its words; of the clerk's own words each line is a point."""
    if item.code == OWN_WORDS:
        return [papers.Item(what=line) for line in points_of(item.text)]
    return [papers.Item(what=item.title, why=item.text, basis=item.legal_basis)]


def _grounds(reason: str) -> tuple[papers.Item, ...]:
    """A ground of the register (requests/asking/grounds.py) is one point, with what explains it and the law."""
    first, *more = points_of(reason) or [""]
    if more and more[-1].startswith("Căn cứ:"):
        return (papers.Item(what=first, why=" ".join(line if line.endswith(".") else f"{line}." for line in more)),)
    return tuple(papers.Item(what=line) for line in (first, *more) if line)


def _refusal(case: Case) -> dict[str, Any]:
    return {
        "grounds": _grounds(case.step.reason if case.step else ""),
        "refund_due": case.request.refund_due,
        "officer": _official(case, case.actor),
    }


def _control_slip(case: Case) -> dict[str, Any]:
    request, history = case.request, case.history
    handovers = tuple(
        papers.Handover(
            giver=UNITS[State(step.from_state)],
            taker=UNITS[State(step.to_state)],
            at=_moment(step.at),
            state=step.to_state_label,
            result=terms.in_time(request, history[: position + 1], case.calendar),
        )
        for position, step in enumerate(history)
    )
    return {
        "handovers": handovers,
        "received_at": _moment(request.received_at) if request.received_at else None,
        "due_at": _moment(request.due_at) if request.due_at else None,
        "outcome": terms.outcome(request, history, case.calendar),
    }


def _apology(case: Case) -> dict[str, Any]:
    """`reason`, `appointed_at` and `signed_by` come with the act; `promised_at` where due_at has been moved before."""
    signer = signer_of(case)
    assert signer is not None, "an apology is signed"
    title = signer.signature_title or case.authority.signatory_title
    return {
        "received_at": _moment(case.request.received_at),
        "old_due_at": _told(case.facts.get("promised_at") or case.request.due_at),
        "new_due_at": _told(case.facts["appointed_at"]),
        "reason": case.facts["reason"].strip().rstrip("."),
        "signer_title": tuple(line for line in title.splitlines() if line.strip()),
        "signer": signer.full_name,
    }


def _fee_receipt(case: Case) -> dict[str, Any]:
    """Of one entry of the ledger, under the number that the ledger gave it; what was paid beyond the fee as well."""
    entry = case.payment
    assert entry is not None, "a fee receipt is written for money that came"
    return {
        "receipt_number": entry.receipt_number,
        "amount": entry.amount,
        "fee_reason": case.request.fee_reason,
        "voucher": _voucher(entry),
        "paid_at": _moment(entry.at),
        "paid_how": entry.get_method_display(),
        "collector": _official(case, entry.by),
    }


def _voucher(entry: PaymentEntry) -> str:
    """How the bank or the platform calls it, so that the payer finds it again; cash has no other paper."""
    parts = [entry.order.reference] if entry.order else []
    if entry.transaction_id:
        # A bank's number is kept behind the office's (requests/actions/paying.py).
        parts.append(f"giao dịch {entry.transaction_id.rpartition(':')[2]}")
    return ", ".join(parts)


def _handover_slip(case: Case) -> dict[str, Any]:
    request, declaration = case.request, case.request.declaration
    certificate = request.certificate
    assert certificate is not None
    frozen = certificate.frozen
    number = "" if declaration.by_agency else declaration.proxy_identity_number or declaration.identity_number
    return {
        "result": f"Phiếu lý lịch tư pháp số {certificate.certificate_type}, số {frozen.number_text}, "
        f"ngày {frozen.issued_on:%d/%m/%Y}, {declaration.copies:02d} bản",
        "receiver": case.facts.get("receiver") or _receiver(declaration),
        "receiver_identity": case.facts.get("receiver_identity") or number,
        "handed_how": _handed_how(case),
        "receiver_signs": case.actor is not None,
        "handed_at": _moment(case.at),
        "officer": _official(case, case.actor),
    }


def _receiver(declaration: Declaration) -> str:
    asks = declaration.agency_name if declaration.by_agency else declaration.proxy_name
    return asks or declaration.full_name


def _handed_how(case: Case) -> str:
    if case.actor is None:
        return "Tải bản điện tử, đã xác thực tài khoản"
    declaration = case.request.declaration
    by_post = declaration.delivery == declaration.Delivery.POST
    return f"Qua bưu chính, gửi đến {declaration.delivery_address or _address(case)}" if by_post else "Nhận tại quầy"


def _processing_letter(case: Case) -> dict[str, Any]:
    request = case.request
    return {
        "tracking_code": request.tracking_code,
        "received_at": _moment(request.received_at),
        "due_at": _moment(request.due_at),
    }


def _inquiry(case: Case) -> dict[str, Any]:
    """To whom, about what and until when is said by the act (requests/actions/inquiring.py)."""
    about = case.request.declaration
    return {name: _told(told) if name.endswith("_at") else told for name, told in case.facts["letter"].items()} | {
        "parents": ", ".join(filter(None, (about.father_name, about.mother_name))),
        "other_names": ", ".join(row.name for row in about.other_names.all()),
        "officer": _official(case, signer_of(case)),
        "signer_title": tuple(case.authority.signatory_title.splitlines()),
    }


GATHER: dict[Kind, Callable[[Case], dict[str, Any]]] = {
    Kind.TRACKING_SLIP: _tracking_slip,
    Kind.RECEIPT: _receipt,
    Kind.SUPPLEMENT_REQUEST: _supplement_request,
    Kind.REFUSAL: _refusal,
    Kind.CONTROL_SLIP: _control_slip,
    Kind.APOLOGY: _apology,
    Kind.FEE_RECEIPT: _fee_receipt,
    Kind.HANDOVER_SLIP: _handover_slip,
    Kind.PROCESSING_LETTER: _processing_letter,
    Kind.INQUIRY_LETTER: _inquiry,
    Kind.INQUIRY_REMINDER: _inquiry,
}


def content_of(kind: Kind, case: Case, *, number: int | None) -> papers.PaperContent:
    """Everything that the paper will say."""
    return papers.CONTENTS[kind](**common(case), **GATHER[kind](case), number=number, series=SERIES.get(kind, ""))


def signer_of(case: Case) -> User | None:
    """The official who answers for the paper."""
    if case.payment:
        return case.payment.by
    signed_by = case.facts.get("signed_by")
    return User.objects.get(pk=signed_by) if isinstance(signed_by, int) else signed_by or case.actor

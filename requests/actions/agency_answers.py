"""What an agency answered, as a clerk enters it, and what a person makes of it: whose it is, and what follows.

Luật Lý lịch tư pháp 2009, Điều 47; Công văn 367/TTLLTPQG-HCTH for what no paper is found of.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records.reading import Refused, read_conviction
from requests import clock
from requests.actions.after_issue import hear_after_issue
from requests.actions.flowing_back import flows_back
from requests.actions.inquiring import ASKED_IN, demand_clerk, finish_when_nothing_is_open, locked_inquiry, refused
from requests.actions.scanning import await_scan
from requests.attachments.cleaning import Cleaned
from requests.attachments.names import shown
from requests.models import (
    AnswerDecision,
    AnswerDocument,
    AnsweredConviction,
    AttachmentScan,
    CertificateRequest,
    Inquiry,
    InquiryAnswer,
)
from requests.states import ENDED, State
from requests.steps import locked

# Also of a request that has ended: a judgment that came late belongs in the register, and concerns what was issued.
DECIDED_IN = ASKED_IN | frozenset(ENDED)
Outcome = InquiryAnswer.Outcome
LONGEST_WORDS = 4000
LONGEST_GROUND = 500
MOST_CONVICTIONS = 30


@dataclass(frozen=True)
class Document:
    """The answer on paper as it was cleaned."""

    name: str
    cleaned: Cleaned


@transaction.atomic
def record_answer(
    certificate_request: CertificateRequest,
    seq: int,
    *,
    by: User,
    outcome: str,
    document_number: str,
    document_on: date,
    received_on: date,
    words: str,
    document: Document | None = None,
    at: datetime | None = None,
) -> InquiryAnswer:
    """Enter what an agency's document says. A second answer to the same question counts instead of the first.

    Also after the question was taken back: what an agency knows counts, whether or not it was still waited for.
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    _demand_may_enter(certificate_request, by)
    inquiry = locked_inquiry(certificate_request, seq)
    _demand_whole(outcome, document_number, words)
    _demand_days(inquiry, document_on, received_on, clock.local_day(at))
    answer = InquiryAnswer.objects.create(
        inquiry=inquiry,
        seq=(inquiry.answers.aggregate(last=Max("seq"))["last"] or 0) + 1,
        outcome=outcome,
        document_number=document_number.strip(),
        document_on=document_on,
        received_on=received_on,
        words=words.strip(),
        entered_by=by,
        entered_at=at,
    )
    if document is not None:
        _keep(answer, document, at)
    AuditEvent.objects.record(
        "record_agency_answer", actor=by, subject=certificate_request.code, source=inquiry.source, inquiry=seq
    )
    told = f"{answer.label[:1].upper()}{answer.label[1:]}: {answer.get_outcome_display()}."
    finish_when_nothing_is_open(certificate_request, by=by, at=at, told=told)
    hear_after_issue(certificate_request, at=at)
    return answer


def _demand_may_enter(certificate_request: CertificateRequest, by: User) -> None:
    """Not between the leader's word and the certificate: what is entered before it or after it is weighed, each in its
    own way."""
    demand_clerk(certificate_request, by)
    if certificate_request.state == State.SIGNING:
        raise StepNotAllowed("Phiếu đang được ký. Đợi ký xong rồi ghi; thông tin ghi sau khi cấp vẫn được xem xét.")


def _demand_whole(outcome: str, document_number: str, words: str) -> None:
    if outcome not in Outcome.values:
        raise refused("outcome", "Chọn cơ quan được hỏi trả lời thế nào.")
    if not document_number.strip():
        raise refused("document_number", "Nhập số văn bản trả lời.")
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise refused("words", f"Ghi nội dung trả lời, nhiều nhất {LONGEST_WORDS} ký tự.")


def _demand_days(inquiry: Inquiry, document_on: date, received_on: date, today: date) -> None:
    """Nothing is answered before it was asked, nor received before it was written, nor tomorrow."""
    if document_on > today:
        raise refused("document_on", "Ngày văn bản phải không muộn hơn hôm nay.", "future")
    if document_on < clock.local_day(inquiry.asked_at):
        raise refused("document_on", "Ngày văn bản trả lời trước ngày hỏi. Xem lại ngày ghi trên văn bản.", "early")
    if not document_on <= received_on <= today:
        raise refused("received_on", "Ngày nhận phải từ ngày văn bản đến hôm nay.", "order")


def _keep(answer: InquiryAnswer, document: Document, at: datetime) -> None:
    cleaned = document.cleaned
    kept = AnswerDocument.objects.create(
        answer=answer,
        original_name=shown(document.name),
        media_type=cleaned.media_type,
        size=len(cleaned.content),
        sha256=hashlib.sha256(cleaned.content).hexdigest(),
        pages=cleaned.pages,
        content=cleaned.content,
    )
    await_scan(AttachmentScan.DocumentKind.ANSWER, kept.code, request=answer.inquiry.request, at=at)


def newest_answer(inquiry: Inquiry) -> InquiryAnswer:
    answer = inquiry.answers.order_by("seq").last()
    if answer is None:
        raise StepNotAllowed("Cơ quan này chưa trả lời. Hãy tải lại trang.")
    answer.inquiry = inquiry
    return answer


@transaction.atomic
def add_conviction(
    certificate_request: CertificateRequest,
    seq: int,
    *,
    by: User,
    conviction: Mapping[str, Any],
    at: datetime | None = None,
) -> AnsweredConviction:
    """One offence of one judgment, as the answer tells it; read as strictly as the register's files."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    _demand_may_enter(certificate_request, by)
    answer = newest_answer(locked_inquiry(certificate_request, seq))
    if answer.outcome != Outcome.JUDGMENT:
        raise StepNotAllowed("Chỉ ghi bản án khi trả lời là “Có bản án”. Nếu trả lời khác đi, ghi trả lời mới.")
    count = answer.convictions.count()
    if count >= MOST_CONVICTIONS:
        raise StepNotAllowed(f"Mỗi trả lời ghi nhiều nhất {MOST_CONVICTIONS} tội danh.")
    try:
        written = read_conviction(dict(conviction), "").to_json()
    except Refused as error:
        words = f"Chưa ghi được: {error.message}."
        raise Invalid(words, fields={error.field: [{"code": "invalid", "message": words}]}) from error
    entered = AnsweredConviction.objects.create(
        answer=answer, position=count + 1, conviction=written, entered_by=by, entered_at=at
    )
    hear_after_issue(certificate_request, at=at)
    return entered


@transaction.atomic
def decide_answer(
    certificate_request: CertificateRequest,
    seq: int,
    *,
    by: User,
    same_person: bool,
    ground: str,
    convictions: int,
    at: datetime | None = None,
) -> AnswerDecision:
    """A person says whether what was found is the applicant's. `convictions`: how many were on the screen."""
    at = at or timezone.now()
    ground = ground.strip()
    if not ground or len(ground) > LONGEST_GROUND:
        raise refused("ground", f"Ghi căn cứ của quyết định, nhiều nhất {LONGEST_GROUND} ký tự.")
    certificate_request = locked(certificate_request.pk)
    demand_clerk(certificate_request, by)
    if certificate_request.state not in DECIDED_IN:
        raise StepNotAllowed(
            "Chỉ quyết định được khi hồ sơ đang được thẩm tra, hoặc sau khi hồ sơ đã kết thúc. Hãy tải lại trang."
        )
    answer = newest_answer(locked_inquiry(certificate_request, seq))
    if not answer.has_found:
        raise StepNotAllowed("Trả lời này không có thông tin nào để quyết định.")
    entered = list(answer.convictions.all())
    if len(entered) != convictions:
        raise StepNotAllowed("Bản án vừa được ghi thêm từ khi bạn mở trang. Hãy đọc lại rồi quyết định.")
    if same_person and answer.outcome == Outcome.JUDGMENT and not entered:
        raise StepNotAllowed("Ghi nội dung bản án trước khi xác nhận là của người yêu cầu.")
    decision = AnswerDecision.objects.create(
        answer=answer, same_person=same_person, convictions=len(entered), ground=ground, by=by, at=at
    )
    if same_person and entered:
        flows_back(certificate_request, decision, entered)
    hear_after_issue(certificate_request, at=at)
    return decision

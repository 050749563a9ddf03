"""A confirmed judgment goes to who keeps the register: the row waits, the paper is taken in once, the row is closed.

(1) the waiting row, in the transaction of the decision; (2) the paper in the register's queue, in its own database;
(3) the outcome. A worker that dies between them is followed by the sweeper, and 2 finds itself done.
"""

import logging
from datetime import datetime

from django.db import Error, transaction
from django.db.models import Max
from django.utils import timezone

from lltp_portal import doorbell, failpoints
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from records.incoming.actions import arrived, receive_once
from records.incoming.contract import read_information
from records.reading import Refused
from records.register.living import IncomingInformation
from requests import inquiries, tasks
from requests.flowing_back import information_of
from requests.models import AnswerDecision, AnsweredConviction, CertificateRequest, FlowBack

logger = logging.getLogger(__name__)
Outcome = FlowBack.Outcome
AWAY = "Cơ sở dữ liệu gặp lỗi khi nhận văn bản."
NOT_READ = "Nội dung bản án không còn đúng quy ước của cơ sở dữ liệu (trường {field}). Báo bộ phận kỹ thuật."


def flows_back(
    certificate_request: CertificateRequest, decision: AnswerDecision, convictions: list[AnsweredConviction]
) -> FlowBack:
    """In the transaction of the decision, on the locked request: what it confirmed waits for a worker.

    Read as strictly as what comes from outside; what could not be taken in is not decided on. Raises StepNotAllowed.
    """
    information = information_of(decision.answer, convictions)
    try:
        read_information(information)
    except Refused as error:
        raise StepNotAllowed(f"Chưa chuyển được bản án về cơ sở dữ liệu: {error.message}. Ghi lại trả lời.") from error
    last = FlowBack.objects.filter(request=certificate_request).aggregate(last=Max("seq"))["last"] or 0
    row = FlowBack.objects.create(request=certificate_request, seq=last + 1, decision=decision, next_try_at=decision.at)
    AuditEvent.objects.record(
        "answer_flows_back",
        actor=decision.by,
        subject=certificate_request.code,
        inquiry=decision.answer.inquiry.seq,
        digest=inquiries.digest(information),
    )
    doorbell.ring(tasks.flow_back, row.pk)
    return row


def flow_back(pk: int, *, at: datetime | None = None) -> None:
    """Hand one confirmed judgment over, if it still waits. Safe to call twice, late, or for nothing."""
    now = at or timezone.now()
    claimed = FlowBack.objects.claim(pk, now)
    if claimed is None:
        return
    failpoints.reach("before_flow_back")
    try:
        paper = _taken_in(FlowBack.objects.with_answer().get(pk=pk))
    except Refused as refusal:
        _wait(claimed, NOT_READ.format(field=refusal.field), now, parked=True)
        return
    except Error as error:
        logger.warning("the register is away", extra={"flow_back": pk, "error": type(error).__name__})
        _wait(claimed, AWAY, now)
        return
    failpoints.reach("after_flow_back")
    _record(pk, paper, now)


def _taken_in(row: FlowBack) -> IncomingInformation | None:
    """The paper in the register's queue; None where something else was decided before it got there.

    One that is there stays, also when it was turned away meanwhile: it is not brought a second time.
    """
    decision = row.decision
    convictions = list(decision.answer.convictions.all()[: decision.convictions])
    information = read_information(information_of(decision.answer, convictions))
    known = arrived(information, at=decision.at)
    if known is not None:
        return known
    return receive_once(information, by=decision.by, at=decision.at).row if _counts(decision) else None


def _counts(decision: AnswerDecision) -> bool:
    """The newest decision about the newest answer to that question."""
    answer = decision.answer
    newest = answer.inquiry.answers.order_by("seq").last()
    return newest == answer and answer.decisions.order_by("pk").last() == decision


@transaction.atomic
def _record(pk: int, paper: IncomingInformation | None, now: datetime) -> None:
    """What is in the queue is there, whoever holds the lease by now."""
    row = FlowBack.objects.select_for_update(of=("self",)).select_related("request").get(pk=pk)
    if row.done_at is not None:
        return
    row.finish(now=now)
    row.parked_at = None
    row.outcome, row.paper = (Outcome.DELIVERED, paper.code) if paper is not None else (Outcome.OVERTAKEN, "")
    row.save()
    AuditEvent.objects.record("finish_flow_back", subject=row.request.code, outcome=row.outcome, paper=row.paper)


@transaction.atomic
def _wait(claimed: FlowBack, cause: str, now: datetime, *, parked: bool = False) -> None:
    """The other database is away: tried again without end. What cannot be read any more waits for a person."""
    row = FlowBack.objects.select_for_update(of=("self",)).get(pk=claimed.pk)
    if not row.holds(claimed.lease_no):
        return
    row.attempts += 1
    row.try_again_later(cause, now=now)
    row.parked_at = now if parked else None
    row.save()

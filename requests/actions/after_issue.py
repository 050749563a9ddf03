"""After issue the person is asked for again for a set time; something new is a task for a clerk: replace or leave."""

import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate
from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.waiting import Swept, sweep
from records import registry
from records.answers import Answer, Complete, Question
from records.models import RecordLookup
from requests import certified, clock, permissions, told_after_issue
from requests.found_after_issue import news
from requests.models import AfterIssue, CertificateRequest, FoundAfterIssue
from requests.policy import CENTRAL
from requests.questions import question_about
from requests.states import State
from requests.steps import locked

logger = logging.getLogger(__name__)
PURPOSE = "Theo dõi thông tin mới sau khi cấp Phiếu lý lịch tư pháp"
LONGEST_REASON = 2000


def watch(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """In the transaction that issues: from the first of REASK_DAYS on, the person is asked for again."""
    if settings.REASK_DAYS:
        _watch(certificate_request, at, now=at)


def _watch(certificate_request: CertificateRequest, issued_at: datetime, *, now: datetime) -> None:
    AfterIssue.objects.create(
        request=certificate_request,
        declaration=certificate_request.declaration,
        issued_at=issued_at,
        next_try_at=_next_day(issued_at, now),
    )


def watch_issued_before(now: datetime | None = None, *, after: int = 0) -> Swept:
    """Give each certificate that is within the set days and is not watched its row: one batch, those behind `after`.

    It was issued before there was such a watch, or while REASK_DAYS named no day.
    """
    now = now or timezone.now()
    if not settings.REASK_DAYS:
        return Swept(0, None)
    issued = CertificateRequest.objects.filter(
        state__in=(State.ISSUED, State.DELIVERED),
        issued_at__gt=now - timedelta(days=max(settings.REASK_DAYS)),
        certificate__status=Certificate.Status.ISSUED,
        after_issue=None,
    )
    return sweep(issued, lambda pk: _watch_late(pk, now), what="watch after issue", after=after)


@transaction.atomic
def _watch_late(pk: int, now: datetime) -> bool:
    certificate_request = locked(pk)
    if AfterIssue.objects.filter(pk=pk).exists() or not _still_stands(certificate_request):
        return False
    _watch(certificate_request, certificate_request.issued_at, now=now)
    return True


def _next_day(issued_at: datetime, now: datetime) -> datetime | None:
    """The next of the set days; those that passed while nobody could be asked are not made up for."""
    days = (issued_at + timedelta(days=day) for day in settings.REASK_DAYS)
    return next((day for day in days if day > now), None)


def ask_after_issue(pk: int, *, at: datetime | None = None) -> None:
    """Put the question of one watched certificate, if its day has come. Safe to call twice, late, or for nothing."""
    claimed = AfterIssue.objects.claim(pk, at)
    opened = _open_question(claimed, at or timezone.now()) if claimed else None
    if opened is None:
        return
    lookup, question, lease_no = opened
    answer = registry.ask(question, purpose=PURPOSE, let_in=True)
    _record(pk, lookup.pk, answer, lease_no, at or timezone.now())


@transaction.atomic
def _open_question(claimed: AfterIssue, now: datetime) -> tuple[RecordLookup, Question, int] | None:
    """The ledger row, committed before anything is asked; none while the other side is left alone."""
    row = AfterIssue.objects.select_for_update(of=("self",)).select_related("request").get(pk=claimed.pk)
    if not row.holds(claimed.lease_no):
        return None
    if not _still_stands(row.request):
        row.finish(now=now)
        row.save()
        return None
    if left := registry.left_alone():
        _wait(row, left.cause, now)
        row.save()
        return None
    question = question_about(row.declaration)
    lookup = RecordLookup.objects.put(
        question, request_code=row.request.code, source=CENTRAL, purpose=PURPOSE, by=None, at=now
    )
    row.attempts += 1
    row.save(update_fields=["attempts"])
    return lookup, question, row.lease_no


def _still_stands(certificate_request: CertificateRequest) -> bool:
    """A certificate that something has taken the place of is watched no longer."""
    certificate = certificate_request.certificate
    return certificate is not None and certificate.status == Certificate.Status.ISSUED


@transaction.atomic
def _record(pk: int, lookup_id: int, answer: Answer, lease_no: int, now: datetime) -> None:
    certificate_request = locked(pk)
    row = AfterIssue.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=pk)
    lookup = RecordLookup.objects.get(pk=lookup_id)
    # Replaced since it was put: the watch over the certificate that took its place asks again, by its own facts.
    in_force = certified.in_force(certificate_request)
    counts = row.holds(lease_no) and in_force in (certificate_request, None)
    lookup.record(answer, superseded=not counts, at=now)
    if not row.holds(lease_no):
        return
    if isinstance(answer, Complete) and counts:
        _take_answer(certificate_request, row, lookup, answer, now)
    if in_force != certificate_request:
        row.finish(now=now)
    elif not isinstance(answer, Complete):
        _wait(row, answer.cause, now)
    row.save()


def _wait(row: AfterIssue, cause: str, now: datetime) -> None:
    """Nobody waits for this: a far side that is away is not asked about thousands of old certificates as well."""
    row.try_again_later(cause, now=now)
    row.next_try_at = now + timedelta(seconds=settings.REASK_PATIENCE * random.uniform(0.8, 1.2))


def _take_answer(
    certificate_request: CertificateRequest, row: AfterIssue, lookup: RecordLookup, answer: Complete, now: datetime
) -> None:
    row.lookup = lookup
    found = news(certificate_request, answer, today=clock.local_day(now))
    if found is not None:
        _raise_task(certificate_request, lookup, answer, found.kind, now)
    next_day = _next_day(row.issued_at, now)
    if next_day is None:
        row.finish(now=now)
    else:
        row.put_back(now=next_day)
        row.attempts = 0


def _raise_task(
    certificate_request: CertificateRequest, lookup: RecordLookup, answer: Complete, kind: str, now: datetime
) -> None:
    """One open task a request; what was decided on is not raised again."""
    tasks = FoundAfterIssue.objects.filter(request=certificate_request)
    if tasks.filter(findings_digest=answer.findings_digest).exists():
        return
    facts = {"lookup": lookup, "findings_digest": answer.findings_digest, "kind": kind}
    if not tasks.open().update(**facts):
        FoundAfterIssue.objects.create(request=certificate_request, found_at=now, **facts)
    _say_so(certificate_request, kind)


def _say_so(certificate_request: CertificateRequest, kind: str) -> None:
    AuditEvent.objects.record(
        "found_after_issue", subject=certificate_request.code, authority_id=certificate_request.authority_id, kind=kind
    )
    logger.warning("something new after issue", extra={"request": certificate_request.code, "kind": kind})


def hear_after_issue(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """In the transaction in which something of an agency's answer is entered or decided on, on the locked request.

    What the certificate does not rest on becomes part of the open task, or a task; one that is open already follows
    what is said by now, so that nobody decides on less than was told. It stands on the request that was asked about,
    whose office entered it; where that certificate was replaced, it is about the one that counts now.
    """
    if certificate_request.state not in (State.ISSUED, State.DELIVERED):
        return
    heard = told_after_issue.told(certificate_request, today=clock.local_day(at))
    tasks = FoundAfterIssue.objects.filter(request=certificate_request)
    if heard is None or tasks.filter(told_digest=heard.digest).exists():
        return
    if tasks.open().exclude(told_digest="").update(told_digest=heard.digest) or not heard.is_news:
        return
    if not tasks.open().update(told_digest=heard.digest):
        FoundAfterIssue.objects.create(
            request=certificate_request, found_at=at, told_digest=heard.digest, kind=FoundAfterIssue.Kind.TOLD
        )
    _say_so(certificate_request, FoundAfterIssue.Kind.TOLD)


def on_screen(task: FoundAfterIssue, in_force: CertificateRequest | None) -> str:
    """Names what a clerk has read: the facts, and whose certificate they are about where it is another's by now."""
    if in_force is not None and in_force.pk == task.request_id:
        return task.facts_digest
    return f"{task.facts_digest}/{in_force.code if in_force else ''}"


@transaction.atomic
def decide_found_after_issue(
    task: FoundAfterIssue, *, by: User, decision: str, reason: str, shown: str, at: datetime | None = None
) -> FoundAfterIssue:
    """A verifying clerk says, once, whether the issued certificate is replaced or left, and why.

    `shown` names what was on the clerk's screen (`on_screen`): what is newer has to be read first. Where no certificate
    counts any more there is nothing to replace.
    """
    certificate_request = locked(task.request_id)
    if not permissions.verifying_clerk(certificate_request, by):
        raise PermissionDenied
    fresh = FoundAfterIssue.objects.select_for_update().get(pk=task.pk)
    if not fresh.is_open:
        raise StepNotAllowed("Việc này đã được quyết định. Tải lại trang để xem.")
    in_force = certified.in_force(certificate_request)
    if on_screen(fresh, in_force) != shown:
        raise StepNotAllowed("Vừa có thông tin mới hơn. Hãy đọc lại trang này rồi quyết định.")
    if in_force is None and decision == FoundAfterIssue.Decision.REPLACE:
        raise StepNotAllowed("Không còn Phiếu nào đang được chấp nhận để thay. Ghi nhận và nêu lý do.")
    _demand_settled(certificate_request, fresh, at or timezone.now())
    fields = {}
    if decision not in FoundAfterIssue.Decision.values:
        fields["decision"] = [{"code": "required", "message": "Chọn thay Phiếu hay giữ nguyên."}]
    if not reason.strip() or len(reason) > LONGEST_REASON:
        fields["reason"] = [{"code": "required", "message": "Ghi lý do để người kiểm tra sau này hiểu."}]
    if fields:
        raise Invalid("Có chỗ cần sửa trước khi ghi.", fields=fields)
    fresh.decision, fresh.reason = decision, reason.strip()
    fresh.decided_by, fresh.decided_at = by, at or timezone.now()
    fresh.save()
    AuditEvent.objects.record("decide_found_after_issue", actor=by, subject=certificate_request.code, decision=decision)
    return fresh


def _demand_settled(certificate_request: CertificateRequest, task: FoundAfterIssue, at: datetime) -> None:
    """Whose it is comes first: a judgment that nobody has confirmed would never reach the register."""
    heard = told_after_issue.told(certificate_request, today=clock.local_day(at)) if task.told_digest else None
    for one in heard.undecided if heard else ():
        raise StepNotAllowed(
            f"{one.inquiry.agency} có thông tin chưa được xác nhận là của ai. Ghi bản án nếu có, xác nhận, rồi quyết "
            "định tại đây."
        )

"""Acts of persons on the register, across two databases: proposed, agreed to by another, done once, written down.

(1) the ledger row and the log, committed; (2) the change with its history in one transaction of `central`, under the
act's code; (3) the outcome. A worker that dies between 1 and 3 is followed by the sweeper, and 2 finds itself done.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import Error, transaction
from django.utils import timezone

from lltp_portal import failpoints
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, NotAllowed, StepNotAllowed
from lltp_portal.waiting import each
from records.incoming.working import DoesNotFit
from records.joining import Taken
from records.models import RegisterAct
from records.register import changing

logger = logging.getLogger(__name__)
Kind, Outcome = RegisterAct.Kind, RegisterAct.Outcome
ROLE = "register_updater"
REASON_MISSING = "Ghi lý do để người duyệt và người đọc sau này hiểu."


def may_update(user: Any) -> bool:
    return user.is_active and user.has_role(ROLE) and user.person_key is not None


def propose(
    kind: str,
    *,
    by: Any,
    reason: str,
    subject: str = "",
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> RegisterAct:
    """Write down what somebody wants. A paper's act is agreed to at once; all others wait for a second person."""
    at = at or timezone.now()
    if not may_update(by):
        raise NotAllowed("Tài khoản này không có quyền cập nhật cơ sở dữ liệu.")
    if not reason.strip():
        raise Invalid(REASON_MISSING, fields={"reason": [{"code": "required", "message": REASON_MISSING}]})
    with transaction.atomic():
        if subject and RegisterAct.objects.filter(kind=kind, subject=subject, outcome=None).exists():
            raise StepNotAllowed("Việc này đã được đề nghị và đang chờ. Mở lại trang để xem.")
        agreed = {"agreed_by": by, "agreed_at": at} if kind == Kind.WORK_IN else {}
        act = RegisterAct.objects.create(
            kind=kind,
            subject=subject,
            proposed_by=by,
            proposed_at=at,
            reason=reason.strip(),
            details=details or {},
            next_try_at=at,
            **agreed,
        )
        AuditEvent.objects.record("propose_register_act", actor=by, subject=act.code, kind=kind, about=subject)
    return act


def agree(code: str, *, by: Any, at: datetime | None = None) -> RegisterAct:
    """The second person's word; then it is done."""
    at = at or timezone.now()
    with transaction.atomic():
        act = _open_act(code, by)
        _demand_another(act, by)
        act.agreed_by, act.agreed_at, act.next_try_at = by, at, at
        act.save()
        AuditEvent.objects.record("agree_register_act", actor=by, subject=act.code, kind=act.kind)
    return carry_out(act.pk, now=at) or act


def decline(code: str, *, by: Any, reason: str, at: datetime | None = None) -> RegisterAct:
    """The second person says no, with a reason; who proposed may take it back the same way."""
    at = at or timezone.now()
    if not reason.strip():
        raise Invalid(REASON_MISSING, fields={"reason": [{"code": "required", "message": REASON_MISSING}]})
    with transaction.atomic():
        act = _open_act(code, by)
        _record(act, Outcome.DECLINED, f"{by.full_name}: {reason.strip()}"[:500], at)
        AuditEvent.objects.record("decline_register_act", actor=by, subject=act.code, kind=act.kind)
    return act


def _open_act(code: str, by: Any) -> RegisterAct:
    if not may_update(by):
        raise NotAllowed("Tài khoản này không có quyền cập nhật cơ sở dữ liệu.")
    act = RegisterAct.objects.select_for_update().get(code=code)
    if act.outcome is not None or act.agreed_at is not None:
        raise StepNotAllowed("Việc này đã có kết quả. Mở lại trang để xem.")
    return act


def _demand_another(act: RegisterAct, by: Any) -> None:
    """By person and not by account; the database looks both up itself."""
    if act.proposed_by_id == by.pk or act.proposed_by.person_key == by.person_key:
        raise NotAllowed("Người đề nghị không tự duyệt được. Người khác có quyền cập nhật cơ sở dữ liệu phải duyệt.")


def _record(act: RegisterAct, outcome: str, words: str, at: datetime) -> None:
    act.outcome, act.outcome_words, act.outcome_at = outcome, words, at
    act.finish(now=at)
    act.save()


# --- Doing it -------------------------------------------------------------------------------------------------------


def carry_out(pk: int, *, now: datetime | None = None) -> RegisterAct | None:
    """Do an act that was agreed to, if nobody else is at it; the row with its outcome, or None."""
    now = now or timezone.now()
    act: RegisterAct | None = RegisterAct.objects.filter(agreed_at__isnull=False).claim(pk, now)
    if act is None:
        return None
    lease = act.lease_no
    failpoints.reach("before_register")
    try:
        _DOES[act.kind](_as_act(act), act)
        outcome, words = Outcome.DONE, ""
    except (StepNotAllowed, DoesNotFit) as refusal:
        outcome, words = Outcome.REFUSED, str(refusal)
    except Error as error:
        logger.warning("the register is away", extra={"act": act.code, "error": type(error).__name__})
        return _later(act, lease, now)
    failpoints.reach("after_register")
    with transaction.atomic():
        held = RegisterAct.objects.select_for_update().get(pk=pk)
        if held.outcome is None and held.holds(lease):
            _record(held, outcome, words[:500], now)
            AuditEvent.objects.record(
                "finish_register_act", actor=held.agreed_by, subject=held.code, kind=held.kind, outcome=outcome
            )
    return held


def _later(act: RegisterAct, lease: int, now: datetime) -> RegisterAct:
    """The central database is away: the row waits, the sweeper tries again, nobody has to press anything."""
    with transaction.atomic():
        held: RegisterAct = RegisterAct.objects.select_for_update().get(pk=act.pk)
        if held.outcome is None and held.holds(lease):
            held.attempts += 1
            held.try_again_later("Cơ sở dữ liệu trung ương gặp lỗi.", now=now)
            held.save()
    return held


def _as_act(act: RegisterAct) -> changing.Act:
    at = act.agreed_at
    assert at
    return changing.Act(act.code, act.kind, act.reason, act.proposed_by.email, at)


def _work_in(written: changing.Act, act: RegisterAct) -> None:
    changing.work_in(written, act.subject, **act.details)


def _merge(written: changing.Act, act: RegisterAct) -> None:
    changing.merge(written, **act.details)


def _split(written: changing.Act, act: RegisterAct) -> None:
    taken = Taken.from_json(act.details["taken"])
    changing.split(written, **{**act.details, "taken": taken})


_DOES: dict[str, Callable[[changing.Act, RegisterAct], None]] = {
    Kind.WORK_IN: _work_in,
    Kind.MERGE: _merge,
    Kind.SPLIT: _split,
    Kind.UNDO_MERGE: lambda written, act: changing.undo_merge(written, act.subject),
    Kind.UNDO_SPLIT: lambda written, act: changing.undo_split(written, act.subject),
}


def resume_acts(now: datetime | None = None) -> int:
    """What was agreed to and is not written down as done: a worker died between the two databases."""
    now = now or timezone.now()
    waiting = RegisterAct.objects.to_do(now).longest_due_first().values_list("pk", flat=True)[:200]
    return each(list(waiting), lambda pk: carry_out(pk, now=now) is not None, what="resume register acts")

"""Promises in danger: warned of before they are broken, apologised for under a clerk's name with a new day."""

import logging
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import Calendars, calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from lltp_portal.waiting import each
from lltp_portal.wording import full_day
from requests import clock, lateness, papers, permissions
from requests.lateness import Position
from requests.models import AwaitedAnswer, CertificateRequest, LateNotice
from requests.states import HOLDER, OPEN, State
from requests.steps import locked
from requests.telling import tell

logger = logging.getLogger(__name__)


def warn_before_lateness(now: datetime | None = None) -> int:
    """Looks at every open request whose promise is near; warns where it cannot be kept. How many were warned."""
    now = now or timezone.now()
    calendars = Calendars.read()
    waiting = CertificateRequest.objects.filter(state__in=list(lateness.WORK), due_at__isnull=False)
    offices = waiting.order_by().values_list("authority_id", flat=True).distinct()
    # An office with days off of its own looks further ahead than the nation.
    until = max((lateness.horizon(now, calendars.of(office)) for office in offices), default=clock.local_day(now))
    found = list(_promised_until(until).values_list("pk", "authority_id"))
    office_of = dict(found)
    return each(office_of, lambda pk: _warn(pk, now, calendars.of(office_of[pk])), what="late warning")


def _promised_until(day: date) -> QuerySet[CertificateRequest]:
    """Open requests whose newest promise lies on or before this day, or for which an agency has named a day of its own.

    A pause moves a promise only further away.
    """
    ends = datetime.combine(day, datetime.max.time(), clock.LOCAL)
    appointed = LateNotice.objects.filter(request=OuterRef("pk")).newest_first().values("appointed_at")[:1]
    awaited = AwaitedAnswer.objects.filter(step__request=OuterRef("pk"), step__seq=OuterRef("step_count"))
    promised = Greatest("due_at", Coalesce(Subquery(appointed), "due_at"), output_field=DateTimeField())
    return (
        CertificateRequest.objects.filter(state__in=list(lateness.WORK), due_at__isnull=False)
        .annotate(promised=promised)
        .filter(Q(promised__lte=ends) | Exists(awaited))
        .oldest_due_first()
    )


def promise(certificate_request: CertificateRequest, notice: LateNotice | None) -> datetime:
    """What the citizen was last told: the legal due moment, or the appointment that took its place."""
    due: datetime = certificate_request.due_at  # type: ignore[assignment]
    return max(due, notice.appointed_at) if notice else due


@transaction.atomic
def _warn(pk: int, now: datetime, calendar: WorkingCalendar) -> bool:
    certificate_request = locked(pk)
    if certificate_request.state not in lateness.WORK or certificate_request.due_at is None:
        return False
    history = list(certificate_request.history())
    if now < history[-1].at:  # time that is moved on in tests and the demo may look back; this row is of later
        return False
    newest = certificate_request.late_notices.newest_first().first()
    promised = promise(certificate_request, newest)
    awaited = AwaitedAnswer.objects.filter(step=history[-1]).first()
    position = Position(certificate_request.state, history[-1].at, awaited.expected_on if awaited else None)
    counted = _moved_by_open_pause(promised, history, now, calendar)
    if not lateness.is_warned_about(certificate_request.received_at, certificate_request.due_at, calendar):
        return False
    if not lateness.is_in_danger(counted, position, now, calendar):
        return False
    if certificate_request.late_notices.filter(promised_at=promised).exists():
        return False
    proposed = lateness.proposal(counted, position, now, calendar, again=newest is not None)
    notice = LateNotice.objects.create(
        request=certificate_request,
        round=newest.round + 1 if newest else 1,
        promised_at=promised,
        cause=HOLDER[certificate_request.state],
        cause_since=position.since,
        proposed_at=proposed,
        appointed_at=proposed,
        drafted_at=now,
    )
    facts = {"due": promised, "cause": notice.cause, "new_due": proposed}
    tell(certificate_request, "late_warning", at=now, key=str(notice.round), facts=facts)
    logger.info("promise in danger", extra={"reference": certificate_request.code, "cause": notice.cause})
    return True


def _moved_by_open_pause(promised: datetime, history: list, now: datetime, calendar: WorkingCalendar) -> datetime:
    """While the citizen is asked the promise moves on by what the pause costs, as if they answered now."""
    last = history[-1]
    if last.step != "ask_supplement" or last.from_state == State.SUBMITTED:
        return promised
    cost = clock.pause_cost(last.at, now, calendar)
    return datetime.combine(
        calendar.add(clock.local_day(promised), cost), promised.astimezone(clock.LOCAL).time(), clock.LOCAL
    )


@transaction.atomic
def sign_late_notice(
    notice: LateNotice, *, by: User, cause_text: str, appointed_on: date, at: datetime | None = None
) -> LateNotice:
    """A clerk of the office apologises by name and makes the new appointment; the paper and the message follow."""
    at = at or timezone.now()
    certificate_request = locked(notice.request_id)
    if not permissions.any_clerk(certificate_request, by):
        raise PermissionDenied
    if certificate_request.state not in OPEN:
        raise StepNotAllowed("Hồ sơ đã kết thúc nên không cần phiếu xin lỗi nữa.")
    fresh = certificate_request.late_notices.newest_first().select_for_update(of=("self",)).get(pk=notice.pk)
    if fresh.signed_at is not None:
        raise StepNotAllowed("Phiếu xin lỗi này đã được ký. Tải lại trang để xem.")
    if certificate_request.late_notices.filter(round__gt=fresh.round).exists():
        raise Stale("Đã có bản xin lỗi mới hơn cho hồ sơ này. Hãy xem bản mới rồi ký.")
    fresh.cause_text = _demand_cause(cause_text)
    fresh.appointed_at = _appointment(fresh, appointed_on, at)
    fresh.signed_by, fresh.signed_at = by, at
    fresh.save()
    paper = {
        "reason": fresh.cause_text,
        "promised_at": fresh.promised_at,
        "appointed_at": fresh.appointed_at,
        "signed_by": by,
    }
    papers.write(certificate_request, papers.Kind.APOLOGY, at=at, facts=paper)
    facts = {"cause": fresh.cause, "new_due": fresh.appointed_at}
    tell(certificate_request, "late_apology", at=at, key=str(fresh.round), facts=facts)
    AuditEvent.objects.record("sign_late_notice", actor=by, subject=certificate_request.code, round=fresh.round)
    return fresh


def _demand_cause(text: str) -> str:
    text = text.strip()
    if not text:
        raise _refused("cause_text", "required", "Nhập lý do trễ hẹn để người yêu cầu hiểu.")
    return text


def _appointment(notice: LateNotice, day: date, at: datetime) -> datetime:
    """The clerk's day at the hour of the old promise: a working day, later than today and the promise, in limits."""
    calendar = calendar_of(notice.request.authority_id)
    today, before = clock.local_day(at), clock.local_day(notice.promised_at)
    latest = calendar.add(max(today, before), lateness.MOST_DAYS_AGAIN)
    if day <= max(today, before):
        raise _refused("appointed_on", "too_early", f"Chọn ngày sau ngày {full_day(max(today, before))}.")
    if day > latest:
        raise _refused("appointed_on", "too_late", f"Chọn ngày không muộn hơn {full_day(latest)}.")
    if not calendar.is_working(day):
        raise _refused("appointed_on", "day_off", f"{full_day(day)} là ngày nghỉ. Chọn một ngày làm việc.")
    return datetime.combine(day, notice.promised_at.astimezone(clock.LOCAL).time(), clock.LOCAL)


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [{"code": code, "message": message}]})

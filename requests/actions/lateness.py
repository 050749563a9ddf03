"""Promises in danger: warned of before they are broken, apologised for under a clerk's name with a new day."""

import logging
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery
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
from requests.models import AwaitedAnswer, CertificateRequest, LateNotice, RequestStep
from requests.states import HOLDER, OPEN, State
from requests.steps import locked
from requests.telling import tell

logger = logging.getLogger(__name__)


def warn_before_lateness(now: datetime | None = None) -> int:
    """Warns of every promise that can be kept no more; how many were warned.

    Who was warned, and has a new day that is in no danger, is not even read: this runs every few seconds.
    """
    now = now or timezone.now()
    calendars = Calendars.read()
    calendar_for = {one.pk: calendars.of(one.authority_id) for one in _near(now, calendars)}
    return each(calendar_for, lambda pk: _warn(pk, now, calendar_for[pk]), what="late warning")


def _promises() -> QuerySet[CertificateRequest]:
    """Open requests with what their citizen was last told, as `promised`, unless a warning of just that was given.

    `since` is the last step, `asked_from` the state in which the citizen was asked where that is what is waited for,
    `answer_on` the day that another agency has named.
    """
    appointed = LateNotice.objects.filter(request=OuterRef("pk")).newest_first().values("appointed_at")[:1]
    last = RequestStep.objects.filter(request=OuterRef("pk"), seq=OuterRef("step_count"))
    awaited = AwaitedAnswer.objects.filter(step__request=OuterRef("pk"), step__seq=OuterRef("step_count"))
    promised = Greatest("due_at", Coalesce(Subquery(appointed), "due_at"), output_field=DateTimeField())
    warned = LateNotice.objects.filter(request=OuterRef("pk"), promised_at=OuterRef("promised"))
    return (
        CertificateRequest.objects.filter(
            state__in=list(lateness.WORK), due_at__isnull=False, received_at__isnull=False
        )
        .annotate(
            promised=promised,
            since=Subquery(last.values("at")[:1]),
            asked_from=Subquery(last.filter(step="ask_supplement").values("from_state")[:1]),
            answer_on=Subquery(awaited.values("expected_on")[:1]),
        )
        .filter(~Exists(warned))
    )


def _near(now: datetime, calendars: Calendars) -> list[CertificateRequest]:
    """Those whose promise cannot be kept, as far as is known without their lock; nearest first.

    The database leaves out what is far away, what is due within hours, and what an agency will answer too late when
    that was told already.
    """
    offices = CertificateRequest.objects.filter(state__in=list(lateness.WORK)).order_by().values_list("authority_id")
    known = [calendars.of(office) for (office,) in offices.distinct()] or [calendars.of(None)]
    near = Q()
    for state in lateness.WORK:
        # An office with days off of its own looks further ahead than the nation.
        safe = max(lateness.safe_from(state, now, calendar) for calendar in known)
        near |= Q(state=state, promised__lt=datetime.combine(safe, datetime.min.time(), clock.LOCAL))
    told = LateNotice.objects.filter(
        request=OuterRef("pk"), drafted_at__gte=OuterRef("since"), appointed_at__gte=F("proposed_at")
    )
    found = (
        _promises()
        .filter(near | (Q(answer_on__isnull=False) & ~Exists(told)))
        .exclude(due_at__lte=F("received_at") + timedelta(days=1))
        .order_by("due_at", "pk")
    )
    return [one for one in found if _is_in_danger(one, now, calendars.of(one.authority_id))]


def _is_in_danger(one: CertificateRequest, now: datetime, calendar: WorkingCalendar) -> bool:
    """Of a row of _promises."""
    if now < one.since:  # time that is moved on in tests and the demo may look back; this row is of later
        return False
    if not lateness.is_warned_about(one.received_at, one.due_at, calendar):  # type: ignore[arg-type]
        return False
    return lateness.is_in_danger(_counted(one, now, calendar), _position(one), now, calendar)


def _position(one: CertificateRequest) -> Position:
    return Position(one.state, one.since, one.answer_on)


def _counted(one: CertificateRequest, now: datetime, calendar: WorkingCalendar) -> datetime:
    """While the citizen is asked the promise moves on by what the pause costs, as if they answered now."""
    if one.asked_from in {None, State.SUBMITTED}:
        return one.promised
    cost = clock.pause_cost(one.since, now, calendar)
    day = calendar.add(clock.local_day(one.promised), cost)
    return datetime.combine(day, one.promised.astimezone(clock.LOCAL).time(), clock.LOCAL)


@transaction.atomic
def _warn(pk: int, now: datetime, calendar: WorkingCalendar) -> bool:
    certificate_request = locked(pk)
    one = _promises().filter(pk=pk).first()  # as it stands under the lock
    if one is None or not _is_in_danger(one, now, calendar):
        return False
    newest = certificate_request.late_notices.newest_first().first()
    counted, position = _counted(one, now, calendar), _position(one)
    proposed = lateness.proposal(counted, position, now, calendar, again=newest is not None)
    notice = LateNotice.objects.create(
        request=certificate_request,
        round=newest.round + 1 if newest else 1,
        promised_at=one.promised,
        cause=HOLDER[certificate_request.state],
        cause_since=position.since,
        proposed_at=proposed,
        appointed_at=proposed,
        drafted_at=now,
    )
    facts = {"due": one.promised, "cause": notice.cause, "new_due": proposed}
    tell(certificate_request, "late_warning", at=now, key=str(notice.round), facts=facts)
    logger.info("promise in danger", extra={"reference": certificate_request.code, "cause": notice.cause})
    return True


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

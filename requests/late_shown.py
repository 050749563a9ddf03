"""What the citizen reads about a promise that is in danger or broken: reason, new day, whom to call. Words only."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import DueBadge, full_day
from requests.due_badges import open_badge
from requests.messaging.texts import CAUSES
from requests.models import CertificateRequest, LateNotice
from requests.states import ENDED


@dataclass(frozen=True)
class LateCard:
    """`cause` is the clerk's own words once the apology is signed, until then the table's."""

    badge: DueBadge
    title: str
    cause: str
    since: datetime
    appointment: datetime | None
    is_signed: bool


def card(certificate_request: CertificateRequest, now: datetime, calendar: WorkingCalendar) -> LateCard | None:
    """None while nothing speaks against the promise, and after the end."""
    due = certificate_request.due_at
    if due is None or certificate_request.state in ENDED:
        return None
    notice = certificate_request.late_notices.newest_first().first()
    if notice is None and now <= due:
        return None
    return LateCard(
        badge=open_badge(certificate_request, now, calendar),
        title=_title(due, now, notice),
        cause=notice.cause_text if notice and notice.signed_at else str(CAUSES[_holder(certificate_request, notice)]),
        since=notice.cause_since if notice else certificate_request.history().last().at,
        appointment=notice.appointed_at if notice and notice.appointed_at > now else None,
        is_signed=bool(notice and notice.signed_at),
    )


def _holder(certificate_request: CertificateRequest, notice: LateNotice | None):
    return notice.cause if notice else certificate_request.holder


def _title(due: datetime, now: datetime, notice: LateNotice | None) -> str:
    appointment = notice.appointed_at if notice else None
    if appointment and appointment > now and notice and notice.signed_at:
        return _("Chúng tôi xin lỗi. Hẹn mới: %(day)s") % {"day": full_day(appointment)}
    if now > due:
        return _("Chúng tôi xin lỗi: hồ sơ đã quá hẹn %(day)s") % {"day": full_day(due)}
    return _("Chúng tôi xin lỗi: hồ sơ có thể trả muộn hơn ngày hẹn %(day)s") % {"day": full_day(due)}

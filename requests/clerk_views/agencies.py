"""“Cơ quan được hỏi” on a clerk's desk: who must answer and why, who was asked when, and what they said."""

from datetime import datetime
from typing import Any, NamedTuple

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import DueBadge, due_badge
from requests import clock, inquiries, permissions
from requests.actions.concluding_without_paper import conclusion_open
from requests.actions.inquiring import ASKED_IN
from requests.findings import Findings
from requests.inquiries import Asked, Standing
from requests.models import CertificateRequest, Inquiry
from requests.sources import CENTRAL, Required


class Line(NamedTuple):
    """One inquiry: how it stands in a badge and in words."""

    asked: Asked
    badge: DueBadge
    words: str


class Need(NamedTuple):
    """One required source; `state` is done, spared, waiting or missing."""

    required: Required
    state: str
    may_ask: bool

    @property
    def basis(self) -> str:
        """The article; what about it is not confirmed is said on the page of the law."""
        return self.required.basis.partition(";")[0]


def badge_of(inquiry: Inquiry, now: datetime, calendar: WorkingCalendar) -> DueBadge:
    """How many working days the agency has left, or how late it is."""
    return due_badge(clock.days_left(inquiry.due_at, now, calendar), due=inquiry.due_at)


def line(asked: Asked, now: datetime, calendar: WorkingCalendar) -> Line:
    if asked.is_open:
        words = "Chờ trả lời; đến lúc đôn đốc" if asked.reminder_is_due else "Chờ trả lời"
        return Line(asked, badge_of(asked.inquiry, now, calendar), words)
    if asked.answer is None:
        return Line(asked, DueBadge("paused", "Thôi hỏi"), asked.events[-1].reason)
    words = asked.answer.get_outcome_display()
    if not asked.current:
        return Line(asked, DueBadge("paused", "Hỏi theo tờ khai cũ"), words)
    if asked.is_undecided:
        return Line(asked, DueBadge("today", "Chờ bạn xác nhận"), words)
    if asked.is_settled:
        return Line(asked, DueBadge("ok", "Đã trả lời"), _with_decision(asked, words))
    return Line(asked, DueBadge("soon", "Chưa kết luận được"), words)


def _with_decision(asked: Asked, words: str) -> str:
    if asked.decision is None:
        return words
    return f"{words}; {'đúng' if asked.decision.same_person else 'không phải'} người yêu cầu"


def heard(found: Findings) -> str:
    """What agencies have answered so far, a line each: the first draft of what a clerk writes down."""
    asked = found.agencies.asked if found.agencies else ()
    answers = [one.answer for one in asked if one.answer is not None]
    return "\n".join(f"{row.label[:1].upper()}{row.label[1:]}: {row.get_outcome_display()}." for row in answers)


def _needs(standing: Standing, *, may_ask: bool) -> list[Need]:
    waiting = {one.inquiry.source for one in (*standing.open, *standing.undecided)}
    found = []
    for required in standing.required:
        if required.source == CENTRAL:
            continue
        if required.spared:
            state = "spared"
        elif standing.is_complete(required.source):
            state = "done"
        else:
            state = "waiting" if required.source in waiting else "missing"
        found.append(Need(required, state, may_ask and state == "missing"))
    return found


def shown(certificate_request: CertificateRequest, user: User, found: Findings, now: datetime) -> dict[str, Any] | None:
    """For who may read findings; the line in the log was written with them."""
    standing = found.agencies
    if standing is None:
        return None
    may_act = permissions.verifying_clerk(certificate_request, user) and certificate_request.state in ASKED_IN
    calendar = calendar_of(certificate_request.authority_id)
    earlier = standing.earlier
    return {
        "lines": [line(one, now, calendar) for one in standing.asked],
        "needs": _needs(standing, may_ask=may_act),
        "obstacles": standing.obstacles(),
        "earlier": earlier,
        "earlier_basis": inquiries.earlier_basis(earlier) if earlier else "",
        "earlier_is_used": standing.earlier_is_used,
        "conclusions": standing.conclusions,
        "conclusion": conclusion_open(certificate_request, found, clock.local_day(now)) if may_act else "",
        "may_act": may_act,
    }

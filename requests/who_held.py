"""Who held a request for how long, in words and as a bar: the same ledger for citizen, clerk and approver.

Worked out from the history each time (requests/clock.py); nothing here is counted up or stored.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import NBSP, working_time
from requests import clock
from requests.states import ENDED, Holder
from requests.states import State as S

BAR = 1000  # the bar's width in its own units


class Part(NamedTuple):
    """One holder's share: a piece of the bar and a row of the table."""

    holder: str
    who: str
    time: str
    share: str
    x: int
    width: int


class Stay(NamedTuple):
    """One stay in one state."""

    who: str
    doing: str
    from_at: datetime
    to_at: datetime | None
    time: str


class WhoHeld(NamedTuple):
    sentence: str
    parts: list[Part]
    stays: list[Stay]
    outcome: str


def names(*, for_citizen: bool) -> dict[Holder, str]:
    """What the holders are called in the middle of a sentence."""
    return {
        Holder.OFFICE: _("cơ quan"),
        Holder.CITIZEN: _("bạn") if for_citizen else _("người yêu cầu"),
        Holder.CENTRAL: _("cơ sở dữ liệu trung ương"),
        Holder.AGENCY: _("cơ quan khác"),
        Holder.SYSTEM: _("hệ thống"),
    }


def doing(state: str) -> str:
    """What was awaited in a state."""
    return {
        S.SUBMITTED: _("chờ tiếp nhận"),
        S.AWAITING_PAYMENT: _("chờ nộp phí"),
        S.RECEIVED: _("tra cứu"),
        S.REVIEWING: _("kiểm tra kết quả"),
        S.CONSULTING: _("chờ cơ quan được hỏi trả lời"),
        S.NEEDS_SUPPLEMENT: _("chờ bổ sung"),
        S.VERIFIED: _("chờ lãnh đạo ký"),
        S.SIGNING: _("lập và ký Phiếu"),
    }[state]


def who_held(
    certificate_request, history: Iterable, calendar: WorkingCalendar, now: datetime, *, for_citizen: bool
) -> WhoHeld | None:
    """The ledger of a request that was sent; None for one that nobody has held yet."""
    found = clock.charges(history, calendar, now)
    if not found:
        return None
    called = names(for_citizen=for_citizen)
    sums = clock.held(found)
    is_open = certificate_request.state not in ENDED
    outcome = None if is_open else clock.outcome_of(certificate_request, now, calendar)
    return WhoHeld(
        _sentence(sums, called, is_open=is_open),
        _parts(sums, called),
        [_stay(charge, called, is_last=is_open and charge is found[-1]) for charge in found],
        outcome.words if outcome else "",
    )


def _sentence(sums: dict[Holder, int], called: dict[Holder, str], *, is_open: bool) -> str:
    """“Đến nay: cơ quan giữ 3 ngày 2 giờ, bạn giữ 1 ngày.”, longest first."""
    longest = sorted((item for item in sums.items() if item[1]), key=lambda item: -item[1])
    if not longest:
        return _("Chưa qua phút làm việc nào: hồ sơ mới ở ngoài giờ làm việc.")
    told = [_("%(who)s giữ %(time)s") % {"who": called[holder], "time": working_time(time)} for holder, time in longest]
    words = _("Đến nay: %(parts)s.") if is_open else _("Tổng cộng: %(parts)s.")
    return words % {"parts": ", ".join(told)}


def _parts(sums: dict[Holder, int], called: dict[Holder, str]) -> list[Part]:
    total, before, found = sum(sums.values()), 0, []
    for holder, minutes in sums.items():
        if not total:
            break
        start, end = BAR * before // total, BAR * (before + minutes) // total
        found.append(
            Part(holder.value, called[holder], working_time(minutes), _share(minutes, total), start, end - start)
        )
        before += minutes
    return found


def _share(minutes: int, total: int) -> str:
    percent = round(100 * minutes / total)
    if minutes and not percent:
        return _("dưới %(share)s") % {"share": f"1{NBSP}%"}
    return f"{percent}{NBSP}%"


def _stay(charge: clock.Charge, called: dict[Holder, str], *, is_last: bool) -> Stay:
    to_at = None if is_last else charge.to_at
    return Stay(called[charge.holder], doing(charge.state), charge.from_at, to_at, working_time(charge.minutes))

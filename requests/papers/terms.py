"""The promised time in the words of the papers: how it was counted, and whether a change of hands was in time.

Counted by the calendar of the office, the same by which the promise was made.
"""

from collections.abc import Sequence
from datetime import date, datetime

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import weekday
from requests import clock
from requests.models import CertificateRequest, RequestStep
from requests.states import State

NOT_YET = "Chưa tính hạn"
PAUSED = "Tạm dừng"
BY_THE_CLOCK = "Tính liên tục theo giờ, cả ngày nghỉ"
ALL_DAYS = "Tính cả Thứ Bảy, Chủ nhật, ngày nghỉ; hết hạn vào ngày nghỉ thì trả ngày làm việc tiếp theo"


def term(certificate_request: CertificateRequest) -> str:
    """“15 ngày làm việc”, “24 giờ”."""
    return _term(certificate_request).words


def _term(certificate_request: CertificateRequest) -> clock.Term:
    allowed = certificate_request.deadline_term
    assert allowed is not None, "a request that was received has a term"
    return allowed


def notes(
    certificate_request: CertificateRequest, history: Sequence[RequestStep], calendar: WorkingCalendar
) -> tuple[str, ...]:
    """What a reader needs to count the days again: where they begin, what is left out by name, what is added."""
    received, due = certificate_request.received_at, certificate_request.due_at
    assert received is not None and due is not None
    paused = _ended(clock.pauses(history, until=received))
    if _term(certificate_request).unit == clock.HOUR:
        return (BY_THE_CLOCK, *(["Đã cộng thời gian chờ bổ sung"] if paused else []))
    first, found = clock.day_of_receipt(received, calendar), []
    if first != clock.local_day(received):
        found.append(f"Nhận ngoài giờ làm việc nên tính như nhận {_named(first)}")
    if _term(certificate_request).unit == clock.CALENDAR_DAY:
        found.append(ALL_DAYS)
    else:
        found += _left_out(calendar, first, clock.local_day(due))
    waited = sum(clock.pause_cost(asked, answered, calendar) for asked, answered in paused)
    if waited:
        found.append(f"Đã cộng {waited} ngày làm việc chờ bổ sung")
    return tuple(found)


def _ended(pauses: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Those that were answered; one that is still open was given an end before its beginning."""
    return [(asked, answered) for asked, answered in pauses if answered >= asked]


def _left_out(calendar: WorkingCalendar, first: date, last: date) -> list[str]:
    days = ["Thứ Bảy", "Chủ nhật", *_days_off(calendar, first, last)]
    worked = [day for day in sorted(calendar.worked_saturdays) if first < day <= last]
    return [
        f"Không tính {', '.join(days[:-1])} và {days[-1]}",
        *([f"Tính cả {', '.join(map(_named, worked))} (ngày làm bù)"] if worked else []),
    ]


def _named(day: date) -> str:
    return f"{weekday(day)} {day:%d/%m/%Y}"


def _days_off(calendar: WorkingCalendar, first: date, last: date) -> list[str]:
    """Each by its name; days of one name that follow each other are told as one stretch."""
    stretches: list[list] = []
    for day, name in calendar.named_days_off(first, last):
        if stretches and stretches[-1][2] == name and (day - stretches[-1][1]).days <= 1:
            stretches[-1][1] = day
        else:
            stretches.append([day, day, name])
    return [
        f"{_named(begin)} ({name})" if begin == end else f"{_named(begin)} đến {_named(end)} ({name})"
        for begin, end, name in stretches
    ]


def due_then(
    certificate_request: CertificateRequest, until_now: Sequence[RequestStep], calendar: WorkingCalendar
) -> datetime:
    """The promise as it stood after these steps: a pause moves it only once it has ended."""
    received = certificate_request.received_at
    assert received is not None
    ended = _ended(clock.pauses(until_now, until=received))
    return clock.due_at(received, _term(certificate_request), calendar, ended)


def in_time(
    certificate_request: CertificateRequest, until_now: Sequence[RequestStep], calendar: WorkingCalendar
) -> str:
    """Of one change of hands, the last of these steps: in time, or how many working days late."""
    step = until_now[-1]
    if all(one.step != "receive" for one in until_now):
        return NOT_YET
    if step.to_state == State.NEEDS_SUPPLEMENT:
        return PAUSED
    late = _days_late(due_then(certificate_request, until_now, calendar), step.at, calendar)
    return f"Quá hạn {late} ngày" if late else "Trong hạn"


def outcome(certificate_request: CertificateRequest, history: Sequence[RequestStep], calendar: WorkingCalendar) -> str:
    """How it ended, in the words of the reports (trước hạn, đúng hạn, quá hạn)."""
    last = history[-1]
    words = {State.WITHDRAWN: "Người yêu cầu rút hồ sơ", State.STOPPED: "Dừng xử lý"}.get(last.to_state, "")
    if certificate_request.received_at is None:
        return words
    due = due_then(certificate_request, history, calendar)
    late = _days_late(due, last.at, calendar)
    if late:
        timely = f"Quá hạn {late} ngày"
    else:
        timely = "Trước hạn" if clock.local_day(last.at) < clock.local_day(due) else "Đúng hạn"
    return f"{words}, {timely.lower()}" if words else timely


def _days_late(due: datetime, at: datetime, calendar: WorkingCalendar) -> int:
    return max(0, -clock.days_left(due, at, calendar))

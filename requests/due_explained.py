"""How a due moment came about, in sentences: what counts as the day of receipt, what was left out by name, and why."""

from collections.abc import Iterable
from datetime import date, datetime

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import full_day, full_moment
from requests import clock
from requests.clock import Term

Pauses = Iterable[tuple[datetime, datetime]]


def explained(received_at: datetime, term: Term, calendar: WorkingCalendar, pauses: Pauses = ()) -> list[str]:
    """One sentence a line; the last one says the due moment."""
    pauses = list(pauses)
    due = clock.due_at(received_at, term, calendar, pauses)
    lines = [f"Tiếp nhận: {full_moment(received_at)}."]
    if term.unit == clock.HOUR:
        lines += [f"Thời hạn: {term.words}, tính liên tục theo giờ, kể cả đêm, ngày nghỉ."]
        lines += [f"{_span(*pause)}: không tính {_elapsed(*pause)}." for pause in pauses]
    else:
        lines += _of_days(received_at, term, calendar, pauses, clock.local_day(due))
    return [*lines, f"Hẹn trả: {full_moment(due)}."]


def _of_days(
    received_at: datetime, term: Term, calendar: WorkingCalendar, pauses: list[tuple[datetime, datetime]], due_on: date
) -> list[str]:
    first = clock.day_of_receipt(received_at, calendar)
    lines = [f"Ngày tiếp nhận (ngày 0): {full_day(first)}{_why_later(received_at, first, calendar)}."]
    counted = "tính từ ngày làm việc sau ngày tiếp nhận"
    if term.unit == clock.CALENDAR_DAY:
        counted = "tính cả ngày nghỉ; hết hạn vào ngày nghỉ thì chuyển sang ngày làm việc sau"
    lines.append(f"Thời hạn: {term.words}, {counted}.")
    left_out = calendar.named_days_off(first, due_on)
    lines += [f"Không tính: {full_day(day)}, {name}." for day, name in left_out]
    lines += [f"Có tính: {full_day(day)}, {name}." for day, name in calendar.named_worked_days(first, due_on)]
    for pause in pauses:
        cost = clock.pause_cost(*pause, calendar)
        lines.append(f"{_span(*pause)}: không tính {cost} ngày làm việc (sau ngày yêu cầu, đến hết ngày trả lời).")
    if not left_out:
        lines.append("Ngoài thứ Bảy, Chủ nhật, không có ngày nghỉ nào trong thời hạn.")
    return lines


def _why_later(received_at: datetime, first: date, calendar: WorkingCalendar) -> str:
    day = clock.local_day(received_at)
    if day == first:
        return ""
    if calendar.is_working(day):
        return f", vì nhận sau giờ đóng cửa {calendar.closing(day):%H:%M}"
    name = calendar.days_off.get(day)
    return f", vì {full_day(day)} là ngày nghỉ{f' ({name})' if name else ''}"


def _span(asked_at: datetime, answered_at: datetime) -> str:
    return f"Tạm dừng chờ bổ sung từ {full_moment(asked_at)} đến {full_moment(answered_at)}"


def _elapsed(asked_at: datetime, answered_at: datetime) -> str:
    hours, rest = divmod(round((answered_at - asked_at).total_seconds()), 3600)
    return f"{hours} giờ {rest // 60} phút"

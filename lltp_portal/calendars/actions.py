"""Changing the calendar: the nation's rows by its administrators, an office's own by that office's; each one audited.

A national day off is never deleted but made plain, so that loading the seed again does not bring it back.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.models import OpeningHours, SpecialDay
from lltp_portal.calendars.working_days import SATURDAY, Intervals
from lltp_portal.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2010, 2099
COLUMNS = ("first_from", "first_to", "second_from", "second_to")
Kind = SpecialDay.Kind


def may_edit(user: User, authority: Authority | None) -> bool:
    """The nation's calendar by its administrators; an office's by the administrators who work there."""
    if authority is None:
        return user.has_role("national_administrator")
    return user.has_role("authority_administrator") and user.authority_id == authority.pk


def _demand_right(user: User, authority: Authority | None) -> None:
    if not may_edit(user, authority):
        raise PermissionDenied


def _invalid(field: str, message: str, code: str = "invalid") -> Invalid:
    return Invalid(message, fields={field: [{"code": code, "message": message}]})


def subject(authority: Authority | None) -> str:
    """What the log calls a calendar."""
    return f"calendar:{authority.pk if authority else 'VN'}"


# --- Days -----------------------------------------------------------------------------------------------------------


def check_day(authority: Authority | None, day: date, kind: str, name: str, source: str) -> None:
    """Raises Invalid, naming the field, when this is not a row that the calendar can have."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _invalid("day", f"Nhập ngày từ năm {FIRST_YEAR} đến năm {LAST_YEAR}.")
    if kind not in Kind.values:
        raise _invalid("kind", "Chọn loại ngày.", "required")
    if kind == Kind.WORKING_SATURDAY and day.weekday() < SATURDAY:
        raise _invalid("kind", f"Ngày {day:%d/%m/%Y} là ngày trong tuần; chỉ thứ Bảy, Chủ nhật mới là ngày làm bù.")
    if not name.strip():
        raise _invalid("name", "Nhập tên ngày, ví dụ: Nghỉ hoán đổi Quốc khánh.", "required")
    if not source.strip():
        raise _invalid("source", "Nhập căn cứ: số và ngày của văn bản.", "required")
    if kind == Kind.PLAIN and not SpecialDay.objects.seen_by(*_keys(authority)).filter(day=day).exists():
        raise _invalid("kind", f"Ngày {day:%d/%m/%Y} vốn là ngày thường, không cần ghi vào lịch.")


def _keys(authority: Authority | None) -> list[int]:
    return [authority.pk] if authority else []


@transaction.atomic
def set_day(
    *,
    by: User,
    authority: Authority | None,
    day: date,
    kind: str,
    name: str,
    source: str,
    at: datetime | None = None,
) -> SpecialDay:
    """Say what a day is, for the nation or for one office."""
    _demand_right(by, authority)
    check_day(authority, day, kind, name, source)
    before = SpecialDay.objects.select_for_update(of=("self",)).filter(authority=authority, day=day).first()
    was = _as_words(before)
    row, _ = SpecialDay.objects.update_or_create(
        authority=authority,
        day=day,
        defaults={
            "kind": kind,
            "name": name.strip(),
            "source": source.strip(),
            "changed_at": at or timezone.now(),
            "changed_by": by,
        },
    )
    AuditEvent.objects.record(
        "change_calendar_day", actor=by, subject=subject(authority), day=day.isoformat(), old=was, new=_as_words(row)
    )
    return row


@transaction.atomic
def follow_nation(*, by: User, authority: Authority, day: date) -> None:
    """Take an office's own row away: the day is again what the nation says."""
    _demand_right(by, authority)
    row = SpecialDay.objects.select_for_update(of=("self",)).filter(authority=authority, day=day).first()
    if row is None:
        raise Invalid("Ngày này đã theo lịch toàn quốc.")
    was = _as_words(row)
    row.delete()
    AuditEvent.objects.record(
        "change_calendar_day", actor=by, subject=subject(authority), day=day.isoformat(), old=was, new=None
    )


def _as_words(row: SpecialDay | None) -> dict[str, str] | None:
    return None if row is None else {"kind": str(row.kind), "name": row.name, "source": row.source}


# --- Hours ----------------------------------------------------------------------------------------------------------


def check_hours(valid_from: date, weekdays: Collection[int], intervals: Intervals) -> None:
    """Raises Invalid, naming the field, when these are not opening hours."""
    if not FIRST_YEAR <= valid_from.year <= LAST_YEAR:
        raise _invalid("valid_from", f"Nhập ngày từ năm {FIRST_YEAR} đến năm {LAST_YEAR}.")
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise _invalid("weekdays", "Chọn ít nhất một thứ trong tuần.", "required")
    if not intervals:
        raise _invalid("morning_from", "Nhập giờ mở cửa buổi sáng hoặc buổi chiều.", "required")
    previous = None
    for opens, closes in intervals:
        if opens >= closes or (previous and opens < previous):
            raise _invalid("morning_from", "Giờ phải theo thứ tự: mở cửa trước, đóng cửa sau; sáng trước, chiều sau.")
        previous = closes


def _columns(intervals: Intervals) -> dict[str, object]:
    """The columns of one or two intervals."""
    times = [moment for interval in intervals for moment in interval]
    return dict(zip(COLUMNS, [*times, None, None][:4], strict=True))


@transaction.atomic
def set_hours(
    *,
    by: User,
    authority: Authority | None,
    valid_from: date,
    weekdays: Collection[int],
    intervals: Intervals,
    at: datetime | None = None,
) -> list[OpeningHours]:
    """From a day on, these weekdays are open in these intervals; the days before keep the hours that they had."""
    _demand_right(by, authority)
    check_hours(valid_from, weekdays, intervals)
    rows = [
        OpeningHours.objects.update_or_create(
            authority=authority,
            valid_from=valid_from,
            weekday=weekday,
            defaults={**_columns(intervals), "changed_at": at or timezone.now(), "changed_by": by},
        )[0]
        for weekday in sorted(set(weekdays))
    ]
    AuditEvent.objects.record(
        "change_opening_hours",
        actor=by,
        subject=subject(authority),
        valid_from=valid_from.isoformat(),
        weekdays=sorted(set(weekdays)),
        hours=[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in intervals],
    )
    return rows

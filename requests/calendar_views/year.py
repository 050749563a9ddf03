"""What the calendar is: the days of a year that are not plain, the week's hours, and where an office differs."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import wraps
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lltp_portal.accounts.models import Authority
from lltp_portal.calendars.actions import FIRST_YEAR, LAST_YEAR
from lltp_portal.calendars.models import OpeningHours, SpecialDay
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import Hours, Intervals, WorkingCalendar
from lltp_portal.wording import WEEKDAYS

View = Callable[..., HttpResponse]
EDITORS = ("national_administrator", "authority_administrator")
READERS = (*EDITORS, "auditor")


class Line(NamedTuple):
    """One day of the year's table: what it is for the nation, and for the office where that differs."""

    day: date
    national: SpecialDay | None
    own: SpecialDay | None
    url: str


class Weekday(NamedTuple):
    name: str
    hours: str
    valid_from: date | None = None


def for_roles(*roles: str) -> Callable[[View], View]:
    """A page of people with one of these roles, about the calendar of their office; without one, of the nation."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


@require_safe
@for_roles(*READERS)
def year_page(request: HttpRequest) -> HttpResponse:
    """The year's days off and worked Saturdays, and the opening hours; the office's differences stand out."""
    office, year, user = _shown_office(request), _year(request), request.user
    return render(
        request,
        "requests/staff/calendar.html",
        {
            "office": office,
            "year": year,
            "years": [one for one in (year - 1, year, year + 1) if FIRST_YEAR <= one <= LAST_YEAR],
            "office_query": f"&office={office.pk}" if office and user.authority is None else "",
            "lines": _lines(office, year),
            "week": week(calendar_of(office)),
            "own_hours": office is not None and OpeningHours.objects.filter(authority=office).exists(),
            "coming": [row for row in dated_rows(office) if row.valid_from > timezone.localdate()],
            "differing": _differing() if user.authority is None else [],
            "may_edit": user.has_role(*EDITORS) and office == user.authority,
        },
    )


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _shown_office(request: HttpRequest) -> Authority | None:
    """One's own office; people of the nation may look at any."""
    if request.user.authority is not None:
        return request.user.authority
    text = request.GET.get("office", "")
    if not text:
        return None
    office = Authority.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
    if office is None or len(text) > 9:
        raise Http404
    return office


def _differing():
    """Offices that have a day or hours of their own."""
    days = SpecialDay.objects.exclude(authority=None).values("authority")
    hours = OpeningHours.objects.exclude(authority=None).values("authority")
    return Authority.objects.filter(pk__in=days.union(hours)).order_by("name")


def _lines(office: Authority | None, year: int) -> list[Line]:
    found: dict[date, dict[str, SpecialDay]] = {}
    for row in SpecialDay.objects.seen_by(*([office.pk] if office else [])).in_year(year):
        found.setdefault(row.day, {})["national" if row.authority_id is None else "own"] = row
    address = reverse("calendar_day")
    return [
        Line(day, of_day.get("national"), of_day.get("own"), f"{address}?day={day.isoformat()}")
        for day, of_day in sorted(found.items())
    ]


# --- Hours in words -------------------------------------------------------------------------------------------------


def hours_in_words(intervals: Intervals) -> str:
    """“08:00–12:00, 13:00–17:00”."""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in intervals)


def week(calendar: WorkingCalendar) -> list[Weekday]:
    """The hours that hold today, Monday to Friday; days with the same hours in one line."""
    today = timezone.localdate()

    def begun(rows: Iterable[Hours]) -> tuple[Hours, ...]:
        return tuple(row for row in rows if row.valid_from <= today)

    ordinary = WorkingCalendar(hours=begun(calendar.hours), national_hours=begun(calendar.national_hours))
    days = sorted((today + timedelta(days=ahead) for ahead in range(7)), key=date.weekday)
    open_days = [(day.weekday(), hours_in_words(ordinary.open_on(day))) for day in days if ordinary.is_working(day)]
    alike = [(hours, [weekday for weekday, _ in group]) for hours, group in groupby(open_days, key=itemgetter(1))]
    return [Weekday(_from_to(weekdays), hours) for hours, weekdays in alike]


def _from_to(weekdays: list[int]) -> str:
    """“Thứ Hai đến Thứ Năm”, “Thứ Sáu”."""
    first, last = str(WEEKDAYS[weekdays[0]]), str(WEEKDAYS[weekdays[-1]])
    return first if first == last else f"{first} đến {last}"


def dated_rows(office: Authority | None) -> list[Weekday]:
    """Every row of hours that was ever written for the office (or the nation), the newest day first."""
    return [
        Weekday(str(WEEKDAYS[row.weekday]), hours_in_words(row.intervals), row.valid_from)
        for row in OpeningHours.objects.filter(authority=office).order_by("-valid_from", "weekday")
    ]

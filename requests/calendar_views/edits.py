"""Changing a day or the opening hours: the form, then what it does to open requests, then the act.

Nothing is written before the page that shows the effect is confirmed, and going back keeps what was typed.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lltp_portal.accounts.models import Authority
from lltp_portal.calendars.actions import check_day, check_hours
from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.seed import Calendars, Day, calendar_of
from lltp_portal.calendars.working_days import Hours
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from lltp_portal.wording import full_day
from requests import actions
from requests.actions.recomputing import count_moved
from requests.calendar_forms import DayForm, HoursForm
from requests.calendar_views.year import EDITORS, dated_rows, for_roles, hours_in_words, week

# The buttons of the page that shows the effect, and the one that drops an office's own row.
CONFIRM, AGAIN, FOLLOW = "confirm", "again", "follow"
BUTTONS = {CONFIRM, AGAIN, "csrfmiddlewaretoken"}


def _with_errors(form: forms.Form, error: PortalError) -> forms.Form:
    """The same form with what was refused, each beside its field."""
    for name, found in error.fields.items():
        form.add_error(name if name in form.fields else None, [one["message"] for one in found])
    if not error.fields:
        form.add_error(None, error.message)
    return form


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Every box as it was typed, to be sent again with the confirmation."""
    for name in request.POST:
        if name not in BUTTONS:
            yield from ((name, value) for value in request.POST.getlist(name))


def _preview(request: HttpRequest, **context: Any) -> HttpResponse:
    return render(request, "requests/staff/calendar_preview.html", {"kept": list(_typed(request)), **context})


def _done(request: HttpRequest, year: int) -> HttpResponse:
    messages.success(request, "Đã lưu. Ngày hẹn của hồ sơ đang mở được tính lại ngay sau đây.")
    return redirect(f"{reverse('calendar')}?year={year}")


# --- A day ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def day_page(request: HttpRequest) -> HttpResponse:
    """Say what a day is, for the nation or for one's office."""
    office = request.user.authority
    if request.method != "POST":
        return _show_day(request, DayForm(initial=_initial(request, office), use_required_attribute=False))
    if FOLLOW in request.POST:
        return _follow_nation(request, office)
    form = DayForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _show_day(request, form, status=400)
    if AGAIN in request.POST:
        return _show_day(request, form)
    typed = form.cleaned_data
    try:
        if CONFIRM in request.POST:
            actions.change_day(by=request.user, authority=office, **typed)
            return _done(request, typed["day"].year)
        check_day(office, **typed)
    except PortalError as error:
        return _show_day(request, _with_errors(form, error), status=error.status)
    return _preview_day(request, office, form)


def _initial(request: HttpRequest, office: Authority | None) -> dict[str, Any]:
    """The day that was chosen in the table, as it is now."""
    day = _day(request.GET.get("day", ""))
    row = SpecialDay.objects.filter(authority=office, day=day).first() if day else None
    known = {"kind": row.kind, "name": row.name} if row else {}
    source = {"source": row.source} if row and row.changed_at else {}
    return {**({"day": day.isoformat()} if day else {}), **known, **source}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _show_day(request: HttpRequest, form: DayForm, status: int = 200) -> HttpResponse:
    office = request.user.authority
    day = form.cleaned_data.get("day") if form.is_bound else _day(form.initial.get("day", ""))
    rows = SpecialDay.objects.filter(day=day) if day else SpecialDay.objects.none()
    context = {
        "form": form,
        "mistakes": mistakes(form),
        "office": office,
        "day": day,
        "national": rows.national().first(),
        "own": rows.filter(authority=office).first() if office else None,
    }
    return render(request, "requests/staff/calendar_day.html", context, status=status)


def _preview_day(request: HttpRequest, office: Authority | None, form: DayForm) -> HttpResponse:
    typed = form.cleaned_data
    day = typed["day"]
    changed = Calendars.read().with_day(Day(office.pk if office else None, day, typed["kind"], typed["name"]))
    return _preview(
        request,
        title=f"{full_day(day)}: {SpecialDay.Kind(typed['kind']).label.lower()}",
        facts=[
            ("Tên", typed["name"]),
            ("Căn cứ", typed["source"]),
            ("Áp dụng cho", office.name if office else "cả nước, trừ cơ quan có dòng riêng cho ngày này"),
        ],
        moved=count_moved(changed, office, first=day, last=day),
        address=reverse("calendar_day"),
        may_go_back=True,
    )


def _follow_nation(request: HttpRequest, office: Authority | None) -> HttpResponse:
    """Drop the office's own row for a day: first what it does, then the act."""
    day = _day(request.POST.get(FOLLOW, ""))
    if day is None or office is None:
        raise Http404
    try:
        if CONFIRM in request.POST:
            actions.follow_nation(by=request.user, authority=office, day=day)
            return _done(request, day.year)
    except PortalError as error:
        messages.warning(request, error.message)
        return redirect("calendar")
    changed = Calendars.read().without_day(office.pk, day)
    return _preview(
        request,
        title=f"{full_day(day)}: theo lịch toàn quốc",
        facts=[("Bỏ", "dòng riêng của cơ quan bạn cho ngày này"), ("Áp dụng cho", office.name)],
        moved=count_moved(changed, office, first=day, last=day),
        address=reverse("calendar_day"),
        may_go_back=False,
    )


# --- Hours ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def hours_page(request: HttpRequest) -> HttpResponse:
    """Other opening hours from a day on, for the nation or for one's office."""
    office = request.user.authority
    if request.method != "POST":
        return _show_hours(request, HoursForm(use_required_attribute=False))
    form = HoursForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _show_hours(request, form, status=400)
    if AGAIN in request.POST:
        return _show_hours(request, form)
    since, weekdays = form.cleaned_data["valid_from"], form.cleaned_data["weekdays"]
    try:
        if CONFIRM in request.POST:
            actions.change_hours(
                by=request.user, authority=office, valid_from=since, weekdays=weekdays, intervals=form.intervals
            )
            return _done(request, since.year)
        check_hours(since, weekdays, form.intervals)
    except PortalError as error:
        return _show_hours(request, _with_errors(form, error), status=error.status)
    return _preview_hours(request, office, form)


def _show_hours(request: HttpRequest, form: HoursForm, status: int = 200) -> HttpResponse:
    office = request.user.authority
    context = {
        "form": form,
        "mistakes": mistakes(form),
        "office": office,
        "week": week(calendar_of(office)),
        "rows": dated_rows(office),
    }
    return render(request, "requests/staff/calendar_hours.html", context, status=status)


def _preview_hours(request: HttpRequest, office: Authority | None, form: HoursForm) -> HttpResponse:
    since, weekdays = form.cleaned_data["valid_from"], form.cleaned_data["weekdays"]
    rows = [Hours(since, weekday, form.intervals) for weekday in weekdays]
    changed = Calendars.read().with_hours(office.pk if office else None, rows)
    called = dict(form.fields["weekdays"].choices)
    return _preview(
        request,
        title=f"Giờ làm việc từ {full_day(since)}",
        facts=[
            ("Các ngày", ", ".join(str(called[weekday]) for weekday in weekdays)),
            ("Giờ làm việc", hours_in_words(form.intervals)),
            ("Giờ hẹn trả trong ngày", f"{form.intervals[-1][1]:%H:%M}"),
            ("Áp dụng cho", office.name if office else "cả nước, trừ cơ quan có giờ riêng"),
        ],
        moved=count_moved(changed, office, first=since),
        address=reverse("calendar_hours"),
        may_go_back=True,
    )

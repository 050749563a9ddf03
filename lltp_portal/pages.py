"""Pages that belong to no app, and what every template knows."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import csrf
from django.views.decorators.http import require_safe

from lltp_portal import typed
from lltp_portal.calendars.seed import national_calendar
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.navigation import menu


def portal(request) -> dict:
    """For every template: whose portal this is, where it lives, and whom to call."""
    return {
        "portal_domain": settings.PUBLIC_BASE_URL.split("://", 1)[-1],
        "support_phone": settings.SUPPORT_PHONE,
        "is_demo": settings.DEMO,
        "menu": lambda: menu(request),
    }


@login_not_required
@require_safe
def help_page(request):
    calendar, today = national_calendar(), timezone.localdate()
    weekday = next(
        day for day in (today + timedelta(days=ahead) for ahead in range(366)) if _is_ordinary(calendar, day)
    )
    hours = [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in calendar.open_on(weekday)]
    return render(request, "help.html", {"hours": ", ".join(hours)})


def _is_ordinary(calendar: WorkingCalendar, day: date) -> bool:
    """A working day that is no worked Saturday."""
    return calendar.is_working(day) and day not in calendar.worked_saturdays


@login_not_required
@require_safe
def privacy(request):
    return render(request, "privacy.html")


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "accessibility.html")


@login_not_required
@require_safe
def complaint(request):
    return render(request, "complaint.html")


@login_not_required
def csrf_failure(request, reason=""):
    """A page opened before the last sign-in has an old token. What was typed on it is shown again, not lost.

    Only when the browser says that the form stood on a page of ours; nothing is saved until it is sent again.
    """
    match = request.resolver_match
    if match and getattr(match.func, "keeps_typed", False) and typed.from_our_page(request) and typed.keep(request):
        return redirect(request.get_full_path())
    return csrf.csrf_failure(request, reason)


@login_not_required
def server_error(request):
    """The page of a bug: no database, no session, no user; the reference is the one in the log."""
    context = {**portal(request), "reference": getattr(request, "reference", ""), "menu": []}
    return HttpResponseServerError(render_to_string("500.html", context))


@login_not_required
@require_safe
def healthz(request):
    """For the thing that watches the process: answers 200 when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def after_sign_in(request):
    """Each to their own work."""
    roles = request.user.roles
    if roles & {"intake_clerk", "verifying_clerk"}:
        return redirect("clerk_queue")
    if "approver" in roles:
        return redirect("approver_queue")
    if roles & {"authority_administrator", "national_administrator", "auditor"}:
        return redirect("board")
    if "register_searcher" in roles:
        return redirect("free_searches")
    if "register_updater" in roles:
        return redirect("incoming_papers")
    return redirect("my_requests")

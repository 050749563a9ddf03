"""The weekly list of odd looks, for leaders and administrators; who reads it is logged too."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from requests.actions.odd_looks import GRACE, WEEK, last_listed_week
from requests.models import CertificateRequest, FreeSearch, OddLook

OF_OFFICE = ("approver", "authority_administrator")
OF_NATION = ("national_administrator", "auditor")
MOST_WEEKS = 8


@require_safe
def odd_looks(request: HttpRequest) -> HttpResponse:
    """One week's list, of the reader's own office or of all: who looked at which request, never what they read."""
    user = request.user
    found = _of(user)
    newest = last_listed_week(timezone.now())
    week = _week_or_404(request.GET.get("week"), newest)
    AuditEvent.objects.record("open_odd_looks", actor=user, subject="odd_looks", week=week.isoformat())
    rows = list(found.filter(week=week).select_related("actor", "authority").prefetch_related("actor__groups"))
    weeks = [newest - number * WEEK for number in range(MOST_WEEKS)]
    context = {
        "week": week,
        "week_ends": week + WEEK,
        "weeks": [{"day": day, "current": day == week} for day in weeks],
        "groups": _groups(rows, _addresses(rows, user)),
        "of_nation": user.has_role(*OF_NATION),
        "grace": GRACE.days,
    }
    return render(request, "requests/staff/odd_looks.html", context)


def _of(user: User) -> QuerySet[OddLook]:
    if user.has_role(*OF_NATION):
        return OddLook.objects.all()
    if user.works_at_office and user.has_role(*OF_OFFICE):
        return OddLook.objects.filter(authority=user.authority_id)
    raise PermissionDenied


def _week_or_404(text: str | None, newest: date) -> date:
    if text is None:
        return newest
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day.weekday() != 0 or day > newest:
        raise Http404
    return day


def _addresses(rows: list[OddLook], user: User) -> dict[str, str]:
    """Public code → the number by which the office knows the request."""
    codes = {row.subject for row in rows if row.subject}
    numbers = CertificateRequest.objects.filter(code__in=codes).values_list("code", "dossier_number")
    searches = FreeSearch.objects.filter(code__in=codes).values_list("code", "code")
    return {code: number or code for code, number in [*numbers, *searches]}


def _groups(rows: list[OddLook], numbers: dict[str, str]) -> list[dict]:
    return [
        {
            "label": OddLook.Kind(kind).label,
            "kind": kind,
            "rows": [
                {"look": row, "number": numbers.get(row.subject, row.subject)} for row in rows if row.kind == kind
            ],
        }
        for kind in (OddLook.Kind.OWN, OddLook.Kind.MANY, OddLook.Kind.IDLE)
        if any(row.kind == kind for row in rows)
    ]

"""Offices that may ask this deployment, for administrators: on or off since when, keys, how much each asks a day."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboards.access import for_roles
from lltp_portal.errors import PortalError
from lltp_portal.wording import DueBadge
from records.central import actions
from records.central.models import Delegation, Served, Switch
from records.models import RecordLookup
from requests.clock import local_day
from requests.staff_forms import Line

DAYS_SHOWN = 7
SWITCHES_SHOWN = 5
NATIONAL = ("national_administrator", "auditor")
ON, OFF, NEVER = DueBadge("ok", "Đang bật"), DueBadge("paused", "Đang tắt"), DueBadge("paused", "Chưa bật lần nào")


class ReasonForm(forms.Form):
    reason = Line(label="Lý do", missing="Ghi lý do, ví dụ số văn bản ủy quyền.", max_length=500)


class Day(NamedTuple):
    """How many questions, and how many of them were not answered completely."""

    asked: int
    unanswered: int


class Office(NamedTuple):
    delegation: Delegation
    badge: DueBadge
    keys: list[str]
    days: list[Day]
    switches: list[Switch]


@require_safe
@for_roles(*NATIONAL)
def delegations(request: HttpRequest) -> HttpResponse:
    """Every office with its switch, its keys by number, and its counts by day."""
    now = timezone.now()
    days = [local_day(now) - timedelta(days=back) for back in range(DAYS_SHOWN)]
    counts = _counts(days[-1])
    found = Delegation.objects.with_standing(now).prefetch_related("keys", "switches")
    context = {
        "now": now,
        "days": days,
        "offices": [_office(one, days, counts) for one in found],
        "may_switch": request.user.has_role("national_administrator"),
    }
    return render(request, "dashboards/delegations.html", context)


def _counts(since: date) -> dict[tuple[int, date], Counter[str]]:
    counts: dict[tuple[int, date], Counter[str]] = {}
    for office, day, outcome, count in Served.objects.counts_by_day(since):
        counts.setdefault((office, day), Counter())[outcome or "none"] += count
    return counts


def _office(delegation: Any, days: list[date], counts: dict[tuple[int, date], Counter[str]]) -> Office:
    badge = NEVER if delegation.is_on is None else ON if delegation.is_on else OFF
    by_day = [counts.get((delegation.pk, day), Counter()) for day in days]
    return Office(
        delegation,
        badge,
        [key.key_id for key in delegation.keys.all() if key.revoked_at is None],
        [Day(count.total(), count.total() - count[RecordLookup.Outcome.COMPLETE]) for count in by_day],
        sorted(delegation.switches.all(), key=lambda switch: -switch.pk)[:SWITCHES_SHOWN],
    )


@require_POST
@for_roles("national_administrator")
def switch_delegation(request: HttpRequest, office: str) -> HttpResponse:
    """On or off from this moment, with a reason; the row is added to the history under the table."""
    delegation = get_object_or_404(Delegation, code=office)
    form = ReasonForm(request.POST)
    on = request.POST.get("on") == "1"
    if not form.is_valid():
        messages.error(request, f"{delegation.name}: {form.errors['reason'][0]}")
        return redirect("delegations")
    try:
        actions.switch(delegation, on=on, reason=form.cleaned_data["reason"], by=request.user)
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, f"{delegation.name}: đã {'bật' if on else 'ngừng'} ủy quyền tra cứu.")
    return redirect("delegations")

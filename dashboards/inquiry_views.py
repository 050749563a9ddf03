"""Other agencies for administrators: who answers late, and which of them an office has chosen to ask."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboards import law_words
from dashboards.access import READERS, for_roles
from lltp_portal.calendars.seed import Calendars
from lltp_portal.errors import Invalid
from lltp_portal.forms_look import PartsField
from requests import actions, clock, inquiries, policy
from requests.clerk_views.agencies import badge_of
from requests.models import Inquiry, SourceSwitch
from requests.sources import Source, SourceRule
from requests.staff_forms import Line, ground_choice
from requests.states import OPEN

SHOWN = 500


def _sees_the_nation(user) -> bool:
    return user.has_role("national_administrator", "auditor")


# --- Who answers late ------------------------------------------------------------------------------------------------


@require_safe
@for_roles(*READERS)
def overdue(request):
    """Questions whose time is over, by agency, the latest first; no name of a person."""
    now = timezone.now()
    late = Inquiry.objects.open().filter(request__state__in=OPEN, due_at__lt=now)
    waiting = Inquiry.objects.open().filter(request__state__in=OPEN)
    if not _sees_the_nation(request.user):
        late, waiting = late.of_office(request.user.authority_id), waiting.of_office(request.user.authority_id)
    found = late.select_related("request__authority").prefetch_related("events").oldest_due_first()
    groups = _by_agency(list(found[:SHOWN]), now)
    return render(
        request,
        "dashboards/inquiries.html",
        {
            "now": now,
            "groups": groups,
            "late": late.count(),
            "waiting": waiting.count(),
            "scope": "toàn quốc" if _sees_the_nation(request.user) else request.user.authority.name,
            "nation": _sees_the_nation(request.user),
        },
    )


def _by_agency(rows: list[Inquiry], now: datetime) -> list[dict[str, Any]]:
    """Agency → its late questions; who owes most answers first."""
    calendars = Calendars.read()
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in rows:
        sent = [event for event in one.events.all() if event.kind == event.Kind.REMINDED]
        shown = {
            "inquiry": one,
            "badge": badge_of(one, now, calendars.of(one.request.authority_id)),
            "reminders": len(sent),
            "last_reminder": sent[-1].at if sent else None,
        }
        groups.setdefault((one.agency, one.source), []).append(shown)
    found = [
        {"agency": agency, "source": Source(source).label, "rows": rows} for (agency, source), rows in groups.items()
    ]
    return sorted(found, key=lambda group: (-len(group["rows"]), group["agency"]))


# --- Whom an office asks ---------------------------------------------------------------------------------------------


class SwitchForm(forms.Form):
    """One source, on or off, from a day on, and why."""

    source = ground_choice("Nguồn", "Chọn nguồn cần bật hoặc tắt.", ())
    asked = ground_choice(
        "Từ ngày đó", "Chọn bắt buộc hỏi hoặc không.", (("yes", "Bắt buộc hỏi"), ("no", "Không bắt buộc hỏi"))
    )
    valid_from = PartsField(label="Từ ngày", what="ngày bắt đầu", example="01/01/2027")
    reason = Line(label="Lý do, văn bản", missing="Nhập lý do hoặc văn bản làm căn cứ.", max_length=300)

    def __init__(self, rules: list[SourceRule], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(rule.source, rule.name) for rule in rules]

    def switched(self) -> dict[str, Any]:
        """The arguments of actions.switch_source."""
        typed = self.cleaned_data
        return typed | {"asked": typed["asked"] == "yes", "valid_from": date.fromisoformat(typed["valid_from"])}


def _rules() -> list[SourceRule]:
    return sorted(policy.source_rules(policy.law_day(timezone.now())).values(), key=lambda rule: rule.name)


@require_safe
@for_roles(*READERS)
def sources(request):
    """Whom the law of today wants asked, what the office chose, and every choice since, with who made it."""
    today = clock.local_day(timezone.now())
    office = request.user.authority
    chosen = inquiries.switched(office.pk, today) if office else {}
    rows = SourceSwitch.objects.select_related("authority", "by").newest_first()
    if not _sees_the_nation(request.user):
        rows = rows.filter(authority=request.user.authority_id)
    return render(
        request,
        "dashboards/sources.html",
        {
            "today": today,
            "office": office,
            "rules": [_shown(rule, chosen) for rule in _rules()],
            "switches": rows[:SHOWN],
            "may_switch": _may_switch(request.user),
        },
    )


def _may_switch(user) -> bool:
    return user.works_at_office and user.has_role("authority_administrator")


def _shown(rule: SourceRule, chosen: dict[str, bool]) -> dict[str, Any]:
    asked = chosen.get(rule.source, rule.default) if rule.switchable else rule.default
    return {
        "rule": rule,
        "when": law_words.ASKED_WHEN[rule.when],
        "asked": asked,
        "by_law": not rule.switchable,
        "needed_only": rule.when == "when_needed",
        "days": rule.term.words,
        "longest": "" if rule.term == rule.complicated else rule.complicated.words,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("authority_administrator")
def switch(request):
    """A new dated row of this person's office; what is there is never changed."""
    rules = [rule for rule in _rules() if rule.switchable]
    form = SwitchForm(rules, request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            actions.switch_source(by=request.user, **form.switched())
        except Invalid as error:
            for name, found in error.fields.items():
                form.add_error(name, [one["message"] for one in found])
        else:
            messages.success(request, "Đã ghi. Áp dụng cho hồ sơ tiếp nhận từ ngày bạn chọn.")
            return redirect("board_sources")
    return render(request, "dashboards/switch_source.html", {"form": form})

"""The law for administrators: what holds now, what changes when, and what each office has decided for itself."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dashboards import law_words
from dashboards.access import READERS, for_roles
from dashboards.local_forms import LocalRuleForm
from lltp_portal.errors import Invalid
from requests import actions, policy
from requests.law import table
from requests.models import LawRow, LocalRule


@require_safe
@for_roles(*READERS)
def law(request):
    """The rules of one day (that of the law the portal runs by, or the one asked for), and all that come after it."""
    applied = policy.law_day(timezone.now())
    day = _day_or_404(request.GET.get("on"), applied)
    everything = request.GET.get("rows") == "all"
    held = table.all_held()
    return render(
        request,
        "dashboards/law.html",
        {
            "day": day,
            "applied": applied,
            "fixed": settings.LLTP_REGIME == "P2",
            "regime": policy.regime_on(day),
            "everything": everything,
            "chips": _chips(day, applied, everything),
            "groups": _groups(held, day, everything),
            "coming": _coming(held, day),
            "versions": LawRow.objects.versions(),
        },
    )


def _day_or_404(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        day = date.fromisoformat(text)
        policy.regime_on(day)
    except (ValueError, policy.LawMissing):
        raise Http404 from None
    return day


def _coming(held: list[table.Held], day: date) -> list[dict]:
    """What begins after a day, date by date: the regime's change in a sentence, or of what kinds the rules are."""
    dates: dict[date, list[table.Held]] = {}
    for one in sorted(held, key=lambda one: one.row.valid_from):
        if one.row.valid_from > day:
            dates.setdefault(one.row.valid_from, []).append(one)
    return [
        {
            "from": first,
            "words": law_words.change([one.row for one in found]),
            "rows": [_shown(one, day) for one in found],
        }
        for first, found in dates.items()
    ]


def _chips(day: date, applied: date, everything: bool) -> list[dict]:
    """One for each regime, on its first day; the applied law under its own day."""
    rows = "&rows=all" if everything else ""
    days = [(applied, f"Đang áp dụng: {policy.regime_on(applied).code}")]
    for held in table.history("regime", "national"):
        first = held.row.valid_from
        days.append((first, f"{held.row.value['code']}, từ {first:%d/%m/%Y}"))
    return [{"label": label, "url": f"?on={one}{rows}", "current": one == day} for one, label in days]


def _groups(held: list[table.Held], day: date, everything: bool) -> list[dict]:
    groups = []
    for kind, title in law_words.KINDS.items():
        rows = [_shown(one, day) for one in held if one.row.kind == kind and (everything or one.on(day))]
        if rows:
            groups.append({"kind": kind, "title": title, "rows": rows})
    return groups


def _shown(held: table.Held, day: date) -> dict:
    return {
        "kind": law_words.KINDS[held.row.kind],
        "whom": law_words.of_whom(held),
        "says": law_words.says(held),
        "from": held.row.valid_from,
        "until": held.until,
        "source": law_words.source(held),
        "confirmed": law_words.is_confirmed(held),
        "version": held.row.version,
        "badge": law_words.state(held.row.valid_from, held.until, day),
    }


# --- What offices decide themselves ---------------------------------------------------------------------------------


@require_safe
@for_roles(*READERS)
def office_rules(request):
    """How offices differ from the national default: an administrator's own, or all that differ at all."""
    rules = LocalRule.objects.select_related("authority", "added_by").newest_first()
    if not request.user.has_role("national_administrator", "auditor"):
        rules = rules.filter(authority=request.user.authority_id)
    return render(
        request,
        "dashboards/office_rules.html",
        {
            "today": timezone.localdate(),
            "offices": _by_office(rules, timezone.localdate()),
            "office": request.user.authority,
            "may_add": _may_add(request.user),
        },
    )


def _may_add(user) -> bool:
    return user.works_at_office and user.has_role("authority_administrator")


def _by_office(rules, today: date) -> list[dict]:
    """Office → its rows, newest first, each with the last day on which it holds."""
    offices: dict[int, dict] = {}
    following: dict[tuple, date] = {}
    for rule in rules:
        office = offices.setdefault(rule.authority_id, {"name": rule.authority.name, "rows": []})
        key = (rule.authority_id, rule.kind, rule.channel)
        until = _earlier(rule.valid_to, following.get(key))
        following[key] = rule.valid_from
        office["rows"].append(_shown_rule(rule, until, today))
    return sorted(offices.values(), key=lambda office: office["name"])


def _earlier(last: date | None, next_begins: date | None) -> date | None:
    """The last day of a row: its own, or the day before the next one begins."""
    if next_begins is None:
        return last
    before = date.fromordinal(next_begins.toordinal() - 1)
    return before if last is None else min(last, before)


def _shown_rule(rule: LocalRule, until: date | None, today: date) -> dict:
    defaults = {
        LocalRule.Kind.SUBSIDY: "Không hỗ trợ",
        LocalRule.Kind.TWO_PEOPLE: f"{settings.TWO_PEOPLE_PERCENT} % hồ sơ",
    }
    return {
        "rule": rule,
        "default": defaults.get(rule.kind, "Không có"),
        "says": _says(rule),
        "until": until,
        "badge": law_words.state(rule.valid_from, until, today),
    }


def _says(rule: LocalRule) -> str:
    if rule.kind == LocalRule.Kind.SUBSIDY:
        return f"Hỗ trợ {rule.percent} % phí" if rule.percent else "Thôi hỗ trợ"
    if rule.kind == LocalRule.Kind.TWO_PEOPLE:
        return f"Hai người đối chiếu {rule.percent} % hồ sơ"
    return rule.text or "Thôi thông báo"


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("authority_administrator")
def add_rule(request):
    """A new dated row of this person's office; what is there is never changed."""
    form = LocalRuleForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_local_rule(by=request.user, **form.rule())
        except Invalid as error:
            form.refused(error.fields)
        else:
            messages.success(
                request, "Đã thêm quy định của đơn vị. Dòng cũ cùng loại, cùng kênh hết hiệu lực khi dòng này bắt đầu."
            )
            return redirect(reverse("office_rules"))
    return render(request, "dashboards/add_local_rule.html", {"form": form})

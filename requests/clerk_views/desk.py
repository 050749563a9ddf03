"""The clerk's desk: one request, what was declared, what was found, and what may be done now."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from records.models import RecordLookup
from requests import attached, clock, permissions
from requests.actions.issuing import may_print
from requests.clerk_views import agencies, asked, compared, declared, revoking
from requests.clerk_views.acts import ABOUT_CANDIDATES, ACTS, Act, offered, perform
from requests.clerk_views.queue import CLERKS, following, split_number
from requests.clerk_views.told import by_event
from requests.due_badges import badge_of
from requests.models import CandidateDecision, CertificateRequest
from requests.payments.standing import Standing
from requests.staff_pages import (
    changes_since,
    find_or_404,
    for_roles,
    history,
    history_entries,
    log_opening,
    log_reading,
)
from requests.states import State
from requests.who_held import who_held

READ_FINDINGS_IN = (State.REVIEWING, State.CONSULTING, State.VERIFIED)
PURPOSE = "Thẩm tra hồ sơ yêu cầu cấp Phiếu"
# A form that is the only thing to do next stands open without being asked for.
OPEN_BY_ITSELF = ("record_payment", "finish_consulting", "decide_fault")
MOST_LOOKUPS = 10
MOST_TOLD = 4


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CLERKS)
def request_page(request: HttpRequest, code: str, act_name: str = "") -> HttpResponse:
    """GET shows the request, with the form of an act where one is named; POST takes the act."""
    certificate_request = find_or_404(request.user, code)
    act = ACTS.get(act_name)
    if act_name and act is None:
        raise Http404
    if request.method == "POST" and act is not None:
        return _take(request, certificate_request, act)
    return render(request, "requests/staff/request.html", _context(request, certificate_request, act))


def _take(request: HttpRequest, certificate_request: CertificateRequest, act: Act) -> HttpResponse:
    form = act.form(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _again(request, certificate_request, act, form, None)
    if act.preview is not None and "send" not in request.POST:
        context = _context(request, certificate_request, act, form)
        context["preview"] = None if "edit" in request.POST else act.preview(certificate_request, form)
        return render(request, "requests/staff/request.html", context)
    try:
        perform(act, certificate_request, request.user, form)
    except PortalError as error:
        for name, found in error.fields.items():
            if name in form.fields:
                form.add_error(name, [one["message"] for one in found])
        return _again(request, certificate_request, act, form, error)
    messages.success(request, act.done)
    return redirect(_after(certificate_request, act, form))


def _after(certificate_request: CertificateRequest, act: Act, form: forms.Form) -> str:
    """The page again, with the next candidate; after “cần hỏi” the same one, where it is asked whom to ask."""
    address = reverse("clerk_request", args=[certificate_request.code])
    if act.name == "decide" and form.cleaned_data["decision"] == CandidateDecision.Decision.ASK:
        rank = form.data.get("position", "")
        return f"{address}?candidate={rank if rank.isascii() and rank.isdigit() else ''}#candidate"
    return f"{address}#candidate" if act.name == "decide" else address


def _again(request: HttpRequest, certificate_request: CertificateRequest, act: Act, form: forms.Form, error):
    """The same page as things are now, with what was typed and what is wrong; nothing was written."""
    fresh = find_or_404(request.user, certificate_request.code)
    context = _context(request, fresh, act, form)
    found = mistakes(form)
    context |= {"mistakes": found, "refusal": error if error is not None and not found else None}
    if error is not None and error.status == 409:
        context["changes"] = changes_since(
            context["steps"], request.POST.get("version", ""), with_records=context["reads_records"]
        )
    return render(request, "requests/staff/request.html", context, status=error.status if error else 400)


def _context(
    request: HttpRequest, certificate_request: CertificateRequest, act: Act | None, bound: forms.Form | None = None
) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    acts = offered(certificate_request, user)
    desk = _findings(certificate_request, user, now, bound, request.GET.get("candidate", ""))
    open_act = _open_act(act, acts, bound)
    steps, calendar = history(certificate_request), calendar_of(certificate_request.authority)
    return {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "badge": badge_of(certificate_request, now, calendar),
        "held": who_held(certificate_request, steps, calendar, now, for_citizen=False),
        "steps": steps,
        "reads_records": permissions.verifying_clerk(certificate_request, user),
        "entries": history_entries(steps, with_records=permissions.verifying_clerk(certificate_request, user)),
        "authority_reason": declared.for_colleagues(certificate_request.authority_reason),
        "cards": declared.cards(certificate_request),
        "checks": declared.checks(certificate_request),
        "attachments": attached.listed(certificate_request.declaration),
        "needed": attached.standing(certificate_request.declaration, clock.local_day(now)),
        "searches": _searches(certificate_request),
        "lookups": RecordLookup.objects.about(certificate_request.code).newest_first()[:MOST_LOOKUPS],
        "desk": desk,
        "page_url": reverse("clerk_request", args=[certificate_request.code]),
        "decide_url": reverse("clerk_act", args=[certificate_request.code, "decide"]),
        "papers": _papers(certificate_request, user),
        "is_own": permissions.concerns(certificate_request, user),
        "may_read_findings": _may_read(certificate_request, user),
        "open_act": open_act,
        "act_form": _act_form(request, open_act, bound if act is open_act else None, desk) if open_act else None,
        "was_asked_for": open_act is not None and open_act is act,
        "all_have_answered": ACTS["finish_consulting"] in acts,
        "buttons": [one for one in acts if one is not open_act and _has_button(one, desk)],
        "may_search_again": desk is not None and ACTS["search_again"] in acts,
        "told": by_event(certificate_request)[:MOST_TOLD],
        "in_doubt": Standing(certificate_request).in_doubt,
        "late_notice": certificate_request.late_notices.newest_first().first(),
        "following": None if bound is not None or open_act is not None else following(certificate_request, user),
        "may_print": may_print(certificate_request, user),
        "files_it": permissions.who_files(certificate_request, user),
        "wrote_it": permissions.is_own(certificate_request, user),
        **_last_words(certificate_request, steps),
        **asked.shown(certificate_request, user),
        "agencies": agencies.shown(certificate_request, user, desk.found, now) if desk else None,
        **revoking.shown(certificate_request, user),
    }


def _papers(certificate_request: CertificateRequest, user):
    """Letters to other agencies only for who may read findings."""
    papers = certificate_request.papers.newest_first()
    return papers if permissions.may_read_letters(certificate_request, user) else papers.for_citizens()


def _open_act(act: Act | None, acts: list[Act], bound: forms.Form | None) -> Act | None:
    """The act whose form stands open: the one asked for, also when it was refused; else the only thing to do."""
    if act is not None and act.has_form and (act in acts or bound is not None):
        return act
    return next((one for one in acts if one.name in OPEN_BY_ITSELF), None)


def _act_form(request: HttpRequest, open_act: Act, bound: forms.Form | None, desk: compared.Desk | None) -> forms.Form:
    """What was typed; else the act's first draft, filled in from the candidate who is being looked at."""
    if bound is not None:
        return bound
    initial = open_act.initial(request.GET) if open_act.initial else {}
    if open_act.name == "finish_consulting" and desk is not None:
        initial |= {"reason": agencies.heard(desk.found)}
    if desk is not None and desk.chosen is not None and desk.chosen.in_doubt and open_act.about_candidate:
        initial |= open_act.about_candidate(desk.chosen.candidate, desk.found.shown["declared"])
    return open_act.form(initial=initial, use_required_attribute=False)


def _has_button(act: Act, desk: compared.Desk | None) -> bool:
    """Verifying is offered only when nothing is open; searching again stands beside the answer it replaces."""
    if act.name == "verify":
        return desk is not None and desk.found.can_verify
    return act.name != "search_again" or desk is None


def _may_read(certificate_request: CertificateRequest, user) -> bool:
    return certificate_request.state in READ_FINDINGS_IN and permissions.verifying_clerk(certificate_request, user)


def _findings(
    certificate_request: CertificateRequest, user, now: datetime, bound: forms.Form | None, chosen: str
) -> compared.Desk | None:
    """The findings, after the line in the log; only for who verifies at this office and is not the applicant."""
    if not _may_read(certificate_request, user):
        log_opening(certificate_request, user)
        return None
    log_reading(certificate_request, user, PURPOSE)
    may_decide = certificate_request.state in {State.REVIEWING, State.CONSULTING}
    about_candidate = bound if isinstance(bound, ACTS[ABOUT_CANDIDATES[0]].form) else None
    reader = compared.Reader(user, may_decide, chosen, about_candidate)
    return compared.desk(certificate_request, clock.local_day(now), reader)


def _searches(certificate_request: CertificateRequest):
    """What the sources owe; shown while the request waits for them."""
    return certificate_request.searches.all() if certificate_request.state == State.RECEIVED else []


def _last_words(certificate_request: CertificateRequest, steps) -> dict[str, Any]:
    """What was said when it came to stand where it stands: who returned it, what was asked, why it ended."""
    last = steps[-1] if steps else None
    return {"last_step": last, "was_returned": last is not None and last.step == "return_to_clerk"}

"""Where two clerks said different things of a candidate, a leader who is neither of them decides, seeing both."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from requests import actions, clock, permissions, two_people
from requests.actions.candidates import DECIDED_IN
from requests.clerk_views import compared, declared
from requests.clerk_views.queue import split_number
from requests.models import CertificateRequest
from requests.staff_forms import DecisionForm, SettleForm
from requests.staff_pages import demand_version, find_or_404, for_roles, log_reading, of_my_office
from requests.steps import locked

PURPOSE = "Quyết định giữa hai người đối chiếu khác nhau"


def waiting_between(user: User) -> list[CertificateRequest]:
    """What waits for a leader of this office because two people differ."""
    found = of_my_office(user).filter(state__in=DECIDED_IN).exclude(candidate_cases=None)
    requests = list(found.filter(candidate_cases__two_people__gt="").with_people().oldest_due_first().distinct())
    turns = two_people.waiting_for_others(requests, user)
    return [one for one in requests if turns.get(one.pk) == two_people.WAITS_FOR_LEADER]


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("approver")
def between(request: HttpRequest, code: str) -> HttpResponse:
    """The comparison with both words; POST decides."""
    certificate_request = find_or_404(request.user, code)
    if not permissions.approver(certificate_request, request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, certificate_request)
    form = SettleForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _show(request, certificate_request, form, status=400)
    try:
        _decide(certificate_request, request.user, form)
    except PortalError as error:
        for name, found in error.fields.items():
            if name in form.fields:
                form.add_error(name, [one["message"] for one in found])
        return _show(request, certificate_request, form, error, error.status)
    messages.success(request, "Đã ghi quyết định của lãnh đạo. Chuyên viên xác minh tiếp.")
    return redirect("approver_between", code)


def _decide(certificate_request: CertificateRequest, user: User, form: DecisionForm) -> None:
    typed = form.cleaned_data
    with transaction.atomic():
        fresh = locked(certificate_request.pk)
        demand_version(fresh, form.data.get("version", ""))
        actions.decide_between(
            fresh,
            by=user,
            register_id=typed["register_id"],
            decision=typed["decision"],
            ground=form.text(),
            findings_digest=typed["findings_digest"],
            shown_sha256=typed["shown_sha256"],
        )


def _show(
    request: HttpRequest,
    certificate_request: CertificateRequest,
    bound: DecisionForm | None = None,
    refusal: PortalError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Both words and the comparison, after the line in the log; nothing of a case that no leader is asked about."""
    log_reading(certificate_request, request.user, PURPOSE)
    desk = _desk(certificate_request, request, bound)
    here = reverse("approver_between", args=[certificate_request.code])
    context: dict[str, Any] = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "cards": declared.cards(certificate_request),
        "desk": desk,
        "page_url": here,
        "decide_url": here,
        "for_leader": True,
        "mistakes": mistakes(bound) if bound is not None and bound.errors else [],
        "refusal": refusal,
    }
    return render(request, "requests/staff/between.html", context, status=status)


def _desk(
    certificate_request: CertificateRequest, request: HttpRequest, bound: DecisionForm | None
) -> compared.Desk | None:
    may_decide = certificate_request.state in DECIDED_IN
    reader = compared.Reader(request.user, may_decide, request.GET.get("candidate", ""), bound, as_leader=True)
    desk = compared.desk(certificate_request, clock.local_day(timezone.now()), reader) if may_decide else None
    return desk if desk is not None and desk.found.words.differing else None

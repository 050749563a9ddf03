"""Before anything is filled in: what one needs, what there is already, and the button that opens a draft once."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.accounts.models import Authority
from requests import actions, cases, duplicates, filing_pages, policy
from requests.actions.beginning import earlier_declaration
from requests.models import CertificateRequest
from requests.states import State
from requests.views.frame import shell


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: days, fee and office are those of the law of today (look 6.1)."""
    day = policy.law_day(timezone.now())
    regime = policy.regime_on(day)
    context = {
        "deadlines": regime.deadlines,
        "fee": policy.fee_rules(day, CertificateRequest.Channel.ONLINE),
        "office": Authority.Kind(regime.provincial).label,
        "national_office": Authority.Kind(regime.national).label,
        "minor_under": regime.parent_files_under,
    }
    return render(request, "home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What one needs before beginning; POST opens the draft."""
    if request.method == "POST":
        return _begin(request)
    at_counter = request.user.is_staff_member
    context = {
        "shell": shell(request),
        "at_counter": at_counter,
        "drafts": _drafts(request.user)[:5],
        "earlier": [] if at_counter else duplicates.of_reader(request.user, timezone.now()),
        "reusable": None if at_counter else earlier_declaration(request.user),
    }
    return render(request, "requests/start.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    at_counter = request.user.is_staff_member
    by_agency = at_counter and request.POST.get("filed_as") == cases.AGENCY
    certificate_request = actions.begin(
        by=request.user,
        account=None if at_counter else request.user,
        channel=CertificateRequest.Channel.COUNTER if at_counter else CertificateRequest.Channel.ONLINE,
        filed_as=cases.AGENCY if by_agency else cases.SELF,
        reuse="reuse" in request.POST,
    )
    first = filing_pages.pages_for(certificate_request.declaration)[0]
    return redirect(filing_pages.address(certificate_request, first))


def _drafts(user):
    return CertificateRequest.objects.visible_to(user).filter(state=State.DRAFT).with_people().newest_first()


@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """“Làm tiếp hồ sơ đang dở”: straight to where it stopped when there is one draft, else to the list."""
    drafts = list(_drafts(request.user)[:2])
    if len(drafts) == 1:
        return redirect("request_resume", drafts[0].code)
    return redirect("start_request" if request.user.is_staff_member else "my_requests")

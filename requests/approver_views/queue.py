"""What waits for a signature at the approver's office, oldest due first."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates.models import IssuingStop
from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import DueBadge
from requests import drafting, keyset, permissions
from requests.approver_views.between import waiting_between
from requests.clerk_views.queue import Chip, due_chips, shown_chips, split_number
from requests.due_badges import badge_of
from requests.models import CertificateRequest
from requests.staff_pages import for_roles, of_my_office
from requests.states import State

MOST_SIGNING = 20


class Row(NamedTuple):
    """One line of the table; `blocked` says why this person cannot approve it."""

    request: CertificateRequest
    badge: DueBadge | None
    prefix: str
    number: str
    blocked: str


def not_printed_yet(certificate_request: CertificateRequest) -> str:
    """Why this version cannot print what was asked for; empty when it can."""
    try:
        drafting.refuse_what_cannot_be_printed(certificate_request.declaration)
    except drafting.NotPrintedYet as reason:
        return reason.message
    return ""


def blocked(certificate_request: CertificateRequest, user: User) -> str:
    """Why this person cannot approve it, in a few words; empty when they can."""
    if permissions.concerns(certificate_request, user):
        return "Hồ sơ của bạn"
    if not permissions.another_approver(certificate_request, user):
        return "Bạn đã xác minh"
    return "Chưa in được" if not_printed_yet(certificate_request) else ""


def _row(certificate_request: CertificateRequest, user: User, now: datetime, calendar: WorkingCalendar) -> Row:
    return Row(
        certificate_request,
        badge_of(certificate_request, now, calendar),
        *split_number(certificate_request),
        blocked(certificate_request, user),
    )


@require_safe
@for_roles("approver")
def queue(request: HttpRequest) -> HttpResponse:
    now, calendar, address = timezone.now(), calendar_of(request.user.authority), reverse("approver_queue")
    mine = of_my_office(request.user)
    waiting = mine.waiting_for_approval()
    chips = {chip.name: chip for chip in due_chips(now, calendar)}
    chips["type_2"] = Chip("type_2", "Số 2", Q(declaration__certificate_type=2))
    current = request.GET.get("show", "")
    current = current if current in chips else ""
    chosen = waiting.filter(chips[current].lets_through) if current else waiting
    page = keyset.page(chosen.with_people(), mine, **keyset.edges(request))
    query = f"?show={current}&" if current else "?"
    rows = [_row(one, request.user, now, calendar) for one in page.rows]
    following = next((row for row in rows if not row.blocked), None)
    context = {
        "now": now,
        "chips": shown_chips(waiting, list(chips.values()), Q(state=State.VERIFIED), current, address, "Chờ ký"),
        "rows": rows,
        "following": following.request if following else None,
        "following_badge": following.badge if following else None,
        "next_url": f"{address}{query}after={page.next_after}" if page.next_after else "",
        "previous_url": f"{address}{query}before={page.previous_before}" if page.previous_before else "",
        "first_url": address + (f"?show={current}" if current else ""),
        "is_filtered": bool(current),
        "prefix": f"{request.user.authority.dossier_identifier}-",
        "signing": mine.filter(state=State.SIGNING)
        .select_related("declaration", "issuance")
        .oldest_due_first()[:MOST_SIGNING],
        "revocations": mine.filter(certificate__revocations__outcome="").select_related("declaration")[:MOST_SIGNING],
        "differing": waiting_between(request.user)[:MOST_SIGNING],
        "stop": IssuingStop.objects.pulled().first(),
    }
    return render(request, "requests/staff/approver_queue.html", context)

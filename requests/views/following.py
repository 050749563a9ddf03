"""Following: my requests, where each is, answering, withdrawing, fetching the certificate."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import Calendars, calendar_of
from lltp_portal.errors import PortalError
from requests import actions, attached, citizen_status, clock, late_shown, policy, rules
from requests.actions.correcting import may_correct
from requests.actions.correcting import open_one as open_correction_of
from requests.actions.issuing import fetch_signed_pdf
from requests.asking import withdrawing
from requests.models import CertificateRequest, LocalRule
from requests.papers import Kind
from requests.payments.standing import Standing
from requests.permissions import who_files
from requests.readers import readers
from requests.states import ENDED, NATIONAL_CODE, State
from requests.steps import may
from requests.views.access import get_filed_or_404, get_visible_or_404, post_only
from requests.views.frame import shell
from requests.views.supplementing import about_the_limit, asked_now
from requests.who_held import who_held

READERS_SHOWN = 5
DAYS_TO_COMPLAIN = 90  # Luật Khiếu nại 2011, Art. 9
MESSAGES_SHOWN = 5


@require_safe
def my_requests(request):
    """What the reader filed or is on: what they must do first, then the newest."""
    found = CertificateRequest.objects.of_person(request.user).with_people().newest_first()
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    calendars, now = Calendars.read(*{one.authority_id for one in page}), timezone.now()
    cards = [
        {
            "request": certificate_request,
            "heading": citizen_status.heading(certificate_request),
            "to_do": citizen_status.to_do(certificate_request),
            "badge": citizen_status.promise(certificate_request, calendars.of(certificate_request.authority_id), now),
            "mine": certificate_request.state
            in {State.DRAFT, State.AWAITING_PAYMENT, State.NEEDS_SUPPLEMENT, State.ISSUED},
        }
        for certificate_request in page
    ]
    cards.sort(key=lambda card: not card["mine"])
    return render(request, "requests/my_requests.html", {"cards": cards, "page": page})


@require_safe
def detail(request, code):
    """Where the request is, who holds it, until when; what the reader has to do comes first."""
    certificate_request = get_visible_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_check", certificate_request.code)
    history = list(certificate_request.history())
    calendar, now = calendar_of(certificate_request.authority), timezone.now()
    state = certificate_request.state
    if not who_files(certificate_request, request.user):
        AuditEvent.objects.record("read_request", actor=request.user, subject=certificate_request.code)
    looked, looked_count = readers(certificate_request, most=READERS_SHOWN)
    last = history[-1]
    context = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "heading": citizen_status.heading(certificate_request),
        "to_do": citizen_status.to_do(certificate_request),
        "badge": citizen_status.promise(certificate_request, calendar, now),
        "late": late_shown.card(certificate_request, now, calendar),
        "told": certificate_request.messages.in_portal().newest_first()[:MESSAGES_SHOWN],
        "stops": citizen_status.tracker(certificate_request, history),
        "show_tracker": state not in {State.REFUSED, State.WITHDRAWN, State.STOPPED},
        "held": who_held(certificate_request, history, calendar, now, for_citizen=True),
        "holder": citizen_status.holder(certificate_request),
        "since": last.at,
        "waited_for": citizen_status.WAITED_FOR.get(state, ""),
        "national_code": NATIONAL_CODE[state],
        "entries": citizen_status.log(history),
        **_question(certificate_request),
        **_after_the_end(certificate_request, request.user),
        "ended_by": last if state in {State.REFUSED, State.STOPPED} else None,
        "readers": looked,
        "reader_count": looked_count,
        "papers": certificate_request.papers.newest_first(),
        "can_ask_letter": actions.may_confirm_processing(certificate_request, request.user),
        "can_withdraw": may(certificate_request.withdraw, request.user),
        "can_fetch": _can_fetch(request, certificate_request),
        "ended": state in ENDED,
        "payment": Standing(certificate_request),
        "may_pay": who_files(certificate_request, request.user),
        "notices": _notices(certificate_request) if state not in ENDED else [],
        "attachments": attached.listed(certificate_request.declaration),
        "may_open_papers": who_files(certificate_request, request.user),
    }
    return render(request, "requests/detail.html", context)


def _question(certificate_request) -> dict:
    """What is asked of who files now, and until when."""
    asked = asked_now(certificate_request)
    return {"asked": asked, **about_the_limit(asked)} if asked else {}


def _after_the_end(certificate_request, user) -> dict:
    """Complaints, and the corrections between which this request stands."""
    correction = open_correction_of(certificate_request)
    complaints = list(certificate_request.complaints.all())
    return {
        "files_it": who_files(certificate_request, user),
        "complaints": complaints,
        "may_complain_now": not any(complaint.is_open for complaint in complaints),
        "correction": correction,
        "can_correct": correction is None and may_correct(certificate_request, user),
        "days_to_complain": DAYS_TO_COMPLAIN,
    }


def _can_fetch(request, certificate_request) -> bool:
    owner = request.user.pk in {certificate_request.account_id, certificate_request.filed_by_id}
    return owner and certificate_request.state in {State.ISSUED, State.DELIVERED}


@require_safe
def sent(request, code):
    """The ticket after sending; can be bookmarked and read again."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_check", certificate_request.code)
    calendar = calendar_of(certificate_request.authority)
    began = certificate_request.received_at or timezone.now()
    deadline = policy.deadline(certificate_request.declaration, policy.law_day(began))
    due = certificate_request.due_at or clock.due_at(began, deadline.term, calendar)
    first_day = clock.day_of_receipt(began, calendar)
    context = {
        "certificate_request": certificate_request,
        "deadline": deadline,
        "due": due,
        "is_promise": certificate_request.due_at is not None,
        "days_off": calendar.named_days_off(first_day, clock.local_day(due)),
        "papers": certificate_request.papers.filter(kind__in=[Kind.TRACKING_SLIP, Kind.RECEIPT]).newest_first(),
        "must_pay": certificate_request.state == State.AWAITING_PAYMENT,
        "taken_up_by": _taken_up_by(certificate_request, deadline.term, calendar),
        "at_counter": request.user.is_staff_member,
        "shell": shell(request),
        "pay_until": Standing(certificate_request).due_at,
        "notices": _notices(certificate_request),
    }
    return render(request, "requests/sent.html", context)


def _taken_up_by(certificate_request, allowed, calendar):
    """Until when the first look at it is expected: what the law sets for the channel, else the next working day.

    None for what is due within hours: that is taken up at once.
    """
    if allowed.unit == clock.HOUR:
        return None
    day = policy.law_day(certificate_request.submitted_at)
    term = policy.intake_term(day, certificate_request.channel) or clock.Term(1)
    return clock.due_at(certificate_request.submitted_at, term, calendar)


def _notices(certificate_request: CertificateRequest) -> list[LocalRule]:
    """What the office that has the request wants its citizens to read today."""
    return policy.notices(certificate_request.authority, timezone.localdate(), certificate_request.channel)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, code):
    """Take the request back: one page to confirm, then the act."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_delete", certificate_request.code)
    if request.method != "POST":
        can = may(certificate_request.withdraw, request.user)
        context = {
            "certificate_request": certificate_request,
            "can": can,
            "consequences": withdrawing.consequences(certificate_request) if can else [],
            "why_not": "" if can else withdrawing.why_not(certificate_request),
        }
        return render(request, "requests/withdraw.html", context)
    try:
        reason = rules.cleaned_text(request.POST.get("reason", ""))[:500]
        actions.withdraw(certificate_request, by=request.user, reason=reason)
        messages.success(request, _("Đã rút hồ sơ."))
    except PortalError as error:
        messages.error(request, error.message)
    return redirect(certificate_request)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, code):
    """Throw a draft away: one page to confirm, then the act."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.state != State.DRAFT:
        return redirect(certificate_request)
    if request.method != "POST":
        return render(request, "requests/delete.html", {"certificate_request": certificate_request})
    try:
        actions.delete_draft(certificate_request, by=request.user)
        messages.success(request, "Đã xóa bản nháp.")
    except PortalError as error:
        messages.error(request, error.message)
    return redirect("my_requests")


@post_only("request_detail")
def certificate(request, code):
    """The signed file, for its owner. A POST, because fetching counts as handing over."""
    certificate_request = get_filed_or_404(request, code)
    if not _can_fetch(request, certificate_request):
        messages.error(request, "Phiếu chưa có để tải. Xem hồ sơ đang ở đâu trên trang này.")
        return redirect(certificate_request)
    response = HttpResponse(fetch_signed_pdf(certificate_request, by=request.user), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-ly-lich-tu-phap-{code}.pdf"'
    return response

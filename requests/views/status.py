"""The status page and the list of requests: where is it, who has it, until when, what do I have to do."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import Calendars, calendar_of
from requests import actions, attached, citizen_status, late_shown, policy, where_shown
from requests.actions.correcting import may_correct
from requests.actions.correcting import open_one as open_correction_of
from requests.actions.revoking import ending_of
from requests.models import CertificateRequest, LocalRule
from requests.payments.standing import Standing
from requests.permissions import is_own, who_files
from requests.readers import readers
from requests.states import ENDED, State
from requests.steps import may
from requests.views.access import get_visible_or_404
from requests.views.supplementing import about_the_limit, asked_now
from requests.who_held import who_held

CARDS_A_PAGE = 20
READERS_SHOWN = 5
MESSAGES_SHOWN = 5
DAYS_TO_COMPLAIN = 90  # Luật Khiếu nại 2011, Art. 9
WITHOUT_RESULT = (State.REFUSED, State.WITHDRAWN, State.STOPPED)


@require_safe
def my_requests(request):
    """What the reader filed or is on: what they must do first, then what is under way, then what has ended."""
    found = CertificateRequest.objects.of_person(request.user).with_people().to_do_first()
    page = Paginator(found, CARDS_A_PAGE).get_page(request.GET.get("page"))
    calendars, now = Calendars.read(*{one.authority_id for one in page}), timezone.now()
    cards = [
        {
            "request": certificate_request,
            "group": certificate_request.turn,
            "heading": citizen_status.heading(certificate_request, certificate_request.ended or ""),
            "to_do": citizen_status.to_do(certificate_request, certificate_request.ended or ""),
            "badge": citizen_status.promise(certificate_request, calendars.of(certificate_request.authority_id), now),
        }
        for certificate_request in page
    ]
    return render(request, "requests/my_requests.html", {"cards": cards, "page": page})


@require_safe
def detail(request, code):
    """Where the request is, who holds it, until when; what the reader has to do comes first."""
    certificate_request = get_visible_or_404(request, code)
    if certificate_request.state == State.DRAFT:
        return redirect("request_check", certificate_request.code)
    if not is_own(certificate_request, request.user):
        AuditEvent.objects.record("read_request", actor=request.user, subject=certificate_request.code)
    context = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "files_it": who_files(certificate_request, request.user),
        "ended": certificate_request.state in ENDED,
        **_standing(certificate_request),
        **_question(certificate_request),
        **_what_was_written(certificate_request, request.user),
        **_after_the_end(certificate_request, request.user),
    }
    return render(request, "requests/detail.html", context)


def _standing(certificate_request: CertificateRequest) -> dict:
    """Where it is now, and how it got there."""
    history = list(certificate_request.history())
    calendar, now = calendar_of(certificate_request.authority), timezone.now()
    state, payment = certificate_request.state, Standing(certificate_request)
    looked, looked_count = readers(certificate_request, most=READERS_SHOWN)
    late = late_shown.card(certificate_request, now, calendar)
    # Where the office has said that it may be late, its own word stands and no figure beside it.
    forecast = None if late else where_shown.forecast_of(certificate_request, now, calendar)
    ending = ending_of(certificate_request)
    return {
        "ending": ending,
        "heading": citizen_status.heading(certificate_request, ending.kind if ending else ""),
        "to_do": citizen_status.to_do(certificate_request, ending.kind if ending else ""),
        "badge": citizen_status.promise(certificate_request, calendar, now, forecast),
        "late": late,
        "forecast": forecast,
        "now": now,
        "payment": payment,
        "stops": citizen_status.tracker(certificate_request, history, late),
        "show_tracker": state not in WITHOUT_RESULT,
        "where": where_shown.where(certificate_request, history, calendar, payment.due_at),
        "asked_again_at": where_shown.asked_again_at(certificate_request),
        "held": who_held(certificate_request, history, calendar, now, for_citizen=True),
        "entries": citizen_status.log(history),
        "ended_by": history[-1] if state in {State.REFUSED, State.STOPPED} else None,
        "readers": looked,
        "reader_count": looked_count,
    }


def _question(certificate_request: CertificateRequest) -> dict:
    """What is asked of who files now, and until when."""
    asked = asked_now(certificate_request)
    return {"asked": asked, **about_the_limit(asked)} if asked else {}


def _what_was_written(certificate_request: CertificateRequest, user: User) -> dict:
    """Messages, papers of both sides, the office's notices, and what may be done about them."""
    files_it = who_files(certificate_request, user)
    return {
        "told": certificate_request.messages.in_portal().newest_first()[:MESSAGES_SHOWN],
        "attachments": attached.listed(certificate_request.declaration),
        "may_open_papers": files_it,
        "papers": certificate_request.papers.for_citizens().newest_first(),
        "can_ask_letter": actions.may_confirm_processing(certificate_request, user),
        "may_pay": files_it,
        "can_withdraw": may(certificate_request.withdraw, user),
        "notices": [] if certificate_request.state in ENDED else notices_about(certificate_request),
    }


def _after_the_end(certificate_request: CertificateRequest, user: User) -> dict:
    """The certificate, complaints, and the corrections between which this request stands."""
    correction = open_correction_of(certificate_request)
    complaints = list(certificate_request.complaints.all())
    return {
        "can_fetch": may_fetch(certificate_request, user),
        "complaints": complaints,
        "may_complain_now": not any(complaint.is_open for complaint in complaints),
        "correction": correction,
        "can_correct": correction is None and may_correct(certificate_request, user),
        "days_to_complain": DAYS_TO_COMPLAIN,
    }


def may_fetch(certificate_request: CertificateRequest, user: User) -> bool:
    """There is a certificate that counts, and this is who filed or whose it is."""
    has_one = certificate_request.state in {State.ISSUED, State.DELIVERED}
    return who_files(certificate_request, user) and has_one and ending_of(certificate_request) is None


def notices_about(certificate_request: CertificateRequest) -> list[LocalRule]:
    """What the office that has the request wants its citizens to read today."""
    return policy.notices(certificate_request.authority, timezone.localdate(), certificate_request.channel)

"""Before it is sent: everything that was declared, which office is competent, what there is already; then sending."""

from datetime import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lltp_portal import typed
from lltp_portal.errors import Invalid, PortalError, StepNotAllowed
from lltp_portal.forms_look import Mistake
from lltp_portal.middleware import MAY_BE_GONE_BACK_TO
from requests import actions, answers_shown, completeness, duplicates, filing_pages, identity, rules
from requests.duplicates import Earlier
from requests.filing_pages import CHECK
from requests.forms.base import today
from requests.models import CertificateRequest, Declaration
from requests.states import State
from requests.views.access import get_filed_or_404
from requests.views.frame import UNPROCESSABLE, office_of, open_or_none, shell
from requests.views.supplementing import asked_now, mistakes_of_items


@require_http_methods(["GET", "HEAD"])
def check(request, code):
    """Everything that was declared, before it is sent."""
    certificate_request = get_filed_or_404(request, code)
    declaration = open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    return _show(request, certificate_request, declaration)


@require_http_methods(["GET", "HEAD"])
def resume(request, code):
    """On with a draft, on whichever device: the first page that was not answered yet."""
    certificate_request = get_filed_or_404(request, code)
    declaration = open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    return redirect(filing_pages.address(certificate_request, filing_pages.first_unanswered(declaration)))


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, code):
    """Send the request, or the answer to what was asked. A second press leads where the first one led."""
    certificate_request = get_filed_or_404(request, code)
    if request.method != "POST":
        return redirect("request_check", code)
    if certificate_request.state not in {State.DRAFT, State.NEEDS_SUPPLEMENT}:
        return _already_sent(request, certificate_request)
    declaration = open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    unsworn = found = _unsworn(request, certificate_request, declaration)
    if not found:
        try:
            return _send(request, certificate_request)
        except Invalid as error:
            found = mistakes_of_items(certificate_request, error.fields)
            found = found or filing_pages.mistakes_by_page(certificate_request, declaration, error.fields)
            found = found or [Mistake("main", error.message)]
    return _show(request, certificate_request, declaration, found=found, lists_unfinished=bool(unsworn))


def _already_sent(request, certificate_request: CertificateRequest):
    if certificate_request.submitted_at and certificate_request.history().count() <= 2:  # sent, and asked to pay
        return redirect("request_sent", certificate_request.code)
    asked = certificate_request.history().filter(step__in=["ask_supplement", "answer_supplement"]).last()
    if asked is not None and asked.step == "answer_supplement":
        messages.success(request, _("Đã gửi phần bổ sung."))
        return redirect(certificate_request)
    messages.error(request, _("Hồ sơ đã gửi nên không sửa được nữa. Xem trạng thái hồ sơ để biết việc cần làm."))
    return redirect(certificate_request)


def _send(request, certificate_request: CertificateRequest):
    consent = request.POST.get("counter_consent", "")
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        try:
            actions.answer_supplement(certificate_request, by=request.user, note=_note(request), consent=consent)
        except StepNotAllowed:  # sent a moment ago by the first of two presses, or ended
            return _already_sent(request, get_filed_or_404(request, certificate_request.code))
        typed.forget(request)
        messages.success(request, _("Đã gửi phần bổ sung."))
        return redirect(certificate_request)
    try:
        actions.submit(certificate_request, by=request.user, consent=consent)
    except Invalid:
        raise
    except PortalError:  # sent a moment ago by the first of two presses
        return redirect("request_sent", certificate_request.code)
    typed.forget(request)
    return redirect("request_sent", certificate_request.code)


def _note(request) -> str:
    return rules.cleaned_text(request.POST.get("note", ""))[:2000]


def _unsworn(request, certificate_request: CertificateRequest, declaration: Declaration) -> list[Mistake]:
    """What this page itself asks, before anything else is looked at."""
    found = _passed_over(certificate_request, declaration)
    if "again" not in request.POST and _duplicates(request, certificate_request, declaration):
        found.append(
            Mistake("again", _("Đánh dấu nếu bạn vẫn muốn yêu cầu thêm, khi đã có hồ sơ hoặc Phiếu cùng loại."))
        )
    if _asks_consent(request, certificate_request, declaration):
        if request.POST.get("counter_consent") not in Declaration.Consent.values:
            found.append(Mistake("counter_consent_0", _("Chọn người yêu cầu đã xác nhận lời khai bằng cách nào.")))
    elif "sworn" not in request.POST:
        found.append(Mistake("sworn", _("Đánh dấu vào ô cam đoan để gửi.")))
    return found


def _asks_consent(request, certificate_request: CertificateRequest, declaration: Declaration) -> bool:
    """A clerk swears nothing in anybody's name: who stands at the counter has confirmed what was written down."""
    for_somebody = request.user.is_staff_member and certificate_request.account_id != request.user.pk
    return for_somebody and not declaration.by_agency


def _duplicates(request, certificate_request: CertificateRequest, declaration: Declaration) -> list[Earlier]:
    """V13, for what is new; an answer to a question about this very request is no second one."""
    if certificate_request.state != State.DRAFT:
        return []
    return duplicates.of_declaration(declaration, request.user, timezone.now())


def _goes_on_at(certificate_request: CertificateRequest, declaration: Declaration) -> str:
    """Where a draft that was left half way goes on; "" where every page was answered, or it is no draft."""
    page = filing_pages.first_unanswered(declaration)
    if certificate_request.state != State.DRAFT or page is CHECK:
        return ""
    return filing_pages.address(certificate_request, page)


def _passed_over(certificate_request: CertificateRequest, declaration: Declaration) -> list[Mistake]:
    """A page that only became this case's own after later ones were answered: nobody has read it yet."""
    page = filing_pages.passed_over(declaration) if certificate_request.state == State.DRAFT else None
    if page is None:
        return []
    words = _("Xem lại trang “%(page)s” rồi bấm “Tiếp tục” ở đó, trước khi gửi.") % {"page": page.title}
    return [Mistake(filing_pages.address(certificate_request, page), words)]


def _show(
    request, certificate_request: CertificateRequest, declaration: Declaration, *, found=(), lists_unfinished=True
):
    unfinished = {}
    if lists_unfinished:
        for problem in completeness.problems(declaration, today()):
            unfinished.setdefault(problem.field, []).append({"message": problem.message})
    now: datetime = timezone.now()
    supplement = certificate_request.state == State.NEEDS_SUPPLEMENT
    asked = asked_now(certificate_request) if supplement else None
    sent_to = reverse("request_submit", args=[certificate_request.code])
    said = request.POST or typed.kept_for(request, path=sent_to) or {}
    wrong = {mistake.target: mistake.words for mistake in found}
    left_out = unfinished or _passed_over(certificate_request, declaration)
    goes_on_at = _goes_on_at(certificate_request, declaration) if left_out else ""
    context = {
        "certificate_request": certificate_request,
        "declaration": declaration,
        "page": CHECK,
        "heading": CHECK.heading,
        "shell": shell(request),
        "stepper": None if supplement or goes_on_at else filing_pages.stepper(CHECK, declaration),
        "back_url": _back(certificate_request, declaration),
        "cards": answers_shown.cards(certificate_request, declaration),
        "goes_on_at": goes_on_at,
        "unfinished": filing_pages.mistakes_by_page(certificate_request, declaration, unfinished),
        "mistakes": list(found),
        "form_by_switch": not (asked and asked.open),
        "wrong": wrong,
        "doubts": _doubts(declaration),
        "earlier": _duplicates(request, certificate_request, declaration),
        "competence": office_of(declaration),
        "now": now,
        "said": said,
        "consents": Declaration.Consent.choices if _asks_consent(request, certificate_request, declaration) else (),
        "supplement": supplement,
        "asked": asked,
    }
    response = render(request, "requests/check.html", context, status=UNPROCESSABLE if found else 200)
    response.headers["Cache-Control"] = MAY_BE_GONE_BACK_TO
    return response


def _back(certificate_request: CertificateRequest, declaration: Declaration) -> str:
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        return reverse("request_supplement", args=[certificate_request.code])
    before = filing_pages.preceding(CHECK, declaration)
    return filing_pages.address(certificate_request, before) if before else ""


def _doubts(declaration: Declaration) -> list[str]:
    """V4: what in the 12-digit number does not agree with the rest. A warning only."""
    number = declaration.identity_number
    if not number:
        return []
    return identity.doubts(number, date_of_birth=declaration.date_of_birth, sex=declaration.sex)

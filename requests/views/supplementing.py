"""C15: what is asked, why and until when; one item after the other, each on its page of the form or in words."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lltp_portal import typed
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import Invalid, PortalError
from lltp_portal.forms_look import Mistake
from requests import actions, filing_pages, rules
from requests.actions.asking import LONGEST_ANSWER, open_question
from requests.asking import limits
from requests.asking.progress import Progress, progress
from requests.models import CertificateRequest
from requests.views.access import get_filed_or_404

UNPROCESSABLE = 422
Fields = dict[str, list[dict[str, str]]]


def asked_now(certificate_request: CertificateRequest) -> Progress | None:
    """What the reader is being asked, and how far the answer has come."""
    supplement = open_question(certificate_request)
    return progress(certificate_request, supplement) if supplement else None


def about_the_limit(asked: Progress) -> dict:
    """Until when, and whether that has passed; what holds then."""
    answer_by = asked.supplement.answer_by
    calendar = calendar_of(asked.supplement.request.authority_id)
    return {
        "answer_until": answer_by,
        "is_late": timezone.now() > answer_by,
        "last_day": limits.last_day(answer_by, calendar),
    }


def mistakes_of_items(certificate_request: CertificateRequest, fields: Fields) -> list[Mistake]:
    """Items left open, as lines of the error summary that lead to each."""
    found = []
    for name, errors in fields.items():
        if name.startswith("items."):
            where = reverse("request_supplement_item", args=[certificate_request.code, int(name.split(".")[1])])
            found += [Mistake(where, error["message"]) for error in errors]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request, code):
    """The whole question: a list to be worked off; only when nothing is open does it lead to sending."""
    certificate_request = get_filed_or_404(request, code)
    asked = asked_now(certificate_request)
    if request.method == "POST":  # a page from before the list was there
        return redirect("request_supplement", certificate_request.code)
    if asked is None:
        messages.info(request, _("Hồ sơ này hiện không chờ bạn bổ sung."))
        return redirect(certificate_request)
    context = {"certificate_request": certificate_request, "asked": asked, **about_the_limit(asked)}
    return render(request, "requests/supplement.html", context)


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def supplement_item(request, code, position):
    """One item: to the page of the form where it is mended, or an answer in words."""
    certificate_request = get_filed_or_404(request, code)
    asked = asked_now(certificate_request)
    if asked is None:
        return redirect("request_supplement", certificate_request.code)
    line = asked.line(position)
    if line is None:
        raise Http404
    if request.method != "POST":
        kept = typed.kept_for(request)
        if kept and "answer" in kept:
            return _show(request, certificate_request, asked, line, answer=kept["answer"], typed_again=True)
        return _show(request, certificate_request, asked, line, answer=line.item.answer)
    if "open" in request.POST and line.page is not None:
        actions.open_supplement(certificate_request, by=request.user)
        return redirect(filing_pages.address(certificate_request, line.page))
    text = "\n".join(rules.cleaned_text(part) for part in request.POST.get("answer", "").splitlines()).strip()
    try:
        actions.answer_item(certificate_request, by=request.user, position=position, text=text)
    except Invalid as error:
        found = [Mistake("answer", one["message"]) for one in error.fields.get("answer", ())]
        return _show(request, certificate_request, asked, line, answer=text, mistakes=found)
    except PortalError as error:
        messages.error(request, error.message)
        return redirect(certificate_request)
    typed.forget(request)
    messages.success(request, _("Đã lưu câu trả lời cho mục %(number)s. Chưa gửi.") % {"number": position})
    return redirect("request_supplement", certificate_request.code)


def _show(request, certificate_request, asked, line, *, answer, mistakes=(), typed_again=False):
    context = {
        "certificate_request": certificate_request,
        "asked": asked,
        "line": line,
        "typed": answer,
        "typed_again": typed_again,
        "longest": LONGEST_ANSWER,
        "mistakes": list(mistakes),
        "form_on_page": True,
        **about_the_limit(asked),
    }
    status = UNPROCESSABLE if mistakes else 200
    return render(request, "requests/supplement_item.html", context, status=status)

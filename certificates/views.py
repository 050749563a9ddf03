"""The public check page: is the paper in my hand one that was issued?

It says whether, which number, by whom, when, and enough of the name to compare; never what the certificate says
(reliability-security 2.7). One that was replaced or revoked says so, and since when; never why, or by which other one.
An unknown code, a void number and one that is still being made look alike.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates import codes
from certificates.content import CertificateContent
from certificates.models import Certificate
from lltp_portal.forms_look import Mistake


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """All that a stranger with the code may know."""

    number: str
    kind: int
    authority: str
    issued_on: date | None
    holder: str
    ended: str = ""  # replaced or revoked; empty while it is to be accepted
    ended_on: date | None = None


def masked_name(name: str) -> str:
    """N*** T*** ANH: the last word whole, each other one its first letter and always three stars."""
    words = name.split()
    if len(words) < 2:
        return "".join(f"{word[0]}***" for word in words)
    return " ".join([*(f"{word[0]}***" for word in words[:-1]), words[-1]])


def facts_for(code: str | None) -> PublicFacts | None:
    """What the register says of a code; asked the same way for a code that cannot be one."""
    known = Certificate.objects.ever_issued().filter(code=code or "")
    stored = known.values_list("content", "status", "ending__at").first()
    if stored is None:
        return None
    text, status, ended_at = stored
    content = CertificateContent.from_json(text)
    return PublicFacts(
        number=content.number_text,
        kind=content.certificate_type,
        authority=content.authority_name,
        issued_on=content.issued_on,
        holder=masked_name(content.full_name),
        ended="" if status == Certificate.Status.ISSUED else status,
        ended_on=timezone.localdate(ended_at) if ended_at else None,
    )


@login_not_required
@require_safe
def check(request):
    """The form; a typed code leads to its own page, so that it never stays in a query."""
    if "code" not in request.GET:
        return _answer(request, "certificates/check.html", {"typed": ""})
    typed = request.GET["code"].strip()
    if not typed:
        return _not_taken(request, "", _("Nhập mã in dưới ô vuông QR trên Phiếu."))
    code = codes.parse(typed)
    if code is not None:
        return redirect(reverse("certificates:check_code", args=[code]))
    wrong = _(
        "Mã kiểm tra gồm %(codes_length)s chữ và số; mã bạn nhập không đúng dạng đó. "
        "Hãy nhập lại mã in dưới ô vuông QR trên Phiếu."
    ) % {"codes_length": codes.LENGTH}
    return _not_taken(request, typed, wrong)


def _not_taken(request, typed: str, wrong: str):
    """The form again with what was typed; the same words above it and beside the box."""
    context = {"typed": typed[: codes.LONGEST_INPUT], "wrong": wrong, "mistakes": [Mistake("code", wrong)]}
    return _answer(request, "certificates/check.html", context)


@login_not_required
@require_safe
def check_code(request, typed):
    code = codes.parse(typed)
    try:
        facts = facts_for(code)
    except (DatabaseError, InterfaceError):
        return _answer(request, "certificates/check_indeterminate.html", {"code": code}, status=503)
    template = f"certificates/check_{_verdict(facts)}.html"
    shown = codes.grouped(code) if code else typed
    return _answer(request, template, {"facts": facts, "typed": shown})


def _verdict(facts: PublicFacts | None) -> str:
    if facts is None:
        return "not_genuine"
    return "ended" if facts.ended else "genuine"


def _answer(request, template: str, context: dict, status: int = 200):
    context["checked_at"] = timezone.localtime()
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

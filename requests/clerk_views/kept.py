"""What was decided about candidates, later, with the comparison as it stood on the screen then."""

import json
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lltp_portal.accounts.models import User
from requests import comparison, permissions, two_people
from requests.clerk_views.side_by_side import Compared
from requests.models import CandidateDecision, CertificateRequest, ShownComparison
from requests.staff_pages import find_or_404, for_roles, log_reading

PURPOSE = "Xem lại quyết định đã lưu về hồ sơ có thể trùng"
READERS = ("verifying_clerk", "approver")
DIGITS = 16  # of the comparison's digest that stand in the address


class Kept(NamedTuple):
    """One decision, with the rank of its candidate on the comparison that was on the screen (None: not kept then)."""

    row: CandidateDecision
    digest: str
    position: int | None


@require_safe
@for_roles(*READERS)
def kept_decisions(request: HttpRequest, code: str) -> HttpResponse:
    """Every decision that this person may read, newest first; of two people's cases none before both have finished."""
    certificate_request = _find(request.user, code)
    rows = [row for words in two_people.all_words(certificate_request) for row in words.readable_by(request.user)]
    context = {
        "certificate_request": certificate_request,
        "kept": [_kept(row) for row in sorted(rows, key=lambda row: -row.pk)],
    }
    return render(request, "requests/staff/kept_decisions.html", context)


@require_safe
@for_roles(*READERS)
def kept_comparison(request: HttpRequest, code: str, digest: str, position: int) -> HttpResponse:
    """One candidate as it stood beside the declaration when it was decided, by the frozen copy alone."""
    certificate_request = _find(request.user, code)
    if len(digest) != DIGITS:  # fewer may name several
        raise Http404
    shown = get_object_or_404(ShownComparison, request=certificate_request, sha256__startswith=digest)
    content = json.loads(shown.content)
    found = comparison.candidates(content)
    if not 0 < position <= len(found):
        raise Http404
    candidate = found[position - 1]
    said = [
        row
        for words in two_people.all_words(certificate_request)
        for row in words.readable_by(request.user)
        if row.shown_id == shown.pk and row.register_id == candidate.register_id
    ]
    context = {
        "certificate_request": certificate_request,
        "shown": shown,
        "digest": digest,
        "is_whole": comparison.digest_of(shown.content) == shown.sha256,
        "found": found,
        "set_aside": comparison.set_aside(content),
        "others": len(content.get("set_aside", ())),
        "candidate": Compared(candidate, said=tuple(said)),
    }
    return render(request, "requests/staff/kept_comparison.html", context)


def _find(user: User, code: str) -> CertificateRequest:
    """Only for who verifies or approves there and is not the applicant; the line in the log is written first."""
    certificate_request = find_or_404(user, code)
    if not (permissions.verifying_clerk(certificate_request, user) or permissions.approver(certificate_request, user)):
        raise Http404
    log_reading(certificate_request, user, PURPOSE)
    return certificate_request


def _kept(row: CandidateDecision) -> Kept:
    if row.shown is None:
        return Kept(row, "", None)
    ids = [one["register_id"] for one in json.loads(row.shown.content)["matching"]["candidates"]]
    return Kept(row, row.shown.sha256[:DIGITS], ids.index(row.register_id) + 1)

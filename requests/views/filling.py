"""Filling in: one page a step, each saved to the draft; then a look over everything, one tick, and the sending."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lltp_portal.errors import Invalid, PortalError
from lltp_portal.forms_look import Mistake, mistakes
from requests import actions, answers_shown, completeness, filing_pages, identity, rules
from requests.actions.filing import open_declaration
from requests.filing_pages import CHECK, Page, RowsPage
from requests.forms.base import today
from requests.models import CertificateRequest, Declaration
from requests.states import State
from requests.views.access import get_filed_or_404, post_only
from requests.views.supplementing import asked_now, mistakes_of_items

UNPROCESSABLE = 422
NOT_SWORN = "Đánh dấu vào ô cam đoan để gửi."


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """What one needs before beginning; POST opens the draft."""
    if request.method == "POST":
        at_counter = request.user.is_staff_member
        certificate_request = actions.create_draft(
            by=request.user,
            account=None if at_counter else request.user,
            channel=CertificateRequest.Channel.COUNTER if at_counter else CertificateRequest.Channel.ONLINE,
        )
        return redirect("request_page", certificate_request.code, filing_pages.PAGES[0].slug)
    drafts = CertificateRequest.objects.visible_to(request.user).filter(state=State.DRAFT).newest_first()[:5]
    return render(request, "requests/start.html", {"drafts": drafts})


def _page_or_404(slug: str) -> Page:
    found = filing_pages.BY_SLUG.get(slug)
    if found is None or found is CHECK:
        raise Http404
    return found


def _open_or_none(request, certificate_request: CertificateRequest) -> Declaration | None:
    """The version that may be changed; when there is none the reader is told why on the request's page."""
    try:
        return open_declaration(certificate_request)
    except PortalError as error:
        messages.error(request, error.message)
        return None


def _go_on(request, certificate_request: CertificateRequest, page: Page):
    """Where a saved page leads: back to the check, to the list of what was asked, out for later, or on."""
    if "later" in request.POST:
        if certificate_request.state == State.DRAFT:
            until = certificate_request.created_at + timedelta(days=settings.DRAFT_KEPT_DAYS)
            messages.success(request, f"Đã lưu. Bạn có thể làm tiếp đến hết ngày {until:%d/%m/%Y}.")
        else:
            messages.success(request, "Đã lưu phần bổ sung. Phần này chưa được gửi.")
        return redirect("start_request" if request.user.is_staff_member else "my_requests")  # where drafts are listed
    if "check" in request.GET:
        return redirect("request_check", certificate_request.code)
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        return redirect("request_supplement", certificate_request.code)
    return redirect(filing_pages.address(certificate_request, filing_pages.following(page)))


def _frame(certificate_request: CertificateRequest, page: Page, **more) -> dict:
    """What every page of the form shows around its fields."""
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        return {**_supplement_frame(certificate_request, page), **more}
    before = filing_pages.preceding(page)
    return {
        "certificate_request": certificate_request,
        "page": page,
        "stepper": filing_pages.stepper(page),
        "back_url": filing_pages.address(certificate_request, before) if before else "",
        **more,
    }


def _supplement_frame(certificate_request: CertificateRequest, page: Page) -> dict:
    """The same while an answer is written: no steps one after the other, but what was asked about this page."""
    asked = asked_now(certificate_request)
    return {
        "certificate_request": certificate_request,
        "page": page,
        "asked": asked,
        "asked_here": asked.about(page) if asked else [],
        "back_url": reverse("request_supplement", args=[certificate_request.code]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, code, slug):
    """One step of the form."""
    found = _page_or_404(slug)
    certificate_request = get_filed_or_404(request, code)
    declaration = _open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    if isinstance(found, RowsPage):
        return _rows(request, certificate_request, declaration, found, position=None)
    if request.method != "POST":
        form = found.form(declaration=declaration)
        return render(request, found.template, _frame(certificate_request, found, form=form))
    form = found.form(request.POST, declaration=declaration)
    if form.is_valid() or ("later" in request.POST and form.only_gaps):
        fields, rows = form.changes()
        actions.save_declaration(certificate_request, by=request.user, fields=fields, rows=rows)
        return _go_on(request, certificate_request, found)
    context = _frame(certificate_request, found, form=form, mistakes=mistakes(form))
    return render(request, found.template, context, status=UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def row(request, code, slug, position):
    """Change one entry of a list."""
    found = _page_or_404(slug)
    certificate_request = get_filed_or_404(request, code)
    declaration = _open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    if not isinstance(found, RowsPage):
        raise Http404
    return _rows(request, certificate_request, declaration, found, position=position)


def _rows(request, certificate_request, declaration, page: RowsPage, *, position: int | None):
    """A list with at most one entry open: a new one at the end, or the one being changed."""
    rows = page.rows(declaration)
    if position is not None and not 1 <= position <= len(rows):
        raise Http404
    if request.method != "POST":
        wanted = position or "add" in request.GET or not rows
        entry = page.form(start=_entry_start(request, declaration, page, rows, position)) if wanted else None
        return _show_rows(request, certificate_request, declaration, page, rows, entry, position)
    if "entry" not in request.POST:
        return _leave_rows(request, certificate_request, declaration, page, rows)
    entry = page.form(request.POST, start=_entry_start(request, declaration, page, rows, position))
    if entry.untouched and rows and "more" not in request.POST:
        return _leave_rows(request, certificate_request, declaration, page, rows)
    if not entry.is_valid():
        return _show_rows(request, certificate_request, declaration, page, rows, entry, position, found=mistakes(entry))
    if position is None:
        rows.append(entry.cleaned_data)
    else:
        rows[position - 1] = entry.cleaned_data
    actions.save_declaration(certificate_request, by=request.user, rows={page.related_name: rows})
    rows = page.rows(declaration)
    if "more" in request.POST:
        return redirect(f"{filing_pages.address(certificate_request, page)}?{_query(request, 'add=1')}#entry")
    return _leave_rows(request, certificate_request, declaration, page, rows)


def _query(request, wanted: str) -> str:
    return f"{wanted}&check=1" if "check" in request.GET else wanted


def _entry_start(request, declaration, page: RowsPage, rows, position) -> dict:
    """What the open entry shows at first: the row, or for a new stay the months that are still missing."""
    if position is not None:
        return page.form.start_from(rows[position - 1])
    if page.related_name != "residences":
        return {}
    start = {"country": "VN"}
    gaps = _gaps(declaration, page, rows)
    chosen = next((gap for gap in gaps if gap.from_month == request.GET.get("from")), gaps[0] if gaps else None)
    if chosen:
        start["from_month"] = chosen.from_month
        start["to_month"] = "" if chosen.to_month == f"{today():%Y-%m}" else chosen.to_month
    return start


def _gaps(declaration: Declaration, page: RowsPage, rows) -> list[rules.Gap]:
    if page.related_name != "residences" or rules.date_of_birth_problem(declaration.date_of_birth, today()):
        return []
    stays = [rules.Stay(row["from_month"], row["to_month"]) for row in rows]
    return rules.residence_gaps(stays, declaration.date_of_birth, today())


def _leave_rows(request, certificate_request, declaration, page: RowsPage, rows):
    """On to the next page when the list is whole; else the list with what is missing, in its place."""
    missing = page.problems(declaration, rows)
    if not missing or ("later" in request.POST):
        return _go_on(request, certificate_request, page)
    entry = None if rows else page.form(start=_entry_start(request, declaration, page, rows, None))
    found = [Mistake(f"gap-{number}" if rows else "entry", words) for number, words in enumerate(missing, 1)]
    return _show_rows(request, certificate_request, declaration, page, rows, entry, None, found=found, gaps_wrong=True)


def _show_rows(request, certificate_request, declaration, page, rows, entry, position, *, found=(), gaps_wrong=False):
    shown = answers_shown.entries(page, rows, declaration)
    gaps = _gaps(declaration, page, rows) if gaps_wrong or len(rows) else []
    answers_shown.put_gaps(shown, gaps)
    context = _frame(
        certificate_request,
        page,
        entries=shown,
        entry=entry,
        position=position,
        mistakes=list(found),
        gaps_wrong=gaps_wrong,
        declaration=declaration,
        history_from=_history_from(declaration),
        new_title=f"{page.thing.capitalize()} {len(rows) + 1}",
        form_url=filing_pages.address(certificate_request, page),
        query=_query(request, "add=1"),
    )
    return render(request, page.template, context, status=UNPROCESSABLE if found else 200)


def _history_from(declaration: Declaration) -> str:
    if rules.date_of_birth_problem(declaration.date_of_birth, today()):
        return ""
    return rules.shown_month(rules.fourteenth_birthday_month(declaration.date_of_birth))


@post_only("request_check")
def remove_row(request, code, slug, position):
    """Take one entry out of a list."""
    found = _page_or_404(slug)
    certificate_request = get_filed_or_404(request, code)
    declaration = _open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    if not isinstance(found, RowsPage):
        raise Http404
    rows = found.rows(declaration)
    if not 1 <= position <= len(rows):
        raise Http404
    del rows[position - 1]
    actions.save_declaration(certificate_request, by=request.user, rows={found.related_name: rows})
    messages.success(request, f"Đã xóa {found.thing}.")
    query = "?check=1" if "check" in request.GET else ""
    return redirect(f"{filing_pages.address(certificate_request, found)}{query}")


@require_http_methods(["GET", "HEAD"])
def check(request, code):
    """Everything that was declared, before it is sent."""
    certificate_request = get_filed_or_404(request, code)
    declaration = _open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    return _show_check(request, certificate_request, declaration)


def _show_check(request, certificate_request, declaration, *, found=()):
    unfinished = {}
    if not found:
        for problem in completeness.problems(declaration, today()):
            unfinished.setdefault(problem.field, []).append({"message": problem.message})
    context = _frame(
        certificate_request,
        CHECK,
        cards=answers_shown.cards(certificate_request, declaration),
        unfinished=filing_pages.mistakes_by_page(certificate_request, unfinished),
        mistakes=list(found),
        doubts=_doubts(declaration),
        duplicate=_duplicate(request, certificate_request, declaration),
        declaration=declaration,
        sworn="sworn" in request.POST,
        sworn_missing=any(mistake.target == "sworn" for mistake in found),
        note=request.POST.get("note", ""),
        supplement=certificate_request.state == State.NEEDS_SUPPLEMENT,
    )
    return render(request, "requests/check.html", context, status=UNPROCESSABLE if found else 200)


def _doubts(declaration: Declaration) -> list[str]:
    """V4: what in the 12-digit number does not agree with the rest. A warning only."""
    number = declaration.identity_number
    if not number:
        return []
    return identity.doubts(number, date_of_birth=declaration.date_of_birth, sex=declaration.sex)


def _duplicate(request, certificate_request, declaration) -> CertificateRequest | None:
    """V13: an open request of the same kind for the same person. A warning only, and none for a correction."""
    if certificate_request.corrects_id is not None:
        return None
    return (
        CertificateRequest.objects.of_person(request.user)
        .open()
        .filter(
            declaration__certificate_type=declaration.certificate_type,
            declaration__full_name__iexact=declaration.full_name,
            declaration__date_of_birth=declaration.date_of_birth,
        )
        .exclude(pk=certificate_request.pk)
        .newest_first()
        .first()
    )


@post_only("request_check")
def submit(request, code):
    """Send the request, or the answer to what was asked."""
    certificate_request = get_filed_or_404(request, code)
    declaration = _open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    found = [] if "sworn" in request.POST else [Mistake("sworn", NOT_SWORN)]
    note = rules.cleaned_text(request.POST.get("note", ""))[:2000]
    supplement = certificate_request.state == State.NEEDS_SUPPLEMENT
    if not found:
        try:
            if supplement:
                actions.answer_supplement(certificate_request, by=request.user, note=note)
                messages.success(request, "Đã gửi phần bổ sung.")
                return redirect(certificate_request)
            actions.submit(certificate_request, by=request.user)
            return redirect("request_sent", certificate_request.code)
        except Invalid as error:
            found = mistakes_of_items(certificate_request, error.fields)
            found = found or filing_pages.mistakes_by_page(certificate_request, error.fields)
            found = found or [Mistake("main", error.message)]
    return _show_check(request, certificate_request, declaration, found=found)

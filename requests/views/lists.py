"""The two lists of a declaration: identity documents and places lived in. At most one entry is open at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lltp_portal import typed
from lltp_portal.errors import Stale
from lltp_portal.forms_look import Mistake, mistakes
from requests import actions, answers_shown, filing_pages, provenance, rules
from requests.actions.filing import open_declaration
from requests.filing_pages import RowsPage
from requests.forms.base import today
from requests.models import CertificateRequest, Declaration
from requests.views.frame import CONFLICT, LEAVING, UNPROCESSABLE, go_back, is_as_seen, leave, show

Rows = list[dict[str, Any]]


def edit(request, certificate_request, declaration: Declaration, page, *, position: int | None):
    """A list with one entry open: a new one at the end, or the one being changed."""
    if not isinstance(page, RowsPage):
        raise Http404
    rows = page.rows(declaration)
    if position is not None and not 1 <= position <= len(rows):
        raise Http404
    if request.method != "POST":
        return _show_first(request, certificate_request, declaration, page, rows, position)
    if "entry" not in request.POST:
        return _leave(request, certificate_request, declaration, page, rows)
    entry = page.form(request.POST, start=_start(request, declaration, page, rows, position))
    if entry.untouched and "more" not in request.POST and (rows or LEAVING & request.POST.keys()):
        return _leave(request, certificate_request, declaration, page, rows)
    if not entry.is_valid():
        if "back" in request.POST and typed.keep(request):
            return go_back(request, certificate_request, declaration, page)
        found = mistakes(entry)
        return _show(request, certificate_request, declaration, page, rows, entry, position, found=found)
    return _save(request, certificate_request, declaration, page, rows, entry, position)


def _show_first(request, certificate_request, declaration, page: RowsPage, rows: Rows, position: int | None):
    kept = typed.kept_for(request)
    if kept is not None and "entry" in kept:
        entry = page.form(kept, start=_start(request, declaration, page, rows, position))
        entry._errors = {}
        if not entry.untouched:
            return _show(request, certificate_request, declaration, page, rows, entry, position, typed_again=True)
    wanted = position or "add" in request.GET or not rows
    entry = page.form(start=_start(request, declaration, page, rows, position)) if wanted else None
    return _show(request, certificate_request, declaration, page, rows, entry, position)


def _save(request, certificate_request, declaration, page: RowsPage, rows: Rows, entry, position: int | None):
    row = entry.cleaned_data
    changed = [*rows, row] if position is None else [*rows[: position - 1], row, *rows[position:]]
    try:
        declaration = actions.save_declaration(
            certificate_request,
            by=request.user,
            rows={page.related_name: changed},
            still=is_as_seen(request, page),
        )
    except Stale:
        return _overtaken(request, certificate_request, page, entry, position)
    typed.forget(request)
    if "more" in request.POST:
        return redirect(f"{filing_pages.address(certificate_request, page)}?{_query(request, 'add=1')}#entry")
    return _leave(request, certificate_request, declaration, page, page.rows(declaration))


def _overtaken(request, certificate_request, page: RowsPage, entry, position: int | None):
    """The list was saved elsewhere after this page was opened: it is shown as it is, with the entry as typed."""
    declaration = open_declaration(certificate_request)
    rows = page.rows(declaration)
    if entry.cleaned_data in rows:  # a second press on the button
        return _leave(request, certificate_request, declaration, page, rows)
    position = position if position is not None and position <= len(rows) else None
    return _show(
        request, certificate_request, declaration, page, rows, entry, position, list_changed=True, status=CONFLICT
    )


def _query(request, wanted: str) -> str:
    return f"{wanted}&check=1" if "check" in request.GET else wanted


def _start(request, declaration, page: RowsPage, rows: Rows, position: int | None) -> dict[str, Any]:
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


def _gaps(declaration: Declaration, page: RowsPage, rows: Rows) -> list[rules.Gap]:
    if page.related_name != "residences" or rules.date_of_birth_problem(declaration.date_of_birth, today()):
        return []
    stays = [rules.Stay(row["from_month"], row["to_month"]) for row in rows]
    return rules.residence_gaps(stays, declaration.date_of_birth, today())


def _overlaps(page: RowsPage, rows: Rows) -> list[rules.Overlap]:
    if page.related_name != "residences":
        return []
    return rules.residence_overlaps([rules.Stay(row["from_month"], row["to_month"]) for row in rows], today())


def _leave(request, certificate_request, declaration, page: RowsPage, rows: Rows):
    """On to the next page when the list is whole; else the list with what is missing, in its place."""
    missing = page.problems(declaration, rows)
    if LEAVING & request.POST.keys():
        return leave(request, certificate_request, declaration, page)
    if not missing:
        declaration = actions.save_declaration(certificate_request, by=request.user, page=page.slug)
        return leave(request, certificate_request, declaration, page)
    entry = None if rows else page.form(start=_start(request, declaration, page, rows, None))
    found = [Mistake(f"gap-{number}" if rows else "entry", words) for number, words in enumerate(missing, 1)]
    return _show(request, certificate_request, declaration, page, rows, entry, None, found=found, gaps_wrong=True)


def _show(
    request,
    certificate_request: CertificateRequest,
    declaration: Declaration,
    page: RowsPage,
    rows: Rows,
    entry,
    position: int | None,
    *,
    found=(),
    gaps_wrong: bool = False,
    status: int = 200,
    **more,
):
    shown = answers_shown.entries(page, rows, declaration)
    answers_shown.put_gaps(shown, _gaps(declaration, page, rows) if gaps_wrong or rows else [])
    answers_shown.put_overlaps(shown, _overlaps(page, rows))
    return show(
        request,
        certificate_request,
        declaration,
        page,
        page.template,
        entries=shown,
        entry=entry,
        position=position,
        mistakes=list(found),
        gaps_wrong=gaps_wrong,
        history_from=_history_from(declaration),
        list_source=provenance.of(declaration, page.related_name),
        new_title=f"{str(page.thing).capitalize()} {len(rows) + 1}",
        form_url=filing_pages.address(certificate_request, page),
        query=_query(request, "add=1"),
        status=UNPROCESSABLE if found else status,
        **more,
    )


def _history_from(declaration: Declaration) -> str:
    if rules.date_of_birth_problem(declaration.date_of_birth, today()):
        return ""
    return rules.shown_month(rules.fourteenth_birthday_month(declaration.date_of_birth))


def remove(request, certificate_request, declaration: Declaration, page, *, position: int):
    """Take one entry out; a second press finds the list changed and takes nothing more."""
    if not isinstance(page, RowsPage):
        raise Http404
    query = "?check=1" if "check" in request.GET else ""
    back = f"{filing_pages.address(certificate_request, page)}{query}"
    if request.method != "POST":
        return redirect(back)
    rows = page.rows(declaration)
    still = is_as_seen(request, page)
    if still is not None and not still(declaration):
        messages.error(request, _("Danh sách đã thay đổi từ khi bạn mở trang, nên chưa xóa gì. Xem lại danh sách."))
        return redirect(back)
    if not 1 <= position <= len(rows):
        raise Http404
    left = [row for number, row in enumerate(rows, 1) if number != position]
    try:
        actions.save_declaration(certificate_request, by=request.user, rows={page.related_name: left}, still=still)
    except Stale as error:
        messages.error(request, error.message)
        return redirect(back)
    messages.success(request, _("Đã xóa %(thing)s.") % {"thing": page.thing})
    return redirect(back)

"""Filling in: one page a step, each saved to the draft. What is wrong is said beside its box, with what was typed."""

from typing import Any

from django.shortcuts import redirect
from django.utils import timezone

from lltp_portal import typed
from lltp_portal.errors import Stale
from lltp_portal.forms_look import mistakes
from lltp_portal.wording import partial_date
from requests import actions, filing_pages
from requests.actions.filing import open_declaration
from requests.filing_pages import Page, RowsPage
from requests.forms.base import DeclarationForm
from requests.models import CertificateRequest, Declaration
from requests.states import State
from requests.views import lists
from requests.views.frame import CONFLICT, LEAVING, UNPROCESSABLE, go_back, is_as_seen, leave, of_open_draft, show


@of_open_draft
def page(request, certificate_request: CertificateRequest, declaration: Declaration, page: Page):
    """One step of the form."""
    if isinstance(page, RowsPage):
        return lists.edit(request, certificate_request, declaration, page, position=None)
    if request.method != "POST":
        form, again = _first_shown(request, declaration, page)
        return show(request, certificate_request, declaration, page, page.template, form=form, typed_again=again)
    form = page.form(request.POST, declaration=declaration)
    if form.is_valid() or (LEAVING & request.POST.keys() and form.only_gaps):
        return _save(request, certificate_request, declaration, page, form)
    if "back" in request.POST and typed.keep(request):
        return go_back(request, certificate_request, declaration, page)
    found = mistakes(form)
    return show(
        request, certificate_request, declaration, page, page.template, form=form, mistakes=found, status=UNPROCESSABLE
    )


def _first_shown(request, declaration: Declaration, page: Page) -> tuple[DeclarationForm, bool]:
    """What the draft holds; or what was typed here and could not be saved, without calling any of it wrong yet."""
    again = typed.filled(request, page.form, declaration=declaration)
    return (page.form(declaration=declaration), False) if again is None or not again.has_changed() else (again, True)


def _save(request, certificate_request, declaration: Declaration, page: Page, form: DeclarationForm):
    """Keep the page, unless it was saved elsewhere meanwhile and says something else there."""
    fields, rows = form.changes()
    answered = form.is_valid() and not LEAVING & request.POST.keys()
    try:
        saved = actions.save_declaration(
            certificate_request,
            by=request.user,
            fields=fields,
            rows=rows,
            page=page.slug if answered else "",
            prefilled=form.sources(timezone.now()),
            still=is_as_seen(request, page) if form.has_changed() else None,
        )
    except Stale:
        return _overtaken(request, certificate_request, page)
    typed.forget(request)
    if answered and "check" in request.GET and certificate_request.state == State.DRAFT:
        called_for = filing_pages.passed_over(saved)
        if called_for is not None and called_for is not filing_pages.passed_over(declaration):
            return redirect(filing_pages.address(certificate_request, called_for))
    return leave(request, certificate_request, saved, page)


def _overtaken(request, certificate_request: CertificateRequest, page: Page):
    """Saved in another tab or on another device after this page was opened: both are shown, nothing is overwritten."""
    declaration = open_declaration(certificate_request)
    form = page.form(request.POST, declaration=declaration)
    form.is_valid()
    if not form.has_changed():  # the same was saved: a second press on the button
        return leave(request, certificate_request, declaration, page)
    saved_meanwhile = [(form.fields[name].label, _in_words(form, name)) for name in form.changed_data]
    return show(
        request,
        certificate_request,
        declaration,
        page,
        page.template,
        form=form,
        mistakes=mistakes(form),
        saved_meanwhile=saved_meanwhile,
        status=CONFLICT,
    )


def _in_words(form: DeclarationForm, name: str) -> str:
    """What the draft holds now, as its page would show it."""
    value: Any = form.initial.get(name)
    choices = getattr(form.fields[name], "choices", None)
    if choices:
        return str({str(key): label for key, label in choices}.get(str(value), ""))
    if hasattr(form.fields[name].widget, "part_names"):
        return partial_date(value or "")
    return str(value or "")


@of_open_draft
def row(request, certificate_request: CertificateRequest, declaration: Declaration, page: Page, position: int):
    """Change one entry of a list."""
    return lists.edit(request, certificate_request, declaration, page, position=position)


@of_open_draft
def remove_row(request, certificate_request: CertificateRequest, declaration: Declaration, page: Page, position: int):
    """Take one entry out of a list."""
    return lists.remove(request, certificate_request, declaration, page, position=position)

"""Searching the register outside a request: asking, allowing, and the answer for a short time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import PartsField, mistakes
from records import matching
from requests import actions, comparison
from requests.actions import free_searching
from requests.clerk_views.side_by_side import Compared
from requests.models import FreeSearch
from requests.staff_forms import Line, Words, ground_choice
from requests.staff_pages import for_roles

READERS = (free_searching.SEARCHER, free_searching.RULER)
MOST = 50


class AskForm(forms.Form):
    full_name = Line(label="Họ và tên", missing="Nhập họ và tên người cần tra cứu.", max_length=100)
    date_of_birth = PartsField(
        label="Ngày sinh",
        what="ngày sinh",
        example="27/03/1990",
        year_only=True,
        help_text="Chỉ biết năm thì để trống ngày và tháng.",
    )
    number = Line(label="Số căn cước, chứng minh nhân dân hoặc hộ chiếu, nếu biết", max_length=20)
    ground = ground_choice("Căn cứ", "Chọn căn cứ tra cứu.", FreeSearch.Ground.choices)
    reason = Words(
        label="Lý do",
        help_text="Số, ngày văn bản hoặc vụ việc; vì sao phải tra cứu. Người duyệt và thanh tra đọc nguyên văn.",
        missing="Nhập lý do tra cứu: số văn bản, vụ việc, vì sao cần.",
        max_length=1000,
    )


class RuleForm(forms.Form):
    decision = ground_choice(
        "Quyết định", "Chọn cho hoặc không cho tra cứu.", (("allow", "Cho tra cứu"), ("refuse", "Không cho tra cứu"))
    )
    reason = Words(label="Lý do", help_text="Bắt buộc khi không cho; người đề nghị đọc.", max_length=1000)


@require_safe
@for_roles(*READERS)
def searches(request: HttpRequest) -> HttpResponse:
    """Leaders read all of their office; who searches reads their own."""
    found = FreeSearch.objects.of_office(request.user.authority_id).newest_first()
    if not request.user.has_role(free_searching.RULER):
        found = found.filter(asked_by=request.user)
    context = {
        "now": timezone.now(),
        "undecided": list(found.undecided()),
        "decided": list(found.exclude(ruling=None)[:MOST]),
        "may_ask": free_searching.may_ask(request.user),
    }
    return render(request, "requests/staff/free_searches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(free_searching.SEARCHER)
def new_search(request: HttpRequest) -> HttpResponse:
    """Whom and why; by POST, so that neither a name nor a number stands in an address."""
    form = AskForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        try:
            search = actions.ask_free_search(by=request.user, **form.cleaned_data)
        except PortalError as error:
            _add(form, error)
        else:
            messages.success(request, "Đã gửi đề nghị tra cứu. Lãnh đạo của cơ quan quyết định.")
            return redirect("free_search", search.code)
    context = {"form": form, "mistakes": mistakes(form) if form.is_bound else []}
    return render(request, "requests/staff/free_search_new.html", context, status=400 if form.is_bound else 200)


def _add(form: forms.Form, error: PortalError) -> None:
    for name, found in error.fields.items():
        form.add_error(name if name in form.fields else None, [one["message"] for one in found])
    if not error.fields:
        form.add_error(None, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def search(request: HttpRequest, search_code: str) -> HttpResponse:
    """One search. The leader rules; who asked has the question put, and reads the answer while it is shown."""
    found = _find(request.user, search_code)
    form = RuleForm(request.POST if "decision" in request.POST or "rule" in request.POST else None)
    if request.method == "POST":
        try:
            if done := _act(request, found, form):
                messages.success(request, done)
                return redirect("free_search", found.code)
        except PortalError as error:
            if not form.is_bound:
                messages.error(request, error.message)
                return redirect("free_search", found.code)
            _add(form, error)
    return _show(request, found, form)


def _find(user: User, search_code: str) -> FreeSearch:
    found = FreeSearch.objects.of_office(user.authority_id).newest_first()
    if not user.has_role(free_searching.RULER):
        found = found.filter(asked_by=user)
    search = found.filter(code=search_code).first()
    if search is None:
        raise Http404
    return search


def _act(request: HttpRequest, found: FreeSearch, form: RuleForm) -> str:
    """What was done, in words; empty where the form has to be looked at again."""
    if "put" in request.POST:
        lookup = actions.put_free_search(found, by=request.user)
        return "Đã tra cứu." if lookup.outcome == lookup.Outcome.COMPLETE else f"Chưa có kết quả: {lookup.cause}"
    if not free_searching.may_rule(found, request.user):
        raise PermissionDenied
    if not form.is_valid():
        return ""
    allowed = form.cleaned_data["decision"] == "allow"
    actions.rule_free_search(found, by=request.user, allowed=allowed, reason=form.cleaned_data["reason"])
    return "Đã cho tra cứu." if allowed else "Đã ghi không cho tra cứu."


def _show(request: HttpRequest, found: FreeSearch, form: RuleForm) -> HttpResponse:
    ruling = free_searching.ruling_of(found)
    is_shown = free_searching.is_shown(found, request.user, timezone.now())
    shown = _shown(found, request.user) if is_shown else None
    may_rule = ruling is None and free_searching.may_rule(found, request.user)
    wrong = form.is_bound and bool(form.errors)
    context: dict[str, Any] = {
        "search": found,
        "ruling": ruling,
        "is_shown": is_shown,
        "form": form if may_rule else None,
        "written": "" if may_rule or not form.is_bound else form.data.get("reason", ""),
        "mistakes": mistakes(form) if wrong else [],
        "people": None if shown is None else [Compared(one) for one in comparison.candidates(shown)],
        "set_aside": comparison.set_aside(shown) if shown else [],
        "others": len(shown.get("set_aside", ())) if shown else 0,
    }
    return render(request, "requests/staff/free_search.html", context, status=400 if wrong else 200)


def _shown(found: FreeSearch, user: User) -> dict[str, Any] | None:
    """Whom the register holds, compared, after the line in the log; None before there is an answer."""
    answer = free_searching.answer_of(found)
    if answer is None:
        return None
    free_searching.log_shown(found, by=user, answer=answer)
    question = free_searching.question_of(found)
    weighed = matching.weigh(question, answer.candidates)
    return comparison.frozen(question, weighed, declaration=0, set_aside=answer.set_aside)

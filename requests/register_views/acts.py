"""Acts on persons: those that wait for a second person, those that were done, and what each changed."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal import typed
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from records import register_acts
from records.joining import differing
from records.models import RegisterAct
from records.register import changing
from records.register.living import PersonChange
from requests.register_views import kept, paging, shown
from requests.register_views.access import for_updaters, log_reading
from requests.register_views.forms import ReasonForm

UNDONE_BY = {"merge": "undo_merge", "split": "undo_split"}


@require_safe
@for_updaters
def acts_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person comes first; what was done is paged."""
    log_reading(request.user, "list_register_acts", "", "Xem các việc gộp, tách, cập nhật hồ sơ")
    done = RegisterAct.objects.filter(outcome__isnull=False).select_related("proposed_by", "agreed_by")
    page = paging.page(done, "proposed_at", request.GET)
    waiting = (
        RegisterAct.objects.filter(outcome=None).select_related("proposed_by", "agreed_by").order_by("proposed_at")
    )
    context = {"waiting": waiting[:200], "page": page, "now": timezone.now()}
    return render(request, "requests/register/acts.html", context)


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@for_updaters
def act_page(request: HttpRequest, act: str) -> HttpResponse:
    found = RegisterAct.objects.select_related("proposed_by", "agreed_by").filter(code=act).first()
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if request.method == "POST":
        if request.POST.get("what") == "agree":
            return _done(request, lambda: register_acts.agree(act, by=request.user), found)
        if form.is_valid():
            return _with_reason(request, found, form.cleaned_data["reason"])
    return _show(request, found, form)


def _with_reason(request: HttpRequest, act: RegisterAct, reason: str) -> HttpResponse:
    if request.POST.get("what") == "undo" and act.kind in UNDONE_BY:
        kind = UNDONE_BY[act.kind]
        return _done(
            request, lambda: register_acts.propose(kind, by=request.user, reason=reason, subject=act.code), act
        )
    return _done(request, lambda: register_acts.decline(act.code, by=request.user, reason=reason), act)


def _done(request: HttpRequest, do: Callable[[], RegisterAct], act: RegisterAct) -> HttpResponse:
    """What was written stays where somebody else was there first."""
    try:
        row = do()
    except PortalError as error:
        kept.not_done(request, error.message)
        return redirect("register_act", act.code)
    typed.forget(request)
    if row.outcome == RegisterAct.Outcome.REFUSED:
        messages.error(request, row.outcome_words)
    else:
        messages.success(request, "Đã ghi." if row.outcome else "Đã ghi; việc này đang chờ.")
    return redirect("register_act", row.code)


def _show(request: HttpRequest, act: RegisterAct, form: ReasonForm) -> HttpResponse:
    log_reading(request.user, "open_register_act", act.code, f"Xem việc: {act.get_kind_display()}")
    changes = [
        {"row": row, "lines": shown.changes(row.before, row.after)}
        for row in PersonChange.objects.filter(act=act.code).order_by("pk")
    ]
    people, differ = _people(act)
    undone = RegisterAct.objects.filter(Q(outcome=None) | Q(outcome="done"), subject=act.code)
    is_mine = act.proposed_by.person_key == request.user.person_key
    is_open = act.outcome is None and act.agreed_at is None
    may_undo = act.outcome == "done" and act.kind in UNDONE_BY and not undone.exists()
    in_form = not form.is_bound and kept.put_into(form, request, "decline" if is_open else "undo")
    context = {
        "act": act,
        "changes": changes,
        "people": people,
        "differ": differ,
        "form": form,
        "mistakes": mistakes(form) if form.is_bound else [],
        "open": is_open,
        "may_agree": not is_mine,
        "may_undo": may_undo,
        "undone": undone.first(),
        "written": "" if form.is_bound else kept.words(request),
        "in_form": in_form and (is_open or may_undo),
    }
    return render(request, "requests/register/act.html", context, status=400 if form.is_bound else 200)


def _people(act: RegisterAct) -> tuple[list[dict], list[str]]:
    """Who is concerned while nothing is done yet, so that the second person decides on what the first one saw."""
    if act.outcome is not None or act.kind not in UNDONE_BY:
        return [], []
    ids = [act.details[name] for name in ("surviving", "absorbed", "register_id") if name in act.details]
    on_file = changing.read(ids)
    records = [on_file[register_id].record for register_id in ids if register_id in on_file]
    people = [{"id": one.register_id, "pairs": shown.whole(one)} for one in records]
    return people, differing(*records) if len(records) == 2 else []

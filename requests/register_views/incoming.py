"""The queue of papers, and the page of one: what it says, whom it may be about, and what is done with it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal import typed
from lltp_portal.accounts.models import User
from lltp_portal.errors import Invalid, PortalError
from lltp_portal.forms_look import mistakes
from records.incoming import actions, contract
from records.matching import Matching
from records.models import RegisterAct
from records.register import changing
from records.register.living import IncomingDocument, IncomingInformation
from requests import scanned
from requests.attachments.serving import handed_out
from requests.models import AttachmentScan
from requests.register_views import kept, paging, shown
from requests.register_views.access import for_updaters, log_reading
from requests.register_views.forms import NEW, TurnAwayForm, WhomForm

State = IncomingInformation.State


@require_safe
@for_updaters
def papers(request: HttpRequest) -> HttpResponse:
    """Oldest first; chips by state and kind, each an address."""
    state = request.GET.get("state", "open")
    kind = request.GET.get("kind", "")
    if state not in ("open", *State.values) or kind not in ("", *contract.KINDS):
        raise Http404
    found = _of_state(state).filter(**({"kind": kind} if kind else {}))
    log_reading(request.user, "list_incoming", "", "Xem hàng đợi thông tin gửi đến", state=state, kind=kind)
    page = paging.page(found, "received_at", request.GET)
    now = timezone.now()
    keepers = _names_of(row.taken_by for row in page.rows)
    rows = [
        {"row": row, "days": (now - row.received_at).days, "keeper": keepers.get(row.taken_by, row.taken_by)}
        for row in page.rows
    ]
    return render(
        request,
        "requests/register/papers.html",
        {
            "rows": rows,
            "page": page,
            "keep": f"state={state}&kind={kind}",
            "chips": _chips(state, kind),
            "kinds": contract.KINDS.items(),
            "kind": kind,
            "state": state,
            "now": now,
            "to_agree": RegisterAct.objects.to_agree().exclude(kind="work_in").count(),
        },
    )


def _names_of(emails: Iterable[str]) -> dict[str, str]:
    """The register's own database keeps who by e-mail; people know each other by name."""
    return dict(User.objects.filter(email__in=set(emails)).values_list("email", "full_name"))


def _of_state(state: str):
    return IncomingInformation.objects.open() if state == "open" else IncomingInformation.objects.filter(state=state)


def _chips(state: str, kind: str) -> list[dict[str, Any]]:
    counts = dict(IncomingInformation.objects.values_list("state").annotate(n=Count("pk")))
    waiting = sum(counts.get(one, 0) for one in IncomingInformation.OPEN)
    shown_states = [("open", "Cần xử lý", waiting), *((one, one.label, counts.get(one, 0)) for one in State)]
    return [
        {"label": label, "count": count, "url": f"?state={value}&kind={kind}", "current": value == state, "icon": ""}
        for value, label, count in shown_states
    ]


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@for_updaters
def paper_page(request: HttpRequest, paper: str) -> HttpResponse:
    """One paper. GET shows it beside everybody whom it may be about; POST does one thing with it."""
    row = IncomingInformation.objects.filter(code=paper).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        return _act(request, row)
    return _show(request, row)


@require_safe
@for_updaters
def paper_document(request: HttpRequest, paper: str) -> HttpResponse:
    """The paper itself, as it was cleaned; opening it is a reading."""
    found = IncomingDocument.objects.filter(paper__code=paper).first()
    if found is None or not scanned.document(AttachmentScan.DocumentKind.INCOMING, paper).may_be_opened:
        raise Http404
    log_reading(request.user, "open_incoming_document", paper, "Mở bản chụp của văn bản gửi đến")
    ending = "pdf" if found.media_type == "application/pdf" else "jpg"
    return handed_out(bytes(found.content), media_type=found.media_type, name=f"van-ban-{paper}.{ending}")


def _act(request: HttpRequest, row: IncomingInformation) -> HttpResponse:
    what = request.POST.get("what", "")
    try:
        if what == "take":
            actions.take(row.code, by=request.user)
        elif what == "put_back":
            actions.put_back(row.code, by=request.user)
        elif what == "turn_away":
            form = TurnAwayForm(request.POST, use_required_attribute=False)
            if not form.is_valid():
                return _show(request, row, away=form)
            said = form.cleaned_data
            actions.turn_away(row.code, by=request.user, to=said["to"], reason=said["turned_reason"])
            typed.forget(request)
            messages.success(request, "Đã ghi. Nơi gửi đọc được lý do.")
        elif what == "work_in":
            return _work_in(request, row)
    except PortalError as error:
        kept.not_done(request, error.message)
    return redirect("incoming_paper", row.code)


def _work_in(request: HttpRequest, row: IncomingInformation) -> HttpResponse:
    found = actions.compared(row)
    form = WhomForm(request.POST, choices=_whom(found))
    if not form.is_valid():
        return _show(request, row, whom=form)
    said = form.cleaned_data
    is_new = said["whom"] == NEW
    try:
        act = actions.work_in(
            row.code,
            by=request.user,
            register_id="" if is_new else said["whom"],
            is_new=is_new,
            expected=request.POST.get(f"digest:{said['whom']}", ""),
            reason=said["reason"],
            correcting=said["correcting"],
            learn=said["learn"],
        )
    except Invalid as error:
        for name in error.fields or {"whom": []}:
            form.add_error(name, error.message)
        return _show(request, row, whom=form)
    typed.forget(request)
    if act.outcome == RegisterAct.Outcome.DONE:
        messages.success(request, "Đã cập nhật vào cơ sở dữ liệu.")
    elif act.outcome == RegisterAct.Outcome.REFUSED:
        kept.not_done(request, act.outcome_words)
    else:
        messages.warning(request, "Đã ghi nhận; hệ thống sẽ tự cập nhật khi cơ sở dữ liệu trả lời.")
    return redirect("incoming_paper", row.code)


def _whom(found: Matching) -> list[tuple[str, str]]:
    people = [(one.record.register_id, f"{one.record.full_name}, {one.record.register_id}") for one in found.candidates]
    return [*people, (NEW, "Người chưa có trong cơ sở dữ liệu")]


def _show(
    request: HttpRequest, row: IncomingInformation, *, whom: WhomForm | None = None, away: TurnAwayForm | None = None
) -> HttpResponse:
    log_reading(request.user, "open_incoming", row.code, "Xử lý thông tin gửi đến")
    information = row.information
    found, silent = _compared(request, row)
    mine = row.state == State.WORKING and row.taken_by == request.user.email
    bound = [form for form in (whom, away) if form is not None]
    in_form = False
    if mine and found is not None and whom is None:
        whom = WhomForm(choices=_whom(found))
        in_form = not bound and kept.put_into(whom, request, "work_in")
    if mine and away is None:
        away = TurnAwayForm(use_required_attribute=False)
        in_form = (not bound and kept.put_into(away, request, "turn_away")) or in_form
    context = {
        "row": row,
        **_who(row),
        "information": information,
        "about": shown.person(information.about),
        "said": shown.content(row.kind, information.content),
        "candidates": _with_digests(found) if found else [],
        "silent": silent,
        "whom": whom,
        "away": away,
        "mine": mine,
        "scan": _scan(row),
        "others": list(actions.others_of_paper(row)[:20]),
        "acts": RegisterAct.objects.filter(subject=row.code).newest_first(),
        "mistakes": mistakes(*bound),
        "written": "" if bound else kept.words(request),
        "in_form": in_form,
    }
    return render(request, "requests/register/paper.html", context, status=400 if bound else 200)


def _who(row: IncomingInformation) -> dict[str, str]:
    names = _names_of([row.taken_by, row.settled_by])
    return {"keeper": names.get(row.taken_by, row.taken_by), "settler": names.get(row.settled_by, row.settled_by)}


def _scan(row: IncomingInformation) -> scanned.Scanned | None:
    """How its document stands with the scanner; None where no document came with it."""
    if not IncomingDocument.objects.filter(paper=row).exists():
        return None
    return scanned.document(AttachmentScan.DocumentKind.INCOMING, row.code)


def _compared(request: HttpRequest, row: IncomingInformation) -> tuple[Matching | None, str]:
    """Only whoever works on it sees people of the register; each of them is in the log before the page is."""
    if row.state != State.WORKING or row.taken_by != request.user.email:
        return None, ""
    try:
        found = actions.compared(row)
    except PortalError as error:
        return None, error.message
    ids = [one.record.register_id for one in found.candidates]
    log_reading(request.user, "compare_incoming", row.code, "Đối chiếu thông tin gửi đến", register_ids=ids)
    return found, ""


def _with_digests(found: Matching) -> list[dict[str, Any]]:
    return [{"one": candidate, "digest": changing.digest(candidate.record)} for candidate in shown.candidates(found)]

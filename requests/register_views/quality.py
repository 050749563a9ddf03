"""The work list of what is to be mended, the page of one issue, and the proposals that mend it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal import typed
from lltp_portal.codes import random_code
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from records import issue_acts, joining, quality, register_acts
from records.facts import RegisterRecord
from records.incoming.actions import NEW_PREFIX
from records.joining import CannotDivide, Taken, differing
from records.matching import weigh
from records.models import RegisterAct
from records.register import changing
from records.register.living import QualityIssue, QualityPass, RegisterAlias
from records.scores import Share, together
from requests.register_views import kept, paging, shown
from requests.register_views.access import for_updaters, log_reading
from requests.register_views.forms import MergeForm, ReasonForm, SplitForm

AGES = {"": "Mọi lúc", "7": "Trên 7 ngày", "30": "Trên 30 ngày", "90": "Trên 90 ngày"}


@require_safe
@for_updaters
def issues(request: HttpRequest) -> HttpResponse:
    """By kind, age and office; oldest first."""
    kind, age, office = (request.GET.get(name, "") for name in ("kind", "age", "office"))
    if kind not in ("", *quality.KINDS) or age not in AGES or "\0" in office:
        raise Http404
    now = timezone.now()
    found = QualityIssue.objects.open()
    if kind:
        found = found.filter(kind=kind)
    if age:
        found = found.filter(opened_at__lt=now - timedelta(days=int(age)))
    if office:
        found = found.filter(office=office)
    log_reading(request.user, "list_register_issues", "", "Xem việc cần sửa của cơ sở dữ liệu", kind=kind, age=age)
    page = paging.page(found, "opened_at", request.GET)
    context = {
        "rows": [{"issue": issue, "days": (now - issue.opened_at).days} for issue in page.rows],
        "page": page,
        "kind": kind,
        "age": age,
        "office": office,
        "kinds": quality.KINDS.items(),
        "ages": AGES.items(),
        "chips": _chips(kind, age),
        "offices": _offices(kind),
        "now": now,
    }
    return render(request, "requests/register/issues.html", context | _scores())


def _chips(kind: str, age: str) -> list[dict[str, Any]]:
    counts = dict(QualityIssue.objects.open().values_list("kind").annotate(n=Count("pk")))
    of_kinds = [(one, label, counts.get(one, 0)) for one, label in quality.KINDS.items()]
    return [
        {"label": label, "count": count, "url": f"?kind={value}&age={age}", "current": value == kind, "icon": ""}
        for value, label, count in [("", "Tất cả", sum(counts.values())), *of_kinds]
    ]


def _offices(kind: str) -> list[str]:
    found = QualityIssue.objects.open().filter(**({"kind": kind} if kind else {})).exclude(office="")
    return [office for office, _ in found.values_list("office").annotate(n=Count("pk")).order_by("-n", "office")[:100]]


def _scores() -> dict[str, Any]:
    """Of the last finished walk: clean persons of all persons, a source at a time, and together."""
    last = QualityPass.objects.newest_finished()
    shares = [Share(*row) for row in last.scores] if last else []
    return {"last": last, "scores": shares, "in_all": together(shares, "Toàn bộ")}


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@for_updaters
def issue_page(request: HttpRequest, issue: str) -> HttpResponse:
    """Whom it is about, beside whom, and what may be done: join, divide, or say that it is no fault."""
    found = _issue_or_404(issue)
    log_reading(
        request.user, "open_register_issue", found.code, f"Sửa dữ liệu: {found.words}", register_ids=_ids(found)
    )
    people = _people(found)
    if request.method == "POST":
        return _act(request, found, people)
    return _show(request, found, people)


def _issue_or_404(code: str) -> QualityIssue:
    found = QualityIssue.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _ids(issue: QualityIssue) -> list[str]:
    return [issue.register_id, issue.place] if issue.kind == quality.DUPLICATE else [issue.register_id]


def _people(issue: QualityIssue) -> list[RegisterRecord]:
    ids = _ids(issue)
    on_file = changing.read(ids)
    return [on_file[register_id].record for register_id in ids if register_id in on_file]


def _act(request: HttpRequest, issue: QualityIssue, people: list[RegisterRecord]) -> HttpResponse:
    if request.POST.get("what") == "merge":
        if len(people) != 2:
            kept.not_done(request, changing.CHANGED)
            return redirect("register_issue", issue.code)
        merge = MergeForm(request.POST, ids=[one.register_id for one in people])
        if not merge.is_valid():
            return _show(request, issue, people, merge=merge)
        details = _merging(request, merge, people)
        if details["expected"] != {one.register_id: changing.digest(one) for one in people}:
            kept.not_done(request, changing.CHANGED)
            return redirect("register_issue", issue.code)
        return _propose(request, issue, "merge", merge.cleaned_data["reason"], details)
    away = ReasonForm(request.POST, prefix="away", use_required_attribute=False)
    if not away.is_valid():
        return _show(request, issue, people, away=away)
    try:
        issue_acts.dismiss(issue.code, by=request.user, reason=away.cleaned_data["reason"])
        typed.forget(request)
        messages.success(request, "Đã ghi. Việc này không hiện lại.")
    except PortalError as error:
        kept.not_done(request, error.message)
    return redirect("register_issue", issue.code)


def _merging(request: HttpRequest, form: MergeForm, people: list[RegisterRecord]) -> dict[str, Any]:
    surviving = form.cleaned_data["surviving"]
    absorbed = next(one.register_id for one in people if one.register_id != surviving)
    expected = {one.register_id: request.POST.get(f"digest:{one.register_id}", "")[:64] for one in people}
    return {"surviving": surviving, "absorbed": absorbed, "expected": expected}


def _propose(
    request: HttpRequest, issue: QualityIssue, kind: str, reason: str, details: dict[str, Any]
) -> HttpResponse:
    try:
        act = register_acts.propose(kind, by=request.user, reason=reason, subject=issue.code, details=details)
    except PortalError as error:
        kept.not_done(request, error.message)
        return redirect(request.path)
    typed.forget(request)
    messages.success(request, "Đã đề nghị. Một người khác có quyền cập nhật phải duyệt.")
    return redirect("register_act", act.code)


def _show(
    request: HttpRequest,
    issue: QualityIssue,
    people: list[RegisterRecord],
    *,
    merge: MergeForm | None = None,
    away: ReasonForm | None = None,
) -> HttpResponse:
    beside = len(people) == 2
    bound = [form for form in (merge, away) if form is not None]
    proposed = _proposed(issue, people)
    if beside and merge is None and proposed["may_merge"]:
        merge = MergeForm(ids=[one.register_id for one in people])
    away = away or ReasonForm(prefix="away", use_required_attribute=False)
    in_form = not bound and [
        kept.put_into(form, request, what) for what, form in (("merge", merge), ("dismiss", away)) if form is not None
    ]
    weighed = weigh(quality.as_question(people[0]), people[1:]).candidates if beside else ()
    context = {
        "issue": issue,
        "people": [_shown(one) for one in people],
        "lines": shown.lines(weighed[0].outcomes, "Hồ sơ thứ nhất", "Hồ sơ thứ hai") if weighed else [],
        "differ": differing(*people) if beside else [],
        "merge": merge,
        "away": away,
        "mistakes": mistakes(*bound),
        "written": "" if bound else kept.words(request),
        "in_form": bool(in_form) and any(in_form) and issue.state == QualityIssue.State.OPEN,
        "history": changing.history(issue.register_id)[:20],
        **proposed,
    }
    return render(request, "requests/register/issue.html", context, status=400 if bound else 200)


def _proposed(issue: QualityIssue, people: list[RegisterRecord]) -> dict[str, Any]:
    """What somebody has proposed about it, and what may be proposed: nothing while that waits for a second person."""
    acts = list(RegisterAct.objects.filter(subject=issue.code).newest_first())
    waits = any(act.outcome is None for act in acts)
    are_one = len(people) == 2 and len({changing.resolve(one.register_id) for one in people}) == 1
    return {
        "acts": acts,
        "waits": waits,
        "are_one": are_one,
        "may_merge": not waits and not are_one,
        "may_split": not waits and _of_issue(issue, people) is not None,
        "is_joined": _is_joined(issue),
    }


def _of_issue(issue: QualityIssue, people: list[RegisterRecord]) -> RegisterRecord | None:
    """The row that the issue is about; None where it is on file no more."""
    return next((one for one in people if one.register_id == issue.register_id), None)


def _is_joined(issue: QualityIssue) -> bool:
    """A row that a joining made one with others: that is undone before anything is divided."""
    return RegisterAlias.objects.of_person(changing.resolve(issue.register_id)).exists()


def _shown(record: RegisterRecord) -> dict[str, Any]:
    return {"id": record.register_id, "pairs": shown.whole(record), "digest": changing.digest(record)}


@typed.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@for_updaters
def split_page(request: HttpRequest, issue: str) -> HttpResponse:
    """One row that tells of two persons: which judgments, numbers and names are the other one's."""
    found = _issue_or_404(issue)
    log_reading(request.user, "open_register_issue", found.code, "Tách hồ sơ", register_ids=[found.register_id])
    record = _of_issue(found, _people(found))
    if record is None:
        raise Http404
    form = SplitForm(request.POST if request.method == "POST" else None, choices=_choices(record))
    if request.method == "POST" and form.is_valid():
        details = _splitting(request, form, record)
        if details["expected"] != changing.digest(record):
            kept.not_done(request, changing.CHANGED)
            return redirect("register_split", found.code)
        if _can_be_divided(form, record, details):
            return _propose(request, found, "split", form.cleaned_data["reason"], details)
    in_form = not form.is_bound and kept.put_into(form, request, "")
    context = {
        "issue": found,
        "form": form,
        "digest": changing.digest(record),
        "mistakes": mistakes(form) if form.is_bound else [],
        "written": "" if form.is_bound else kept.words(request),
        "in_form": in_form,
        "is_joined": _is_joined(found),
    }
    return render(request, "requests/register/split.html", context, status=400 if form.is_bound else 200)


def _can_be_divided(form: SplitForm, record: RegisterRecord, details: dict[str, Any]) -> bool:
    """Tried here, so that whoever ticks the rows hears why not, and not the second person."""
    try:
        joining.divided(record, Taken.from_json(details["taken"]), details["new_id"])
    except CannotDivide as error:
        form.add_error("convictions" if "convictions" in form.fields else None, str(error))
        return False
    return True


def _choices(record: RegisterRecord) -> dict[str, list[tuple[str, str]]]:
    documents = [(str(i), one.number) for i, one in enumerate(record.identity_documents)]
    names = [("-1", record.full_name), *((str(i), name) for i, name in enumerate(record.other_names))]
    return {
        "convictions": [(str(i), shown.conviction(one)) for i, one in enumerate(record.convictions)],
        "bans": [(str(i), f"Quyết định số {one.decision_number}") for i, one in enumerate(record.bans)],
        "identity_documents": documents,
        "name": names,
    }


def _splitting(request: HttpRequest, form: SplitForm, record: RegisterRecord) -> dict[str, Any]:
    name = int(form.cleaned_data["name"])
    taken = Taken(
        name=name,
        year_only=form.cleaned_data["year_only"],
        convictions=tuple(form.positions("convictions")),
        bans=tuple(form.positions("bans")),
        identity_documents=tuple(form.positions("identity_documents")),
        other_names=(name,) if name >= 0 else (),
    )
    return {
        "register_id": record.register_id,
        "new_id": f"{NEW_PREFIX}{random_code(16)}",
        "taken": taken.to_json(),
        "expected": request.POST.get("digest", "")[:64],
    }

"""What the central database or another agency said after issue: what is open, and the page on which a clerk decides."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from certificates.models import Certificate
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from records.answers import Complete
from records.determination import Determination, Undetermined
from requests import actions, certified, clock, comparison, permissions
from requests.actions import correcting, revoking
from requests.actions.after_issue import on_screen
from requests.clerk_views.compared import STATES
from requests.clerk_views.convictions import shown_convictions
from requests.clerk_views.side_by_side import Compared
from requests.concluding import determined
from requests.found_after_issue import News, news
from requests.models import CertificateRequest, FoundAfterIssue
from requests.staff_forms import Words, ground_choice
from requests.staff_pages import find_or_404, for_roles, log_opening, log_reading
from requests.told_after_issue import told

VERIFYING = "verifying_clerk"
PURPOSE = "Xem thông tin mới sau khi cấp Phiếu"
PER_PAGE = 50


class DecideForm(forms.Form):
    """Replace or leave, and why. Where no certificate counts any more there is only why."""

    decision = ground_choice("Quyết định", "Chọn thay Phiếu hay giữ nguyên.", FoundAfterIssue.Decision.choices)
    reason = Words(
        label="Lý do",
        missing="Ghi lý do để người kiểm tra sau này hiểu.",
        help_text="Nêu hồ sơ, bản án hoặc văn bản là căn cứ.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, in_force: CertificateRequest | None, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        if in_force is None:
            del self.fields["decision"]

    def decided(self) -> dict[str, str]:
        return {"decision": FoundAfterIssue.Decision.LEAVE, **self.cleaned_data}


@require_safe
@for_roles(VERIFYING)
def found_after_issue(request: HttpRequest) -> HttpResponse:
    """What is open or decided and not done, oldest first; then what was decided."""
    decided = "decided" in request.GET
    tasks = FoundAfterIssue.objects.of_office(request.user).select_related("request__certificate", "decided_by")
    tasks = tasks.exclude(decision="").order_by("-decided_at") if decided else tasks.unfinished().oldest_first()
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(task, _decision(task), _is_to_do(task)) for task in page]
    context = {"page": page, "rows": rows, "decided": decided, "now": timezone.now()}
    return render(request, "requests/staff/found_after_issue_list.html", context)


def _decision(task: FoundAfterIssue) -> str:
    """In words; what counted no more when it was decided was neither replaced nor left."""
    if task.decision == FoundAfterIssue.Decision.LEAVE and not _counted(task):
        return "Ghi nhận, không còn Phiếu để thay"
    return task.get_decision_display()


def _is_to_do(task: FoundAfterIssue) -> bool:
    """Somebody has said that a certificate is to be replaced, and it is still that one which counts."""
    if task.decision != FoundAfterIssue.Decision.REPLACE:
        return False
    in_force = certified.in_force(task.request)
    return in_force is not None and in_force == certified.in_force(task.request, at=task.decided_at)


def _counted(task: FoundAfterIssue) -> bool:
    still_counts = task.request.certificate.status == Certificate.Status.ISSUED
    return still_counts or certified.in_force(task.request, at=task.decided_at) is not None


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(VERIFYING)
def found_after_issue_task(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows what is new beside what the certificate stands on; POST decides."""
    certificate_request = find_or_404(request.user, code)
    task = certificate_request.found_after_issue.select_related("lookup", "decided_by").first()
    if task is None or not permissions.verifying_clerk(certificate_request, request.user):
        raise Http404
    in_force = certified.in_force(certificate_request)
    if request.method != "POST":
        form = DecideForm(initial={"shown": on_screen(task, in_force)}, in_force=in_force)
        return _show(request, certificate_request, task, form)
    form = DecideForm(request.POST, in_force=in_force)
    if not form.is_valid():
        return _show(request, certificate_request, task, form, status=400)
    try:
        task = actions.decide_found_after_issue(task, by=request.user, **form.decided())
    except PortalError as error:
        return _refused(request, certificate_request, form, error)
    words = _decision(task)
    messages.success(request, f"Đã ghi: {words[:1].lower()}{words[1:]}.")
    return redirect("found_after_issue_task", code)


def _refused(
    request: HttpRequest, certificate_request: CertificateRequest, form: DecideForm, error: PortalError
) -> HttpResponse:
    """What was typed stays, beside the facts as they are now, or beside what somebody else has decided."""
    task = certificate_request.found_after_issue.select_related("lookup", "decided_by").first()
    if task is None or not task.is_open:
        messages.error(request, error.message)
        if task is None:
            return redirect("found_after_issue_task", certificate_request.code)
        return _show(request, certificate_request, task, form, status=error.status)
    in_force = certified.in_force(certificate_request)
    again = DecideForm({**form.cleaned_data, "shown": on_screen(task, in_force)}, in_force=in_force)
    again.add_error(None, error.message)
    return _show(request, certificate_request, task, again, status=error.status)


def _show(
    request: HttpRequest, certificate_request: CertificateRequest, task: FoundAfterIssue, form: DecideForm, status=200
) -> HttpResponse:
    """Record data is shown only while there is something to decide, after the line in the log."""
    if task.is_open:
        log_reading(certificate_request, request.user, PURPOSE)
    else:
        log_opening(certificate_request, request.user)
    in_force = certified.in_force(certificate_request)
    more = _open if task.is_open else _decided
    context = {
        "certificate_request": certificate_request,
        "task": task,
        "form": form,
        "written": form.data.get("reason", "") if form.is_bound and not task.is_open else "",
        "mistakes": mistakes(form) if form.is_bound else [],
        "in_force": in_force,
        "is_another": in_force is not None and in_force != certificate_request,
        "may_open": in_force is not None and in_force.authority_id == request.user.authority_id,
        **more(certificate_request, in_force, task),
    }
    return render(request, "requests/staff/found_after_issue.html", context, status=status)


def _open(
    certificate_request: CertificateRequest, in_force: CertificateRequest | None, task: FoundAfterIssue
) -> dict[str, Any]:
    return {
        "ending": revoking.ending_of(certificate_request),
        "correction": correcting.open_one(certificate_request),
        **_facts(certificate_request, in_force or certificate_request, task),
    }


def _decided(
    certificate_request: CertificateRequest, in_force: CertificateRequest | None, task: FoundAfterIssue
) -> dict[str, Any]:
    """`done`: how the certificate that was decided on has ended since; None while it counts."""
    then = certified.in_force(certificate_request, at=task.decided_at)
    return {"decision": _decision(task), "done": revoking.ending_of(then) if then and then != in_force else None}


def _facts(certificate_request: CertificateRequest, about: CertificateRequest, task: FoundAfterIssue) -> dict[str, Any]:
    """What the central database said, what other agencies told, or both; beside the certificate of `about`."""
    found: dict[str, Any] = {"heard": _heard(certificate_request)} if task.told_digest else {}
    return found | _searched(about, task) if task.lookup else found


def _heard(certificate_request: CertificateRequest) -> dict[str, Any] | None:
    heard = told(certificate_request, today=clock.local_day(timezone.now()))
    if heard is None:
        return None
    return {
        "told": heard,
        "since": [{"asked": one, "convictions": shown_convictions(one)} for one in heard.since],
        "before": _words(heard.before),
        "after": _words(heard.now),
    }


def _searched(about: CertificateRequest, task: FoundAfterIssue) -> dict[str, Any]:
    answer = Complete.from_json(task.lookup.answer)
    found: News | None = news(about, answer, today=clock.local_day(timezone.now()))
    if found is None:  # time has passed over what was new, an expungement for instance
        return {"found": None, "as_of": answer.as_of}
    return {
        "found": found,
        "as_of": answer.as_of,
        "elsewhere": sum(len(record.convictions) for record in found.elsewhere),
        "candidates": _candidates(about, found),
        "before": _words(found.before),
        "after": _words(found.now),
    }


def _candidates(about: CertificateRequest, found: News) -> list[dict[str, Any]]:
    """Each side by side, with what the certificate would say if this were the person."""
    today = clock.local_day(timezone.now())
    shown = []
    for place, one in enumerate(found.unknown, start=1):
        records = (*found.same, *found.elsewhere, one.record)
        if_same = determined(about.declaration, records, as_of=today)
        candidate = Compared(comparison.Candidate(place, one.to_json(), one.record.to_json()))
        shown.append({"candidate": candidate, "if_same": _words(if_same)})
    return shown


def _words(result: Determination | Undetermined) -> list[str]:
    """What would be printed, a line each; or what is missing to say it."""
    if isinstance(result, Undetermined):
        return [f"Chưa xác định được: {reason}." for reason in result.reasons]
    lines = [result.text] if result.text else []
    for row in result.convictions:
        lines.append(f"Bản án {row.judgment_number}, {row.court}: {STATES[row.state][2].lower()}.")
    lines += [f"Quyết định cấm {ban.decision_number}." for ban in result.bans or ()]
    return lines or ["Không in bản án nào."]

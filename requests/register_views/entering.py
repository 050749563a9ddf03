"""A paper entered by hand, in two steps: which kind, then what it says."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lltp_portal.forms_look import mistakes
from records.incoming import actions, contract
from records.incoming.actions import Document
from records.reading import Refused
from requests.actions import await_scan
from requests.attachments.cleaning import clean
from requests.attachments.receiving import refused_on_arrival
from requests.attachments.refusal import Refused as FileRefused
from requests.attachments.wording import refusal
from requests.models import AttachmentScan
from requests.register_views.access import for_updaters
from requests.register_views.forms import EntryForm


def _document(request: HttpRequest, form: EntryForm) -> Document | None:
    """The scan of the paper, cleaned in a process apart as those of citizens are; a refusal stands beside the field."""
    if request.method != "POST":
        return None
    refused = [code for _, code in refused_on_arrival(request)]
    came = request.FILES.get("document")
    if came is not None and not refused:
        try:
            cleaned = clean(came.file, came.name)
            return Document(cleaned.media_type, cleaned.content)
        except FileRefused as error:
            refused = [error.code]
    form.full_clean()
    for code in refused[:1]:
        form.add_error("document", refusal(code))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@for_updaters
def enter(request: HttpRequest) -> HttpResponse:
    """What was typed stays on the page with the mistakes beside it."""
    kind = request.GET.get("kind", "")
    if not kind:
        return render(request, "requests/register/enter.html", {"kinds": contract.KINDS.items()})
    if kind not in contract.KINDS:
        raise Http404
    if "more" in request.POST:
        return _show(request, kind, EntryForm(kind, request.POST, one_more=request.POST["more"]))
    form = EntryForm(kind, request.POST if request.method == "POST" else None)
    document = _document(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            received = actions.receive_once(form.information, by=request.user, document=document)
            if received.document_kept:
                await_scan(AttachmentScan.DocumentKind.INCOMING, received.row.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, f"Ngày văn bản {refused.message}.")
        else:
            messages.success(request, _said(received, document))
            return redirect("incoming_paper", received.row.code)
    return _show(request, kind, form)


def _said(received: actions.Received, document: Document | None) -> str:
    """What became of it, and of the scan that came with it."""
    if received.is_new:
        return "Đã nhận vào hàng đợi."
    known = "Văn bản này đã có trong hàng đợi; đây là bản đã nhận"
    if document is None:
        return f"{known}."
    if received.document_kept:
        return f"{known}. Bản chụp bạn gửi được lưu cùng."
    return f"{known}, đã có bản chụp từ trước. Bản chụp bạn vừa gửi không được lưu."


def _show(request: HttpRequest, kind: str, form: EntryForm) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind,
        "label": contract.KINDS[kind],
        "mistakes": mistakes(form) if form.is_bound else [],
        # A browser sends the file with every press and keeps it for none.
        "file_again": "document" in request.FILES,
    }
    return render(request, "requests/register/enter.html", context, status=400 if form.is_bound else 200)

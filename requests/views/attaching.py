"""The page of papers: which this case needs and why, what was sent, adding and removing; and their bytes, back."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal import languages
from lltp_portal.audit.models import AuditEvent
from lltp_portal.forms_look import Mistake
from requests import actions, attached, evidence, filing_pages
from requests.actions.attaching import AttachmentRefused
from requests.attachments import cleaning, wording
from requests.attachments.limits import MOST_FILES
from requests.attachments.names import shown
from requests.attachments.receiving import refused_on_arrival
from requests.attachments.refusal import Refused
from requests.attachments.serving import handed_out, picture
from requests.forms.base import today
from requests.models import Attachment, CertificateRequest, Declaration
from requests.views.access import get_filed_or_404, post_only
from requests.views.frame import LEAVING, UNPROCESSABLE, leave, open_or_none, show

PAGE = filing_pages.BY_SLUG["papers"]
STAYING_OR_LEAVING = {"add", "extend", "language", *LEAVING}  # buttons that do not claim that nothing is missing
PICKERS = ("photo", "files")  # the camera, and files or the gallery


@dataclass
class Outcome:
    """What became of one sending: how many files are kept, and what is said of the others."""

    kept: int = 0
    refused: list[str] = field(default_factory=list)

    def turn_down(self, name: str, code: str) -> None:
        words = wording.refusal(code)
        self.refused.append(f"{name}: {words}" if name else words)


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request, code):
    """C8. Everything that arrives whole is kept, whatever is wrong with the rest of the sending."""
    certificate_request = get_filed_or_404(request, code)
    declaration = open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    if request.method != "POST":
        return _show(request, certificate_request, declaration)
    outcome = _keep(request, certificate_request)
    if "whole" in request.POST:  # the form's last box: without it the body was cut, and ticks may be missing
        ticked = {*request.POST.getlist("at_counter")} & _may_be_shown(declaration)
        actions.show_at_counter(certificate_request, by=request.user, kinds=ticked)
    if "add" in request.POST and not outcome.kept and not outcome.refused:
        outcome.turn_down("", "no_file")
    missing = [] if STAYING_OR_LEAVING & request.POST.keys() else attached.problems(declaration, today())
    if outcome.refused or missing:
        return _show(request, certificate_request, declaration, outcome, missing)
    return _go_on(request, certificate_request, declaration, outcome)


def _go_on(request, certificate_request: CertificateRequest, declaration: Declaration, outcome: Outcome):
    """Back to this page after an upload; else where the button leads."""
    if outcome.kept:
        told = ngettext("Đã nhận %(count)d tệp.", "Đã nhận %(count)d tệp.", outcome.kept) % {"count": outcome.kept}
        messages.success(request, told)
    if code := languages.asked_for(request):
        return languages.same_page_in(request, code)
    if {"add", "extend"} & request.POST.keys():
        return redirect(request.get_full_path())
    if not LEAVING & request.POST.keys():
        declaration = actions.save_declaration(certificate_request, by=request.user, page=PAGE.slug)
    return leave(request, certificate_request, declaration, PAGE)


def _may_be_shown(declaration: Declaration) -> set[str]:
    return {need.kind for need in attached.needs(declaration, today()) if need.at_counter}


def _keep(request, certificate_request: CertificateRequest) -> Outcome:
    """Clean each file, with no transaction open, and keep it; one that is refused holds up none of the others."""
    outcome = Outcome()
    kind = request.POST.get("kind", "")
    kind = kind if kind in Attachment.Kind.values else Attachment.Kind.OTHER  # a file is not lost over a missing tick
    for came in [one for picker in PICKERS for one in request.FILES.getlist(picker)]:
        name = shown(came.name)
        try:
            cleaned = cleaning.clean(came.file, came.name)
            actions.attach(certificate_request, by=request.user, kind=kind, name=came.name, cleaned=cleaned)
            outcome.kept += 1
        except Refused as refused:
            outcome.turn_down(name, refused.code)
        except AttachmentRefused as refused:
            outcome.turn_down(name, refused.reason)
    for name, code in refused_on_arrival(request):
        outcome.turn_down(name, code)
    return outcome


def _show(request, certificate_request, declaration, outcome: Outcome | None = None, missing=()) -> HttpResponse:
    listed = attached.listed(declaration)
    refused = outcome.refused if outcome else []
    # Beside each need stands what is wrong with it; the summary leads there, or to the picker.
    wrong = {problem.message for problem in missing}
    mistakes = [Mistake("id_files", words) for words in refused] + [Mistake("id_papers", words) for words in wrong]
    return show(
        request,
        certificate_request,
        declaration,
        PAGE,
        PAGE.template,
        form_id="papers",
        needed=attached.standing(declaration, today()),
        missing=missing,
        listed=listed,
        kinds=_kinds(declaration),
        chosen=_chosen(request, declaration),
        limits=wording.limits(),
        most=MOST_FILES,
        is_full=len(listed) >= MOST_FILES,
        refused=refused,
        kept=outcome.kept if outcome else 0,
        mistakes=mistakes,
        query="?check=1" if "check" in request.GET else "",
        status=UNPROCESSABLE if mistakes else 200,
    )


def _kinds(declaration: Declaration) -> list[tuple[str, str]]:
    """What a file may be: what this case needs first, then anything else.

    The fee is asked after this page and sends back here for its proof, before any category is kept.
    """
    needed = [need.kind for need in attached.needs(declaration, today())]
    fee = [] if declaration.by_agency else [evidence.FEE]
    others = [evidence.IDENTITY, *fee, Attachment.Kind.OTHER]
    kinds = [*needed, *(kind for kind in others if kind not in needed)]
    return [(kind, Attachment.Kind(kind).label) for kind in kinds]


def _chosen(request, declaration: Declaration) -> str:
    """Chosen beforehand: the first kind that is needed and not there yet."""
    waiting = [one.need.kind for one in attached.standing(declaration, today()) if not one.is_there]
    return request.POST.get("kind") or (waiting[0] if waiting else _kinds(declaration)[0][0])


@post_only("request_attachments")
def remove_attachment(request, code, attachment):
    """Take one paper out of the draft."""
    certificate_request = get_filed_or_404(request, code)
    declaration = open_or_none(request, certificate_request)
    if declaration is None:
        return redirect(certificate_request)
    if not actions.detach(certificate_request, by=request.user, code=attachment):
        raise Http404
    messages.success(request, _("Đã xóa tệp."))
    query = "?check=1" if "check" in request.GET else ""
    return redirect(f"{filing_pages.address(certificate_request, PAGE)}{query}")


def _of_who_files(request, code: str):
    """The papers of a request, for the one who files it; for everybody else there is no such address."""
    return Attachment.objects.of_request(get_filed_or_404(request, code))


@require_safe
def attachment(request, code, attachment):
    """One's own paper, as it was kept; also one with a virus is not given back."""
    found = get_object_or_404(_of_who_files(request, code).usable().select_related("stored"), code=attachment)
    if request.user.is_staff_member and found.links.filter(declaration__frozen_at__isnull=False).exists():
        # The clerk who filed for somebody: what was sent is read by an official, and the applicant may know it.
        AuditEvent.objects.record("view_attachment", actor=request.user, subject=code, paper=found.code)
    return handed_out(bytes(found.stored.content), media_type=found.media_type, name=found.stored_name)


@require_safe
def attachment_previews(request, code):
    """All previews of the version at hand, in one picture."""
    certificate_request = get_filed_or_404(request, code)
    declaration = certificate_request.declarations.order_by("-version").first()
    return picture(attached.previews([one.attachment for one in attached.listed(declaration)]))

"""Revoking a certificate that is wrong or was unlawfully issued: one person proposes, the leader decides."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from certificates.models import Revocation
from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from lltp_portal.forms_look import mistakes
from requests import actions, permissions, telling
from requests.actions import revoking
from requests.actions.correcting import may_correct, open_one
from requests.models import CertificateRequest, Message
from requests.staff_forms import Words, ground_choice
from requests.staff_pages import find_or_404, for_roles, log_opening


class ProposeForm(forms.Form):
    ground = ground_choice("Căn cứ", "Chọn căn cứ thu hồi.", Revocation.Ground.choices)
    reason = Words(
        label="Lý do",
        help_text="Sai ở đâu, biết từ đâu. Người được cấp Phiếu đọc nguyên văn khi Phiếu bị thu hồi.",
        missing="Ghi rõ Phiếu sai ở đâu hoặc trái quy định nào.",
    )


class DecideForm(forms.Form):
    decision = ground_choice(
        "Quyết định",
        "Chọn thu hồi hoặc không thu hồi.",
        (("revoke", "Thu hồi Phiếu này"), ("decline", "Không thu hồi: Phiếu giữ nguyên giá trị")),
    )
    reason = Words(label="Lý do", help_text="Bắt buộc khi không thu hồi; người đề nghị đọc.", max_length=1800)
    reason.required = False

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("decision") == "decline" and not typed.get("reason") and "reason" not in self.errors:
            self.add_error("reason", forms.ValidationError("Ghi vì sao không thu hồi.", code="required"))
        return typed


def shown(certificate_request: CertificateRequest, user: User) -> dict[str, Any]:
    """For the desks: how the certificate ended, what is proposed, and whether this person may propose it."""
    return {
        "ending": revoking.ending_of(certificate_request),
        "proposal": revoking.open_proposal(certificate_request),
        "may_revoke": revoking.may_propose(certificate_request, user),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("intake_clerk", "verifying_clerk", "approver")
def revocation(request: HttpRequest, code: str) -> HttpResponse:
    """What is proposed about this certificate; POST proposes, or decides."""
    certificate_request = find_or_404(request.user, code)
    if certificate_request.certificate is None or permissions.concerns(certificate_request, request.user):
        raise Http404
    form = _form(certificate_request, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("what", "") not in ("", _what(form)):
        return _overtaken(request, certificate_request)
    if form is not None and form.is_bound and form.is_valid():
        try:
            done = _act(certificate_request, request.user, form)
            messages.success(request, done)
            return redirect("revocation", code)
        except PortalError as error:
            form.add_error(None, error.message)
    return _show(request, certificate_request, form)


def _form(certificate_request: CertificateRequest, user: User, typed) -> forms.Form | None:
    if revoking.may_decide(certificate_request, user):
        return DecideForm(typed, use_required_attribute=False)
    if revoking.may_propose(certificate_request, user):
        return ProposeForm(typed, use_required_attribute=False)
    return None


def _what(form: forms.Form | None) -> str:
    """What is done with this form: the page that was answered may have shown another one."""
    return "" if form is None else "decide" if isinstance(form, DecideForm) else "propose"


def _overtaken(request: HttpRequest, certificate_request: CertificateRequest) -> HttpResponse:
    """Somebody else has proposed or decided in the meantime; what was written stays."""
    decided = request.POST.get("what") == "decide"
    messages.error(request, revoking.NOTHING_OPEN if decided else revoking.ALREADY)
    form = _form(certificate_request, request.user, None)
    return _show(request, certificate_request, form, status=409, written=request.POST.get("reason", ""))


def _act(certificate_request: CertificateRequest, user: User, form: forms.Form) -> str:
    typed = form.cleaned_data
    if isinstance(form, ProposeForm):
        actions.propose_revocation(certificate_request, by=user, ground=typed["ground"], reason=typed["reason"])
        return "Đã ghi đề nghị thu hồi. Phiếu còn giá trị cho tới khi lãnh đạo khác bạn quyết định."
    revoke = typed["decision"] == "revoke"
    actions.decide_revocation(certificate_request, by=user, revoke=revoke, reason=typed["reason"])
    return "Đã thu hồi Phiếu và báo cho người yêu cầu." if revoke else "Đã ghi không thu hồi. Phiếu giữ nguyên giá trị."


def _show(
    request: HttpRequest,
    certificate_request: CertificateRequest,
    form: forms.Form | None,
    *,
    status: int = 200,
    written: str = "",
) -> HttpResponse:
    log_opening(certificate_request, request.user)
    certificate = certificate_request.certificate
    earlier = Revocation.objects.filter(certificate=certificate).exclude(outcome="").order_by("-pk")
    wrong = form is not None and form.is_bound
    context = {
        "certificate_request": certificate_request,
        "certificate": certificate,
        "form": form,
        "decides": isinstance(form, DecideForm),
        "what": _what(form),
        "written": written,
        "mistakes": mistakes(form) if wrong else [],
        "can_correct": may_correct(certificate_request, request.user) and open_one(certificate_request) is None,
        "earlier": earlier.select_related("proposed_by", "decided_by"),
        "told": telling.words("certificate_revoked", Message.Channel.PORTAL, certificate_request.code, {}),
        **shown(certificate_request, request.user),
    }
    return render(request, "requests/staff/revocation.html", context, status=422 if wrong else status)

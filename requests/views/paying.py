"""Paying the fee: what it is made of, three ways to pay, and what has become of it. The acts are in actions."""

import io
import json

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lltp_portal.errors import PortalError
from requests import actions
from requests.actions.paying_online import demand_page
from requests.models import PaymentOrder
from requests.payments import platform, vietqr
from requests.payments.accounts import Account
from requests.payments.standing import Standing
from requests.views.access import get_filed_or_404, post_only

MOST_BYTES = 20_000
REFUSED_A_MINUTE = 30


def qr_picture(account: Account, order: PaymentOrder) -> SafeString:
    """The transfer as a VietQR code, drawn by us: nothing about the payment goes to anybody else for it."""
    text = vietqr.payload(
        bank_bin=account.bank_bin,
        account_number=account.account_number,
        amount=order.amount,
        purpose=order.reference,
    )
    svg = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False)
    code.save(svg, kind="svg", scale=5, border=4, xmldecl=False, svgns=False, svgclass="qr", lineclass=None)
    return mark_safe(svg.getvalue().decode())


@require_safe
def pay(request, code):
    """Amount, until when, the ways to pay; after paying, the receipt."""
    certificate_request = get_filed_or_404(request, code)
    if certificate_request.submitted_at is None:
        return redirect("request_check", certificate_request.code)
    standing = Standing(certificate_request)
    transfer = standing.transfer if standing.awaits else None
    context = {
        "certificate_request": certificate_request,
        "standing": standing,
        "fee": standing.breakdown,
        "transfer": transfer,
        "qr": qr_picture(standing.account, transfer) if transfer and standing.account else "",
    }
    response = render(request, "requests/pay.html", context)
    if platform.is_offered():
        # The form's answer sends the browser to the platform; browsers ask this page's policy about that.
        response._csp_update = {"form-action": [platform.page_origin()]}
    return response


@post_only("request_pay")
def pay_online(request, code):
    """To the platform's page; or back, with the reason."""
    certificate_request = get_filed_or_404(request, code)
    try:
        online = actions.pay_online(certificate_request, by=request.user, ip=request.META.get("REMOTE_ADDR", ""))
        return redirect(demand_page(online))
    except PortalError as error:
        messages.error(request, error.message)
        return redirect("request_pay", certificate_request.code)


@require_safe
def pay_return(request, code, reference):
    """The browser is back from the platform. It is not asked how it went."""
    certificate_request = get_filed_or_404(request, code)
    actions.came_back(certificate_request, reference)
    return redirect("request_pay", certificate_request.code)


@post_only("request_pay")
def pay_transfer(request, code):
    """Choose bank transfer: the page then shows the account, the QR code and the text to copy."""
    certificate_request = get_filed_or_404(request, code)
    try:
        actions.order_transfer(certificate_request, by=request.user)
    except PortalError as error:
        messages.error(request, error.message)
    return redirect("request_pay", certificate_request.code)


# --- The platform calls ---------------------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@require_POST
def confirm(request):
    """CONFIRM. Believed by its signature alone; a call that is not the platform's is refused, and kept as such."""
    message = _message(request)
    try:
        return JsonResponse(actions.confirm(message))
    except platform.NotBelieved:
        if _may_be_noted():
            actions.note_refused_call(message)
        return JsonResponse(platform.answer_to("", "01", "Sai mã xác thực"), status=403)


def _message(request):
    if len(request.body) > MOST_BYTES:
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _may_be_noted() -> bool:
    """Refusing costs next to nothing; writing each refusal down could be used to fill the log, so there is a limit."""
    cache.add("payment-calls-refused", 0, timeout=60)
    try:
        return cache.incr("payment-calls-refused") <= REFUSED_A_MINUTE
    except ValueError:  # the minute was over in between
        return True

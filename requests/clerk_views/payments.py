"""The cashier's pages: what has to be reconciled, the bank's statement, and the money of one request."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lltp_portal.errors import Invalid, PortalError
from lltp_portal.forms_look import mistakes
from requests import actions, permissions
from requests.clerk_views.queue import CLERKS, find_by_number
from requests.models import PaymentEntry
from requests.payment_forms import AssignForm, ChangeFeeForm, DismissForm, ReferenceForm, RefundForm, StatementForm
from requests.payments import statement
from requests.payments.reconciling import ToReconcile
from requests.payments.standing import Standing
from requests.staff_pages import demand_version, find_or_404, for_roles
from requests.states import State

CASHIERS = ("intake_clerk",)
BEFORE_RECEIPT = {State.SUBMITTED, State.AWAITING_PAYMENT}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CASHIERS)
def to_reconcile(request):
    """The lists; POST brings a statement."""
    wrong = request.method == "POST"
    brought = (request.POST, request.FILES) if wrong else ()
    form = StatementForm(*brought, use_required_attribute=False)
    if wrong and form.is_valid():
        try:
            lines = statement.read(form.cleaned_data["file"].read(statement.MOST_BYTES + 1))
            found = actions.import_statement(lines, by=request.user)
            words = f"Đã nhập: {found.matched} khoản vào hồ sơ, {found.unmatched} khoản chưa rõ của ai"
            messages.success(request, f"{words}, {found.known} khoản đã có từ trước.")
            return redirect("clerk_payments")
        except statement.Unreadable as error:
            form.add_error("file", str(error))
    lists = ToReconcile(request.user, timezone.now())
    context = {"lists": lists, "form": form, "mistakes": mistakes(form) if wrong else []}
    return render(request, "requests/staff/payments.html", context, status=422 if wrong else 200)


# --- Money that nobody has said yet whose it is ----------------------------------------------------------------------

ENTRY_FORMS = {"assign": AssignForm, "return": ReferenceForm, "dismiss": DismissForm}
SETTLED = "Khoản tiền này đã có người xử lý trước, nên điều bạn vừa ghi không được lưu. Xem lại ở hồ sơ hoặc sổ phí."
ENTRY_DONE = {
    "assign": "Đã ghi nhận khoản tiền vào hồ sơ.",
    "return": "Đã ghi hoàn tiền cho người chuyển.",
    "dismiss": "Đã ghi không có khoản tiền này.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*CASHIERS)
def entry(request, entry_code, act=""):
    """One open entry, with what may be done about it; POST does one of them."""
    found = get_object_or_404(PaymentEntry.objects.filter(authority=request.user.authority_id), code=entry_code)
    offered = _offered(found)
    forms = {name: ENTRY_FORMS[name](use_required_attribute=False, prefix=name) for name in offered}
    if request.method == "POST" and act in offered:
        form = forms[act] = ENTRY_FORMS[act](request.POST, use_required_attribute=False, prefix=act)
        if form.is_valid() and _done(request, found, act, form):
            messages.success(request, ENTRY_DONE[act])
            return redirect("clerk_payments")
        return _show_entry(request, found, forms, form, status=422)
    if request.method == "POST" and act in ENTRY_FORMS:
        messages.error(request, SETTLED)
        written = request.POST.get(f"{act}-{next(iter(ENTRY_FORMS[act].base_fields))}", "")
        return _show_entry(request, found, forms, None, status=409, written=written)
    return _show_entry(request, found, forms, None, status=200)


def _offered(found: PaymentEntry) -> list[str]:
    if not PaymentEntry.objects.open().filter(pk=found.pk).exists():
        return []
    return ["assign", "return"] if found.kind == PaymentEntry.Kind.UNMATCHED else ["assign", "dismiss"]


def _show_entry(request, found, forms, wrong, *, status, written=""):
    context = {"entry": found, "forms": forms, "mistakes": mistakes(wrong) if wrong else [], "written": written}
    return render(request, "requests/staff/payment_entry.html", context, status=status)


def _done(request, found: PaymentEntry, act: str, form) -> bool:
    """The act, or its refusal beside the field it is about."""
    typed = form.cleaned_data
    try:
        if act == "assign":
            certificate_request = find_by_number(request.user, typed["number"])
            if certificate_request is None:
                raise Invalid("Không thấy hồ sơ này ở cơ quan bạn. Kiểm tra lại số.")
            actions.assign_entry(found, certificate_request, by=request.user)
        elif act == "return":
            actions.return_entry(found, by=request.user, reference=typed["reference"])
        else:
            actions.dismiss_entry(found, by=request.user, reason=typed["reason"])
    except PortalError as error:
        form.add_error(next(iter(form.fields)), error.message)
        return False
    return True


# --- The money of one request ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD"])
@for_roles(*CLERKS)
def request_payment(request, code):
    """Fee, ledger, what is owed back; forms for who may."""
    return _show(request, find_or_404(request.user, code))


def _show(request, certificate_request, *, bound=None, status=200):
    cashier = permissions.intake_clerk(certificate_request, request.user)
    if isinstance(bound, RefundForm):  # what was typed stays; the amount is the one that the page shows now
        bound.data = {**bound.data.dict(), "amount": certificate_request.refund_due}
    refund = RefundForm(initial={"amount": certificate_request.refund_due}, use_required_attribute=False)
    change = ChangeFeeForm(
        initial={"category": certificate_request.declaration.fee_category}, use_required_attribute=False
    )
    standing = Standing(certificate_request)
    context = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "standing": standing,
        "fee": standing.breakdown,
        "may_refund": cashier and bool(certificate_request.refund_due),
        "may_change": cashier and certificate_request.state in BEFORE_RECEIPT,
        "refund_form": bound if isinstance(bound, RefundForm) else refund,
        "change_form": bound if isinstance(bound, ChangeFeeForm) else change,
        "mistakes": mistakes(bound) if bound else [],
    }
    return render(request, "requests/staff/payment.html", context, status=status)


@require_POST
@for_roles(*CASHIERS)
def refund(request, code):
    """Record that what was owed back has been given back."""
    form = RefundForm(request.POST, use_required_attribute=False)

    def act(certificate_request):
        typed = form.cleaned_data
        actions.refund(certificate_request, by=request.user, amount=typed["amount"], reference=typed["reference"])

    return _act(request, code, form, act, "Đã ghi hoàn phí.")


@require_POST
@for_roles(*CASHIERS)
def change_fee(request, code):
    """Apply another category than the claimed one, with the reason."""
    form = ChangeFeeForm(request.POST, use_required_attribute=False)

    def act(certificate_request):
        demand_version(certificate_request, request.POST.get("version", ""))
        actions.change_fee(certificate_request, by=request.user, **form.cleaned_data)

    return _act(request, code, form, act, "Đã đổi mức phí và báo lý do cho người yêu cầu.")


def _act(request, code, form, act, done):
    certificate_request = find_or_404(request.user, code)
    if form.is_valid():
        try:
            act(certificate_request)
            messages.success(request, done)
            return redirect("clerk_payment", certificate_request.code)
        except PortalError as error:
            form.add_error(next(iter(form.fields)) if error.status != 409 else None, error.message)
    return _show(request, find_or_404(request.user, code), bound=form, status=422)

"""Paying at the payment platform: open an order, be told, ask until the outcome is known.

Talking is never inside a transaction: a row with a lease is committed first, then one talks, then the outcome is
recorded (decisions: waiting rows). What the platform says twice is written once; what nobody tells us is asked for.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lltp_portal import doorbell, failpoints
from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PaymentPlatformAway, PaymentUnknown
from requests import policy, tasks
from requests.actions import paying
from requests.models import CertificateRequest, OnlinePayment, PaymentEntry, PaymentOrder
from requests.models.payment import Method
from requests.payments import platform
from requests.steps import locked

logger = logging.getLogger(__name__)
Kind, System = PaymentEntry.Kind, PaymentEntry.System
DO_NOT_PAY_AGAIN = gettext_lazy(
    "Chưa rõ lần thanh toán trước đã xong hay chưa. Bạn đừng trả lại: hệ thống đang hỏi nền tảng thanh toán và sẽ báo "
    "kết quả tại trang này."
)
AWAY = gettext_lazy(
    "Nền tảng thanh toán chưa trả lời, bạn chưa bị trừ tiền. Hãy thử lại sau ít phút, hoặc chuyển khoản, hoặc nộp tại "
    "quầy."
)
BEING_OPENED = gettext_lazy("Trang thanh toán đang được mở từ lần bấm trước. Hãy đợi nửa phút rồi bấm lại.")


def pay_online(
    certificate_request: CertificateRequest, *, by: User, ip: str, at: datetime | None = None
) -> OnlinePayment:
    """The order at the platform, with the address of its page. One that is still open there is used again.

    Raises PaymentUnknown while an earlier one may have been paid, PaymentPlatformAway when the platform is silent.
    """
    now = at or timezone.now()
    online, is_new = _open_order(certificate_request, by=by, now=now)
    if not is_new:
        return online
    order = online.order
    failpoints.reach("after_intent")
    answer = platform.init(
        reference=order.reference,
        amount=order.amount,
        at=order.created_at,
        expires_at=order.expires_at,
        ip=ip,
        return_url=settings.PUBLIC_BASE_URL
        + reverse("request_pay_return", args=[certificate_request.code, order.reference]),
    )
    return _record_page(online, answer, now=at or timezone.now())


@transaction.atomic
def _open_order(certificate_request: CertificateRequest, *, by: User, now: datetime) -> tuple[OnlinePayment, bool]:
    certificate_request = locked(certificate_request.pk)
    paying.demand_payable(certificate_request, by)
    mine = OnlinePayment.objects.filter(request=certificate_request).select_related("order")
    for online in mine.filter(done_at__isnull=True):
        if online.initiated_at is None and online.lease_until and now < online.lease_until:
            raise PaymentPlatformAway(BEING_OPENED)  # pressed twice: a second order could be paid besides the first
        if online.is_unknown or _is_doubtful(online.order):
            raise PaymentUnknown(DO_NOT_PAY_AGAIN)
        if online.initiated_at and online.paid_at is None and online.order.expires_at <= now:
            # Its page is closed and the last question not answered: it may have been paid in its last minute.
            raise PaymentUnknown(DO_NOT_PAY_AGAIN)
        if online.is_open and online.order.amount == certificate_request.fee_missing:
            return online, False
    order = PaymentOrder.objects.create(
        request=certificate_request,
        method=Method.ONLINE,
        amount=certificate_request.fee_missing,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.PAYMENT_ORDER_MINUTES),
    )
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    online = OnlinePayment.objects.create(
        order=order, request=certificate_request, lease_no=1, lease_until=lease, next_try_at=now
    )
    return online, True


def _is_doubtful(order: PaymentOrder) -> bool:
    return order.entries.open().exists()


@transaction.atomic
def _record_page(online: OnlinePayment, answer: platform.PayPage | platform.Away, *, now: datetime) -> OnlinePayment:
    online = OnlinePayment.objects.select_for_update(of=("self",)).select_related("order").get(pk=online.pk)
    online.lease_until = None
    if isinstance(answer, platform.PayPage):
        online.pay_url, online.initiated_at = answer.url, now
        online.next_try_at = now + timedelta(seconds=settings.PAYMENT_FIRST_QUERY)
    else:
        online.try_again_later(answer.cause, now=now)
    online.save()
    return online


def demand_page(online: OnlinePayment) -> str:
    """Where to send the person. Raises PaymentPlatformAway where the platform gave no page."""
    if not online.pay_url:
        raise PaymentPlatformAway(AWAY)
    return online.pay_url


def came_back(certificate_request: CertificateRequest, reference: str, *, at: datetime | None = None) -> None:
    """The browser is back; what it says is not read. From here on the person is told not to pay again, and we ask."""
    now = at or timezone.now()
    with transaction.atomic():
        # Locked before it is read: the platform's call may be writing this very payment, and then nothing is in doubt.
        # Once: reloading the page is not a way to make us ask more often.
        online = (
            OnlinePayment.objects.select_for_update(of=("self",))
            .filter(request=certificate_request, order__reference=reference)
            .filter(done_at=None, paid_at=None, returned_at=None)
            .first()
        )
        if online is not None:
            online.returned_at = online.next_try_at = now
            online.save(update_fields=["returned_at", "next_try_at"])
            doorbell.ring(tasks.ask_payment_platform, online.pk)


# --- Asking -----------------------------------------------------------------------------------------------------------


def ask_platform(pk: int, *, at: datetime | None = None) -> None:
    """QUERY one order whose outcome is not known for good. Safe to call twice, late, or for nothing."""
    online = OnlinePayment.objects.claim(pk, at)
    if online is None:
        return
    OnlinePayment.objects.filter(pk=pk).update(attempts=online.attempts + 1)
    failpoints.reach("before_ask")
    asked_at = at or timezone.now()
    answer = platform.query(reference=online.order.reference, at=asked_at)
    failpoints.reach("after_ask")
    _record_answer(pk, answer, online.lease_no, asked_at, at or timezone.now())


@transaction.atomic
def _record_answer(
    pk: int, answer: platform.Report | platform.Away, lease_no: int, asked_at: datetime, now: datetime
) -> None:
    """Money is written whoever asked; when to ask next is for the newest lease. That nobody had paid is true of
    `asked_at`: it says nothing of who pays and comes back while the question is on its way.
    """
    order = PaymentOrder.objects.get(pk=pk)
    certificate_request = locked(order.request_id)
    if isinstance(answer, platform.Report):
        for one in answer.transactions:
            _take(certificate_request, order, one, now)
    online = OnlinePayment.objects.select_for_update().get(pk=pk)
    if not online.holds(lease_no):
        return
    if isinstance(answer, platform.Away):
        online.try_again_later(answer.cause, now=now)
    elif answer.transactions:
        online.paid_at = online.paid_at or now
        _ask_once_more(online, order, asked_at, now)
    else:
        online.unpaid_at = asked_at
        _go_on_asking(online, order, asked_at, now)
    online.save()


def _closes(order: PaymentOrder) -> datetime:
    """When nobody can pay it at the platform any more, and the platform knows whatever was paid."""
    return order.expires_at + timedelta(seconds=settings.PAYMENT_FIRST_QUERY)


def _ask_once_more(online: OnlinePayment, order: PaymentOrder, asked_at: datetime, now: datetime) -> None:
    """Paid. The last look, for a second payment of the same order, comes when nobody can pay there any more."""
    if asked_at >= _closes(order):
        online.finish(now=now)
    else:
        online.next_try_at, online.lease_until, online.crashes, online.last_cause = _closes(order), None, 0, ""


def _go_on_asking(online: OnlinePayment, order: PaymentOrder, asked_at: datetime, now: datetime) -> None:
    """Nobody has paid. After the order's time that is final; late money is still known by its reference."""
    if asked_at < _closes(order):
        online.try_again_later("Người nộp chưa thanh toán.", now=now)
        if now < _closes(order):  # the last question is put as soon as it can be, for until then nobody may pay again
            online.next_try_at = min(online.next_try_at, _closes(order))
        if online.is_unknown:  # they came back meanwhile, and wait for the answer
            online.next_try_at = now
        return
    PaymentOrder.objects.cancel(order.pk)
    online.finish(now=now)


def _take(
    certificate_request: CertificateRequest, order: PaymentOrder, one: platform.Transaction, now: datetime
) -> PaymentEntry:
    """Write one transaction once. Another amount or currency than the order's is kept as doubtful, for a person."""
    known = PaymentEntry.objects.known(System.PLATFORM, one.transaction_id)
    right = one.amount == order.amount and one.currency in {"", platform.VND}
    if known is not None:
        put_right = known.kind == Kind.DOUBTFUL and right and known.order_id == order.pk
        if known.amount == order.amount and one.currency != platform.VND:
            put_right = False  # the doubt was about the currency, and this says nothing of it
        resolution = PaymentEntry.objects.filter(resolves=known).first()
        if put_right and resolution is not None and resolution.kind == Kind.DISMISSED:
            return _after_dismissal(certificate_request, order, one, now)
        if not put_right or resolution is not None:
            return known
    if right:
        return paying.receive_money(
            certificate_request,
            amount=one.amount,
            system=System.PLATFORM,
            at=min(one.at, now),  # its clock may be ahead of ours; a step is never of the future
            order=order,
            transaction_id=None if known else one.transaction_id,
            resolves=known,
        )
    return _doubt(certificate_request, order, one)


def _after_dismissal(
    certificate_request: CertificateRequest, order: PaymentOrder, one: platform.Transaction, now: datetime
) -> PaymentEntry:
    """A clerk said that there was no such money, and the platform now reports it right: it is money all the same.

    The transaction's name is on the doubtful entry already, so it stands in the note; that it is written once is
    decided under the lock of the request.
    """
    note = f"Giao dịch {one.transaction_id}, trước đó đã ghi là không có"
    written = PaymentEntry.objects.filter(order=order, kind=Kind.RECEIVED, note=note).first()
    return written or paying.receive_money(
        certificate_request, amount=one.amount, system=System.PLATFORM, at=min(one.at, now), order=order, note=note
    )


def _doubt(certificate_request: CertificateRequest, order: PaymentOrder, one: platform.Transaction) -> PaymentEntry:
    return PaymentEntry.objects.create(
        kind=Kind.DOUBTFUL,
        authority=certificate_request.authority,
        request=certificate_request,
        order=order,
        method=Method.ONLINE,
        amount=one.amount,
        at=one.at,
        system=System.PLATFORM,
        transaction_id=one.transaction_id,
        note=f"Nền tảng báo {one.amount} {_unit(one)} cho lệnh {order.amount} đ",
    )


def _unit(one: platform.Transaction) -> str:
    return "đ" if one.currency in {"", platform.VND} else f"({one.currency}, không phải đồng Việt Nam)"


# --- Being told -------------------------------------------------------------------------------------------------------


def confirm(message, *, at: datetime | None = None) -> dict[str, str]:
    """A CONFIRM whose signature is the platform's; the same answer whenever it comes again, and one effect.

    Raises platform.NotBelieved, and then nothing has been written.
    """
    now = at or timezone.now()
    one = platform.confirmed(message)
    reference = str(message.get("MaThamChieu", ""))
    if one is None:
        return platform.answer_to(reference, platform.OK, "Đã nhận: giao dịch không thành công")
    order = PaymentOrder.objects.filter(reference=reference).first()
    if order is None:
        _keep_unmatched(one, now)
        return platform.answer_to(reference, platform.OK, "Đã nhận, chờ đối soát")
    with transaction.atomic():
        certificate_request = locked(order.request_id)
        entry = _take(certificate_request, order, one, now)
        OnlinePayment.objects.filter(pk=order.pk, done_at__isnull=True, paid_at__isnull=True).update(
            paid_at=now, next_try_at=_closes(order)
        )
    if entry.kind == Kind.DOUBTFUL:
        wrong = "Sai số tiền" if one.currency == platform.VND else "Sai loại tiền"
        return platform.answer_to(reference, "01", f"{wrong}, đã ghi nhận để đối soát")
    return platform.answer_to(reference, platform.OK, "Đã ghi nhận")


def _keep_unmatched(one: platform.Transaction, now: datetime) -> None:
    """A reference that is not ours: the national centre keeps the money's trace until somebody knows whose it is."""
    kept = PaymentEntry(
        kind=Kind.UNMATCHED,
        authority=Authority.objects.in_force_on(policy.law_day(now)).get(kind__in=Authority.NATIONAL),
        method=Method.ONLINE,
        amount=one.amount,
        at=one.at,
        system=System.PLATFORM,
        transaction_id=one.transaction_id,
        note=one.reference if one.currency == platform.VND else f"{one.reference}: {one.amount} {_unit(one)}",
    )
    PaymentEntry.objects.bulk_create([kept], ignore_conflicts=True)


def note_refused_call(message) -> None:
    """A call that pretends to be the platform's is refused and kept, beside the request it names."""
    reference = message.get("MaThamChieu") if isinstance(message, dict) else None
    order = None
    if isinstance(reference, str) and len(reference) <= 12:
        order = PaymentOrder.objects.filter(reference=reference.replace("\0", "")).select_related("request").first()
    AuditEvent.objects.record(
        "payment_call_refused",
        subject=order.request.code if order else "",
        authority_id=order.request.authority_id if order else None,
        reference=order.reference if order else "",
    )
    logger.warning("payment call refused: signature", extra={"order": order.pk if order else None})

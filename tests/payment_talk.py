"""What tests of paying say and look at: statement lines, confirmations, a platform that says what a test wants."""

from django.utils import timezone

from requests import actions
from requests.models import CertificateRequest, PaymentEntry, PaymentOrder
from requests.payments import platform, statement


def stands_in(settings, monkeypatch) -> dict[str, platform.Report | platform.Away]:
    """A platform that gives a page and says of each reference what the test puts into the answer (“init”: no page)."""
    settings.PAYMENT_PLATFORM_URL, settings.PAYMENT_SECRET = "http://127.0.0.1:9", "s" * 40
    said: dict[str, platform.Report | platform.Away] = {}
    page = platform.PayPage("http://127.0.0.1:9/pay/1")
    monkeypatch.setattr(platform, "init", lambda **asked: said.get("init", page))
    monkeypatch.setattr(platform, "query", lambda *, reference, at: said.get(reference, platform.Report(())))
    return said


def again(request) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def line(order_or_text, *, amount=200_000, number="FT1") -> statement.Line:
    return statement.Line(number, timezone.now(), amount, getattr(order_or_text, "reference", order_or_text))


def confirmation(order, *, number="t1", amount=None) -> dict:
    message = {
        "MaDoiTac": "LLTP",
        "MaThamChieu": order.reference,
        "MaGiaoDich": number,
        "SoTien": str(amount or order.amount),
        "MaTienTe": "VND",
        "TrangThaiGD": "00",
        "ThoiGianGD": "20261122093000",
    }
    return {**message, "MaXacThuc": platform.signature("CONFIRM", message)}


def online_order(request, at=None) -> PaymentOrder:
    return actions.pay_online(request, by=request.filed_by, ip="127.0.0.1", at=at).order


def assert_ledger_adds_up(request) -> None:
    """What the request says was paid is what its entries say."""
    entries = PaymentEntry.objects.filter(request=request)
    received = sum(entry.amount for entry in entries if entry.kind == "received")
    refunded = sum(entry.amount for entry in entries if entry.kind == "refunded")
    assert again(request).fee_paid_amount == received - refunded
    found = CertificateRequest.objects.with_refund_due().filter(pk=request.pk).exists()
    assert found == bool(again(request).refund_due)

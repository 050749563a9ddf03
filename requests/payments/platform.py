"""The national payment platform: INIT, QUERY and CONFIRM in its shapes (domain 8), every message signed by HMAC.

Nothing here touches the database, and nothing is called inside a transaction. A message is believed only by its
MaXacThuc; what the person's browser says is never read.
"""

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from requests.clock import LOCAL

logger = logging.getLogger(__name__)
OK = "00"
VND = "VND"
LONGEST_CURRENCY = 10
TIME = "%Y%m%d%H%M%S"
# What each message is signed over, in this order, joined by “|”.
SIGNED = {
    "INIT": (
        "PhienBan",
        "MaDoiTac",
        "MaThamChieu",
        "SoTien",
        "LoaiHinhThanhToan",
        "MaTienTe",
        "ThoiGianGD",
        "ThoiGianHetHan",
    ),
    "INIT_ANSWER": ("MaLoi", "MaThamChieu", "UrlThanhToan"),
    "QUERY": ("MaDoiTac", "MaThamChieu", "ThoiGianGD"),
    "QUERY_ANSWER": ("MaLoi", "MaThamChieu", "TrangThaiGD", "GiaoDich"),
    "CONFIRM": ("MaDoiTac", "MaThamChieu", "MaGiaoDich", "SoTien", "MaTienTe", "TrangThaiGD", "ThoiGianGD"),
}
VERSION = "1.0.6"
MOST_BYTES = 100_000


@dataclass(frozen=True)
class Transaction:
    """Money that the platform says it took for a reference of ours."""

    reference: str
    transaction_id: str
    amount: int
    at: datetime
    currency: str = ""  # empty where the platform does not say it again: the order's own


@dataclass(frozen=True)
class PayPage:
    """INIT went well: where the person pays."""

    url: str


@dataclass(frozen=True)
class Report:
    """QUERY's answer: every transaction of the order, none where nobody has paid."""

    transactions: tuple[Transaction, ...]


@dataclass(frozen=True)
class Away:
    """No answer that could be believed; nothing is known. `cause` is for the list of what waits."""

    cause: str


class NotBelieved(Exception):
    """A message whose signature is not the platform's, or that cannot be read."""


def is_offered() -> bool:
    return bool(settings.PAYMENT_PLATFORM_URL)


def page_origin() -> str:
    """Where the person is sent to, for the page's Content-Security-Policy."""
    parts = urlsplit(settings.PAYMENT_PLATFORM_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(",".join(_as_text(part) for part in one.values()) for one in value if isinstance(one, Mapping))
    return "" if value is None else str(value)


def signature(kind: str, message: Mapping[str, Any]) -> str:
    """MaXacThuc: HMAC-SHA256 over the signed fields, in hex."""
    text = "|".join(_as_text(message.get(name)) for name in SIGNED[kind])
    return hmac.new(
        settings.PAYMENT_SECRET.encode(), f"{kind.split('_')[0]}|{text}".encode(), hashlib.sha256
    ).hexdigest()


def is_signed(kind: str, message: Mapping[str, Any]) -> bool:
    """In constant time, so that nobody learns a signature byte by byte."""
    given = message.get("MaXacThuc")
    return isinstance(given, str) and hmac.compare_digest(signature(kind, message).encode(), given.encode())


def _signed(kind: str, message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "MaXacThuc": signature(kind, message)}


# --- Asking ---------------------------------------------------------------------------------------------------------


def init(
    *, reference: str, amount: int, at: datetime, expires_at: datetime, ip: str, return_url: str
) -> PayPage | Away:
    """Open an order at the platform. Carries no personal data but the payer's address, which the shape asks for."""
    message = {
        "PhienBan": VERSION,
        "MaDoiTac": settings.PAYMENT_PARTNER_CODE,
        "MaThamChieu": reference,
        "SoTien": str(amount),
        "LoaiHinhThanhToan": "PAY",
        "MaKenhThanhToan": "WEB",
        "MaTienTe": VND,
        "ThongTinGiaoDich": f"Phi ly lich tu phap {reference}",
        "ThoiGianGD": at.astimezone(LOCAL).strftime(TIME),
        "ThoiGianHetHan": expires_at.astimezone(LOCAL).strftime(TIME),
        "Ip": ip,
        "UrlTroVe": return_url,
    }
    answer = _ask("INIT", message, reference)
    if isinstance(answer, Away):
        return answer
    url = answer.get("UrlThanhToan")
    # Never to another house than the platform's, whatever the answer says.
    if not isinstance(url, str) or len(url) > 500 or not url.startswith(f"{page_origin()}/"):
        return Away("Nền tảng thanh toán trả lời không có địa chỉ trang thanh toán hợp lệ.")
    return PayPage(url)


def query(*, reference: str, at: datetime) -> Report | Away:
    """What has become of an order; an order that the platform does not know was never paid there."""
    message = {
        "MaDoiTac": settings.PAYMENT_PARTNER_CODE,
        "MaThamChieu": reference,
        "ThoiGianGD": at.astimezone(LOCAL).strftime(TIME),
    }
    answer = _ask("QUERY", message, reference)
    if isinstance(answer, Away):
        return answer
    listed = answer.get("GiaoDich")
    try:
        return Report(tuple(_transaction({**one, "MaThamChieu": reference}) for one in listed or ()))
    except (NotBelieved, TypeError):
        return Away("Nền tảng thanh toán trả lời không đọc được.")


def _ask(kind: str, message: dict[str, Any], reference: str) -> dict[str, Any] | Away:
    """POST, within TALK_SECONDS in all; whatever goes wrong is Away, and nothing of the message is logged."""
    try:
        status, body = _post(f"{settings.PAYMENT_PLATFORM_URL}/{kind.lower()}", _signed(kind, message))
    except Exception as error:  # any trouble on the way: nothing is known, the sweeper asks again
        logger.warning("payment platform is away", extra={"call": kind, "error": type(error).__name__})
        return Away("Nền tảng thanh toán không trả lời.")
    if status != 200 or not isinstance(body, dict):
        return Away(f"Nền tảng thanh toán trả lời lỗi HTTP {status}.")
    if not is_signed(f"{kind}_ANSWER", body) or body.get("MaThamChieu") != reference:
        return Away("Nền tảng thanh toán trả lời sai mã xác thực.")
    return body if body.get("MaLoi") == OK else Away("Nền tảng thanh toán báo lỗi.")


def _post(url: str, message: dict[str, Any]) -> tuple[int, Any]:
    """Status and JSON. One that answers drop by drop is given up like one that does not answer."""
    import httpx2  # noqa: PLC0415 - only who talks to the platform loads it

    ends = time.monotonic() + settings.TALK_SECONDS * 0.9
    limits = httpx2.Timeout(settings.TALK_SECONDS * 0.4)
    with (
        httpx2.Client(timeout=limits, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url, json=message) as answer,
    ):
        data = b""
        for piece in answer.iter_bytes():
            data += piece
            if len(data) > MOST_BYTES or time.monotonic() > ends:
                raise TimeoutError
        return answer.status_code, json.loads(data)


# --- Being told -----------------------------------------------------------------------------------------------------


def confirmed(message: Any) -> Transaction | None:
    """What a CONFIRM says: money, or (None) that none came. Raises NotBelieved."""
    if not is_offered() or not isinstance(message, Mapping) or not is_signed("CONFIRM", message):
        raise NotBelieved
    if message.get("MaDoiTac") != settings.PAYMENT_PARTNER_CODE:
        raise NotBelieved
    if message.get("TrangThaiGD") != OK:
        return None
    one = _transaction(message)
    return one if one.currency else replace(one, currency="?")  # a CONFIRM says it; none is not the right one


def _transaction(message: Mapping[str, Any]) -> Transaction:
    reference, number = message.get("MaThamChieu"), message.get("MaGiaoDich")
    amount, at = _as_text(message.get("SoTien")), _as_text(message.get("ThoiGianGD"))
    named = isinstance(reference, str) and isinstance(number, str) and re.fullmatch(r"[\w.-]{1,80}", number)
    if not (named and re.fullmatch(r"[1-9][0-9]{0,9}", amount) and len(reference) <= 40):
        raise NotBelieved
    try:
        moment = datetime.strptime(at, TIME).replace(tzinfo=LOCAL)
    except ValueError:
        raise NotBelieved from None
    return Transaction(reference, number, int(amount), moment, _as_text(message.get("MaTienTe"))[:LONGEST_CURRENCY])


def answer_to(reference: str, code: str, words: str) -> dict[str, str]:
    return {"MaLoi": code, "MoTaLoi": words, "MaThamChieu": reference}

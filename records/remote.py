"""The central database of another deployment, asked over HTTP: only a whole, fresh, signed answer to this very question
becomes Complete. Everything else that can come over a line is Failed or Partial, each with its own cause.

Nothing of the question or the answer is logged, and nothing of a person stands in the address.
"""

import logging
import os
import secrets
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from lltp_portal import strict_json
from records.answers import Answer, Complete, Failed, Partial, Question, canonical_json
from records.central import wire
from records.central.circuit import Breaker
from records.facts import RegisterRecord
from records.reading import Refused, read_record

logger = logging.getLogger(__name__)

AWAY = "Không kết nối được hệ thống trung ương."
SLOW = "Hệ thống trung ương không trả lời kịp."
BUSY = "Hệ thống trung ương đang hạn chế số câu hỏi của đơn vị; sẽ hỏi lại."
NOT_ALLOWED = "Hệ thống trung ương không nhận câu hỏi của đơn vị này (khóa hoặc việc ủy quyền tra cứu đã ngừng)."
REDIRECTED = "Hệ thống trung ương trả lời bằng địa chỉ khác; không đi theo."
TOO_LARGE = "Câu trả lời của hệ thống trung ương quá lớn nên đã bị cắt."
NOT_JSON = "Hệ thống trung ương trả lời không phải JSON (có thể là trang của một thiết bị ở giữa)."
BROKEN_OFF = "Câu trả lời của hệ thống trung ương bị cắt cụt hoặc không đọc được."
NOT_SIGNED = "Câu trả lời không có chữ ký đúng của hệ thống trung ương."
OTHER_SCHEMA = "Hệ thống trung ương trả lời theo phiên bản quy ước khác."
IN_PAGES = "Hệ thống trung ương chỉ trả lời một phần (từng trang); không dùng được."
MALFORMED = "Câu trả lời của hệ thống trung ương không đúng quy ước."
OTHER_QUESTION = "Câu trả lời của hệ thống trung ương là của một câu hỏi khác."
WRONG_COUNT = "Số hồ sơ trong câu trả lời của hệ thống trung ương không khớp."
NO_PURPOSE = "Chưa nêu mục đích tra cứu nên không hỏi hệ thống trung ương."
PAGE_FIELDS = {"next", "previous", "page", "pages", "results", "total"}
REFUSED = {401: NOT_ALLOWED, 403: NOT_ALLOWED, 429: BUSY}
# Of the time for all talking. The door itself cuts at 0.9.
CONNECT, READ, ALL = 0.2, 0.5, 0.8


class Unusable(Exception):
    """What came cannot be an answer; carries the cause."""


class HttpCentral:
    """Asks LLTP_CENTRAL_URL. The door sets `purpose` and minds the circuit."""

    purpose = ""
    circuit = Breaker("central", not_its_fault=(BUSY, NO_PURPOSE))

    def ask(self, question: Question) -> Answer:
        if not self.purpose:
            return Failed(NO_PURPOSE)
        nonce = secrets.token_hex(16)
        asked = {
            "schema": wire.QUESTION_SCHEMA,
            "nonce": nonce,
            "asked_at": timezone.now().isoformat(),
            "request_code": question.reference,
            "purpose": self.purpose,
            "question": question.to_json(),
        }
        try:
            return _answer(_believed(_posted(canonical_json(asked).encode())), question, nonce)
        except Unusable as problem:
            return Failed(str(problem))


# --- The line -------------------------------------------------------------------------------------------------------


def _posted(body: bytes) -> bytes:
    """The bytes of a 200 in JSON, within TALK_SECONDS and a size; else Unusable."""
    import httpx2  # noqa: PLC0415 - only a deployment that asks another one loads it

    line = _Line(settings.TALK_SECONDS * ALL)
    try:
        with line, httpx2.Client(**_options(httpx2)) as client:
            headers = {
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # nothing that is small on the line and large here
                "Authorization": f"Bearer {settings.LLTP_CENTRAL_KEY}",
            }
            url = f"{settings.LLTP_CENTRAL_URL}{wire.PATH}"
            with client.stream("POST", url, content=body, headers=headers, extensions=line.extensions) as answer:
                _demand_json(answer)
                return _read(answer, line)
    except Unusable:
        raise
    except Exception as error:  # any trouble on the way: nothing is known
        logger.warning("central side is away", extra={"error": type(error).__name__})
        slow = line.was_cut or isinstance(error, httpx2.TimeoutException)
        raise Unusable(SLOW if slow else BROKEN_OFF if line.answered else AWAY) from None


def _options(httpx2: Any) -> dict[str, Any]:
    seconds = settings.TALK_SECONDS
    limits = httpx2.Timeout(seconds * READ, connect=seconds * CONNECT)
    return {"timeout": limits, "verify": _tls(), "trust_env": False, "follow_redirects": False}


def _tls() -> ssl.SSLContext | bool:
    """The far side is checked against its own authority where one is given; we show a certificate where we have one."""
    if not settings.LLTP_CENTRAL_URL.startswith("https://"):
        return False  # demo only: settings.py refuses it in production
    context = ssl.create_default_context(cafile=settings.LLTP_CENTRAL_CA_FILE or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE:
        context.load_cert_chain(
            settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE, settings.LLTP_CENTRAL_CLIENT_KEY_FILE or None
        )
    return context


def _demand_json(answer: Any) -> None:
    status = answer.status_code
    if 300 <= status < 400:
        raise Unusable(REDIRECTED)
    if status != 200:
        raise Unusable(REFUSED.get(status, f"Hệ thống trung ương trả lời lỗi HTTP {status}."))
    if answer.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Unusable(NOT_JSON)
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unusable(MALFORMED)
    length = answer.headers.get("content-length", "")
    if length.isdigit() and int(length) > wire.MOST_ANSWER_BYTES:
        raise Unusable(TOO_LARGE)


def _read(answer: Any, line: "_Line") -> bytes:
    line.answered = True
    pieces, size = [], 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > wire.MOST_ANSWER_BYTES:
            raise Unusable(TOO_LARGE)
        if line.is_over:
            raise Unusable(SLOW)
        pieces.append(piece)
    if line.was_cut:  # a body that ends with its connection looks whole
        raise Unusable(SLOW)
    return b"".join(pieces)


class _Line:
    """Cuts the connection when the time is over, also under a server that sends one byte of a header now and then."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.was_cut = self.answered = False
        self.extensions = {"trace": self._seen}

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._ends

    def __enter__(self) -> "_Line":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def _seen(self, event: str, info: dict[str, Any]) -> None:
        """A handle of our own on the connection: TLS takes the socket away from whoever opened it."""
        if event == "connection.connect_tcp.complete":
            opened = info["return_value"].get_extra_info("socket")
            self._socket = socket.socket(fileno=os.dup(opened.fileno()))

    def _cut(self) -> None:
        self.was_cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


# --- What was said --------------------------------------------------------------------------------------------------


def _believed(data: bytes) -> dict[str, Any]:
    """The object that a pinned key has signed."""
    try:
        envelope = strict_json.loads(data)
    except ValueError:
        raise Unusable(BROKEN_OFF) from None
    try:
        text = wire.opened(envelope, [wire.read_public(key) for key in settings.LLTP_CENTRAL_PINNED_KEYS])
        answer = strict_json.loads(text)
    except wire.NotSigned:
        raise Unusable(NOT_SIGNED) from None
    except ValueError:
        raise Unusable(MALFORMED) from None
    if not isinstance(answer, dict):
        raise Unusable(MALFORMED)
    return answer


def _answer(said: dict[str, Any], question: Question, nonce: str) -> Answer:
    """A signature says who spoke, not that it is about this person, whole, or of today's convention."""
    if said.get("schema") != wire.ANSWER_SCHEMA:
        raise Unusable(OTHER_SCHEMA)
    if set(said) != wire.ANSWER_FIELDS:
        raise Unusable(IN_PAGES if set(said) & PAGE_FIELDS else MALFORMED)
    if said["nonce"] != nonce or said["question_digest"] != question.digest():
        raise Unusable(OTHER_QUESTION)
    candidates, set_aside = _candidates(said), _set_aside(said)
    as_of, cause = _moment(said["as_of"]), said["cause"]
    if said["complete"] is True:
        return Complete(as_of, question.digest(), candidates, set_aside)
    if said["complete"] is False and isinstance(cause, str) and cause.strip():
        return Partial(cause, as_of, question.digest())
    raise Unusable(MALFORMED)


def _candidates(said: dict[str, Any]) -> tuple[RegisterRecord, ...]:
    written, count = said["candidates"], said["count"]
    if not isinstance(written, list):
        raise Unusable(MALFORMED)
    if type(count) is not int or count != len(written):
        raise Unusable(WRONG_COUNT)
    try:
        return tuple(read_record(record, "") for record in written)
    except (Refused, RecursionError):
        raise Unusable(MALFORMED) from None


def _set_aside(said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of texts; whether they mean anything, the door looks at."""
    pairs = said["set_aside"]
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Unusable(MALFORMED)
    if not all(isinstance(text, str) for pair in pairs for text in pair):
        raise Unusable(MALFORMED)
    return tuple((register_id, reason) for register_id, reason in pairs)


def _moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Unusable(MALFORMED) from None

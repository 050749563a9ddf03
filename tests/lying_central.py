"""A central side that lies in every way a line can: a real small HTTP server before the truth.

`truth` answers a body and headers with (status, content type, bytes). Lies that need the central side's signature are
signed with its real key: a signature says who spoke, and is not what they are caught by. Every lie that can says
“nobody found, complete”: one that slips through would read as a clean record.
"""

import base64
import gzip
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from records.answers import canonical_json
from records.central import wire
from records.matching import PARENTS
from tests.records_people import person_json

Truth = Callable[[bytes, dict[str, str]], tuple[int, str, bytes]]
JSON = "application/json"
HTML = b"<!doctype html><title>Bao tri</title><p>He thong dang bao tri.</p>"


class LyingCentral:
    """Serves on a free port of the loopback address; `lie` names one of LIES, or is "" for the truth."""

    def __init__(self, truth: Truth, key: Ed25519PrivateKey, tls: ssl.SSLContext | None = None) -> None:
        self.truth, self.key, self.lie = truth, key, ""
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.told: Counter[tuple[str, str]] = Counter()  # (lie, request code): how often
        self.kept: bytes | None = None  # the first true answer, for whoever replays it
        self.sent = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.lie = "hangs up"
        self._server.shutdown()
        self._server.server_close()


def _handler_for(central: LyingCentral) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            central.paths.append(self.path)
            central.bodies.append(body)
            central.told[central.lie, json.loads(body)["request_code"]] += 1
            how = LIES[central.lie] if central.lie else _tell_the_truth
            with suppress(OSError):
                how(Telling(self, central, body))

        def log_message(self, *args: Any) -> None:
            """Silent: a test's output is no log of questions about people."""

    return Handler


class Telling:
    """One answer being given."""

    def __init__(self, handler: BaseHTTPRequestHandler, central: LyingCentral, body: bytes) -> None:
        self.handler, self.central, self.body = handler, central, body
        self._lie = central.lie

    @property
    def still(self) -> bool:
        return self.central.lie == self._lie

    def truth(self) -> tuple[int, str, bytes]:
        headers = {name: value for name, value in self.handler.headers.items() if name in ("Authorization", "Accept")}
        found = self.central.truth(self.body, headers)
        if self.central.kept is None and found[0] == 200:
            self.central.kept = found[2]
        return found

    def send(self, data: bytes, *, status: int = 200, kind: str = JSON, length: int | None = None, **more: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in more.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def raw(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()
        self.central.sent += len(data)

    def clean(self) -> dict[str, Any]:
        """A whole answer to this question that says that nobody was found."""
        return nobody_found(self.body)

    def sealed(self, said: Any) -> dict[str, str]:
        return wire.sealed(said if isinstance(said, str) else canonical_json(said), self.central.key)

    def say(self, said: Any) -> None:
        """Signed by the central side's own key."""
        self.send(json.dumps(self.sealed(said)).encode())


def nobody_found(body: bytes) -> dict[str, Any]:
    """A whole answer to the question in this body that says that nobody was found."""
    from records.answers import Question

    asked = json.loads(body)
    return {
        "schema": wire.ANSWER_SCHEMA,
        "nonce": asked["nonce"],
        "question_digest": Question.from_json(asked["question"]).digest(),
        "as_of": timezone.now().isoformat(),
        "complete": True,
        "cause": "",
        "count": 0,
        "candidates": [],
        "set_aside": [],
    }


def _tell_the_truth(telling: Telling) -> None:
    status, kind, data = telling.truth()
    telling.send(data, status=status, kind=kind)


# --- Lines ----------------------------------------------------------------------------------------------------------


def _hang_up(telling: Telling) -> None:
    telling.handler.close_connection = True


def _say_nothing(telling: Telling) -> None:
    while telling.still:
        time.sleep(0.02)


def _drip(telling: Telling, head: bytes, drop: bytes) -> None:
    telling.raw(head)
    while telling.still:
        telling.raw(drop)
        time.sleep(0.05)


def _flood(telling: Telling) -> None:
    """As much as the other side takes, up to ten gigabytes."""
    telling.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b'{"answer": "')
    block = b"a" * 1_000_000
    for _ in range(10_000):
        telling.raw(block)


def _bomb(telling: Telling) -> None:
    telling.send(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")


def _cut(telling: Telling) -> None:
    data = telling.truth()[2]
    telling.send(data[: len(data) // 2], length=len(data))
    telling.handler.close_connection = True


def _end_early(telling: Telling) -> None:
    """Half of it, as if that were all."""
    data = json.dumps(telling.sealed(telling.clean())).encode()
    telling.send(data[: len(data) // 2])


# --- Words ----------------------------------------------------------------------------------------------------------


def _changed(**changes: Any) -> Callable[[Telling], None]:
    return lambda telling: telling.say({**telling.clean(), **changes})


def _without(field: str) -> Callable[[Telling], None]:
    return lambda telling: telling.say({name: value for name, value in telling.clean().items() if name != field})


def _as_of(**ago: float) -> Callable[[Telling], None]:
    return lambda telling: telling.say({**telling.clean(), "as_of": (timezone.now() - timedelta(**ago)).isoformat()})


def _naked(telling: Telling) -> None:
    telling.send(canonical_json(telling.clean()).encode())


def _by_a_stranger(telling: Telling) -> None:
    said = wire.sealed(canonical_json(telling.clean()), Ed25519PrivateKey.generate())
    telling.send(json.dumps(said).encode())


def _in_anothers_name(telling: Telling) -> None:
    stranger = wire.sealed(canonical_json(telling.clean()), Ed25519PrivateKey.generate())
    telling.send(json.dumps({**stranger, "key_id": wire.key_id(telling.central.key.public_key())}).encode())


def _changed_on_the_way(telling: Telling) -> None:
    """A true, signed answer from which somebody has taken the candidates; where it had none, only made it fresher."""
    envelope = json.loads(telling.truth()[2])
    fresher = timezone.now().isoformat()  # without it a true “nobody found” would stay as it was, signature and all
    said = json.loads(envelope["answer"]) | {"count": 0, "candidates": [], "complete": True, "as_of": fresher}
    telling.send(json.dumps({**envelope, "answer": canonical_json(said)}).encode())


def _no_signature(telling: Telling) -> None:
    envelope = telling.sealed(telling.clean())
    telling.send(json.dumps({**envelope, "signature": base64.b64encode(b"\0" * 64).decode()}).encode())


def _another_question(telling: Telling) -> None:
    _changed(question_digest="0" * 64)(telling)


def _replay(telling: Telling) -> None:
    """What was answered before, whoever it was about."""
    kept = telling.central.kept
    telling.send(
        kept if kept is not None else json.dumps(telling.sealed(telling.clean() | {"nonce": "0" * 32})).encode()
    )


def _page(telling: Telling) -> None:
    telling.say({**telling.clean(), "page": 1, "pages": 2, "next": "?page=2"})


def _two_names(telling: Telling) -> None:
    telling.say(canonical_json(telling.clean())[:-1] + ',"complete":true}')


_PERSON = person_json()
_ASIDE = [[_PERSON["register_id"], PARENTS]]
LIES: dict[str, Callable[[Telling], None]] = {
    "hangs up": _hang_up,
    "says nothing": _say_nothing,
    "drips a header": lambda t: _drip(t, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: ", b"a"),
    "drips a body": lambda t: _drip(t, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{", b" "),
    "ten gigabytes": _flood,
    "says ten gigabytes": lambda t: t.send(b"{}", length=10_000_000_000),
    "a bomb": _bomb,
    "is no HTTP": lambda t: t.raw(b"220 smtp.vi-du.example ESMTP\r\n"),
    "HTML": lambda t: t.send(HTML, kind="text/html; charset=utf-8"),
    "HTML called JSON": lambda t: t.send(HTML),
    "JSON called text": lambda t: t.send(json.dumps(t.sealed(t.clean())).encode(), kind="text/plain"),
    "error 502": lambda t: t.send(HTML, status=502, kind="text/html"),
    "error 500": lambda t: t.send(b'{"complete": true, "candidates": []}', status=500),
    "no content": lambda t: t.send(b"", status=204),
    "not found": lambda t: t.send(b'{"code": "not_found"}', status=404),
    "elsewhere": lambda t: t.send(b"", status=307, Location="/api/central/v1/lookups/"),
    "empty": lambda t: t.send(b""),
    "cut off": _cut,
    "half as if whole": _end_early,
    "a list": lambda t: t.send(b"[]"),
    "null": lambda t: t.send(b"null"),
    "deep": lambda t: t.send(b"[" * 100_000),
    "unsigned": _naked,
    "signed by a stranger": _by_a_stranger,
    "a stranger in its name": _in_anothers_name,
    "changed on the way": _changed_on_the_way,
    "a signature of zeros": _no_signature,
    "another person": _another_question,
    "an earlier answer": _replay,
    "another nonce": _changed(nonce="f" * 32),
    "yesterday's schema": _changed(schema="lltp-answer-1"),
    "no schema": _without("schema"),
    "page 1 of 2": _page,
    "counts one more": _changed(count=1),
    "counts in words": _changed(count="0"),
    "no count": _without("count"),
    "no candidates": _without("candidates"),
    "candidates are null": _changed(candidates=None),
    "complete is a word": _changed(complete="true"),
    "complete is 1": _changed(complete=1),
    "stale": _as_of(days=1),
    "from the future": _as_of(days=-1),
    "no time zone": _changed(as_of="2026-01-01T00:00:00"),
    "no time": _changed(as_of=7),
    "partial without cause": _changed(complete=False),
    "partial": _changed(complete=False, cause="Đang nạp dữ liệu (thiếu 3 dòng)."),
    "a name twice": _two_names,
    "not a number": lambda t: t.say(canonical_json(t.clean()).replace('"count":0', '"count":NaN')),
    "a candidate of another form": _changed(count=1, candidates=[{**_PERSON, "score": 1}]),
    "a candidate twice": _changed(count=2, candidates=[_PERSON, _PERSON]),
    "nobody told who was set aside": _without("set_aside"),
    "set aside without a reason": _changed(set_aside=["R-1"]),
    "set aside for a reason of its own": _changed(set_aside=[["R-1", "Không giống."]]),
    "a candidate who is set aside": _changed(count=1, candidates=[_PERSON], set_aside=_ASIDE),
    "a list, signed": lambda t: t.say("[]"),
    "words, signed": lambda t: t.say("khong co an tich"),
}
# Whoever waits for these waits until the time for talking is over.
SLOW = {"says nothing", "drips a header", "drips a body"}

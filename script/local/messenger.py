"""A stand-in for the provider of SMS and the like: an HTTP service on the loopback address that keeps what it is sent.

It speaks as such providers do: POST /messages with a bearer key and an Idempotency-Key, {channel, to, text} →
{"id": …}; the same key again answers the same id and sends nothing. What was "sent" stands in run/messenger.jsonl.
run/messenger.mode makes it misbehave (tests): away, refuse, garbage. Only under LLTP_MODE=demo.
"""

import hmac
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LARGEST_BODY = 16 * 1024
Answer = tuple[int, Any]


class Sent:
    """What was sent, one line each, also over a restart."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, threading.Lock()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.ids: dict[str, str] = {row["key"]: row["id"] for row in map(json.loads, lines)}

    def send(self, key: str, body: dict[str, str]) -> str:
        """The id of this message; written once a key, on disk before it is answered."""
        with self.lock:
            if key not in self.ids:
                number = f"tin-{len(self.ids) + 1:06d}"
                row = {"id": number, "key": key, **body}
                with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                self.ids[key] = number
            return self.ids[key]


class Messenger(BaseHTTPRequestHandler):
    """One question. The folder, the key and what was sent are set on the class before it serves."""

    run: Path
    secret: str
    sent: Sent

    def do_GET(self) -> None:
        self._answer((200, {"ok": True}) if self.path == "/healthz" else (404, {}))

    def do_POST(self) -> None:
        mode = self.run / "messenger.mode"
        how = mode.read_text().strip() if mode.exists() else ""
        body = self._body()
        self._answer(
            {"away": (503, {}), "refuse": (422, {"code": "recipient_refused"})}.get(how) or self._take(body, how)
        )

    def _take(self, body: dict[str, str] | None, how: str) -> Answer:
        if self.path != "/messages":
            return 404, {}
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.secret}"):
            return 401, {}
        key = self.headers.get("Idempotency-Key", "")
        if not key or body is None:
            return 400, {}
        if not body["to"].isdigit() or not body["text"].isascii():
            return 422, {"code": "recipient_refused"}
        number = self.sent.send(key, body)
        return (200, [number]) if how == "garbage" else (201, {"id": number})

    def _body(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        names = ("channel", "to", "text")
        whole = isinstance(body, dict) and all(isinstance(body.get(name), str) for name in names)
        return {name: body[name] for name in names} if whole else None

    def _answer(self, answer: Answer) -> None:
        status, body = answer
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses of people are nothing for a log."""


def main() -> None:
    """LLTP_HOME, MESSENGER_PORT and MESSAGE_PROVIDER_KEY say where and for whom."""
    if os.environ.get("LLTP_MODE") != "demo":
        sys.exit("This stand-in sends nothing to anybody. It runs only under LLTP_MODE=demo.")
    run = Path(os.environ["LLTP_HOME"]) / "run"
    Messenger.run, Messenger.secret = run, os.environ["MESSAGE_PROVIDER_KEY"]
    Messenger.sent = Sent(run / "messenger.jsonl")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["MESSENGER_PORT"])), Messenger)
    print("messenger: ready.", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""A payment platform to try paying with: INIT, QUERY, CONFIRM and a pay page on which one chooses what goes wrong.

Its own process, standard library only, on 127.0.0.1; started by script/server and by tests, never in production. It
signs by its own code, so that a mistake in the portal's is seen. What it knows is in a file and survives being killed.
"""

import argparse
import hashlib
import hmac
import html
import json
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

VIET_NAM = timezone(timedelta(hours=7))
CONFIRM_TRIES, CONFIRM_PAUSE = 3, 1.0
CHOICES = {
    "pay": "Thanh toán",
    "pay_unheard": "Trả tiền, nhưng không báo cho cổng",
    "pay_twice": "Trả tiền hai lần",
    "wrong_signature": "Trả tiền, báo bằng chữ ký sai",
    "wrong_amount": "Trả thiếu 50.000 đ",
    "slow": "Trả tiền, nhưng hai phút tới nền tảng trả lời rất chậm",
    "leave": "Không trả, quay về",
}
PAGE = """\
<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mô phỏng nền tảng thanh toán</title><style>
body{{font:18px/1.5 sans-serif;max-width:34rem;margin:24px auto;padding:0 16px}}
button{{display:block;width:100%;margin:8px 0;padding:12px;font:inherit}}
.sim{{border:3px dashed #8a5a00;padding:12px}}</style></head>
<body><p class="sim"><b>Đây là mô phỏng.</b> Không có đồng nào được trả. Chọn điều sẽ xảy ra.</p>
<h1>Thanh toán phí</h1><p>Nội dung: <b>{info}</b><br>
Mã tham chiếu: <b>{reference}</b><br>Số tiền: <b>{amount} đ</b></p>
<form method="post">{buttons}</form></body></html>"""


class Orders:
    """Everything the platform knows, in one file; each change is written before it is told to anybody."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, threading.RLock()
        self.known: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}

    def keep(self, order: dict[str, Any]) -> None:
        with self.lock:
            self.known[order["MaThamChieu"]] = order
            draft = self.path.with_suffix(".draft")
            draft.write_text(json.dumps(self.known, ensure_ascii=False))
            draft.replace(self.path)


class Platform:
    """What it does with an order, and how it behaves: `down` and `slow` for so many seconds."""

    def __init__(self, orders: Orders, secret: str, partner: str, confirm_url: str, base_url: str) -> None:
        self.orders, self.secret, self.partner = orders, secret.encode(), partner
        self.confirm_url, self.base_url = confirm_url, base_url
        self.slow_until = 0.0

    def signed(self, kind: str, message: dict[str, Any], fields: str) -> dict[str, Any]:
        return {**message, "MaXacThuc": self._mac(kind, message, fields)}

    def _mac(self, kind: str, message: dict[str, Any], fields: str) -> str:
        def text(value: Any) -> str:
            if isinstance(value, list):
                return ";".join(",".join(str(part) for part in row.values()) for row in value)
            return "" if value is None else str(value)

        joined = "|".join([kind, *(text(message.get(name)) for name in fields.split())])
        return hmac.new(self.secret, joined.encode(), hashlib.sha256).hexdigest()

    def init(self, message: dict[str, Any]) -> dict[str, Any]:
        fields = "PhienBan MaDoiTac MaThamChieu SoTien LoaiHinhThanhToan MaTienTe ThoiGianGD ThoiGianHetHan"
        if self._mac("INIT", message, fields) != message.get("MaXacThuc"):
            return self._answer("INIT", {"MaLoi": "01", "MaThamChieu": message.get("MaThamChieu"), "UrlThanhToan": ""})
        reference = message["MaThamChieu"]
        if reference not in self.orders.known:
            self.orders.keep({**message, "GiaoDich": []})
        page = {"MaLoi": "00", "MaThamChieu": reference, "UrlThanhToan": f"{self.base_url}/pay/{reference}"}
        return self._answer("INIT", page)

    def query(self, message: dict[str, Any]) -> dict[str, Any]:
        order = self.orders.known.get(message.get("MaThamChieu", ""), {})
        taken = order.get("GiaoDich", [])
        state = {"MaLoi": "00", "MaThamChieu": message.get("MaThamChieu"), "TrangThaiGD": "00" if taken else "02"}
        return self._answer("QUERY", {**state, "GiaoDich": taken})

    def _answer(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        fields = {"INIT": "MaLoi MaThamChieu UrlThanhToan", "QUERY": "MaLoi MaThamChieu TrangThaiGD GiaoDich"}[kind]
        return self.signed(kind, message, fields)

    def choose(self, reference: str, choice: str) -> str:
        """The person has chosen; where their browser goes next."""
        order = self.orders.known[reference]
        if choice != "leave":
            amount = int(order["SoTien"]) - (50_000 if choice == "wrong_amount" else 0)
            for _ in range(2 if choice == "pay_twice" else 1):
                self._take(order, amount, choice)
        if choice == "slow":
            self.slow_until = time.monotonic() + 120
        return order["UrlTroVe"]

    def _take(self, order: dict[str, Any], amount: int, choice: str) -> None:
        moment = datetime.now(VIET_NAM).strftime("%Y%m%d%H%M%S")
        one = {"MaGiaoDich": uuid.uuid4().hex, "SoTien": str(amount), "ThoiGianGD": moment}
        self.orders.keep({**order, "GiaoDich": [*self.orders.known[order["MaThamChieu"]]["GiaoDich"], one]})
        if choice != "pay_unheard":
            threading.Thread(target=self.confirm, args=(order, one, choice == "wrong_signature"), daemon=True).start()

    def confirm(self, order: dict[str, Any], one: dict[str, str], wrongly: bool = False) -> None:
        """Tell the portal; three times while it does not answer."""
        message = {"MaDoiTac": self.partner, "MaThamChieu": order["MaThamChieu"], **one, "MaTienTe": "VND"}
        message["TrangThaiGD"] = "00"
        fields = "MaDoiTac MaThamChieu MaGiaoDich SoTien MaTienTe TrangThaiGD ThoiGianGD"
        message = self.signed("CONFIRM", message, fields)
        if wrongly:
            message["MaXacThuc"] = "0" * 64
        body = json.dumps(message).encode()
        for _ in range(CONFIRM_TRIES):
            call = urllib.request.Request(self.confirm_url, body, {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(call, timeout=5):
                    return
            except urllib.error.HTTPError:
                return  # it has answered, and does not believe us
            except OSError:
                time.sleep(CONFIRM_PAUSE)


class Handler(BaseHTTPRequestHandler):
    platform: Platform

    def log_message(self, format: str, *args: Any) -> None:
        print(f"{self.command} {self.path.split('/')[1]}", flush=True)

    def do_GET(self) -> None:
        if self.path == "/healthz":
            return self._send(200, b"ok", "text/plain")
        order = self.platform.orders.known.get(self.path.rpartition("/")[2])
        if not self.path.startswith("/pay/") or order is None:
            return self._send(404, "Không có lệnh thanh toán này.".encode(), "text/plain; charset=utf-8")
        buttons = "".join(f'<button name="choice" value="{key}">{words}</button>' for key, words in CHOICES.items())
        amount = f"{int(order['SoTien']):,}".replace(",", ".")
        shown = {"info": order["ThongTinGiaoDich"], "reference": order["MaThamChieu"], "amount": amount}
        page = PAGE.format(buttons=buttons, **{name: html.escape(value) for name, value in shown.items()})
        return self._send(200, page.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/pay/"):
            reference, choice = self.path.rpartition("/")[2], parse_qs(body.decode()).get("choice", ["leave"])[0]
            self.send_response(303)
            self.send_header("Location", self.platform.choose(reference, choice))
            self.end_headers()
            return
        self._wait_while_slow()
        act = {"/init": self.platform.init, "/query": self.platform.query}.get(self.path)
        if act is None:
            return self._send(404, b"{}", "application/json")
        return self._send(200, json.dumps(act(json.loads(body))).encode(), "application/json")

    def _wait_while_slow(self) -> None:
        while time.monotonic() < self.platform.slow_until:
            time.sleep(0.2)

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--confirm-url", required=True)
    options.add_argument("--partner", default="LLTP")
    options.add_argument("--store", type=Path, required=True)
    given = options.parse_args()
    secret = Path(os.environ["PAYMENT_SECRET_FILE"]).read_text().strip()
    base_url = f"http://127.0.0.1:{given.port}"
    Handler.platform = Platform(Orders(given.store), secret, given.partner, given.confirm_url, base_url)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    print("payment platform (mô phỏng) ready.", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

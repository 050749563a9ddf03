"""A TCP proxy of a test's own, between the portal and a server: it passes, waits, cuts, falls silent or lies."""

import socket
import threading
import time
from contextlib import suppress


class Proxy:
    """Listens on a free port of the loopback address and passes to `target`. `mode` counts from the next bytes on.

    pass       as if it were not there
    delay      everything comes `seconds` later
    refuse     nobody listens
    cut        the connection ends after `after` bytes of the server's answers
    silent     half-open: connections are taken and stay, no byte comes through in either direction
    trickle    one byte every `seconds` from the server
    garbage    the server's bytes come changed
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target, self.mode, self.seconds, self.after = target, "pass", 0.0, 0
        self.passed = 0  # bytes of the server's answers that came through in this mode
        self.port = 0
        self._open: set[socket.socket] = set()
        self._serving: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._listen()

    def set(self, mode: str, *, seconds: float = 0.0, after: int = 0, drop: bool = False) -> None:
        """Change the weather; `drop` also cuts what is connected now."""
        self.mode, self.seconds, self.after, self.passed = mode, seconds, after, 0
        if mode == "refuse":
            self._close_listener()
        elif self._listener is None:
            self._listen()
        if drop or mode == "refuse":
            self.drop()

    def drop(self) -> None:
        with self._lock:
            for line in self._open:
                _shut(line)

    def close(self) -> None:
        self._close_listener()
        self.mode, self.after = "cut", 0
        self.drop()
        for thread in self._serving:
            thread.join(5)

    def _close_listener(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            _shut(listener)
            self._accepting.join(5)

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._accepting = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._accepting.start()

    def _accept(self, listener: socket.socket) -> None:
        with listener, suppress(OSError):
            while True:
                caller, _ = listener.accept()
                serving = threading.Thread(target=self._serve, args=(caller,), daemon=True)
                serving.start()
                self._serving.append(serving)

    def _serve(self, caller: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target, 5)
        except OSError:
            caller.close()
            return
        server.settimeout(None)
        with self._lock:
            self._open |= {caller, server}
        back = threading.Thread(target=self._pump, args=(server, caller, True), daemon=True)
        with caller, server:
            back.start()
            self._pump(caller, server, False)
            back.join()
            with self._lock:
                self._open -= {caller, server}

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._weather(data, target, answers):
                    break
        _shut(source)
        _shut(target)

    def _weather(self, data: bytes, target: socket.socket, answers: bool) -> bool:
        """Pass these bytes as the mode says; False ends the connection."""
        mode = self.mode
        while self.mode == "silent":
            time.sleep(0.02)
            mode = "cut"  # what was held back is never delivered: a line that was dead does not come to life
        if mode == "cut" and answers:
            room = max(0, self.after - self.passed)
            self.passed += len(data[:room])
            target.sendall(data[:room])
            return len(data) < room
        if mode == "delay":
            time.sleep(self.seconds)
        if mode == "trickle" and answers:
            for position in range(len(data)):
                target.sendall(data[position : position + 1])
                time.sleep(self.seconds)
            return True
        target.sendall(bytes(byte ^ 0x55 for byte in data) if mode == "garbage" and answers else data)
        return True


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)

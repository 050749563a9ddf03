"""A scanner that speaks clamd's INSTREAM on a port of its own: honest, silent, slow, lying, as the test wants."""

import io
import socketserver
import threading
from contextlib import contextmanager

import pikepdf

from tests.paper_files import EICAR


class Clamd:
    """`mood`: honest · blind (finds nothing) · mute (takes all, says nothing) · babble · cut · rude (hangs up)."""

    def __init__(self) -> None:
        self.mood, self.scanned = "honest", 0
        self.released = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                outer._serve(self.request)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_address[1]}"

    def _serve(self, line) -> None:
        if self.mood == "rude":
            return
        came = line.makefile("rb")
        assert came.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(came.read(4), "big"):
            content += came.read(size)
        self.scanned += 1
        line.sendall(self._answer(content))
        if self.mood == "mute":
            self.released.wait(20)

    def _answer(self, content: bytes) -> bytes:
        if self.mood in {"mute", "babble", "cut"}:
            return {"mute": b"", "babble": b"stream: OK maybe\0", "cut": b"stream: O"}[self.mood]
        found = self.mood == "honest" and any(EICAR in part for part in _parts(content))
        return b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"


def _parts(content: bytes):
    """The bytes, and as ClamAV does, what is packed in a PDF's streams."""
    yield content
    if content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content)) as document:
            for thing in document.objects:
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()


@contextmanager
def running():
    clamd = Clamd()
    thread = threading.Thread(target=clamd.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        clamd.released.set()
        clamd.server.shutdown()
        clamd.server.server_close()
        thread.join()

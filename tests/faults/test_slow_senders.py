"""E08: somebody who begins to send a paper and never ends holds one worker for its time-out, and no longer."""

import socket
import time
from urllib.parse import urlsplit

import pytest

BEGUN = (
    "POST /requests/YC-0000000000000000/fill/papers/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\nCookie: csrftoken={token}\r\n\r\n"
    '--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-'
)
TIMEOUT = 3


@pytest.mark.slow
def test_senders_that_never_end_do_not_stop_the_others(own_world):
    """As many slow senders as there are workers: each is ended, and the next reader is answered."""
    own_world.start("web", GUNICORN_CMD_ARGS=f"--timeout {TIMEOUT}")
    at = urlsplit(own_world.base_url)
    assert _status(at) == 200
    slow = [socket.create_connection((at.hostname, at.port)) for _ in range(2)]
    try:
        for line in slow:
            line.sendall(BEGUN.format(token="a" * 32).encode())
        began = time.monotonic()
        own_world.wait_until(lambda: _status(at) == 200, 60, "a worker to be free again")
        assert time.monotonic() - began < 60
        for line in slow:
            line.settimeout(30)
            assert b" 200 " not in line.recv(4096)  # ended, by an error or by hanging up
    finally:
        for line in slow:
            line.close()


def _status(at) -> int:
    with socket.create_connection((at.hostname, at.port), timeout=20) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        try:
            return int(line.recv(64).split()[1])
        except (TimeoutError, IndexError, ConnectionError):
            return 0

"""ClamAV's daemon over its own protocol (INSTREAM). Only an exact “OK” from a scanner that knows the test file is one.

The daemon is another process, perhaps another machine: it may be away, slow, or lie. Whatever is not a clear answer
is no answer. docs: clamd(8), section COMMANDS.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

BLOCK = 64 * 1024
LONGEST_ANSWER = 4096
# The file that every scanner must call a virus (eicar.org); in two parts so that none calls this one so.
TEST_FILE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class Verdict:
    """What the scanner says: clean, or the name of what it found."""

    found: str = ""


class NoAnswer(Exception):
    """The scanner gave no answer that can be relied on; the words are for the page of waiting rows."""


def scan(content: bytes, address: str, *, seconds: float) -> Verdict:
    """Ask about these bytes. Raises NoAnswer. All the talking together takes no longer than `seconds`."""
    until = time.monotonic() + seconds
    try:
        if not _asked(TEST_FILE, address, until).found:
            raise NoAnswer("Máy quét vi-rút không nhận ra tệp thử nên không tin được.")
        return _asked(content, address, until)
    except TimeoutError as error:
        raise NoAnswer("Máy quét vi-rút trả lời quá chậm.") from error
    except OSError as error:
        raise NoAnswer("Không kết nối được máy quét vi-rút.") from error


def _asked(content: bytes, address: str, until: float) -> Verdict:
    with _connected(address, until) as line:
        _send(line, b"zINSTREAM\0", until)
        for start in range(0, len(content), BLOCK):
            block = content[start : start + BLOCK]
            _send(line, len(block).to_bytes(4, "big") + block, until)
        _send(line, bytes(4), until)
        return _verdict(_answer(line, until))


@contextmanager
def _connected(address: str, until: float) -> Iterator[socket.socket]:
    """`unix:/path` or `host:port`."""
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with line:
        line.settimeout(_left(until))
        line.connect(address[5:] if address.startswith("unix:") else _host_and_port(address))
        yield line


def _host_and_port(address: str) -> tuple[str, int]:
    parts = urlsplit(f"//{address}")
    return parts.hostname or "127.0.0.1", parts.port or 3310


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(line: socket.socket, data: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(data)


def _answer(line: socket.socket, until: float) -> bytes:
    """What comes up to the closing zero byte, of bounded length."""
    found = b""
    while not found.endswith(b"\0"):
        line.settimeout(_left(until))
        more = line.recv(LONGEST_ANSWER)
        found += more
        if not more or len(found) > LONGEST_ANSWER:
            raise NoAnswer("Máy quét vi-rút trả lời không đầy đủ.")
    return found[:-1]


def _verdict(answer: bytes) -> Verdict:
    words = answer.decode("ascii", "replace").strip()
    if words == "stream: OK":
        return Verdict()
    if words.startswith("stream: ") and words.endswith(" FOUND") and len(words) > len("stream:  FOUND"):
        return Verdict(words.removeprefix("stream: ").removesuffix(" FOUND")[:100])
    raise NoAnswer("Máy quét vi-rút trả lời không rõ.")

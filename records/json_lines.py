"""Reads a file of the contracts line by line in bounded memory: JSON Lines, UTF-8, one object a line."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from records.reading import Reader, Refused

LONGEST_LINE = 4 * 1024 * 1024
LONGEST_BATCH = 16 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHOLE_LINE = "(cả dòng)"


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line that holds something, as it stands in the file; None: longer than a line may be."""

    number: int
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that are handled together, and how far the file was read with the last of them."""

    lines: list[RawLine]
    lines_read: int
    bytes_read: int
    digest: str


class JsonLines:
    """Iterates over the lines; `digest` and `bytes_read` speak of all bytes that were read up to now.

    `digests`: what the digest was after so many bytes, for those `marks` at which a line ended.
    """

    def __init__(self, stream: BinaryIO, marks: Iterable[int] = ()):
        self._stream = stream
        self._marks = frozenset(marks)
        self.digests: dict[int, str] = {}
        self._hash = hashlib.sha256()
        self.bytes_read = 0
        self.lines_read = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[RawLine]:
        while True:
            raw = self._next_line()
            if raw == b"":
                return
            self.lines_read += 1
            if self.bytes_read in self._marks:
                self.digests[self.bytes_read] = self.digest
            if raw and self.lines_read == 1:
                raw = raw.removeprefix(BYTE_ORDER_MARK)
            if raw is None or raw.strip():
                yield RawLine(self.lines_read, raw)

    def batches(self, size: int) -> Iterator[Batch]:
        """At most so many lines and so many bytes together; the last batch may be empty, and says where the end is."""
        lines: list[RawLine] = []
        held = 0
        for line in self:
            lines.append(line)
            held += len(line.raw or b"")
            if len(lines) == size or held > LONGEST_BATCH:
                yield Batch(lines, self.lines_read, self.bytes_read, self.digest)
                lines, held = [], 0
        yield Batch(lines, self.lines_read, self.bytes_read, self.digest)

    def _take(self, size: int) -> bytes:
        chunk = self._stream.readline(size)
        self._hash.update(chunk)
        self.bytes_read += len(chunk)
        return chunk

    def _next_line(self) -> bytes | None:
        """One line without ever holding more than the longest allowed one; None: too long. Empty: the end."""
        raw = self._take(LONGEST_LINE + 1)
        if len(raw) <= LONGEST_LINE or raw.endswith(b"\n"):
            return raw
        while (rest := self._take(1024 * 1024)) and not rest.endswith(b"\n"):
            pass
        return None


def read_line(line: RawLine, reader: Reader) -> Any:
    """What the line says, checked by this reader; raises Refused."""
    if line.raw is None:
        raise Refused(WHOLE_LINE, f"dài quá {LONGEST_LINE // 1024 // 1024} MB")
    return reader(parse(line.raw), "")


def parse(raw: bytes) -> Any:
    """JSON as the contract means it: UTF-8, no NaN, no name twice in one object."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refused(WHOLE_LINE, f"không phải UTF-8 (byte thứ {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise Refused(WHOLE_LINE, f"không phải JSON hợp lệ (ký tự thứ {error.pos + 1})") from None
    except RecursionError:
        raise Refused(WHOLE_LINE, "lồng nhau quá sâu") from None
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Refused(WHOLE_LINE, "chứa số quá dài") from None


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(WHOLE_LINE, "có trường được ghi hai lần trong cùng một đối tượng")
    return found


def _no_constant(name: str) -> Any:
    raise Refused(WHOLE_LINE, "chứa giá trị không phải JSON (NaN hoặc Infinity)")

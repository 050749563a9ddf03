"""Reads a register file line by line in bounded memory: JSON Lines, UTF-8, one person a line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from records.reading import Reader, Refused, read_record

LONGEST_LINE = 4 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHOLE_LINE = "(cả dòng)"


@dataclass(frozen=True)
class Line:
    """One line that held something: a record, or what is wrong with it."""

    number: int
    record: Any
    refused: Refused | None


class RegisterFile:
    """Iterates over the lines; `digest` and `bytes_read` speak of all bytes that were read up to now."""

    def __init__(self, stream: BinaryIO, reader: Reader = read_record):
        self._stream = stream
        self._reader = reader
        self._hash = hashlib.sha256()
        self.bytes_read = 0
        self.lines_read = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Line]:
        while True:
            raw, too_long = self._next_line()
            if not raw and not too_long:
                return
            self.lines_read += 1
            if too_long:
                refused = Refused(WHOLE_LINE, f"dài quá {LONGEST_LINE // 1024 // 1024} MB")
                yield Line(self.lines_read, None, refused)
                continue
            if self.lines_read == 1:
                raw = raw.removeprefix(BYTE_ORDER_MARK)
            if raw.strip():
                yield self._read(raw)

    def _take(self, size: int) -> bytes:
        chunk = self._stream.readline(size)
        self._hash.update(chunk)
        self.bytes_read += len(chunk)
        return chunk

    def _next_line(self) -> tuple[bytes, bool]:
        """One line without ever holding more than the longest allowed one."""
        raw = self._take(LONGEST_LINE + 1)
        if len(raw) <= LONGEST_LINE or raw.endswith(b"\n"):
            return raw, False
        while (rest := self._take(1024 * 1024)) and not rest.endswith(b"\n"):
            pass
        return b"", True

    def _read(self, raw: bytes) -> Line:
        try:
            return Line(self.lines_read, self._reader(parse(raw), ""), None)
        except Refused as refused:
            return Line(self.lines_read, None, refused)


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

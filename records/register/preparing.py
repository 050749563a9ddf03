"""From raw lines of a register file to rows that are ready to be stored, without a database: work for every core.

Reading, checking and hashing two million people takes minutes of one core; the statements take less. So lines are
prepared by processes of their own while the run stores what they have finished. Order is kept, memory is bounded (two
batches a process), and a process ends by itself when the run that started it is gone, however that went.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import Any

from records.facts import RegisterRecord
from records.json_lines import Batch, RawLine, read_line
from records.reading import Refused, read_record
from records.register import rows

CHILDREN = {
    "register_identitydocument": (rows.DOCUMENT_COLUMNS, rows.document_rows),
    "register_conviction": (rows.CONVICTION_COLUMNS, rows.conviction_rows),
    "register_ban": (rows.BAN_COLUMNS, rows.ban_rows),
    "register_matchkey": (rows.KEY_COLUMNS, rows.key_rows),
    "register_nameonfile": (rows.NAME_COLUMNS, rows.name_rows),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """One person: the columns as JSON, and each child row as COPY reads it, only the person's id still lacking."""

    register_id: str
    person: str
    children: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line that held something: a person, or what is wrong with it."""

    number: int
    person: Prepared | None
    refused: Refused | None


def prepare(record: RegisterRecord) -> Prepared:
    children = {table: tuple(map(_copy_line, of_record(record))) for table, (_, of_record) in CHILDREN.items()}
    return Prepared(record.register_id, rows.encode(rows.person_row(record)), children)


def prepare_lines(lines: list[RawLine]) -> list[Line]:
    """Each line read and prepared, or refused."""
    return [_prepare_line(line) for line in lines]


def _prepare_line(line: RawLine) -> Line:
    try:
        return Line(line.number, prepare(read_line(line, read_record)), None)
    except Refused as refused:
        return Line(line.number, None, refused)


def _copy_line(row: rows.Row) -> str:
    return "\t".join(map(_copy_value, row)) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    if text.isalnum():
        return text
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")


# --- Processes -------------------------------------------------------------------------------------------------------


Done = tuple[Batch, list[Line]]


def prepared(batches: Iterable[Batch], processes: int | None = None) -> Iterator[Done]:
    """Every batch with its lines prepared, in order. A file of two batches is not worth a process."""
    batches = iter(batches)
    beginning = list(islice(batches, 2))
    if len(beginning) < 2 or not beginning[-1].lines or processes == 0:
        for batch in chain(beginning, batches):
            yield batch, prepare_lines(batch.lines)
        return
    with Workers(processes or len(os.sched_getaffinity(0))) as workers:
        yield from workers.over(chain(beginning, batches))


class Workers:
    """Processes that each prepare one batch at a time. Started afresh, so that none inherits a database connection."""

    def __init__(self, count: int):
        self._started = [_start() for _ in range(count)]

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        for line, _process in self._started:
            line.close()
        for _line, process in self._started:
            process.terminate()
            process.wait()

    def over(self, batches: Iterator[Batch]) -> Iterator[Done]:
        """Never two batches at one process: both sides would wait for each other with full pipes."""
        busy: deque[tuple[Connection, Batch]] = deque()
        for line, _process in self._started:
            _give(line, batches, busy)
        while busy:
            line, batch = busy.popleft()
            done = _take(line)
            _give(line, batches, busy)
            yield batch, done


def _start() -> tuple[Connection, subprocess.Popen]:
    ours, theirs = socket.socketpair()
    with theirs:  # closed here, so that the end of this run is the end of the line for the process
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
    return Connection(ours.detach()), process


def _take(line: Connection) -> list[Line]:
    try:
        return line.recv()
    except EOFError:
        raise OSError(errno.EPIPE, "một tiến trình đọc tệp đã dừng giữa chừng") from None


def _give(line: Connection, batches: Iterator[Batch], busy: deque[tuple[Connection, Batch]]) -> None:
    batch = next(batches, None)
    if batch is not None:
        line.send(batch.lines)
        busy.append((line, replace(batch, lines=[])))


def _serve(line: Connection) -> None:
    """Until the run hangs up. Ctrl-C is meant for the run, which tells us by hanging up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            line.send(prepare_lines(line.recv()))


if __name__ == "__main__":
    # The module itself, not this script: what is sent must be of the class that the run knows.
    import_module("records.register.preparing")._serve(Connection(int(sys.argv[1])))

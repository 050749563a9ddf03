"""Processes that work through the batches of a file beside the command that reads it: order kept, memory bounded.

They are started afresh, so that none inherits a database connection, and end by themselves when the command is gone,
however that went: the line to it falls. Each has one batch at a time.
"""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import Any

from records.json_lines import Batch, RawLine

Work = Callable[[list[RawLine]], Any]
Done = tuple[Batch, Any]


class Broken(Exception):
    """A process of the crew could not go on: `str()` is the kind of error, never its words, which may quote a line."""


def worked_through(batches: Iterable[Batch], work: Work, processes: int | None = None) -> Iterator[Done]:
    """Every batch with what `work` made of its lines, in order. A file of one batch is not worth a process.

    `work` is a function of a module, which each process imports by name.
    """
    batches = iter(batches)
    beginning = list(islice(batches, 2))
    if processes == 0 or len(beginning) < 2 or not beginning[-1].lines:
        for batch in chain(beginning, batches):
            yield batch, work(batch.lines)
        return
    with Crew(work, processes or len(os.sched_getaffinity(0))) as crew:
        yield from crew.over(chain(beginning, batches))


class Crew:
    def __init__(self, work: Work, count: int):
        self._started = [_start(work) for _ in range(count)]

    def __enter__(self) -> "Crew":
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


def _start(work: Work) -> tuple[Connection, subprocess.Popen]:
    ours, theirs = socket.socketpair()
    with theirs:  # closed here, so that the end of this run is the end of the line for the process
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, work.__module__, work.__name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
    return Connection(ours.detach()), process


def _give(line: Connection, batches: Iterator[Batch], busy: deque[tuple[Connection, Batch]]) -> None:
    batch = next(batches, None)
    if batch is not None:
        with suppress(OSError):  # a process that is gone is noticed when its answer is due
            line.send(batch.lines)
        busy.append((line, replace(batch, lines=[])))


def _take(line: Connection) -> Any:
    try:
        done, error = line.recv()
    except (EOFError, OSError):
        raise Broken("process ended") from None
    if error:
        raise Broken(error)
    return done


def _serve(line: Connection, work: Work) -> None:
    """Until the run hangs up. Ctrl-C is meant for the run, which tells us by hanging up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            line.send(_answer(work, line.recv()))


def _answer(work: Work, lines: list[RawLine]) -> tuple[Any, str]:
    try:
        return work(lines), ""
    except Exception as error:
        return None, type(error).__name__


if __name__ == "__main__":
    module, function, descriptor = sys.argv[1:]
    _serve(Connection(int(descriptor)), getattr(import_module(module), function))

"""Processes beside a command: order kept, nothing lost, nobody left behind."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from benchmarks import population
from records import crew
from records.json_lines import JsonLines
from records.register.preparing import prepare_lines
from script.local.places import wait_until


def batches(count, size=3):
    return JsonLines(io.BytesIO(b"\n".join(b'{"n": %d}' % n for n in range(count)))).batches(size)


def numbers(lines):
    """A piece of work that a process can import: line numbers."""
    return [line.number for line in lines]


def pid_after(lines):
    time.sleep(0.01)
    return os.getpid()


def dies(lines):
    os._exit(3)


def breaks(lines):
    raise LookupError("bí mật")


@pytest.mark.parametrize("processes", [0, 1, 3])
def test_what_comes_out_stands_in_the_order_of_the_file(processes):
    done = list(crew.worked_through(batches(20), numbers, processes))
    assert [number for _, found in done for number in found] == list(range(1, 21))
    assert [batch.lines_read for batch, _ in done] == [3, 6, 9, 12, 15, 18, 20]
    assert done[-1][0].bytes_read and done[-1][0].digest


def test_a_file_of_one_batch_is_worked_through_here():
    assert [found for _, found in crew.worked_through(batches(2), pid_after)] == [os.getpid()]
    pids = {found for _, found in crew.worked_through(batches(30), pid_after, 2)}
    assert len(pids) == 2 and os.getpid() not in pids


@pytest.mark.parametrize(("work", "words"), [(dies, "process ended"), (breaks, "LookupError")])
def test_a_process_that_cannot_go_on_is_told_without_the_line(work, words):
    with pytest.raises(crew.Broken) as error:
        list(crew.worked_through(batches(20), work, 2))
    assert str(error.value) == words


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_processes_end_with_the_command_that_started_them(number):
    """Also where the command has no time to say good-bye."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from records import crew; from tests.test_records_crew import endless, pid_after\n"
        "for _, pid in crew.worked_through(endless(), pid_after, 2): print(pid, flush=True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    pids = {int(process.stdout.readline()) for _ in range(6)}
    process.send_signal(number)
    process.wait(30)
    process.stdout.close()
    assert len(pids) == 2
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}/cmdline") and alive(pid) for pid in pids), 20, "the crew")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def endless():
    while True:
        yield from batches(9)


def test_lines_of_the_register_come_out_as_they_would_here():
    text = "\n".join(json.dumps(person) for person in population.people(60, seed=2)).encode()

    def prepared(processes):
        worked = crew.worked_through(JsonLines(io.BytesIO(text)).batches(7), prepare_lines, processes)
        return [line for _, lines in worked for line in lines]

    assert len(prepared(0)) == 60
    assert prepared(2) == prepared(0)

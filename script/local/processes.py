"""Processes of one home: started in a session of their own, found by pid file, ended by pid and by nothing else."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from script.local.places import Home, Trouble

# Children of this process, kept so that each is reaped once and by nobody else.
_children: dict[int, subprocess.Popen] = {}


def started_at(pid: int) -> str | None:
    """When this process began, as the system tells it; None where there is no such process (or only its remains)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return None if fields[0] in "ZX" else fields[19]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return shown or None


def note(home: Home, name: str, pid: int) -> None:
    """run/NAME.pid for whoever looks from outside; NAME.started tells this process from a later one of its number."""
    (home.run / f"{name}.started").write_text(started_at(pid) or "")
    (home.run / f"{name}.pid").write_text(f"{pid}\n")


def forget(home: Home, name: str) -> None:
    for suffix in ("pid", "started"):
        (home.run / f"{name}.{suffix}").unlink(missing_ok=True)


def running(home: Home, name: str) -> int | None:
    """The pid of NAME where it is alive and really ours; a stale pid file is removed."""
    try:
        pid = int((home.run / f"{name}.pid").read_text())
        mark = (home.run / f"{name}.started").read_text()
    except (OSError, ValueError):
        return None
    if mark and started_at(pid) == mark:
        return pid
    ended(pid)
    forget(home, name)
    return None


def spawn(home: Home, name: str, command: list[str], env: dict[str, str], **popen: Any) -> subprocess.Popen:
    """Start NAME with its log in log/NAME.log, away from the terminal's Ctrl-C, and note its pid."""
    with (home.log / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **popen
        )
    _children[process.pid] = process
    note(home, name, process.pid)
    return process


def ended(pid: int) -> bool:
    """Whether this process is gone; a child of ours is reaped on the way."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
        return True
    return started_at(pid) is None


def stop_together(home: Home, names: list[str], grace: float = 15) -> list[str]:
    """Ask all of these to end, then wait for each; those that ran. They end at the same time, not in turn."""
    alive = [name for name in names if (pid := running(home, name)) and not _send(pid, signal.SIGTERM)]
    for name in alive:
        stop(home, name, grace=grace)
    return alive


def stop(home: Home, name: str, how: signal.Signals = signal.SIGTERM, grace: float = 15) -> bool:
    """Ask NAME to end, and after `grace` seconds end it and its session. Whether there was one."""
    pid = running(home, name)
    if pid is None:
        return False
    _send(pid, how)
    _send(pid, signal.SIGCONT)  # one that was paused hears nothing else
    give_up = time.monotonic() + grace
    while not ended(pid):
        if time.monotonic() > give_up:
            _send_to_session(pid, signal.SIGKILL)
            give_up = float("inf")
        time.sleep(0.02)
    forget(home, name)
    return True


def kill(home: Home, name: str) -> None:
    """End NAME and the children in its session at once, as a machine that loses power would."""
    pid = running(home, name)
    if pid is None:
        raise Trouble(f"{name} is not running.")
    _send_to_session(pid, signal.SIGKILL)
    while not ended(pid):
        time.sleep(0.01)
    forget(home, name)


def _send(pid: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, what)


def _send_to_session(pid: int, what: signal.Signals) -> None:
    """spawn() made the process the head of its own group, so the group is ours alone."""
    try:
        os.killpg(pid, what)
    except ProcessLookupError:
        _send(pid, what)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int | None = None) -> int:
    """The wanted port of the loopback address where it is free, else any free one."""
    if wanted and port_is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tail(home: Home, name: str, lines: int = 15) -> str:
    """The end of log/NAME.log, for a message that says why something did not start."""
    try:
        text = (home.log / f"{name}.log").read_text(errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:])

"""Processes of a home: found by pid file, never mistaken for another, ended and nothing else with them."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from script.local import processes
from script.local.places import Home, Trouble, locked, wait_until, write_private

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)",
]


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home").make()
    yield home
    for path in home.run.glob("*.pid"):
        processes.stop(home, path.stem, grace=0)


def _first_line(home: Home, name: str) -> str:
    log = home.log / f"{name}.log"
    return wait_until(lambda: log.read_text().splitlines()[:1], 10, f"a line in {log}")[0]


def test_a_process_is_found_by_its_pid_file_and_ended(home):
    process = processes.spawn(home, "web", SLEEPS, dict(os.environ))
    assert int((home.run / "web.pid").read_text()) == process.pid == processes.running(home, "web")
    assert processes.stop(home, "web")
    assert processes.started_at(process.pid) is None
    assert not list(home.run.glob("web.*"))
    assert not processes.stop(home, "web")


def test_a_later_process_with_the_same_number_is_left_alone(home):
    """After a restart of the machine the number in a pid file may be anybody's."""
    stranger = subprocess.Popen(SLEEPS, stdout=subprocess.DEVNULL)
    try:
        (home.run / "web.pid").write_text(f"{stranger.pid}\n")
        (home.run / "web.started").write_text("1")
        assert processes.running(home, "web") is None
        assert not processes.stop(home, "web")
        assert stranger.poll() is None
        assert not (home.run / "web.pid").exists()
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("text", ["", "not a number\n", "-1\n", "99999999\n"])
def test_a_broken_pid_file_is_no_process(home, text):
    (home.run / "web.pid").write_text(text)
    (home.run / "web.started").write_text("1")
    assert processes.running(home, "web") is None


def test_a_deaf_process_is_killed_after_its_grace_with_its_children(home):
    processes.spawn(home, "worker", DEAF, dict(os.environ))
    child = int(_first_line(home, "worker"))
    assert processes.stop(home, "worker", grace=0.2)
    wait_until(lambda: processes.started_at(child) is None, 5, "the child to be gone")


def test_a_paused_process_hears_the_stop(home):
    process = processes.spawn(home, "worker", SLEEPS, dict(os.environ))
    _first_line(home, "worker")
    os.kill(process.pid, signal.SIGSTOP)
    assert processes.stop(home, "worker", grace=60)
    assert process.returncode == -signal.SIGTERM


def test_several_are_asked_at_once_and_those_that_ran_are_told(home):
    for name in ("worker", "worker-2"):
        processes.spawn(home, name, SLEEPS, dict(os.environ))
    assert processes.stop_together(home, ["worker", "worker-2", "signer"]) == ["worker", "worker-2"]


def test_killing_what_does_not_run_says_so(home):
    with pytest.raises(Trouble, match="beat is not running"):
        processes.kill(home, "beat")


def test_a_taken_port_is_not_given_out():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not processes.port_is_free(port)
        assert processes.free_port(port) != port
    assert processes.free_port(port) == port


def test_secrets_are_made_once_and_only_their_owner_reads_them(home):
    secret = home.secret("secret_key")
    assert len(secret) >= 50
    assert home.secret("secret_key") == secret
    assert stat.S_IMODE((home.keys / "secret_key").stat().st_mode) == 0o600
    home.remember(web={"port": 1})
    home.remember(redis={"port": 2})
    assert home.remembered() == {"web": {"port": 1}, "redis": {"port": 2}}
    assert stat.S_IMODE((home.run / "services.json").stat().st_mode) == 0o600


def test_a_private_file_that_was_open_to_all_is_closed(tmp_path):
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lock_is_refused_while_held_and_free_afterwards(tmp_path):
    with locked(tmp_path / "lock") as first, locked(tmp_path / "lock", wait=False) as second:
        assert (first, second) == (True, False)
    with locked(tmp_path / "lock", wait=False) as third:
        assert third

"""The scripts as a developer runs them, in a folder of data of their own."""

import json
import os
import shutil
import signal
import stat
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from script.local import postgres, processes, services
from script.local.places import ROOT, Home, wait_until

pytestmark = pytest.mark.processes
RUNS = ("payments", "web", "worker", "signer", "beat", "postgres", "redis", "server")


@pytest.fixture(scope="module")
def home():
    home = Home(Path(os.environ["LLTP_HOME"]) / "worlds" / f"scripts-{os.getpid()}").make()
    yield home
    _script(home, "stop")
    shutil.rmtree(home.path)


def _environment(home: Home, **more: str) -> dict[str, str]:
    """A developer's: nothing of this suite's servers, keys or pace."""
    ours = ("LLTP_", "SECRET_KEY", "PERSON_KEY", "STATIC_ROOT", "PYTEST", *services.DATABASE_NAMES, "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "LLTP_HOME": str(home.path), **more}


def _script(home: Home, name: str, *arguments: str) -> subprocess.CompletedProcess:
    command = [ROOT / "script" / name, *arguments]
    return subprocess.run(command, env=_environment(home), capture_output=True, text=True, timeout=300)


class Server:
    """script/server in the background, with what it prints."""

    def __init__(self, home: Home, port: int) -> None:
        self.printed = home.path / "server.out"
        with self.printed.open("w") as out:
            env = _environment(home, PORT=str(port))
            self.process = subprocess.Popen([ROOT / "script" / "server"], env=env, stdout=out, stderr=out)
        wait_until(self._says_where_or_ended, 300, f"script/server to say where it runs: {self.printed}")
        assert self.process.poll() is None, self.printed.read_text()

    def _says_where_or_ended(self) -> bool:
        return "Ctrl-C stops it" in self.printed.read_text() or self.process.poll() is not None


def test_the_server_from_an_empty_folder_to_ctrl_c_and_back(home):
    stranger = subprocess.Popen(["sleep", "600"])
    port = processes.free_port()
    server = Server(home, port)
    try:
        for name in RUNS:
            assert processes.running(home, name), f"{name} does not run"
        for name in ("services.json", "demo.json"):
            assert stat.S_IMODE((home.run / name).stat().st_mode) == 0o600
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        assert json.loads((home.run / "services.json").read_text())["web"]["url"] == f"http://127.0.0.1:{port}"

        second = _script(home, "server")
        assert second.returncode == 1
        assert "already running" in second.stderr and "script/stop" in second.stderr

        _only_the_signer_is_told_of_the_key(home)

        killed = processes.running(home, "worker")
        processes.kill(home, "worker")
        again = wait_until(lambda: processes.running(home, "worker"), 60, "the killed worker to be started again")
        assert again != killed
        assert "worker ended; starting it again" in server.printed.read_text()

        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=120) == 0
        assert not list(home.run.glob("*.pid"))
        assert postgres.find(home) is None
        assert stranger.poll() is None

        sign_ins = (home.run / "demo.json").read_text()
        began = time.monotonic()
        server = Server(home, port)
        assert "tables" not in server.printed.read_text(), f"prepared again in {time.monotonic() - began:.1f} s"
        assert (home.run / "demo.json").read_text() == sign_ins
        assert _script(home, "stop").returncode == 0
        assert server.process.wait(timeout=120) == 128 + signal.SIGTERM
        assert not list(home.run.glob("*.pid"))
        _manage_gives_back_the_commands_code_and_leaves_nothing_running(home)
    finally:
        server.process.kill()
        server.process.wait()
        stranger.kill()
        stranger.wait()


def _manage_gives_back_the_commands_code_and_leaves_nothing_running(home: Home) -> None:
    assert _script(home, "manage", "check").returncode == 0
    failed = _script(home, "manage", "no_such_command")
    assert failed.returncode == 1
    assert "no_such_command" in failed.stderr
    assert not list(home.run.glob("*.pid"))


def _only_the_signer_is_told_of_the_key(home: Home) -> None:
    """Read from the running processes: the owner's addresses are told to none of them."""
    if not Path("/proc").exists():
        pytest.skip("needs /proc")
    for name in ("web", "worker", "signer", "beat"):
        told = Path(f"/proc/{processes.running(home, name)}/environ").read_bytes().split(b"\0")
        names = {entry.split(b"=")[0].decode() for entry in told}
        assert ("SIGNING_KEY_FILE" in names) == (name == "signer")
        assert not {"DATABASE_OWNER_URL", "CENTRAL_DATABASE_OWNER_URL"} & names


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("server", ["--port", "80"], "takes no arguments"),
        ("worker", [], "Start script/server first"),
        ("bench", ["no_such_question"], "there is no benchmark no_such_question"),
        ("setup", ["--everything"], "unknown argument --everything"),
    ],
)
def test_a_script_called_wrongly_says_what_to_do(home, name, arguments, says):
    done = _script(home, name, *arguments)
    assert done.returncode == 1
    assert says in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(home, port):
    command = [ROOT / "script" / "server"]
    done = subprocess.run(command, env=_environment(home, PORT=port), capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert f"PORT={port} is not a port number" in done.stderr
    assert not list(home.run.glob("*.pid"))


def test_nothing_running_is_said_and_no_error(home):
    done = _script(home, "stop")
    assert done.returncode == 0
    assert "Nothing is running" in done.stdout

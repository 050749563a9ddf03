"""A world of a test's own: databases, broker, keys and real processes that nobody else uses."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from lltp_portal.celery import app as celery_app
from script.local import portal, prepare, processes, valkey
from script.local.places import Home, Trouble, wait_until
from tests import databases

KEYS = ("signer.key", "signer.crt", "ca.key", "ca.crt")
READY_SECONDS = 120  # a busy machine is slow, not broken


class World:
    """Real processes over HTTP and by pid. start() returns when the process says that it is ready.

    Names are messenger, web, worker, signer, beat, redis, and further workers as worker-2, worker-3 …
    """

    def __init__(self, name: str, pair: databases.Pair) -> None:
        shared = databases.home()
        self.home = Home(shared.path / "worlds" / f"{name[:40]}-{os.getpid()}").make()
        for key in KEYS:
            if (shared.keys / key).exists():
                shutil.copy2(shared.keys / key, self.home.keys / key)
        self.redis_url = valkey.address(self.home, valkey.start(self.home, keep=False))
        named = {**databases.addresses(pair), "REDIS_URL": self.redis_url}
        # Static files are the run's: gathered once, only read.
        extra = {"STATIC_ROOT": os.environ.get("STATIC_ROOT", "")}
        self._portal = portal.Portal(self.home, named, processes.free_port(), extra)
        self.env = self._portal.extra

    @property
    def base_url(self) -> str:
        return self._portal.base_url

    def start(self, name: str, **env: str) -> int:
        """Start NAME with more environment (LLTP_FAILPOINT=…, LLTP_REGISTRY_BACKEND=…); its pid, when it is ready."""
        if name == "redis":
            valkey.start(self.home, keep=False)
        else:
            kind = name.split("-")[0]
            self._portal.start(kind, name, **env)
            self._portal.wait_ready(kind, name, READY_SECONDS)
        return self.pid(name)

    def start_all(self, *names: str, **env: str) -> None:
        """Start several at once (all of them without names); faster than one after the other."""
        for name in names or portal.KINDS:
            self._portal.start(name.split("-")[0], name, **env)
        for name in names or portal.KINDS:
            self._portal.wait_ready(name.split("-")[0], name, READY_SECONDS)

    def stop(self, name: str) -> None:
        """Ask it to end, as a deployment does, and wait until it has."""
        processes.stop(self.home, name, grace=30)

    def kill(self, name: str) -> None:
        """SIGKILL for it and its children, as a power cut does."""
        processes.kill(self.home, name)

    def pause(self, name: str) -> None:
        """SIGSTOP for it and its children: there, and silent."""
        os.killpg(self.pid(name), signal.SIGSTOP)

    def resume(self, name: str) -> None:
        os.killpg(self.pid(name), signal.SIGCONT)

    def pid(self, name: str) -> int:
        pid = processes.running(self.home, name)
        assert pid is not None, f"{name} is not running; the end of its log:\n{processes.tail(self.home, name)}"
        return pid

    def is_running(self, name: str) -> bool:
        return processes.running(self.home, name) is not None

    def log(self, name: str) -> str:
        path = self.home.log / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def failpoint_pid(self, failpoint: str) -> int | None:
        """The pid of the process that died at this failpoint, once it has."""
        mark = self.home.run / f"failpoint.{failpoint}"
        written = mark.read_text() if mark.exists() else ""
        return int(written) if written else None

    def flush_redis(self) -> None:
        """Lose every message. It is this world's own server, so nobody else loses any."""
        import redis

        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def manage(self, *arguments: str) -> str:
        """Run manage.py in this world; its output. A failure fails the test with what it said."""
        env = self._portal.environment("command")
        done = subprocess.run(
            [prepare.PYTHON, "manage.py", *arguments], cwd=prepare.ROOT, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def wait_until(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for a condition (never for a time); its first true answer. Fails naming `what`."""
        return wait_until(condition, seconds, what, look_every=0.1)

    def logs_for_report(self, lines: int = 40) -> list[tuple[str, str]]:
        names = sorted(path.stem for path in self.home.log.glob("*.log"))
        return [(name, processes.tail(self.home, name, lines)) for name in names]

    def end(self, keep: bool) -> None:
        """End every process of this world at once; the folder stays where a failed test's logs are to be read."""
        for path in self.home.run.glob("*.pid"):
            with suppress(Trouble):  # it ended by itself
                self.kill(path.stem)
        if not keep:
            shutil.rmtree(self.home.path, ignore_errors=True)


def ring_at(url: str) -> str:
    """Send this process's own doorbell to another broker; the address it rang at before."""
    before = celery_app.conf.broker_url
    if celery_app._pool is not None:
        celery_app._pool.force_close_all()
    celery_app._after_fork()  # drops the pools that hold connections to the old address
    celery_app.conf.broker_url = url
    return before

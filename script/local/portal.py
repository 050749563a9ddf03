"""The portal's own processes: how each is started, and how one knows that it is ready."""

import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from script.local import prepare, processes
from script.local.places import PYTHON, ROOT, Home, Trouble, wait_until

# Stand-ins for services of others; never on a server. They are started first, so that the others know their addresses.
# messenger is the provider of SMS, payments the national payment platform (script/local/payment_platform.py).
STAND_INS = ("messenger", "payments")
KINDS = (*STAND_INS, "web", "worker", "signer", "beat")
READY_LINE = {**dict.fromkeys((*STAND_INS, "worker", "signer"), " ready."), "beat": "beat: Starting"}


@dataclass
class Portal:
    """The processes of one home. `extra` is told to each of them (tests: failpoints, another registry back end)."""

    home: Home
    addresses: dict[str, str]
    port: int
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def payments_url(self) -> str:
        """Where the stand-in of the payment platform is or will be; the same over every start in this home."""
        port = (self.home.remembered().get("payments") or {}).get("port")
        if port is None or not (processes.running(self.home, "payments") or processes.port_is_free(port)):
            port = processes.free_port()
            self.home.remember(payments={"port": port, "url": f"http://127.0.0.1:{port}"})
        return f"http://127.0.0.1:{port}"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, kind: str, **more: str) -> dict[str, str]:
        told = {"PUBLIC_BASE_URL": self.base_url, "ALLOWED_HOSTS": "127.0.0.1,localhost"}
        self.home.secret("payment_secret")
        shared = {"PAYMENT_SECRET_FILE": str(self.home.keys / "payment_secret")}
        if kind == "payments":  # another house: it knows the secret that both sign with, and nothing else of ours
            return {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1", **shared}
        if kind in {"web", "worker", "command"}:
            told |= {**shared, "PAYMENT_PLATFORM_URL": self.payments_url}
        if kind == "signer":
            told["SIGNING_KEY_FILE"] = str(self.home.keys / "signer.key")
        if port := self.home.remembered().get("messenger", {}).get("port"):
            told |= {"MESSAGE_PROVIDER_URL": f"http://127.0.0.1:{port}", "MESSENGER_PORT": str(port)}
            told["MESSAGE_PROVIDER_KEY"] = self.home.secret("messenger.key")
        return prepare.environment(self.home, self.addresses, role=kind, **{**told, **self.extra, **more})

    def command(self, kind: str, name: str) -> list[str]:
        if kind == "web":
            return [
                *(str(PYTHON), "-m", "gunicorn", "lltp_portal.wsgi"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--preload", "--no-control-socket"),
            ]
        if kind == "messenger":
            return [str(PYTHON), "-m", "script.local.messenger"]
        if kind == "payments":
            port = self.payments_url.rpartition(":")[2]
            store = str(self.home.run / "payment_platform.json")
            confirm = f"{self.base_url}/payments/confirm/"
            module = [str(PYTHON), "-m", "script.local.payment_platform"]
            return [*module, "--port", port, "--confirm-url", confirm, "--store", store]
        celery = [str(PYTHON), "-m", "celery", "-A", "lltp_portal"]
        if kind == "beat":
            return [*celery, "beat", "-s", str(self.home.run / "beat.schedule"), "--pidfile=", "-l", "INFO"]
        queue, width = ("signing", "1") if kind == "signer" else ("celery", "2")
        return [*celery, "worker", "-Q", queue, "-c", width, "-n", f"{name}-{self.home.path.name}@%h", "-l", "INFO"]

    def start(self, kind: str, name: str = "", **more: str) -> subprocess.Popen:
        """Start one process; `name` tells a second worker from the first."""
        name = name or kind
        if processes.running(self.home, name):
            raise Trouble(f"{name} is already running in {self.home.path}.")
        self._read_from(name)
        if kind == "messenger":  # at its old address where it is free: the others know that one
            port = processes.free_port(self.home.remembered().get(kind, {}).get("port"))
            self.home.remember(**{kind: {"port": port}})
        return processes.spawn(self.home, name, self.command(kind, name), self.environment(kind, **more), cwd=ROOT)

    def wait_ready(self, kind: str, name: str = "", seconds: float = 60) -> None:
        """Wait until the process says that it is ready; a process that died on the way is told with its log."""
        name = name or kind

        def ready() -> bool:
            if not processes.running(self.home, name):
                raise Trouble(f"{name} ended at its start. The end of its log:\n{processes.tail(self.home, name)}")
            return self._answers() if kind == "web" else READY_LINE[kind] in self.new_log(name)

        wait_until(ready, seconds, f"{name} to be ready (see {self.home.log}/{name}.log)")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/healthz", timeout=3) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def _read_from(self, name: str) -> None:
        log = self.home.log / f"{name}.log"
        (self.home.run / f"{name}.offset").write_text(str(log.stat().st_size if log.exists() else 0))

    def new_log(self, name: str) -> str:
        """What NAME wrote since its last start."""
        with (self.home.log / f"{name}.log").open(errors="replace") as log:
            log.seek(int((self.home.run / f"{name}.offset").read_text()))
            return log.read()

    def stop(self, name: str) -> bool:
        return processes.stop(self.home, name, grace=30)

    def stop_all(self) -> None:
        stop_all(self.home)


def stop_all(home: Home) -> list[str]:
    """End every process of the portal here, further workers included: first who brings work, then who does it."""
    ended: list[str] = []
    for kinds in (("beat", "web"), ("worker", "signer", *STAND_INS)):
        names = sorted(path.stem for path in home.run.glob("*.pid") if path.stem.split("-")[0] in kinds)
        ended += processes.stop_together(home, names, grace=30)
    return ended

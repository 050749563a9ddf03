"""Where things lie: the project, and one folder of local data (LLTP_HOME)."""

import fcntl
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Trouble(Exception):
    """Something the reader can act on; the message says how. Everything else is a bug and keeps its traceback."""


class Stopped(BaseException):
    """SIGTERM or SIGHUP came: leave through every `finally`, so that nothing stays behind."""


def say(text: str) -> None:
    print(text, flush=True)


def run_main(main: Callable[[list[str]], int]) -> None:
    """Run a script's main: Trouble becomes one sentence, Ctrl-C ends with 130, SIGTERM with 143."""

    def leave(number: int, _frame: object) -> None:
        raise Stopped(number)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts `… &` with Ctrl-C ignored
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    try:
        code = main(sys.argv[1:])
    except Trouble as trouble:
        print(f"script/{Path(sys.argv[0]).stem}: {trouble}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        code = 130
    except Stopped as stopped:
        code = 128 + stopped.args[0]
    sys.exit(code)


def wait_until(condition: Callable[[], Any], seconds: float, what: str, look_every: float = 0.05) -> Any:
    """The first true answer of `condition`; Trouble naming `what` when there is none in time."""
    ends = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > ends:
            raise Trouble(f"waited {seconds:g} s for {what}.")
        time.sleep(look_every)
    return answer


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file; yields False where it is somebody else's and `wait` is off. Ends with the process, however."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


class Home:
    """One folder of local data: databases, broker, keys, logs and what runs. LLTP_HOME names it, default `.local`."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(Path(os.environ.get("LLTP_HOME") or ROOT / ".local"))

    def __getattr__(self, name: str) -> Path:
        if name in {"pg", "redis", "run", "keys", "log", "static"}:
            return self.path / name
        raise AttributeError(name)

    def make(self) -> "Home":
        """Create the folders; only their owner looks into keys, logs and run."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in ("run", "keys", "log"):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)
        return self

    def secret(self, name: str) -> str:
        """A random secret of this home, made when first asked for, in a file that only its owner reads."""
        path = self.keys / name
        with locked(self.run / "secrets.lock"):
            if not path.exists():
                write_private(path, secrets.token_urlsafe(48))
            return path.read_text().strip()

    def remembered(self) -> dict[str, Any]:
        """run/services.json: addresses and ports of this home."""
        try:
            return json.loads((self.run / "services.json").read_text())
        except (OSError, ValueError):
            return {}

    def remember(self, **facts: Any) -> None:
        with locked(self.run / "services.lock"):
            write_private(
                self.run / "services.json", json.dumps({**self.remembered(), **facts}, indent=1, sort_keys=True)
            )


def write_private(path: Path, text: str) -> None:
    """Write a whole file that only its owner reads; a reader sees the old one or the new one, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)

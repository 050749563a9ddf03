"""script/demo: real processes on free ports, with data of their own, and the walk through the main job over HTTP."""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from script.local import portal, prepare, processes, services
from script.local.places import PYTHON, ROOT, Home, Trouble, run_main, say
from script.local.server import seed, start_all

WALK = "script/local/walk.py"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/demo", description="The main job, end to end, without hands.")
    parser.add_argument("--out", default="out", help="folder for the PDFs, their verdicts and, on failure, the logs")
    out = Path(parser.parse_args(arguments).out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    if not (ROOT / WALK).exists():
        raise Trouble(f"{WALK} is missing: this checkout is not whole.")
    if services.given():
        say("The demo has servers of its own; the addresses in the environment are left alone.")
    folder = Path(tempfile.mkdtemp(prefix="lltp-demo-"))
    try:
        return _walk(Home(folder / "home").make(), out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _walk(home: Home, out: Path) -> int:
    if os.geteuid() == 0:
        home.path.parent.chmod(0o711)  # where PostgreSQL runs as `nobody` it must get through
    with services.up(home, only_local=True) as addresses:
        say("Preparing the demo's own databases")
        prepare.everything(home, addresses)
        running = portal.Portal(home, addresses, processes.free_port())
        code = 1
        try:
            start_all(running)
            seed(running)
            say(f"Portal at {running.base_url}; PostgreSQL, broker, web, worker, signer and beat are this run's own.")
            code = _run_walk(running, out)
        finally:
            running.stop_all()
            if code:
                _keep_logs(home, out)
        return code


def _run_walk(running: portal.Portal, out: Path) -> int:
    """The walk gets addresses and nothing else: no database, no key, no secret."""
    env = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    env |= {"LLTP_HOME": str(running.home.path), "PYTHONUNBUFFERED": "1"}
    command = [PYTHON, WALK, "--base-url", running.base_url, "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, env=env).returncode


def _keep_logs(home: Home, out: Path) -> None:
    shutil.copytree(home.log, out / "log", dirs_exist_ok=True)
    say(f"Logs kept in {out / 'log'}")


if __name__ == "__main__":
    run_main(main)

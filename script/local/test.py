"""script/test: the checks, then pytest, on a PostgreSQL and a broker of their own."""

import os
import shutil
import subprocess
from pathlib import Path

from script.local import prepare, services, stop
from script.local.places import PYTHON, ROOT, VENV, Home, Trouble, locked, run_main, say

CHECKS = {
    "ruff check": [VENV / "bin" / "ruff", "check", "."],
    "ruff format": [VENV / "bin" / "ruff", "format", "--check", "."],
    "import directions": [VENV / "bin" / "lint-imports"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
}
OWN = {"--all", "--no-checks"}


def main(arguments: list[str]) -> int:
    """`--all`: the slow tests too, at the pace that is shipped; `--no-checks`: only the tests. The rest is pytest's."""
    everything = "--all" in arguments
    home = Home(Path(os.environ.get("LLTP_HOME") or ROOT / ".local") / "test").make()
    with locked(home.run / "test.lock", wait=False) as mine:
        if not mine:
            raise Trouble(
                f"a script/test is already running in {home.path}. LLTP_HOME=… names another folder for this one."
            )
        end_worlds(home)
        shutil.rmtree(home.path / "worlds", ignore_errors=True)
        try:
            with services.up(home, testing=True) as addresses:
                env = prepare.environment(home, addresses, role="command", LLTP_TEMPO="1" if everything else "10")
                # Hundreds of processes are started: each would compile the project for itself.
                env.pop("PYTHONDONTWRITEBYTECODE", None)
                prepare.keys_and_static(home, env)
                red = [] if "--no-checks" in arguments else _red_checks(env)
                return _run_tests(env, [word for word in arguments if word not in OWN], everything, red)
        finally:
            end_worlds(home)


def _red_checks(env: dict[str, str]) -> list[str]:
    return [name for name, command in CHECKS.items() if not _passes(name, command, env)]


def _run_tests(env: dict[str, str], arguments: list[str], everything: bool, red: list[str]) -> int:
    marked = [] if everything else ["-m", "not slow"]
    # The tests of a file stay together: some share a world of processes. In their order: the longest come first.
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist=loadfile", "--no-loadscope-reorder", *marked, *arguments]
    code = subprocess.run(command, cwd=ROOT, env=env).returncode
    if red:
        say(f"Red before the tests: {', '.join(red)} (see above; script/lint puts most of it right).")
    return code or (1 if red else 0)


def _passes(name: str, command: list, env: dict[str, str]) -> bool:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    say(f"{name}: {'ok' if done.returncode == 0 else 'RED'}")
    if done.returncode:
        say(done.stdout + done.stderr)
    return done.returncode == 0


def end_worlds(home: Home) -> None:
    """Processes of tests' own worlds that a killed run left behind; what a failed test left to read stays."""
    for world in (home.path / "worlds").glob("*"):
        stop.everything(Home(world))


if __name__ == "__main__":
    run_main(main)

"""script/setup: what a machine lacks to run the portal. Standard library only: it runs before anything is installed.

A second run finds everything in place in a few milliseconds. Two at once wait for each other.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from script.local.places import PYTHON, ROOT, VENV, Trouble, locked, run_main, say

UV_VERSION = "0.13.9"
TOOLS = ROOT / ".local" / "tools"
UV = TOOLS / "uv" / "bin" / "uv"
# What WeasyPrint loads: library file -> package on Debian and Ubuntu.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What only the tests need: a library of the browser driver's node, and programs -> packages.
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}
TEST_PROGRAMS = {"chromium": "chromium", "pdftotext": "poppler-utils", "qpdf": "qpdf", "xgettext": "gettext"}


def main(arguments: list[str]) -> int:
    """`--test` adds what the tests need. Exits 0 when everything is there."""
    unknown = set(arguments) - {"--test"}
    if unknown:
        raise Trouble(f"unknown argument {' '.join(sorted(unknown))}. Usage: script/setup [--test]")
    testing = "--test" in arguments
    with locked(ROOT / ".local" / "setup.lock", wait=False) as mine:
        if mine:
            return _set_up(testing)
    say("Another script/setup is at work; waiting for it.")
    with locked(ROOT / ".local" / "setup.lock"):
        return _set_up(testing)


def _set_up(testing: bool) -> int:
    _system_packages(testing)
    _environment(testing)
    return 0


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        # Homebrew keeps its libraries where the loader does not look by itself; WeasyPrint does.
        return sys.platform == "darwin"
    return True


def _system_packages(testing: bool) -> None:
    libraries = {**LIBRARIES, **(TEST_LIBRARIES if testing else {})}
    missing = [package for library, package in libraries.items() if not _has_library(library)]
    if testing:
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    if not shutil.which("git"):
        missing.append("git")
    if missing:
        install(missing)


def install(packages: list[str]) -> None:
    """Install Debian packages as root or by a sudo that asks for nothing; else name them and stop."""
    names = " ".join(packages)
    by_hand = f"Install by hand, then run this again: sudo apt-get install {names}"
    if not shutil.which("apt-get"):
        raise Trouble(f"these are missing and there is no apt-get here: {names}. Install what your system calls them.")
    before: list[str] = []
    if os.geteuid() != 0:
        before = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.run([*before, "true"], capture_output=True).returncode:
            raise Trouble(f"missing system packages: {names}. {by_hand}")
    say(f"Installing system packages: {names}")
    options = ["-o", "DPkg::Lock::Timeout=300", "-q", "-y"]
    env = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options]
    steps = ([*env, "update"], [*env, "install", "--no-install-recommends", *packages])
    for command in steps:
        _shown_when_it_fails(command, f"apt-get did not manage it. {by_hand}")


def _shown_when_it_fails(command: list[str], advice: str, **more: object) -> None:
    began = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if done.returncode:
        raise Trouble(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\n{advice}".lstrip())
    say(f"  done in {time.monotonic() - began:.1f} s")


def _uv() -> Path:
    """uv of the pinned version in .local/tools, put there by pip in an environment of its own."""
    stamp = TOOLS / "uv" / "version"
    if UV.exists() and stamp.exists() and stamp.read_text() == UV_VERSION:
        return UV
    say(f"Installing uv {UV_VERSION} into {TOOLS.relative_to(ROOT)}")
    _python_can_make_environments()
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    advice = "Check the network and the address of the package index (pip's settings), then run this again."
    _shown_when_it_fails([sys.executable, "-m", "venv", str(TOOLS / "uv")], advice, cwd="/")
    pip = [str(TOOLS / "uv" / "bin" / "python"), "-I", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _shown_when_it_fails([*pip, f"uv=={UV_VERSION}"], advice, cwd="/")
    stamp.write_text(UV_VERSION)
    return UV


def _python_can_make_environments() -> None:
    """Debian keeps ensurepip in a package of its own."""
    probe = [sys.executable, "-I", "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True, cwd="/").returncode:
        install(["python3-venv"])


def _environment(testing: bool) -> None:
    """.venv as uv.lock says. The stamp names the lock and the Python it was made for, and which groups are in."""
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    wanted = f"{lock} {PYTHON.resolve()}"
    groups = ["local", "dev"] if testing else ["local"]
    if PYTHON.exists() and all(_read(VENV / f"lltp-{group}.stamp") == wanted for group in groups):
        return
    uv = _uv()
    say(f"Installing the Python packages of uv.lock ({' and '.join(groups)})")
    command = [str(uv), "sync", "--frozen", "--inexact", "--no-progress", "--compile-bytecode"]
    command += [word for group in groups for word in ("--group", group)]
    if not PYTHON.exists():
        command += ["--python", sys.executable]
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    env.pop("VIRTUAL_ENV", None)
    advice = f"Check the network and the address of the package index, or remove {VENV} and run this again."
    _shown_when_it_fails(command, advice, cwd=ROOT, env=env)
    for group in groups:
        (VENV / f"lltp-{group}.stamp").write_text(f"{lock} {PYTHON.resolve()}")


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    run_main(main)

"""What a prepared database was made from, as one hash: a second start does nothing, and no change is missed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from script.local.places import ROOT

APPS = ("lltp_portal", "records", "certificates", "requests", "dashboards")


def of_files(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def of_schema() -> str:
    """Migrations, the commands that load data, the data, the core's settings and grants, and how people are found."""
    files = [ROOT / "uv.lock", ROOT / "records" / "keys.py", *ROOT.glob("lltp_portal/**/*.py")]
    for app in APPS:
        for folder in ("migrations", "data", "management"):
            files += [f for f in ROOT.glob(f"{app}/**/{folder}/**/*") if f.is_file() and f.suffix != ".pyc"]
    return of_files(files)


def of_demo() -> str:
    """What the demo world was made from."""
    return of_schema() + of_files(ROOT.glob("requests/demo/**/*.py"))


def of_static() -> str:
    """By size and time, not by content: fonts are large and are looked at on every start."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for file in sorted(f for app in APPS for f in ROOT.glob(f"{app}/**/static/**/*") if f.is_file()):
        seen = file.stat()
        digest.update(f"{file.relative_to(ROOT)} {seen.st_size} {seen.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]

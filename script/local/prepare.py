"""From empty databases to a portal that can run: tables, rights, reference data, test keys, static files."""

import os
import subprocess
import time

from script.local import fingerprint, postgres
from script.local.places import PYTHON, ROOT, Home, Trouble, locked, say

# Only manage.py's owner commands are given these (decision: two databases and two roles).
OWNER_URLS = ("DATABASE_OWNER_URL", "CENTRAL_DATABASE_OWNER_URL")
STAMP = "lltp prepared "


def environment(home: Home, addresses: dict[str, str], *, role: str, **more: str) -> dict[str, str]:
    """What a process of this home is told. Owners' addresses and the signing key go only to those who need them."""
    env = {name: value for name, value in os.environ.items() if name != "SIGNING_KEY_FILE"}
    for name in ("SECRET_KEY", "PERSON_KEY_SECRET"):
        if not env.get(name) and not env.get(f"{name}_FILE"):
            home.secret(name.lower())
            env[f"{name}_FILE"] = str(home.keys / name.lower())
    env |= addresses
    env |= {"LLTP_HOME": str(home.path), "LLTP_MODE": "demo", "LLTP_ROLE": role, "PYTHONUNBUFFERED": "1"}
    env |= {"STATIC_ROOT": str(home.static), **more}
    if role != "command":
        for name in OWNER_URLS:
            env.pop(name, None)
    return env


def manage(*arguments: str, env: dict[str, str]) -> None:
    """One manage.py command; its own words are shown only when it fails."""
    command = [str(PYTHON), "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}".rstrip())


def tables(addresses: dict[str, str], env: dict[str, str], *, show: bool = True) -> None:
    """Bring both databases to the code's state. The stamp lies in the databases, so it is true wherever they came from."""
    stamp = STAMP + fingerprint.of_schema()
    owners = [addresses[name] for name in OWNER_URLS]
    if all(_stamp(url) == stamp for url in owners):
        return
    steps = (
        ("tables of the portal", ("migrate", "--database", "default", "--no-input")),
        ("tables of the central database", ("migrate", "--database", "central", "--no-input")),
        ("cache table", ("createcachetable",)),
        ("rights of the application's role", ("grant_app_role",)),
        ("reference data", ("load_reference_data",)),
    )
    for what, command in steps:
        began = time.monotonic()
        manage(*command, env=env)
        if show:
            say(f"  {what}: {time.monotonic() - began:.1f} s")
    for url in owners:
        _set_stamp(url, stamp)


def _stamp(owner_url: str) -> str | None:
    with postgres.connected(owner_url) as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


def _set_stamp(owner_url: str, stamp: str) -> None:
    with postgres.connected(owner_url) as cursor:
        cursor.execute("SELECT current_database()")
        name = cursor.fetchone()[0]
        cursor.execute(f'COMMENT ON DATABASE "{name}" IS %s', [stamp])


def keys_and_static(home: Home, env: dict[str, str]) -> None:
    """Test keys where there are none, and the static files, gathered anew when one changed."""
    if not all((home.keys / name).exists() for name in ("signer.key", "signer.crt", "ca.crt")):
        manage("make_test_keys", env=env)
        say("  test keys")
    stamp = home.run / "static.stamp"
    now = fingerprint.of_static()
    if not home.static.exists() or not stamp.exists() or stamp.read_text() != now:
        manage("collectstatic", "--no-input", env=env)
        stamp.write_text(now)
        say("  static files")


def everything(home: Home, addresses: dict[str, str]) -> None:
    """All that a start needs; nothing to do takes a few milliseconds."""
    with locked(home.run / "prepare.lock"):
        env = environment(home, addresses, role="command")
        tables(addresses, env)
        keys_and_static(home, env)

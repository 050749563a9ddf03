"""From empty databases to a portal that can run: tables, rights, reference data, test keys, static files."""

import os
import subprocess

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
    for name in addresses:
        env.pop(f"{name}_FILE", None)  # it would win over the address
    env |= addresses
    env |= {"LLTP_HOME": str(home.path), "LLTP_MODE": "demo", "LLTP_ROLE": role, "PYTHONUNBUFFERED": "1"}
    env |= {"STATIC_ROOT": str(home.static), **more}
    if role != "command":
        for name in OWNER_URLS:
            env.pop(name, None)
    return env


def manage(*arguments: str, env: dict[str, str]) -> None:
    """One manage.py command; its own words are shown only when it fails."""
    _run([str(PYTHON), "manage.py", *arguments], f"manage.py {' '.join(arguments)} failed", env, show=False)


def _run(command: list[str], failure: str, env: dict[str, str], *, show: bool) -> None:
    out = None if show else subprocess.PIPE
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise Trouble(f"{failure}:\n{done.stdout or ''}{done.stderr}".rstrip())


def tables(addresses: dict[str, str], env: dict[str, str], *, show: bool = True) -> None:
    """Bring both databases to the code's state. The stamp lies in the databases: true wherever they came from."""
    stamp = STAMP + fingerprint.of_schema()
    owners = [addresses[name] for name in OWNER_URLS]
    if all(_stamp(url) == stamp for url in owners):
        return
    _run([str(PYTHON), "-m", "script.local.as_owner"], "The databases could not be migrated", env, show=show)
    manage("load_reference_data", env=env)
    manage("rebuild_keys", "--if-needed", env=env)
    if show:
        say("  reference data")
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
        keys_and_static(home, env)  # first: the commands' checks look for the keys
        tables(addresses, env)

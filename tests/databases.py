"""The tests' databases: one template pair made by the owner, a clone for whoever needs one (0.1 s).

Tests connect as lltp_app, as the portal does; only what is here uses the owner's addresses.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.db import connections
from psycopg2 import sql

from script.local import fingerprint, postgres, prepare
from script.local.places import Home, locked

OWNER_URLS = {"default": "DATABASE_OWNER_URL", "central": "CENTRAL_DATABASE_OWNER_URL"}
APP_URLS = {"default": "DATABASE_URL", "central": "CENTRAL_DATABASE_URL"}
EXTENSIONS = {"default": (), "central": postgres.CENTRAL_EXTENSIONS}

Pair = dict[str, str]  # alias -> name of a database


def home() -> Home:
    """The folder that script/test gave this run."""
    return Home(Path(os.environ["LLTP_HOME"]))


def missing_addresses() -> list[str]:
    return [name for name in (*OWNER_URLS.values(), *APP_URLS.values(), "REDIS_URL") if not os.environ.get(name)]


def with_name(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def addresses(pair: Pair) -> dict[str, str]:
    """What the environment calls these databases, for the application and for their owner."""
    named = [(names[alias], name) for alias, name in pair.items() for names in (APP_URLS, OWNER_URLS)]
    return {variable: with_name(os.environ[variable], name) for variable, name in named}


def _on_server(alias: str):
    return postgres.connected(os.environ[OWNER_URLS[alias]])


def _execute(alias: str, statement: str, *names: str) -> None:
    with _on_server(alias) as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _names(alias: str, beginning: str) -> list[str]:
    with _on_server(alias) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
        return [row[0] for row in cursor.fetchall()]


def template() -> Pair:
    """The template pair of this code, made by the first who asks; a pair of other code is dropped.

    Its name carries the hash of what it was made from, and it gets that name only when it is whole.
    """
    made_from = fingerprint.of_schema() + fingerprint.of_files([Path(__file__)])
    pair = {alias: f"lltp_template_{made_from}_{alias}" for alias in OWNER_URLS}
    with locked(home().run / "template.lock"):
        if any(name not in _names(alias, name) for alias, name in pair.items()):
            _make_template(pair)
    return pair


def _make_template(pair: Pair) -> None:
    drafts = {alias: f"lltp_draft_{alias}" for alias in pair}
    for alias, draft in drafts.items():
        for old in _names(alias, "lltp_draft_") + _names(alias, "lltp_template_"):
            if old.endswith(f"_{alias}"):
                drop(alias, old)
        _execute(alias, "CREATE DATABASE {} TEMPLATE template0", draft)
        postgres.prepare_database(with_name(os.environ[OWNER_URLS[alias]], draft), EXTENSIONS[alias])
    named = addresses(drafts)
    prepare.tables(named, prepare.environment(home(), named, role="command"), show=False)
    _say_that_it_was_filled(named[OWNER_URLS["central"]])
    for alias, draft in drafts.items():
        _execute(alias, "ALTER DATABASE {} RENAME TO {}", draft, pair[alias])
        _execute(alias, "ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", pair[alias])


def _say_that_it_was_filled(central: str) -> None:
    """As after a clean import: a register that was never filled answers nobody's question completely."""
    columns = "state, source, started_at, finished_at, closed_at, digest, bytes_read, lines_read, persons_stored, "
    with postgres.connected(central) as cursor:
        cursor.execute(
            f"INSERT INTO public.register_registerimport ({columns} repeated, refused, refused_lines, closed_by, "
            "close_reason) VALUES ('closed', 'template', now(), now(), now(), '', 0, 1, 1, 0, 0, '[]', '', '')"
        )


def clone(source: Pair, label: str) -> Pair:
    """A fresh pair of databases; the label carries this process's number, so that leftovers can be told."""
    pair = {alias: f"lltp_test_{os.getpid()}_{label}_{alias}" for alias in source}
    for alias, name in pair.items():
        _execute(alias, "CREATE DATABASE {} TEMPLATE {}", name, source[alias])
    return pair


def drop(alias: str, name: str, seconds: float = 10) -> None:
    """Drop a database under its sessions. One that is just ending is waited for."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return _execute(alias, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        except (psycopg2.errors.ObjectInUse, psycopg2.errors.InsufficientPrivilege):
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def drop_pair(pair: Pair) -> None:
    for alias, name in pair.items():
        drop(alias, name)


def drop_leftovers() -> None:
    """Databases of test runs that were killed: their process is gone."""
    with locked(home().run / "template.lock"):
        for alias in OWNER_URLS:
            for name in _names(alias, "lltp_test_"):
                pid = name.split("_")[2]
                if name.endswith(f"_{alias}") and not (pid.isdigit() and _lives(int(pid))):
                    drop(alias, name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def used_here(pair: Pair) -> Iterator[None]:
    """Point this process's connections at a pair, and back. Threads' connections follow: they share the settings."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in pair}
    _point_at(pair)
    try:
        yield
    finally:
        _point_at(before)


def _point_at(pair: Pair) -> None:
    for alias, name in pair.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name

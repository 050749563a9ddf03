"""PostgreSQL and the broker of one home, shared by whatever runs there: the last one out turns them off."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from script.local import postgres, valkey
from script.local.places import Home, Trouble, locked, say

DATABASE_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "CENTRAL_DATABASE_URL", "CENTRAL_DATABASE_OWNER_URL")


def given() -> dict[str, str]:
    """Addresses that the environment names: those servers are used, and none is started in their place."""
    named = {name: os.environ[name] for name in (*DATABASE_NAMES, "REDIS_URL") if os.environ.get(name)}
    missing = [name for name in DATABASE_NAMES if name not in named]
    if 0 < len(missing) < len(DATABASE_NAMES):
        raise Trouble(f"some database addresses are set and some are not: set {', '.join(missing)} too, or unset all.")
    return named


@contextmanager
def up(home: Home, *, testing: bool = False, only_local: bool = False, roomy: bool = False) -> Iterator[dict[str, str]]:
    """The addresses of running services. They stay up as long as anybody uses them, and no longer."""
    named = {} if only_local else given()
    home.make()
    with (home.run / "users.lock").open("a") as users:
        try:
            yield _start(home, users, named, testing, roomy)
        finally:
            _leave(home, users)


def _start(home: Home, users: IO, named: dict[str, str], testing: bool, roomy: bool) -> dict[str, str]:
    with locked(home.run / "start.lock"):
        fcntl.flock(users, fcntl.LOCK_SH)
        addresses = dict(named)
        if "DATABASE_URL" not in named:
            port = postgres.start(home, hasty=testing, roomy=roomy)
            addresses |= postgres.provide(home, port, makes_databases=testing)
        if "REDIS_URL" not in named:
            addresses["REDIS_URL"] = valkey.address(home, valkey.start(home, keep=not testing))
        home.remember(home=str(home.path), addresses=addresses)
        return addresses


def _leave(home: Home, users: IO) -> None:
    """Stop the servers unless somebody else still uses them. The start lock keeps a newcomer from seeing a half."""
    with locked(home.run / "start.lock"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("The databases stay up: something else in this LLTP_HOME uses them.")
            return
        valkey.stop(home)
        postgres.stop(home)

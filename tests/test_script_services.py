"""PostgreSQL and the broker of a home: who may what, what a kill leaves, who turns them off."""

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import psycopg2
import pytest

from script.local import postgres, processes, services, setup, valkey
from script.local.places import Home, Trouble, wait_until


@pytest.fixture
def home(request, monkeypatch):
    """A home of its own below the run's, where PostgreSQL gets to under whatever account it runs."""
    for name in (*services.DATABASE_NAMES, "REDIS_URL"):
        monkeypatch.delenv(name)
    home = Home(Path(os.environ["LLTP_HOME"]) / "worlds" / f"services-{os.getpid()}").make()
    yield home
    valkey.stop(home)
    postgres.stop(home)
    shutil.rmtree(home.path)


def _ask(url: str, question: str) -> list[tuple]:
    with postgres.connected(url) as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_roles_databases_and_rights_are_those_of_the_house(home):
    with services.up(home) as addresses:
        superuser = postgres.address(home, "postgres", home.remembered()["postgres"]["port"], "postgres")
        roles = _ask(superuser, "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolcanlogin")
        assert set(roles) == {
            ("postgres", True, True, True),
            ("lltp_owner", False, False, False),
            ("lltp_app", False, False, False),
        }
        owners = _ask(superuser, "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname LIKE 'lltp%'")
        assert set(owners) == {("lltp", "lltp_owner"), ("lltp_central", "lltp_owner")}
        assert {row[0] for row in _ask(addresses["CENTRAL_DATABASE_URL"], "SELECT extname FROM pg_extension")} >= set(
            postgres.CENTRAL_EXTENSIONS
        )
        assert _ask(addresses["DATABASE_URL"], "SHOW listen_addresses") == [("127.0.0.1",)]
        for statement in ("CREATE TABLE own (id int)", "CREATE TEMPORARY TABLE own (id int)", "CREATE SCHEMA own"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                _ask(addresses["DATABASE_URL"], statement)
        with pytest.raises(psycopg2.OperationalError, match="password"):
            _ask(addresses["DATABASE_URL"].replace("lltp_app:", "lltp_app:x"), "SELECT 1")
    for name in ("postgres.password", "lltp_owner.password", "lltp_app.password", "redis.password"):
        assert stat.S_IMODE((home.keys / name).stat().st_mode) == 0o600


def test_the_last_one_out_turns_them_off(home):
    with services.up(home):
        with services.up(home):
            first = processes.running(home, "postgres")
        assert processes.running(home, "postgres") == first
        assert processes.running(home, "redis")
    assert not processes.running(home, "postgres")
    assert not processes.running(home, "redis")
    assert postgres.find(home) is None


def test_after_a_kill_both_come_back_at_their_ports_with_what_was_committed(home):
    with services.up(home) as before:
        with postgres.connected(before["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(processes.running(home, "postgres"), signal.SIGKILL)
        os.kill(processes.running(home, "redis"), signal.SIGKILL)
        wait_until(lambda: not processes.running(home, "postgres"), 10, "the killed postmaster to be gone")
        with services.up(home) as after:
            assert after == before
            assert _ask(after["DATABASE_OWNER_URL"], "SELECT answer FROM kept") == [(42,)]


def test_a_left_over_pid_file_that_names_a_stranger_does_not_stop_the_start(home):
    with services.up(home):
        pass
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        lines = [str(stranger.pid), str(home.pg), "1", "5432", "", "127.0.0.1", "1 1", "ready"]
        (home.pg / "postmaster.pid").write_text("\n".join(lines) + "\n")
        assert postgres.find(home) is None
        with services.up(home) as addresses:
            assert _ask(addresses["DATABASE_URL"], "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_given_up_for_a_free_one(home):
    import socket

    with services.up(home):
        was = home.remembered()["redis"]["port"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", was))
        taken.listen()
        with services.up(home) as addresses:
            assert f":{was}/" not in addresses["REDIS_URL"]
            assert valkey.answers(home, home.remembered()["redis"]["port"])


def test_the_broker_refuses_whoever_does_not_know_its_password(home):
    import redis

    with services.up(home) as addresses:
        port = home.remembered()["redis"]["port"]
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with redis.Redis.from_url(addresses["REDIS_URL"]) as ours:
            assert ours.ping()
            assert ours.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_servers_that_the_environment_names_are_used_and_none_is_started(home, monkeypatch):
    named = {name: f"postgres://somebody@127.0.0.1/{name}" for name in services.DATABASE_NAMES}
    named["REDIS_URL"] = "redis://127.0.0.1/0"
    for name, address in named.items():
        monkeypatch.setenv(name, address)
    with services.up(home) as addresses:
        assert addresses == named
        assert not list(home.run.glob("*.pid"))


def test_half_of_the_addresses_is_refused_with_the_missing_ones_named(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@127.0.0.1/lltp")
    with pytest.raises(Trouble, match="CENTRAL_DATABASE_URL"), services.up(home):
        pass


def test_without_apt_rights_the_missing_packages_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    with pytest.raises(
        Trouble, match=r"missing system packages: libpango-1\.0-0\. .*sudo apt-get install libpango-1\.0-0"
    ):
        setup.install(["libpango-1.0-0"])
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Trouble, match="no apt-get here: qpdf"):
        setup.install(["qpdf"])

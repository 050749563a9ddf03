"""The tests' own house: who they connect as, what they may not, what is theirs alone."""

import os
import subprocess
import urllib.request

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, connections, transaction

from tests import databases


def _who(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("alias", ["default", "central"])
def test_tests_connect_as_the_applications_role(alias):
    assert _who(alias) == "lltp_app"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE own (id int)",
        "DROP TABLE accounts_user",
        "TRUNCATE accounts_user CASCADE",
        "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
        "SELECT * FROM django_migrations",
        "SET ROLE lltp_owner",
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_may_not(statement):
    with pytest.raises(DatabaseError, match=r"denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_reference_data_is_there_and_a_commit_stays_in_ones_own_databases(own_databases):
    assert Group.objects.exists()
    Group.objects.create(name="only here")
    assert Group.objects.filter(name="only here").exists()


@pytest.mark.django_db
def test_nothing_of_another_test_is_seen():
    assert not Group.objects.filter(name="only here").exists()


def test_a_killed_test_runs_databases_are_dropped_and_a_living_ones_are_kept(own_databases):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = f"lltp_test_{gone.pid}_gone_default"
    databases._execute("default", "CREATE DATABASE {} TEMPLATE template0", left)
    databases.drop_leftovers()
    assert left not in databases._names("default", "lltp_test_")
    assert own_databases["default"] in databases._names("default", "lltp_test_")


@pytest.mark.slow  # every fault test stands on it
def test_a_world_has_processes_of_its_own_that_can_be_paused_killed_and_started_again(own_world):
    own_world.start_all()
    answer = urllib.request.urlopen(f"{own_world.base_url}/healthz", timeout=5)
    assert answer.status == 200
    first = own_world.pid("worker")
    own_world.kill("worker")
    assert not own_world.is_running("worker")
    assert own_world.start("worker") != first
    own_world.stop("redis")
    own_world.start("redis")
    own_world.flush_redis()
    for name in ("web", "worker", "signer", "beat"):
        os.kill(own_world.pid(name), 0)

"""What stops a start: something that nobody sweeps, a database that is not as it must be, a role that may too much."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from lltp_portal import checks, doorbell
from lltp_portal.celery import DAILY, SWEEPERS
from requests import tasks
from requests.models import Issuance, SourceSearch
from tests import databases, factories


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_everything_that_waits_for_the_machine_is_computed_and_swept():
    assert checks.waiting_states() == {"received", "signing"}
    kinds = {
        "SourceSearch",
        "Issuance",
        "AfterIssue",
        "AttachmentScan",
        "Paper",
        "Message",
        "SupplementRequest",
        "Complaint",
        "OnlinePayment",
        "Inquiry",
        "FlowBack",
    }
    assert checks.waiting_models() == {f"requests.{kind}" for kind in kinds} | {
        "records.RegisterAct",
        "register.QualityPass",
    }
    assert checks.everything_that_waits_is_swept(None) == []


@pytest.mark.parametrize("left_out", ["requests.tasks.resume_searches", "requests.tasks.resume_signing"])
def test_a_sweeper_that_is_left_out_is_missed_for_its_state_and_its_rows(left_out):
    found = checks.everything_that_waits_is_swept(None, entries=[name for name in SWEEPERS if name != left_out])
    assert ids(found) == ["lltp_portal.E002", "lltp_portal.E002"]


def test_a_beat_entry_that_does_not_exist_is_named():
    found = checks.everything_that_waits_is_swept(None, entries=[*SWEEPERS, *DAILY, "requests.tasks.no_such_task"])
    assert ids(found) == ["lltp_portal.E001"] and "no_such_task" in found[0].msg


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "model", "sweeper"),
    [("received", SourceSearch, tasks.resume_searches), ("signing", Issuance, tasks.resume_signing)],
)
def test_a_sweeper_rings_for_what_it_says_it_sweeps(state, model, sweeper, monkeypatch):
    assert {state, model._meta.label} == set(sweeper.sweeps)
    row = model.objects.get(request=factories.request_in(state))
    rung = []
    monkeypatch.setattr(doorbell, "ring", lambda task, pk: rung.append(pk))
    model.objects.filter(pk=row.pk).update(next_try_at=timezone.now(), lease_until=None)
    sweeper()
    assert row.pk in rung


@pytest.mark.django_db
def test_the_databases_of_the_tests_are_as_we_need_them(settings):
    settings.DEMO = False
    assert checks.databases_are_as_we_need_them(None, databases=["default", "central"]) == []


@pytest.mark.django_db
def test_a_missing_extension_and_an_old_server_are_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(checks, "EXTENSIONS", {"default": {"no_such_extension"}, "central": set()})
    monkeypatch.setattr(checks, "OLDEST_POSTGRESQL", 99)
    found = checks.databases_are_as_we_need_them(None, databases=["default"])
    assert ids(found) == ["lltp_portal.E003", "lltp_portal.E004"]
    assert "CREATE EXTENSION" in found[1].hint


@pytest.fixture
def as_owner(own_databases):
    """This process connected as the owner of its databases, for a moment."""
    url = databases.addresses(own_databases)["DATABASE_OWNER_URL"]
    settings_dict = connections["default"].settings_dict
    before = {name: settings_dict[name] for name in ("USER", "PASSWORD")}
    parts = databases.urlsplit(url)
    connections["default"].close()
    settings_dict |= {"USER": parts.username, "PASSWORD": parts.password or ""}
    yield
    connections["default"].close()
    settings_dict |= before


def test_production_refuses_to_run_as_the_owner(as_owner, settings):
    assert checks.databases_are_as_we_need_them(None, databases=["default"]) == []  # the demo world may
    settings.DEMO = False
    assert ids(checks.databases_are_as_we_need_them(None, databases=["default"])) == ["lltp_portal.E005"]


def test_the_owners_own_commands_are_let_through(as_owner, settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    assert checks.databases_are_as_we_need_them(None, databases=["default"]) == []


@pytest.fixture
def central_away(own_databases):
    """The central register is not where it should be. Not by monkeypatch, which ends after own_databases has."""
    settings_dict = connections["central"].settings_dict
    before = settings_dict["NAME"]
    connections["central"].close()
    settings_dict["NAME"] = "lltp_no_such_database"
    yield
    connections["central"].close()
    settings_dict["NAME"] = before


def test_a_database_that_is_away_is_a_warning_but_stops_a_start_in_production(central_away):
    found = checks.databases_are_as_we_need_them(None, databases=["central"])
    with override_settings(DEMO=False):
        in_earnest = checks.databases_are_as_we_need_them(None, databases=["central"])
    assert ids(found) == ["lltp_portal.W001"]
    assert ids(in_earnest) == ["lltp_portal.E006"]


@pytest.mark.django_db
def test_all_checks_of_the_portal_are_silent():
    assert [message for message in run_checks(databases=["default", "central"]) if message.is_serious()] == []


@pytest.mark.parametrize(
    "command", [["gunicorn", "lltp_portal.wsgi", "--check-config"], ["celery", "-A", "lltp_portal"]]
)
def test_web_and_worker_stop_with_a_sentence_when_something_is_missing(command, tmp_path):
    """A font, an extension, a sweeper: whichever is missing, the process says it and ends."""
    more = ["worker", "-Q", "celery", "--pool=solo"] if command[0] == "celery" else []
    (tmp_path / "sitecustomize.py").write_text(
        "import lltp_portal.celery as c\nc.SWEEPERS = ('requests.tasks.no_such_task',)\n"
    )
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}.", "LLTP_ROLE": "web" if not more else "worker"}
    done = subprocess.run(
        [sys.executable, "-m", *command, *more], env=env, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode != 0
    assert "lltp_portal.E001: Beat's entry requests.tasks.no_such_task cannot be imported." in done.stderr

"""A worker killed between the two databases, for real: what somebody decided is done once, by whoever comes next."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from records import register_acts
from records.incoming import actions
from records.models import RegisterAct
from records.register import changing
from records.register.living import IncomingInformation, PersonChange
from tests import databases, factories
from tests.register_papers import paper, serving, updater

LATER = timedelta(seconds=settings.LEASE_SECONDS + 1)
CARRY_OUT = (
    "import django; django.setup();"
    "from records import register_acts; from records.models import RegisterAct;"
    "register_acts.carry_out(RegisterAct.objects.get().pk)"
)


def proposed(clerk) -> RegisterAct:
    """Somebody has decided; nothing is done yet."""
    factories.register(serving())
    row = actions.take(actions.receive(paper(), by=clerk).row.code, by=clerk)
    details = {"register_id": "R-990001", "is_new": False, "correcting": False, "learn": False, "expected": ""}
    return register_acts.propose("work_in", by=clerk, reason="Đúng người", subject=row.code, details=details)


@pytest.mark.parametrize(("place", "already"), [("before_register", 0), ("after_register", 1)])
def test_a_worker_killed_there_leaves_an_act_that_is_done_once(own_databases, tmp_path, place, already):
    act = proposed(updater())
    (tmp_path / "run").mkdir()
    dies = {"LLTP_FAILPOINT": place, "LLTP_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lltp_portal.settings"}
    env = os.environ | databases.addresses(own_databases) | dies
    done = subprocess.run([sys.executable, "-c", CARRY_OUT], env=env, cwd=settings.BASE_DIR, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert PersonChange.objects.count() == already
    assert RegisterAct.objects.get().outcome is None
    now = timezone.now()
    assert register_acts.resume_acts(now) == 0  # the lease of the dead still runs
    assert register_acts.resume_acts(now + LATER) == 1
    assert RegisterAct.objects.get().outcome == "done"
    assert (PersonChange.objects.count(), IncomingInformation.objects.get().act) == (1, act.code)
    record = changing.read(["R-990001"])["R-990001"].record
    assert str(record.convictions[0].main_penalty_completed_on) == "2023-03-10"


def test_two_workers_at_once_do_an_act_once(own_databases):
    act = proposed(updater())
    done = []

    def work():
        try:
            done.append(register_acts.carry_out(act.pk))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is None for one in done) == [False, True]
    assert PersonChange.objects.count() == 1

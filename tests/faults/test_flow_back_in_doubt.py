"""A confirmed judgment between the two databases, and real processes that die there: it arrives, once."""

import pytest
from django.utils import timezone

from records.register.living import IncomingInformation
from requests import actions
from requests.models import FlowBack
from tests import factories
from tests.agencies import JUDGMENT, answer, ask, decide, reviewing
from tests.faults import stories

pytestmark = pytest.mark.processes
FAILPOINTS = ("before_flow_back", "after_flow_back")
SECONDS_TO_ARRIVE = 2 * stories.SECONDS_TO_RESUME  # no citizen waits for it; a busy machine may take its time
ARMED = {"LLTP_FAILPOINT": ",".join(FAILPOINTS)}


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture
def running(world):
    """Worker and beat, told of both failpoints; neither is armed."""
    for name in FAILPOINTS:
        (world.home.run / f"failpoint.{name}").touch()
    stories.ensure_running(world, "worker", "beat", **ARMED)
    return world


def confirmed(office, number: str) -> FlowBack:
    """A person has just said whose the judgment is; the bell rings."""
    request = reviewing(office, rows={"number": number})
    ask(request, office, "court")
    answer(request, office, outcome="judgment")
    actions.add_conviction(request, 1, by=office.verifying_clerk, conviction=JUDGMENT)
    decide(request, office, convictions=1)
    return FlowBack.objects.get(request=request)


def assert_arrives_once(world, row: FlowBack, *, crashes: bool) -> None:
    there = FlowBack.objects.filter(pk=row.pk, outcome="delivered")
    world.wait_until(there.exists, SECONDS_TO_ARRIVE, "the judgment to arrive")
    papers = IncomingInformation.objects.filter(received_at=row.decision.at)
    assert [paper.code for paper in papers] == [there.get().paper]
    assert (there.get().lease_no > 1) is crashes


@pytest.mark.parametrize(
    ("failpoint", "number"), [("before_flow_back", "001090993102"), ("after_flow_back", "001090993103")]
)
def test_a_worker_that_dies_between_the_two_databases_is_followed_by_another(failpoint, number, running, office):
    (running.home.run / f"failpoint.{failpoint}").unlink()
    row = confirmed(office, number)
    running.wait_until(lambda: running.failpoint_pid(failpoint), 60, f"a worker to reach {failpoint}")
    already = IncomingInformation.objects.filter(received_at=row.decision.at).count()
    assert already == (1 if failpoint == "after_flow_back" else 0)
    assert FlowBack.objects.get(pk=row.pk).done_at is None
    assert_arrives_once(running, row, crashes=True)


@pytest.mark.slow
def test_a_decision_whose_bell_nobody_hears_is_found_by_the_sweeper(running, office):
    """Whoever decided is gone after the commit, and the message with them."""
    running.kill("worker")
    row = confirmed(office, "001090993104")
    running.flush_redis()
    assert FlowBack.objects.due(timezone.now()).filter(pk=row.pk).exists()
    running.start("worker", **ARMED)
    assert_arrives_once(running, row, crashes=False)

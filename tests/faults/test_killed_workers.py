"""Each failpoint once: the process dies there by its own SIGKILL, and the request goes on by itself.

The processes are told of every failpoint; a test leaves one of them armed by marking the others as having happened.
"""

import time
from pathlib import Path

import pytest

from lltp_portal import failpoints
from requests.models import Issuance, SourceSearch
from script.local import processes
from tests import factories
from tests.faults import stories

pytestmark = pytest.mark.processes
WHILE_ASKING = ("before_ask", "after_ask")
WHILE_PRINTING = ("after_intent", "after_render", "after_unsigned")
WHILE_SIGNING = ("after_sign", "before_final_commit")
FAILPOINTS = (*WHILE_ASKING, *WHILE_PRINTING, *WHILE_SIGNING)
ARMED = {"LLTP_FAILPOINT": ",".join(FAILPOINTS)}
# Every run strikes at each of them, in one way or the other; --all in both.
WITH_A_WHOLE_WORKER = {"after_ask", "after_unsigned", "before_final_commit"}


def at(in_every_run: set[str]) -> list:
    return [pytest.param(name, marks=() if name in in_every_run else pytest.mark.slow) for name in FAILPOINTS]


def test_every_failpoint_is_tried_here():
    of_messages = {"before_send", "after_send"}  # tests/faults/test_messages_in_doubt.py
    of_the_register = {"before_register", "after_register"}  # tests/test_register_acts_killed.py
    of_judgments = {"before_flow_back", "after_flow_back"}  # tests/faults/test_flow_back_in_doubt.py
    assert set(FAILPOINTS) | of_messages | of_the_register | of_judgments == failpoints.NAMES


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture
def figures(request) -> list:
    """What was measured, kept with the test's result (junit's properties)."""
    return request.node.user_properties


@pytest.fixture
def running(world):
    """Worker, signer and beat, started by the first test and found by the others."""
    for name in FAILPOINTS:
        mark(world, name).touch()
    stories.ensure_running(world, "worker", "signer", "beat", **ARMED)
    return world


def mark(world, failpoint: str) -> Path:
    return world.home.run / f"failpoint.{failpoint}"


def set_off(world, failpoint: str, office):
    """A request on its way to the failpoint, which is armed; returns the request and the pid that died there."""
    journey, last = factories.journey(office=office), "receive" if failpoint in WHILE_ASKING else "approve"
    stories.walked(journey, "submitted" if failpoint in WHILE_ASKING else "verified")
    mark(world, failpoint).unlink()
    request = journey.take(last)
    pid = world.wait_until(lambda: world.failpoint_pid(failpoint), 60, f"a process to reach {failpoint}")
    return request, pid


def assert_killed_inside(world, name: str, pid: int) -> None:
    """A child of this pool, and SIGKILL ended it: the pool's own words."""
    said = f"pid:{pid} exited with 'signal 9 (SIGKILL)'"
    world.wait_until(lambda: said in world.log(name), 20, f"{name}.log to say {said!r}")
    assert processes.started_at(pid) is None


def assert_one_story(failpoint: str, request) -> None:
    if failpoint in WHILE_ASKING:
        search = SourceSearch.objects.get(request=request)
        assert (search.attempts, search.parked_at) == (2, None)
        stories.assert_asked_and_answered_once(request, killed=1)
        stories.assert_history_is_linear(request)
    else:
        stories.assert_issued_once(request)
        assert Issuance.objects.get(pk=request.pk).parked_at is None


def resumes_within_a_minute(failpoint: str, request, died: float, figures: list) -> None:
    stories.wait_for(request, "reviewing" if failpoint in WHILE_ASKING else "issued")
    seconds = time.time() - died
    figures.append((f"{failpoint}: seconds from death to done", round(seconds, 1)))
    assert seconds <= stories.SECONDS_TO_RESUME


@pytest.mark.parametrize("failpoint", at(set(FAILPOINTS) - WITH_A_WHOLE_WORKER))
def test_a_pool_child_that_dies_there_is_replaced_and_the_request_goes_on(failpoint, running, office, figures):
    request, pid = set_off(running, failpoint, office)
    died = mark(running, failpoint).stat().st_mtime
    assert_killed_inside(running, "signer" if failpoint in WHILE_SIGNING else "worker", pid)
    resumes_within_a_minute(failpoint, request, died, figures)
    assert_one_story(failpoint, request)


@pytest.mark.parametrize("failpoint", at(WITH_A_WHOLE_WORKER))
def test_a_whole_worker_that_dies_there_and_is_started_anew_goes_on(failpoint, running, office, figures):
    """A power cut: pool, parent and message die together; only the row is left."""
    name = "signer" if failpoint in WHILE_SIGNING else "worker"
    request, _ = set_off(running, failpoint, office)
    died = mark(running, failpoint).stat().st_mtime
    running.kill(name)
    running.start(name, **ARMED)
    resumes_within_a_minute(failpoint, request, died, figures)
    assert_one_story(failpoint, request)


@pytest.mark.slow
def test_a_request_that_kills_every_worker_is_parked_while_others_pass_it_and_one_press_frees_it(world, office):
    """Five pool children die over it; the sixth turn is a person's."""
    from requests import actions
    from tests import misbehaving_registry

    if world.is_running("worker"):
        world.kill("worker")
    world.start("worker", LLTP_REGISTRY_BACKEND="tests.misbehaving_registry.Switchable")
    if not world.is_running("beat"):
        world.start("beat")
    deadly = factories.journey(office=office)
    deadly.to("submitted")
    misbehaving_registry.switch(world.home.path, "dies", deadly.request.code)
    request = deadly.take("receive")
    healthy = stories.received(office=office)
    stories.wait_for(healthy, "reviewing")
    world.wait_until(SourceSearch.objects.parked().filter(request=request).exists, 300, "the row to be parked")
    assert stories.fresh(request).state == "received"
    assert [lookup.outcome for lookup in stories.lookups_of(request)] == [None] * 5
    misbehaving_registry.switch(world.home.path, None, request.code)
    actions.retry_parked(SourceSearch.objects.get(request=request), by=factories.make_staff("national_administrator"))
    stories.wait_for(request, "reviewing")
    stories.assert_asked_and_answered_once(request, killed=5)

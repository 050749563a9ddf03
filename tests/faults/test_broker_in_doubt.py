"""A broker that forgets, stops, freezes or is half there: pages stay quick, and nothing that waits is lost."""

import os
import signal
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from requests.models import CertificateRequest, Issuance, SourceSearch
from script.local import valkey
from tests import factories
from tests.faults import stories
from tests.misbehaving_registry import switch
from tests.pace import EVERYTHING
from tests.proxies import Proxy

pytestmark = pytest.mark.processes
MOST_SECONDS = 2.0
# What a silent broker may add to a page; on a crowded machine the page alone may take longer than the rest of the two.
MOST_SECONDS_OF_THE_BROKER = 1.2
WAITING = 50 if EVERYTHING else 20


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture(scope="module")
def proxy(world):
    """Between the web process and the broker."""
    address = urlsplit(world.redis_url)
    proxy = Proxy((address.hostname, address.port))
    yield proxy
    proxy.close()


@pytest.fixture
def running(world, proxy):
    address = urlsplit(world.redis_url)
    through = address._replace(netloc=f":{address.password}@127.0.0.1:{proxy.port}").geturl()
    stories.ensure_running(world, "web", REDIS_URL=through)
    stories.ensure_running(world, "worker", "signer", "beat")
    return world


def test_requests_wait_while_the_broker_forgets_everything_and_all_finish(world, office):
    """Nobody rings again: beat, started late, has its sweepers find every row that waits."""
    searching = [stories.received(office=office) for _ in range(WAITING - 4)]
    today = timezone.now() - timedelta(hours=8)  # an approval counts for 24 hours
    signing = [factories.request_in("signing", office=office, at=today) for _ in range(4)]
    world.flush_redis()
    stories.ensure_running(world, "worker", "signer")
    assert SourceSearch.objects.waiting().count() == len(searching)
    stories.ensure_running(world, "beat")
    stories.wait_for_all(searching, "reviewing", 120)
    stories.wait_for_all(signing, "issued", 120)
    for request in searching:
        stories.assert_asked_and_answered_once(request)
        stories.assert_history_is_linear(request)
    for request in signing:
        stories.assert_issued_once(request)
    assert not SourceSearch.objects.parked().exists()
    assert not Issuance.objects.parked().exists()


class Pages:
    """The three pages that ring, each as the person whose step it is, over HTTP."""

    def __init__(self, world, office) -> None:
        self.world, self.office, self.slowest = world, office, 0.0
        self.in_trouble, self.healthy = False, dict[str, float]()  # page -> the slowest while all was well

    def note(self, name: str, seconds: float) -> None:
        if not self.in_trouble:
            self.healthy[name] = max(seconds, self.healthy.get(name, 0.0))
            return
        self.slowest = max(self.slowest, seconds)
        most = max(MOST_SECONDS, self.healthy[name] + MOST_SECONDS_OF_THE_BROKER)
        assert seconds <= most, f"{name} took {seconds:.1f} s, {self.healthy[name]:.1f} s while all was well"

    def post(self, user, name: str, request: CertificateRequest, *more: str, **fields: str) -> None:
        version = {"version": str(stories.fresh(request).step_count)}
        with stories.browser(self.world.base_url, user) as session:
            began = time.monotonic()
            answer = session.post(reverse(name, args=[request.code, *more]), data={**stories.CSRF, **version, **fields})
            seconds = time.monotonic() - began
        assert answer.status_code == 302, (name, answer.status_code, answer.text[:2000])
        self.note(name, seconds)

    def file_and_receive(self) -> CertificateRequest:
        draft = factories.journey(office=self.office, fields={"fee_category": "poor"}, at=timezone.now()).request
        self.post(draft.filed_by, "request_submit", draft, sworn="on")
        assert stories.fresh(draft).state == "submitted"
        self.post(self.office.intake_clerk, "clerk_act", draft, "receive")
        assert stories.fresh(draft).state in {"received", "reviewing"}  # in better times a worker may be this quick
        return draft

    def approve(self, journey) -> CertificateRequest:
        form = stories.approval_form(self.world.base_url, journey)
        self.post(self.office.approver, "approver_approve", journey.request, **form)
        assert stories.fresh(journey.request).state in {"signing", "issued"}
        return journey.request


@pytest.fixture(scope="module")
def all_pages(world, office):
    return Pages(world, office)


@pytest.fixture
def pages(running, all_pages):
    """Measured while all is well; the first request of a process loads what later ones find loaded."""
    all_pages.in_trouble, all_pages.slowest = False, 0.0
    while len(all_pages.healthy) < 3:
        for _ in range(3):
            stories.wait_for(all_pages.file_and_receive(), "reviewing")
        all_pages.healthy.clear()
        all_pages.file_and_receive()
        journey = factories.journey(office=all_pages.office)
        stories.walked(journey, "verified")
        all_pages.approve(journey)
    return all_pages


def trouble(world, proxy, kind: str) -> None:
    if kind == "stopped":
        world.stop("redis")
    elif kind == "frozen":
        os.kill(world.pid("redis"), signal.SIGSTOP)
    else:
        proxy.set("silent")


def relief(world, proxy, kind: str) -> None:
    if kind == "stopped":
        world.start("redis")
    elif kind == "frozen":
        os.kill(world.pid("redis"), signal.SIGCONT)
    else:
        proxy.set("pass")


@pytest.mark.parametrize("kind", ["stopped", "frozen", "half-open"])
def test_pages_that_ring_stay_quick_and_everything_goes_on_when_the_broker_is_back(
    kind, running, pages, proxy, office, request
):
    journey = factories.journey(office=office)
    stories.walked(journey, "verified")
    machines = {name: running.pid(name) for name in ("worker", "signer", "beat")}
    trouble(running, proxy, kind)
    pages.in_trouble = True
    try:
        filed = [pages.file_and_receive() for _ in range(2)]
        approved = pages.approve(journey)
    finally:
        relief(running, proxy, kind)
    request.node.user_properties.append((f"broker {kind}: slowest page, seconds", round(pages.slowest, 2)))
    back = time.monotonic()
    stories.wait_for_all(filed, "reviewing", 90)
    stories.wait_for(approved, "issued", seconds=90)
    request.node.user_properties.append((f"broker {kind}: seconds until all done", round(time.monotonic() - back, 1)))
    assert {name: running.pid(name) for name in machines} == machines
    for row in filed:
        stories.assert_asked_and_answered_once(row)
        stories.assert_history_is_linear(row)
    stories.assert_issued_once(approved)


def test_a_worker_that_is_busy_when_the_broker_stops_lives_on_and_its_request_too(running, office):
    """Its unacknowledged message is lost with the broker; the row is not."""
    for name in ("worker", "beat"):
        running.kill(name)
    backend = {"LLTP_REGISTRY_BACKEND": "tests.misbehaving_registry.Switchable"}
    running.start_all("worker", "beat", **backend)
    pid, requests = running.pid("worker"), []
    for _ in range(2):
        switch(running.home.path, "slow")
        asked = stories.received(office=office)
        requests += [asked, stories.received(office=office)]
        running.wait_until(lambda asked=asked: stories.lookups_of(asked), 30, "a question to be put")
        running.stop("redis")
        switch(running.home.path, None)
        running.start("redis")
        stories.wait_for_all(requests, "reviewing", 90)
        assert running.pid("worker") == pid
    for request in requests:
        assert [lookup.outcome for lookup in stories.lookups_of(request)].count("complete") == 1
        stories.assert_history_is_linear(request)


@pytest.mark.slow
def test_a_worker_on_a_half_open_line_to_the_broker_finds_back_by_itself(running, office):
    """The line of worker and beat falls silent for a minute; both come back without a restart."""
    address = urlsplit(running.redis_url)
    proxy = Proxy((address.hostname, address.port))
    for name in ("worker", "beat"):
        running.kill(name)
        through = address._replace(netloc=f":{address.password}@127.0.0.1:{proxy.port}").geturl()
        running.start(name, REDIS_URL=through)
    proxy.set("silent")
    request = stories.received(office=office)
    silent_since = time.monotonic()
    running.wait_until(lambda: time.monotonic() - silent_since > 60, 70, "a minute of silence")
    proxy.set("pass")
    try:
        stories.wait_for(request, "reviewing", seconds=90)
    finally:
        for name in ("worker", "beat"):
            running.kill(name)
        proxy.close()
    stories.assert_asked_and_answered_once(request)


def test_the_broker_keeps_primary_keys_and_nothing_about_people(world, office):
    """Whoever reads the broker learns that row 7 has work, and not about whom."""
    import redis

    for name in ("worker", "signer", "beat"):
        if world.is_running(name):
            world.kill(name)
    request = stories.received(office=office)
    with redis.Redis.from_url(world.redis_url) as client:
        kept = b"".join(
            client.lrange(key, 0, -1)[0] if client.type(key) == b"list" else b"" for key in client.scan_iter("*")
        )
    assert b"search_records" in kept
    declaration = request.declaration
    for secret in (declaration.full_name, declaration.identity_number, request.code, declaration.phone):
        assert secret.encode() not in kept
    assert valkey.answers(world.home, urlsplit(world.redis_url).port)

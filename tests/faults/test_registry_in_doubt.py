"""A central database that lies, stutters or is away, behind a running worker: nobody is ever called clean by it."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from requests.models import CertificateRequest, SourceSearch
from tests import factories, misbehaving_registry
from tests.faults import stories
from tests.misbehaving_registry import MISBEHAVIOURS, PERSONAL, switch
from tests.proxies import Proxy

pytestmark = pytest.mark.processes
ADDRESS = "CENTRAL_DATABASE_URL"
KILLS_THE_WORKER = {"dies"}
# What each weather between the worker and the central database is; the last is a line that dies in mid-answer.
WEATHERS = {
    "refuse": {},
    "silent": {"drop": False},
    "garbage": {"drop": True},
    "cut": {"drop": True},
    "cut in mid-answer": {"drop": False},
    "trickle": {"drop": True},
}


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture(scope="module")
def proxy(world):
    address = urlsplit(world._portal.addresses[ADDRESS])
    proxy = Proxy((address.hostname, address.port))
    yield proxy
    proxy.close()


@pytest.fixture
def running(world, proxy):
    address = urlsplit(world._portal.addresses[ADDRESS])
    through = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{proxy.port}").geturl()
    told = {ADDRESS: through, "LLTP_REGISTRY_BACKEND": f"{misbehaving_registry.__name__}.Switchable"}
    stories.ensure_running(world, "worker", "beat", "web", **told)
    yield world
    proxy.set("pass")


def submitted(office) -> factories.Journey:
    journey = factories.journey(office=office)
    journey.to("submitted")
    return journey


def search_of(request: CertificateRequest) -> SourceSearch:
    return SourceSearch.objects.get(request=request)


def was_asked_twice(request: CertificateRequest) -> bool:
    search = search_of(request)
    return search.attempts >= 2 and bool(search.last_cause)


def assert_nothing_was_believed(request: CertificateRequest) -> None:
    search, now = search_of(request), stories.fresh(request)
    assert now.state == "received"
    assert (search.lookup, search.parked_at, search.done_at) == (None, None, None)
    assert PERSONAL not in search.last_cause
    outcomes = {lookup.outcome for lookup in stories.lookups_of(request)} - {None}
    assert outcomes <= {"partial", "failed"}
    assert stories.words_in_database(stories.NOTHING_FOUND) == []


def assert_pages_tell_the_cause(world, request: CertificateRequest, office) -> None:
    """Over HTTP: the clerk reads state and cause; neither clerk nor citizen ever reads that nothing was found."""
    with stories.browser(world.base_url, office.verifying_clerk) as clerk:
        page = clerk.get(reverse("clerk_request", args=[request.code]))
    assert page.status_code == 200
    assert any(cause in page.text for cause in causes_of(request)), search_of(request).last_cause
    assert "Được tiếp nhận" in page.text
    assert stories.NOTHING_FOUND not in page.text
    with stories.browser(world.base_url, request.filed_by) as citizen:
        page = citizen.get(reverse("request_detail", args=[request.code]))
    assert page.status_code == 200
    assert stories.NOTHING_FOUND not in page.text


def causes_of(request: CertificateRequest) -> set[str]:
    """The cause may become another one while the page is fetched."""
    return {lookup.cause for lookup in stories.lookups_of(request) if lookup.cause}


def test_whatever_the_back_end_says_but_the_truth_leaves_the_request_received_until_it_heals(running, office):
    waiting = {}
    for how in MISBEHAVIOURS.keys() - KILLS_THE_WORKER:
        journey = submitted(office)
        switch(running.home.path, how, journey.request.code)
        waiting[how] = journey.take("receive")
    for how, request in waiting.items():
        running.wait_until(lambda request=request: was_asked_twice(request), 60, f"two questions to one that is {how}")
    for request in waiting.values():
        assert_nothing_was_believed(request)
    for how in ("partial", "another person", "stale", "exception"):
        assert_pages_tell_the_cause(running, waiting[how], office)
    for request in waiting.values():
        switch(running.home.path, None, request.code)
    stories.wait_for_all(list(waiting.values()), "reviewing")
    for request in waiting.values():
        outcomes = [lookup.outcome for lookup in stories.lookups_of(request)]
        assert outcomes.count("complete") == 1
        assert outcomes[-1] == "complete"
        stories.assert_history_is_linear(request)


def test_a_line_to_the_central_database_that_fails_in_any_way_only_makes_the_request_wait(running, proxy, office):
    waiting = []
    warm = stories.received(office=office)
    stories.wait_for(warm, "reviewing")
    for weather, how in WEATHERS.items():
        proxy.set(weather.split()[0], seconds=0.5, after=60 if weather == "cut in mid-answer" else 0, **how)
        request = stories.received(office=office)
        running.wait_until(lambda request=request: was_asked_twice(request), 60, f"two questions over {weather}")
        assert_nothing_was_believed(request)
        waiting.append(request)
    assert_pages_tell_the_cause(running, waiting[0], office)
    proxy.set("pass", drop=True)
    stories.wait_for_all(waiting, "reviewing", 90)
    for request in waiting:
        assert [lookup.outcome for lookup in stories.lookups_of(request)].count("complete") == 1
        stories.assert_history_is_linear(request)

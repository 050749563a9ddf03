"""While the central side is left alone nothing is asked, nor written down as asked; requests wait and say so."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse
from django.utils import timezone

from records import registry, remote
from records.answers import Question
from records.central import wire
from records.central.models import Circuit
from records.models import RecordLookup
from requests import actions
from requests.models import AfterIssue, SourceSearch
from requests.states import State
from tests import factories
from tests.lying_central import LyingCentral, nobody_found

pytestmark = pytest.mark.django_db


def truth_of(key):
    """An honest central side with nobody on file."""

    def truth(body, headers):
        return 200, "application/json", json.dumps(wire.sealed(json.dumps(nobody_found(body)), key)).encode()

    return truth


@pytest.fixture
def far(settings):
    key = Ed25519PrivateKey.generate()
    side = LyingCentral(truth_of(key), key)
    settings.LLTP_REGISTRY_BACKEND = "records.remote.HttpCentral"
    settings.LLTP_CENTRAL_URL = side.url
    settings.LLTP_CENTRAL_KEY = "0123456789abcdef.secret"
    settings.LLTP_CENTRAL_PINNED_KEYS = [wire.public_text(key.public_key())]
    settings.CIRCUIT_FAILURES, settings.CIRCUIT_SECONDS = 3, 30
    yield side
    side.close()


def left_alone(*, for_seconds=600):
    now = timezone.now()
    told = {"failures": 3, "opened_at": now, "next_probe_at": now + timedelta(seconds=for_seconds)}
    Circuit.objects.update_or_create(name="central", defaults={**told, "last_cause": remote.AWAY})


def rest_is_over():
    Circuit.objects.update(next_probe_at=timezone.now() - timedelta(seconds=1))


def received():
    journey = factories.journey()
    for step in ("submit", "record_payment", "receive"):
        journey.take(step)
    return journey


def search_of(journey):
    return SourceSearch.objects.get(request=journey.request)


def try_when_due(journey):
    search = search_of(journey)
    at = max(search.next_try_at, timezone.now())
    actions.search(search.pk, at=at)
    return at


def test_a_try_that_never_left_the_house_is_no_question_put(far, settings):
    left_alone()
    journey, waits = received(), []
    for _ in range(12):
        at = try_when_due(journey)
        waits.append((search_of(journey).next_try_at - at).total_seconds())
    search = search_of(journey)
    assert not RecordLookup.objects.exists() and far.bodies == []
    assert (search.attempts, search.lease_until, search.crashes, search.done_at) == (0, None, 0, None)
    assert search.last_cause.startswith("Tạm ngừng hỏi từ") and journey.request.state == State.RECEIVED
    longest = settings.BACKOFF_SECONDS[-1]
    assert waits[0] <= settings.BACKOFF_SECONDS[0] * 1.2
    assert longest * 0.8 <= waits[-1] <= longest * 1.2, "the longer it is away, the less it is thought of"


def test_who_waits_reads_why(far, client):
    left_alone()
    journey = received()
    try_when_due(journey)
    client.force_login(journey.office.verifying_clerk)
    page = client.get(reverse("clerk_request", args=[journey.request.code])).text
    assert "chưa được hỏi lần nào" in page and "Tạm ngừng hỏi từ" in page and "Các lần hỏi" not in page
    client.force_login(journey.request.filed_by)
    page = client.get(reverse("request_detail", args=[journey.request.code])).text
    assert "Cơ sở dữ liệu trung ương chưa trả lời" in page


def test_when_the_rest_is_over_one_asks_and_writes_down_one_question(far):
    left_alone()
    first, second = received(), received()
    rest_is_over()
    far.lie = "HTML"
    try_when_due(first)
    try_when_due(second)
    lookup = RecordLookup.objects.get()
    assert (lookup.request_code, lookup.outcome, lookup.cause) == (first.request.code, "failed", remote.NOT_JSON)
    assert (search_of(first).attempts, search_of(second).attempts, len(far.bodies)) == (1, 0, 1)
    far.lie = ""
    rest_is_over()
    at = try_when_due(second)
    assert search_of(second).done_at is not None, "the probe is answered, and the request goes on"
    assert search_of(first).next_try_at <= at, "and so do the others"
    try_when_due(first)
    outcomes = RecordLookup.objects.order_by("pk").values_list("request_code", "outcome")
    assert list(outcomes) == [
        (first.request.code, "failed"),
        (second.request.code, "complete"),
        (first.request.code, "complete"),
    ]


def test_a_worker_that_may_ask_is_not_refused_by_the_probe_it_was_given(far):
    left_alone()
    rest_is_over()
    assert registry.left_alone() is None, "this one may ask"
    assert registry.left_alone() is not None, "and no other"
    question = Question.from_json({"reference": "YC-1", "full_name": "Lê Thị Thử", "date_of_birth": "1990-01-02"})
    assert registry.ask(question, purpose="Thử", let_in=True).outcome == "complete"
    assert registry.left_alone() is None, "an answer ends the rest"


def test_nobody_is_left_alone_who_has_no_circuit(settings):
    left_alone()
    assert registry.left_alone() is None
    settings.LLTP_REGISTRY_BACKEND = "records.backends.Nothing"
    assert registry.left_alone() is None, "asking says what is wrong"


def test_the_watch_after_issue_waits_without_a_question_too(settings, request):
    settings.TALK_SECONDS = 30
    with factories.signing_key():
        journey = factories.journey()
        journey.to(State.ISSUED)
    before = RecordLookup.objects.count()
    request.getfixturevalue("far")
    left_alone()
    watched = AfterIssue.objects.get(request=journey.request)
    at = watched.next_try_at
    actions.ask_after_issue(watched.pk, at=at)
    watched.refresh_from_db()
    assert RecordLookup.objects.count() == before
    assert watched.last_cause.startswith("Tạm ngừng hỏi từ") and (watched.attempts, watched.lease_until) == (0, None)
    wait = (watched.next_try_at - at).total_seconds()
    assert settings.REASK_PATIENCE * 0.8 <= wait <= settings.REASK_PATIENCE * 1.2

"""Asking another deployment: a whole, fresh, signed answer comes through; every lie becomes a cause."""

import json
import logging
import ssl
import threading
import time
from datetime import timedelta

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from records import registry, remote
from records.answers import Complete, Failed, Partial
from records.central import circuit, wire
from records.central.models import Circuit
from records.matching import PARENTS
from tests.lying_central import LIES, SLOW, LyingCentral
from tests.records_people import conviction, person, person_json
from tests.test_records_matching import ask
from tests.tls_papers import TestAuthority

PURPOSE = "Cấp Phiếu lý lịch tư pháp"
QUESTION = ask(reference="YC-0123456789ABCDEF")
CAUSES = {
    "hangs up": remote.AWAY,
    "is no HTTP": remote.AWAY,
    "says nothing": remote.SLOW,
    "drips a header": remote.SLOW,
    "drips a body": remote.SLOW,
    "ten gigabytes": remote.TOO_LARGE,
    "says ten gigabytes": remote.TOO_LARGE,
    "HTML": remote.NOT_JSON,
    "JSON called text": remote.NOT_JSON,
    "HTML called JSON": remote.BROKEN_OFF,
    "cut off": remote.BROKEN_OFF,
    "half as if whole": remote.BROKEN_OFF,
    "deep": remote.BROKEN_OFF,
    "empty": remote.BROKEN_OFF,
    "elsewhere": remote.REDIRECTED,
    "error 502": "Hệ thống trung ương trả lời lỗi HTTP 502.",
    "unsigned": remote.NOT_SIGNED,
    "signed by a stranger": remote.NOT_SIGNED,
    "a stranger in its name": remote.NOT_SIGNED,
    "changed on the way": remote.NOT_SIGNED,
    "a signature of zeros": remote.NOT_SIGNED,
    "another person": remote.OTHER_QUESTION,
    "an earlier answer": remote.OTHER_QUESTION,
    "another nonce": remote.OTHER_QUESTION,
    "yesterday's schema": remote.OTHER_SCHEMA,
    "page 1 of 2": remote.IN_PAGES,
    "counts one more": remote.WRONG_COUNT,
    "stale": registry.STALE,
    "from the future": registry.FROM_THE_FUTURE,
    "a candidate twice": registry.MALFORMED,
    "set aside for a reason of its own": registry.MALFORMED,
    "a candidate who is set aside": registry.MALFORMED,
    "a candidate of another form": remote.MALFORMED,
}


def truth_of(key, records=(), others=()):
    """What an honest central side says to any question, and what it was asked."""

    def truth(body, headers):
        asked = json.loads(body)
        said = {
            "schema": wire.ANSWER_SCHEMA,
            "nonce": asked["nonce"],
            "question_digest": QUESTION.digest(),
            "as_of": timezone.now().isoformat(),
            "complete": True,
            "cause": "",
            "count": len(records),
            "candidates": list(records),
            "set_aside": list(others),
        }
        return 200, "application/json", json.dumps(wire.sealed(json.dumps(said), key)).encode()

    return truth


@pytest.fixture
def central(settings):
    key = Ed25519PrivateKey.generate()
    far = LyingCentral(truth_of(key, [person_json(conviction())]), key)
    settings.LLTP_REGISTRY_BACKEND = "records.remote.HttpCentral"
    settings.LLTP_CENTRAL_URL = far.url
    settings.LLTP_CENTRAL_KEY = "0123456789abcdef.secret"
    settings.LLTP_CENTRAL_PINNED_KEYS = [wire.public_text(key.public_key())]
    settings.CIRCUIT_FAILURES = 1000
    yield far
    far.close()


def put():
    return registry.ask(QUESTION, purpose=PURPOSE)


@pytest.mark.django_db
def test_a_whole_signed_answer_comes_through(central):
    answer = put()
    assert answer == Complete(answer.as_of, QUESTION.digest(), (person(conviction()),))
    (body,) = central.bodies
    asked = json.loads(body)
    assert asked["question"] == QUESTION.to_json()
    assert (asked["purpose"], asked["request_code"]) == (PURPOSE, QUESTION.reference)
    assert central.paths == [wire.PATH]


@pytest.mark.django_db
def test_who_was_set_aside_comes_through_as_id_and_reason(central):
    central.truth = truth_of(central.key, [], [["R-2", PARENTS]])
    assert put().set_aside == (("R-2", PARENTS),)


@pytest.mark.django_db
@pytest.mark.parametrize("lie", sorted(LIES.keys() - {"partial"}))
def test_no_lie_is_ever_believed(central, settings, lie, caplog):
    # Slow lies are waited for until the time is over; others must not be failed by a busy machine.
    settings.TALK_SECONDS = 1.5 if lie in SLOW else 10
    put()  # something true, for whoever replays it
    central.lie = lie
    began = time.monotonic()
    with caplog.at_level(logging.INFO):
        answer = put()
    assert isinstance(answer, Failed), lie
    assert answer.cause == CAUSES.get(lie, answer.cause)
    assert answer.cause.endswith(".")
    assert time.monotonic() - began < settings.TALK_SECONDS + 5
    assert central.sent < 3 * wire.MOST_ANSWER_BYTES + 10_000_000, "the rest of a flood is never taken"
    assert QUESTION.full_name not in caplog.text and "001080990001" not in caplog.text
    central.lie = ""
    assert isinstance(put(), Complete)


@pytest.mark.django_db
def test_a_partial_answer_is_told_as_one(central):
    central.lie = "partial"
    answer = put()
    assert isinstance(answer, Partial)
    assert answer.cause == "Đang nạp dữ liệu (thiếu 3 dòng)."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "cause"), [(401, remote.NOT_ALLOWED), (403, remote.NOT_ALLOWED), (429, remote.BUSY)]
)
def test_a_refusal_says_whose_move_it_is(central, status, cause):
    central.truth = lambda body, headers: (status, "application/json", b'{"code": "x"}')
    assert put() == Failed(cause)


@pytest.mark.django_db
def test_nobody_listens(central, settings):
    settings.LLTP_CENTRAL_URL = "http://127.0.0.1:9"
    assert put() == Failed(remote.AWAY)


@pytest.mark.django_db
def test_without_a_purpose_nothing_is_asked(central):
    assert registry.ask(QUESTION) == Failed(remote.NO_PURPOSE)
    assert central.bodies == []


@pytest.mark.django_db
def test_two_pinned_keys_let_the_central_side_change_its_key(central, settings):
    new = Ed25519PrivateKey.generate()
    old = settings.LLTP_CENTRAL_PINNED_KEYS
    central.truth = truth_of(new)
    assert put() == Failed(remote.NOT_SIGNED)
    settings.LLTP_CENTRAL_PINNED_KEYS = [*old, wire.public_text(new.public_key())]
    assert isinstance(put(), Complete)
    central.truth = truth_of(central.key)
    assert isinstance(put(), Complete)


# --- Left alone -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sensitive(central, settings):
    settings.CIRCUIT_FAILURES, settings.CIRCUIT_SECONDS = 3, 30
    return central


def wait_over():
    """The rest is over, as the clock would say later."""
    Circuit.objects.update(next_probe_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_after_failures_in_a_row_the_far_side_is_left_alone_until_one_probe_is_answered(sensitive):
    sensitive.lie = "HTML"
    for _ in range(3):
        assert put() == Failed(remote.NOT_JSON)
    asked = len(sensitive.bodies)
    left_alone = put()
    assert isinstance(left_alone, Failed) and left_alone.cause.startswith("Tạm ngừng hỏi từ")
    assert remote.NOT_JSON.rstrip(".") in left_alone.cause
    assert len(sensitive.bodies) == asked, "nothing goes over the line while the circuit is open"
    wait_over()
    assert put() == Failed(remote.NOT_JSON)  # the probe
    assert len(sensitive.bodies) == asked + 1
    assert put().cause.startswith("Tạm ngừng hỏi")
    sensitive.lie = ""
    wait_over()
    assert isinstance(put(), Complete)
    assert isinstance(put(), Complete)
    row = Circuit.objects.get(name="central")
    assert (row.failures, row.opened_at, row.last_cause) == (0, None, "")
    verbs = list(AuditEvent.objects.about("central").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["circuit_opened", "circuit_closed"]


@pytest.mark.django_db
def test_only_failures_in_a_row_count_and_limits_are_nobodys_failure(sensitive):
    sensitive.lie = "HTML"
    put(), put()
    sensitive.lie = "partial"
    put()
    sensitive.lie = "HTML"
    put(), put()
    assert Circuit.objects.get().opened_at is None
    sensitive.lie = ""
    sensitive.truth = lambda body, headers: (429, "application/json", b"{}")
    for _ in range(5):
        assert put() == Failed(remote.BUSY)
    assert Circuit.objects.get().opened_at is None


@pytest.mark.django_db
def test_one_process_at_a_time_wins_the_probe(sensitive):
    now = timezone.now()
    Circuit.objects.create(name="central", failures=9, opened_at=now, next_probe_at=now)
    breakers = [circuit.Breaker("central") for _ in range(5)]
    refused = [breaker.refuses(now) for breaker in breakers]
    assert refused.count(None) == 1


def test_the_client_that_asks_takes_no_proxy_and_follows_nothing():
    assert {name: remote._options(httpx2)[name] for name in ("trust_env", "follow_redirects")} == {
        "trust_env": False,
        "follow_redirects": False,
    }


# --- TLS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def papers(tmp_path):
    return TestAuthority(tmp_path / "central"), TestAuthority(tmp_path / "offices")


@pytest.fixture
def over_tls(central, papers, settings):
    """The central side as behind its proxy: its own certificate, and one asked of whoever comes."""
    servers, offices = papers
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*servers.issue("central"))
    context.load_verify_locations(offices.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    far = LyingCentral(central.truth, central.key, context)
    certificate, key = offices.issue("01-hn")
    settings.LLTP_CENTRAL_URL, settings.LLTP_CENTRAL_CA_FILE = far.url, str(servers.certificate)
    settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE, settings.LLTP_CENTRAL_CLIENT_KEY_FILE = str(certificate), str(key)
    yield far
    far.close()


@pytest.mark.django_db
def test_both_sides_show_a_certificate(over_tls, papers, settings):
    assert isinstance(put(), Complete)
    good = settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE
    settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE = ""
    assert put() == Failed(remote.AWAY)
    settings.LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE, settings.LLTP_CENTRAL_CA_FILE = good, str(papers[1].certificate)
    assert put() == Failed(remote.AWAY)
    settings.LLTP_CENTRAL_CA_FILE = str(papers[0].certificate)
    assert isinstance(put(), Complete)


@pytest.mark.django_db
@pytest.mark.parametrize("lie", ["drips a header", "drips a body", "says nothing"])
def test_a_slow_line_is_cut_under_tls_too(over_tls, settings, lie):
    settings.TALK_SECONDS = 3
    over_tls.lie = lie
    began = time.monotonic()
    assert put() == Failed(remote.SLOW)
    assert time.monotonic() - began < settings.TALK_SECONDS + 5
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("Thread") and thread.is_alive()]
    assert not [thread for thread in threads if "_talk" in thread.name], "nobody is left behind on the line"

"""Idempotency-Key: what is sent twice happens once, and what was refused may be put right (decisions 3)."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from requests import idempotency, tasks
from requests.models import CertificateRequest, IdempotencyKey, RequestStep
from tests import factories
from tests.api_calls import REQUESTS, caller, complete_body


@pytest.fixture
def citizen(db):
    return factories.make_citizen()


@pytest.fixture
def api(citizen, client):
    """The citizen's program: call(method, path, body, **headers) → response."""
    client.force_login(citizen)
    return caller(client)


def _draft(api):
    return api("POST", REQUESTS, complete_body()).json()


def test_a_repeated_key_makes_one_draft_and_reads_it_again(api):
    body = complete_body()
    first = api("POST", REQUESTS, body, idempotency_key="khoa-1")
    api("PUT", f"{REQUESTS}{first.json()['code']}/declaration/", complete_body(full_name="Lê Văn Mới"))
    again = api("POST", REQUESTS, dict(reversed(body.items())), idempotency_key="khoa-1")
    assert (again.status_code, again.json()["code"]) == (201, first.json()["code"])
    assert again.json()["declaration"]["full_name"] == "Lê Văn Mới"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert CertificateRequest.objects.count() == 1


def test_a_repeated_key_submits_once(api):
    code = _draft(api)["code"]
    answers = [api("POST", f"{REQUESTS}{code}/submit/", idempotency_key="khoa") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert RequestStep.objects.filter(step="submit").count() == 1


def test_the_same_key_with_another_body_is_refused(api):
    api("POST", REQUESTS, {"copies": 1}, idempotency_key="khoa")
    refused = api("POST", REQUESTS, {"copies": 2}, idempotency_key="khoa")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert CertificateRequest.objects.count() == 1


def test_a_key_belongs_to_one_person_and_one_address(api, client):
    one, two = _draft(api)["code"], _draft(api)["code"]
    for code in (one, two):
        assert api("POST", f"{REQUESTS}{code}/submit/", idempotency_key="khoa").json()["code"] == code
    client.force_login(factories.make_citizen())
    assert api("POST", REQUESTS, {}, idempotency_key="khoa").status_code == 201


def test_a_refusal_is_not_kept_and_the_key_may_be_used_again(api):
    code = api("POST", REQUESTS, {}).json()["code"]
    assert api("POST", f"{REQUESTS}{code}/submit/", idempotency_key="khoa").status_code == 400
    assert not IdempotencyKey.objects.exists()
    api("PUT", f"{REQUESTS}{code}/declaration/", complete_body())
    assert api("POST", f"{REQUESTS}{code}/submit/", idempotency_key="khoa").status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 256, "khóa", "a\tb"])
def test_a_key_that_is_none_is_refused(api, key):
    assert api("POST", REQUESTS, {}, idempotency_key=key).status_code == 400
    assert not CertificateRequest.objects.exists()


def test_a_key_is_kept_for_24_hours(api):
    api("POST", REQUESTS, {}, idempotency_key="khoa")
    IdempotencyKey.objects.update(created_at=timezone.now() - idempotency.KEPT + timedelta(minutes=1))
    tasks.drop_old_idempotency_keys()
    api("POST", REQUESTS, {}, idempotency_key="khoa")
    assert CertificateRequest.objects.count() == 1
    IdempotencyKey.objects.update(created_at=timezone.now() - idempotency.KEPT)
    api("POST", REQUESTS, {}, idempotency_key="khoa")
    assert CertificateRequest.objects.count() == 2
    IdempotencyKey.objects.update(created_at=timezone.now() - idempotency.KEPT)
    tasks.drop_old_idempotency_keys()
    assert not IdempotencyKey.objects.exists()


@contextmanager
def _holding_the_key(user, route, key):
    """Another session that is in the middle of the same act."""
    taken, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                assert idempotency._locked(user, route, key)
                taken.set()
                assert done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(20)
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_key_at_work_elsewhere_is_refused_at_once_and_free_afterwards(own_databases):
    citizen = factories.make_citizen()
    client = Client()
    client.force_login(citizen)
    api = caller(client)
    with _holding_the_key(citizen, f"POST {REQUESTS}", "khoa"):
        refused = api("POST", REQUESTS, {}, idempotency_key="khoa")
        assert (refused.status_code, refused.json()["code"]) == (409, "busy")
    assert api("POST", REQUESTS, {}, idempotency_key="khoa").status_code == 201


def test_eight_at_once_with_one_key_make_one_request(own_databases):
    citizen = factories.make_citizen()
    start, answers = threading.Barrier(8), []

    def send():
        client = Client()
        client.force_login(citizen)
        start.wait(30)
        try:
            answers.append(caller(client)("POST", REQUESTS, {}, idempotency_key="khoa").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and set(answers) <= {201, 409} and 201 in answers
    assert CertificateRequest.objects.count() == 1

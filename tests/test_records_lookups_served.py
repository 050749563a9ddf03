"""Answering offices: who is let in, what is written down first, what is signed, what is refused."""

import json
import logging
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records import registry
from records.answers import Complete, Question
from records.central import actions, checks, serving, wire
from records.central.models import Delegation, OfficeKey, Served, Switch
from records.models import RecordLookup
from records.register.models import RegisterImport
from tests.records_people import conviction, person, person_json
from tests.test_records_matching import ask
from tests.test_records_registry import load

CODE = "YC-0123456789ABCDEF"
QUESTION = ask(reference=CODE)
BY = "Quản trị thử"


@pytest.fixture
def signing_key(settings, tmp_path):
    path = tmp_path / "central.key"
    path.write_bytes(wire.new_private_pem())
    settings.LLTP_CENTRAL_SIGNING_KEY_FILE = str(path)
    return wire.read_private(path.read_bytes())


@pytest.fixture
def office(db):
    return actions.add_office(code="01-hn", name="Sở Tư pháp Thành phố Hà Nội", by=BY)


@pytest.fixture
def key(office, signing_key):
    actions.switch(office, on=True, reason="Văn bản 1/UQ", by=BY)
    return actions.make_key(office, by=BY)


def body(**changes):
    nonce = f"{Served.objects.count():032x}"
    asked = {
        "schema": wire.QUESTION_SCHEMA,
        "nonce": nonce,
        "asked_at": timezone.now().isoformat(),
        "request_code": CODE,
        "purpose": "Cấp Phiếu lý lịch tư pháp",
        "question": QUESTION.to_json(),
    }
    return asked | changes


def post(key, sent=None, client=None, **headers):
    return (client or Client()).post(
        wire.PATH,
        data=json.dumps(body() if sent is None else sent),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", **headers},
    )


def said(answer, signing_key):
    return json.loads(wire.opened(answer.json(), [signing_key.public_key()]))


# --- Answers --------------------------------------------------------------------------------------------------------


def test_an_office_gets_a_signed_whole_answer_about_its_own_question(key, signing_key):
    load(person_json(conviction()), person_json(register_id="R-2"))
    sent = body()
    answer = post(key, sent)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    found = said(answer, signing_key)
    assert set(found) == wire.ANSWER_FIELDS
    assert (found["schema"], found["nonce"]) == (wire.ANSWER_SCHEMA, sent["nonce"])
    assert found["question_digest"] == QUESTION.digest()
    assert (found["complete"], found["cause"], found["count"]) == (True, "", 2)
    assert {one["register_id"] for one in found["candidates"]} == {person().register_id, "R-2"}


def test_the_ledger_has_office_and_purpose_before_the_register_is_asked(key, monkeypatch):
    seen = []

    def look(question, *, purpose, backend):
        seen.append(RecordLookup.objects.get())
        assert Served.objects.get().lookup == seen[0]
        assert backend == "records.backends.OwnDatabase"
        return Complete(timezone.now(), question.digest(), ())

    monkeypatch.setattr(registry, "ask", look)
    assert post(key).status_code == 200
    (before,) = seen
    assert (before.outcome, before.for_office, before.purpose) == (None, "01-hn", "Cấp Phiếu lý lịch tư pháp")
    assert before.request_code == f"01-hn:{CODE}", "never counted as a look at a request of our own"
    after = RecordLookup.objects.get()
    assert (after.outcome, after.question_digest) == ("complete", QUESTION.digest())


def test_for_which_office_it_was_asked_is_never_changed(key):
    post(key)
    RecordLookup.objects.put(QUESTION, request_code=CODE, source="central", purpose="x", by=None, at=timezone.now())
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        RecordLookup.objects.filter(outcome=None).update(
            for_office="02", outcome="failed", answered_at=timezone.now(), cause="x"
        )


def test_while_an_import_is_open_the_answer_says_that_it_is_not_complete(key, signing_key):
    RegisterImport.objects.create(started_at=timezone.now(), refused=3, finished_at=timezone.now())
    found = said(post(key), signing_key)
    assert (found["complete"], found["count"], found["candidates"]) == (False, 0, [])
    assert "thiếu 3 dòng" in found["cause"]


def test_a_register_that_fails_is_no_answer(key, monkeypatch):
    monkeypatch.setattr(registry, "ask", lambda question, **told: registry.Failed("Không trả lời kịp."))
    answer = post(key)
    assert (answer.status_code, answer.json()["code"]) == (503, "register_away")
    assert RecordLookup.objects.get().outcome == "failed"


# --- Who is let in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: "",
        lambda key: "x",
        lambda key: key[:-1],
        lambda key: key.upper(),
        lambda key: f"{'0' * 16}.{key.split('.')[1]}",
        lambda key: key.split(".")[0],
        lambda key: f"{key.split('.')[0]}.",
        lambda key: "ÿ" * 40,
    ],
)
def test_without_the_key_nothing_is_told_and_nothing_written(key, spoil):
    answer = post(spoil(key))
    assert (answer.status_code, answer.json()["code"]) == (401, "office_not_recognised")
    assert RecordLookup.objects.count() == 0


def test_a_session_of_a_person_opens_nothing_here(key, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("a@vi-du.example", "x", full_name="A"))
    assert client.post(wire.PATH, data=body(), content_type="application/json").status_code == 401
    assert client.get(wire.PATH).status_code == 401


def test_only_a_hash_of_the_key_is_kept(key):
    secret = key.split(".")[1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{secret}%"])
                assert cursor.fetchone()[0] == 0, table


def test_a_revoked_key_is_a_key_no_longer_and_the_new_one_is(office, key):
    other = actions.make_key(office, by=BY)
    assert post(other).status_code == 200
    with pytest.raises(StepNotAllowed, match="thu hồi một khóa"):
        actions.make_key(office, by=BY)
    actions.revoke_key(key.split(".")[0], by=BY)
    assert post(key).status_code == 401
    assert post(other).status_code == 200
    with pytest.raises(StepNotAllowed):
        actions.revoke_key(key.split(".")[0], by=BY)


def test_an_office_is_let_in_while_it_is_switched_on(office, key):
    assert post(key).status_code == 200
    actions.switch(office, on=False, reason="Tạm dừng", by=BY)
    answer = post(key)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_delegated")
    assert RecordLookup.objects.count() == 1
    actions.switch(office, on=True, reason="Mở lại", by=BY)
    assert post(key).status_code == 200
    with pytest.raises(StepNotAllowed):
        actions.switch(office, on=True, reason="Mở lại", by=BY)
    events = AuditEvent.objects.about(office.code).filter(verb="delegation_switched")
    assert [event.details["on"] for event in events.order_by("pk")] == [True, False, True]


def test_a_switch_may_come_into_effect_later_and_never_earlier(office):
    now = timezone.now()
    soon = now + timedelta(days=1)
    actions.switch(office, on=True, reason="Văn bản 2/UQ", by=BY, effective_from=soon, at=now)
    assert not office.may_ask(now)
    assert office.may_ask(soon)
    assert Delegation.objects.with_standing(soon).get().is_on is True
    assert Delegation.objects.with_standing(now).get().is_on is None
    with pytest.raises(Invalid):
        actions.switch(office, on=False, reason="x", by=BY, effective_from=now - timedelta(days=1), at=now)
    with pytest.raises(Invalid):
        actions.switch(office, on=True, reason="  ", by=BY)


def test_more_than_agreed_a_minute_is_refused_for_this_office_alone(office, key, signing_key):
    Delegation.objects.update(lookups_a_minute=2)
    other = actions.add_office(code="02", name="Sở Tư pháp tỉnh Mẫu", by=BY)
    actions.switch(other, on=True, reason="Văn bản 3/UQ", by=BY)
    others_key = actions.make_key(other, by=BY)
    assert [post(key).status_code for _ in range(3)] == [200, 200, 429]
    assert post(others_key, body(nonce="a" * 32)).status_code == 200
    later = timezone.now() + timedelta(minutes=2)
    asked = serving.read(body(nonce="b" * 32, asked_at=later.isoformat()), later)
    assert serving.answer(OfficeKey.objects.get(key_id=key.split(".")[0]), asked, at=later)


def test_history_of_delegations_is_only_added_to(office, key):
    post(key)
    for change in (
        lambda: Switch.objects.update(is_on=False),
        lambda: Switch.objects.all().delete(),
        lambda: Served.objects.update(nonce="x"),
        lambda: Served.objects.all().delete(),
        lambda: OfficeKey.objects.update(secret_sha256="0" * 64),
        lambda: OfficeKey.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    actions.revoke_key(key.split(".")[0], by=BY)
    with pytest.raises(Error, match="revoked once"), transaction.atomic():
        OfficeKey.objects.update(revoked_at=None, revoked_by="")


# --- What is asked --------------------------------------------------------------------------------------------------


def test_the_same_question_sent_again_is_refused(key):
    sent = body()
    assert post(key, sent).status_code == 200
    again = post(key, sent)
    assert (again.status_code, again.json()["code"]) == (409, "lookup_repeated")
    assert RecordLookup.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"schema": "lltp-lookup-0"}, "schema"),
        ({"more": 1}, "schema"),
        ({"nonce": "x" * 32}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"asked_at": "2024-01-01T00:00:00+07:00"}, "asked_at"),
        ({"asked_at": "2024-01-01T00:00:00"}, "asked_at"),
        ({"asked_at": 7}, "asked_at"),
        ({"request_code": "Nguyễn Văn Thử"}, "request_code"),
        ({"request_code": "YC-FFFFFFFFFFFFFFFF"}, "question.reference"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"purpose": 7}, "purpose"),
        ({"question": None}, "question.(dòng)"),
        ({"question": {}}, "question.reference"),
        ({"question": QUESTION.to_json() | {"date_of_birth": "1980-02-31"}}, "question.date_of_birth"),
        ({"question": QUESTION.to_json() | {"001080990001": 1}}, "question.001080990001"),
    ],
)
def test_a_question_that_is_none_is_refused_with_its_field_and_leaves_no_trace_of_anybody(key, changes, field, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = post(key, body(**changes))
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert "Nguyễn Văn Thử" not in answer.content.decode() + caplog.text
    assert RecordLookup.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"schema": 1, "schema": 2}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"schema=1", "application/x-www-form-urlencoded", 415),
        (b" " * (wire.MOST_QUESTION_BYTES + 1), "application/json", 413),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
    ],
)
def test_bytes_that_are_no_question(key, data, kind, status):
    answer = Client().post(wire.PATH, data=data, content_type=kind, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}


def test_nothing_about_people_is_logged(key, caplog):
    load(person_json())
    with caplog.at_level(logging.DEBUG):
        assert post(key).status_code == 200
    assert "001080990001" not in caplog.text and "Nguyễn" not in caplog.text


def test_a_deployment_without_a_signing_key_serves_nobody(key, settings):
    settings.LLTP_CENTRAL_SIGNING_KEY_FILE = ""
    answer = post(key)
    assert (answer.status_code, answer.json()["code"]) == (503, "lookups_not_served")
    assert RecordLookup.objects.count() == 0


# --- Envelopes ------------------------------------------------------------------------------------------------------


def test_an_envelope_opens_only_with_the_key_that_sealed_it():
    one, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    sealed = wire.sealed("câu trả lời", one)
    assert wire.opened(sealed, [other.public_key(), one.public_key()]) == "câu trả lời"
    for envelope, pinned in (
        (sealed, [other.public_key()]),
        (sealed, []),
        ({**sealed, "answer": "câu trả lờI"}, [one.public_key()]),
        ({**sealed, "signature": "%"}, [one.public_key()]),
        ({**sealed, "answer": "\ud800"}, [one.public_key()]),
        ({**sealed, "more": ""}, [one.public_key()]),
        ({**sealed, "answer": None}, [one.public_key()]),
        ([], [one.public_key()]),
    ):
        with pytest.raises(wire.NotSigned):
            wire.opened(envelope, pinned)
    assert wire.read_public(wire.public_text(one.public_key())) == one.public_key()


def test_the_question_travels_and_comes_back_the_same():
    assert Question.from_json(QUESTION.to_json()).digest() == QUESTION.digest()


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_does_what_an_administrator_needs(db, capsys, tmp_path):
    def run(*arguments):
        call_command("delegate_lookups", *arguments)
        return capsys.readouterr().out.strip()

    run("add", "01", "--name", "Sở Tư pháp Mẫu", "--by", BY)
    assert "\ttắt\tchưa có khóa\t" in run()
    run("on", "01", "--reason", "Văn bản 4/UQ", "--by", BY)
    key = run("key", "01", "--by", BY)
    assert serving.office_of(f"Bearer {key}").delegation.code == "01"
    assert f"\tbật\t{key.split('.')[0]}\t" in run()
    run("off", "01", "--reason", "Hết hạn", "--by", BY)
    run("revoke", key.split(".")[0], "--by", BY)
    assert "\ttắt\tchưa có khóa\t" in run()
    path = tmp_path / "answers.key"
    public = run("signing-key", str(path))
    assert wire.read_public(public) == wire.read_private(path.read_bytes()).public_key()
    assert path.stat().st_mode & 0o777 == 0o600
    for wrong in (
        ("signing-key", str(path)),
        ("on", "99", "--reason", "x", "--by", BY),
        ("add", "01", "--name", "x", "--by", BY),
        ("add", "a b", "--name", "x", "--by", BY),
        ("on", "01", "--reason", "x", "--by", BY, "--from", "2030-01-01"),
    ):
        with pytest.raises(CommandError):
            run(*wrong)


def test_keys_that_are_none_stop_the_start(settings, tmp_path):
    assert checks.keys_can_be_read(None) == []
    settings.LLTP_CENTRAL_PINNED_KEYS = ["x", wire.public_text(Ed25519PrivateKey.generate().public_key()), "AAAA"]
    empty, broken = tmp_path / "empty", tmp_path / "broken"
    empty.write_bytes(b"")
    broken.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    for path, ids in (
        (empty, ["delegation.E001"] * 2),
        (broken, ["delegation.E001"] * 2 + ["delegation.E002"]),
        (tmp_path / "missing", ["delegation.E001"] * 2 + ["delegation.E002"]),
    ):
        settings.LLTP_CENTRAL_SIGNING_KEY_FILE = str(path)
        assert [message.id for message in checks.keys_can_be_read(None)] == ids

"""The one door: whatever stands behind it, only a good answer about this question comes through as complete."""

import io
import json
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from records import backends, registry
from records.answers import Complete, Failed, Partial, Question
from records.register import loading
from records.register.models import RegisterImport
from tests.records_people import conviction, person, person_json
from tests.test_records_matching import ask


def load(*rows):
    return loading.run_import(
        io.BytesIO("\n".join(json.dumps(row) for row in rows).encode()),
        source="",
        now=timezone.now,
        on_refused=lambda line: None,
        on_progress=lambda run: None,
    )


# --- The own database ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_own_database_answers_completely_with_whole_records():
    convicted = person_json(conviction(), bans=[{"decision_number": "1", "from": "2024-01-01"}])
    somebody_else = {"full_name": "Lê Bình", "date_of_birth": "1999-09-09", "identity_documents": []}
    load(convicted, person_json(register_id="R-2", other_names=["X Y"], **somebody_else))
    before = timezone.now()
    answer = registry.ask(ask())
    assert isinstance(answer, Complete)
    assert answer.candidates == (person(conviction(), bans=convicted["bans"]),)
    assert answer.question_digest == ask().digest()
    assert abs(answer.as_of - before) < timedelta(seconds=30) or answer.as_of <= timezone.now()


@pytest.mark.django_db
def test_a_register_that_was_never_filled_does_not_say_that_somebody_is_not_in_it():
    RegisterImport.objects.all().delete()
    assert registry.ask(ask()).cause == backends.NEVER_FILLED
    load()
    assert registry.ask(ask()).cause == backends.NEVER_FILLED  # a clean run of an empty file fills nothing
    load(person_json(full_name="Ai Khác", date_of_birth="1999-09-09", identity_documents=[]))
    assert registry.ask(ask()).candidates == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "NGUYEN  VAN THU", "identity_documents": []},
        {"full_name": "Hoàn Toàn Khác", "date_of_birth": "1999-09-09"},
        {"date_of_birth": "1980", "identity_documents": []},
        {"full_name": "Ai Đó", "other_names": ["Nguyễn Văn Thử"], "identity_documents": []},
    ],
)
def test_a_person_is_found_by_number_by_name_and_by_alias(changes):
    load(person_json())
    answer = registry.ask(ask(**changes))
    assert [record.register_id for record in answer.candidates] == ["R-990001"]


@pytest.mark.django_db
def test_nobody_is_found_where_nobody_is():
    assert registry.ask(ask()).candidates == ()


@pytest.mark.django_db
def test_while_an_import_is_open_the_answer_is_partial_and_has_no_candidates():
    load(person_json())
    run = RegisterImport.objects.create(started_at=timezone.now())
    answer = registry.ask(ask())
    assert isinstance(answer, Partial) and "chưa đọc hết tệp" in answer.cause
    assert not hasattr(answer, "candidates")
    run.refused = 3
    run.save()
    assert "thiếu 3 dòng" in registry.ask(ask()).cause
    RegisterImport.objects.open().update(state="closed", closed_at=timezone.now())
    assert isinstance(registry.ask(ask()), Complete)


@pytest.mark.django_db
def test_a_question_of_many_names_is_one_query(django_assert_num_queries):
    backends.OwnDatabase().ask(ask())  # the first of a connection prepares the statement
    # Within the test: savepoint, its time limit, search, its time limit again, release.
    with django_assert_num_queries(5, using="central"):
        backends.OwnDatabase().ask(ask(other_names=[f"Tên {n}" for n in range(50)]))


# --- Misbehaving back ends -----------------------------------------------------------------------------------------


class Misbehaving:
    """Returns, or does, what the test put here."""

    answer = None

    def ask(self, question):
        return type(self).answer(question)


@pytest.fixture
def behind_the_door(settings, monkeypatch):
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Misbehaving"

    def use(answer):
        monkeypatch.setattr(Misbehaving, "answer", staticmethod(answer))
        return registry.ask(ask())

    return use


def whole(question, **changes):
    given = {"as_of": timezone.now(), "question_digest": question.digest(), "candidates": (person(),)} | changes
    return Complete(**given)


def broken(question):
    raise RuntimeError("Nguyễn Văn Thử 001080990001")


def ended(question):
    raise SystemExit(1)


BAD = {
    "exception": (broken, registry.BROKEN),
    "exit": (ended, registry.BROKEN),
    "None": (lambda q: None, registry.MALFORMED),
    "dict": (lambda q: {"candidates": []}, registry.MALFORMED),
    "a list": (lambda q: [], registry.MALFORMED),
    "the class": (lambda q: Complete, registry.MALFORMED),
    "wrong person": (lambda q: whole(q, question_digest=ask(full_name="Ai Đó").digest()), registry.WRONG_PERSON),
    "no digest": (lambda q: whole(q, question_digest=None), registry.WRONG_PERSON),
    "stale": (lambda q: whole(q, as_of=timezone.now() - timedelta(days=1)), registry.STALE),
    "from the future": (lambda q: whole(q, as_of=timezone.now() + timedelta(hours=1)), registry.FROM_THE_FUTURE),
    "naive": (lambda q: whole(q, as_of=timezone.now().replace(tzinfo=None)), registry.MALFORMED),
    "text for a time": (lambda q: whole(q, as_of="2024-06-01T00:00:00+07:00"), registry.MALFORMED),
    "a list of candidates": (lambda q: whole(q, candidates=[person()]), registry.MALFORMED),
    "dict candidates": (lambda q: whole(q, candidates=({},)), registry.MALFORMED),
    "a record with text for a date": (
        lambda q: whole(q, candidates=(type(person())(register_id="R", full_name="X", date_of_birth="1990"),)),
        registry.MALFORMED,
    ),
    "a nameless record": (
        lambda q: whole(q, candidates=(type(person())("R", "", person().date_of_birth),)),
        registry.MALFORMED,
    ),
    "no candidates at all": (lambda q: whole(q, candidates=None), registry.MALFORMED),
    "one person twice": (lambda q: whole(q, candidates=(person(), person())), registry.MALFORMED),
    "partial about another": (lambda q: Partial("x", timezone.now(), "y"), registry.WRONG_PERSON),
    "failed without a cause": (lambda q: Failed(""), registry.BROKEN),
    "failed with an object": (lambda q: Failed(object()), registry.BROKEN),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BAD)
def test_a_misbehaving_back_end_never_gets_through(behind_the_door, kind, caplog):
    answer, cause = BAD[kind]
    found = behind_the_door(answer)
    assert found == Failed(cause)
    assert not hasattr(found, "candidates")
    assert "001080990001" not in caplog.text and "Nguyễn Văn Thử" not in caplog.text


@pytest.mark.django_db
def test_a_good_answer_and_an_honest_partial_one_get_through(behind_the_door):
    assert isinstance(behind_the_door(whole), Complete)
    assert isinstance(behind_the_door(lambda q: whole(q, candidates=())), Complete)
    partial = behind_the_door(lambda q: Partial("Thiếu dữ liệu của số 001080990001.", timezone.now(), q.digest()))
    assert partial.cause == "Thiếu dữ liệu của số …."


def test_a_back_end_that_never_comes_back_is_left_behind(own_databases, behind_the_door, settings):
    settings.TALK_SECONDS = 0.5
    gate = threading.Event()
    began = time.monotonic()
    found = behind_the_door(lambda q: gate.wait(30))
    took = time.monotonic() - began
    gate.set()
    assert found == Failed(registry.SLOW)
    assert took < 5


@pytest.mark.django_db
def test_no_such_back_end_and_no_question_are_failures_not_errors(settings):
    settings.LLTP_REGISTRY_BACKEND = "records.backends.Nothing"
    assert registry.ask(ask()) == Failed(registry.BROKEN)
    assert registry.ask(None) == Failed(registry.BROKEN)


# --- The network in between ------------------------------------------------------------------------------------------


class Proxy:
    """A line to the central database that can fall silent, be cut, or talk nonsense."""

    def __init__(self, target):
        self.target, self.mode, self.lines, self.ended = target, "pass", [], False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.ended:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.lines.append(client)
            if self.mode == "refuse":
                client.close()
            elif self.mode == "garbage":
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html>")
            elif self.mode != "silent":
                server = socket.create_connection(self.target)
                self.lines.append(server)
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        try:
            while data := one.recv(65536):
                if self.mode == "silent":
                    continue
                if self.mode == "garbage":
                    data = b"\x00\x01\x02 nonsense " * 5
                if self.mode == "cut":
                    break
                other.sendall(data)
        except OSError:
            pass
        one.close()
        other.close()

    def end(self):
        self.ended = True
        for line in (self.listener, *self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


@pytest.fixture
def proxy(own_databases, settings, monkeypatch):
    settings.TALK_SECONDS = 3
    central = connections["central"]
    central.close()
    with_address = central.settings_dict
    proxy = Proxy((with_address["HOST"], int(with_address["PORT"])))
    monkeypatch.setitem(with_address, "HOST", "127.0.0.1")
    monkeypatch.setitem(with_address, "PORT", str(proxy.port))
    yield proxy
    connections["central"].close()
    proxy.end()


@pytest.mark.parametrize("mode", ["silent", "cut", "garbage", "refuse"])
@pytest.mark.parametrize("connected", [True, False], ids=["on an old line", "on a new line"])
def test_a_bad_line_ends_as_failed_in_time_and_heals_by_itself(proxy, mode, connected):
    if connected:
        assert isinstance(registry.ask(ask()), Complete)
    proxy.mode = mode
    if mode == "refuse" and connected:
        for line in proxy.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
    began = time.monotonic()
    answer = registry.ask(ask())
    assert isinstance(answer, Failed), answer
    assert time.monotonic() - began < 5
    proxy.mode = "pass"
    ends = time.monotonic() + 20
    while not isinstance(answer := registry.ask(ask()), Complete):
        assert time.monotonic() < ends, answer


def test_a_restarted_database_is_found_again_at_once(own_databases):
    assert isinstance(registry.ask(ask()), Complete)
    connections["central"].connection.close()
    assert isinstance(registry.ask(ask()), Complete)


def test_a_question_too_slow_for_the_database_is_failed(own_databases, settings):
    settings.TALK_SECONDS = 1
    blocker = connections["central"].copy()
    blocker.set_autocommit(False)
    try:
        with blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE public.register_matchkey IN ACCESS EXCLUSIVE MODE")
        assert registry.ask(ask()) == Failed(backends.SLOW)
    finally:
        blocker.close()
    assert isinstance(registry.ask(ask()), Complete)


def test_the_door_can_be_used_from_many_threads(own_databases):
    load(person_json())
    answers = []

    def put():
        answers.append(registry.ask(ask()))
        connections.close_all()

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(answer.candidates) for answer in answers] == [1] * 4


def test_a_question_goes_to_json_and_back():
    question = ask(other_names=["Tèo"], spouse_name="Lê Thị Vợ")
    assert Question.from_json(json.loads(json.dumps(question.to_json()))) == question
    assert ask().digest() != question.digest()

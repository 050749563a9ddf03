"""Two deployments on one machine: the provincial one asks the national one by HTTP, through a side that lies.

The national one is killed, frozen, switched off, filled by halves, and stands behind every lie of tests/lying_central.
Nobody is ever called clean by any of it, the pages tell the cause, and what waited goes on by itself.
"""

import io
import json
import os
import signal
from datetime import timedelta

import httpx2
import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from records.answers import Complete
from records.central import actions as delegating
from records.central import wire
from records.central.models import Circuit, Delegation, Served
from records.models import RecordLookup
from records.register.loading import run_import
from records.register.models import RegisterImport
from requests import actions
from requests.models import CertificateRequest, SourceSearch
from tests import databases, factories, worlds
from tests.faults import conftest, stories
from tests.lying_central import LIES, LyingCentral
from tests.records_people import CONVICTION

pytestmark = pytest.mark.processes
OFFICE = "01-hn"
BY = "Quản trị thử"
# Some of every kind in the ordinary run; all of them with script/test --all.
SOME = ("HTML", "cut off", "an earlier answer", "page 1 of 2", "drips a header", "partial")


class National:
    """The national deployment: its own databases, broker, folder and web process."""

    def __init__(self, template: databases.Pair) -> None:
        self.pair = databases.clone(template, "national")
        self.world = worlds.World("national_deployment", self.pair)
        key_file = self.world.home.keys / "answers.key"
        key_file.write_bytes(wire.new_private_pem())
        self.signing_key = wire.read_private(key_file.read_bytes())
        self.public = wire.public_text(self.signing_key.public_key())
        self.told = {"LLTP_CENTRAL_SIGNING_KEY_FILE": str(key_file)}
        with self.rows():
            office = delegating.add_office(code=OFFICE, name="Sở Tư pháp Thành phố Hà Nội", by=BY)
            self.key = delegating.make_key(office, by=BY)
        self.switch(on=True)
        self.world.start("web", **self.told)

    def switch(self, *, on: bool) -> None:
        with self.rows():
            delegating.switch(Delegation.objects.get(code=OFFICE), on=on, reason="Văn bản 1/UQ", by=BY)

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        sent = {**headers, "Content-Type": "application/json"}
        with httpx2.Client(timeout=20, trust_env=False) as client:
            answer = client.post(f"{self.world.base_url}{wire.PATH}", content=body, headers=sent)
        return answer.status_code, answer.headers["content-type"], answer.content

    def rows(self):
        """This process looks into the national databases for a while."""
        return databases.used_here(self.pair)

    def end(self) -> None:
        conftest.end(self.world, keep=False)
        databases.drop_pair(self.pair)


@pytest.fixture(scope="module")
def national(world, template_databases):
    far = National(template_databases)
    yield far
    far.end()


@pytest.fixture(scope="module")
def between(national):
    lying = LyingCentral(national.answer, national.signing_key)
    yield lying
    lying.close()


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture
def provincial(world, national, between):
    """The provincial deployment, which is told where the other one is, and its key; its own register is empty."""
    told = {
        "LLTP_REGISTRY_BACKEND": "records.remote.HttpCentral",
        "LLTP_CENTRAL_URL": between.url,
        "LLTP_CENTRAL_KEY": national.key,
        "LLTP_CENTRAL_PINNED_KEYS": national.public,
    }
    stories.ensure_running(world, "worker", "beat", "web", **told)
    stories.ensure_running(national.world, "web", **national.told)
    yield world
    between.lie = ""


def search_of(request: CertificateRequest) -> SourceSearch:
    return SourceSearch.objects.get(request=request)


def causes_of(request: CertificateRequest) -> set[str]:
    """The cause may become another one while the page is fetched."""
    return {lookup.cause for lookup in stories.lookups_of(request) if lookup.cause}


def failed_twice(request: CertificateRequest) -> bool:
    return search_of(request).attempts >= 2 and bool(search_of(request).last_cause)


def probe_now() -> None:
    """The rest of an open circuit, and the waits of rows, are over: as minutes later."""
    _let_try(SourceSearch.objects.waiting())


def only_asks(search: QuerySet) -> None:
    """As `probe_now`, but for this one alone: whoever waits besides waits for longer.

    An open circuit lets one question through at a time. Dozens that are due would draw lots for it, and the lie would
    be told to those who have heard one.
    """
    others = SourceSearch.objects.waiting().exclude(pk__in=search.values("pk"))
    others.update(next_try_at=timezone.now() + timedelta(hours=1))
    _let_try(search)


def _let_try(searches: QuerySet) -> None:
    """Due since a while. Due since this very moment, said again and again, would be due never: a worker looks for what
    is due at the moment when it began, and only then opens its connection.
    """
    since = timezone.now() - timedelta(minutes=1)
    Circuit.objects.filter(opened_at__isnull=False).update(next_probe_at=since)
    searches.update(next_try_at=since)


def assert_nothing_was_believed(request: CertificateRequest) -> None:
    search, now = search_of(request), stories.fresh(request)
    assert now.state == "received"
    assert (search.lookup, search.parked_at, search.done_at) == (None, None, None)
    assert {lookup.outcome for lookup in stories.lookups_of(request)} - {None} <= {"partial", "failed"}
    assert stories.words_in_database(stories.NOTHING_FOUND) == []


def assert_the_citizen_reads_what_is_awaited(world, request: CertificateRequest) -> None:
    with stories.browser(world.base_url, request.filed_by) as citizen:
        page = citizen.get(reverse("request_detail", args=[request.code]))
    assert page.status_code == 200
    assert "Cơ sở dữ liệu trung ương" in page.text
    assert stories.NOTHING_FOUND not in page.text


def drained(requests: list[CertificateRequest]) -> None:
    """What waited has gone on by itself, each with one answer that counts."""
    probe_now()
    stories.wait_for_all(requests, "reviewing", 120)
    for request in requests:
        assert [lookup.outcome for lookup in stories.lookups_of(request)].count("complete") == 1
        stories.assert_history_is_linear(request)


def lie_to(world, between, office, lies) -> list[CertificateRequest]:
    """One request under each lie, which it was told, and what came of that is written down."""
    waiting = []
    for lie in lies:
        between.lie = lie
        only_asks(SourceSearch.objects.none())
        request = stories.received(office=office)

        def was_lied_to(lie=lie, request=request) -> bool:
            if between.told[lie, request.code] == 0:
                only_asks(SourceSearch.objects.filter(request=request))
                return False
            # One row a question put: what came of the lie is written down.
            return all(lookup.outcome for lookup in stories.lookups_of(request))

        world.wait_until(was_lied_to, 90, f"a request to be lied to: {lie}")
        assert_nothing_was_believed(request)
        assert causes_of(request)
        waiting.append(request)
    for request in waiting:
        assert_nothing_was_believed(request)
    return waiting


def test_the_far_register_is_asked_and_both_ledgers_say_so(provincial, national, between, office):
    convicted = stories.received(office=office)
    stories.wait_for(convicted, "reviewing")
    number = convicted.declaration.identity_number
    row = {
        "register_id": "R-FAR",
        "full_name": convicted.declaration.full_name,
        "date_of_birth": convicted.declaration.date_of_birth,
        "identity_documents": [{"type": "cccd", "number": number}],
        "convictions": [CONVICTION],
    }
    with national.rows():
        fill(row)
    actions.search_again(convicted, by=office.verifying_clerk, reason="Tra cứu lại để thử.")
    stories.wait_for(convicted, "reviewing")
    # A busy machine may have been too slow for some question; those are in the ledgers too, as such.
    (first, second) = answered(RecordLookup.objects.about(convicted.code))
    assert Complete.from_json(first.answer).candidates == ()
    assert [one.register_id for one in Complete.from_json(second.answer).candidates] == ["R-FAR"]
    with national.rows():
        ledger = RecordLookup.objects.filter(request_code=f"{OFFICE}:{convicted.code}")
        assert {(one.for_office, one.purpose) for one in ledger} == {(OFFICE, first.purpose)}
        assert len(answered(ledger)) >= 2
        assert Served.objects.filter(lookup__in=ledger).count() == ledger.count()
    assert number not in national.world.log("web") and number not in provincial.log("worker")
    assert set(between.paths) == {wire.PATH}


def answered(ledger) -> list[RecordLookup]:
    return list(ledger.complete().order_by("pk"))


def fill(*rows: dict) -> None:
    run_import(
        io.BytesIO("\n".join(json.dumps(row) for row in rows).encode()),
        source="far",
        now=timezone.now,
        on_refused=lambda line: None,
        on_progress=lambda run: None,
    )


@pytest.mark.slow  # each lie in one process: tests/test_records_remote.py
def test_some_lies_of_every_kind_only_make_the_request_wait(provincial, between, office):
    waiting = lie_to(provincial, between, office, SOME)
    assert_the_citizen_reads_what_is_awaited(provincial, waiting[0])
    between.lie = ""
    drained(waiting)


@pytest.mark.slow
def test_no_lie_at_all_is_believed(provincial, between, office):
    waiting = lie_to(provincial, between, office, sorted(LIES))
    between.lie = ""
    drained(waiting)


@pytest.mark.slow
def test_a_killed_and_a_frozen_far_side_are_waited_for_and_left_alone(provincial, national, between, office):
    national.world.kill("web")
    requests = [stories.received(office=office) for _ in range(3)]
    provincial.wait_until(lambda: Circuit.objects.filter(opened_at__isnull=False).exists(), 60, "the circuit to open")
    asked = len(between.bodies)
    left_alone = stories.received(office=office)
    provincial.wait_until(lambda: search_of(left_alone).last_cause, 30, "a cause while the circuit is open")
    for request in (*requests, left_alone):
        assert_nothing_was_believed(request)
    assert_the_citizen_reads_what_is_awaited(provincial, left_alone)
    with stories.browser(provincial.base_url, office.verifying_clerk) as clerk:
        page = clerk.get(reverse("clerk_request", args=[left_alone.code])).text
    assert "Tạm ngừng hỏi từ" in page
    assert not stories.lookups_of(left_alone), "what never left the house is no question"
    assert len(between.bodies) <= asked + 3, "an open circuit lets one probe through now and then"
    national.world.start("web", **national.told)
    os.killpg(national.world.pid("web"), signal.SIGSTOP)
    try:
        put = RecordLookup.objects.count()
        probe_now()
        provincial.wait_until(lambda: RecordLookup.objects.count() > put, 60, "a question to a frozen far side")
        for request in (*requests, left_alone):
            assert_nothing_was_believed(request)
    finally:
        os.killpg(national.world.pid("web"), signal.SIGCONT)
    drained([*requests, left_alone])
    verbs = set(AuditEvent.objects.about("central").values_list("verb", flat=True))
    assert {"circuit_opened", "circuit_closed"} <= verbs


@pytest.mark.slow
def test_an_office_switched_off_and_a_register_filled_by_halves_are_no_answer(provincial, national, between, office):
    national.switch(on=False)
    refused = stories.received(office=office)
    provincial.wait_until(lambda: failed_twice(refused) or probe_now(), 60, "two refusals")
    assert_nothing_was_believed(refused)
    assert any("ủy quyền" in lookup.cause for lookup in stories.lookups_of(refused))
    national.switch(on=True)
    with national.rows():
        run = RegisterImport.objects.create(started_at=timezone.now(), finished_at=timezone.now(), refused=3)
    half = stories.received(office=office)
    provincial.wait_until(lambda: was_partial(half) or probe_now(), 60, "a partial answer")
    assert_nothing_was_believed(half)
    with national.rows():
        RegisterImport.objects.filter(pk=run.pk).update(
            state="closed", closed_at=run.started_at, closed_by="Quản trị thử", close_reason="Thử"
        )
    drained([refused, half])


def was_partial(request: CertificateRequest) -> bool:
    return any(lookup.outcome == "partial" and "thiếu 3 dòng" in lookup.cause for lookup in stories.lookups_of(request))

"""A judgment that another agency found reaches who keeps the register: once, whoever dies or is away in between."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from lltp_portal import doorbell
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from records.incoming import actions as incoming
from records.incoming.contract import read_information
from records.reading import Refused
from records.register.living import IncomingInformation
from requests import actions, tasks
from requests.actions import agency_answers, flowing_back
from requests.flowing_back import information_of
from requests.models import AnswerDecision, FlowBack
from tests import factories
from tests.agencies import JUDGMENT, answer, ask, decide, reviewing
from tests.register_papers import updater

pytestmark = pytest.mark.django_db
PAGE = "/board/waiting/"
LEASE = timedelta(seconds=settings.LEASE_SECONDS)


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def told(office):
    """A request about which a court has told of a judgment; nobody has said yet whose it is."""
    request = reviewing(office)
    ask(request, office, "court")
    answer(request, office, outcome="judgment")
    actions.add_conviction(request, 1, by=office.verifying_clerk, conviction=JUDGMENT)
    return request


@pytest.fixture
def waiting(told, office):
    decide(told, office, convictions=1)
    return FlowBack.objects.get()


def now(row: FlowBack) -> FlowBack:
    return FlowBack.objects.get(pk=row.pk)


def died_before_writing_it_down(monkeypatch, row: FlowBack) -> None:
    """The paper is in the register's queue; the worker that brought it is gone."""
    with monkeypatch.context() as patch:
        patch.setattr(flowing_back, "_record", lambda *args: None)
        actions.flow_back(row.pk)
    assert IncomingInformation.objects.count() == 1 and now(row).done_at is None


# --- Once -------------------------------------------------------------------------------------------------------------


def test_a_confirmed_judgment_waits_from_the_moment_of_the_decision_and_arrives_once(waiting, told, office):
    assert not IncomingInformation.objects.exists(), "another database: not in this transaction"
    for _ in range(2):
        actions.flow_back(waiting.pk)
    paper = IncomingInformation.objects.get()
    assert (paper.state, paper.entered_by) == ("waiting", office.verifying_clerk.email)
    assert paper.received_at == waiting.decision.at
    assert [row["judgment_number"] for row in paper.content["convictions"]] == [JUDGMENT["judgment_number"]]
    row = now(waiting)
    assert (row.outcome, row.paper, row.lease_until) == ("delivered", paper.code, None) and row.done_at
    event = AuditEvent.objects.get(verb="finish_flow_back", subject=told.code)
    assert (event.details["outcome"], event.details["paper"]) == ("delivered", paper.code)


def test_no_row_no_decision(told, office, monkeypatch):
    def breaks(*args):
        raise RuntimeError

    monkeypatch.setattr(doorbell, "ring", breaks)
    with pytest.raises(RuntimeError), transaction.atomic():
        decide(told, office, convictions=1)
    assert not AnswerDecision.objects.exists() and not FlowBack.objects.exists()


def test_nothing_waits_where_nothing_was_confirmed(told, office):
    decide(told, office, same=False, convictions=1)
    assert not FlowBack.objects.exists()


def test_the_row_says_nothing_about_a_person(waiting, told):
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM requests_flowback AS t")
        ((text,),) = cursor.fetchall()
    declaration = told.declaration
    for word in (declaration.full_name, declaration.identity_number, JUDGMENT["judgment_number"], JUDGMENT["court"]):
        assert word not in text


def test_the_sweeper_rings_for_it_when_nobody_heard_the_bell(waiting, monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "ring", lambda task, pk: rung.append((task.name, pk)))
    tasks.resume_flow_backs()
    assert rung == [("requests.tasks.flow_back", waiting.pk)]
    tasks.flow_back(waiting.pk)
    tasks.resume_flow_backs()
    assert len(rung) == 1


# --- In between -------------------------------------------------------------------------------------------------------


def test_a_paper_whose_arrival_nobody_wrote_down_is_not_brought_again(waiting, monkeypatch):
    died_before_writing_it_down(monkeypatch, waiting)
    actions.flow_back(waiting.pk, at=timezone.now() + LEASE)
    assert now(waiting).paper == IncomingInformation.objects.get().code


def test_nor_one_that_was_turned_away_meanwhile(waiting, monkeypatch):
    died_before_writing_it_down(monkeypatch, waiting)
    keeper, paper = updater(), IncomingInformation.objects.get()
    incoming.take(paper.code, by=keeper)
    incoming.turn_away(paper.code, by=keeper, to="refused", reason="Bản án đã có trong cơ sở dữ liệu.")
    actions.flow_back(waiting.pk, at=timezone.now() + LEASE)
    assert (now(waiting).outcome, now(waiting).paper) == ("delivered", IncomingInformation.objects.get().code)


def test_what_was_decided_otherwise_before_it_got_there_stays_here(waiting, told, office):
    decide(told, office, same=False, convictions=1)
    actions.flow_back(waiting.pk)
    assert (now(waiting).outcome, now(waiting).paper) == ("overtaken", "")
    assert not IncomingInformation.objects.exists()


def test_a_newer_answer_takes_the_place_of_what_was_confirmed_of_the_older_one(waiting, told, office):
    answer(told, office)
    actions.flow_back(waiting.pk)
    assert now(waiting).outcome == "overtaken" and not IncomingInformation.objects.exists()


def test_more_convictions_confirmed_later_are_a_paper_of_their_own(waiting, told, office):
    actions.flow_back(waiting.pk)
    actions.add_conviction(told, 1, by=office.verifying_clerk, conviction=JUDGMENT | {"court": "Tòa án khác"})
    decide(told, office, convictions=2)
    for row in FlowBack.objects.all():
        actions.flow_back(row.pk)
    papers = IncomingInformation.objects.oldest_first()
    assert [len(paper.content["convictions"]) for paper in papers] == [1, 2]
    assert [row.paper for row in FlowBack.objects.order_by("seq")] == [paper.code for paper in papers]


# --- Away, unreadable, seen -------------------------------------------------------------------------------------------


def test_a_register_that_is_away_is_tried_again_without_end_and_never_parks_it(waiting, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    at = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(flowing_back, "arrived", away)
        for attempt in range(1, 8):
            actions.flow_back(waiting.pk, at=at)
            row = now(waiting)
            assert (row.attempts, row.parked_at, row.crashes) == (attempt, None, 0)
            assert row.last_cause == flowing_back.AWAY and row.next_try_at > at
            at = row.next_try_at
    actions.flow_back(waiting.pk, at=at)
    assert now(waiting).outcome == "delivered"


@pytest.fixture
def unreadable(waiting, monkeypatch):
    """The contract of papers has become stricter since the decision; a row that cannot be read any more."""

    def refuses(value):
        raise Refused("content.convictions[0].court", "không có trong danh mục: Tòa án nhân dân huyện Ví Dụ")

    with monkeypatch.context() as patch:
        patch.setattr(flowing_back, "read_information", refuses)
        actions.flow_back(waiting.pk)
    return now(waiting)


def test_what_cannot_be_read_any_more_is_parked_with_the_field_and_without_its_content(unreadable):
    assert unreadable.parked_at and unreadable.lease_until is None
    assert "convictions[0].court" in unreadable.last_cause and "Ví Dụ" not in unreadable.last_cause


def test_administrators_see_it_and_one_press_sends_it_on(
    unreadable, told, client, monkeypatch, django_capture_on_commit_callbacks
):
    heard = []
    monkeypatch.setattr(tasks.flow_back, "apply_async", lambda args, **_: heard.append(args[0]))
    address = f"{PAGE}{told.code}/flow_back/retry/"
    client.force_login(factories.make_staff("authority_administrator", authority=factories.department("48")))
    assert unreadable.last_cause not in client.get(PAGE).text
    assert client.post(address, {"source": "1"}).status_code == 404
    client.force_login(factories.make_staff("authority_administrator", authority=told.authority))
    page = client.get(PAGE).text
    assert "Chuyển bản án về cơ sở dữ liệu" in page and unreadable.last_cause in page
    assert client.post(address, {"source": "2"}).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"source": "1"})
    assert now(unreadable).parked_at is None and heard == [unreadable.pk]
    actions.flow_back(unreadable.pk)
    assert now(unreadable).outcome == "delivered"
    assert unreadable.last_cause not in client.get(PAGE).text


def test_a_judgment_that_could_not_be_taken_in_is_refused_before_anything_is_decided(told, office, monkeypatch):
    def refuses(value):
        raise Refused("number", "còn thiếu")

    monkeypatch.setattr(flowing_back, "read_information", refuses)
    with pytest.raises(StepNotAllowed, match="còn thiếu"):
        decide(told, office, convictions=1)
    assert not AnswerDecision.objects.exists()


# --- Upgrade ----------------------------------------------------------------------------------------------------------


def test_judgments_confirmed_before_there_was_a_row_are_brought_now_unless_they_arrived(told, office, monkeypatch):
    monkeypatch.setattr(agency_answers, "flows_back", lambda *args: None)  # as it was
    arrived, lost = (decide(told, office, convictions=1) for _ in range(2))
    about = information_of(arrived.answer, list(arrived.answer.convictions.all()))
    there = incoming.receive_once(read_information(about), by=office.verifying_clerk, at=arrived.at).row
    incoming.turn_away(there.code, by=updater(), to="sent_back", reason="Thiếu trang.")
    (migration,) = Path("requests/migrations").glob("*_flow_back_guards.py")
    with connection.cursor() as cursor:
        cursor.execute(import_module(f"requests.migrations.{migration.stem}").FOR_EARLIER_DECISIONS)
    rows = FlowBack.objects.order_by("seq")
    assert [(row.request_id, row.decision) for row in rows] == [(told.pk, arrived), (told.pk, lost)]
    for row in rows:
        actions.flow_back(row.pk)
    assert [row.outcome for row in rows.all()] == ["delivered", "delivered"]
    first, second = (row.paper for row in rows.all())
    assert first == there.code != second
    assert IncomingInformation.objects.count() == 2


# --- Guards -----------------------------------------------------------------------------------------------------------


def test_the_database_lets_no_row_go_and_changes_no_outcome(waiting, told, office):
    def refused(act) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    rows = FlowBack.objects.filter(pk=waiting.pk)
    refused(rows.delete)
    refused(lambda: rows.update(seq=7))
    refused(lambda: rows.update(done_at=timezone.now()))
    refused(lambda: rows.update(outcome="delivered", done_at=timezone.now()))
    actions.flow_back(waiting.pk)
    refused(lambda: rows.update(outcome="", paper="", done_at=None))
    other = decide(told, office, same=False, convictions=1)
    refused(lambda: FlowBack.objects.create(request=told, seq=2, decision=other))

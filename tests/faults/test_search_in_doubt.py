"""A search that is overtaken, doubled, late, fenced off, or long without an answer."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from requests import actions, tasks
from requests.models import SourceSearch
from tests import factories
from tests.faults import stories
from tests.misbehaving_registry import Away, Interrupted

LEASE = timedelta(seconds=settings.LEASE_SECONDS)
SHIPPED = {"BACKOFF_SECONDS": [15, 30, 60, 120, 300], "LEASE_SECONDS": 30.0, "SWEEP_EVERY": 15.0}


@pytest.fixture
def while_asked(own_databases):
    """`while_asked(act)`: the next question is interrupted by this act, on its own connections, and then answered."""

    def set_act(act):
        def on_own_connection():
            try:
                act()
            finally:
                connections["default"].close()

        Interrupted.meanwhile = staticmethod(on_own_connection)

    with override_settings(LLTP_REGISTRY_BACKEND="tests.misbehaving_registry.Interrupted"):
        yield set_act
    Interrupted.meanwhile = None


def searched(request) -> SourceSearch:
    search = SourceSearch.objects.get(request=request)
    actions.search(search.pk)
    return SourceSearch.objects.get(pk=search.pk)


def test_withdrawing_wins_over_a_running_search(while_asked):
    request = stories.received()
    while_asked(lambda: actions.withdraw(stories.fresh(request), by=request.filed_by))
    search = searched(request)
    assert stories.fresh(request).state == "withdrawn"
    (lookup,) = stories.lookups_of(request)
    assert (lookup.outcome, lookup.answer) == ("superseded", None)
    assert (search.lookup, search.done_at is None, search.lease_until) == (None, False, None)
    stories.assert_history_is_linear(request)


def test_stopping_wins_over_a_running_search(while_asked):
    office = factories.make_office()
    request = stories.received(office=office)
    while_asked(lambda: actions.stop(stories.fresh(request), by=office.verifying_clerk, reason="Người yêu cầu đã mất."))
    searched(request)
    assert stories.fresh(request).state == "stopped"
    assert [lookup.outcome for lookup in stories.lookups_of(request)] == ["superseded"]


def test_an_answer_about_an_older_declaration_is_superseded_and_the_new_one_is_asked_about(while_asked):
    office = factories.make_office()
    request = factories.request_in("reviewing", office=office)
    request = actions.search_again(request, by=office.verifying_clerk, reason="Tra cứu lại.")

    def declare_anew():
        now = stories.fresh(request)
        actions.search(SourceSearch.objects.get(request=now).pk, at=timezone.now() + LEASE)  # another worker answers
        now = actions.ask_supplement(stories.fresh(request), by=office.verifying_clerk, reasons="Sửa tên mẹ.")
        actions.open_supplement(now, by=now.filed_by)
        actions.save_declaration(now, by=now.filed_by, fields={"mother_name": "Lê Thị Mới"})
        actions.answer_supplement(now, by=now.filed_by, note="Đã sửa.")

    while_asked(declare_anew)
    searched(request)
    assert stories.fresh(request).state == "received"
    first, overtaken, answered = stories.lookups_of(request)
    assert (first.outcome, overtaken.outcome, answered.outcome) == ("complete", "superseded", "complete")
    search = searched(request)
    assert stories.fresh(request).state == "reviewing"
    assert search.declaration.version == 2
    stories.assert_history_is_linear(request)


def test_a_worker_whose_lease_was_taken_over_records_nothing_that_counts(while_asked):
    request = stories.received()
    pk = SourceSearch.objects.get(request=request).pk
    while_asked(lambda: actions.search(pk, at=timezone.now() + LEASE))
    search = searched(request)
    slow, taken_over = stories.lookups_of(request)
    assert (slow.outcome, taken_over.outcome) == ("superseded", "complete")
    assert search.lookup == taken_over
    assert stories.fresh(request).state == "reviewing"
    stories.assert_asked_and_answered_once(request)
    stories.assert_history_is_linear(request)


def test_messages_that_come_five_times_or_late_ask_and_step_once(own_databases):
    request = stories.received()
    pk = SourceSearch.objects.get(request=request).pk
    for _ in range(5):
        tasks.search_records(pk)
    stories.assert_asked_and_answered_once(request)
    tasks.resume_searches()
    tasks.search_records(pk)
    assert len(stories.lookups_of(request)) == 1
    assert SourceSearch.objects.get(pk=pk).attempts == 1


def test_a_message_about_nothing_does_nothing(own_databases):
    tasks.search_records(999_999_999)
    tasks.prepare_certificate(999_999_999)
    tasks.sign_certificate(999_999_999)


def sweep(now: datetime, *only: int) -> None:
    """What beat does every 15 seconds, at a time that we choose."""
    for pk in SourceSearch.objects.due(now).values_list("pk", flat=True):
        actions.search(pk, at=now)


@override_settings(LLTP_REGISTRY_BACKEND="tests.misbehaving_registry.Away", **SHIPPED)
def test_an_outage_of_ten_minutes_parks_nobody_and_the_first_good_answer_pulls_the_others_forward(own_databases):
    requests = [stories.received() for _ in range(6)]
    began = timezone.now()
    Away.away, now, waits = True, began, []
    while now < began + timedelta(minutes=10):
        sweep(now)
        waits += [(row.next_try_at - now).total_seconds() for row in SourceSearch.objects.all()]
        now += timedelta(seconds=SHIPPED["SWEEP_EVERY"])
    rows = list(SourceSearch.objects.all())
    assert not SourceSearch.objects.parked().exists()
    assert all(row.crashes == 0 and row.last_cause for row in rows)
    assert max(waits) <= 300 * 1.2
    for row in rows:
        outcomes = [lookup.outcome for lookup in stories.lookups_of(row.request)]
        assert outcomes == ["failed"] * row.attempts
        assert 4 <= row.attempts <= 9
    Away.away = False
    first = min(rows, key=lambda row: row.next_try_at)
    now = max(now, first.next_try_at)
    actions.search(first.pk, at=now)
    assert SourceSearch.objects.waiting().count() == 5
    assert SourceSearch.objects.due(now).count() == 5
    sweep(now)
    assert not SourceSearch.objects.waiting().exists()
    for request in requests:
        assert stories.fresh(request).state == "reviewing"
        stories.assert_history_is_linear(request)
    assert stories.words_in_database(stories.NOTHING_FOUND) == []


@override_settings(LLTP_REGISTRY_BACKEND="tests.misbehaving_registry.Away", **SHIPPED)
def test_an_outage_of_a_weekend_parks_nobody_either(own_databases):
    request = stories.received()
    Away.away, now = True, timezone.now()
    for _ in range(60):
        row = SourceSearch.objects.get(request=request)
        now = max(now, row.next_try_at)
        actions.search(row.pk, at=now)
    row = SourceSearch.objects.get(request=request)
    assert (row.attempts, row.crashes, row.parked_at) == (60, 0, None)
    assert (row.next_try_at - now).total_seconds() <= 300 * 1.2
    Away.away = False
    actions.search(row.pk, at=row.next_try_at)
    assert stories.fresh(request).state == "reviewing"


def test_a_row_that_another_transaction_holds_does_not_hold_up_an_answer(own_databases):
    """Pulling others forward passes by whoever is busy: an answer is not lost over a neighbour's lock."""
    answered, busy = stories.received(), stories.received()
    later = timezone.now() + timedelta(minutes=5)
    SourceSearch.objects.filter(request=busy).update(next_try_at=later)
    holder = connections["default"].copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM requests_sourcesearch WHERE request_id = %s FOR UPDATE", [busy.pk])
            searched(answered)
            cursor.execute("ROLLBACK")
    finally:
        holder.close()
    assert stories.fresh(answered).state == "reviewing"
    assert SourceSearch.objects.get(request=busy).next_try_at == later


def test_a_declaration_that_no_question_can_be_made_of_is_parked_and_not_tried_for_ever(own_databases, monkeypatch):
    """A poison row: every lease ends in an exception before anything is asked."""
    request, healthy = stories.received(), stories.received()
    search = SourceSearch.objects.get(request=request)

    def refuse(declaration):
        if declaration.request_id == request.pk:
            raise ValueError("poison")
        return make_question(declaration)

    make_question = actions.searching.question_about
    monkeypatch.setattr(actions.searching, "question_about", refuse)
    now = timezone.now()
    for _ in range(settings.CRASHES_BEFORE_PARKED):
        with pytest.raises(ValueError, match="poison"):
            actions.search(search.pk, at=now)
        now += LEASE
    actions.search(search.pk, at=now)
    assert SourceSearch.objects.parked().get().pk == search.pk
    searched(healthy)
    assert stories.fresh(healthy).state == "reviewing"
    monkeypatch.undo()
    actions.retry_parked(SourceSearch.objects.get(pk=search.pk), by=factories.make_staff("national_administrator"))
    searched(request)
    assert stories.fresh(request).state == "reviewing"
    stories.assert_asked_and_answered_once(request)

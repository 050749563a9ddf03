"""A sweep gets to every row: one that cannot be done is passed over, comes last, and is shown to administrators."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone

from dashboards.passed_over import SWEEPS
from lltp_portal import doorbell, waiting
from lltp_portal.accounts.models import Authority
from lltp_portal.audit.models import PassedOver
from lltp_portal.celery import DAILY, HOURLY, SWEEPERS, app
from lltp_portal.errors import Invalid
from lltp_portal.waiting import each
from records import quality_run
from records.tasks import check_register
from requests import actions, clock, policy, tasks
from requests.actions import filing, handing_over, recomputing
from requests.models import CertificateRequest, SourceSearch
from script.local.places import wait_until
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/board/waiting/"
OLD = timedelta(days=91)


def failing_on(monkeypatch, module, name, bad_pk, error):
    """This act fails for one row; the others go through the real one."""
    real = getattr(module, name)

    def act(pk, *args):
        if pk == bad_pk:
            raise error
        return real(pk, *args)

    monkeypatch.setattr(module, name, act)


# --- How long a ring is worth hearing ---------------------------------------------------------------------------------


@pytest.fixture
def rung(monkeypatch, django_capture_on_commit_callbacks):
    """With which options the doorbell sends a task."""

    def ring(task):
        sent = []
        monkeypatch.setattr(task, "apply_async", lambda **options: sent.append(options))
        with django_capture_on_commit_callbacks(execute=True):
            doorbell.ring(task, 7)
        return sent[0]

    return ring


def test_a_ring_that_a_sweeper_repeats_is_not_heard_for_ever(rung, settings):
    assert rung(tasks.search_records)["expires"] == settings.SWEEP_EVERY * 4


def test_a_ring_that_nothing_repeats_before_tomorrow_waits_for_a_worker(rung):
    assert rung(tasks.recompute_due)["expires"] is None


def test_old_sweeps_are_thrown_away_by_a_worker_that_fell_behind(settings):
    table = app.conf.beat_schedule
    assert {table[name]["options"]["expires"] for name in SWEEPERS} == {settings.SWEEP_EVERY * 2}
    assert not any("options" in table[name] for name in (*HOURLY, *DAILY))


def test_what_runs_every_night_runs_at_night_whenever_beat_was_started():
    """Counted from beat's own start, it would never run where beat is started anew once a day."""
    table = app.conf.beat_schedule
    start = datetime(2026, 11, 23, 9, 0, tzinfo=clock.LOCAL)
    for name in DAILY:
        schedule = table[name]["schedule"]
        schedule.nowfun = lambda: start + timedelta(hours=17)
        due = start + schedule.remaining_estimate(start) + timedelta(hours=17)
        assert (due.date(), due.hour) == (start.date() + timedelta(days=1), 2), name


# --- Whose turn it is ------------------------------------------------------------------------------------------------


def test_a_sweep_that_does_not_reach_all_begins_with_who_has_waited_longest(monkeypatch):
    """Else whatever fails again and again would keep the others out for as long as it fails."""
    failing, waiting = (factories.request_in("received").searches.get() for _ in range(2))
    now, rung = timezone.now(), []
    for row, since in ((failing, now - timedelta(seconds=5)), (waiting, now - timedelta(minutes=5))):
        SourceSearch.objects.filter(pk=row.pk).update(next_try_at=since, lease_until=None)
    monkeypatch.setattr(tasks, "SWEEP_LIMIT", 1)
    monkeypatch.setattr(doorbell, "ring", lambda task, pk: rung.append(pk))
    tasks.resume_searches()
    assert rung == [waiting.pk]


# --- each -------------------------------------------------------------------------------------------------------------


def test_one_that_fails_is_noted_counted_comes_last_and_is_struck_off_when_done(caplog):
    tried = []

    def act(pk):
        tried.append(pk)
        if pk == 1 and len(tried) < 5:
            raise ValueError("Nguyễn Văn Bí Mật, 001090909090")
        return True

    assert each([1, 2], act, what="late warning") == 1
    assert each([1, 2], act, what="late warning") == 1
    assert tried == [1, 2, 2, 1], "what failed before comes last"
    noted = PassedOver.objects.get()
    assert (noted.sweep, noted.row, noted.times, noted.cause) == ("late warning", 1, 2, "ValueError")
    assert "late warning" in {record.sweep for record in caplog.records}
    assert each([1, 2], act, what="late warning") == 2
    assert not PassedOver.objects.exists()


def test_of_an_error_of_ours_the_code_is_kept_and_the_end_of_the_time_ends_the_sweep():
    def ours(pk):
        raise Invalid("Chưa có biểu phí cho bà Bí Mật.")

    each([1], ours, what="late warning")
    assert PassedOver.objects.get().cause == "Invalid (invalid)"

    def out_of_time(pk):
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        each([2], out_of_time, what="late warning")
    assert PassedOver.objects.count() == 1


def test_what_a_sweep_has_not_tried_for_two_days_is_no_trouble_any_more():
    before = timezone.now() - timedelta(days=3)
    PassedOver.objects.create(sweep="late warning", row=7, first_at=before, last_at=before, cause="ValueError")
    each([], lambda pk: True, what="late warning")
    assert not PassedOver.objects.exists()


def test_every_sweep_has_a_name_for_people():
    code = "\n".join(path.read_text() for path in Path("requests").rglob("*.py"))
    assert set(re.findall(r'\bwhat="([a-z ]+)"', code)) == set(SWEEPS)


# --- The board --------------------------------------------------------------------------------------------------------


def test_administrators_of_the_office_and_the_nation_see_it_and_nobody_else(client):
    request = factories.request_in("received")
    each([request.pk], lambda pk: 1 / 0, what="recompute due")
    for role, authority, seen in (
        ("national_administrator", None, True),
        ("authority_administrator", request.authority, True),
        ("authority_administrator", factories.department("48"), False),
    ):
        more = {"authority": authority} if authority else {}
        client.force_login(factories.make_staff(role, **more))
        page = client.get(PAGE).text
        found = "Tính lại ngày hẹn" in page and "ZeroDivisionError" in page
        assert found is seen, role
        assert (request.dossier_number in page) is seen


# --- Offices and drafts -----------------------------------------------------------------------------------------------


def test_old_drafts_are_all_reached_and_one_that_fails_stops_none(monkeypatch):
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    citizen, at = factories.make_citizen(), timezone.now() - OLD
    drafts = [actions.create_draft(by=citizen, account=citizen, at=at) for _ in range(7)]
    failing_on(monkeypatch, filing, "_drop", drafts[0].pk, RuntimeError())
    rung = []
    monkeypatch.setattr(tasks.doorbell, "ring", lambda task, pk: rung.append((task.name, pk)))
    tasks.drop_old_drafts()
    while rung:
        name, after = rung.pop()
        assert name == "requests.tasks.drop_old_drafts"
        tasks.drop_old_drafts(after)
    assert list(CertificateRequest.objects.all()) == [drafts[0]]
    assert PassedOver.objects.get().row == drafts[0].pk


def test_requests_of_an_office_that_ended_are_all_reached_and_one_that_fails_stops_none(settings, monkeypatch):
    settings.LLTP_REGIME = "calendar"
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    evening = datetime(2025, 2, 28, 16, 0, tzinfo=clock.LOCAL)
    morning = datetime(2025, 3, 1, 0, 0, 20, tzinfo=clock.LOCAL)
    office = factories.make_office(Authority.objects.of_province("01", clock.local_day(evening)))
    requests = [factories.journey(office=office, at=evening).take("submit") for _ in range(5)]
    bad = requests[0].pk
    failing_on(monkeypatch, handing_over, "_move", bad, KeyError("province"))
    after, moved = 0, 0
    while after is not None:
        swept = actions.move_to_offices_in_force(morning, after=after)
        after, moved = swept.last, moved + swept.done
    assert moved == 4
    police = CertificateRequest.objects.exclude(pk=bad)
    assert {one.authority.kind for one in police} == {Authority.Kind.PROVINCIAL_POLICE}
    assert PassedOver.objects.get().row == bad


# --- Due dates --------------------------------------------------------------------------------------------------------


def test_one_bad_row_does_not_end_the_batch_of_due_dates(monkeypatch):
    nation, office = factories.make_staff("national_administrator"), factories.make_office()
    monday = datetime(2026, 10, 5, 8, 10, tzinfo=clock.LOCAL)
    first, bad, last = (factories.request_in("reviewing", office=office, at=monday) for _ in range(3))
    before = first.due_at
    CertificateRequest.objects.filter(pk=bad.pk).update(deadline_class="nobody")
    actions.change_day(
        by=nation, authority=None, day=datetime(2026, 10, 14).date(), kind="off", name="Nghỉ bão", source="Công điện 1"
    )
    assert actions.recompute_due() is None
    due = dict(CertificateRequest.objects.values_list("pk", "due_at"))
    assert due[first.pk] == due[last.pk] > before == due[bad.pk]
    noted = PassedOver.objects.get()
    assert (noted.sweep, noted.row, noted.cause) == ("recompute due", bad.pk, "LawMissing (law_missing)")


def test_an_error_while_one_is_kept_undoes_that_one_alone(monkeypatch):
    office = factories.make_office()
    requests = [factories.request_in("reviewing", office=office) for _ in range(2)]
    monkeypatch.setattr(policy, "term_on", lambda day, deadline_class: clock.Term(20))
    real = recomputing.tell

    def tell(certificate_request, *args, **kwargs):
        if certificate_request.pk == requests[0].pk:
            raise RuntimeError
        return real(certificate_request, *args, **kwargs)

    monkeypatch.setattr(recomputing, "tell", tell)
    actions.recompute_due()
    terms = [CertificateRequest.objects.get(pk=one.pk).deadline_term for one in requests]
    assert terms == [clock.Term(10), clock.Term(20)]


def test_a_turn_that_hangs_is_not_joined_by_the_next_one(monkeypatch):
    """While the central database hangs, one worker waits for it and not all of them."""
    turns = []
    monkeypatch.setattr(quality_run, "check_some", lambda *, seconds: turns.append(seconds))
    hanging = connection.copy()
    try:
        with hanging.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('check_register', 0))")
        check_register()
        assert turns == []
    finally:
        hanging.close()  # as the connection of a worker that died
    wait_until(lambda: check_register() or turns, 10, "the turn of one that died to be free again")
    assert turns == [8.0]

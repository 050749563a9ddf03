"""A changed calendar moves the promises of open requests, leaves those of closed ones, and says what it did."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import Calendars, Day
from requests import actions, clock, policy, tasks
from requests.actions import recomputing
from requests.models import CertificateRequest, Message, RequestStep
from requests.papers import Kind
from tests import factories
from tests.papers_samples import frozen

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 10, 5, 9, tzinfo=clock.LOCAL)  # ten working days end on Monday 19
DUE = datetime(2026, 10, 19, 17, tzinfo=clock.LOCAL)
TUESDAY = datetime(2026, 10, 20, 17, tzinfo=clock.LOCAL)
OFF = {"day": date(2026, 10, 14), "kind": "off", "name": "Nghỉ bão", "source": "Công điện 1"}


@pytest.fixture
def nation():
    return factories.make_staff("national_administrator")


@pytest.fixture
def rung(monkeypatch):
    """From where the worker was asked to go on."""
    heard = []
    monkeypatch.setattr(tasks.recompute_due, "apply_async", lambda args, **_: heard.append(args[0]))
    return heard


def received(state: str = "reviewing", **start) -> CertificateRequest:
    return factories.request_in(state, at=MONDAY - timedelta(minutes=50), **start)


def again(request: CertificateRequest) -> CertificateRequest:
    return CertificateRequest.objects.get(pk=request.pk)


def due_of(*requests: CertificateRequest) -> list[datetime]:
    return [again(request).due_at for request in requests]


def test_an_edit_rings_once_it_is_committed_and_open_requests_move(nation, rung, django_capture_on_commit_callbacks):
    request = received()
    assert due_of(request) == [DUE]
    with django_capture_on_commit_callbacks() as callbacks:
        actions.change_day(by=nation, authority=None, **OFF)
        assert rung == []
    for callback in callbacks:
        callback()
    assert rung == [0] and due_of(request) == [DUE]
    tasks.recompute_due(0)
    assert due_of(request) == [TUESDAY]
    event = AuditEvent.objects.about(request.code).get(verb="recompute_due")
    assert event.actor is None and event.authority == request.authority
    assert (event.details["old"], event.details["new"]) == ("2026-10-19T17:00:00+07:00", "2026-10-20T17:00:00+07:00")


def test_it_moves_back_when_the_day_is_plain_again(nation):
    request = received()
    actions.change_day(by=nation, authority=None, **OFF)
    actions.recompute_due()
    actions.change_day(by=nation, authority=None, **{**OFF, "kind": "plain"})
    actions.recompute_due()
    assert due_of(request) == [DUE]


@pytest.mark.parametrize("state", ["issued", "delivered", "withdrawn", "stopped"])
def test_closed_requests_keep_their_date(nation, state):
    closed, still_open = received(state), received("verified")
    actions.change_day(by=nation, authority=None, **OFF)
    actions.recompute_due()
    assert due_of(closed, still_open) == [DUE, TUESDAY]
    assert not AuditEvent.objects.about(closed.code).filter(verb="recompute_due").exists()


@pytest.mark.parametrize("state", ["received", "reviewing", "consulting", "needs_supplement", "verified", "signing"])
def test_every_open_state_moves(nation, state):
    request = received(state)
    actions.change_day(by=nation, authority=None, **OFF)
    actions.recompute_due()
    assert due_of(request) == [TUESDAY]


def test_an_offices_day_moves_only_its_own(nation):
    elsewhere = factories.department("02")
    here = received()
    there = received(office=factories.make_office(elsewhere), fields={"permanent_province": "02"})
    assert there.authority == elsewhere
    was = again(there).due_at
    administrator = factories.make_staff("authority_administrator")
    actions.change_day(by=administrator, authority=administrator.authority, **OFF)
    actions.recompute_due()
    assert due_of(here, there) == [TUESDAY, was]
    actions.follow_nation(by=administrator, authority=administrator.authority, day=OFF["day"])
    actions.recompute_due()
    assert due_of(here, there) == [DUE, was]


def test_other_opening_hours_move_the_hour(nation):
    request = received()
    actions.change_hours(
        by=nation,
        authority=None,
        valid_from=date(2026, 10, 19),
        weekdays=[0],
        intervals=((time(7), time(11)), (time(13), time(16))),
    )
    actions.recompute_due()
    assert due_of(request) == [DUE.replace(hour=16)]


def test_a_changed_rule_moves_them_too(monkeypatch):
    request = received()
    monkeypatch.setattr(policy, "term_on", lambda day, deadline_class: clock.Term(5))
    actions.recompute_due()
    assert due_of(request) == [datetime(2026, 10, 12, 17, tzinfo=clock.LOCAL)]
    assert again(request).deadline_term == clock.Term(5)
    assert AuditEvent.objects.about(request.code).get(verb="recompute_due").details["term"] == "5 working_day"


def test_ended_pauses_count_and_an_open_one_is_left_for_the_answer(nation):
    request = received("needs_supplement")
    asked = RequestStep.objects.get(request=request, step="ask_supplement").at
    actions.change_day(by=nation, authority=None, **OFF)
    actions.recompute_due()
    assert due_of(request) == [TUESDAY]
    answered_at = asked + timedelta(days=3)
    request = actions.answer_supplement(again(request), by=request.filed_by, note="Đã bổ sung", at=answered_at)
    after_answer = again(request).due_at
    assert after_answer > TUESDAY
    actions.recompute_due()
    assert due_of(request) == [after_answer]


def test_nothing_changes_when_nothing_changed():
    request = received()
    events = AuditEvent.objects.count()
    assert actions.recompute_due() is None
    assert due_of(request) == [DUE] and AuditEvent.objects.count() == events


def test_long_work_goes_batch_by_batch(nation, rung, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(recomputing, "BATCH", 2)
    office = factories.make_office()
    requests = [received(office=office) for _ in range(5)]
    actions.change_day(by=nation, authority=None, **OFF)
    after, runs = 0, 0
    while after is not None:
        with django_capture_on_commit_callbacks(execute=True):
            tasks.recompute_due(after)
        runs += 1
        after = rung.pop() if rung else None
    assert due_of(*requests) == [TUESDAY] * 5
    assert runs == 3


def test_the_count_before_an_edit_is_what_it_then_moves():
    requests = [received(), received("verified"), received("issued"), factories.file_request()]
    changed = Calendars.read().with_day(Day(None, OFF["day"], "off", "Nghỉ bão"))
    assert recomputing.count_moved(changed, None, first=OFF["day"], last=OFF["day"]) == 2
    assert recomputing.count_moved(changed, factories.department("02"), first=OFF["day"], last=OFF["day"]) == 0
    later = Calendars.read().with_day(Day(None, date(2026, 10, 20), "off", "Muộn hơn hạn"))
    assert recomputing.count_moved(later, None, first=date(2026, 10, 20), last=date(2026, 10, 20)) == 0
    assert due_of(*requests[:3]) == [DUE] * 3


def test_an_edit_that_fails_rings_nobody(nation, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        actions.change_day(by=nation, authority=None, **OFF)
        raise RuntimeError
    assert rung == []


def test_beat_looks_every_night():
    from lltp_portal.celery import DAILY

    assert "requests.tasks.recompute_due" in DAILY


def test_who_waits_is_told_once_of_the_new_day_and_has_a_receipt_that_says_it(nation):
    moved, stays = received(), received("issued")
    before = frozen(moved, Kind.RECEIPT)
    actions.change_day(by=nation, authority=None, **OFF)
    for hours in (1, 2):
        actions.recompute_due(at=MONDAY + timedelta(days=1, hours=hours))
    told = Message.objects.in_portal().get(request=moved, event="due_changed")
    assert "Ngày hẹn cũ: Thứ Hai, 19/10/2026. Ngày hẹn mới: Thứ Ba, 20/10/2026." in told.text
    after = frozen(moved, Kind.RECEIPT)
    assert (before.due_at, after.due_at) == (DUE, TUESDAY)
    assert after.replaces.startswith(f"Thay giấy số {before.number:04d}/TNHS")
    assert moved.papers.filter(kind=Kind.RECEIPT).count() == 2
    assert not Message.objects.filter(request=stays, event="due_changed").exists()
    actions.change_day(by=nation, authority=None, **{**OFF, "kind": "plain"})
    actions.recompute_due(at=MONDAY + timedelta(days=2))
    actions.change_day(by=nation, authority=None, **OFF)
    actions.recompute_due(at=MONDAY + timedelta(days=3))
    assert Message.objects.in_portal().filter(request=moved, event="due_changed").count() == 3, "there, back, there"

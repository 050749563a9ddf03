"""The tables behind calendars: whose row wins, who may change what, and what loading the seed again leaves alone."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars import actions, seed
from lltp_portal.calendars.models import OpeningHours, SpecialDay
from lltp_portal.calendars.seed import Calendars, Day, calendar_of, load_days, national_calendar
from lltp_portal.calendars.working_days import NATIONAL_HOURS, Hours
from lltp_portal.errors import Invalid
from tests import factories

pytestmark = pytest.mark.django_db
CULTURE_DAY = date(2026, 11, 24)
PLAIN_TUESDAY = date(2026, 12, 8)
WORDS = {"name": "Nghỉ theo thông báo", "source": "Thông báo 1/TB ngày 01/12/2026"}
SHORT = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))


@pytest.fixture
def nation():
    return factories.make_staff("national_administrator")


@pytest.fixture
def hanoi():
    return factories.make_staff("authority_administrator")


def set_day(by, authority, day, kind, **words):
    return actions.set_day(by=by, authority=authority, day=day, kind=kind, **{**WORDS, **words})


# --- Whose row wins -------------------------------------------------------------------------------------------------


def test_an_offices_row_wins_over_the_nations_for_that_office_alone(hanoi):
    here, elsewhere = hanoi.authority, factories.department("02")
    set_day(hanoi, here, CULTURE_DAY, "plain")
    set_day(hanoi, here, PLAIN_TUESDAY, "off")
    assert calendar_of(here).is_working(CULTURE_DAY) and not calendar_of(here).is_working(PLAIN_TUESDAY)
    for other in (calendar_of(elsewhere), national_calendar()):
        assert not other.is_working(CULTURE_DAY) and other.is_working(PLAIN_TUESDAY)


def test_a_saturday_is_worked_where_a_row_says_so(hanoi):
    saturday = date(2026, 12, 12)
    set_day(hanoi, hanoi.authority, saturday, "working_saturday")
    assert calendar_of(hanoi.authority).is_working(saturday) and not national_calendar().is_working(saturday)


def test_all_offices_are_read_in_two_queries(hanoi, django_assert_num_queries):
    set_day(hanoi, hanoi.authority, PLAIN_TUESDAY, "off")
    with django_assert_num_queries(2):
        calendars = Calendars.read()
        found = [calendars.of(factory) for factory in (hanoi.authority, hanoi.authority.pk, None, 987654)]
    assert [calendar.is_working(PLAIN_TUESDAY) for calendar in found] == [False, False, True, True]
    assert calendars.of(hanoi.authority) is found[1]
    with django_assert_num_queries(2):
        calendar_of(hanoi.authority)


def test_a_calendar_as_it_would_be_changes_nothing(hanoi):
    here = hanoi.authority.pk
    calendars = Calendars.read()
    changed = calendars.with_day(Day(here, PLAIN_TUESDAY, "off", "Thử")).with_hours(
        here, [Hours(date(2026, 1, 1), 2, SHORT)]
    )
    assert not changed.of(here).is_working(PLAIN_TUESDAY) and changed.of(None).is_working(PLAIN_TUESDAY)
    assert changed.of(here).closing(date(2026, 12, 9)) == time(16, 30)
    assert changed.without_day(here, PLAIN_TUESDAY).of(here).is_working(PLAIN_TUESDAY)
    assert calendars.of(here).is_working(PLAIN_TUESDAY) and calendar_of(here).closing(date(2026, 12, 9)) == time(17)


# --- The seed -------------------------------------------------------------------------------------------------------


def test_loading_again_keeps_what_a_person_changed_or_removed(nation, hanoi):
    set_day(nation, None, CULTURE_DAY, "plain", name="Không nghỉ")
    set_day(nation, None, date(2026, 4, 30), "off", name="Đã sửa")
    set_day(nation, None, PLAIN_TUESDAY, "off")
    set_day(hanoi, hanoi.authority, date(2026, 5, 1), "plain")
    before = list(SpecialDay.objects.values_list("authority", "day", "kind", "name"))
    assert load_days() == len(before)
    assert list(SpecialDay.objects.values_list("authority", "day", "kind", "name")) == before
    assert national_calendar().is_working(CULTURE_DAY) and not national_calendar().is_working(PLAIN_TUESDAY)


def test_rows_that_nobody_touched_follow_the_library(monkeypatch):
    """A computed year is put right when the library learns the decided one."""
    kind, name = seed.seeded_days()[date(2027, 9, 3)]
    changed = {**seed.seeded_days(), date(2027, 9, 1): (kind, name), date(2027, 9, 2): (kind, "Quốc khánh 2/9")}
    del changed[date(2027, 9, 3)]
    monkeypatch.setattr(seed, "seeded_days", lambda: changed)
    load_days()
    off = dict(SpecialDay.objects.off().filter(day__year=2027, day__month=9).values_list("day", "name"))
    assert off == {date(2027, 9, 1): name, date(2027, 9, 2): "Quốc khánh 2/9"}


# --- Who may, and what is kept of it ---------------------------------------------------------------------------------


def test_the_nations_rows_are_for_its_administrators_an_offices_for_its_own(nation, hanoi):
    elsewhere = factories.department("02")
    clerk, auditor = factories.make_staff("intake_clerk"), factories.make_staff("auditor")
    refused = [(hanoi, None), (hanoi, elsewhere), (nation, hanoi.authority), (clerk, hanoi.authority), (auditor, None)]
    for by, authority in refused:
        with pytest.raises(PermissionDenied):
            set_day(by, authority, PLAIN_TUESDAY, "off")
        with pytest.raises(PermissionDenied):
            actions.set_hours(by=by, authority=authority, valid_from=PLAIN_TUESDAY, weekdays=[0], intervals=SHORT)
    with pytest.raises(PermissionDenied):
        actions.follow_nation(by=nation, authority=hanoi.authority, day=PLAIN_TUESDAY)
    assert not SpecialDay.objects.filter(day=PLAIN_TUESDAY).exists() and not OpeningHours.objects.exists()


def test_every_change_of_a_day_is_an_event_with_old_and_new(nation):
    set_day(nation, None, CULTURE_DAY, "plain", name="Không nghỉ")
    event = AuditEvent.objects.about("calendar:VN").get()
    assert (event.verb, event.actor, event.details["day"]) == ("change_calendar_day", nation, "2026-11-24")
    assert event.details["old"] == {"kind": "off", "name": "Ngày Văn hóa Việt Nam", "source": "seed"}
    assert event.details["new"] == {"kind": "plain", "name": "Không nghỉ", "source": WORDS["source"]}


def test_an_office_drops_its_row_and_follows_the_nation_again(hanoi):
    set_day(hanoi, hanoi.authority, CULTURE_DAY, "plain")
    actions.follow_nation(by=hanoi, authority=hanoi.authority, day=CULTURE_DAY)
    assert not calendar_of(hanoi.authority).is_working(CULTURE_DAY)
    event = AuditEvent.objects.about(f"calendar:{hanoi.authority.pk}").first()
    assert event.details["old"]["kind"] == "plain" and event.details["new"] is None
    with pytest.raises(Invalid, match="đã theo lịch toàn quốc"):
        actions.follow_nation(by=hanoi, authority=hanoi.authority, day=CULTURE_DAY)


@pytest.mark.parametrize(
    ("day", "kind", "words", "field"),
    [
        (date(1999, 1, 1), "off", {}, "day"),
        (PLAIN_TUESDAY, "half", {}, "kind"),
        (PLAIN_TUESDAY, "working_saturday", {}, "kind"),
        (PLAIN_TUESDAY, "plain", {}, "kind"),
        (PLAIN_TUESDAY, "off", {"name": "  "}, "name"),
        (PLAIN_TUESDAY, "off", {"source": ""}, "source"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_at_its_field(nation, day, kind, words, field):
    with pytest.raises(Invalid) as refused:
        set_day(nation, None, day, kind, **words)
    assert list(refused.value.fields) == [field]


# --- Hours ----------------------------------------------------------------------------------------------------------


def test_hours_hold_from_their_day_on_and_leave_the_days_before(hanoi):
    here = hanoi.authority
    assert calendar_of(here).open_on(date(2026, 12, 1)) == NATIONAL_HOURS
    actions.set_hours(by=hanoi, authority=here, valid_from=date(2026, 12, 2), weekdays=[0, 1, 2, 3, 4], intervals=SHORT)
    actions.set_hours(by=hanoi, authority=here, valid_from=date(2026, 12, 10), weekdays=[4], intervals=SHORT[:1])
    calendar = calendar_of(here)
    closing = [calendar.closing(date(2026, 12, day)) for day in (1, 2, 4, 11, 14)]
    assert closing == [time(17), time(16, 30), time(16, 30), time(11, 30), time(16, 30)]
    assert calendar_of(factories.department("02")).closing(date(2026, 12, 4)) == time(17)
    events = AuditEvent.objects.about(f"calendar:{here.pk}").filter(verb="change_opening_hours")
    assert [event.details["hours"] for event in events] == [
        [["07:30", "11:30"]],
        [["07:30", "11:30"], ["13:00", "16:30"]],
    ]


def test_the_nations_hours_hold_where_an_office_has_none(nation, hanoi):
    actions.set_hours(by=nation, authority=None, valid_from=date(2026, 1, 1), weekdays=[0, 1], intervals=SHORT)
    actions.set_hours(
        by=hanoi, authority=hanoi.authority, valid_from=date(2026, 1, 1), weekdays=[0], intervals=NATIONAL_HOURS
    )
    calendar = calendar_of(hanoi.authority)
    assert [calendar.closing(date(2026, 12, day)) for day in (7, 8, 9)] == [time(17), time(16, 30), time(17)]


@pytest.mark.parametrize(
    ("since", "weekdays", "intervals", "field"),
    [
        (date(1999, 1, 1), [0], SHORT, "valid_from"),
        (PLAIN_TUESDAY, [], SHORT, "weekdays"),
        (PLAIN_TUESDAY, [7], SHORT, "weekdays"),
        (PLAIN_TUESDAY, [0], (), "morning_from"),
        (PLAIN_TUESDAY, [0], ((time(12), time(8)),), "morning_from"),
        (PLAIN_TUESDAY, [0], ((time(8), time(12)), (time(11), time(17))), "morning_from"),
    ],
)
def test_hours_that_make_no_sense_are_refused_at_their_field(hanoi, since, weekdays, intervals, field):
    with pytest.raises(Invalid) as refused:
        actions.set_hours(by=hanoi, authority=hanoi.authority, valid_from=since, weekdays=weekdays, intervals=intervals)
    assert list(refused.value.fields) == [field]


# --- What the database itself refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"day": CULTURE_DAY, "kind": "off"},
        {"day": PLAIN_TUESDAY, "kind": "half"},
        {"day": PLAIN_TUESDAY, "kind": "working_saturday"},
    ],
    ids=["the nation's day twice", "an unknown kind", "a weekday that is worked extra"],
)
def test_the_database_refuses_days_that_cannot_be(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(name="Thử", **row)


@pytest.mark.parametrize(
    "hours",
    [
        (time(12), time(8), None, None),
        (time(8), time(12), time(13), None),
        (time(8), time(12), time(11), time(17)),
        (time(8), time(12), time(17), time(13)),
    ],
)
def test_the_database_refuses_hours_that_cannot_be(hours):
    columns = dict(zip(actions.COLUMNS, hours, strict=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningHours.objects.create(valid_from=PLAIN_TUESDAY, weekday=0, changed_at=timezone.now(), **columns)

"""When a request is due, and how late it is."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from lltp_portal.calendars.working_days import WorkingCalendar
from requests import clock

SEPTEMBER = WorkingCalendar(days_off={date(2024, 9, 2): "Quốc khánh", date(2024, 9, 3): "Quốc khánh"})
NOVEMBER = WorkingCalendar(days_off={date(2026, 11, 24): "Ngày Văn hóa Việt Nam"})
PLAIN = WorkingCalendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


@pytest.mark.parametrize(
    ("received", "days", "calendar", "due"),
    [
        ("2024-06-14T09:00", 10, PLAIN, "2024-06-28T17:00"),
        ("2024-06-14T17:30", 10, PLAIN, "2024-07-01T17:00"),
        ("2024-08-26T10:00", 10, SEPTEMBER, "2024-09-11T17:00"),
        ("2026-11-20T10:00", 5, NOVEMBER, "2026-11-30T17:00"),
        ("2024-06-15T10:00", 10, PLAIN, "2024-07-01T17:00"),
    ],
    ids=["plain", "after closing", "over a holiday", "culture day", "on a Saturday"],
)
def test_due_is_closing_time_of_the_nth_working_day(received, days, calendar, due):
    assert clock.due_at(local(received), clock.Term(days), calendar) == local(due)


def test_a_pause_costs_the_working_days_after_asking_up_to_the_answer():
    pause = (local("2024-06-06T10:00"), local("2024-06-11T15:00"))
    assert clock.pause_cost(*pause, PLAIN) == 3
    assert clock.due_at(local("2024-06-03T09:00"), clock.Term(10), PLAIN, [pause]) == local("2024-06-20T17:00")


def test_asked_and_answered_on_one_day_costs_nothing():
    assert clock.pause_cost(local("2024-06-06T08:00"), local("2024-06-06T16:00"), PLAIN) == 0


def test_only_pauses_after_receipt_count():
    def step(name, at):
        return SimpleNamespace(step=name, at=local(at))

    history = [
        step("ask_supplement", "2024-06-01T09:00"),
        step("answer_supplement", "2024-06-02T09:00"),
        step("receive", "2024-06-03T09:00"),
        step("ask_supplement", "2024-06-06T10:00"),
        step("answer_supplement", "2024-06-11T15:00"),
        step("ask_supplement", "2024-06-13T10:00"),
    ]
    assert clock.pauses(history, until=local("2024-06-14T10:00")) == [
        (local("2024-06-06T10:00"), local("2024-06-11T15:00")),
        (local("2024-06-13T10:00"), local("2024-06-14T10:00")),
    ]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2024-06-27T09:00", 1),
        ("2024-06-28T16:59", 0),
        ("2024-06-28T17:01", -1),
        ("2024-06-29T09:00", -1),
        ("2024-07-01T09:00", -1),
    ],
)
def test_days_left_are_working_days_and_late_begins_after_closing(now, left):
    assert clock.days_left(local("2024-06-28T17:00"), local(now), PLAIN) == left


def test_hours_run_through_the_night_and_the_weekend():
    """Art. 46: 24 hours for proceedings agencies; domain 5.2."""
    assert clock.due_at(local("2024-06-14T16:00"), clock.Term(24, clock.HOUR), PLAIN) == local("2024-06-15T16:00")


def test_calendar_days_end_on_a_working_day():
    assert clock.due_at(local("2024-06-13T09:00"), clock.Term(10, clock.CALENDAR_DAY), PLAIN) == local(
        "2024-06-24T17:00"
    )

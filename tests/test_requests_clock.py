"""When a request is due, and how late it is."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from lltp_portal.calendars.working_days import Hours, WorkingCalendar
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


@pytest.mark.parametrize(
    ("received", "first"),
    [
        ("2024-06-14T07:10", "2024-06-14"),
        ("2024-06-14T12:30", "2024-06-14"),
        ("2024-06-14T17:00", "2024-06-14"),
        ("2024-06-14T17:01", "2024-06-17"),
        ("2024-06-15T09:00", "2024-06-17"),
        ("2024-08-30T17:30", "2024-09-04"),
    ],
    ids=["before opening", "at lunch", "at closing", "after closing", "on a Saturday", "evening before a holiday"],
)
def test_day_zero_is_the_day_or_the_next_one_that_is_worked(received, first):
    assert clock.day_of_receipt(local(received), SEPTEMBER) == date.fromisoformat(first)


def test_a_pause_moves_hours_by_what_really_passed():
    pause = (local("2024-06-14T18:00"), local("2024-06-17T09:30"))
    due = clock.due_at(local("2024-06-14T16:00"), clock.Term(24, clock.HOUR), PLAIN, [pause])
    assert due == local("2024-06-15T16:00") + timedelta(days=2, hours=15, minutes=30)


def test_calendar_days_end_on_a_working_day_and_a_pause_costs_working_days():
    ten = clock.Term(10, clock.CALENDAR_DAY)
    assert clock.due_at(local("2024-06-05T09:00"), ten, PLAIN) == local("2024-06-17T17:00")  # the 15th is a Saturday
    pause = (local("2024-06-06T10:00"), local("2024-06-11T15:00"))
    assert clock.due_at(local("2024-06-05T09:00"), ten, PLAIN, [pause]) == local("2024-06-20T17:00")


# --- Opening hours --------------------------------------------------------------------------------------------------

TWO_HALVES = ((time(7), time(11, 30)), (time(13, 30), time(16, 30)))
SHORT_FRIDAYS = WorkingCalendar(
    worked_saturdays={date(2024, 5, 4): "Làm bù"},
    hours=(
        *(
            Hours(date(2024, 1, 1), weekday, ((time(7), time(11, 30)), (time(13, 30), time(16, 30))))
            for weekday in range(5)
        ),
        Hours(date(2024, 6, 1), 4, ((time(7), time(11)),)),
    ),
)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-05-14T09:00", "2024-05-28T16:30"),
        ("2024-06-14T10:59", "2024-06-28T11:00"),
        ("2024-06-14T11:01", "2024-07-01T16:30"),
    ],
    ids=["ordinary", "a Friday that closes at noon", "after that closing"],
)
def test_a_promise_ends_when_that_office_closes_that_day(received, due):
    assert clock.due_at(local(received), clock.Term(10), SHORT_FRIDAYS) == local(due)


def test_newer_hours_leave_the_days_before_as_they_were():
    assert SHORT_FRIDAYS.closing(date(2024, 5, 31)) == time(16, 30)
    assert SHORT_FRIDAYS.closing(date(2024, 6, 7)) == time(11)
    assert SHORT_FRIDAYS.closing(date(2023, 12, 29)) == time(17)
    assert SHORT_FRIDAYS.open_on(date(2024, 5, 4)) == SHORT_FRIDAYS.open_on(date(2024, 5, 3))
    with pytest.raises(ValueError, match="day off"):
        SHORT_FRIDAYS.closing(date(2024, 5, 5))


# --- On time or late ------------------------------------------------------------------------------------------------

DUE = local("2024-06-28T17:00")
RECEIVED = local("2024-06-14T09:00")


@pytest.mark.parametrize(
    ("at", "ended", "standing", "days", "words"),
    [
        ("2024-06-24T09:00", True, "early", 4, "Sớm hạn 4 ngày"),
        ("2024-06-28T08:00", True, "on_time", 0, "Đúng hạn"),
        ("2024-06-28T17:00", True, "on_time", 0, "Đúng hạn"),
        ("2024-06-28T17:01", True, "late", 1, "Quá hạn 1 ngày"),
        ("2024-07-03T09:00", True, "late", 3, "Quá hạn 3 ngày"),
        ("2024-06-20T09:00", False, "in_time", 6, "Còn hạn 6 ngày"),
        ("2024-06-25T09:00", False, "in_time", 3, "Còn hạn 3 ngày"),
        ("2024-06-26T09:00", False, "soon", 2, "Sắp đến hạn 2 ngày"),
        ("2024-06-28T09:00", False, "soon", 0, "Sắp đến hạn"),
        ("2024-06-29T09:00", False, "late", 1, "Quá hạn 1 ngày"),
    ],
)
def test_the_vocabulary_of_reports(at, ended, standing, days, words):
    found = clock.outcome(DUE, local(at), PLAIN, ended=ended, received_at=RECEIVED)
    assert (found.standing, found.days, found.words) == (standing, days, words)


def test_soon_is_within_a_day_where_the_beginning_is_not_known():
    assert clock.outcome(DUE, local("2024-06-26T09:00"), PLAIN).standing == "in_time"
    assert clock.outcome(DUE, local("2024-06-27T09:00"), PLAIN).standing == "soon"


@pytest.mark.parametrize(
    ("state", "standing"),
    [("withdrawn", "on_time"), ("refused", None), ("stopped", None), ("issued", "early"), ("reviewing", "late")],
)
def test_withdrawn_counts_as_on_time_and_what_had_no_result_as_nothing(state, standing):
    request = SimpleNamespace(
        state=state, due_at=DUE, received_at=RECEIVED, issued_at=local("2024-06-20T09:00"), ended_at=None
    )
    found = clock.outcome_of(request, local("2024-07-20T09:00"), PLAIN)
    assert (found and found.standing) == standing


def test_nothing_is_late_before_a_promise():
    request = SimpleNamespace(state="submitted", due_at=None, received_at=None, issued_at=None)
    assert clock.outcome_of(request, local("2024-07-20T09:00"), PLAIN) is None


def test_days_late_fall_into_the_groups_of_reports():
    assert [clock.late_bucket(days) for days in (1, 2, 3, 4, 7, 8, 90)] == ["1", "2–3", "2–3", "4–7", "4–7", ">7", ">7"]

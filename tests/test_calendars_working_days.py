"""Working days of Viet Nam: the arithmetic, and the seed with the swaps that the library misses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lltp_portal.calendars.seed import national_calendar
from lltp_portal.calendars.working_days import WorkingCalendar

PLAIN = WorkingCalendar()
SWAPPED = WorkingCalendar(
    days_off={date(2024, 4, 29): "Nghỉ hoán đổi", date(2024, 4, 30): "30/4", date(2024, 5, 1): "1/5"},
    worked_saturdays={date(2024, 5, 4): "Làm bù"},
)
DAYS = st.dates(date(2010, 1, 1), date(2040, 1, 1))


def test_a_swapped_saturday_counts_and_the_day_off_does_not():
    assert SWAPPED.add(date(2024, 4, 26), 1) == date(2024, 5, 2)
    assert SWAPPED.add(date(2024, 4, 26), 3) == date(2024, 5, 4)


def test_day_zero_is_not_counted():
    assert PLAIN.add(date(2024, 6, 14), 10) == date(2024, 6, 28)


@given(start=DAYS, steps=st.integers(0, 60))
def test_adding_and_counting_undo_each_other(start, steps):
    assert PLAIN.count_after(start, PLAIN.add(start, steps)) == steps


@given(start=DAYS, end=DAYS)
def test_counting_backwards_is_the_same_with_a_minus(start, end):
    assert PLAIN.count_after(start, end) == -PLAIN.count_after(end, start)


def test_days_off_that_were_left_out_are_named():
    assert [name for _, name in SWAPPED.named_days_off(date(2024, 4, 26), date(2024, 5, 10))] == [
        "Nghỉ hoán đổi",
        "30/4",
        "1/5",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2024, 4, 29), False),
        (date(2024, 5, 4), True),
        (date(2025, 5, 2), False),
        (date(2025, 4, 26), True),
        (date(2024, 2, 7), True),
        (date(2024, 2, 8), False),
        (date(2024, 2, 14), False),
        (date(2024, 2, 15), True),
        (date(2024, 4, 18), False),
        (date(2024, 4, 30), False),
        (date(2024, 9, 3), False),
        (date(2024, 9, 4), True),
        (date(2025, 1, 24), True),
        (date(2025, 1, 27), False),
        (date(2025, 1, 31), False),
        (date(2025, 2, 3), True),
        (date(2025, 4, 7), False),
        (date(2025, 9, 1), False),
        (date(2025, 9, 2), False),
        (date(2026, 1, 1), False),
        (date(2026, 2, 13), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), False),
        (date(2026, 9, 1), False),
        (date(2026, 9, 2), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 2, 18), False),
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
    ],
)
def test_the_seed_knows_holidays_and_swaps(day, working):
    assert national_calendar().is_working(day) is working

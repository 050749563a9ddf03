"""Dates of which only a part is known, in Python and in SQL alike."""

from datetime import date

import pytest

from lltp_portal import partial_dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1990-03-27", date(1990, 3, 27), date(1990, 3, 27)),
        ("1990-02", date(1990, 2, 1), date(1990, 2, 28)),
        ("2000-02", date(2000, 2, 1), date(2000, 2, 29)),
        ("1950", date(1950, 1, 1), date(1950, 12, 31)),
    ],
)
def test_the_days_a_partial_date_may_mean(text, first, last):
    assert partial_dates.first_and_last(text) == (first, last)


@pytest.mark.parametrize("text", ["", "1990-2-3", "1990-02-30", "0000", "năm 1990", "1990-00"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(partial_dates.NotADate):
        partial_dates.first_and_last(text)


@pytest.mark.parametrize(("text", "printed"), [("1990-03-27", "27/03/1990"), ("1990-03", "03/1990"), ("1990", "1990")])
def test_printed_as_people_write_it(text, printed):
    assert partial_dates.printed(text) == printed

"""Dates of which only the year, or the year and month, may be known: text YYYY[-MM[-DD]].

Many elderly people know the year of their birth alone; the population database keeps it so (domain 12.1).
"""

import calendar
import re
from datetime import date

from django.db.models import DateField, Func

PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class NotADate(ValueError):
    """The text is not a day, month or year that exists."""


def first_and_last(text: str) -> tuple[date, date]:
    """The first and last day that the text may mean. Raises NotADate."""
    match = PATTERN.fullmatch(text)
    if not match:
        raise NotADate(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise NotADate(text) from error
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


def printed(text: str) -> str:
    """As it stands on a paper: 27/03/1990, 03/1990 or 1990."""
    return "/".join(reversed(text.split("-")))


class _Day(Func):
    """A day made from the text in SQL; make_date is immutable, a cast of text to date is not."""

    output_field = DateField()
    arity = 1


class FirstDay(_Day):
    template = (
        "make_date(left(%(expressions)s, 4)::int, coalesce(nullif(substr(%(expressions)s, 6, 2), '')::int, 1),"
        " coalesce(nullif(substr(%(expressions)s, 9, 2), '')::int, 1))"
    )


class LastDay(_Day):
    template = (
        "CASE length(%(expressions)s)"
        " WHEN 4 THEN make_date(left(%(expressions)s, 4)::int, 12, 31)"
        " WHEN 7 THEN (make_date(left(%(expressions)s, 4)::int, substr(%(expressions)s, 6, 2)::int, 1)"
        " + interval '1 month' - interval '1 day')::date"
        " ELSE make_date(left(%(expressions)s, 4)::int, substr(%(expressions)s, 6, 2)::int,"
        " substr(%(expressions)s, 9, 2)::int) END"
    )

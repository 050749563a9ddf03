"""The forecast: by days that others took; never from too few, or from those that were faster than this one is old."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from lltp_portal.calendars.seed import calendar_of
from requests.forecast import FEWEST, forecast, percentile
from requests.models import Attachment, CertificateRequest
from requests.where_shown import forecast_of
from tests import factories

MONDAY, FRIDAY = date(2026, 10, 5), date(2026, 10, 16)  # nine working days, no day off in them


@pytest.fixture
def calendar(db):
    return calendar_of(None)


@pytest.mark.parametrize(
    ("days", "percent", "expected"),
    [([4], 50, 4), ([4], 85, 4), ([1, 2, 3, 4], 50, 2), (list(range(1, 101)), 85, 85), ([1, 1, 9], 85, 9)],
)
def test_nearest_rank(days, percent, expected):
    assert percentile(days, percent) == expected


def test_half_and_85_in_100_become_days_of_the_calendar(calendar):
    found = forecast(MONDAY, FRIDAY, MONDAY, [4] * 20 + [6] * 16 + [9] * 4, calendar)
    assert (found.first, found.last) == (date(2026, 10, 9), date(2026, 10, 13))
    assert (found.elapsed, found.allowed, found.like_it) == (0, 9, 40)
    assert found.is_in_time(FRIDAY)
    assert not found.is_in_time(date(2026, 10, 12))
    assert 0 == found.elapsed_x < found.window_x < found.window_x + found.window_width < found.due_x <= 1000


def test_faster_ones_do_not_count_once_this_one_is_older(calendar):
    took = [2] * 100 + [8] * FEWEST
    assert forecast(MONDAY, FRIDAY, MONDAY, took, calendar).first == date(2026, 10, 7)
    assert forecast(MONDAY, FRIDAY, date(2026, 10, 9), took, calendar).first == date(2026, 10, 15)
    assert forecast(MONDAY, FRIDAY, FRIDAY, took, calendar) is None


def test_too_few_say_nothing(calendar):
    assert forecast(MONDAY, FRIDAY, MONDAY, [3] * (FEWEST - 1), calendar) is None


@pytest.mark.django_db
def test_the_status_page_shows_it_only_while_it_is_true(client, monkeypatch):
    monkeypatch.setattr("requests.forecast.FEWEST", 1)
    citizen, office = factories.make_citizen(), factories.make_office()
    now = timezone.now()
    factories.request_in("issued", by=citizen, office=office, at=now - timedelta(days=20))
    fresh = factories.request_in("reviewing", by=citizen, office=office, at=now - timedelta(hours=3))
    client.force_login(citizen)
    calendar = calendar_of(fresh.authority)
    assert forecast_of(fresh, fresh.received_at, calendar).like_it == 1
    html = client.get(fresh.get_absolute_url()).text
    assert ("85 trong 100 hồ sơ" in html) == (forecast_of(fresh, timezone.now(), calendar) is not None)
    assert forecast_of(fresh, fresh.due_at + timedelta(minutes=1), calendar) is None
    asked = factories.request_in("needs_supplement", by=citizen, office=office, at=now - timedelta(hours=3))
    assert forecast_of(asked, now, calendar) is None
    assert CertificateRequest.objects.count() == 3


def plan_of(found):
    """As for a large table: a test's own is so small that reading it whole is right."""
    sql, values = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_pages_read_no_more_of_what_was_ever_filed_than_they_show(db):
    office, now = factories.make_office(), timezone.now()
    one = CertificateRequest(authority=office.verifying_clerk.authority, deadline_class="normal")
    all_of_them = CertificateRequest.objects
    assert "using request_issued" in plan_of(all_of_them.issued_like(one, now - timedelta(days=90), now)[:300])
    assert "using request_refund_due" in plan_of(
        all_of_them.with_refund_due().filter(authority=one.authority).order_by("pk")[:200]
    )
    unscanned = Attachment.objects.filter(state="unscanned").order_by("-pk")[:100]
    assert "using attachment_unscanned" in plan_of(unscanned)
    assert "using request_by_person" in plan_of(all_of_them.filter(applicant_person_key__in=["a" * 64]).order_by())

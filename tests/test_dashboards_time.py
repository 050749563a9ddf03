"""Where the working time went: sums of the clock's charges, by office and holder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboards import time_spent
from lltp_portal.calendars.seed import calendar_of
from requests import clock
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/board/time/"


@pytest.fixture
def offices():
    """Requests of two offices, in several states, begun ten days ago; one sent too long ago to count."""
    at = timezone.now() - timedelta(days=10)
    here, there = factories.make_office(), factories.make_office(factories.department("02"))
    for state in ("reviewing", "needs_supplement", "issued"):
        factories.request_in(state, at=at, office=here)
    factories.request_in("consulting", at=at, office=there, fields={"permanent_province": "02"})
    factories.request_in("reviewing", at=at - timedelta(days=25), office=here)
    return here, there


def test_every_working_minute_of_the_window_is_in_exactly_one_cell(offices):
    now = timezone.now()
    rows, total = time_spent.by_office(factories.make_staff("national_administrator"), now)
    counted = CertificateRequest.objects.filter(submitted_at__gte=now - time_spent.WINDOW)
    whole = sum(
        calendar_of(request.authority).minutes_between(request.submitted_at, request.issued_at or now)
        for request in counted
    )
    assert total.requests == counted.count() == 4 and total.total == whole > 0
    assert sum(row.total for row in rows) == whole and len(rows) == 2
    assert sum(total.share(holder) for holder in clock.CHARGED) == pytest.approx(100)


def test_an_office_sees_its_own_and_the_nation_all(client, offices):
    client.force_login(factories.make_staff("authority_administrator"))
    page = client.get(PAGE)
    assert [row["requests"] for row in page.context["rows"]] == [3] and "Hà Giang" not in page.text
    client.force_login(factories.make_staff("auditor"))
    page = client.get(PAGE)
    assert sorted(row["requests"] for row in page.context["rows"]) == [1, 3]
    bar = page.context["bar"]
    assert bar[0].x == 0 and sum(part.width for part in bar) == 1000


def test_clerks_and_citizens_do_not_see_it(client):
    for user in (factories.make_staff("intake_clerk"), factories.make_citizen()):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403


def test_without_requests_the_page_says_so(client):
    client.force_login(factories.make_staff("national_administrator"))
    assert "Chưa có hồ sơ nào" in client.get(PAGE).text


def test_it_costs_the_same_however_many_requests(client, offices, django_assert_max_num_queries):
    client.force_login(factories.make_staff("national_administrator"))
    with django_assert_max_num_queries(7):  # session, user, roles; requests, steps, days off, opening hours
        client.get(PAGE)

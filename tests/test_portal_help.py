"""The help page says what other pages say."""

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from lltp_portal.calendars.actions import set_hours
from tests import factories

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-21T10:00+07:00", tick=False)  # a Saturday: the hours are a weekday's
def test_the_hours_to_call_are_the_calendars(client):
    assert "thứ Hai đến thứ Sáu, 08:00–12:00, 13:00–17:00." in client.get(reverse("help")).text
    hours = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
    set_hours(
        by=factories.make_staff("national_administrator"),
        authority=None,
        valid_from=date(2026, 11, 22),
        weekdays=range(5),
        intervals=hours,
    )
    assert "07:30–11:30, 13:30–17:00." in client.get(reverse("help")).text


def test_both_numbers_that_messages_and_papers_use_head_the_page_of_a_request(client):
    """Messages name the code; the page and the list named the dossier's number only."""
    request = factories.request_in("reviewing")
    client.force_login(request.account)
    for page in (request.get_absolute_url(), reverse("my_requests")):
        html = client.get(page).text
        assert f"mã {request.code}</span>" in html and request.dossier_number in html

"""The calendar's pages and the ledger of who held a request, as the office sees them: accessible, never too wide.

LLTP_SCREENSHOTS=FOLDER keeps a picture of each at 360 and 1280 px.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests import factories
from tests.browser.test_every_page import LONG_NAME, PASSWORD, Looker
from tests.browser.test_walk import CHROMIUM, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # each of its pages is also on the long walk: script/test --all
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]
ADMINISTRATOR, NATION, CLERK = "quan-tri@vi-du.example", "toan-quoc@vi-du.example", "tham-tra@vi-du.example"
DAY = {"day_day": "25", "day_month": "11", "day_year": "2026", "name": LONG_NAME, "source": "Công điện 12 " + LONG_NAME}
HOURS = {
    "valid_from_day": "1",
    "valid_from_month": "12",
    "valid_from_year": "2026",
    "morning_from": "7:30",
    "morning_to": "11:30",
}


class Window:
    """Somebody of the office at a window of their own; every page they open is looked at."""

    def __init__(self, running, world, look: Looker, email: str) -> None:
        self.base_url, self.look, self.shots = world.base_url, look, os.environ.get("LLTP_SCREENSHOTS")
        self.page = running.new_context(locale="vi-VN", bypass_csp=True).new_page()
        self.page.goto(f"{self.base_url}/accounts/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.press("main button.button")

    def press(self, button: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(button).first.click()

    def open(self, path: str, label: str) -> None:
        assert self.page.goto(self.base_url + path).status == 200
        self.see(label)

    def see(self, label: str) -> None:
        self.look(self.page, label)
        for width in (360, 1280) if self.shots else ():
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.screenshot(path=Path(self.shots) / f"{label.replace(' ', '-')}-{width}.png", full_page=True)

    def fill(self, typed: dict[str, str]) -> None:
        for name, value in typed.items():
            self.page.locator(f"[name={name}]").fill(value)


@pytest.fixture
def office_world(own_world):
    office = factories.make_office()
    office.verifying_clerk.email = CLERK
    office.verifying_clerk.set_password(PASSWORD)
    office.verifying_clerk.save()
    factories.make_staff("authority_administrator", email=ADMINISTRATOR, full_name=LONG_NAME, password=PASSWORD)
    factories.make_staff("national_administrator", email=NATION, full_name=LONG_NAME, password=PASSWORD)
    at = timezone.now() - timedelta(days=9)
    request = factories.request_in("consulting", office=office, at=at, fields={"full_name": LONG_NAME})
    own_world.code = request.code
    own_world.start("web")
    return own_world


def test_the_calendar_and_the_ledger_are_accessible_and_fit(office_world):
    look = Looker()
    with browser() as running:
        one = Window(running, office_world, look, ADMINISTRATOR)
        one.open("/staff/calendar/?year=2035", "a year without days")
        one.open("/staff/calendar/day/", "a day")
        one.press("main form button.button")
        one.see("a day refused")
        one.fill(DAY)
        one.page.locator("[value=off]").check()
        one.press("main form button.button")
        one.see("a day before it is saved")
        one.press("[name=again]")
        assert one.page.locator("[name=name]").input_value() == LONG_NAME
        one.press("main form button.button")
        one.press("[name=confirm]")
        one.see("the year with an office's day")
        one.open("/staff/calendar/day/?day=2026-11-25", "an office's own day")
        one.open("/staff/calendar/hours/", "hours")
        one.press("main form button.button")
        one.see("hours refused")
        one.fill(HOURS)
        one.page.locator("[name=weekdays]").first.check()
        one.press("main form button.button")
        one.see("hours before they are saved")
        one.press("[name=confirm]")
        one.open("/staff/calendar/hours/", "hours with rows")
        nation = Window(running, office_world, look, NATION)
        nation.open("/staff/calendar/?year=2026", "the nation's year")
        nation.open("/board/time/", "where the time went")
        clerk = Window(running, office_world, look, CLERK)
        clerk.open(f"/staff/clerk/{office_world.code}/", "the desk with the ledger")
    assert look.wrong == []

"""Every page of the people of an office, in every state, with the longest name there is: accessible, never too wide.

LLTP_SCREENSHOTS=FOLDER keeps a picture of every page at every width.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests import factories
from tests.browser import staff_world
from tests.browser.crawl import NOT_STAFF_PAGES, Crawl, names_of
from tests.browser.test_every_page import Looker, sign_in
from tests.browser.test_walk import CHROMIUM, DESK, browser

WIDTHS = (768, 1280)
# Taken by sending only; a GET leads to the page that has the button.
ONLY_SENT = {"approver_approve", "clerk_find", "retry_parked", "resume_issuing", "stop_issuing", "after_sign_in"}
FILES = {"approver_draft", "approver_draft_picture", "clerk_attachment", "clerk_attachment_previews"}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # minutes: script/test --all
    pytest.mark.skipif(CHROMIUM is None or shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


class DeskLooker(Looker):
    """At the widths of desks; keeps pictures where they are asked for."""

    widths = WIDTHS
    who = ""

    def _see(self, page, label: str) -> None:
        super()._see(page, f"{self.who}: {label}")
        if folder := os.environ.get("LLTP_SCREENSHOTS"):
            name = re.sub(r"[^\w-]+", "-", f"{self.who}-{label}")
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_every_staff_page_in_every_state_is_accessible_and_fits(own_world):
    states = staff_world.make()
    own_world.start_all("web")
    look, seen = DeskLooker(), set()
    with browser() as running:
        for email, roles in staff_world.LOOKERS.items():
            look.who = roles[0]
            page = running.new_context(viewport=DESK, locale="vi-VN", bypass_csp=True).new_page()
            sign_in(page, own_world.base_url, email, factories.PASSWORD)
            crawl = Crawl(page, own_world.base_url, look, states, left_alone=NOT_STAFF_PAGES)
            crawl.run([page.url.removeprefix(own_world.base_url)])
            seen |= crawl.names
    assert look.wrong == []
    every = set(names_of(get_resolver().url_patterns, NOT_STAFF_PAGES))
    assert every - seen - ONLY_SENT - FILES == set(), "these pages were never seen"

"""Every page of the people of an office, in every state, with the longest name there is: accessible, never too wide.

LLTP_SCREENSHOTS=FOLDER keeps a picture of every page at every width.
"""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver

from tests import factories
from tests.browser import staff_world
from tests.browser.crawl import Crawl, is_not_staff, names_of
from tests.browser.test_every_page import Looker, sign_in
from tests.browser.test_walk import CHROMIUM, DESK, browser

# Taken by sending only; a GET leads to the page that has the button.
ONLY_SENT = {
    "approver_approve",
    "clerk_change_fee",
    "clerk_find",
    "clerk_inquiry_act",
    "clerk_payment_entry_act",
    "clerk_refund",
    "resume_issuing",
    "retry_parked",
    "stop_issuing",
    "switch_delegation",
}
# Looked at in every state; of the others one of each suffices.
IN_EVERY_STATE = {"clerk_request", "approver_request", "found_after_issue_task"}
# Milliseconds for a picture of a page of ten thousand pixels, while another browser draws as well.
PATIENCE = 180_000
# Another query is another form.
ASKS_BY_QUERY = {"enter_incoming"}
FILES = {
    "approver_draft",
    "approver_draft_picture",
    "clerk_attachment",
    "clerk_attachment_previews",
    "clerk_certificate",
    "clerk_inquiry_document",
    "incoming_document",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # minutes: script/test --all
    pytest.mark.skipif(CHROMIUM is None or shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


class DeskLooker(Looker):
    """Keeps pictures where they are asked for."""

    who = ""

    def _see(self, page, label: str) -> None:
        super()._see(page, f"{self.who}: {label}")
        if folder := os.environ.get("LLTP_SCREENSHOTS"):
            name = re.sub(r"[^\w-]+", "-", f"{self.who}-{label}")
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, timeout=PATIENCE)


class DeskCrawl(Crawl):
    def _key(self, address: str) -> tuple | None:
        key = super()._key(address)
        if key is None or key[0] in IN_EVERY_STATE:
            return key
        return (*key[:-1], urlsplit(address).query if key[0] in ASKS_BY_QUERY else "")

    def _address(self, link: str) -> str:
        """With its query: a list of the board is nothing without it."""
        return link.removeprefix(self.base_url)


def test_every_staff_page_in_every_state_is_accessible_and_fits(own_world):
    states, more_starts = staff_world.make()
    own_world.start_all("web")
    look, seen = DeskLooker(), set()
    with browser() as running:
        for email, roles in staff_world.LOOKERS.items():
            look.who = roles[0]
            page = running.new_context(viewport=DESK, locale="vi-VN", bypass_csp=True).new_page()
            sign_in(page, own_world.base_url, email, factories.PASSWORD)
            crawl = DeskCrawl(page, own_world.base_url, look, states, left_alone=is_not_staff)
            crawl.run([page.url.removeprefix(own_world.base_url), *more_starts.get(email, ())])
            seen |= crawl.names
    assert not look.wrong, "\n".join(look.wrong)
    every = set(names_of(get_resolver().url_patterns, is_not_staff))
    assert every - seen - ONLY_SENT - FILES == set(), "these pages were never seen"

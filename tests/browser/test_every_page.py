"""Every page of the public's, in every state, with the longest name there is: accessible, never too wide, light."""

import shutil

import pytest

from requests.states import State
from tests import factories
from tests.browser.crawl import Crawl, names_of
from tests.browser.test_walk import CHROMIUM, browser

WIDTHS = (320, 768, 1280)
MOST_BYTES = 100 * 1024  # a page at its first load, everything it needs, compressed (ux 4.4)
MOST_REQUESTS = 8
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Taken by sending only; a GET leads to the page that has the button.
ONLY_SENT = {
    "export_own_data",
    "inbox_read",
    "payment_confirm",
    "request_certificate",
    "request_letter",
    "request_pay_online",
    "request_pay_return",
    "request_pay_transfer",
    "request_remove_attachment",
    "request_remove_row",
    "request_submit",
}
# Files, not pages.
FILES = {"request_attachment", "request_attachment_previews", "request_paper"}
# 60 characters, as the longest names on cards are.
LONG_NAME = "Nguyễn Phước Hoàng Khánh Trường Giang Nghiêm Bửu Công Huyền".ljust(60, "n")
PASSWORD = "mat-khau-thu-2026"
EMAIL = "moi-trang@vi-du.example"
# Reached by a letter's link, by sending, or only at a moment that a crawl does not meet; their own tests open them.
REACHED_OTHERWISE = {
    "account_confirm_login_code",
    "account_confirm_email",
    "account_inactive",
    "account_reauthenticate",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_email_verification_sent",
    "account_logout",
    "after_sign_in",
    "continue_request",
    "request_resume",
    "healthz",
    "set_language",
}
CUT_OFF = """[...document.querySelectorAll("h1, h2, h3, p, li, dt, dd, b, label, a, button, span, td, th")]
  .filter(box => box.offsetWidth > 1 && !box.closest(".hidden, .skip")
    && getComputedStyle(box).overflow !== "visible" && box.scrollWidth > box.clientWidth + 1
    && getComputedStyle(box).textOverflow !== "ellipsis").map(box => box.innerText)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # minutes: script/test --all
    pytest.mark.skipif(CHROMIUM is None or shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


class Looker:
    """What is wrong with the pages, gathered so that one run tells of all of them."""

    widths = WIDTHS

    def __init__(self) -> None:
        from axe_playwright_python.base import AXE_FILE_PATH

        self.axe = AXE_FILE_PATH.read_text()
        self.wrong: list[str] = []
        self.looked = 0

    def __call__(self, page, label: str) -> None:
        self.looked += 1
        before = page.viewport_size
        page.evaluate(self.axe)
        for width in self.widths:
            page.set_viewport_size({"width": width, "height": 800})
            self._see(page, f"{label} at {width} px")
        page.set_viewport_size(before)

    def _see(self, page, label: str) -> None:
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > page.viewport_size["width"]:
            self.wrong.append(f"{label}: {wide} px wide")
        if cut := page.evaluate(CUT_OFF):
            self.wrong.append(f"{label}: text cut off: {cut[:2]}")
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        for found in page.evaluate("options => axe.run(options)", options)["violations"]:
            where = "; ".join(node["html"][:120] for node in found["nodes"][:3])
            self.wrong.append(f"{label}: {found['id']} ({found['help']}): {where}")


def sign_in(page, base_url: str, email: str = EMAIL, password: str = PASSWORD) -> None:
    page.goto(f"{base_url}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation(wait_until="load"):
        page.locator("main button.button").first.click()


@pytest.fixture
def citizens_world(own_world):
    """One citizen with a request in every state, each with the longest name."""
    citizen = factories.make_citizen(email=EMAIL, full_name=LONG_NAME, password=PASSWORD)
    requests = [factories.request_in(state, by=citizen, fields={"full_name": LONG_NAME}) for state in State]
    own_world.states = {request.code: str(request.state) for request in requests}
    own_world.start_all("web")
    return own_world


def test_every_page_in_every_state_is_accessible_and_fits(citizens_world):
    from django.urls import get_resolver

    look = Looker()
    with browser() as running:
        context = running.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN", bypass_csp=True)
        page = context.new_page()
        signed_out = Crawl(page, citizens_world.base_url, look, citizens_world.states)
        signed_out.run(["/", "/help/", "/c/", "/track/", "/accounts/login/", "/accounts/signup/", "/c/" + "0" * 26])
        sign_in(page, citizens_world.base_url)
        signed_in = Crawl(page, citizens_world.base_url, look, citizens_world.states)
        asked = next(code for code, state in citizens_world.states.items() if state == State.NEEDS_SUPPLEMENT)
        signed_in.run(
            [
                f"/requests/{asked}/supplement/",
                f"/requests/{asked}/supplement/1/",
                "/requests/",
                "/requests/data/",
                "/requests/start/",
                "/accounts/password/change/",
                "/accounts/email/",
                "/khong-co/",
            ]
        )
    assert not look.wrong, "\n".join(look.wrong)
    assert look.looked > 60
    missed = (
        set(names_of(get_resolver().url_patterns))
        - signed_out.names
        - signed_in.names
        - REACHED_OTHERWISE
        - ONLY_SENT
        - FILES
    )
    assert missed == set(), "these pages were never seen"


def test_a_first_load_is_light(citizens_world):
    """Everything a page needs, as it comes over the wire into an empty cache."""
    heavy = {}
    with browser() as running:
        signed = running.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
        sign_in(signed.new_page(), citizens_world.base_url)
        state = signed.storage_state()
        seen: list[str] = []
        finder = Crawl(
            signed.new_page(),
            citizens_world.base_url,
            lambda page, label: seen.append(page.url),
            citizens_world.states,
            send_forms=False,
        )
        finder.run(["/", "/requests/", "/requests/start/", "/c/", "/help/"])
        for url in seen:
            fresh = running.new_context(storage_state=state, viewport={"width": 360, "height": 640}, locale="vi-VN")
            page, came = fresh.new_page(), []
            wire = fresh.new_cdp_session(page)
            wire.send("Network.enable")
            wire.on("Network.loadingFinished", lambda event, came=came: came.append(event["encodedDataLength"]))
            page.goto(url, wait_until="networkidle")
            if sum(came) > MOST_BYTES or len(came) > MOST_REQUESTS:
                heavy[url] = (sum(came), len(came))
            fresh.close()
    assert len(seen) > 30
    assert heavy == {}

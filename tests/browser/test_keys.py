"""The shortcuts of the desk, pressed in headless Chromium with JavaScript off: the browser itself follows `accesskey`.

A browser goes by the letter that the pressed key would have without Alt. Playwright's own `press("Alt+v")` sends none,
so that it can never fire one; here the key comes with its letter, as it does from a keyboard.
"""

import pytest

from requests.demo import cast
from requests.demo.journeys import Office
from requests.models import CertificateRequest
from tests import factories
from tests.browser.test_walk import CHROMIUM, DESK, Person, browser

ALT, SHIFT = 1, 8

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # a world and a browser for four keys: script/test --all
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


@pytest.fixture
def people(own_world):
    drawn: dict[str, str] = {}
    accounts = cast.accounts(drawn)
    own_world.start("web")
    return accounts, drawn


def held_down(clerk: Person, letter: str, modifiers: int = ALT) -> None:
    """Press and release the key, and be where it leads."""
    code = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    key = {**code, "unmodifiedText": letter, "modifiers": modifiers}
    line = clerk.page.context.new_cdp_session(clerk.page)
    with clerk.page.expect_navigation():
        line.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
        line.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    line.detach()


def keys_of(clerk: Person) -> list[str]:
    return clerk.page.locator("[accesskey]").evaluate_all("all => all.map(one => one.accessKey)")


def test_the_keys_of_the_desk_do_what_their_buttons_say(own_world, people):
    accounts, passwords = people
    office = Office(accounts["tiepnhan"], accounts["thamtra"], accounts["ky"])
    first, second = (factories.request_in("reviewing", office=office) for _ in range(2))
    with browser() as running:
        clerk = Person(running, own_world.base_url, "thamtra", DESK)
        clerk.sign_in(passwords[f"thamtra@{cast.DOMAIN}"])
        clerk.page.goto(f"/staff/clerk/{first.code}/")
        assert {"v", "b"} <= set(keys_of(clerk)) and len(set(keys_of(clerk))) == len(keys_of(clerk))
        said = clerk.page.locator('[accesskey="v"]').get_attribute("title")
        assert said == "Phím tắt: Alt+V (Firefox: Alt+Shift+V; máy Mac: Control+Option+V)"
        held_down(clerk, "b")
        assert clerk.page.url.endswith(f"/{first.code}/ask_supplement/#act")
        clerk.page.goto(f"/staff/clerk/{first.code}/")
        held_down(clerk, "v", ALT | SHIFT)
        assert "Đã xác minh và chuyển lãnh đạo ký." in clerk.page.locator("main").inner_text()
        assert keys_of(clerk).count("n") == 1
        held_down(clerk, "n")
        assert clerk.page.url.endswith(f"/staff/clerk/{second.code}/")
        leader = Person(running, own_world.base_url, "ky", DESK)
        leader.sign_in(passwords[f"ky@{cast.DOMAIN}"])
        leader.page.goto(f"/staff/approver/{first.code}/")
        held_down(leader, "v")
    assert CertificateRequest.objects.get(pk=first.pk).state == "signing"

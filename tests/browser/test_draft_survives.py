"""A draft outlives its browser: killed at every step, it goes on elsewhere at the same step with the same answers."""

import contextlib

import pytest

from requests.demo import cast
from requests.demo.dossiers import LONGEST_NAME
from tests.browser.test_cases import EVERYTHING, PHONE, answers
from tests.browser.test_walk import CHROMIUM, Person, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]
TYPED = answers(LONGEST_NAME, 1990)
# Every box of the page as it stands, by name; what belongs to the sending and not to the answers is left out.
ANSWERED = """Object.fromEntries(
  [...document.querySelectorAll("main form#fill [name], main .card > p.num")].filter(box =>
  !["hidden", "submit"].includes(box.type) && (!["radio", "checkbox"].includes(box.type) || box.checked))
  .map((box, number) => [box.name || `row ${number}`, box.name ? box.value : box.innerText]))"""


def slug_of(person: Person) -> str:
    return person.page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]


def answered(person: Person, code: str, slugs: list[str]) -> dict[str, dict[str, str]]:
    """What stands on each of these pages, as the person would see it on opening them."""
    found = {}
    for slug in slugs:
        person.page.goto(f"/requests/{code}/fill/{slug}/")
        found[slug] = person.page.evaluate(ANSWERED)
    return found


def killed(running) -> None:
    """The browser's own process ends by a crash: it tidies nothing up and tells nobody."""
    with contextlib.suppress(Exception):
        running.new_browser_cdp_session().send("Browser.crash")
    assert not running.is_connected()


def test_a_draft_goes_on_after_its_browser_was_killed_at_every_step(own_world):
    passwords: dict[str, str] = {}
    cast.accounts(passwords)
    own_world.start_all("web")
    steps = EVERYTHING.split()
    code, known = "", dict[str, dict[str, str]]()
    for number, step in enumerate(steps):
        with browser() as running:
            person = Person(running, own_world.base_url, "nguoidan", PHONE)
            person.sign_in(passwords[f"nguoidan@{cast.DOMAIN}"])
            if number == 0:
                person.page.goto("/requests/start/")
                person.press("Bắt đầu khai")
                code = person.page.url.split("/")[-4]
            else:
                person.page.goto("/requests/continue/")
            assert slug_of(person) == step, f"signed in elsewhere, the draft goes on at {slug_of(person)}"
            if step == "check":
                assert answered(person, code, steps[:number]) == known, "what was kept is there to the end"
                break
            last = steps[max(number - 1, 0) : number]
            assert answered(person, code, last) == {slug: known[slug] for slug in last}
            person.page.goto(f"/requests/{code}/fill/{step}/")
            person.answer(TYPED)
            person.press("Tiếp tục")
            assert slug_of(person) == steps[number + 1], person.summary()
            known |= answered(person, code, [step])
            assert known[step] or step in {"papers", "record"}  # nothing is asked there of this case
            killed(running)
    assert known["person"]["full_name"] == LONGEST_NAME

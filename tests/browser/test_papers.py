"""The page of papers at 360 px without JavaScript: chosen, refused, listed; within the budget of a first load."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from requests import actions
from requests.demo import cast
from requests.models import Attachment
from tests import factories, paper_files
from tests.attached_papers import attach
from tests.browser.test_walk import CHROMIUM, DESK, PHONE, Person, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]
LONG = "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thị Phương Thảo Quỳnh Trân"
FIRST_LOAD = 100 * 1024


def test_papers_are_added_without_javascript_and_shown_to_the_clerk(own_world, tmp_path):
    citizen = factories.make_citizen(email=f"giayto@{cast.DOMAIN}", password=factories.PASSWORD, full_name=LONG)
    factories.make_staff("intake_clerk", email=f"canbo@{cast.DOMAIN}", password=factories.PASSWORD)
    draft, full = (_draft(citizen) for _ in range(2))
    for number in range(10):
        attach(full, paper_files.photograph(corner=(20 * number, 40, 90)), kind="fee_proof", name=f"trang {number}.jpg")
    photo, program = tmp_path / f"{LONG.lower()}.jpg", tmp_path / "thư mời.pdf.exe"
    photo.write_bytes(paper_files.turned_photograph())
    program.write_bytes(paper_files.pdf())
    own_world.start("web")
    with browser() as running:
        somebody = Person(running, own_world.base_url, "giayto", PHONE)
        somebody.sign_in(factories.PASSWORD)
        empty, filled = (reverse("request_attachments", args=[one.code]) for one in (draft, full))
        _stays_within_its_budget(running, somebody, empty, filled)
        _adds(somebody, empty, photo, program)
    paper = Attachment.objects.get(request=draft)
    assert (paper.kind, paper.width, paper.height) == ("fee_proof", 480, 640)
    actions.submit(full, by=citizen)
    with browser() as running:
        desk = Person(running, own_world.base_url, "canbo", DESK)
        desk.sign_in(factories.PASSWORD)
        desk.page.goto(reverse("clerk_request", args=[full.code]))
        assert desk.page.get_by_role("link", name="Mở ảnh (chưa quét vi-rút)").count() == 10
        desk.shoot("giay-to-tren-ban")


def _draft(citizen):
    filed = factories.journey(by=citizen, fields={"full_name": LONG, "fee_category": "student"}).request
    actions.show_at_counter(filed, by=citizen, kinds=[])
    return filed


def _adds(somebody: Person, address: str, photo, program) -> None:
    page = somebody.page
    page.goto(address)
    somebody.shoot("giay-to-trong")
    somebody.press("Tiếp tục")  # a proof is missing: told so, in place
    assert page.title().startswith("Lỗi")
    somebody.shoot("giay-to-thieu")
    page.locator("#id_files").set_input_files([photo, program])
    somebody.press("Tải lên")
    assert page.title().startswith("Lỗi") and "thư mời.pdf.exe" in page.locator(".error-summary").inner_text()
    somebody.shoot("giay-to-co-tep-bi-tu-choi")
    page.locator("#id_photo").set_input_files([photo])
    somebody.press("Tiếp tục")
    assert address not in page.url
    page.goto(address)
    assert page.get_by_text("Đã có 1 tệp.").count() == 1


def _stays_within_its_budget(running, somebody: Person, empty: str, full: str) -> None:
    """Ten papers with previews, nothing cached: within the first load's bytes, one fetch more than without any."""
    before, after = _first_load(running, somebody, empty), _first_load(running, somebody, full)
    assert sum(size for _, size in after) <= FIRST_LOAD, after
    known = {url for url, _ in before} | {url for url, _ in after if url.endswith(".woff2")}
    more = [urlsplit(url).path for url, _ in after if url not in known]
    # The page itself, and all previews at once; which of the two ends first is the network's affair.
    assert sorted(more) == sorted([full, full.replace("/fill/papers/", "/attachments/")])
    somebody.page.goto(full)
    assert somebody.page.locator("svg.preview").count() == 10
    somebody.shoot("giay-to-10-tep")


def _first_load(running, somebody: Person, address: str) -> list[tuple[str, int]]:
    """Every fetch of a page in a browser that has seen nothing yet, with its bytes on the line."""
    context = running.new_context(
        base_url="/".join(somebody.page.url.split("/")[:3]),
        java_script_enabled=False,
        viewport=PHONE,
        storage_state=somebody.page.context.storage_state(),
    )
    page, finished = context.new_page(), []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(address, wait_until="networkidle")
    sizes = [(request.url, request.sizes()) for request in finished]
    context.close()
    return [(url, size["responseBodySize"] + size["responseHeadersSize"]) for url, size in sizes]

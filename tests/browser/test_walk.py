"""One certificate from the form to the check page, by hand and eye: headless Chromium with JavaScript off.

The citizen has a telephone's window, the office a desk's. LLTP_SCREENSHOTS=FOLDER keeps a picture of every page.
"""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from requests.demo import cast
from requests.models import CertificateRequest
from tests import factories

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
# What the citizen types, by the names of the boxes; each page asks a part of it.
ANSWERS = {
    "filed_as": "self",
    "certificate_type": "1",
    "purpose": "work",
    "copies": "1",
    "full_name": cast.APPLICANT.full_name,
    "sex": cast.APPLICANT.sex,
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1990",
    "place_of_birth_country": "VN",
    "place_of_birth_province": "01",
    "place_of_birth": "phường Láng Hạ, quận Đống Đa",
    "nationality": "VN",
    "ethnicity": "Kinh",
    "type": "cccd",
    "number": cast.APPLICANT.number,
    "living": "here",
    "permanent_province": "01",
    "permanent_address": "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa",
    "kind": "permanent",
    "province": "01",
    "address": "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa",
    "father_name": cast.APPLICANT.father_name,
    "mother_name": cast.APPLICANT.mother_name,
    "phone": "0900 000 011",
    "delivery": "electronic",
    "fee_category": "standard",
}
MOST_PAGES = 15
SQUEEZED = """[...document.querySelectorAll("dt, th, label, button")]
  .filter(box => box.offsetWidth > 1 && box.offsetHeight > 2 * box.offsetWidth).map(box => box.innerText)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


class Person:
    """Somebody at a window of their own, without JavaScript."""

    shots = 0

    def __init__(self, browser, base_url: str, name: str, window: dict[str, int]) -> None:
        self.name = name
        context = browser.new_context(
            base_url=base_url, java_script_enabled=False, viewport=window, accept_downloads=True, locale="vi-VN"
        )
        context.set_default_timeout(20_000)
        self.page = context.new_page()

    def sign_in(self, password: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Thư điện tử").fill(f"{self.name}@{cast.DOMAIN}")
        self.page.get_by_label("Mật khẩu").fill(password)
        self.press("Đăng nhập")
        assert "/accounts/login" not in self.page.url, self.summary()

    def button(self, words: str):
        return self.page.get_by_role("button", name=words, exact=True).first

    def press(self, words: str) -> None:
        self.follow(self.button(words))

    def follow(self, link_or_button) -> None:
        """Click, and wait for the whole page that comes: after a bare click its first byte may not be there yet."""
        with self.page.expect_navigation(wait_until="load"):
            link_or_button.click()

    def summary(self) -> str:
        return " ".join(self.page.locator(".error-summary, h1").all_inner_texts())

    def answer(self, answers: dict[str, str]) -> None:
        """Answer what this page asks, as each kind of box is answered."""
        for name, answer in answers.items():
            boxes = self.page.locator(f'main [name="{name}"]')
            if boxes.count() == 0 or not boxes.first.is_visible():  # what an answer before made needless is not shown
                continue
            kind = boxes.first.evaluate("box => box.type")
            if kind == "radio":
                choice = self.page.locator(f'main [name="{name}"][value="{answer}"]')
                if choice.count():  # a box of the same name on another page asks something else
                    choice.check()
            elif kind == "select-one":
                boxes.select_option(answer)
            else:
                boxes.fill(answer)

    def shoot(self, what: str) -> None:
        """Keep a picture where LLTP_SCREENSHOTS says. No page is wider than its window, no label squeezed."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{what} is {width} px wide"
        assert self.page.evaluate(SQUEEZED) == [], f"squeezed labels on {what}"
        if folder := os.environ.get("LLTP_SCREENSHOTS"):
            Person.shots += 1
            path = Path(folder) / f"{Person.shots:02d}-{self.name}-{what}.png"
            self.page.screenshot(path=path, full_page=True)


@contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def passwords(own_world):
    """The demo's people in this world, and the passwords that were drawn for them."""
    drawn: dict[str, str] = {}
    cast.accounts(drawn)
    factories.register(cast.convicted_in_register())
    own_world.start_all()
    return drawn


def test_one_certificate_from_the_form_to_the_check_page(own_world, passwords, tmp_path):
    with browser() as running:

        def person(name: str, window: dict[str, int]) -> Person:
            somebody = Person(running, own_world.base_url, name, window)
            somebody.sign_in(passwords[f"{name}@{cast.DOMAIN}"])
            return somebody

        citizen = person("nguoidan", PHONE)
        code = files(citizen)
        receives(person("tiepnhan", DESK), code)
        verifies(own_world, person("thamtra", DESK), code)
        approves(person("ky", DESK), code)
        pdf = fetches(own_world, citizen, code, tmp_path)
        checks(Person(running, own_world.base_url, "khach", PHONE), printed_code(pdf))
        finds_nothing(person("nguoila", PHONE), code)
    request = CertificateRequest.objects.get(code=code)
    assert (request.state, request.certificate.frozen.status_text) == ("delivered", "Không có án tích")
    assert bytes(request.certificate.signed_pdf) == pdf


def files(citizen: Person) -> str:
    citizen.shoot("ho-so-cua-toi")
    citizen.page.goto("/requests/start/")
    citizen.shoot("truoc-khi-bat-dau")
    citizen.press("Bắt đầu khai")
    for _ in range(MOST_PAGES):
        before = citizen.page.url
        if before.endswith("/check/"):
            break
        slug = before.rstrip("/").rsplit("/", 1)[-1]
        if slug == "kind":  # nothing answered yet: told so, in place
            citizen.press("Tiếp tục")
            assert citizen.page.title().startswith("Lỗi")
            citizen.shoot("trang-co-loi")
        citizen.answer(ANSWERS)
        citizen.shoot(f"khai-{slug}")
        citizen.press("Tiếp tục")
        assert citizen.page.url != before, citizen.summary()
    citizen.shoot("kiem-tra")
    citizen.page.get_by_label("Tôi cam đoan").check()
    citizen.press("Gửi yêu cầu")
    assert citizen.page.url.endswith("/sent/"), citizen.summary()
    citizen.shoot("da-gui")
    return citizen.page.url.split("/")[-3]


def opens(clerk: Person, code: str) -> None:
    clerk.page.goto("/after-sign-in/")
    clerk.page.locator("#number").fill(code)
    clerk.press("Tìm")


def receives(clerk: Person, code: str) -> None:
    clerk.shoot("hang-doi")
    opens(clerk, code)
    clerk.shoot("thu-phi")
    clerk.press("Ghi đã nộp phí")
    clerk.shoot("tiep-nhan")
    clerk.press("Tiếp nhận hồ sơ")
    clerk.shoot("da-tiep-nhan")


def verifies(world, clerk: Person, code: str) -> None:
    def found() -> bool:
        opens(clerk, code)
        return clerk.page.get_by_role("button", name="Xác nhận, chuyển ký").count() > 0

    world.wait_until(found, 60, "the search to be answered and shown to the clerk")
    clerk.shoot("tham-tra")
    clerk.press("Xác nhận, chuyển ký")
    clerk.shoot("da-xac-minh")


def approves(approver: Person, code: str) -> None:
    approver.shoot("cho-ky")
    approver.page.goto(approver.page.locator(f'a[href*="{code}"]').first.get_attribute("href"))
    approver.shoot("ban-nhap")
    address = approver.page.locator('a[href$="draft.pdf"]').first.get_attribute("href")
    draft = approver.page.context.request.get(address)
    assert draft.headers["content-type"] == "application/pdf"
    assert "Không có án tích" in words_of(draft.body())
    approver.press("Duyệt và ký")
    approver.shoot("da-duyet")


def fetches(world, citizen: Person, code: str, folder: Path) -> bytes:
    def issued() -> bool:
        citizen.page.goto(f"/requests/{code}/")
        return citizen.page.get_by_role("button", name="Tải Phiếu (PDF)").count() > 0

    world.wait_until(issued, 120, "the certificate to be issued and shown to the citizen")
    citizen.shoot("da-co-ket-qua")
    with citizen.page.expect_download() as download:
        citizen.button("Tải Phiếu (PDF)").click()
    path = folder / "phieu.pdf"
    download.value.save_as(path)
    citizen.page.goto(f"/requests/{code}/")
    citizen.shoot("da-tra-ket-qua")
    return path.read_bytes()


def checks(anybody: Person, typed: str) -> None:
    """Somebody who has the paper in their hand types the code under the QR."""
    anybody.page.goto("/c/")
    anybody.shoot("trang-kiem-tra")
    anybody.page.locator('main [name="code"]').fill(typed)
    anybody.press("Kiểm tra")
    assert anybody.page.locator("h1").text_content().strip() == "Hợp lệ"
    assert cast.APPLICANT.full_name not in anybody.page.content()
    anybody.shoot("hop-le")
    anybody.page.goto("/c/" + "0" * 26)
    assert anybody.page.locator("h1").text_content().strip() == "Không hợp lệ"
    anybody.shoot("khong-hop-le")


def finds_nothing(stranger: Person, code: str) -> None:
    for address in ("", "check/", "sent/", "withdraw/"):
        answer = stranger.page.goto(f"/requests/{code}/{address}")
        assert answer.status == 404
    stranger.shoot("khong-tim-thay")


# --- The paper -------------------------------------------------------------------------------------------------------


def words_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    finally:
        document.close()


def printed_code(pdf: bytes) -> str:
    """The code as it is printed under the QR, in its groups."""
    return words_of(pdf).split("Mã: ")[1].split()[0]

"""Every case of the form from the first page to the confirmation, at 360 × 640 with JavaScript off and long names.

One browser and one web server for all of them. LLTP_SCREENSHOTS=FOLDER keeps a picture of every page.
"""

import io
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from requests.demo import cast
from requests.demo.dossiers import LONGEST_NAME
from requests.models import CertificateRequest
from tests import factories
from tests.browser.test_walk import CHROMIUM, Person, browser

PHONE = {"width": 360, "height": 640}
MOST_PAGES = 12
LONG_ADDRESS = "Số 1245/67B ngõ 118 đường Nguyễn Khánh Toàn, khu dân cư số 9, phường Quan Hoa, quận Cầu Giấy"
# Text that is cut off, or that sticks out of what it stands in.
CLIPPED = """[...document.querySelectorAll("main *")].filter(box =>
  box.children.length === 0 && box.innerText && box.offsetWidth > 1 &&
  !["INPUT", "TEXTAREA", "SELECT", "OPTION"].includes(box.tagName) &&
  (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== "inline"
   || box.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
).map(box => box.tagName + ": " + box.innerText.slice(0, 60))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,  # minutes: script/test --all
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


def one_page_pdf() -> bytes:
    """The scan of a mandate, as a telephone makes it."""
    made = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(made, "PDF")
    return made.getvalue()


def answers(full_name: str, year: int, *, sex: str = "female", **changes: str) -> dict[str, str]:
    """What is typed about one person, by the names of the boxes; each page asks a part of it."""
    return {
        "filed_as": "self",
        "certificate_type": "1",
        "purpose": "work",
        "receiver": "Công ty cổ phần Xây dựng và Thương mại Ví Dụ Việt Nam",
        "copies": "2",
        "full_name": full_name,
        "other_names": "Thích Nữ Diệu Ví Dụ",
        "sex": sex,
        "date_of_birth_day": f"27 tháng 3 năm {year}",  # in one box, as people say it
        "place_of_birth_country": "VN",
        "place_of_birth_province": "36",
        "place_of_birth": LONG_ADDRESS,
        "nationality": "VN",
        "type": "cccd",
        "number": factories.identity_number(sex=sex, year=year),
        "living": "here",
        "permanent_province": "01",
        "permanent_address": LONG_ADDRESS,
        "kind": "permanent",
        "country": "VN",
        "province": "01",
        "address": LONG_ADDRESS,
        "father_name": LONGEST_NAME,
        "mother_name": LONGEST_NAME,
        "phone": "0900 000 011",
        "delivery": "electronic",
        "fee_category": "standard",
        **changes,
    }


PROXY = {
    "filed_as": "proxy",
    "proxy_name": LONGEST_NAME,
    "proxy_identity_number": "001 190 990 011",
    "proxy_address": LONG_ADDRESS,
}
AGENCY = {
    "agency_name": "Ban Tổ chức Tỉnh ủy, Hội Liên hiệp Phụ nữ và các cơ quan tham mưu, giúp việc Tỉnh ủy Ví Dụ",
    "agency_document_number": "125/CV-TCCB",
    "agency_document_on_day": "15",
    "agency_document_on_month": "10",
    "agency_document_on_year": "2024",
    "agency_purpose": "Điều 7 khoản 3 Luật Lý lịch tư pháp; phục vụ công tác quản lý nhân sự của cơ quan.",
    "delivery": "counter",
}
FOREIGN = {
    "nationality": "KR",
    "place_of_birth_country": "KR",
    "place_of_birth_province": "",
    "type": "passport",
    "number": "M12345678",
}
LONG_FOREIGN_NAME = "KIM Alexandra Seraphina Bartholomea Wilhelmina Anastasia Hyun"


MANDATE = {"name": "văn bản ủy quyền.pdf", "mimeType": "application/pdf", "buffer": one_page_pdf()}


@dataclass(frozen=True, eq=False)
class Case:
    """Who fills in what; which pages are asked, and what must come of it."""

    name: str
    typed: dict[str, str]
    pages: str
    filed_as: str
    office: str
    by: str = "nguoidan"
    button: str = "Bắt đầu khai"
    fields: dict[str, object] = field(default_factory=dict)


EVERYTHING = "who kind person documents addresses residences family record papers contact fee check"
SHORT = "who kind person documents addresses family papers contact fee check"
CASES = (
    Case("cho-minh", answers(LONGEST_NAME, 1990), EVERYTHING, "self", "Hà Nội"),
    Case(
        "so-2-cho-minh",
        answers(LONGEST_NAME, 1991, certificate_type="2", purpose="own_knowledge"),
        EVERYTHING,
        "self",
        "Hà Nội",
        fields={"certificate_type": 2},
    ),
    Case(
        "nop-thay-co-uy-quyen",
        answers(
            LONGEST_NAME,
            1985,
            **PROXY,
            proxy_relation="other",
            proxy_mandate_on_day="15",
            proxy_mandate_on_month="10",
            proxy_mandate_on_year="2024",
            proxy_mandate_place="Văn phòng công chứng Ví Dụ, quận Cầu Giấy, thành phố Hà Nội",
        ),
        EVERYTHING,
        "proxy",
        "Hà Nội",
    ),
    Case(
        "nop-thay-khong-can-uy-quyen",
        answers(LONGEST_NAME, 1961, **PROXY, proxy_relation="child", sex="male"),
        EVERYTHING,
        "proxy",
        "Hà Nội",
    ),
    Case(
        "cha-me-cho-con-duoi-14",
        answers(LONGEST_NAME, 2016, **{**PROXY, "filed_as": "parent"}, proxy_relation="mother", fee_category="child"),
        SHORT,
        "parent",
        "Hà Nội",
    ),
    Case(
        "cha-me-cho-con-tren-14-so-2",
        answers(
            LONGEST_NAME,
            2011,
            **{**PROXY, "filed_as": "parent"},
            proxy_relation="father",
            certificate_type="2",
            purpose="own_knowledge",
        ),
        EVERYTHING,
        "parent",
        "Hà Nội",
        fields={"certificate_type": 2},
    ),
    Case(
        "nguoi-nuoc-ngoai-dang-cu-tru",
        answers(LONG_FOREIGN_NAME, 1982, **FOREIGN, permanent_province="79"),
        EVERYTHING,
        "self",
        "Hồ Chí Minh",
    ),
    Case(
        "nguoi-nuoc-ngoai-da-roi",
        answers(LONG_FOREIGN_NAME, 1983, **FOREIGN, living="left"),
        EVERYTHING,
        "self",
        "quốc gia",
        fields={"former_resident_foreigner": True},
    ),
    Case(
        "cong-dan-o-nuoc-ngoai",
        answers(LONGEST_NAME, 1987, living="abroad", last_province="36", last_address=LONG_ADDRESS),
        EVERYTHING,
        "self",
        "Nam Định",
        fields={"lives_abroad": True},
    ),
    Case(
        "khong-co-noi-cu-tru",
        answers(LONGEST_NAME, 1988, living="nowhere"),
        EVERYTHING,
        "self",
        "quốc gia",
        fields={"no_residence": True},
    ),
    Case(
        "tai-quay",
        answers(LONGEST_NAME, 1989, delivery="counter"),
        EVERYTHING,
        "self",
        "Hà Nội",
        by="tiepnhan",
        button="Nộp tại quầy",
        fields={"counter_consent": "signed"},
    ),
    Case(
        "co-quan-so-1",
        answers(LONGEST_NAME, 1984, **{**AGENCY, "filed_as": "agency", "purpose": "personnel"}),
        "agency person documents addresses papers contact check",
        "agency",
        "Hà Nội",
        by="tiepnhan",
        button="Nhập văn bản yêu cầu",
        fields={"certificate_type": 1, "fee_category": "agency"},
    ),
    Case(
        "co-quan-to-tung-so-2",
        answers(LONGEST_NAME, 1986, **{**AGENCY, "filed_as": "proceedings_agency", "purpose": "investigation"}),
        "agency person documents addresses family papers contact check",
        "proceedings_agency",
        "Hà Nội",
        by="tiepnhan",
        button="Nhập văn bản yêu cầu",
        fields={"certificate_type": 2, "fee_category": "proceedings_agency"},
    ),
)


def test_every_case_is_filed_from_start_to_confirmation(own_world):
    passwords: dict[str, str] = {}
    cast.accounts(passwords)
    own_world.start_all("web")
    with browser() as running:
        people = {}
        for name in ("nguoidan", "tiepnhan"):
            people[name] = Person(running, own_world.base_url, name, PHONE)
            people[name].sign_in(passwords[f"{name}@{cast.DOMAIN}"])
        finds_typed_when_going_back(people["nguoidan"])
        codes = {case: files(people[case.by], case) for case in CASES}
    for case, code in codes.items():
        is_kept(case, code)


def finds_typed_when_going_back(person: Person) -> None:
    """What was typed and not yet sent is still there after the browser's own way back and forth."""
    page = person.page
    page.goto("/requests/start/")
    person.press("Bắt đầu khai")
    page.locator('[name="filed_as"][value="self"]').check()
    person.press("Tiếp tục")
    page.locator('[name="receiver"]').fill("Công ty cổ phần Ví Dụ, chưa bấm Tiếp tục")
    page.go_back()
    assert page.url.endswith("/who/")
    page.go_forward()
    assert page.locator('[name="receiver"]').input_value() == "Công ty cổ phần Ví Dụ, chưa bấm Tiếp tục"
    person.press("Quay lại")  # the page's own way back keeps it too
    assert page.url.endswith("/who/")
    person.press("Tiếp tục")
    assert page.locator('[name="receiver"]').input_value() == "Công ty cổ phần Ví Dụ, chưa bấm Tiếp tục"
    page.goto(page.url.replace("fill/kind/", "delete/"))
    person.press("Xóa bản nháp")


def files(person: Person, case: Case) -> str:
    person.page.goto("/requests/start/")
    look(person, f"{case.name}-0-bat-dau")
    person.press(case.button if person.button(case.button).count() else "Vẫn yêu cầu Phiếu mới")
    asked = []
    for number in range(1, MOST_PAGES + 1):
        address = person.page.url.split("?")[0]
        slug = address.rstrip("/").rsplit("/", 1)[-1]
        asked.append(slug)
        total = len(case.pages.split())
        look(person, f"{case.name}-{number}-{slug}")
        if slug == "check":
            break
        if number > 5:  # by then the case is known, and counted right
            assert f"Bước {number}/{total}." in person.page.locator(".stepper").inner_text()
        person.answer(case.typed)
        if slug == "papers" and case.typed.get("proxy_relation") == "other":
            person.page.locator('[name="kind"][value="mandate"]').check()
            person.page.locator('[name="files"]').set_input_files(MANDATE)
        for later in person.page.locator('main [name="at_counter"]').all():
            later.check()  # the papers are shown at the counter
        look(person, f"{case.name}-{number}-{slug}-da-nhap")
        person.press("Tiếp tục")
        assert person.page.url.split("?")[0] != address, f"{case.name}: {person.summary()}"
    assert asked == case.pages.split(), case.name
    return send(person, case)


def send(person: Person, case: Case) -> str:
    assert case.office in person.page.get_by_role("heading", name="Nơi giải quyết hồ sơ").locator("..").inner_text()
    assert person.page.locator("#unfinished").count() == 0, person.page.locator("main").inner_text()
    code = person.page.url.split("/")[-3]
    if person.page.locator('[name="again"]').count():
        person.page.locator('[name="again"]').check()
    consent = person.page.locator('[name="counter_consent"][value="signed"]')
    (consent if consent.count() else person.page.locator('[name="sworn"]')).check()
    person.press("Gửi yêu cầu")
    assert person.page.url.endswith(f"/{code}/sent/"), f"{case.name}: {person.summary()}"
    look(person, f"{case.name}-xong")
    return code


def is_kept(case: Case, code: str) -> None:
    sent = CertificateRequest.objects.with_people().get(code=code)
    assert case.office in sent.authority.name, case.name
    assert sent.declaration.filed_as == case.filed_as
    assert {name: getattr(sent.declaration, name) for name in case.fields} == case.fields
    assert sent.declaration.date_of_birth.endswith("-03-27")


def look(person: Person, what: str) -> None:
    """No page is wider than the telephone, and nothing in it is cut off."""
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{what} is {width} px wide"
    assert person.page.evaluate(CLIPPED) == [], f"cut off on {what}"
    if folder := os.environ.get("LLTP_SCREENSHOTS"):
        person.page.screenshot(path=Path(folder) / f"{what}.png", full_page=True)

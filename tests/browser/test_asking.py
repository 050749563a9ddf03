"""A question asked and answered by hand and eye: headless Chromium with JavaScript off, a telephone and a desk.

LLTP_SCREENSHOTS=FOLDER keeps a picture of every page.
"""

import pytest

from requests import actions
from requests.asking.reasons import REASONS
from requests.demo import cast
from requests.demo.dossiers import LONGEST_NAME
from requests.demo.journeys import Office
from requests.models import CertificateRequest
from tests import factories
from tests.browser.test_walk import CHROMIUM, DESK, PHONE, Person, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


@pytest.fixture
def people(own_world):
    """(accounts, passwords) of the demo's people in this world, where only the pages run."""
    drawn: dict[str, str] = {}
    accounts = cast.accounts(drawn)
    own_world.start("web")
    return accounts, drawn


def test_ten_things_are_asked_at_the_desk_and_answered_on_a_telephone(own_world, people):
    accounts, passwords = people
    office = Office(accounts["tiepnhan"], accounts["thamtra"], accounts["ky"])
    request = factories.request_in(
        "reviewing", by=accounts["nguoidan"], office=office, fields={"full_name": LONGEST_NAME, "sex": "female"}
    )
    with browser() as running:

        def person(name, window):
            somebody = Person(running, own_world.base_url, name, window)
            somebody.sign_in(passwords[f"{name}@{cast.DOMAIN}"])
            return somebody

        asks(person("thamtra", DESK), request.code)
        phone = person("nguoidan", PHONE)
        answers(phone, request.code)
        complains(phone, request.code)
        reads(person("thamtra", DESK), request.code)
    answered = CertificateRequest.objects.get(pk=request.pk)
    assert answered.history().filter(step="answer_supplement").exists()
    assert answered.complaints.count() == 1


def asks(clerk: Person, code: str) -> None:
    clerk.page.goto(f"/staff/clerk/{code}/ask_supplement/")
    clerk.shoot("hoi-trong")
    clerk.press("Xem trước tin gửi")
    assert clerk.page.title().startswith("Lỗi")
    clerk.shoot("hoi-co-loi")
    for number, reason in enumerate(list(REASONS.values())[:10]):
        clerk.page.locator(f'[name="ask_{reason.code}"]').check()
        if reason.needs_detail:
            clerk.page.locator(f'[name="detail_{reason.code}"]').fill(f"việc thứ {number + 1} của {LONGEST_NAME}")
    clerk.press("Xem trước tin gửi")
    clerk.shoot("hoi-xem-truoc")
    clerk.page.set_viewport_size(PHONE)
    clerk.shoot("hoi-xem-truoc-360")
    clerk.page.set_viewport_size(DESK)
    clerk.press("Gửi yêu cầu bổ sung")
    clerk.shoot("da-hoi")


def answers(citizen: Person, code: str) -> None:
    citizen.page.goto(f"/requests/{code}/")
    citizen.shoot("can-bo-sung")
    citizen.follow(citizen.page.locator(f'main a[href$="/{code}/supplement/"]').first)
    citizen.shoot("bo-sung")
    citizen.page.set_viewport_size(DESK)
    citizen.shoot("bo-sung-1280")
    citizen.page.set_viewport_size(PHONE)
    citizen.page.goto(f"/requests/{code}/supplement/7/")  # where was lived
    citizen.shoot("muc-7")
    citizen.press("Lưu câu trả lời")
    assert citizen.page.title().startswith("Lỗi")
    citizen.shoot("muc-7-co-loi")
    citizen.press("Sửa phần này: Quá trình cư trú")
    citizen.shoot("trang-cu-tru")
    citizen.follow(citizen.page.locator("main .row-links a").first)
    citizen.page.locator('[name="address"]').fill("Số 99 phố Khác, phường Láng Hạ, quận Đống Đa")
    citizen.press("Tiếp tục")
    assert citizen.page.url.endswith("/supplement/"), citizen.summary()
    assert citizen.page.locator("#item-7 .badge.ok").count() == 1
    citizen.page.goto(f"/requests/{code}/check/")
    citizen.shoot("kiem-tra-chua-du")
    for position in (1, 2, 3, 4, 5, 6, 8, 9, 10):
        citizen.page.goto(f"/requests/{code}/supplement/{position}/")
        citizen.page.locator("#answer").fill(f"Tờ khai mục {position} đã đúng.")
        citizen.press("Lưu câu trả lời")
    citizen.shoot("bo-sung-du")
    citizen.follow(citizen.page.get_by_role("link", name="Xem lại và gửi"))
    citizen.page.get_by_label("Tôi cam đoan").check()
    citizen.shoot("kiem-tra-va-gui")
    citizen.press("Gửi phần bổ sung")
    citizen.shoot("da-bo-sung")


def complains(citizen: Person, code: str) -> None:
    citizen.page.goto(f"/requests/{code}/complaint/")
    citizen.press("Gửi")
    citizen.shoot("khieu-nai-co-loi")
    citizen.page.locator('[name="kind"][value="complaint"]').check()
    citizen.page.locator('[name="text"]').fill("Tôi đã trả lời đủ ngay lần đầu.")
    citizen.press("Gửi")
    citizen.shoot("da-khieu-nai")
    citizen.page.goto(f"/requests/{code}/withdraw/")
    citizen.shoot("rut-ho-so")


def reads(clerk: Person, code: str) -> None:
    clerk.page.goto(f"/staff/clerk/{code}/")
    clerk.shoot("da-tra-loi")
    assert "Tờ khai mục 3 đã đúng." in clerk.page.content()


def test_a_correction_and_a_refusal_read_on_a_telephone(own_world, people):
    accounts, passwords = people
    office = Office(accounts["tiepnhan"], accounts["thamtra"], accounts["ky"])
    start = {"by": accounts["nguoidan"], "office": office, "fields": {"full_name": LONGEST_NAME, "sex": "female"}}
    refused = factories.request_in("refused", **start)
    issued = factories.request_in("issued", **start)
    actions.complain(refused, by=refused.filed_by, kind="complaint", text="Giấy tờ của tôi đủ.")
    factories.make_staff("authority_administrator", email=f"quantri-dv@{cast.DOMAIN}", password="x" * 14)
    with browser() as running:
        citizen = Person(running, own_world.base_url, "nguoidan", PHONE)
        citizen.sign_in(passwords[f"nguoidan@{cast.DOMAIN}"])
        citizen.page.goto(f"/requests/{refused.code}/")
        citizen.shoot("tu-choi")
        citizen.page.goto(f"/requests/{issued.code}/correction/")
        citizen.press("Tiếp tục")
        citizen.shoot("dinh-chinh-co-loi")
        citizen.page.locator('[name="page"][value="person"]').check()
        citizen.page.locator('[name="what_is_wrong"]').fill("Phiếu ghi sai năm sinh.")
        citizen.press("Tiếp tục")
        citizen.shoot("dinh-chinh-sua")
        new = citizen.page.url.split("/requests/")[1].split("/")[0]
        assert new != issued.code
        citizen.page.goto(f"/requests/{new}/check/")
        citizen.shoot("dinh-chinh-kiem-tra")
        citizen.page.get_by_label("Tôi cam đoan").check()
        citizen.press("Gửi yêu cầu")
        citizen.page.goto(f"/requests/{issued.code}/")
        citizen.shoot("dinh-chinh-ho-so-cu")
        desk = Person(running, own_world.base_url, "quantri-dv", DESK)
        desk.sign_in("x" * 14)
        desk.page.goto("/staff/complaints/")
        desk.shoot("danh-sach-khieu-nai")
        desk.page.goto(f"/staff/complaints/{refused.code}/")
        desk.shoot("khieu-nai-can-bo")
        clerk = Person(running, own_world.base_url, "tiepnhan", DESK)
        clerk.sign_in(passwords[f"tiepnhan@{cast.DOMAIN}"])
        clerk.page.goto(f"/staff/clerk/{new}/")
        clerk.shoot("loi-cua-ai")

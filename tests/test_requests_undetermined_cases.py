"""C26, C27, C30 and C32 of xóa án tích where they really meet somebody: on the clerk's page, with the clerk's acts."""

import pytest

from tests import agencies, factories, staff_register
from tests.clerk_desk import NO_RECORD, act, alike, decide, now, page, reviewing, the_same, verify
from tests.records_people import conviction, without

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def verifying(client, office):
    client.force_login(office.verifying_clerk)
    return client


def test_c26_an_old_police_record_waits_for_the_answers_and_then_says_no_record(verifying, office, settings):
    """A row without a judgment prints nothing; while the agencies are being asked nobody can verify."""
    staff_register.answers_with(settings, the_same())
    request = reviewing(office)
    for source in ("procuracy", "court", "enforcement"):
        agencies.ask(request, office, source)
    assert act(verifying, request, "verify").status_code == 409
    for seq in (1, 2, 3):
        agencies.answer(request, office, seq)
    text = verifying.get(page(request)).text
    assert NO_RECORD in text and "Không có thông tin, không có văn bản" in text
    decide(verifying, request, "R-1", "same", "Số định danh và họ tên trùng")
    assert verify(verifying, request).status_code == 302
    assert now(request).state == "verified"


@pytest.mark.parametrize(
    ("row", "paper"),
    [
        (conviction(foreign_judgment=True), "Điều 32 Luật Lý lịch tư pháp"),
        (conviction(main_penalty={"kind": "expulsion"}), "không nêu hình phạt chính là trục xuất"),
        (without(conviction(), "obligations"), "xác nhận của cơ quan thi hành án"),
    ],
    ids=["C30", "C31", "C27"],
)
def test_what_only_a_person_can_settle_is_never_verified_and_names_the_paper(verifying, office, settings, row, paper):
    staff_register.answers_with(settings, the_same(row))
    request = reviewing(office)
    assert decide(verifying, request, "R-1", "same", "Số định danh và họ tên trùng").status_code == 302
    text = verifying.get(page(request)).text
    assert paper in text and "chuyển ký</button>" not in text
    assert verify(verifying, request).status_code == 409
    assert now(request).state == "reviewing"


def test_c32_a_namesake_of_the_same_year_is_nobodys_until_a_person_decides(verifying, office, settings):
    staff_register.answers_with(settings, alike("R-2", date_of_birth="1990", convictions=[conviction()]))
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert "Đã quyết 0 trong 1" in text and NO_RECORD not in text
    assert verify(verifying, request).status_code == 409
    assert now(request).state == "reviewing"

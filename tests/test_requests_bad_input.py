"""What people really type: each understood, or explained beside the box and in the summary with what was typed kept."""

import re

import pytest
from django.urls import reverse

from requests import actions, identity, rules
from requests.demo.dossiers import LONGEST_NAME
from requests.models import CertificateRequest
from tests import factories
from tests.test_requests_filing import CARD, MISTAKES, PERSON, stay, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    citizen = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")
    client.force_login(citizen)
    return actions.create_draft(by=citizen, account=citizen)


def declared(draft):
    return CertificateRequest.objects.with_people().get(pk=draft.pk).declaration


def born(day="", month="", year=""):
    return {**PERSON, "date_of_birth_day": day, "date_of_birth_month": month, "date_of_birth_year": year}


def explained(response, words: str, *kept: str) -> None:
    """The same words in the summary and beside the box, and what was typed still in its box."""
    assert response.status_code == 422
    summary = MISTAKES.search(response.text)[0]
    assert words in summary
    assert words in response.text.replace(summary, "")
    for typed in kept:
        assert f'value="{typed}"' in response.text or f"{typed}</textarea>" in response.text, typed


# --- Dates ---


@pytest.mark.parametrize(
    ("boxes", "read"),
    [
        (("5 tháng 3 năm 1990",), "1990-03-05"),
        (("5/3/1990",), "1990-03-05"),
        (("5", "3", "1990"), "1990-03-05"),
        (("", "", "05.03.1990"), "1990-03-05"),
        (("", "", "1990"), "1990"),
        (("1990",), "1990"),
    ],
)
def test_a_date_is_understood_in_one_box_or_three(client, draft, boxes, read):
    assert client.post(url(draft, "person"), born(*boxes)).status_code == 302
    assert declared(draft).date_of_birth == read


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (("29", "02", "2023"), "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày"),
        (("29/02/2023",), "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày"),
        (("31", "04", "1990"), "không có ngày 31/04/1990, tháng 4 năm 1990 chỉ có 30 ngày"),
        (("5/3/90",), "Nhập năm của ngày sinh bằng bốn chữ số"),
        (("5", "3", "90"), "Nhập năm của ngày sinh bằng bốn chữ số"),
        (("khoảng Tết",), "Nhập năm của ngày sinh"),
    ],
)
def test_a_date_that_cannot_be_is_explained(client, draft, boxes, words):
    explained(client.post(url(draft, "person"), born(*boxes)), words, *boxes)
    assert declared(draft).date_of_birth == ""


# --- Numbers ---


@pytest.mark.parametrize(
    "number", ["001 090 990 315", "001.090.990.315", "００１０９０９９０３１５", "001-090-990-315"]
)
def test_a_number_is_kept_bare(client, draft, number):
    client.post(url(draft, "documents"), {**CARD, "number": number})
    assert declared(draft).identity_number == "001090990315"


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        ("099090990315", "Ba chữ số đầu không phải mã của tỉnh, thành phố nào."),
        ("001290990315", "Năm sinh trong số định danh khác năm sinh đã khai."),
        ("001190990315", "Giới tính trong số định danh khác giới tính đã khai."),
        ("001990990315", "Chữ số thứ tư không ứng với thế kỷ và giới tính nào."),
    ],
)
def test_a_wrong_province_or_century_is_a_warning_and_no_rejection(client, draft, number, doubt):
    client.post(url(draft, "person"), PERSON)
    assert client.post(url(draft, "documents"), {**CARD, "number": number}).status_code == 302
    assert doubt in client.get(url(draft, "documents")).text
    assert doubt in client.get(reverse("request_check", args=[draft.code])).text
    assert identity.doubts(number, date_of_birth="1990-03-27", sex="male")


def test_a_number_of_the_wrong_length_is_explained_and_kept(client, draft):
    explained(client.post(url(draft, "documents"), {**CARD, "number": "001 090 99"}), "đúng 12 chữ số", "001 090 99")


# --- Places lived in ---


def test_gaps_and_overlaps_are_pointed_out_in_their_place(client, draft):
    client.post(url(draft, "person"), PERSON)
    page = url(draft, "residences")
    client.post(page, stay(("3", "2004"), ("6", "2013"), more="1"))
    client.post(page, stay(("1", "2010"), ("12", "2012"), more="1", kind="temporary", address="Ký túc xá"))
    html = client.post(page, stay(("1", "2014"))).text
    overlap = "Trùng thời gian với nơi 1, từ 01/2010 đến 12/2012."
    order = [html.index(words) for words in ("03/2004 – 06/2013", overlap, 'id="gap-1"', "01/2014 – nay")]
    assert order == sorted(order)
    assert overlap not in MISTAKES.search(html)[0]  # often true, so it stops nobody
    assert "Thêm nơi bạn ở từ 07/2013 đến 12/2013." in MISTAKES.search(html)[0]


@pytest.mark.parametrize(
    ("stays", "pairs"),
    [
        ([("2004-03", "2008-08"), ("2008-08", "")], []),
        ([("2004-03", "2008-08"), ("2008-07", "")], [(0, 1, "2008-07", "2008-08")]),
        ([("2004-03", ""), ("2010-01", "2010-05")], [(0, 1, "2010-01", "2010-05")]),
        ([("2010-01", "2010-05"), ("2004-03", "")], [(0, 1, "2010-01", "2010-05")]),
        ([("2004-03", "2005-01"), ("2006-01", "2007-01")], []),
    ],
)
def test_an_overlap_is_more_than_the_month_of_moving(stays, pairs):
    from datetime import date

    found = rules.residence_overlaps([rules.Stay(*stay) for stay in stays], date(2026, 11, 22))
    assert [(one.first, one.second, one.from_month, one.to_month) for one in found] == pairs


@pytest.mark.parametrize("boxes", [("3/2004", ""), ("", "03/2004"), ("tháng 3 năm 2004", ""), ("３", "２００４")])
def test_a_month_is_understood_in_one_box_or_two(client, draft, boxes):
    client.post(url(draft, "person"), PERSON)
    typed = stay(boxes)
    assert client.post(url(draft, "residences"), typed).status_code == 302
    assert declared(draft).residences.get().from_month == "2004-03"


# --- Names ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"),
        ("Ðặng Thị Ðào", "Đặng Thị Đào"),
        ("  Đặng\u200b  Thị\n Đào ", "Đặng Thị Đào"),
        (LONGEST_NAME, LONGEST_NAME),
        ("H'Hen Niê", "H'Hen Niê"),
    ],
)
def test_a_name_is_kept_composed(client, draft, typed, kept):
    assert client.post(url(draft, "person"), {**PERSON, "full_name": typed}).status_code == 302
    assert declared(draft).full_name == kept


def test_sixty_letters_are_taken_and_shown_whole(client, draft):
    assert len(LONGEST_NAME) == 60
    client.post(url(draft, "person"), {**PERSON, "full_name": LONGEST_NAME})
    check = client.get(reverse("request_check", args=[draft.code])).text
    assert re.search(rf'class="name">\s*{LONGEST_NAME}', check)
    assert f"{LONGEST_NAME}</textarea>" in client.get(url(draft, "person")).text


def test_a_name_with_figures_is_explained_and_kept(client, draft):
    explained(client.post(url(draft, "person"), {**PERSON, "full_name": "Khoa 9"}), "chỉ gồm chữ cái", "Khoa 9")

"""The public check page: says whether, never what; alike for everything that is not an issued certificate."""

import re
import time

import pytest
from django.db import OperationalError

from certificates import actions, codes
from certificates.models import Certificate
from certificates.views import masked_name
from tests.certificates_samples import CODE, convicted, draft, intend, sign_columns, with_unsigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    made = with_unsigned(intend(draft(**convicted(1))))
    Certificate.objects.filter(pk=made.pk).update(status="issued", **sign_columns(b"%PDF-unsigned and a signature"))
    return Certificate.objects.get(pk=made.pk)


def words(response) -> str:
    """What the page says: the main part, without tags and doubled white space."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_an_issued_certificate_is_confirmed_with_what_a_stranger_may_compare(client, issued):
    response = client.get(f"/c/{issued.code}")
    page = words(response)
    assert response.status_code == 200
    assert "Hợp lệ" in page
    for line in ("1/STP-LLTP", "Số 1", "Sở Tư pháp thành phố Hà Nội", "08/12/2026", "T*** N*** Đ*** KHOA"):
        assert line in page


def test_the_page_never_says_what_the_certificate_says(client, issued):
    html = client.get(f"/c/{issued.code}").content.decode()
    for secret in (
        "Có án tích",
        "Không có án tích",
        "Trộm cắp",
        "001090990001",
        "1990",
        "NGUYỄN",
        "Giao Long",
        "Nam</",
    ):
        assert secret not in html.replace("có án tích hay không", "")
    assert "hãy đọc trên tờ Phiếu" in words(client.get(f"/c/{issued.code}"))


@pytest.mark.parametrize("shape", ["{0}/", "{1}", "{1}/", "{2}", " {0} "])
def test_the_address_is_understood_with_a_slash_in_groups_and_in_small_letters(client, issued, shape):
    address = "/c/" + shape.format(issued.code, codes.grouped(issued.code), issued.code.lower())
    assert "Hợp lệ" in words(client.get(address))


def test_a_typed_code_leads_to_its_own_address(client, issued):
    response = client.get("/c/", {"code": codes.grouped(issued.code).lower()})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/c/{issued.code}"


def test_the_form_alone_asks_for_a_code(client):
    response = client.get("/c/")
    assert response.status_code == 200
    assert "Mã in dưới ô vuông QR" in words(response)


def test_no_code_at_all_is_explained_by_the_page_and_not_by_the_browser(client):
    response = client.get("/c/", {"code": " "})
    assert response.text.count("Nhập mã in dưới ô vuông QR trên Phiếu.") == 2  # above the form, and beside the box
    assert "novalidate" in response.text and " required" not in response.text
    assert "<title>Lỗi: " in response.text


def test_a_code_of_the_wrong_shape_is_explained_and_kept(client):
    response = client.get("/c/", {"code": "7K3M-<b>"})
    html = response.content.decode()
    assert "không đúng dạng đó" in words(response)
    assert "7K3M-&lt;b&gt;</textarea>" in html
    assert 'aria-invalid="true"' in html
    assert "<title>Lỗi: " in html


def test_unknown_void_and_unfinished_certificates_look_alike(client, issued):
    unfinished, void = intend(), intend()
    actions.void(void.pk, "In hỏng.")
    pages = {
        re.sub(r"[0-9A-Z-]{26,}|\d\d:\d\d:\d\d[^<]*", "", words(client.get(f"/c/{code}")))
        for code in (CODE, unfinished.code, void.code)
    }
    assert len(pages) == 1
    assert "Không hợp lệ" in pages.pop()


def test_a_code_that_cannot_be_one_is_not_genuine(client):
    response = client.get("/c/xin-chao")
    assert response.status_code == 200
    assert "Không hợp lệ" in words(response)


def test_every_answer_asks_the_register_once_and_the_same_way(client, issued, django_assert_num_queries):
    for code in (issued.code, CODE, "xin-chao"):
        with django_assert_num_queries(1):
            client.get(f"/c/{code}")


def test_known_and_unknown_codes_take_about_as_long(client, issued):
    def best(code):
        times = []
        for _ in range(15):
            began = time.perf_counter()
            client.get(f"/c/{code}")
            times.append(time.perf_counter() - began)
        return min(times)

    client.get(f"/c/{issued.code}")
    assert abs(best(issued.code) - best(CODE)) < 0.02


@pytest.mark.parametrize("address", ["/c/", f"/c/{CODE}"])
def test_nothing_is_kept_indexed_or_passed_on(client, address):
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "no-store, private"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_without_the_register_the_page_says_that_it_cannot_tell(client, monkeypatch):
    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr("certificates.views.facts_for", away)
    response = client.get(f"/c/{CODE}")
    assert response.status_code == 503
    assert "Chưa kết luận được" in words(response)
    assert "Chưa coi là hợp lệ" in words(response)
    assert "Hợp lệ" not in words(response)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_only_reads(client, method):
    assert getattr(client, method)(f"/c/{CODE}").status_code == 405


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("TRẦN NGUYỄN ĐĂNG KHOA", "T*** N*** Đ*** KHOA"),
        ("H'MEN NIÊ", "H*** NIÊ"),
        ("Y", "Y***"),
        ("", ""),
    ],
)
def test_a_name_is_masked_but_for_its_last_word(name, masked):
    assert masked_name(name) == masked

"""The frozen words of a certificate, and the code under its QR."""

import datetime
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import codes, wording
from certificates.alphabet import PRINTABLE, unprintable
from certificates.content import CertificateContent, ContentRefused, template_version
from tests.certificates_samples import BASE, CODE, DAY, convicted, draft, judgment, numbered

words = st.text(st.sampled_from(sorted(PRINTABLE)), min_size=1, max_size=60).map(
    lambda text: unicodedata.normalize("NFC", text)
)
printed = words.filter(lambda text: text.strip() and not unprintable(text))


def test_content_comes_back_from_its_json_equal_and_with_the_same_hash():
    for content in (draft(), numbered(), numbered(**convicted(3))):
        again = CertificateContent.from_json(content.to_json())
        assert again == content
        assert again.sha256 == content.sha256


@given(printed, printed)
def test_any_printable_words_survive_the_json(residence, court):
    content = draft(**convicted(1, judgments=(judgment(court=court),)), permanent_residence=residence)
    assert CertificateContent.from_json(content.to_json()) == content


def test_json_is_canonical_sorted_and_without_floats():
    text = numbered(**convicted(2)).to_json()
    values = json.loads(text, parse_float=lambda _: pytest.fail("a float in the content"))
    assert text == json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "TRẦN NGUYỄN ĐĂNG KHOA" in text


def test_number_day_and_code_change_the_hash_but_not_the_draft_hash():
    first, second = draft(), numbered()
    assert first.sha256 != second.sha256
    assert first.draft_sha256 == second.draft_sha256


@pytest.mark.parametrize(
    "change",
    [
        {"full_name": "TRẦN NGUYỄN ĐĂNG KHOÁ"},
        {"signatory_name": "Phạm Văn Tám"},
        {"public_base_url": "https://lltp-khac.example"},
        {"template_version": "phieu-so-1:0000000000000000"},
        convicted(1),
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_other_word_changes_the_draft_hash(change):
    assert draft().draft_sha256 != draft(**change).draft_sha256


def test_the_template_version_follows_the_bytes_of_the_template(tmp_path, monkeypatch):
    import shutil

    from certificates import content as module

    root = tmp_path / "root"
    for part in ("templates/certificates/pdf", "certificates/fonts"):
        shutil.copytree(module.ROOT / part, root / part)
    shutil.copy(module.ROOT / "certificates/wording.py", root / "certificates/wording.py")
    monkeypatch.setattr(module, "ROOT", root)
    assert template_version.__wrapped__() == template_version()
    style = root / "templates/certificates/pdf/phieu.css"
    style.write_text(style.read_text() + "/* wider */")
    assert template_version.__wrapped__() != template_version()


def test_content_cannot_be_changed_after_it_is_made():
    with pytest.raises(AttributeError):
        draft().full_name = "NGƯỜI KHÁC"


def test_a_numbered_certificate_is_not_numbered_again():
    with pytest.raises(ContentRefused, match="đã có số 18427/STP-LLTP"):
        numbered().completed(number=2, issued_on=DAY, code=CODE)


def test_a_draft_has_places_for_number_and_day_and_no_address():
    content = draft()
    assert content.is_draft
    assert content.number_text == "……/STP-LLTP"
    assert content.place_and_day == "Hà Nội, ngày …… tháng …… năm ……"
    with pytest.raises(ContentRefused, match="chưa có mã QR"):
        content.check_url  # noqa: B018


def test_a_numbered_certificate_says_number_day_and_address():
    content = numbered()
    assert content.number_text == "18427/STP-LLTP"
    assert content.place_and_day == "Hà Nội, ngày 08 tháng 12 năm 2026"
    assert content.check_url == f"https://lltp.vi-du.example/c/{CODE}"
    assert content.check_domain == "lltp.vi-du.example"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"full_name": " "}, "“Họ và tên” còn để trống"),
        ({"full_name": "Trần Khoa"}, "“Họ và tên” phải viết bằng chữ in hoa"),
        ({"full_name": unicodedata.normalize("NFD", "TRẦN KHOA")}, r"\(NFC\)"),
        ({"place_of_birth": "Hà\tNội"}, r"U\+0009"),
        ({"place_of_birth": "Hà Nội\u202e"}, r"U\+202E"),
        ({"place_of_birth": "河內"}, r"U\+6CB3, U\+5167"),
        ({"place_of_birth": "x" * 1001}, "dài quá 1000"),
        ({"place_of_birth": None}, "“Nơi sinh” không phải là chữ"),
        ({"sex": "nam"}, "phải là nam hoặc nữ"),
        ({"date_of_birth": "1990-02-30"}, "không phải là ngày có thật"),
        ({"date_of_birth": "27/03/1990"}, "không phải là ngày có thật"),
        ({"legal_basis": ()}, "“Căn cứ” phải có ít nhất một dòng"),
        ({"signatory_title": ["GIÁM ĐỐC"]}, "“Chức vụ người ký” phải có ít nhất một dòng"),
        ({"signatory_title": ("",)}, "“Chức vụ người ký” còn để trống"),
        ({"status": "clear"}, "không phải là một trong các câu luật định"),
        ({"status_text": "không có án tích"}, "không phải là một trong các câu luật định"),
        ({"judgments": (judgment(),)}, "ghi không có án tích mà lại có bản án"),
        (convicted(0), "ghi có án tích mà không có bản án nào"),
        (convicted(61), "có hơn 60 bản án"),
        ({"judgments": [judgment()]}, "“Bản án” có hơn"),
        ({"public_base_url": "lltp.vi-du.example"}, "phải là địa chỉ http"),
        ({"public_base_url": "https://lltp.vi-du.example/"}, "không có dấu / ở cuối"),
        ({"certificate_type": 2}, "Chưa lập được Phiếu lý lịch tư pháp số 2"),
        ({"number": 5}, "phải đi cùng ngày cấp và mã"),
        ({"number": 0, "issued_on": DAY, "code": CODE}, "phải là số nguyên dương"),
        ({"number": True, "issued_on": DAY, "code": CODE}, "phải là số nguyên dương"),
        ({"number": 5, "issued_on": "2026-12-08", "code": CODE}, "“Ngày cấp” không phải là một ngày"),
        ({"number": 5, "issued_on": DAY, "code": "7K3M"}, "phải gồm đúng 26 ký tự"),
    ],
)
def test_what_no_certificate_may_print_is_refused_with_a_sentence(change, said):
    with pytest.raises(ContentRefused, match=said) as refused:
        draft(**change)
    assert refused.value.status == 422


def test_a_refusal_never_repeats_what_was_typed():
    with pytest.raises(ContentRefused) as refused:
        draft(full_name="Nguyễn Bí Mật")
    assert "Bí Mật" not in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        draft().to_json().replace('"number":null', '"number":1.5'),
        draft().to_json().replace('"full_name"', '"name"'),
        draft().to_json().replace(",", ", ", 1),
        numbered(**convicted()).to_json().replace("2019-02-06", "2019-02-31"),
    ],
)
def test_stored_content_that_was_touched_is_refused(text):
    with pytest.raises(ContentRefused):
        CertificateContent.from_json(text)


def test_differences_name_the_line_and_both_readings():
    old, new = draft(), draft(permanent_residence="Số 181", **convicted(1))
    assert old.differences(new) == [
        ("Nơi thường trú", BASE["permanent_residence"], "Số 181"),
        ("Tình trạng án tích", "Không có án tích", "Có án tích"),
        ("Bản án 1: Số bản án", "", "1/2019/HS-ST"),
        ("Bản án 1: Ngày tuyên án", "", "06/02/2019"),
        ("Bản án 1: Tòa án", "", "Tòa án nhân dân quận Cầu Giấy, thành phố Hà Nội"),
        (
            "Bản án 1: Tội danh, điều khoản của Bộ luật Hình sự được áp dụng",
            "",
            "Trộm cắp tài sản; khoản 1 Điều 173 Bộ luật Hình sự năm 2015",
        ),
        ("Bản án 1: Hình phạt chính", "", "09 tháng tù, cho hưởng án treo, thời gian thử thách 18 tháng"),
        ("Bản án 1: Hình phạt bổ sung", "", "Phạt tiền 10.000.000 đồng"),
    ]
    assert draft().differences(numbered()) == []
    assert draft().differences(draft(sex="female", date_of_birth="1990")) == [
        ("Giới tính", "Nam", "Nữ"),
        ("Ngày, tháng, năm sinh", "27/03/1990", "1990"),
    ]


def test_dates_are_written_as_on_official_papers():
    assert wording.short_date("1990-03-27") == "27/03/1990"
    assert wording.short_date("1990-03") == "03/1990"
    assert wording.short_date("1990") == "1990"
    assert wording.long_date(datetime.date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert wording.long_date(datetime.date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"


def test_codes_are_26_characters_that_nobody_confuses_and_never_the_same():
    made = {codes.new_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(codes.is_code(code) and len(code) == 26 for code in made)
    assert set("".join(made)) == set(codes.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "7K3M-9QD2-XT4B-R8HN-5W6C-0VJZ-G1",
        "7k3m 9qd2 xt4b r8hn 5w6c ovjz gl",
        "  7K3M–9QD2–XT4B–R8HN–5W6C–OVJZ–GI ",
        f"https://lltp.vi-du.example/c/{CODE}/",
        "７Ｋ３Ｍ9QD2XT4BR8HN5W6C0VJZG1",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert codes.parse(typed) == CODE


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "1", "U" * 26, CODE * 20, "../../etc/passwd"])
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.parse(typed) is None


def test_a_code_is_shown_in_groups_of_four():
    assert codes.grouped(CODE) == "7K3M-9QD2-XT4B-R8HN-5W6C-0VJZ-G1"

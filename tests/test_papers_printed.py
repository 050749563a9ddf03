"""Papers as PDFs: what they look like to another program, what the lint refuses, and pages that do not fall apart."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from requests.models import Paper
from requests.papers import content as papers
from requests.papers import lint, printing
from requests.papers.amount_words import in_words
from requests.papers.content import Kind, PaperContent, from_json, printable
from tests import papers_samples as samples

KINDS = pytest.mark.parametrize("content", samples.every_kind().values(), ids=lambda content: str(content.kind))


@cache
def pdf_of(content: PaperContent) -> bytes:
    return printing.render(content)


# --- Content --------------------------------------------------------------------------------------------------------


def test_there_is_a_sample_a_content_and_a_label_of_every_kind():
    assert set(samples.every_kind()) == set(papers.CONTENTS) == set(Kind) == {Kind(kind) for kind in Paper.Kind.values}


@KINDS
def test_content_comes_back_from_its_canonical_json_as_it_was(content):
    text = content.to_json()
    assert from_json(content.kind, text) == content
    assert from_json(content.kind, text).to_json() == text
    assert list(json.loads(text)) == sorted(json.loads(text))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Tổ 3,\n\tấp  Bình\u00a0An ", "Tổ 3, ấp Bình An"),
        ("ho\u0302\u0300 sơ", "hồ sơ"),
        ("A → B ≥ 3", "A -> B >= 3"),
        ("số １２", "số 12"),
        ("小 và 🙂", "? và ?"),
    ],
)
def test_what_the_fonts_lack_is_put_into_letters_that_they_have(typed, kept):
    assert printable(typed) == kept
    assert samples.receipt(what=typed).what == kept


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (5_000, "năm nghìn đồng"),
        (105_000, "một trăm linh năm nghìn đồng"),
        (115_000, "một trăm mười lăm nghìn đồng"),
        (121_000, "một trăm hai mươi mốt nghìn đồng"),
        (170_000, "một trăm bảy mươi nghìn đồng"),
        (200_000, "hai trăm nghìn đồng"),
        (205_000, "hai trăm linh năm nghìn đồng"),
        (1_005_000, "một triệu không trăm linh năm nghìn đồng"),
        (2_000_000_001, "hai tỷ không trăm linh một đồng"),
        (11_011, "mười một nghìn không trăm mười một đồng"),
    ],
)
def test_amounts_in_words(amount, words):
    assert in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, 10**12])
def test_amounts_without_words_are_refused(amount):
    with pytest.raises(ValueError, match=str(amount)):
        in_words(amount)


# --- The PDF --------------------------------------------------------------------------------------------------------


@KINDS
def test_every_paper_passes_its_lint_tagged_in_vietnamese_small_and_in_our_fonts(content):
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    assert len(pdf) <= 60 * 1024 < lint.MOST_BYTES
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert (document.Root.Lang, bool(document.Root.MarkInfo.Marked)) == ("vi", True)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        names = {str(thing.BaseFont) for thing in document.objects if getattr(thing, "BaseFont", None)}
    assert names and {re.sub(r"^/[A-Z]{6}\+", "", name).split("-")[0] for name in names} == {"Tinos"}
    assert len(samples.pages_of(pdf)) == 1


@KINDS
def test_the_qr_leads_to_the_tracking_page_and_names_nobody(content):
    document = pypdfium2.PdfDocument(pdf_of(content))
    picture = document[0].render(scale=2, grayscale=True).to_pil()
    document.close()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == ["https://lltp.vi-du.example/track/"]


def test_the_receipt_says_all_that_the_form_asks_for():
    text = samples.text_of(pdf_of(samples.receipt()))
    for words in (
        "Mẫu số 01 (Ban hành kèm theo Thông tư số 01/2018/TT-VPCP)",
        "UBND THÀNH PHỐ HÀ NỘI SỞ TƯ PHÁP",
        "Số: 0142/TNHS",
        "Hà Nội, ngày 19 tháng 11 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: H26.12-261119-0142",
        "Mã theo dõi: YC-7K3M-9QD2-XT4B-R8HN",
        "Mã bí mật: 5W6C-0VJZ",
        "Bộ phận tiếp nhận Bộ phận Một cửa, Sở Tư pháp thành phố Hà Nội",
        "Người nộp, chủ hồ sơ TRẦN NGUYỄN ĐĂNG KHOA, sinh 27/03/1990",
        "Số định danh cá nhân 001 090 993015",
        "Điện thoại · thư điện tử 0912 345 078 · dangkhoa@vi-du.example",
        "Kênh nộp Trực tuyến Nội dung yêu cầu Cấp Phiếu lý lịch tư pháp số 1, 02 bản",
        "200.000 đồng (hai trăm nghìn đồng)",
        "Biên lai số 0031877",
        "STT Thành phần hồ sơ Loại Số bộ 1 Tờ khai",
        "2 Thẻ Căn cước công dân, hai mặt Bản chụp 1",
        "Hẹn trả kết quả 17 giờ 00, Thứ Sáu, ngày 11/12/2026 15 ngày làm việc kể từ 09 giờ 05 ngày 19/11/2026",
        "Không tính Thứ Bảy, Chủ nhật và Thứ Ba 24/11/2026 (Ngày Văn hóa Việt Nam)",
        "Nhận kết quả: bản điện tử tại lltp.vi-du.example, mục “Hồ sơ của tôi”. Hỏi, góp ý: (024) 3999 0190",
        "lúc 08:57 ngày 19/11/2026",
        "lúc 09:05 ngày 19/11/2026",
        "Phạm Thị Ngọc Lan Hương",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả · H26.12-261119-0142 Trang 1/1",
    ):
        assert words in text, words


def test_the_secret_is_only_on_what_the_citizen_takes_home():
    with_secret = {
        kind for kind, content in samples.every_kind().items() if "5W6C-0VJZ" in samples.text_of(pdf_of(content))
    }
    assert with_secret == {Kind.TRACKING_SLIP, Kind.RECEIPT, Kind.PROCESSING_LETTER}


def test_a_proxy_is_named_beside_whose_request_it_is():
    content = samples.with_person(samples.receipt(), filer="Lê Văn Thay", filer_identity="001090993016")
    text = samples.text_of(pdf_of(content))
    assert "Người nộp hồ sơ LÊ VĂN THAY, số giấy tờ 001 090 993016 Chủ hồ sơ TRẦN NGUYỄN ĐĂNG KHOA, sinh" in text
    assert lint.problems(pdf_of(content), content) == []


@pytest.mark.parametrize("kind", [Kind.APOLOGY, Kind.SUPPLEMENT_REQUEST, Kind.REFUSAL])
def test_an_agency_is_not_addressed_as_a_person(kind):
    to_person = samples.every_kind()[kind]
    of_agency = {"agency": "Sở Nội vụ Ví Dụ", "agency_document": "125/CV ngày 15/10/2024"}
    to_agency = samples.with_person(to_person, **of_agency)
    person, agency = (samples.text_of(pdf_of(content)) for content in (to_person, to_agency))
    assert "ông/bà" in person and "Quý cơ quan/tổ chức" not in person
    assert "ông/bà" not in agency.casefold() and "Quý cơ quan/tổ chức" in agency


def test_a_process_with_another_hash_seed_prints_the_same_bytes():
    program = (
        "import sys, hashlib, django; django.setup()\n"
        "from requests.papers import printing\n"
        "from requests.papers.content import from_json\n"
        "print(hashlib.sha256(printing.render(from_json('receipt', sys.stdin.read()))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "DJANGO_SETTINGS_MODULE": "lltp_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=samples.receipt().to_json(),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == hashlib.sha256(pdf_of(samples.receipt())).hexdigest()


# --- Long content ---------------------------------------------------------------------------------------------------


@KINDS
def test_a_name_of_60_characters_and_an_address_of_200_are_printed_whole(content):
    assert (len(samples.LONG_NAME), len(samples.LONG_ADDRESS)) >= (60, 195)
    office = replace(content.office, name="Sở Tư pháp tỉnh Bà Rịa - Vũng Tàu (cơ sở tại thành phố Bà Rịa)")
    content = replace(
        samples.with_person(content, full_name=samples.LONG_NAME, address=samples.LONG_ADDRESS), office=office
    )
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    text = samples.text_of(pdf)
    assert samples.LONG_NAME.upper() in text or samples.LONG_NAME in text
    assert len(samples.pages_of(pdf)) <= 2


def assert_signature_is_whole(pdf: bytes, role: str, name: str, before: str) -> None:
    """Role and name stand on one page, the last, and not alone there."""
    pages = samples.pages_of(pdf)
    assert role in pages[-1] and name in pages[-1][pages[-1].index(role) :]
    assert before in pages[-1]
    assert all(f"Trang {number}/{len(pages)}" in page for number, page in enumerate(pages, start=1))


@pytest.mark.parametrize("items", [1, 7, 8, 9, 10, 12, 60])
def test_many_things_to_supplement_flow_on_and_the_signature_never_stands_alone(items):
    content = samples.supplement_request(items=items)
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    assert_signature_is_whole(pdf, "NGƯỜI HƯỚNG DẪN", content.officer, "Nếu có vướng mắc")
    for page in samples.pages_of(pdf):
        assert page.count("đủ hai mặt") == page.count("không đọc được"), "what and why are parted"


@pytest.mark.parametrize("enclosures", [1, 5, 7, 9, 11, 40])
def test_a_receipt_with_many_papers_flows_on(enclosures):
    lines = tuple(
        papers.Enclosure(name=f"Giấy tờ số {number} kèm theo hồ sơ", form="Bản chụp") for number in range(enclosures)
    )
    content = samples.receipt(enclosures=lines)
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    assert_signature_is_whole(pdf, "NGƯỜI TIẾP NHẬN HỒ SƠ", content.officer, "Nhận kết quả")
    assert len(samples.pages_of(pdf)) == 1 or enclosures > 4


@pytest.mark.parametrize("last", ["Văn bản ủy quyền", "Giấy tờ chứng minh quan hệ"])
def test_a_proxys_receipt_with_three_papers_has_its_signatures_on_the_same_page(last):
    """A long name, received after hours, a holiday on the way: all of it usual, and all of it on one page."""
    names = ("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp (mẫu 13/2024/LLTP)", "Bản chụp giấy tờ tùy thân", last)
    after_hours = "Nhận ngoài giờ làm việc nên tính như nhận Thứ Hai 23/11/2026"
    content = samples.receipt(
        enclosures=tuple(papers.Enclosure(name=name, form="Bản điện tử") for name in names),
        term_notes=(after_hours, *samples.receipt().term_notes),
    )
    content = samples.with_person(
        content, full_name=samples.LONG_NAME, filer="Nguyễn Thị Minh An", filer_identity="001190990011"
    )
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    assert len(samples.pages_of(pdf)) == 1
    assert_signature_is_whole(pdf, "NGƯỜI TIẾP NHẬN HỒ SƠ", content.officer, "Nhận kết quả")


@pytest.mark.parametrize("handovers", [1, 20, 25, 80])
def test_a_long_history_flows_on_with_its_head_on_each_page(handovers):
    content = samples.control_slip(handovers)
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    pages = samples.pages_of(pdf)
    assert all(
        "STT Giao Nhận Thời điểm Trạng thái Thời hạn" in page for page in pages if "Chuyên viên thẩm tra" in page
    )
    assert "Đúng hạn" in pages[-1]


def test_a_word_longer_than_its_cell_is_broken_and_not_clipped():
    content = samples.with_person(samples.receipt(), address="A" * 300)
    assert lint.problems(pdf_of(content), content) == []


def test_hostile_text_is_printed_as_text():
    hostile = '<img src=file:///etc/passwd> {{7*7}} <script>alert(1)</script> "><b>& &amp;'
    content = samples.with_person(samples.receipt(), address=hostile)
    pdf = pdf_of(content)
    assert lint.problems(pdf, content) == []
    assert hostile.replace(" ", "") in samples.text_of(pdf).replace(" ", "")


# --- What the lint refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"number": 143}, "Số"),
        ({"written_at": samples.moment(11, 20)}, "Ngày"),
        ({"tracking_code": "5W6C0VJ0"}, "Mã hồ sơ"),
        ({"what": "Cấp Phiếu lý lịch tư pháp số 2, 02 bản"}, "Thông tin"),
        ({"due_at": samples.moment(12, 10, 17, 0)}, "Ô nổi bật"),
        ({"officer": "Ai Khác"}, "Chữ ký"),
        ({"fetched": "tại quầy"}, "Lời văn"),
        ({"enclosures": (papers.Enclosure(name="Tờ khai khác", form="Bản điện tử"),)}, "Bảng kê"),
    ],
)
def test_a_pdf_that_says_something_else_is_refused(change, label):
    said = lint.problems(pdf_of(samples.receipt()), samples.receipt(**change))
    assert said == [f"Chữ trên PDF khác nội dung ở mục “{label}”."]


def test_a_pdf_of_another_dossier_is_refused():
    said = lint.problems(pdf_of(samples.receipt()), samples.receipt(dossier_number="H26.12-261119-0143"))
    assert said[0] == "Tiêu đề của PDF không có số phiếu." and "Chân trang 1" in said[1]


def test_another_address_in_the_qr_is_refused():
    said = lint.problems(pdf_of(samples.receipt()), samples.receipt(public_base_url="https://khac.vi-du.example"))
    assert any("QR" in problem for problem in said)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 nothing"])
def test_what_is_no_pdf_is_refused(pdf):
    assert lint.problems(pdf, samples.receipt()) == ["Tệp không phải là PDF đọc được."]


def test_a_paper_that_is_too_large_is_refused():
    assert lint.problems(b"%PDF" + b" " * lint.MOST_BYTES, samples.receipt()) == ["Tệp lớn quá 300 KiB."]


def test_words_added_by_somebody_are_refused():
    content = samples.supplement_request()
    other = replace(content, items=(*content.items, papers.Item(what="Thêm một thứ")))
    assert lint.problems(pdf_of(other), content) != []

"""Printing a certificate, and reading it back before it may be signed."""

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from functools import cache

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from certificates import lint, pdf_checks, press, rendering
from certificates.alphabet import VIETNAMESE
from certificates.content import CertificateContent, ContentRefused
from tests.certificates_samples import convicted, draft, judgment, numbered


@cache
def printed(content: CertificateContent) -> bytes:
    return rendering.render(content)


def problems(pdf: bytes, content: CertificateContent) -> list[str]:
    return lint.problems(pdf, content, draft_sha256=content.draft_sha256)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split())


def changed(pdf: bytes, change) -> bytes:
    """The PDF with its objects changed by another program."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


# ---- what is printed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        numbered(),
        numbered(status="no_record_foreigner", status_text="Không có án tích trong thời gian cư trú tại Việt Nam"),
        numbered(**convicted(2)),
        numbered(**convicted(12)),
        numbered(identity_label="Số hộ chiếu", identity_number="N990001", date_of_birth="1990", sex="female"),
        numbered(permanent_residence="//", place_of_birth="Phan Rang - Tháp Chàm"),
    ],
    ids=["no record", "foreigner", "two judgments", "twelve judgments", "passport", "nothing known"],
)
def test_what_is_printed_passes_the_lint(content):
    assert problems(printed(content), content) == []


def test_every_field_of_the_content_is_on_the_paper():
    text = text_of(printed(numbered(**convicted(1))))
    assert "Số: 18427/STP-LLTP" in text
    assert "PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1" in text
    assert "8. Tình trạng án tích Có án tích" in text
    assert "Bản án số 1/2019/HS-ST ngày 06 tháng 02 năm 2019 của Tòa án nhân dân quận Cầu Giấy" in text
    assert "Hình phạt bổ sung Phạt tiền 10.000.000 đồng" in text
    assert "Mã: 7K3M-9QD2-XT4B-R8HN-5W6C-0VJZ-G1" in text
    assert "Ngày ký: 08/12/2026" in text


def test_without_a_record_there_is_one_page_and_no_ban_section():
    pdf = printed(numbered())
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert "cấm đảm nhiệm chức vụ" not in text_of(pdf)


def test_a_name_of_sixty_characters_and_long_addresses_are_printed_whole():
    name = "NGUYỄN TRẦN PHƯƠNG KHÁNH HUYỀN THƯƠNG BẢO TRÂN NGỌC DIỆP ANH"
    assert len(name) == 60
    address = ", ".join(["Tổ dân phố số 12, khu phố Hòa Bình - Thống Nhất"] * 12)
    content = numbered(full_name=name, permanent_residence=address, place_of_birth=address)
    pdf = printed(content)
    assert problems(pdf, content) == []
    assert name in text_of(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) <= 2


def test_a_word_longer_than_its_column_is_broken_and_not_clipped():
    content = numbered(permanent_residence="A" * 300, **convicted(1, judgments=(judgment(offences="B" * 300),)))
    assert problems(printed(content), content) == []


def test_a_judgment_is_never_split_and_the_signature_never_alone():
    for count in range(1, 9):
        pages = [
            page.get_textpage().get_text_range()
            for page in pypdfium2.PdfDocument(printed(numbered(**convicted(count))))
        ]
        for page in pages:
            assert page.count("Bản án số") == page.count("Hình phạt bổ sung")
        assert "Bản án số" in pages[-1], f"{count} judgments: the signature stands alone"
        assert "Bản án số" in pages[0], f"{count} judgments: the heading stands without its first judgment"
        for number, page in enumerate(pages, start=1):
            assert f"Trang {number}/{len(pages)}" in page


def test_every_vietnamese_letter_is_printed_in_the_certificates_own_fonts():
    letters = "".join(sorted(VIETNAMESE))
    upper = "".join(sorted(letter for letter in VIETNAMESE if letter.isupper()))
    content = numbered(full_name=upper, place_of_birth=letters, legal_basis=(letters,))
    pdf = printed(content)
    assert problems(pdf, content) == []
    assert set(letters) <= set(unicodedata.normalize("NFC", text_of(pdf)))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(thing.BaseFont) for thing in document.objects if getattr(thing, "BaseFont", None)}
    assert {re.sub(r"^/[A-Z]{6}\+", "", name) for name in names} <= {
        "Tinos-LLTP",
        "Tinos-LLTP-Bold",
        "Tinos-LLTP-Italic",
    }


def test_hostile_text_is_printed_as_text_and_fetches_nothing():
    hostile = '<img src=file:///etc/passwd> {{7*7}} {% load x %} <script>alert(1)</script> "><b>& &amp; url(http://x/)'
    content = numbered(permanent_residence=hostile, **convicted(1, judgments=(judgment(court=hostile),)))
    pdf = printed(content)
    assert problems(pdf, content) == []
    assert text_of(pdf).replace(" ", "").count(hostile.replace(" ", "")) == 2


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x", "ftp://127.0.0.1/x", "relative.css"])
def test_the_fetcher_knows_only_data_addresses(address):
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        press.data_only_fetcher().fetch(address)


def test_the_fetcher_reads_data_addresses():
    assert press.data_only_fetcher().fetch("data:text/plain,ok").read() == b"ok"


def test_a_process_with_another_hash_seed_prints_the_same_bytes():
    program = (
        "import sys, hashlib, django; django.setup()\n"
        "from certificates.content import CertificateContent\n"
        "from certificates import rendering\n"
        "content = CertificateContent.from_json(sys.stdin.read())\n"
        "print(hashlib.sha256(rendering.render(content)).hexdigest())"
    )
    content = numbered(**convicted(3))
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "DJANGO_SETTINGS_MODULE": "lltp_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], input=content.to_json(), env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == hashlib.sha256(printed(content)).hexdigest()


def test_the_pdf_is_tagged_vietnamese_and_has_a_title():
    with pikepdf.open(io.BytesIO(printed(numbered()))) as document:
        assert document.Root.Lang == "vi"
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert "18427/STP-LLTP" in str(document.docinfo["/Title"])
        assert "/CreationDate" not in document.docinfo


def test_a_draft_shows_its_places_and_has_no_qr():
    import zxingcpp

    pdf = rendering.render_draft(draft())
    text = text_of(pdf)
    assert "Số: ……/STP-LLTP" in text
    assert "Hà Nội, ngày …… tháng …… năm ……" in text
    assert "BẢN NHÁP" in text
    assert "Chữ ký số đặt tại đây" in text
    assert "Ngày ký" not in text
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=2, grayscale=True).to_pil()
    assert zxingcpp.read_barcodes(picture) == []


def test_draft_and_certificate_are_not_printed_in_place_of_each_other():
    with pytest.raises(ContentRefused, match="chưa in được bản chính"):
        rendering.render(draft())
    with pytest.raises(ContentRefused, match="không còn là bản nháp"):
        rendering.render_draft(numbered())


def test_content_approved_under_another_template_is_not_printed():
    with pytest.raises(ContentRefused, match="duyệt lại"):
        rendering.render(numbered(template_version="phieu-so-1:0000000000000000"))


def test_the_qr_is_read_from_a_grey_slanted_print_at_150_dpi():
    import zxingcpp

    page = pypdfium2.PdfDocument(printed(numbered()))[0]
    picture = page.render(scale=150 / 72, grayscale=True).to_pil()
    scanned = picture.point(lambda value: 60 + value * 150 // 255).rotate(
        3, resample=Image.Resampling.BILINEAR, fillcolor=210
    )
    assert [found.text for found in zxingcpp.read_barcodes(scanned)] == [numbered().check_url]


# ---- what the lint refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"form_number": "Mẫu số 07/2024/LLTP"}, "Mẫu số"),
        ({"parent_body": "UBND TỈNH HÀ NAM"}, "Cơ quan cấp"),
        ({"place": "Hà Nam"}, "Ngày cấp"),
        ({"legal_basis": ("Căn cứ Luật Lý lịch tư pháp;",)}, "Căn cứ"),
        ({"full_name": "TRẦN NGUYỄN ĐĂNG KHOÁ"}, "Họ và tên"),
        ({"sex": "female"}, "Giới tính"),
        ({"date_of_birth": "1990-03-28"}, "Ngày sinh"),
        ({"place_of_birth": "Xã Giao Lòng"}, "Nơi sinh"),
        ({"nationality": "Lào"}, "Quốc tịch"),
        ({"identity_number": "001090990002"}, "Số giấy tờ"),
        ({"permanent_residence": "//"}, "Nơi thường trú"),
        (convicted(1), "Tình trạng án tích"),
        ({"public_base_url": "https://lltp.vi-du.example:8443"}, "Địa chỉ kiểm tra"),
        ({"signatory_title": ("GIÁM ĐỐC",)}, "Chức vụ người ký"),
        ({"authority_name": "Sở Tư pháp tỉnh Hà Nam"}, "Khung ký"),
        ({"signatory_name": "Lê Thị Minh"}, "Khung ký"),
    ],
)
def test_a_pdf_that_says_something_else_is_refused_naming_the_line(change, label):
    said = problems(printed(numbered()), numbered(**change))
    assert f"Chữ trên PDF khác nội dung ở mục “{label}”." in said


@pytest.mark.parametrize("name", ["number", "issued_on", "code"])
def test_another_number_day_or_code_is_refused(name):
    import datetime

    other = {"number": 18428, "issued_on": datetime.date(2026, 12, 9), "code": "0" * 26}
    values = {"number": 18427, "issued_on": datetime.date(2026, 12, 8), "code": numbered().code, name: other[name]}
    assert problems(printed(numbered()), draft().completed(**values))


@pytest.mark.parametrize("name", ["main_penalty", "additional_penalties", "court", "offences", "judgment_number"])
def test_each_line_of_a_judgment_is_read(name):
    other = numbered(**convicted(1, judgments=(judgment(**{name: "Khác"}),)))
    assert problems(printed(numbered(**convicted(1))), other) == ["Chữ trên PDF khác nội dung ở mục “Bản án 1”."]


def test_a_missing_judgment_is_noticed():
    assert problems(printed(numbered(**convicted(2))), numbered(**convicted(1)))


def test_content_that_was_not_approved_is_refused():
    content = numbered()
    said = lint.problems(printed(content), content, draft_sha256=draft(sex="female").draft_sha256)
    assert said == ["Nội dung khác bản đã duyệt ở chỗ khác ngoài số, ngày và mã kiểm tra."]


def test_a_draft_is_never_fit_to_be_signed():
    said = lint.problems(rendering.render_draft(draft()), draft(), draft_sha256=draft().draft_sha256)
    assert said == ["Nội dung là bản nháp: chưa có số, ngày và mã kiểm tra."]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n%%EOF", b"<html>", b"%PDF-1.7" + b"\0" * 999])
def test_bytes_that_are_no_pdf_are_refused(pdf):
    assert problems(pdf, numbered()) == ["Tệp không phải là PDF đọc được."]


def add_javascript(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def add_attachment(document):
    document.attachments["x.txt"] = b"hidden"


def add_link(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://gia-mao.example/"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = document.make_indirect([link])


def add_text(document):
    page = document.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/F99"))
    page.contents_add(b"BT /F99 12 Tf 200 200 Td (Co an tich) Tj ET")


def add_page(document):
    document.pages.append(document.pages[0])


def shrink_page(document):
    document.pages[0].MediaBox = [0, 0, 595, 700]


def move_page(document):
    document.pages[0].MediaBox = [60, 0, 655, 842]


def move_text(document):
    document.pages[0].contents_add(b"1 0 0 1 -60 0 cm", prepend=True)


def paint_over_qr(document):
    document.pages[0].contents_add(b"q 1 g 0 480 300 100 re f Q")


def add_picture(document):
    picture = next(iter(document.pages[0].get_images()))
    document.pages[0].contents_add(f"q 60 0 0 60 300 120 cm {picture} Do Q".encode())


def drop_embedded_font(document):
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
            del thing["/FontFile2"]


def drop_tags(document):
    del document.Root["/StructTreeRoot"]


def drop_title(document):
    del document.docinfo["/Title"]


def drop_all_information(document):
    del document.trailer["/Info"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add_javascript, "thành phần không được phép: /JS, /JavaScript, /OpenAction"),
        (add_attachment, "/EmbeddedFile"),
        (add_link, "/Annots, /URI"),
        (add_text, "phông chữ khác phông của phiếu"),
        (add_page, "Chân trang 1 không đúng"),
        (shrink_page, "Trang 1 không phải khổ A4"),
        (move_page, "Trang 1 không phải khổ A4"),
        (move_text, "chữ ra ngoài lề giấy"),
        (paint_over_qr, "Mã QR không đọc được"),
        (add_picture, "PDF có 2 hình"),
        (drop_embedded_font, "phông chữ không được nhúng"),
        (drop_tags, "thẻ cấu trúc"),
        (drop_title, "Tiêu đề của PDF"),
        (drop_all_information, "Tiêu đề của PDF"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_pdf_with_something_added_or_missing_is_refused(change, said):
    content = numbered()
    assert said in " ".join(problems(changed(printed(content), change), content))


def test_a_pdf_that_another_program_only_wrote_anew_still_passes():
    content = numbered()
    assert problems(changed(printed(content), lambda document: None), content) == []


@pytest.mark.parametrize("tail", [b"\n%%EOF trailing", b"\nstartxref\n0\n%%EOF"])
def test_bytes_after_the_end_are_refused(tail):
    content = numbered()
    assert "PDF có phần thêm vào sau khi in." in problems(printed(content) + tail, content)


def test_words_after_the_last_expected_one_are_refused():
    content = numbered()
    pages = [pdf_checks.page_text(page) for page in pypdfium2.PdfDocument(printed(content))]
    extra = [pages[0].replace("Phiếu lý lịch tư pháp số 1 ·", "Không bị cấm\nPhiếu lý lịch tư pháp số 1 ·")]
    assert list(pdf_checks.word_problems(pages, lint.expected_words(content), lint.foot(content))) == []
    assert list(pdf_checks.word_problems(extra, lint.expected_words(content), lint.foot(content))) == [
        "PDF có chữ thừa ngoài nội dung."
    ]


def test_a_pdf_of_endless_objects_is_refused_and_not_walked(monkeypatch):
    monkeypatch.setattr(pdf_checks, "MOST_OBJECTS", 10)
    assert "Cấu trúc PDF không đọc được (ValueError)." in problems(printed(numbered()), numbered())

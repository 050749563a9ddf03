"""Does this PDF say exactly what its content says, on A4, in our fonts, with its QR code? Asked of the bytes alone."""

from collections.abc import Iterator

from certificates import pdf_checks
from certificates.pdf_checks import Expected
from requests.papers.content import PaperContent
from requests.papers.layout import Sheet, Table, sheet

MOST_BYTES = 300 * 1024
PARTS = {
    "codes": "Mã hồ sơ",
    "rows": "Thông tin",
    "table": "Bảng kê",
    "box": "Ô nổi bật",
    "say": "Lời văn",
    "points": "Các nội dung",
    "signatures": "Chữ ký",
}


def problems(pdf: bytes, content: PaperContent) -> list[str]:
    """Why these bytes must not be given to anybody, each as a sentence; an empty list when they may."""
    import pypdfium2

    if len(pdf) > MOST_BYTES:
        return [f"Tệp lớn quá {MOST_BYTES // 1024} KiB."]
    expected = sheet(content)
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return ["Tệp không phải là PDF đọc được."]
    try:
        pages = [_without_repeated_heads(pdf_checks.page_text(page), expected) for page in document]
        return [
            *pdf_checks.structure_problems(pdf, content.dossier_number or content.request_code),
            *pdf_checks.word_problems(pages, expected_words(expected, content), expected.foot),
            *pdf_checks.sheet_problems(document),
            *pdf_checks.qr_problems(document, content.track_url),
        ]
    finally:
        document.close()


def expected_words(sheet: Sheet, content: PaperContent) -> Iterator[Expected]:
    """Every word of the paper but the foot, in reading order."""
    office = content.office
    yield Expected("Mẫu số", " ".join(sheet.form))
    yield Expected("Cơ quan", f"{office.parent_body} {office.heading}")
    yield Expected("Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc")
    yield Expected("Số", sheet.number)
    yield Expected("Ngày", sheet.place_and_day)
    yield Expected("Tên giấy", sheet.title)
    for block in sheet.blocks:
        yield Expected(PARTS[block.name], block.text)


def _without_repeated_heads(text: str, sheet: Sheet) -> str:
    """A list that goes on over the page begins there with its head again, the first thing on the page."""
    for block in sheet.blocks:
        if isinstance(block, Table):
            found = pdf_checks.pattern(" ".join(block.heads)).match(text.lstrip())
            if found:
                return text.lstrip()[found.end() :]
    return text


def page_count(pdf: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()

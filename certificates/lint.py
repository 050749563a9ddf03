"""Does this PDF say exactly what its content says? Asked of the bytes alone, before anything is signed.

The bytes are read by other programs (PDFium, ZXing, pyHanko's reader) than the one that made them, and the words that
are expected stand here once more, in reading order, apart from the template.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from certificates import codes, wording
from certificates.content import CertificateContent

FONT = re.compile(r"/[A-Z]{6}\+Tinos-LLTP(-Bold)?(-Italic)?")
# Names of everything that can act, fetch, hide or be attached; an unsigned certificate needs none of them.
FORBIDDEN_NAMES = frozenset(
    f"/{name}"
    for name in [
        "AA",
        "AcroForm",
        "AF",
        "Annots",
        "Collection",
        "EmbeddedFile",
        "EmbeddedFiles",
        "Encrypt",
        "GoToE",
        "GoToR",
        "ImportData",
        "JavaScript",
        "JS",
        "Launch",
        "Movie",
        "OCProperties",
        "OpenAction",
        "Rendition",
        "RichMedia",
        "Sound",
        "SubmitForm",
        "URI",
        "XFA",
    ]
)
SIDE_MARGIN, PAPER_EDGE = 28, 28  # points: nothing is printed nearer than 1 cm to the edge
A4 = (595, 842)
PICTURE_SCALE = 150 / 72
MOST_OBJECTS = 20_000


class Expected(NamedTuple):
    label: str
    text: str


def problems(pdf: bytes, content: CertificateContent, *, draft_sha256: str) -> list[str]:
    """Why these bytes must not be signed, each as a sentence; an empty list when they may."""
    import pypdfium2

    if content.is_draft:
        return ["Nội dung là bản nháp: chưa có số, ngày và mã kiểm tra."]
    if content.draft_sha256 != draft_sha256:
        return ["Nội dung khác bản đã duyệt ở chỗ khác ngoài số, ngày và mã kiểm tra."]
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return ["Tệp không phải là PDF đọc được."]
    try:
        return [
            *_structure_problems(pdf, content),
            *_text_problems([_text(page) for page in document], content),
            *_paper_problems(document),
            *_qr_problems(document, content),
        ]
    finally:
        document.close()


# ---- words ---------------------------------------------------------------------------------------------------------


def expected_words(content: CertificateContent) -> Iterator[Expected]:
    """Every word of the certificate but the foot, in reading order (mẫu Phiếu số 1, Thông tư 13/2011/TT-BTP)."""
    yield Expected("Mẫu số", f"{content.form_number} {content.form_basis}")
    yield Expected("Cơ quan cấp", f"{content.parent_body} {content.authority_heading}")
    yield Expected("Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc")
    yield Expected("Số phiếu", f"Số: {content.number}/{content.number_suffix}")
    yield Expected("Ngày cấp", wording.place_and_day(content.place, content.issued_on))
    yield Expected("Tên phiếu", f"PHIẾU LÝ LỊCH TƯ PHÁP SỐ {content.certificate_type}")
    yield Expected("Căn cứ", " ".join(content.legal_basis))
    yield Expected("Xác nhận", "XÁC NHẬN:")
    yield Expected("Họ và tên", f"1. Họ và tên {content.full_name}")
    yield Expected("Giới tính", f"2. Giới tính {wording.SEX_WORDS[content.sex]}")
    yield Expected("Ngày sinh", f"3. Ngày, tháng, năm sinh {wording.short_date(content.date_of_birth)}")
    yield Expected("Nơi sinh", f"4. Nơi sinh {content.place_of_birth}")
    yield Expected("Quốc tịch", f"5. Quốc tịch {content.nationality}")
    yield Expected("Số giấy tờ", f"6. {content.identity_label} {content.identity_number}")
    yield Expected("Nơi thường trú", f"7. Nơi thường trú {content.permanent_residence}")
    yield Expected("Tình trạng án tích", f"8. Tình trạng án tích {wording.STATUS_TEXTS[content.status]}")
    for position, judgment in enumerate(content.judgments, start=1):
        day = wording.long_date(judgment.judgment_date)
        yield Expected(
            f"Bản án {position}",
            f"Bản án số {judgment.judgment_number} {day} của {judgment.court} "
            f"Tội danh, điều khoản của Bộ luật Hình sự được áp dụng {judgment.offences} "
            f"Hình phạt chính {judgment.main_penalty} Hình phạt bổ sung {judgment.additional_penalties}",
        )
    yield Expected("Địa chỉ kiểm tra", f"Kiểm tra tại {content.check_domain}")
    yield Expected("Mã kiểm tra", f"Mã: {codes.grouped(content.code or '')}")
    yield Expected("Chức vụ người ký", " ".join(content.signatory_title))
    day_signed = content.issued_on.strftime("%d/%m/%Y") if content.issued_on else ""
    yield Expected("Khung ký", f"Người ký: {content.signatory_name} Cơ quan: {content.authority_name}")
    yield Expected("Ngày ký", f"Ngày ký: {day_signed}")
    yield Expected("Tên người ký", content.signatory_name)


def _text(page: Any) -> str:
    text = page.get_textpage().get_text_range()
    # PDFium writes a hyphen that ends a line as one of these, to join the two halves; ours are all real hyphens.
    return unicodedata.normalize("NFC", text.replace("\ufffe", "-").replace("\x02", "-").replace("\r\n", "\n"))


def _pattern(text: str) -> re.Pattern[str]:
    """The words, with any white space between them, and inside a long word a line break at most."""
    words = unicodedata.normalize("NFC", text).split()
    return re.compile(r"\s+".join(r"\n?".join(map(re.escape, word)) for word in words))


def _text_problems(pages: list[str], content: CertificateContent) -> Iterator[str]:
    foot = f"Phiếu lý lịch tư pháp số {content.certificate_type} · Số: {content.number}/{content.number_suffix}"
    body = []
    for number, text in enumerate(pages, start=1):
        found = re.fullmatch(rf"(.*)\s{_pattern(f'{foot} Trang {number}/{len(pages)}').pattern}\s*", text, re.DOTALL)
        if found is None:
            yield f"Chân trang {number} không đúng số phiếu hoặc số trang."
            return
        body.append(found[1])
    rest = "\n".join(body).strip()
    for expected in expected_words(content):
        found = _pattern(expected.text).match(rest)
        if found is None:
            yield f"Chữ trên PDF khác nội dung ở mục “{expected.label}”."
            return
        rest = rest[found.end() :].lstrip()
    if rest:
        yield "PDF có chữ thừa ngoài nội dung."


# ---- paper ---------------------------------------------------------------------------------------------------------


def _paper_problems(document: Any) -> Iterator[str]:
    pictures = 0
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        if (round(width), round(height)) != A4 or page.get_mediabox()[:2] != (0, 0):
            yield f"Trang {number} không phải khổ A4."
        pictures += sum(1 for _ in page.get_objects(filter=[_image_type()]))
        text = page.get_textpage()
        for left, bottom, right, top in (text.get_rect(index) for index in range(text.count_rects())):
            inside = left >= SIDE_MARGIN and right <= width - SIDE_MARGIN
            if not (inside and bottom >= PAPER_EDGE and top <= height - PAPER_EDGE):
                yield f"Trang {number} có chữ ra ngoài lề giấy."
                break
    if pictures != 1:
        yield f"PDF có {pictures} hình; chỉ được có một hình là mã QR."


def _image_type() -> int:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return FPDF_PAGEOBJ_IMAGE


def _qr_problems(document: Any, content: CertificateContent) -> Iterator[str]:
    import zxingcpp

    only_qr: Any = zxingcpp.BarcodeFormat.QRCode
    found = []
    for page in document:
        picture = page.render(scale=PICTURE_SCALE, grayscale=True).to_pil()
        found += [barcode.text for barcode in zxingcpp.read_barcodes(picture, formats=only_qr)]
    if found != [f"{content.public_base_url}/c/{content.code}"]:
        yield "Mã QR không đọc được hoặc không dẫn đến địa chỉ kiểm tra của phiếu này."


# ---- structure -----------------------------------------------------------------------------------------------------


def _structure_problems(pdf: bytes, content: CertificateContent) -> Iterator[str]:
    from pyhanko.pdf_utils.misc import PdfError

    if not pdf.rstrip().endswith(b"%%EOF") or pdf.count(b"startxref") != 1:
        yield "PDF có phần thêm vào sau khi in."
    try:
        reader = _reader(pdf)
        root, objects = reader.root, list(_objects(reader.trailer.flatten()))
        yield from _tag_problems(root, reader, content)
    except (PdfError, RecursionError, KeyError, ValueError) as error:
        yield f"Cấu trúc PDF không đọc được ({type(error).__name__})."
        return
    names: set[str] = set()
    for thing in objects:
        names.update(str(name) for name in thing) if isinstance(thing, dict) else names.add(str(thing))
    if found := sorted(names & FORBIDDEN_NAMES):
        yield f"PDF có thành phần không được phép: {', '.join(found)}."
    yield from _font_problems([thing for thing in objects if isinstance(thing, dict)])


def _reader(pdf: bytes) -> Any:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader

    class IndexedReader(PdfFileReader):
        """Reads the index of an object stream once. pyHanko reads it anew for each object: seconds for a long file."""

        indexes: dict[int, tuple[io.BytesIO, dict[int, int]]]

        def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
            if stmnum not in self.indexes:
                stream: Any = generic.Reference(stmnum, 0, self).get_object()
                data, first, count = stream.data, int(stream["/First"]), int(stream["/N"])
                numbers = [int(word) for word in data[:first].split()][: 2 * count]
                places = {number: first + place for number, place in zip(numbers[::2], numbers[1::2], strict=True)}
                self.indexes[stmnum] = (io.BytesIO(data), places)
            data, places = self.indexes[stmnum]
            data.seek(places[idnum])
            return generic.read_object(data, generic.Reference(idnum, 0, self))

    IndexedReader.indexes = {}
    return IndexedReader(io.BytesIO(pdf))


def _tag_problems(root: Any, reader: Any, content: CertificateContent) -> Iterator[str]:
    if root.get("/Lang") != "vi" or not root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in root:
        yield "PDF thiếu ngôn ngữ hoặc thẻ cấu trúc cho người dùng trình đọc màn hình."
    title = reader.trailer["/Info"].get("/Title") if "/Info" in reader.trailer else None
    if content.number_text not in str(title):
        yield "Tiêu đề của PDF không có số phiếu."


def _font_problems(dictionaries: list[Any]) -> Iterator[str]:
    fonts = [thing for thing in dictionaries if thing.get("/Type") == "/Font"]
    if any(FONT.fullmatch(str(font.get("/BaseFont", ""))) is None for font in fonts) or not fonts:
        yield "PDF dùng phông chữ khác phông của phiếu."
    descriptors = [thing for thing in dictionaries if thing.get("/Type") == "/FontDescriptor"]
    if any("/FontFile2" not in descriptor for descriptor in descriptors) or not descriptors:
        yield "PDF có phông chữ không được nhúng."


def _objects(start: Any) -> Iterator[Any]:
    """Every dictionary and name that can be reached from the trailer, each once."""
    from pyhanko.pdf_utils import generic

    seen: set[Any] = set()
    waiting = [start]
    while waiting:
        thing: Any = waiting.pop()
        if isinstance(thing, generic.IndirectObject):
            if thing.reference in seen:
                continue
            seen.add(thing.reference)
            if len(seen) > MOST_OBJECTS:
                raise ValueError("too many objects")
            thing = thing.get_object()
        if isinstance(thing, generic.DictionaryObject):
            waiting.extend(thing.raw_get(key) for key in thing)
            yield thing
        elif isinstance(thing, generic.ArrayObject):
            waiting.extend(thing.raw_get(index) for index in range(len(thing)))
        elif isinstance(thing, generic.NameObject):
            yield thing

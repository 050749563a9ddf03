"""Reading a printed PDF back: its words in order, its sheets, its QR code, its structure. Asked of the bytes alone.

The bytes are read by other programs (PDFium, ZXing, pyHanko's reader) than the one that made them. Each check yields
sentences that say what is wrong.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

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


def page_text(page: Any) -> str:
    """What a reader of the page reads, in the order of the tags."""
    text = page.get_textpage().get_text_range()
    # PDFium writes a hyphen that ends a line as one of these, to join the two halves; ours are all real hyphens.
    return unicodedata.normalize("NFC", text.replace("\ufffe", "-").replace("\x02", "-").replace("\r\n", "\n"))


def pattern(text: str) -> re.Pattern[str]:
    """The words, with any white space between them, and inside a long word a line break at most."""
    words = unicodedata.normalize("NFC", text).split()
    return re.compile(r"\s+".join(r"\n?".join(map(re.escape, word)) for word in words))


def word_problems(pages: list[str], expected: Iterable[Expected], foot: str) -> Iterator[str]:
    """Nothing but the expected words in their order, and on each page the foot with its number."""
    body = []
    for number, text in enumerate(pages, start=1):
        found = re.fullmatch(rf"(.*)\s{pattern(f'{foot} Trang {number}/{len(pages)}').pattern}\s*", text, re.DOTALL)
        if found is None:
            yield f"Chân trang {number} không đúng số phiếu hoặc số trang."
            return
        body.append(found[1])
    rest = "\n".join(body).strip()
    for one in expected:
        found = pattern(one.text).match(rest)
        if found is None:
            yield f"Chữ trên PDF khác nội dung ở mục “{one.label}”."
            return
        rest = rest[found.end() :].lstrip()
    if rest:
        yield "PDF có chữ thừa ngoài nội dung."


# ---- paper ---------------------------------------------------------------------------------------------------------


def sheet_problems(document: Any) -> Iterator[str]:
    """A4, nothing printed in the margin, and one picture: the QR code."""
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


def qr_problems(document: Any, address: str) -> Iterator[str]:
    """The one QR code, read from a picture of the pages, leads to this address."""
    import zxingcpp

    only_qr: Any = zxingcpp.BarcodeFormat.QRCode
    found = []
    for page in document:
        picture = page.render(scale=PICTURE_SCALE, grayscale=True).to_pil()
        found += [barcode.text for barcode in zxingcpp.read_barcodes(picture, formats=only_qr)]
    if found != [address]:
        yield "Mã QR không đọc được hoặc không dẫn đến địa chỉ kiểm tra của phiếu này."


# ---- structure -----------------------------------------------------------------------------------------------------


def structure_problems(pdf: bytes, title_words: str) -> Iterator[str]:
    """Nothing that acts or hides, our fonts and all of them embedded, tags, language, and a title with these words."""
    from pyhanko.pdf_utils.misc import PdfError

    if not pdf.rstrip().endswith(b"%%EOF") or pdf.count(b"startxref") != 1:
        yield "PDF có phần thêm vào sau khi in."
    try:
        reader = _reader(pdf)
        root, objects = reader.root, list(_objects(reader.trailer.flatten()))
        yield from _tag_problems(root, reader, title_words)
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


def _tag_problems(root: Any, reader: Any, title_words: str) -> Iterator[str]:
    if root.get("/Lang") != "vi" or not root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in root:
        yield "PDF thiếu ngôn ngữ hoặc thẻ cấu trúc cho người dùng trình đọc màn hình."
    title = reader.trailer["/Info"].get("/Title") if "/Info" in reader.trailer else None
    if title_words not in str(title):
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

"""Content → PDF. The content is the only input, nothing is fetched, and the same content gives the same bytes.

WeasyPrint is loaded by the first rendering, never by importing this module: the signer must not have it (decisions 6).
"""

import atexit
import base64
import io
import logging
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from certificates import codes, wording
from certificates.content import ROOT, CertificateContent, ContentRefused, template_version

logging.getLogger("weasyprint.progress").disabled = True  # eight lines a certificate that say nothing

PICTURE_SCALE = 1.6  # pixels a point: 115 dpi
FONT_FAMILY = "Tinos LLTP"  # a name of its own, so that no installed font of the machine can take its place
FACES = {
    "Tinos-Regular.ttf": "normal normal",
    "Tinos-Bold.ttf": "bold normal",
    "Tinos-Italic.ttf": "normal italic",
    "Tinos-BoldItalic.ttf": "bold italic",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    no: str
    label: str
    text: str


def render(content: CertificateContent) -> bytes:
    """The certificate that will be signed. Two renderings of one content are equal byte for byte."""
    if content.is_draft:
        raise ContentRefused("Phiếu chưa có số, ngày và mã kiểm tra nên chưa in được bản chính.")
    return _pdf(content)


def render_draft(content: CertificateContent) -> bytes:
    """What the approver reads: the same words, with places for number, day, code and signature."""
    if not content.is_draft:
        raise ContentRefused(f"Phiếu {content.number_text} đã có số; không còn là bản nháp.")
    return _pdf(content)


def html(content: CertificateContent) -> str:
    if content.template_version != template_version():
        raise ContentRefused("Mẫu in đã đổi từ khi nội dung phiếu này được duyệt. Hãy xem lại bản nháp và duyệt lại.")
    context = {
        "content": content,
        "words": wording,
        "title": wording.TITLES[content.certificate_type],
        "foot_title": wording.FOOT_TITLES[content.certificate_type],
        "person": person_rows(content),
        "code_text": codes.grouped(content.code) if content.code else wording.CODE_TO_COME,
        "signed_on": wording.short_date(content.issued_on.isoformat()) if content.issued_on else "",
        "qr": "" if content.is_draft else qr_png(content.check_url),
    }
    return render_to_string("certificates/pdf/phieu_so_1.html", context)


def person_rows(content: CertificateContent) -> list[PersonRow]:
    """Nos. 1 to 7 of the form, each filled (Thông tư 13/2011/TT-BTP Art. 15)."""
    rows = [
        ("Họ và tên", content.full_name),
        ("Giới tính", wording.SEX_WORDS[content.sex]),
        ("Ngày, tháng, năm sinh", wording.short_date(content.date_of_birth)),
        ("Nơi sinh", content.place_of_birth),
        ("Quốc tịch", content.nationality),
        (content.identity_label, content.identity_number),
        ("Nơi thường trú", content.permanent_residence),
    ]
    return [PersonRow(f"{position}.", label, text) for position, (label, text) in enumerate(rows, start=1)]


def qr_png(url: str) -> str:
    """A picture as a data: address, large enough to stay sharp. Level Q: a quarter may be lost to folds and stamps."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="q", boost_error=False, micro=False).save(out, kind="png", scale=8, border=0)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def _pdf(content: CertificateContent) -> bytes:
    page, press = html(content), _press()
    from weasyprint import HTML

    with press.lock:
        return HTML(string=page, url_fetcher=press.fetcher, base_url=None).write_pdf(
            stylesheets=[press.style],
            font_config=press.fonts,
            pdf_identifier=content.sha256.encode(),
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            custom_metadata=False,
        )


@dataclass(frozen=True, slots=True)
class _Press:
    """What each process makes once: fonts, parsed style, and a fetcher that knows nothing but data: addresses."""

    fonts: Any
    style: Any
    fetcher: Any
    lock: Any  # a font configuration is not for two threads at once


_make_press = threading.Lock()


def _press() -> _Press:
    with _make_press:
        return _made_press()


@cache
def _made_press() -> _Press:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_made_press.cache_clear)  # its folder of fonts goes while Python can still remove it
    fetcher, fonts = data_only_fetcher(), FontConfiguration()
    text = _font_faces() + (ROOT / "templates/certificates/pdf/phieu.css").read_text(encoding="utf-8")
    return _Press(fonts, CSS(string=text, font_config=fonts, url_fetcher=fetcher), fetcher, threading.Lock())


def data_only_fetcher() -> Any:
    """An address that is not data: stops the rendering instead of leaving a hole in the paper."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DataOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.lower().startswith("data:"):
                raise FatalURLFetchingError(f"certificates fetch nothing: {url[:60]}")
            return super().fetch(url, headers)

    return DataOnly(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


def _font_faces() -> str:
    faces = []
    for name, look in FACES.items():
        weight, style = look.split()
        data = base64.b64encode((ROOT / "certificates/fonts" / name).read_bytes()).decode()
        faces.append(
            f"@font-face {{ font-family: {FONT_FAMILY}; font-weight: {weight}; font-style: {style}; "
            f"src: url(data:font/ttf;base64,{data}); }}\n"
        )
    return "".join(faces)


def as_picture(pdf: bytes) -> bytes:
    """The pages of a PDF below each other as one PNG, as sharp as a screen needs."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.render(scale=PICTURE_SCALE, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    whole = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)), 255)
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()

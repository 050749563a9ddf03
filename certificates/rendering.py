"""Content → PDF. The content is the only input, nothing is fetched, and the same content gives the same bytes."""

import io
from dataclasses import dataclass

from django.template.loader import render_to_string

from certificates import codes, press, wording
from certificates.content import CertificateContent, ContentRefused, template_version

PICTURE_SCALE = 1.6  # pixels a point: 115 dpi
STYLE = "certificates/pdf/phieu.css"


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
        "qr": "" if content.is_draft else press.qr_png(content.check_url),
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


def _pdf(content: CertificateContent) -> bytes:
    return press.print_page(html(content), style=STYLE, identifier=content.sha256)


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

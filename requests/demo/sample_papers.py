"""Papers for the demo's requests: drawn, and marked on their face as samples that nobody issued."""

import io
from datetime import datetime
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from requests import actions, attached, clock
from requests.actions.filing import open_declaration
from requests.attachments import cleaning
from requests.models import Attachment, CertificateRequest, Declaration

FONT = Path(settings.BASE_DIR) / "certificates" / "fonts" / "Tinos-Bold.ttf"
SIZE, GROUND, INK = (1000, 640), "#eef3f2", "#171b34"
MARK = "BẢN MẪU · DỮ LIỆU GIẢ LẬP"


def attach_needed(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """A sample of every paper that the case needs, and one of the identity card for the clerk to look at."""
    declaration = open_declaration(certificate_request)
    kinds = {need.kind for need in attached.needs(declaration, clock.local_day(at))} | {Attachment.Kind.IDENTITY}
    for kind in sorted(kinds):
        cleaned = cleaning.clean(io.BytesIO(_drawn(Attachment.Kind(kind).label, declaration)), "mau.jpg")
        by = certificate_request.filed_by
        name = f"{kind.replace('_', '-')}-mau.jpg"
        actions.attach(certificate_request, by=by, kind=kind, name=name, cleaned=cleaned, at=at)
    actions.show_at_counter(certificate_request, by=certificate_request.filed_by, kinds=[])


def _drawn(title: str, declaration: Declaration) -> bytes:
    paper = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(paper)
    pen.rectangle((20, 20, SIZE[0] - 20, SIZE[1] - 20), outline=INK, width=4)
    lines = ((44, title.upper()), (36, MARK), (40, declaration.full_name), (36, declaration.date_of_birth))
    for row, (height, words) in enumerate(lines):
        font = ImageFont.truetype(str(FONT), height)
        while pen.textlength(words, font) > SIZE[0] - 120:
            height -= 2
            font = ImageFont.truetype(str(FONT), height)
        pen.text((60, 110 + 110 * row), words, fill=INK, font=font)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=80)
    return out.getvalue()

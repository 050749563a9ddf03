"""Files as people send them, and as nobody should: made here, byte by byte, for the tests of attachments."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

# The file that every scanner must call a virus (eicar.org), never whole in this repository.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def photograph(*, size=(640, 480), form="JPEG", corner="red", **more) -> bytes:
    """A white picture whose upper left quarter has a colour, so that one sees how it was turned."""
    picture = Image.new("RGB", size, "white")
    picture.paste(corner, (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def turned_photograph() -> bytes:
    """Lying on its side, as telephones save: the EXIF says how to hold it, who made it and where."""
    exif = Image.Exif()
    exif[0x0112] = 6  # hold it a quarter turn clockwise
    exif[0x010F] = "HANGMAY-BIMAT"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 0.0)
    return photograph(exif=exif)


def pdf(*, words: str = "Giay to", change=None, **save) -> bytes:
    """One page with words; `change(pdf, page)` may add to it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    page = document.pages[0]
    page.obj.Contents = document.make_stream(f"BT /F1 24 Tf 100 700 Td ({words}) Tj ET".encode())
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    if change:
        change(document, page)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def acting_pdf() -> bytes:
    """A PDF with everything in it that acts: when opened, turned, pressed, or looked into."""
    Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array

    def change(document, page):
        script = Dictionary(S=Name.JavaScript, JS="app.alert('da-chay')")
        document.Root.OpenAction = script
        document.Root.AA = Dictionary(WC=script)
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", script])))
        document.attachments["nguy-hiem.exe"] = b"MZ-tep-dinh-kem"
        launch = Dictionary(S=Name.Launch, F="cmd.exe")
        submit = Dictionary(S=Name.SubmitForm, F="http://vi-du.example/lay-du-lieu")
        page.obj.AA = Dictionary(O=launch)
        box = Array([10, 10, 90, 90])
        links = [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action) for action in (launch, submit)]
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="o", V="da dien", Rect=box, AA=Dictionary(K=script)
        )
        page.obj.Annots = Array([document.make_indirect(one) for one in (*links, field)])
        xfa = document.make_stream(b"<xdp:xdp><script>da-chay</script></xdp:xdp>")
        document.Root.AcroForm = Dictionary(
            Fields=Array([page.obj.Annots[2]]), XFA=xfa, DA="/Helv 12 Tf 0 g", NeedAppearances=True
        )

    return pdf(change=change)


def pdf_with(inside: bytes) -> bytes:
    """A PDF that shows a picture whose bytes are these."""

    def change(document, page):
        picture = document.make_stream(inside)
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = len(inside), 1, 8
        picture.ColorSpace = pikepdf.Name.DeviceGray
        page.obj.Resources.XObject = pikepdf.Dictionary(P=picture)
        page.obj.Contents = document.make_stream(b"q 100 0 0 100 0 0 cm /P Do Q")

    return pdf(change=change)


def pdf_that_is_also_a_zip() -> bytes:
    out = io.BytesIO(pdf())
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("trong.txt", "x")
    return out.getvalue()


def zip_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def zip_with_a_symlink() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("giay-to.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png(side: int = 50_000) -> bytes:
    """Some kilobytes that say they are 50,000 × 50,000 pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(20_000_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def jpeg_with_huge_exif() -> bytes:
    plain = photograph()
    part = b"Exif\0\0" + b"A" * 65_000
    segment = b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part
    return plain[:2] + segment * 100 + plain[2:]


def deep_pdf() -> bytes:
    """A page drawn by forms within forms within forms, each ten times: 10**8 of them."""
    Name, Dictionary = pikepdf.Name, pikepdf.Dictionary

    def change(document, page):
        inner = None
        for _ in range(8):
            form = document.make_stream(b"/P Do " * 10 if inner is not None else b"0 0 m 9 9 l S")
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, pikepdf.Array([0, 0, 500, 500])
            if inner is not None:
                form.Resources = Dictionary(XObject=Dictionary(P=inner))
            inner = form
        page.obj.Resources.XObject = Dictionary(P=inner)
        page.obj.Contents = document.make_stream(b"/P Do")

    return pdf(change=change)

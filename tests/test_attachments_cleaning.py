"""Hostile files (E01, E03 to E07): what is kept is what can be seen, written by ourselves, at a bounded price."""

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from requests.attachments import cleaning, names, sheet, types
from requests.attachments.limits import CLEANER_SECONDS, LONGEST_SIDE, MOST_BYTES, MOST_PAGES, MOST_PREVIEW_BYTES
from requests.attachments.refusal import Refused
from requests.attachments.wording import REFUSALS, refusal
from tests import paper_files

ROOT = Path(__file__).resolve().parent.parent


def clean(content: bytes, name: str = "giay-to") -> cleaning.Cleaned:
    return cleaning.clean(io.BytesIO(content), name)


def refused(content: bytes, name: str = "giay-to") -> str:
    """The code of the refusal; empty when the file is taken."""
    try:
        clean(content, name)
    except Refused as error:
        return error.code
    return ""


# --- What is taken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_as_a_jpeg_of_our_own(form):
    cleaned = clean(paper_files.photograph(form=form))
    assert (cleaned.media_type, cleaned.width, cleaned.height, cleaned.pages) == ("image/jpeg", 640, 480, 1)
    assert Image.open(io.BytesIO(cleaned.content)).getpixel((10, 10))[0] > 200


def test_exif_is_gone_and_the_picture_stands_upright():
    sent = paper_files.turned_photograph()
    assert b"HANGMAY-BIMAT" in sent
    kept = clean(sent)
    picture = Image.open(io.BytesIO(kept.content))
    assert (kept.width, kept.height) == picture.size == (480, 640)
    assert not picture.getexif() and "exif" not in picture.info and b"HANGMAY" not in kept.content
    corner = {where: picture.getpixel(where)[1] < 100 for where in ((20, 20), (460, 20), (20, 620), (460, 620))}
    assert corner == {(20, 20): False, (460, 20): True, (20, 620): False, (460, 620): False}


def test_what_stands_behind_a_picture_does_not_come_along():
    kept = clean(paper_files.photograph() + b"\0" * 100 + b"PHIM-NGAN-DI-KEM")
    assert b"PHIM-NGAN" not in kept.content


def test_a_large_photograph_is_made_smaller_and_a_transparent_one_is_put_on_white():
    large = clean(paper_files.photograph(size=(6000, 4000)))
    assert max(large.width, large.height) == LONGEST_SIDE
    clear = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    assert Image.open(io.BytesIO(clean(clear.getvalue()).content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_keeps_its_pages_and_loses_everything_that_acts():
    sent = paper_files.acting_pdf()
    words = [b"JavaScript", b"/JS", b"OpenAction", b"/AA", b"Launch", b"SubmitForm", b"EmbeddedFile", b"XFA"]
    words += [b"da-chay", b"cmd.exe", b"vi-du.example", b"MZ-tep", b"AcroForm", b"/Annots"]
    kept = clean(sent, "don.pdf")
    assert (kept.media_type, kept.pages) == ("application/pdf", 1)
    with pikepdf.open(io.BytesIO(sent)) as before, pikepdf.open(io.BytesIO(kept.content)) as after:
        assert "/OpenAction" in before.Root and len(before.attachments) == 1
        assert set(after.Root.keys()) <= {"/Type", "/Pages"} and len(after.attachments) == 0
        everything = b"".join(
            thing.read_bytes() if isinstance(thing, pikepdf.Stream) else thing.unparse(resolved=True)
            for thing in after.objects
        )
        assert [word for word in words if word in everything or word in kept.content] == []
        assert b"Giay to" in everything


def test_what_was_filled_in_stays_to_be_read_when_the_form_is_gone():
    import pypdfium2

    with pypdfium2.PdfDocument(clean(paper_files.acting_pdf()).content) as document:
        assert "da dien" in document[0].get_textpage().get_text_bounded()


def test_a_page_that_inherits_its_size_from_the_tree_keeps_it():
    def change(document, page):
        document.Root.Pages.MediaBox = pikepdf.Array([0, 0, 300, 200])
        document.Root.Pages.Resources = page.obj.Resources
        del page.obj["/MediaBox"], page.obj["/Resources"]

    with pikepdf.open(io.BytesIO(clean(paper_files.pdf(change=change)).content)) as after:
        assert [float(side) for side in after.pages[0].mediabox] == [0, 0, 300, 200]
        assert "/F1" in after.pages[0].obj.Resources.Font


def test_previews_are_small_and_stand_below_each_other():
    noise = Image.effect_noise((900, 1200), 80)
    out = io.BytesIO()
    noise.save(out, "JPEG")
    previews = [clean(out.getvalue()).preview, clean(paper_files.pdf()).preview]
    assert all(len(preview) <= MOST_PREVIEW_BYTES for preview in previews)
    page = Image.open(io.BytesIO(sheet.sheet([*previews, b""])))
    assert page.size == (96, 3 * 128)
    assert page.getpixel((48, 2 * 128 + 64))[0] > 250


# --- What is not ----------------------------------------------------------------------------------------------------

REFUSED = {
    "E01 PDF with a ZIP behind it": (paper_files.pdf_that_is_also_a_zip, "", "two_in_one"),
    "E01 PDF that is a page": (lambda: b"%PDF-1.7\n<html><script>x</script>" + paper_files.pdf()[9:], "", "two_in_one"),
    "E01 page behind a PDF": (lambda: paper_files.pdf() + b"<html><body>x</body></html>", "", "two_in_one"),
    "E01 PDF with junk before it": (lambda: b"x" + paper_files.pdf(), "", "type"),
    "E01 .pdf.exe": (paper_files.pdf, "don.pdf.exe", "name"),
    "E01 a program": (lambda: b"MZ" + bytes(200), "don.pdf", "type"),
    "E01 magic and nothing else": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "a.png", "broken"),
    "E03 bomb in a ZIP": (lambda: paper_files.zip_of("a.txt", bytes(30_000_000)), "a.zip", "type"),
    "E03 ZIP in a ZIP": (lambda: paper_files.zip_of("b.zip", paper_files.zip_of("a", bytes(10**6))), "", "type"),
    "E03 symlink": (paper_files.zip_with_a_symlink, "a.pdf", "type"),
    "E05 SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', "a.svg", "type"),
    "E05 SVG with a declaration": (lambda: b'<?xml version="1.0"?><svg><foreignObject/></svg>', "a.png", "type"),
    "E06 XML that reads files": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "f">]>',
        "",
        "type",
    ),
    "E06 office file": (lambda: paper_files.zip_of("[Content_Types].xml", b"<x/>"), "don.docx", "type"),
    "E06 old office file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "don.doc", "type"),
    "page": (lambda: b"<!DOCTYPE html><html></html>", "a.html", "type"),
    "GIF": (lambda: paper_files.photograph(form="GIF"), "a.gif", "type"),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(100), "IMG_0001.HEIC", "heic"),
    "E02 EICAR as it is": (lambda: paper_files.EICAR, "eicar.pdf", "type"),
    "E08 nothing": (lambda: b"", "a.pdf", "empty"),
    "E08 a byte too many": (lambda: b"%PDF-" + bytes(MOST_BYTES - 4), "a.pdf", "too_large"),
    "cut off": (lambda: paper_files.pdf()[:-200], "a.pdf", "broken"),
    "cut-off picture": (lambda: paper_files.photograph(size=(900, 900))[:-900], "a.jpg", "broken"),
    "locked": (lambda: paper_files.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "a.pdf", "encrypted"),
    "half locked": (lambda: paper_files.pdf(encryption=pikepdf.Encryption(owner="a", user="")), "a.pdf", "encrypted"),
    "too many pages": (
        lambda: paper_files.pdf(change=lambda pdf, page: [pdf.add_blank_page() for _ in range(MOST_PAGES)]),
        "a.pdf",
        "pages",
    ),
    "E04 huge picture": (paper_files.huge_png, "a.png", "pixels"),
    "E04 huge EXIF": (paper_files.jpeg_with_huge_exif, "a.jpg", "exif"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words(case):
    make, name, code = REFUSED[case]
    assert refused(make(), name) == code
    words = refusal(code)
    assert words.endswith(".") and "%" not in words and (name == "" or name not in words)


def test_every_refusal_is_tried():
    """Those of the whole sending are tried on the page."""
    tried = {code for _, _, code in REFUSED.values()}
    assert set(REFUSALS) - tried == {"no_room", "too_many", "too_much", "no_file", "no_kind", "too_complex"}


@pytest.mark.parametrize("make", [paper_files.huge_png, paper_files.jpeg_with_huge_exif])
def test_a_bomb_costs_little_time_and_memory(make):
    """E04: in a process that counts, with the libraries already loaded: under 50 MB and a second of work more."""
    program = """
import io, resource, sys, time
from requests.attachments import cleaner, images, pdfs
from requests.attachments.refusal import Refused
images.clean(io.BytesIO(open(sys.argv[2], "rb").read()))
came = io.BytesIO(open(sys.argv[1], "rb").read())
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    cleaner.clean(came)
except Refused as refused:
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(refused.code, after - before, time.process_time() - began)
"""
    code, kilobytes, seconds = _measured(program, make(), paper_files.photograph())
    assert code in {"pixels", "exif"}
    assert int(kilobytes) < 50 * 1024 and float(seconds) < 1


def _measured(program: str, *files: bytes) -> list[str]:
    paths = []
    for content in files:
        handle, path = tempfile.mkstemp()
        os.write(handle, content)
        os.close(handle)
        paths.append(path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, *paths], cwd=ROOT, env={}, capture_output=True, text=True, check=True
        )
    finally:
        for path in paths:
            os.unlink(path)
    return done.stdout.split()


def test_a_pdf_that_never_ends_drawing_is_given_up():
    """Whether the library is quick about it or the kernel ends the process: an answer, in bounded time."""
    began = time.monotonic()
    code = refused(paper_files.deep_pdf())
    assert code in {"", "too_complex", "broken"}
    assert time.monotonic() - began < CLEANER_SECONDS + 3


# --- The process apart ----------------------------------------------------------------------------------------------


def test_the_cleaner_is_told_nothing_and_limited_by_the_kernel():
    program = """
import os, resource
from requests.attachments import cleaner
cleaner.limit()
print(resource.getrlimit(resource.RLIMIT_AS)[1], resource.getrlimit(resource.RLIMIT_CPU)[1])
try:
    bytearray(2_000_000_000)
except MemoryError:
    print("refused")
print(any(name in "".join(__import__("sys").modules) for name in ("django", "lltp_portal")))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(512 * 1024 * 1024), "8", "refused", "False"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no json\n",
        b"[]\n",
        b'{"refused": "made up"}\n',
        b'{"media_type": "text/html", "content": 4, "preview": 0, "pages": 1, "width": 1, "height": 1}\n<x/>',
        b'{"media_type": "image/jpeg", "content": 9, "preview": 0, "pages": 1, "width": 1, "height": 1}\n\xff\xd8\xff',
        b'{"media_type": "image/jpeg", "content": 3, "preview": 3, "pages": 1, "width": 1, "height": 1}\n'
        + b"\xff\xd8\xff" * 3,
    ],
)
def test_an_unsound_answer_of_the_cleaner_is_believed_in_nothing(answer):
    with pytest.raises(Refused, match="too_complex"):
        cleaning._believed(io.BytesIO(answer))


def test_a_cleaner_that_dies_costs_one_file(monkeypatch):
    monkeypatch.setattr(cleaning, "CLEANER_SECONDS", 0.01)
    assert refused(paper_files.photograph()) == "too_complex"


# --- Names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\giấy tờ\\khai sinh.pdf", "khai sinh.pdf"),
        ("anh\u202egpj.exe", "anh gpj.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1.pdf"),
        ("a%0d%0aX: y.pdf", "a%0d%0aX: y.pdf"),
        ("\u200b\u2066.pdf", ".pdf"),
        ("Giâ\u0301y khai sinh.jpg", "Giấy khai sinh.jpg"),
        ("", "tệp không tên"),
        ("\0", "tệp không tên"),
    ],
)
def test_a_name_is_shown_without_what_deceives(sent, shown):
    assert names.shown(sent) == shown


def test_a_long_name_keeps_its_beginning_and_its_end():
    found = names.shown("g" * 300 + ".pdf")
    assert len(found) == names.LONGEST_SHOWN and found.endswith(".pdf") and "…" in found


def test_the_name_that_is_handed_out_is_ours():
    assert names.stored("fee_proof", "0123456789AB", "image/jpeg") == "fee-proof-0123456789AB.jpg"
    assert types.extension("a.PDF ") == "pdf" and types.extension("image") == ""

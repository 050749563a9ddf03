"""What a file is, by its first bytes and nothing else; and what it certainly is not, by its name and its end. Pure."""

import re

# Longest first bytes that are looked at, and last bytes: a ZIP's end record lies within its last 65,557.
HEAD, TAIL = 1024, 66_000
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
NAMED = {"pdf", "jpg", "jpeg", "jpe", "jfif", "png", "webp"}
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.I)
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypavif")


def extension(name: str) -> str:
    """What stands behind the last full stop, in small letters; nothing where there is no stop."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def sniff(head: bytes) -> str:
    """The media type of a file that begins like this; nothing where it is none of those that are taken."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in MAGIC if head.startswith(magic)), "")


def problem(name: str, head: bytes, tail: bytes) -> str:
    """Why this file is not taken, as a code of `wording`; nothing when it may be opened."""
    if not head:
        return "empty"
    if not sniff(head):
        return "heic" if head[4:12] in HEIC else "type"
    if extension(name) and extension(name) not in NAMED:
        return "name"
    # One file that is two: a PDF that a browser would read as a page, a picture that unpacks as an archive.
    if MARKUP.search(head) or b"PK\x05\x06" in tail or _goes_on_after_its_end(head, tail):
        return "two_in_one"
    return ""


def _goes_on_after_its_end(head: bytes, tail: bytes) -> bool:
    """Whether something stands behind a PDF's last end mark, where readers of PDFs do not look and others do."""
    if not head.startswith(b"%PDF-"):
        return False
    return bool(tail.rpartition(b"%%EOF")[2].strip(b"\0 \t\r\n")) and b"%%EOF" in tail

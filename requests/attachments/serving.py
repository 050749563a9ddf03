"""How bytes that came from strangers are handed out: as what we know them to be, and never as a page."""

from django.http import HttpResponse

# Were it ever opened as a page: no script, no form, no origin, nothing fetched.
SANDBOX = "default-src 'none'; sandbox"


def handed_out(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A picture may be looked at where it is; a PDF is saved, and opened by what the reader uses for PDFs."""
    response = HttpResponse(content, content_type=media_type)
    how = "inline" if media_type.startswith("image/") else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def picture(content: bytes) -> HttpResponse:
    """The sheet of previews."""
    return handed_out(content, media_type="image/jpeg", name="giay-to.jpg")

"""A PDF taken apart and put together anew: its pages as they print, and nothing that acts.

Runs in the cleaner's process only. What a page needs to be drawn is copied by name into a new file; scripts, actions,
attached files, forms (XFA too), links and media have no name there and stay behind.
"""

import io
from collections.abc import Iterable
from typing import Any

import pikepdf

from requests.attachments.images import preview
from requests.attachments.limits import MOST_PAGES
from requests.attachments.refusal import Refused

# All that a page may bring with it. /Annots is not among them: what they show is drawn into the page first.
OF_A_PAGE = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"}
# Within what is drawn, whatever it hangs on: what runs, opens, sends, fetches or carries something else.
NEVER = {
    "/A",
    "/AA",
    "/AF",
    "/Annots",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/Launch",
    "/Metadata",
    "/OpenAction",
    "/OPI",
    "/PieceInfo",
    "/Ref",
    "/RichMediaContent",
    "/URI",
    "/XFA",
}
OF_AN_OUTSIDE_FILE = {"/F", "/FFilter", "/FDecodeParms"}
DEEPEST = 30
PREVIEW_SCALE = 0.3


def clean(source: io.BufferedIOBase) -> dict[str, Any]:
    """The same pages in a file of our own making, how many they are, and the first one small."""
    with _opened(source) as came:
        count = len(came.pages)
        if not 1 <= count <= MOST_PAGES:
            raise Refused("pages" if count else "broken")
        try:
            content = _rewritten(came)
        except Refused:
            raise
        except Exception as error:  # whatever the library says about hostile bytes, the answer is the same
            raise Refused("broken") from error
    return {
        "media_type": "application/pdf",
        "content": content,
        "preview": _first_page(content),
        "pages": count,
        "width": 0,
        "height": 0,
    }


def _opened(source: io.BufferedIOBase) -> pikepdf.Pdf:
    try:
        came = pikepdf.open(source, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except Exception as error:
        raise Refused("broken") from error
    if came.is_encrypted:
        came.close()
        raise Refused("encrypted")
    return came


def _rewritten(came: pikepdf.Pdf) -> bytes:
    """What is filled in or stamped becomes part of the page; then only what is drawn goes over."""
    if "/AcroForm" in came.Root:
        came.generate_appearance_streams()
    came.flatten_annotations("screen")
    for page in came.pages:
        for name in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            _inherit(page.obj, name)
        for name in set(page.obj.keys()) - OF_A_PAGE:
            del page.obj[name]
    fresh = pikepdf.new()
    fresh.pages.extend(came.pages)
    for thing in fresh.objects:
        _strip(thing)
    out = io.BytesIO()
    fresh.remove_unreferenced_resources()
    fresh.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _inherit(page: Any, name: str) -> None:
    """What the page has from its parents stands on the page itself, since the parents stay behind."""
    parent, steps = page.get("/Parent"), 0
    while name not in page and parent is not None and steps < DEEPEST:
        if name in parent:
            page[name] = parent[name]
        parent, steps = parent.get("/Parent"), steps + 1


def _strip(thing: Any) -> None:
    """Delete every name that acts from this object and what is written inside it; what it refers to comes by itself."""
    level, depth = [thing], 0
    while level:
        if depth > DEEPEST:
            raise Refused("too_complex")
        level = [inner for outer in level for inner in _stripped(outer) if depth == 0 or not inner.is_indirect]
        depth += 1


def _stripped(thing: Any) -> Iterable[Any]:
    """The containers written inside this one, after its own names were looked at."""
    if isinstance(thing, pikepdf.Array):
        found = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        never = NEVER | OF_AN_OUTSIDE_FILE if isinstance(thing, pikepdf.Stream) else NEVER
        for name in never & set(thing.keys()):
            del thing[name]
        if thing.get("/Subtype") == "/PS":  # PostScript: a program for the printer
            raise Refused("too_complex")
        found = [value for _, value in thing.items()]
    else:
        return []
    return [one for one in found if isinstance(one, pikepdf.Array | pikepdf.Dictionary) and not one.is_indirect]


def _first_page(content: bytes) -> bytes:
    """How the first page looks; also shows that the file that will be kept can be opened."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            page = document[0]
            scale = min(PREVIEW_SCALE, 400 / max(*page.get_size(), 1))
            return preview(page.render(scale=scale).to_pil().convert("RGB"))
    except Exception as error:
        raise Refused("broken") from error

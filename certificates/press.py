"""The press: HTML and a style sheet → tagged PDF in the portal's own fonts. Nothing is fetched, and the same page gives
the same bytes (docs/adr/0005).

WeasyPrint is loaded by the first printing, never by importing this module: the signer must not have it (decisions 6).
"""

import atexit
import base64
import io
import logging
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

logging.getLogger("weasyprint.progress").disabled = True  # eight lines a paper that say nothing

ROOT = Path(__file__).resolve().parent.parent
FONT_FAMILY = "Tinos LLTP"  # a name of its own, so that no installed font of the machine can take its place
FACES = {
    "Tinos-Regular.ttf": "normal normal",
    "Tinos-Bold.ttf": "bold normal",
    "Tinos-Italic.ttf": "normal italic",
    "Tinos-BoldItalic.ttf": "bold italic",
}


def print_page(page: str, *, style: str, identifier: str) -> bytes:
    """The page as PDF/UA. `style` is a path below templates/; `identifier` stands in the file in place of chance."""
    press = _press(style)
    from weasyprint import HTML

    with press.lock:
        return HTML(string=page, url_fetcher=press.fetcher, base_url=None).write_pdf(
            stylesheets=[press.style],
            font_config=press.fonts,
            pdf_identifier=identifier.encode(),
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            custom_metadata=False,
        )


def qr_png(url: str) -> str:
    """A picture as a data: address, large enough to stay sharp. Level Q: a quarter may be lost to folds and stamps."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="q", boost_error=False, micro=False).save(out, kind="png", scale=8, border=0)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@dataclass(frozen=True, slots=True)
class _Press:
    """What each process makes once a style: fonts, parsed style, and a fetcher that knows only data: addresses."""

    fonts: Any
    style: Any
    fetcher: Any
    lock: Any  # a font configuration is not for two threads at once


_make_press = threading.Lock()


def _press(style: str) -> _Press:
    with _make_press:
        return _made_press(style)


@cache
def _made_press(style: str) -> _Press:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_made_press.cache_clear)  # its folder of fonts goes while Python can still remove it
    fetcher, fonts = data_only_fetcher(), FontConfiguration()
    text = _font_faces() + (ROOT / "templates" / style).read_text(encoding="utf-8")
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

"""The portal's own icons: 24 × 24, stroke 2, round caps. Each meaning is fixed and always stands beside a word."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_CIRCLE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"
_OCTAGON = "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"
_DOCUMENT = "M14 3H6v18h12V7zM14 3v4h4"

# name → path data. circle-check = on time or done, clock = today or a time, triangle = soon or caution,
# octagon = late or error, paused = two bars, magnifier = being checked, pen = signing, eye = who looked.
ICONS = {
    "arrow-left": "M20 12H4M10 6l-6 6 6 6",
    "arrow-right": "M4 12h16M14 6l6 6-6 6",
    "bank-note": "M3 6h18v12H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 9v.01M18 15v.01",
    "calendar": "M4 6h16v15H4zM4 11h16M8 3v4M16 3v4",
    "circle-check": f"{_CIRCLE}M8 12.2l2.8 2.8L16 9.5",
    "clock": f"{_CIRCLE}M12 7v5l3 2",
    "cross": "M5 5l14 14M19 5L5 19",
    "document": f"{_DOCUMENT}M9 12h6M9 16h6",
    "download": "M12 3v12M7 10.5l5 5 5-5M4 20h16",
    "eye": "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    "flag": "M5 21V4h13l-3 4 3 4H5",
    "help": f"{_CIRCLE}M9.4 9.3a2.7 2.7 0 1 1 4 2.5c-.9.5-1.4 1-1.4 2M12 17v.01",
    "house": "M3 11l9-8 9 8M5 9.5V21h5v-6h4v6h5V9.5",
    "information": f"{_CIRCLE}M12 11v5.5M12 7.5v.01",
    "lock": "M6 11h12v10H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
    "magnifier": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
    "mail": "M3 5h18v14H3zM3 6l9 7 9-7",
    "none": f"{_CIRCLE}M5.5 18.5l13-13",
    "octagon": f"{_OCTAGON}M12 7.5v5.5M12 16.5v.01",
    "paused": "M9 6v12M15 6v12",
    "pen": "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 21a7.5 7.5 0 0 1 15 0",
    "phone": "M5 3h4l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v4c0 1-1 2-2 2A16 16 0 0 1 3 5c0-1 1-2 2-2z",
    "plus": "M12 5v14M5 12h14",
    "printer": "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
    "return": "M9 5L4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3",
    "shield": "M12 3l8 3v6c0 5-3.5 8-8 9.5C7.5 20 4 17 4 12V6zM8.5 12l2.5 2.5 4.5-5",
    "tick": "M5 12.5l4.5 4.5L19 7.5",
    "triangle": "M12 3.5L22 20.5H2zM12 10v4.5M12 17.5v.01",
    "up": "M12 20V5M6 11l6-6 6 6",
}


def icon(name: str) -> SafeString:
    """The icon as inline SVG, hidden from screen readers because the word beside it says the same."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])

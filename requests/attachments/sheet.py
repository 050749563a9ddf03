"""All previews of a list in one picture, so that a list of twelve costs one fetch. Only pictures that we made."""

import io
from collections.abc import Sequence

from PIL import Image

from requests.attachments.limits import PREVIEW_SIZE

WIDTH, HEIGHT = PREVIEW_SIZE


def sheet(previews: Sequence[bytes]) -> bytes:
    """The previews below each other, each in the middle of a cell of its own; an empty one stays white."""
    page = Image.new("RGB", (WIDTH, max(1, HEIGHT * len(previews))), "white")
    for row, preview in enumerate(previews):
        if preview:
            with Image.open(io.BytesIO(preview), formats=["JPEG"]) as small:
                page.paste(small, ((WIDTH - small.width) // 2, row * HEIGHT + (HEIGHT - small.height) // 2))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60, optimize=True)
    return out.getvalue()

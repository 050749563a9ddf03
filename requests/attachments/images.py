"""A picture decoded and written anew: nothing of the file that came is left but what can be seen.

Runs in the cleaner's process only. The header is read first; what would not fit is refused before a pixel is decoded.
"""

import io
from typing import Any

from PIL import Image, ImageOps, PngImagePlugin

from requests.attachments.limits import LONGEST_SIDE, MOST_EXIF, MOST_PIXELS, MOST_PREVIEW_BYTES, PREVIEW_SIZE
from requests.attachments.refusal import Refused

Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
PngImagePlugin.MAX_TEXT_CHUNK = 64 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024


def clean(source: io.BufferedIOBase) -> dict[str, Any]:
    """The picture as JPEG, upright, without EXIF or anything else beside the pixels; and its preview."""
    picture = _opened(source)
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture = on_white(picture)
    except Exception as error:  # whatever a decoder says about hostile bytes, the answer is the same
        raise Refused("broken") from error
    return {
        "media_type": "image/jpeg",
        "content": as_jpeg(picture, quality=85),
        "preview": preview(picture),
        "pages": 1,
        "width": picture.width,
        "height": picture.height,
    }


def _opened(source: io.BufferedIOBase) -> Image.Image:
    """The picture with its header read and nothing decoded."""
    try:
        picture = Image.open(source, formats=list(MOST_PIXELS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except Exception as error:
        raise Refused("broken") from error
    if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
        raise Refused("pixels")
    if len(picture.info.get("exif", b"")) > MOST_EXIF:
        raise Refused("exif")
    return picture


def on_white(picture: Image.Image) -> Image.Image:
    """As it would look on paper: transparency becomes white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    return picture.convert("RGB")


def as_jpeg(picture: Image.Image, *, quality: int) -> bytes:
    """The pixels alone: what the opened file said about itself is not handed on."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def preview(picture: Image.Image) -> bytes:
    """Small enough for a list of them on a slow telephone."""
    small = picture.copy()
    small.thumbnail(PREVIEW_SIZE)
    for quality in (60, 45, 30, 20, 10):
        found = as_jpeg(small, quality=quality)
        if len(found) <= MOST_PREVIEW_BYTES:
            break
    return found

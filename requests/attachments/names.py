"""Names of files: theirs is data to be shown with care, ours is what the portal hands out. Pure."""

import unicodedata

LONGEST_SHOWN = 100
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def shown(name: str) -> str:
    """A sent name as it is kept and shown: no folder, nothing invisible, nothing that turns the reading direction."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in name)
    name = " ".join(seen.split())
    if len(name) > LONGEST_SHOWN:
        name = f"{name[: LONGEST_SHOWN - 12]}…{name[-11:]}"
    return name or "tệp không tên"


def stored(kind: str, code: str, media_type: str) -> str:
    """The name under which the portal hands the file out: ASCII of its own, nothing of what was sent."""
    return f"{kind.replace('_', '-')}-{code}.{EXTENSIONS[media_type]}"

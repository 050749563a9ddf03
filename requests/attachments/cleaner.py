"""The process that opens what strangers send: bytes in, clean bytes out, then it ends. Run by `cleaning`.

It sets its own limits before it reads the first byte, and is started with an empty environment: no secret, no address
of a database. Its answer is one line of JSON, the clean bytes, the preview; the parent believes none of it unchecked.
"""

import json
import resource
import sys
from typing import Any

from requests.attachments.limits import CLEANER_CPU_SECONDS, CLEANER_MEMORY, MOST_BYTES
from requests.attachments.refusal import Refused
from requests.attachments.types import HEAD, sniff


def limit() -> None:
    """The kernel ends or refuses whatever goes beyond."""
    for what, most in (
        (resource.RLIMIT_AS, CLEANER_MEMORY),
        (resource.RLIMIT_CPU, CLEANER_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 3 * MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), min(most, hard)))


def clean(source) -> dict[str, Any]:
    """By what the first bytes say; the decoder that they name has to be able to read the rest."""
    head = source.read(HEAD)
    source.seek(0)
    media_type = sniff(head)
    if media_type == "application/pdf":
        from requests.attachments import pdfs  # noqa: PLC0415 - a picture does not wait for it to load

        return pdfs.clean(source)
    if media_type:
        from requests.attachments import images  # noqa: PLC0415

        return images.clean(source)
    raise Refused("type")


def main() -> None:
    limit()
    content = preview = b""
    try:
        told = clean(sys.stdin.buffer)
        content, preview = told.pop("content"), told.pop("preview")
        told |= {"content": len(content), "preview": len(preview)}
    except Refused as refused:
        told = {"refused": refused.code}
    except (MemoryError, RecursionError):
        told = {"refused": "too_complex"}
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n" + content + preview)
    out.flush()


if __name__ == "__main__":
    main()

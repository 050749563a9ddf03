"""clean(): a file as it came → what is kept. The opening is done by a process of its own with hard limits.

A decoder that is made to misbehave ends that process, not the portal: memory, time, output and open files are limited
by the kernel, the environment is empty, and the answer is checked like any stranger's (THREAT_MODEL.md).
"""

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from requests.attachments import types
from requests.attachments.limits import CLEANER_SECONDS, MOST_BYTES, MOST_PAGES, MOST_PREVIEW_BYTES
from requests.attachments.refusal import Refused
from requests.attachments.wording import REFUSALS

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "application/pdf": b"%PDF-"}
LONGEST_LINE = 1000


@dataclass(frozen=True)
class Cleaned:
    """What is kept of a file: bytes that this portal wrote itself."""

    media_type: str
    content: bytes
    preview: bytes
    pages: int
    width: int
    height: int


def clean(came: IO[bytes], name: str) -> Cleaned:
    """Raises Refused. `came` is read from its beginning; its name decides nothing but a refusal."""
    length = came.seek(0, 2)
    if length > MOST_BYTES:
        raise Refused("too_large")
    came.seek(0)
    head = came.read(types.HEAD)
    came.seek(max(0, length - types.TAIL))
    if code := types.problem(name, head, came.read()):
        raise Refused(code)
    came.seek(0)
    try:
        return _cleaned_apart(came)
    except OSError as error:
        logger.error("no room to clean a file", extra={"error": type(error).__name__, "errno": error.errno})
        raise Refused("no_room") from error


def _cleaned_apart(came: IO[bytes]) -> Cleaned:
    """Through files, not pipes: a file's size is what the kernel can limit."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answered:
        while block := came.read(64 * 1024):
            given.write(block)
        given.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-B", "-s", "-m", "requests.attachments.cleaner"],
                cwd=ROOT,
                env={},
                stdin=given,
                stdout=answered,
                stderr=subprocess.DEVNULL,
                timeout=CLEANER_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("too_complex") from error
        if done.returncode != 0:
            logger.warning("the cleaner ended early", extra={"returncode": done.returncode})
            raise Refused("too_complex")
        answered.seek(0)
        return _believed(answered)


def _believed(answered: IO[bytes]) -> Cleaned:
    """The answer, if it is one that a sound cleaner gives."""
    try:
        told = json.loads(answered.readline(LONGEST_LINE))
        if told.get("refused") in REFUSALS:
            raise Refused(told["refused"])
        content, preview = answered.read(told["content"]), answered.read(told["preview"])
        found = Cleaned(told["media_type"], content, preview, told["pages"], told["width"], told["height"])
        sound = _is_sound(found, told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("too_complex") from error
    if len(found.content) > MOST_BYTES:
        raise Refused("too_large")
    if not sound or answered.read(1):
        raise Refused("too_complex")
    return found


def _is_sound(found: Cleaned, told: dict[str, Any]) -> bool:
    return (
        len(found.content) == told["content"]
        and len(found.preview) == told["preview"]
        and found.content.startswith(MAGIC[found.media_type])
        and found.preview.startswith(MAGIC["image/jpeg"])
        and len(found.preview) <= 2 * MOST_PREVIEW_BYTES
        and 1 <= int(found.pages) <= MOST_PAGES
        and 0 <= int(found.width) < 65_536
        and 0 <= int(found.height) < 65_536
    )

"""Keys of both sides are looked at before anything starts: a wrong one would otherwise read as a far side that lies."""

import binascii
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from records.central import wire


@register("start")
def keys_can_be_read(app_configs, **_) -> list[CheckMessage]:
    """The pinned public keys, and the file of the key that signs where this process is given one."""
    return [*_pinned(), *_signing()]


def _pinned() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for number, text in enumerate(settings.LLTP_CENTRAL_PINNED_KEYS, start=1):
        try:
            wire.read_public(text)
        except (ValueError, binascii.Error):
            hint = "It is what `delegate_lookups signing-key` printed at the central side."
            found.append(Error(f"Key {number} of LLTP_CENTRAL_PINNED_KEYS is no key.", hint=hint, id="delegation.E001"))
    return found


def _signing() -> list[CheckMessage]:
    path = settings.LLTP_CENTRAL_SIGNING_KEY_FILE
    if not path:
        return []
    try:
        pem = Path(path).read_bytes()
        if pem.strip():
            wire.read_private(pem)
    except (OSError, ValueError, TypeError):
        hint = "Make one with `manage.py delegate_lookups signing-key FILE`, or leave it empty to serve nobody."
        return [Error("LLTP_CENTRAL_SIGNING_KEY_FILE holds no key that can sign.", hint=hint, id="delegation.E002")]
    return []

"""Under which key an identity is known without keeping its number or its name, like a person_key."""

import hashlib
import hmac

from django.conf import settings

from records.names import key1
from requests.models import Declaration

WHOLE_DAY = 10  # YYYY-MM-DD


def identity_key(declaration: Declaration) -> str:
    """HMAC over the 12-digit number, the name and the day of birth; empty where one of them is not wholly known.

    All three, so that a number that was typed wrong, or a person who changed their name, is somebody else.
    """
    number = declaration.identity_number
    if not number or len(declaration.date_of_birth) != WHOLE_DAY:
        return ""
    identity = "\x1f".join(("identity", number, key1(declaration.full_name), declaration.date_of_birth))
    return hmac.new(settings.PERSON_KEY_SECRET.encode(), identity.encode(), hashlib.sha256).hexdigest()

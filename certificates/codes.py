"""The code under the QR: 26 characters of Crockford's base 32 from 130 random bits, which nobody guesses; pure."""

import re
import unicodedata

from lltp_portal.codes import ALPHABET, random_code

LENGTH = 26
GROUP = 4
LONGEST_INPUT = 300

_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    return random_code(LENGTH)


def is_code(text: str) -> bool:
    """True for a code in the one form that is stored and stands in the QR."""
    return _CODE.fullmatch(text) is not None


def grouped(code: str) -> str:
    """7K3M9QD2… as people read it: 7K3M-9QD2-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parse(typed: str) -> str | None:
    """What somebody typed, scanned or pasted (the whole address too), as a code; None when it cannot be one."""
    if len(typed) > LONGEST_INPUT:
        return None
    text = unicodedata.normalize("NFKC", typed).rstrip("/ ").rsplit("/", 1)[-1].upper()
    text = "".join(character for character in text if character.isalnum()).translate(_LOOK_ALIKES)
    return text if is_code(text) else None

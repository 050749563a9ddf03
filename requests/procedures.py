"""The register of procedures that may ask for a certificate, read at one place: those of a day, and one by its code.

Each has a `code`, a `name`, the `legal_basis` on which it may ask, and the `certificate_types` that it may ask for.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from requests import policy


class Procedure(Protocol):
    code: str
    name: str
    legal_basis: str
    certificate_types: Sequence[int]


def on(day: date) -> list[Procedure]:
    """The procedures of that day's law; none while the register is empty."""
    register = getattr(policy, "procedures", None)
    return list(register(day)) if register else []


def named(code: str, day: date) -> Procedure | None:
    return next((one for one in on(day) if one.code == code), None) if code else None

"""The register of procedures that may ask for a certificate: those of a day, and one by its code (requests.policy)."""

from datetime import date

from requests import policy
from requests.policy import Procedure


def on(day: date) -> list[Procedure]:
    """Who may lawfully ask for a certificate by that day's law."""
    return policy.procedures(day)


def named(code: str, day: date) -> Procedure | None:
    return next((one for one in on(day) if one.code == code), None) if code else None

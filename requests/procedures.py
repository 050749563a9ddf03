"""The register of procedures that may ask for a certificate: those of a day, and one by its code (requests.policy)."""

from datetime import date

from requests import policy
from requests.policy import Procedure


def on(day: date) -> list[Procedure]:
    """Who may lawfully ask for a certificate by that day's law."""
    return policy.procedures(day)


# Whose certificate an agency asks for itself, in writing (Luật Lý lịch tư pháp 2009, Điều 7 khoản 2, 3): no citizen's
# reason, although the law's row allows số 1 for one of them.
OF_AGENCIES = frozenset({"proceedings", "personnel"})


def of_citizens(day: date) -> list[Procedure]:
    """Those for which somebody is asked to bring their own."""
    return [one for one in on(day) if one.code not in OF_AGENCIES]


def named(code: str, day: date) -> Procedure | None:
    return next((one for one in on(day) if one.code == code), None) if code else None

"""Judgments of an answer as a clerk reads them back: what was entered, and what the document did not say."""

from typing import NamedTuple

from lltp_portal.wording import full_day
from records import wording
from records.facts import Conviction, Unknown
from requests.inquiries import Asked


class Entered(NamedTuple):
    judgment: str
    offence: str
    penalty: str
    execution: str
    unknown: str


def shown_convictions(one: Asked) -> list[Entered]:
    return [_entered(conviction) for conviction in one.read()]


def _entered(conviction: Conviction) -> Entered:
    done = conviction.main_penalty_completed_on
    return Entered(
        judgment=f"Bản án số {conviction.judgment_number} ngày {conviction.judgment_date:%d/%m/%Y}, {conviction.court}",
        offence=wording.offence(conviction),
        penalty=wording.main_penalty([conviction]),
        execution=f"Chấp hành xong hình phạt chính {full_day(done)}" if done else "Chưa rõ ngày chấp hành xong",
        unknown=", ".join(_not_said(conviction)),
    )


def _not_said(conviction: Conviction) -> list[str]:
    """What the document did not say: unknown is not “none”."""
    found = []
    if isinstance(conviction.effective_date, Unknown):
        found.append("ngày có hiệu lực")
    if isinstance(conviction.additional_penalties, Unknown):
        found.append("hình phạt bổ sung")
    if isinstance(conviction.obligations, Unknown):
        found.append("án phí, bồi thường")
    if conviction.offence.severity is None:
        found.append("loại tội phạm")
    return found

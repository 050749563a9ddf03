"""Judgments of an answer as a clerk reads them back: what was entered, and what the document did not say."""

from typing import NamedTuple

from lltp_portal.wording import full_day
from records import wording
from records.facts import Conviction, Unknown
from requests.imposed_shown import additional_words, obligation_words
from requests.inquiries import Asked


class Entered(NamedTuple):
    judgment: str
    offence: str
    penalty: str
    execution: str
    additional: str
    obligations: str
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
        additional=additional_words(conviction),
        obligations=obligation_words(conviction),
        unknown=", ".join(_not_said(conviction)),
    )


def _not_said(conviction: Conviction) -> list[str]:
    """What the document did not say, but for what it imposed, which has lines of its own: unknown is not “none”."""
    found = []
    if isinstance(conviction.effective_date, Unknown):
        found.append("ngày có hiệu lực")
    if conviction.offence.severity is None:
        found.append("loại tội phạm")
    return found

"""Asks the real code about one day of a case."""

from datetime import date

from records.answers import read_question
from records.determination import Determination, Undetermined, determine
from records.matching import REVIEW, weigh
from records.reading import read_record
from records.wording import NO_BAN
from tests.expungement_cases import VERIFY, Asked
from tests.records_people import PERSON

_SILENT = ("register_id", "convictions")
THE_PERSON = read_question({"reference": "C32"} | {k: v for k, v in PERSON.items() if k not in _SILENT}, "")
NOBODY_DECIDED = "còn hồ sơ trung ương chưa được kết luận là của ai"


def answer(asked: Asked, certificate_type: int) -> Determination | Undetermined:
    """The determination; where the person was found by name alone, what a review says until somebody has decided."""
    records = [read_record(row, "") for row in asked.records]
    if asked.by_name_only:
        assert weigh(THE_PERSON, records).decision == REVIEW
        return Undetermined((NOBODY_DECIDED,))
    options = {"want_ban_info": False} | asked.options
    return determine(records, certificate_type=certificate_type, as_of=date.fromisoformat(asked.as_of), **options)


def rows_printed(found: Determination) -> tuple[str, ...]:
    return tuple(row.expungement for row in found.convictions)


def bans_printed(found: Determination) -> str:
    """Empty where the section is left out."""
    if found.bans is None:
        return ""
    return "; ".join(ban.decision_number for ban in found.bans) or NO_BAN


def said(asked: Asked, certificate_type: int) -> str:
    """What the paper says on that day, in one line."""
    found = answer(asked, certificate_type)
    if isinstance(found, Undetermined):
        return f"{VERIFY}: {'; '.join(found.reasons)}"
    rows = rows_printed(found)
    words = "; ".join(rows) if certificate_type == 2 and rows else found.text
    bans = bans_printed(found) if asked.bans else ""
    return f"{words} · {bans}" if bans else words

"""What a judgment imposed beside its main penalty, in words for those who compare it with the paper."""

from collections.abc import Callable
from typing import Any

from records import wording
from records.expungement import day_text
from records.facts import AdditionalPenalty, Conviction, Obligation, Unknown


def additional_words(conviction: Conviction) -> str:
    return _each(conviction.additional_penalties, _additional)


def obligation_words(conviction: Conviction) -> str:
    return _each(conviction.obligations, _obligation)


def _each(items: tuple[Any, ...] | Unknown, words: Callable[[Any], str]) -> str:
    """What is not known to be none is not called none."""
    if isinstance(items, Unknown):
        return "chưa rõ"
    return ", ".join(words(one) for one in items) or "không có"


def _additional(one: AdditionalPenalty) -> str:
    until = f" đến {day_text(one.until)}" if one.until else ""
    done = f" (xong ngày {day_text(one.completed_on)})" if one.completed_on else " (chưa ghi chấp hành xong)"
    return f"{wording.ADDITIONAL_PENALTIES[one.kind]}{until}{done}"


def _obligation(one: Obligation) -> str:
    done = f" (xong ngày {day_text(one.fulfilled_on)})" if one.fulfilled_on else " (chưa ghi thi hành xong)"
    return f"{wording.OBLIGATIONS[one.kind]}{done}"

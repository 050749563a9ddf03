"""A central database that answers as a test wants: `answers_with(settings, person(...))`, `keeps_silent(settings)`."""

from collections.abc import Iterable

from django.utils import timezone

from records.answers import Answer, Complete, Failed, Partial, Question
from records.facts import RegisterRecord
from records.setting_aside import PARENTS, TOO_LITTLE

CAUSE = "Cơ sở dữ liệu trung ương không trả lời kịp."
PARTLY = "Cơ sở dữ liệu trung ương đang nạp dữ liệu, thiếu 12 dòng."


class Telling:
    """Behind the door, in the process of the test."""

    found: tuple[RegisterRecord, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()

    def ask(self, question: Question) -> Answer:
        return Complete(timezone.now(), question.digest(), self.found, self.set_aside)


class Silent:
    def ask(self, question: Question) -> Answer:
        return Failed(CAUSE)


class Partly:
    def ask(self, question: Question) -> Answer:
        return Partial(PARTLY, timezone.now(), question.digest())


def answers_with(settings, *found: RegisterRecord, set_aside: Iterable[tuple[str, str]] = ()) -> None:
    """`set_aside`: register_id and reason of people whom the register does not send (`strangers`)."""
    Telling.found, Telling.set_aside = found, tuple(set_aside)
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Telling"


def strangers(count: int) -> list[tuple[str, str]]:
    """So many people whom the register set aside: every third one by the parents, the rest for too little."""
    return [(f"R-8{number:03}", TOO_LITTLE if number % 3 else PARENTS) for number in range(1, count + 1)]


def keeps_silent(settings) -> None:
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Silent"


def answers_partly(settings) -> None:
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Partly"

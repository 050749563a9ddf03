"""A central database that answers as a test wants: `answers_with(settings, person(...))`, `keeps_silent(settings)`."""

from django.utils import timezone

from records.answers import Answer, Complete, Failed, Partial, Question
from records.facts import RegisterRecord

CAUSE = "Cơ sở dữ liệu trung ương không trả lời kịp."
PARTLY = "Cơ sở dữ liệu trung ương đang nạp dữ liệu, thiếu 12 dòng."


class Telling:
    """Behind the door, in the process of the test."""

    found: tuple[RegisterRecord, ...] = ()

    def ask(self, question: Question) -> Answer:
        return Complete(timezone.now(), question.digest(), self.found)


class Silent:
    def ask(self, question: Question) -> Answer:
        return Failed(CAUSE)


class Partly:
    def ask(self, question: Question) -> Answer:
        return Partial(PARTLY, timezone.now(), question.digest())


def answers_with(settings, *found: RegisterRecord) -> None:
    Telling.found = found
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Telling"


def keeps_silent(settings) -> None:
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Silent"


def answers_partly(settings) -> None:
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Partly"

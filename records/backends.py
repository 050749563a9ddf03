"""What may stand behind the door: the central database of this deployment. Another one over HTTP joins later."""

import psycopg2.errors
from django.conf import settings
from django.db import Error, connections

from records.answers import Answer, Complete, Failed, Partial, Question
from records.keys import SCHEME, Probes, probes_of
from records.register import queries
from records.setting_aside import Sought

AWAY = "Không kết nối được cơ sở dữ liệu trung ương."
SLOW = "Cơ sở dữ liệu trung ương không trả lời kịp."
NEVER_FILLED = "Cơ sở dữ liệu trung ương chưa được nạp dữ liệu lần nào."
OTHER_KEYS = "Cơ sở dữ liệu trung ương đang chờ dựng lại khóa tra cứu."


class OwnDatabase:
    """Asks the database `central`. Complete unless an import is open or none was ever made: then it lacks lines.

    A register into which nothing was ever loaded, or whose keys were made by other rules, finds nobody, which says
    nothing about anybody.
    """

    def __init__(self, *, reads_everybody: bool = False) -> None:
        """`reads_everybody`: also whom the rules exclude, for whoever chooses a person of the register itself."""
        self._reads_everybody = reads_everybody

    def ask(self, question: Question) -> Answer:
        # A worker lives long and its connection may have died since the last question: look before leaning on it.
        if not connections["central"].in_atomic_block:
            connections["central"].close_if_unusable_or_obsolete()
        milliseconds = int(settings.TALK_SECONDS * 800)
        try:
            found = queries.search(self.probes(question), self._sets_aside(question), milliseconds=milliseconds)
        except Error as error:
            return Failed(SLOW if isinstance(error.__cause__, psycopg2.errors.QueryCanceled) else AWAY)
        if cause := doubt(found.trust):
            return Partial(cause, found.trust.as_of, question.digest())
        return Complete(found.trust.as_of, question.digest(), tuple(found.people), tuple(found.set_aside))

    def probes(self, question: Question) -> Probes:
        """What is looked for."""
        return probes_of(question)

    def _sets_aside(self, question: Question) -> queries.SetsAside:
        return queries.nobody if self._reads_everybody else Sought(question).sets_aside


def doubt(trust: queries.Trust) -> str | None:
    """Why what was found may not be everything, in words for a clerk; None: it is."""
    if trust.key_scheme != SCHEME:
        return OTHER_KEYS
    if trust.open_imports:
        lacking = f"thiếu {trust.lines} dòng" if trust.lines else "chưa đọc hết tệp"
        return f"Cơ sở dữ liệu trung ương đang nạp dữ liệu ({lacking})."
    return None if trust.was_filled else NEVER_FILLED


def finds_nobody(trust: queries.Trust) -> bool:
    """Not merely a register that lacks some lines: one in which a search means nothing."""
    return trust.key_scheme != SCHEME or not (trust.was_filled or trust.open_imports)

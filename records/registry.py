"""The one door to the central database: `ask` never raises, takes at most ten seconds, and doubts every answer.

Whatever stands behind the door (settings.LLTP_REGISTRY_BACKEND), only an answer about this very question, fresh, whole
and well-formed comes through as Complete; everything else is Partial or Failed, with a cause that a clerk can read.
"""

import logging
import os
import re
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from records.answers import Answer, Complete, Failed, Partial, Question
from records.central.circuit import LeftAlone
from records.facts import RegisterRecord
from records.reading import Refused, read_record
from records.setting_aside import REASONS

__all__ = ["Answer", "Complete", "Failed", "LeftAlone", "Partial", "Question", "ask", "left_alone"]

logger = logging.getLogger(__name__)

BROKEN = "Cơ sở dữ liệu trung ương gặp lỗi khi trả lời."
SLOW = "Cơ sở dữ liệu trung ương không trả lời kịp."
MALFORMED = "Câu trả lời của cơ sở dữ liệu trung ương không đúng quy ước."
WRONG_PERSON = "Câu trả lời của cơ sở dữ liệu trung ương không phải về người được hỏi."
STALE = "Câu trả lời của cơ sở dữ liệu trung ương đã cũ."
FROM_THE_FUTURE = "Câu trả lời của cơ sở dữ liệu trung ương mang thời điểm chưa đến."
# Two machines' clocks are never quite the same.
CLOCK_SKEW = timedelta(minutes=1)
# Of the time for all talking: the share after which a silent line is cut, and the share to let it fall.
CUT_AFTER, LET_FALL = 0.9, 0.05
LONG_NUMBER = re.compile(r"\d{6,}")


def left_alone() -> LeftAlone | None:
    """Why this deployment's back end is asked nothing right now; None: ask, and at once, with `let_in`.

    For who writes down what it asks: a question that would not leave the house is no question.
    """
    try:
        circuit = getattr(import_string(settings.LLTP_REGISTRY_BACKEND), "circuit", None)
    except ImportError:
        return None  # asking says what is wrong
    return circuit.refuses() if circuit else None


def ask(question: Question, *, purpose: str = "", backend: str = "", let_in: bool = False) -> Answer:
    """Put the question; any doubt about what comes back makes it Failed.

    `purpose` is told to a back end that has to say why it asks. `backend` names another than this deployment's own.
    `let_in`: `left_alone` has just said that this one may ask.
    """
    answer: Answer
    try:
        asked = import_string(backend or settings.LLTP_REGISTRY_BACKEND)()
        asked.purpose = purpose
        answer = _unless_left_alone(asked, question, let_in=let_in)
    except Exception as error:
        # Only the kind of error: its words may carry what was asked.
        logger.warning("registry backend broke", extra={"error": type(error).__name__})
        answer = Failed(BROKEN)
    logger.info("registry answered", extra={"outcome": answer.outcome, "reference": getattr(question, "reference", "")})
    return answer


def _unless_left_alone(backend: Any, question: Question, *, let_in: bool) -> Answer:
    """A back end with a circuit is left alone while that is open, and it learns what the door made of the answer."""
    circuit = getattr(backend, "circuit", None)
    if circuit is None:
        return _checked(question, _in_time(backend, question))
    if not let_in and (left := circuit.refuses()):
        return Failed(_plain_cause(left.cause))
    answer = _checked(question, _in_time(backend, question))
    circuit.note(answer)
    return answer


def _in_time(backend: Any, question: Question) -> Any:
    """Run the back end in a thread of its own: a wait inside a C library can be left behind, not interrupted."""
    central = connections["central"]
    outcome: list[Callable[[], Any]] = []
    thread = threading.Thread(target=_talk, args=(backend, question, central, outcome), daemon=True)
    central.inc_thread_sharing()
    try:
        thread.start()
        thread.join(settings.TALK_SECONDS * CUT_AFTER)
        if thread.is_alive():
            _cut(central)
            thread.join(settings.TALK_SECONDS * LET_FALL)
            return Failed(SLOW)
    finally:
        central.dec_thread_sharing()
        if thread.is_alive():
            del connections["central"]  # it belongs to the thread now; this worker makes itself a new one
    return outcome[0]()


def _talk(backend: Any, question: Question, central: Any, outcome: list[Callable[[], Any]]) -> None:
    connections["central"] = central
    try:
        answer = backend.ask(question)
        outcome.append(lambda: answer)
    except BaseException as error:
        broken = RuntimeError(type(error).__name__)
        outcome.append(lambda: _raise(broken))
    finally:
        del connections["central"]
        connections.close_all()  # what the back end opened for itself in this thread


def _raise(error: Exception) -> None:
    raise error


def _cut(central: Any) -> None:
    """Shut the socket under a call that waits: statement_timeout does not help where the network is frozen."""
    try:
        descriptor = central.connection.fileno()
        with socket.socket(fileno=os.dup(descriptor)) as line:
            line.shutdown(socket.SHUT_RDWR)
    except Exception as error:
        logger.warning("no line to cut", extra={"error": type(error).__name__})


def _checked(question: Question, answer: Any) -> Answer:
    """Trust nothing: kind, person, time, and the form of every record."""
    if type(answer) is Failed:
        return Failed(_plain_cause(answer.cause))
    if type(answer) not in (Complete, Partial):
        return Failed(MALFORMED)
    if answer.question_digest != question.digest():
        return Failed(WRONG_PERSON)
    if problem := _problem_of_time(answer.as_of):
        return Failed(problem)
    if type(answer) is Partial:
        return Partial(_plain_cause(answer.cause), answer.as_of, answer.question_digest)
    return answer if _is_well_formed(answer.candidates) and _are_set_aside(answer) else Failed(MALFORMED)


def _plain_cause(cause: Any) -> str:
    """A sentence for the clerk's page, whoever wrote it: no number of a person, no page of text."""
    if not isinstance(cause, str) or not cause.strip():
        return BROKEN
    return LONG_NUMBER.sub("…", cause.strip())[:300]


def _problem_of_time(as_of: Any) -> str | None:
    if not hasattr(as_of, "utcoffset") or as_of.utcoffset() is None:
        return MALFORMED
    age = timezone.now() - as_of
    if age > settings.REGISTRY_MAX_AGE:
        return STALE
    return FROM_THE_FUTURE if -age > CLOCK_SKEW else None


def _are_set_aside(answer: Complete) -> bool:
    """Each with one of the known reasons, and nobody who is a candidate as well."""
    try:
        ids = [register_id for register_id, reason in answer.set_aside if reason in REASONS]
    except (TypeError, ValueError):
        return False
    if len(ids) != len(answer.set_aside) or not all(isinstance(one, str) and 0 < len(one) < 200 for one in ids):
        return False
    return len({*ids, *(record.register_id for record in answer.candidates)}) == len(ids) + len(answer.candidates)


def _is_well_formed(candidates: Any) -> bool:
    if not isinstance(candidates, tuple) or not all(type(record) is RegisterRecord for record in candidates):
        return False
    if len({record.register_id for record in candidates}) != len(candidates):
        return False
    try:
        return all(read_record(record.to_json(), "") == record for record in candidates)
    except (Refused, AttributeError, TypeError, ValueError):
        return False

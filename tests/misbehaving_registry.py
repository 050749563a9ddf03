"""Back ends behind the registry's door that misbehave, for LLTP_REGISTRY_BACKEND; the door must let none of it in.

`Switchable` runs in the worker's process. Which way it misbehaves about which request is written in files, so that it
heals without a restart: LLTP_HOME/run/registry.CODE (or registry.all) holds a name of MISBEHAVIOURS; no file: healthy.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from records.answers import Answer, Complete, Failed, Partial, Question
from records.backends import OwnDatabase

PERSONAL = "001090990777"
DAY = timedelta(days=1)


def _raise(question: Question) -> Answer:
    raise RuntimeError(f"no such person {PERSONAL}")


def _exit(question: Question) -> Answer:
    raise SystemExit(3)


def _slow(question: Question) -> Answer:
    time.sleep(settings.TALK_SECONDS * 3)
    return Complete(timezone.now(), question.digest(), ())


def _die(question: Question) -> Answer:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def _other_person(question: Question) -> Answer:
    return Complete(timezone.now(), replace(question, full_name="Người Khác").digest(), ())


def _nothing(question: Question, as_of: Any = None, candidates: Any = ()) -> Answer:
    return Complete(as_of or timezone.now(), question.digest(), candidates)


# Each says "nobody found" as loudly as it can where it can: an answer that slips through would read as a clean record.
MISBEHAVIOURS: dict[str, Callable[[Question], Any]] = {
    "partial": lambda question: Partial("Thiếu dữ liệu của 3 tỉnh.", timezone.now(), question.digest()),
    "partial about another": lambda question: Partial("Thiếu dữ liệu.", timezone.now(), "0" * 64),
    "failed": lambda question: Failed(f"Không hỏi được về {PERSONAL}."),
    "another person": _other_person,
    "stale": lambda question: _nothing(question, as_of=timezone.now() - settings.REGISTRY_MAX_AGE - DAY),
    "from the future": lambda question: _nothing(question, as_of=timezone.now() + DAY),
    "no time zone": lambda question: _nothing(question, as_of=timezone.now().replace(tzinfo=None)),
    "no time": lambda question: _nothing(question, as_of="2026-01-01"),
    "exception": _raise,
    "system exit": _exit,
    "none": lambda question: None,
    "dict": lambda question: {"complete": True, "candidates": [], "question_digest": question.digest()},
    "empty list": lambda question: [],
    "true": lambda question: True,
    "slow": _slow,
    "candidate is a dict": lambda question: _nothing(question, candidates=({"register_id": "1"},)),
    "candidates are none": lambda question: _nothing(question, candidates=None),
    "candidates are a list": lambda question: _nothing(question, candidates=[]),
    "dies": _die,
}


def switch(home: Path, how: str | None, code: str = "all") -> None:
    """Misbehave like this about the request with this code (or about all) from now on; None heals."""
    mark = home / "run" / f"registry.{code}"
    if how is None:
        mark.unlink(missing_ok=True)
        return
    assert how in MISBEHAVIOURS
    draft = mark.with_name(f".{mark.name}")
    draft.write_text(how)
    draft.replace(mark)


class Switchable:
    """Healthy unless a file says otherwise."""

    def ask(self, question: Question) -> Any:
        code = question.reference.split("/")[0]
        for name in (code, "all"):
            mark = settings.LLTP_HOME / "run" / f"registry.{name}"
            if mark.exists():
                return MISBEHAVIOURS[mark.read_text()](question)
        return OwnDatabase().ask(question)


class Interrupted:
    """In the tests' own process: something happens between the question and its answer."""

    meanwhile: Callable[[], Any] | None = None

    def ask(self, question: Question) -> Answer:
        if Interrupted.meanwhile is not None:
            meanwhile, Interrupted.meanwhile = Interrupted.meanwhile, None
            meanwhile()
        return Complete(timezone.now(), question.digest(), ())


class Away:
    """In the tests' own process: nobody answers, until `away` is set to False."""

    away = True

    def ask(self, question: Question) -> Answer:
        if Away.away:
            return Failed("Không kết nối được cơ sở dữ liệu trung ương.")
        return Complete(timezone.now(), question.digest(), ())

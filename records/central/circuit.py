"""The circuit breaker: a far side that fails again and again is left alone for a while, by all processes together.

Its state is a row (records.central.models.Circuit), so that workers agree without talking to each other. While it is
open nothing is put on the network; then one process tries, and its answer decides for all.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from records.answers import Answer, Failed
from records.central.models import Circuit

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LeftAlone:
    """Why nobody may ask right now, in a sentence for whoever waits; and since when."""

    cause: str
    since: datetime


class Breaker:
    """`not_its_fault`: causes that say nothing about whether the far side works, such as a limit that was reached."""

    def __init__(self, name: str, not_its_fault: Collection[str] = ()) -> None:
        self.name, self.not_its_fault = name, frozenset(not_its_fault)

    def refuses(self, now: datetime | None = None) -> LeftAlone | None:
        """None: go ahead, and at once (the probe of an open circuit is given to one at a time)."""
        now = now or timezone.now()
        circuit = Circuit.objects.filter(name=self.name, opened_at__isnull=False).first()
        if circuit is None or Circuit.objects.win_probe(self.name, now, seconds=self._rest):
            return None
        newest = Circuit.objects.filter(name=self.name).first() or circuit
        return LeftAlone(told(newest), newest.opened_at or now)

    def note(self, answer: Answer, now: datetime | None = None) -> None:
        """What came of asking. A partial answer is an answer: the far side lives."""
        now = now or timezone.now()
        if not isinstance(answer, Failed):
            if Circuit.objects.close(self.name, now):
                AuditEvent.objects.record("circuit_closed", subject=self.name)
                logger.info("circuit closed", extra={"circuit": self.name})
        elif answer.cause not in self.not_its_fault:
            self._note_failure(answer.cause, now)

    def _note_failure(self, cause: str, now: datetime) -> None:
        failures = Circuit.objects.count_failure(self.name, cause, now)
        if failures >= settings.CIRCUIT_FAILURES and Circuit.objects.open(self.name, now, seconds=self._rest):
            AuditEvent.objects.record("circuit_opened", subject=self.name, failures=failures)
            logger.warning("circuit opened", extra={"circuit": self.name, "failures": failures})

    @property
    def _rest(self) -> float:
        return max(settings.CIRCUIT_SECONDS, settings.TALK_SECONDS)


def standing(name: str) -> str:
    """The state of a circuit for an administrator's page; nothing while it is closed."""
    circuit = Circuit.objects.filter(name=name, opened_at__isnull=False).first()
    return told(circuit) if circuit else ""


def told(circuit: Circuit) -> str:
    """The state of an open circuit in a sentence for whoever waits."""
    if circuit.opened_at is None or circuit.next_probe_at is None:
        return "Cơ sở dữ liệu trung ương vừa trả lời trở lại; sẽ hỏi ngay."
    since, again = (timezone.localtime(moment) for moment in (circuit.opened_at, circuit.next_probe_at))
    last = circuit.last_cause.rstrip(".")
    return (
        f"Tạm ngừng hỏi từ {since:%H:%M %d/%m}, sau {circuit.failures} lần liền không có câu trả lời tin được "
        f"(lần cuối: {last}). Thử lại lúc {again:%H:%M:%S}."
    )

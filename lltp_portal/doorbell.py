"""ring(): the only way to wake a worker.

The waiting row is the truth and is committed first; the message carries its primary key and nothing else. It may come
twice, late or never: tasks begin by asking the table, and sweepers find what was never heard (docs/adr/0003).
"""

import logging
import time

from celery import Task
from django.conf import settings
from django.db import transaction

from lltp_portal.celery import DAILY, HOURLY, ROUNDS_OF_A_RING

logger = logging.getLogger(__name__)
QUIET_SECONDS = 5.0
_silent_until = 0.0  # of this process; by time.monotonic()


def ring(task: Task, pk: int) -> None:
    """After the commit, tell a worker that row `pk` has work. A dead broker costs a short moment and a log line.

    One act may ring for a search, a paper and messages: after one that was not heard the others of the next seconds
    are not tried, so that a page waits for a dead broker once.
    """

    def publish() -> None:
        global _silent_until
        if time.monotonic() < _silent_until:
            return
        try:
            task.apply_async(args=(pk,), retry=False, expires=_stale_after(task))
        except Exception as error:  # any broker trouble: the row waits, the sweeper rings again
            _silent_until = time.monotonic() + QUIET_SECONDS
            logger.warning("doorbell not heard", extra={"task": task.name, "pk": pk, "error": type(error).__name__})

    transaction.on_commit(publish, robust=True)


def _stale_after(task: Task) -> float | None:
    """Seconds after which nobody need hear it. What is swept once an hour or a day waits for a worker, however long."""
    return None if task.name in (*HOURLY, *DAILY) else settings.SWEEP_EVERY * ROUNDS_OF_A_RING

"""Rows that wait for a worker: the row is the outbox, and a lease says who works on it (docs/adr/0003)."""

import logging
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from lltp_portal.audit.models import PassedOver

logger = logging.getLogger(__name__)


AT_ONCE = 500


def each(pks: Iterable[int], act: Callable[[int], object], *, what: str) -> int:
    """Do it for every row, for how many it was done; a row that fails holds up none behind it.

    Each act has a transaction of its own. What failed is logged and noted for administrators (audit.PassedOver), and
    comes last the next time, so that even a sweep that is cut short by its time limit gets to the others first.
    """
    done, failing = 0, PassedOver.objects.of_sweep(what)
    for pk in sorted(pks, key=failing.__contains__):
        try:
            done += bool(act(pk))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.exception("a sweep passed over a row", extra={"sweep": what, "pk": pk})
            PassedOver.objects.note(what, pk, error)
        else:
            if pk in failing:
                PassedOver.objects.settled(what, pk)
    return done


@contextmanager
def only_one(what: str) -> Iterator[bool]:
    """True for the one who is at it; who comes meanwhile leaves it, or turns that hang would take every worker.

    The lock is the connection's own: with a worker that dies it is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [what])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [what])


@dataclass(frozen=True)
class Swept:
    """For how many rows it was done; and the primary key behind which more may be waiting, or None."""

    done: int
    last: int | None


def sweep(found: models.QuerySet, act: Callable[[int], object], *, what: str, after: int = 0) -> Swept:
    """One batch of these rows, those behind primary key `after`: whoever calls goes on where it ended.

    By key, not from the front again: rows that cannot be done stay in front, and would keep the others out for ever.
    """
    pks = list(found.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return Swept(each(pks, act, what=what), pks[-1] if len(pks) == AT_ONCE else None)


class WaitingQuerySet(models.QuerySet):
    """Each name finishes the sentence “rows that are …”."""

    def due(self, now: datetime):
        """Waiting, its time has come, nobody holds a lease, not parked."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.filter(free, done_at__isnull=True, parked_at__isnull=True, next_try_at__lte=now)

    def longest_due_first(self):
        """For sweeps that do some at a time: who has waited longest is next: those who fail hold up no others."""
        return self.order_by("next_try_at", "pk")

    def parked(self):
        return self.filter(parked_at__isnull=False, done_at__isnull=True)

    def waiting(self):
        return self.filter(done_at__isnull=True)

    def claim(self, pk: int, now: datetime | None = None):
        """The row if this worker now owns it, else None. One UPDATE, so one winner.

        A lease that ended without a recorded outcome is a crash; too many in a row park the row, for a person to see.
        """
        now = now or timezone.now()
        lease_until = now + timedelta(seconds=settings.LEASE_SECONDS)
        crashed = Q(lease_until__isnull=False)
        self.filter(pk=pk, crashes__gte=settings.CRASHES_BEFORE_PARKED - 1).due(now).filter(crashed).update(
            parked_at=now, lease_until=None, crashes=F("crashes") + 1, last_cause="Xử lý bị ngắt nhiều lần liên tiếp."
        )
        won = (
            self.filter(pk=pk)
            .due(now)
            .update(
                lease_no=F("lease_no") + 1,
                crashes=Case(When(crashed, then=F("crashes") + 1), default=Value(0)),
                lease_until=lease_until,
            )
        )
        return self.get(pk=pk) if won else None


class WaitingRow(models.Model):
    """What waits, since when, for what, and who works on it now.

    `attempts` counts questions put and is only shown. `crashes` counts leases in a row that ended with no recorded
    outcome. `lease_no` is the fencing token: an outcome is recorded only by the lease that is still the newest.
    """

    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    lease_no = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    last_cause = models.CharField(max_length=300, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds(self, lease_no: int) -> bool:
        """Whether the lease with this number is still the newest."""
        return self.lease_no == lease_no and self.lease_until is not None

    def try_again_later(self, cause: str, *, now: datetime, away_since: datetime | None = None) -> None:
        """Record a passing failure: never parked by it, next time further away, without end.

        `away_since`: nothing was put, because the other side is left alone; it is let be for as long again.
        """
        steps = settings.BACKOFF_SECONDS
        wait = steps[min(self.attempts, len(steps)) - 1] if self.attempts else steps[0]
        if away_since is not None:
            wait = max(wait, min((now - away_since).total_seconds(), steps[-1]))
        self.next_try_at = now + timedelta(seconds=wait * random.uniform(0.8, 1.2))
        self.last_cause, self.lease_until, self.crashes = cause, None, 0

    def finish(self, *, now: datetime) -> None:
        """The work is done; sweepers pass it by."""
        self.done_at, self.lease_until, self.crashes, self.last_cause = now, None, 0, ""

    def put_back(self, *, now: datetime) -> None:
        """Wait anew, at once: a person pressed retry, or there is new work for this row."""
        self.next_try_at, self.done_at, self.parked_at, self.crashes = now, None, None, 0
        self.lease_until, self.last_cause = None, ""

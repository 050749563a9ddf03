"""Who did what, when: all that is not a step of a request (those are RequestStep); and what sweeps passed over."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.db.models import F
from django.utils import timezone

from lltp_portal.errors import PortalError


class AuditEventQuerySet(models.QuerySet):
    """Each name finishes the sentence “events that are …”."""

    def record(
        self, verb: str, *, actor=None, subject: str = "", authority_id: int | None = None, **details: Any
    ) -> "AuditEvent":
        """Write one event in the caller's transaction. `actor=None` is the system; details hold no personal data."""
        office = authority_id or getattr(actor, "authority_id", None)
        return self.create(verb=verb, actor=actor, subject=subject, authority_id=office, details=details)

    def about(self, subject: str):
        return self.filter(subject=subject)


class AuditEvent(models.Model):
    """One line of the log. Rows are only added: the role has no right to change them, and a trigger refuses it."""

    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["verb", "at"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class PassedOverQuerySet(models.QuerySet):
    """Each name finishes the sentence “rows that are …”."""

    def of_sweep(self, sweep: str) -> set[int]:
        """The rows that this sweep passed over before. What it has not even tried for long is no trouble any more."""
        found = dict(self.filter(sweep=sweep).values_list("row", "last_at"))
        forgotten = timezone.now() - PassedOver.FORGOTTEN_AFTER
        if old := [row for row, last_at in found.items() if last_at < forgotten]:
            self.filter(sweep=sweep, row__in=old, last_at__lt=forgotten).delete()
        return found.keys() - set(old)

    def note(self, sweep: str, row: int, error: Exception) -> None:
        """Keep that it failed, in a transaction of its own. Of the error only its kind: its words may hold data."""
        cause = type(error).__name__ + (f" ({error.code})" if isinstance(error, PortalError) else "")
        now = timezone.now()
        try:
            with transaction.atomic():
                noted, is_new = self.get_or_create(
                    sweep=sweep, row=row, defaults={"first_at": now, "last_at": now, "cause": cause[:120]}
                )
                if not is_new:
                    self.filter(pk=noted.pk).update(times=F("times") + 1, last_at=now, cause=cause[:120])
        except DatabaseError:
            return  # the log has it; a database that is away is no fault of this row

    def settled(self, sweep: str, row: int) -> None:
        """It was done after all."""
        self.filter(sweep=sweep, row=row).delete()


class PassedOver(models.Model):
    """A row that a sweep could not do: how often, since when, and the kind of error. Gone once it was done.

    The log has the whole error under `sweep` and `pk`; administrators see these rows on the board of what waits.
    """

    FORGOTTEN_AFTER = timedelta(days=2)  # twice as long as the rarest sweep waits

    sweep = models.CharField(max_length=40)
    row = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    cause = models.CharField(max_length=120)

    objects = PassedOverQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "row"], name="passed_over_once")]

    def __str__(self) -> str:
        return f"{self.sweep} {self.row}"

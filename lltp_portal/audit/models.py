"""Who did what, when: everything that is not a step of a request (those are RequestStep)."""

from typing import Any

from django.conf import settings
from django.db import models


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
        indexes = [models.Index(fields=["subject", "at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

"""“Cần đối soát”: money that a person has to look at, for an office or for the nation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from requests.models import CertificateRequest, OnlinePayment, PaymentEntry

SHOWN = 200
REFUSED_CALLS_FOR = timedelta(days=30)
SILENT_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class ToReconcile:
    """What this person may see of it, at a moment."""

    user: User
    now: datetime

    @property
    def is_national(self) -> bool:
        return self.user.has_role("national_administrator", "auditor")

    def _mine(self, rows: QuerySet, path: str = "authority") -> QuerySet:
        if self.is_national:
            return rows
        return rows.filter(**{path: self.user.authority_id}) if self.user.works_at_office else rows.none()

    @cached_property
    def entries(self) -> list[PaymentEntry]:
        """Unmatched and doubtful money, the oldest first."""
        found = self._mine(PaymentEntry.objects.open().select_related("authority", "request", "order"))
        return list(found.order_by("at", "pk")[:SHOWN])

    @cached_property
    def refunds(self) -> list[CertificateRequest]:
        """Requests whose office owes money back."""
        found = self._mine(CertificateRequest.objects.with_refund_due().select_related("authority", "declaration"))
        return list(found.order_by("pk")[:SHOWN])

    @cached_property
    def silent(self) -> list[OnlinePayment]:
        """Orders at the platform about which it has said nothing since the person came back from it."""
        rows = OnlinePayment.objects.waiting().filter(paid_at__isnull=True, returned_at__lt=self.now - SILENT_AFTER)
        rows = self._mine(rows.select_related("order", "request__authority"), "request__authority")
        return [row for row in rows.order_by("returned_at")[:SHOWN] if row.is_unknown]

    @cached_property
    def refused_calls(self) -> list[AuditEvent]:
        """Calls that pretended to come from the platform."""
        events = AuditEvent.objects.filter(verb="payment_call_refused", at__gte=self.now - REFUSED_CALLS_FOR)
        return list(self._mine(events.select_related("authority"))[:SHOWN])

    @property
    def count(self) -> int:
        """How many things wait for a person; refused calls are only shown."""
        return len(self.entries) + len(self.refunds) + len(self.silent)

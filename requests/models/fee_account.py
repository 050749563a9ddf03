"""What a request costs and what was paid of it: the fields that the ledger (models/payment.py) keeps right."""

from django.db import models
from django.db.models import F, Q

from requests.states import State as S

ENDED_WITHOUT_CERTIFICATE = (S.REFUSED, S.WITHDRAWN, S.STOPPED)
# What `refund_due` says of one request, asked of the table.
REFUND_DUE = Q(state__in=ENDED_WITHOUT_CERTIFICATE, received_at__isnull=True, fee_paid_amount__gt=0) | Q(
    fee_paid_amount__gt=F("fee_amount")
)


class FeeAccount(models.Model):
    """The fee of one request. `fee_paid_amount` is the sum of its ledger entries, written in their transaction."""

    fee_amount = models.PositiveIntegerField("phí (đồng)", null=True)
    fee_reason = models.CharField(max_length=500, blank=True)
    # How the fee comes about, line by line (requests/fees.py: Breakdown), as it was when the step asked for it.
    fee_breakdown = models.JSONField(default=dict)
    fee_paid_at = models.DateTimeField(null=True)
    fee_paid_amount = models.PositiveIntegerField("đã nộp (đồng)", default=0)
    fee_receipt_number = models.CharField("số biên lai", max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def fee_settled(self) -> bool:
        """Free, or what was paid covers the fee; a supplement that raises the fee unsettles it again."""
        return self.fee_amount is not None and self.fee_paid_amount >= self.fee_amount

    @property
    def fee_missing(self) -> int:
        """What has still to be paid, in đồng."""
        return max(0, (self.fee_amount or 0) - self.fee_paid_amount)

    @property
    def fee_owed(self) -> int:
        """What the office may keep: the fee, or nothing where the request ended before it was received."""
        if self.state in ENDED_WITHOUT_CERTIFICATE and self.received_at is None:
            return 0
        return self.fee_amount or 0

    @property
    def refund_due(self) -> int:
        """What the office holds and has to give back, in đồng (`with_refund_due` asks the same of the table)."""
        return max(0, self.fee_paid_amount - self.fee_owed)

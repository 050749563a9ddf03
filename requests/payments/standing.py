"""How a request stands with its fee, in the words of domain 4.3; read by pages of citizens and clerks alike."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from requests import fee_facts
from requests.fee_breakdown import Breakdown
from requests.models import CertificateRequest, OnlinePayment, PaymentEntry, PaymentOrder
from requests.models.payment import Method
from requests.payments import accounts, platform
from requests.states import ENDED, State

Kind = PaymentEntry.Kind


@dataclass(frozen=True)
class Standing:
    """The fee of one request, its ledger, and what is open."""

    request: CertificateRequest

    @cached_property
    def breakdown(self) -> Breakdown | None:
        return fee_facts.shown(self.request)

    @cached_property
    def entries(self) -> list[PaymentEntry]:
        return list(self.request.payment_entries.select_related("order", "by", "resolved_by"))

    @cached_property
    def receipts(self) -> list[PaymentEntry]:
        return [entry for entry in self.entries if entry.kind == Kind.RECEIVED]

    @cached_property
    def refunds(self) -> list[PaymentEntry]:
        return [entry for entry in self.entries if entry.kind == Kind.REFUNDED]

    @cached_property
    def doubtful(self) -> list[PaymentEntry]:
        """Money that the platform told of wrongly and nobody has decided about."""
        return [entry for entry in self.entries if entry.kind == Kind.DOUBTFUL and not hasattr(entry, "resolved_by")]

    @cached_property
    def _at_platform(self) -> list[OnlinePayment]:
        """The newest first."""
        return list(OnlinePayment.objects.filter(request=self.request).select_related("order").order_by("-pk"))

    @property
    def online(self) -> OnlinePayment | None:
        """The newest order at the platform."""
        return self._at_platform[0] if self._at_platform else None

    @property
    def in_doubt(self) -> list[PaymentOrder]:
        """Orders at the platform that may have been paid: it has not said so or the contrary, or told of it wrongly."""
        if self.request.state != State.AWAITING_PAYMENT:
            return []
        told_wrongly = {entry.order_id for entry in self.doubtful}
        return [one.order for one in self._at_platform if one.is_unknown or one.order_id in told_wrongly]

    @property
    def is_unknown(self) -> bool:
        """An earlier payment may have gone through: nobody should pay now."""
        return bool(self.in_doubt)

    @property
    def is_free(self) -> bool:
        return not self.request.fee_amount and not self.entries

    @property
    def awaits(self) -> bool:
        return self.request.state == State.AWAITING_PAYMENT

    @property
    def due_at(self) -> datetime | None:
        """Until when the fee may be paid; None when it is not awaited."""
        term = getattr(self.request, "payment_term", None)
        return term.due_at if term and self.awaits else None

    @property
    def status(self) -> str:
        """Chưa thanh toán, Chờ thanh toán, Đã thanh toán, Đã hoàn phí, Hủy; or that nothing has to be paid."""
        request = self.request
        if self.refunds and not request.fee_paid_amount:
            return _("Đã hoàn phí")
        if request.state in ENDED and not request.fee_paid_amount and request.fee_missing:
            return _("Hủy")
        if self.is_free:
            return _("Không phải nộp phí")
        if request.fee_settled or request.fee_owed == 0:
            return _("Đã thanh toán")
        waiting = request.payment_orders.filter(status=PaymentOrder.Status.WAITING).exists()
        return _("Chờ thanh toán") if waiting else _("Chưa thanh toán")

    @cached_property
    def account(self) -> accounts.Account | None:
        return accounts.account_of(self.request.authority)

    @property
    def may_pay_online(self) -> bool:
        return platform.is_offered()

    @cached_property
    def transfer(self) -> PaymentOrder | None:
        """The transfer that was chosen, for what is missing now."""
        orders = self.request.payment_orders.waiting()
        return orders.filter(method=Method.BANK_TRANSFER, amount=self.request.fee_missing).last()

"""Money for requests: what was asked for, what came and what went back. The ledger is only added to.

A request's `fee_paid_amount` is the sum of its entries and is written in the same transaction, on the locked row
(requests/actions/paying.py); what is owed back is worked out from it and never kept (docs/adr/0007).
"""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lltp_portal.codes import random_code
from lltp_portal.waiting import WaitingRow

REFERENCE_HEAD = "LP"


def new_reference() -> str:
    """LP and 10 characters: says nothing about anybody, fits into a bank transfer's text, can be read out."""
    return f"{REFERENCE_HEAD}{random_code(10)}"


def new_entry_code() -> str:
    """Names an entry in addresses; the primary key never leaves the house."""
    return random_code(12)


class Method(models.TextChoices):
    """How somebody pays (domain 4.3: tiền mặt, chuyển khoản, trực tuyến)."""

    COUNTER = "counter", _("Tiền mặt tại quầy")
    BANK_TRANSFER = "bank_transfer", _("Chuyển khoản")
    ONLINE = "online", _("Thanh toán trực tuyến")


class PaymentTerm(models.Model):
    """Until when a request waits for its fee; then it lapses. The promised day stays, whatever is set later."""

    request = models.OneToOneField(
        "requests.CertificateRequest", models.PROTECT, primary_key=True, related_name="payment_term"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="payment_term_by_due")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.due_at}"


class PaymentOrderQuerySet(models.QuerySet):
    """Each name finishes the sentence “orders that are …”."""

    def waiting(self):
        return self.filter(status=PaymentOrder.Status.WAITING)

    def mark_paid(self, pk: int) -> bool:
        """Money came: from waiting, or late from cancelled. Whether this call was the one that changed it."""
        return bool(self.filter(pk=pk).exclude(status=PaymentOrder.Status.PAID).update(status=PaymentOrder.Status.PAID))

    def cancel(self, pk: int) -> bool:
        """Nobody paid in time; money that comes nevertheless is still known by its reference."""
        return bool(self.waiting().filter(pk=pk).update(status=PaymentOrder.Status.CANCELLED))


class PaymentOrder(models.Model):
    """One way of paying that somebody chose: an amount under a reference of ours. `status` moves by UPDATE."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Chờ thanh toán")
        PAID = "paid", _("Đã thanh toán")
        CANCELLED = "cancelled", _("Hủy")

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="payment_orders")
    method = models.CharField("cách nộp", max_length=15, choices=Method.choices)
    amount = models.PositiveIntegerField("số tiền (đồng)")
    reference = models.CharField("nội dung chuyển khoản", max_length=12, unique=True, default=new_reference)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField("tình trạng", max_length=10, choices=Status.choices, default=Status.WAITING)

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="payment_order_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_order_status", condition=Q(status__in=["waiting", "paid", "cancelled"])
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OnlinePayment(WaitingRow):
    """An order at the payment platform whose outcome is not known for good yet; the platform is asked until it is."""

    order = models.OneToOneField(PaymentOrder, models.PROTECT, primary_key=True, related_name="online")
    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="online_payments")
    pay_url = models.CharField(max_length=500, blank=True)
    initiated_at = models.DateTimeField(null=True)
    # The browser came back: from here until the platform's word the outcome is unknown to the person.
    returned_at = models.DateTimeField(null=True)
    # When the platform last said that nobody has paid.
    unpaid_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="online_payment_waiting", condition=Q(done_at=None, parked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"

    @property
    def source(self) -> str:
        """Which of a request's orders this is, in the list of what waits."""
        return self.order.reference

    @property
    def is_unknown(self) -> bool:
        """The person may have paid, and the platform has not said so or the contrary since they came back."""
        if self.paid_at or self.done_at or self.initiated_at is None or self.returned_at is None:
            return False
        return self.unpaid_at is None or self.unpaid_at < self.returned_at

    @property
    def is_open(self) -> bool:
        """The person can still go to the platform's page and pay there."""
        return bool(self.pay_url) and self.paid_at is None and self.order.status == PaymentOrder.Status.WAITING


class ReceiptBookQuerySet(models.QuerySet):
    def draw(self, *, authority_id: int, year: int) -> int:
        """The next number of this office and year. The row stays locked until the receipt is committed: no gaps."""
        if not connection.in_atomic_block:
            raise RuntimeError("draw() needs the transaction that stores the receipt.")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO requests_receiptbook (authority_id, year, last_number) VALUES (%s, %s, 1) "
                "ON CONFLICT (authority_id, year) DO UPDATE SET last_number = requests_receiptbook.last_number + 1 "
                "RETURNING last_number",
                [authority_id, year],
            )
            return cursor.fetchone()[0]


class ReceiptBook(models.Model):
    """The last receipt number given out by one office in one year. Grows by one, each time for money received."""

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    objects = ReceiptBookQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="receipt_book_year")]

    def __str__(self) -> str:
        return f"{self.authority_id}/{self.year}: {self.last_number}"


class PaymentEntryQuerySet(models.QuerySet):
    """Each name finishes the sentence “entries that are …”."""

    def received(self):
        return self.filter(kind=PaymentEntry.Kind.RECEIVED)

    def open(self):
        """Money that nobody has said yet what it is: unmatched or doubtful, and not resolved."""
        return self.filter(kind__in=PaymentEntry.OPEN_KINDS, resolved_by__isnull=True)

    def known(self, system: str, transaction_id: str) -> "PaymentEntry | None":
        """What was written when this transaction was told of before."""
        return self.filter(system=system, transaction_id=transaction_id).first()


class PaymentEntry(models.Model):
    """One line of the ledger. Only added, never changed: the role has no right to, and a trigger refuses it."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Đã nhận tiền")
        REFUNDED = "refunded", _("Đã hoàn tiền")
        UNMATCHED = "unmatched", _("Chưa rõ của hồ sơ nào")
        DOUBTFUL = "doubtful", _("Sai số tiền, chờ đối soát")
        DISMISSED = "dismissed", _("Không có khoản tiền này")

    class System(models.TextChoices):
        COUNTER = "counter", _("Quầy")
        BANK = "bank", _("Sao kê ngân hàng")
        PLATFORM = "platform", _("Nền tảng thanh toán")

    OPEN_KINDS = (Kind.UNMATCHED, Kind.DOUBTFUL)

    code = models.CharField(max_length=12, unique=True, default=new_entry_code, editable=False)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    request = models.ForeignKey(
        "requests.CertificateRequest", models.PROTECT, null=True, related_name="payment_entries"
    )
    order = models.ForeignKey(PaymentOrder, models.PROTECT, null=True, related_name="entries")
    method = models.CharField("cách nộp", max_length=15, choices=Method.choices)
    amount = models.PositiveIntegerField("số tiền (đồng)")
    at = models.DateTimeField()
    system = models.CharField("nguồn", max_length=10, choices=System.choices)
    transaction_id = models.CharField("mã giao dịch", max_length=100, null=True)  # noqa: DJ001 - NULL is "has none"
    receipt_year = models.PositiveSmallIntegerField(null=True)
    receipt_no = models.PositiveIntegerField(null=True)
    receipt_number = models.CharField("số biên lai", max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField("ghi chú", max_length=500, blank=True)
    resolves = models.OneToOneField("self", models.PROTECT, null=True, related_name="resolved_by")

    objects = PaymentEntryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["system", "transaction_id"], name="payment_transaction_once"),
            models.UniqueConstraint(fields=["authority", "receipt_year", "receipt_no"], name="payment_receipt_once"),
            models.CheckConstraint(name="payment_entry_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_entry_kind",
                condition=Q(kind__in=["received", "refunded", "unmatched", "doubtful", "dismissed"]),
            ),
            models.CheckConstraint(
                name="payment_received_has_receipt",
                condition=Q(
                    kind="received", request__isnull=False, receipt_no__isnull=False, receipt_year__isnull=False
                )
                & ~Q(receipt_number="")
                | ~Q(kind="received") & Q(receipt_no__isnull=True, receipt_year__isnull=True, receipt_number=""),
            ),
            models.CheckConstraint(
                name="payment_unmatched_is_nobodys",
                condition=Q(kind="unmatched", request__isnull=True) | ~Q(kind="unmatched"),
            ),
            models.CheckConstraint(
                name="payment_going_back_says_why",
                condition=~Q(kind__in=["refunded", "dismissed"]) | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} #{self.pk}"


def receipt_number(identifier: str, year: int, number: int) -> str:
    """“H26.12-BL26-0000012”: the office, the year, and the number, which runs on without a gap."""
    return f"{identifier}-BL{year % 100:02d}-{number:07d}"

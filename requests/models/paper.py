"""Papers about a request: what was said, when, under which number; and the bytes, once a worker has printed them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lltp_portal.waiting import WaitingQuerySet, WaitingRow


class PaperQuerySet(WaitingQuerySet):
    """Each name finishes the sentence “papers that are …”."""

    def in_order(self):
        return self.order_by("seq")

    def newest_first(self):
        return self.order_by("-seq")

    def for_citizens(self):
        """Not those that one office writes to another."""
        return self.exclude(kind__in=Paper.BETWEEN_OFFICES)


class Paper(WaitingRow):
    """One paper as it was written. Its words are frozen in the transaction of the step; a worker prints it after.

    Nothing of it is ever changed (a trigger sees to it): what has to be said otherwise is a new paper. The bytes are in
    a table of their own, so that lists stay light.
    """

    class Kind(models.TextChoices):
        TRACKING_SLIP = "tracking_slip", _("Phiếu theo dõi hồ sơ")
        RECEIPT = "receipt", _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        SUPPLEMENT_REQUEST = "supplement_request", _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
        REFUSAL = "refusal", _("Phiếu từ chối giải quyết hồ sơ")
        CONTROL_SLIP = "control_slip", _("Phiếu kiểm soát quá trình giải quyết hồ sơ")
        APOLOGY = "apology", _("Phiếu xin lỗi và hẹn lại ngày trả kết quả")
        FEE_RECEIPT = "fee_receipt", _("Biên lai thu phí")
        HANDOVER_SLIP = "handover_slip", _("Giấy biên nhận trả kết quả")
        PROCESSING_LETTER = "processing_letter", _("Giấy xác nhận hồ sơ đang được giải quyết")
        INQUIRY_LETTER = "inquiry_letter", "Công văn đề nghị xác minh"
        INQUIRY_REMINDER = "inquiry_reminder", "Công văn đôn đốc trả lời"

    # Between offices: not a paper of the citizen's, and only who may read findings opens it.
    BETWEEN_OFFICES = (Kind.INQUIRY_LETTER, Kind.INQUIRY_REMINDER)

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="papers")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    step = models.ForeignKey("requests.RequestStep", models.PROTECT, null=True, related_name="papers")
    # Of a fee receipt: the entry of the ledger whose number it bears. One entry, one paper.
    payment = models.OneToOneField("requests.PaymentEntry", models.PROTECT, null=True, related_name="paper")
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số", null=True)
    content = models.TextField("nội dung")
    written_at = models.DateTimeField("lập lúc")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    # NULL is "not printed yet".
    sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001
    size = models.PositiveIntegerField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    template_version = models.CharField(max_length=40, null=True)  # noqa: DJ001
    printed_at = models.DateTimeField("in lúc", null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ("request", "seq")
        constraints = [
            models.UniqueConstraint(fields=["request", "seq"], name="paper_seq"),
            models.UniqueConstraint(fields=["step", "kind"], name="paper_once_a_step"),
            models.UniqueConstraint(fields=["authority", "kind", "year", "number"], name="paper_number_used_once"),
            models.CheckConstraint(condition=Q(number__isnull=True) | Q(number__gte=1), name="paper_number_from_one"),
            models.CheckConstraint(
                condition=Q(kind="fee_receipt", payment__isnull=False)
                | ~Q(kind="fee_receipt") & Q(payment__isnull=True),
                name="paper_fee_receipt_is_of_money",
            ),
            models.CheckConstraint(
                condition=Q(sha256__isnull=True, size__isnull=True, printed_at__isnull=True, done_at__isnull=True)
                | Q(sha256__isnull=False, size__isnull=False, printed_at__isnull=False, done_at__isnull=False),
                name="paper_done_is_printed",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="paper_waiting", condition=models.Q(done_at=None, parked_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}/{self.seq}"

    @property
    def is_printed(self) -> bool:
        return self.sha256 is not None

    @property
    def is_between_offices(self) -> bool:
        return self.kind in self.BETWEEN_OFFICES

    @property
    def file_name(self) -> str:
        """For downloads: what it is, in the words of its title, and of which request; no name of a person."""
        with translation.override("vi"):
            title = str(self.get_kind_display()).lower().replace("đ", "d")
        return f"{slugify(title)}-{self.request.code}-{self.seq}.pdf"


class PaperBytes(models.Model):
    """The PDF as it was sent. Only added, never changed."""

    paper = models.OneToOneField(Paper, models.PROTECT, primary_key=True, related_name="bytes")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return str(self.paper_id)


class PaperBook(models.Model):
    """The last number given to a kind of paper at an office in a year; locked while one is drawn, so without gaps."""

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "kind", "year"], name="paper_book_year")]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.kind} {self.year} {self.last_number}"

"""What was printed, under which number, and who answers for it. The database refuses what these rows must never do."""

import hashlib
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q

from certificates.content import CertificateContent

TYPES = ((1, "Số 1"), (2, "Số 2"))


class NumberBookQuerySet(models.QuerySet):
    def draw(self, *, authority_id: int, certificate_type: int, year: int) -> int:
        """The next number of this office, kind and year, in the caller's transaction.

        The row stays locked until that commits, so a number that is rolled back is drawn again and none is missing
        (Thông tư 13/2011/TT-BTP Art. 16: numbers run on and start again at 01 each year).
        """
        if not connection.in_atomic_block:
            raise RuntimeError("draw() needs the transaction that stores what the number is for.")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO certificates_numberbook (authority_id, certificate_type, year, last_number) "
                "VALUES (%s, %s, %s, 1) ON CONFLICT (authority_id, certificate_type, year) "
                "DO UPDATE SET last_number = certificates_numberbook.last_number + 1 RETURNING last_number",
                [authority_id, certificate_type, year],
            )
            return cursor.fetchone()[0]


class NumberBook(models.Model):
    """The last number given out by one office for one kind in one year. Grows by one, each time for a certificate."""

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    certificate_type = models.PositiveSmallIntegerField("loại", choices=TYPES)
    year = models.PositiveSmallIntegerField("năm")
    last_number = models.PositiveIntegerField("số cuối")

    objects = NumberBookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "certificate_type", "year"], name="number_book_key"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}/{self.certificate_type}/{self.year}: {self.last_number}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Each name finishes the sentence “certificates that are …”."""

    def intended(self):
        return self.filter(status=Certificate.Status.INTENDED)

    def issued(self):
        """Issued, and still to be accepted: neither replaced nor revoked."""
        return self.filter(status=Certificate.Status.ISSUED)

    def ever_issued(self):
        """Given to somebody, whether it still counts or not."""
        return self.filter(status__in=Certificate.SIGNED)

    def decided(self):
        """Issued or void, the latest first."""
        return self.exclude(status=Certificate.Status.INTENDED).order_by("-pk")

    def locked(self):
        return self.select_for_update(of=("self",))

    def for_bytes(self, pdf: bytes) -> "Certificate | None":
        """The certificate whose signed bytes are these."""
        return self.filter(signed_sha256=hashlib.sha256(pdf).hexdigest()).first()


class Certificate(models.Model):
    """One number in the book and what it stands for: frozen content, then unsigned bytes, then signed bytes.

    `status` moves by conditional UPDATE only: intended → issued, or intended → void; issued → replaced or revoked, with
    the row of Ending that says when and why. A number is never used again (Thông tư 13/2011/TT-BTP Art. 16 and 17).
    Everything else is written once; a trigger sees to it.
    """

    class Status(models.TextChoices):
        INTENDED = "intended", "Đang lập"
        ISSUED = "issued", "Đã cấp"
        VOID = "void", "Đã hủy"
        REPLACED = "replaced", "Đã được thay thế"
        REVOKED = "revoked", "Đã thu hồi"

    SIGNED = (Status.ISSUED, Status.REPLACED, Status.REVOKED)

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    certificate_type = models.PositiveSmallIntegerField("loại", choices=TYPES)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    code = models.CharField("mã kiểm tra", max_length=26, unique=True)
    status = models.CharField("tình trạng", max_length=10, choices=Status.choices, default=Status.INTENDED)

    content = models.TextField("nội dung")
    content_sha256 = models.CharField(max_length=64)
    draft_sha256 = models.CharField(max_length=64)
    template_version = models.CharField(max_length=60)

    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    intended_at = models.DateTimeField()

    unsigned_pdf = models.BinaryField(null=True)
    unsigned_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL is "not yet"
    signed_pdf = models.BinaryField(null=True)
    signed_sha256 = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULL is "not yet"
    signed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField("lý do hủy", max_length=500, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "certificate_type", "year", "number"], name="certificate_number_used_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["intended", "issued", "void", "replaced", "revoked"]), name="certificate_status"
            ),
            models.CheckConstraint(condition=~Q(verified_by=F("approved_by")), name="certificate_four_eyes"),
            models.CheckConstraint(condition=Q(number__gte=1), name="certificate_number_from_one"),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "replaced", "revoked"])
                | Q(
                    signed_pdf__isnull=False,
                    signed_sha256__isnull=False,
                    signed_at__isnull=False,
                    issued_at__isnull=False,
                ),
                name="issued_certificate_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["issued", "replaced", "revoked"])
                | Q(signed_pdf__isnull=True, signed_sha256__isnull=True, issued_at__isnull=True),
                name="signed_bytes_only_when_issued",
            ),
            models.CheckConstraint(
                condition=(Q(status="void", voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(status="void") & Q(voided_at__isnull=True, void_reason="")),
                name="void_certificate_says_why",
            ),
            models.CheckConstraint(
                condition=Q(unsigned_pdf__isnull=True, unsigned_sha256__isnull=True)
                | Q(unsigned_pdf__isnull=False, unsigned_sha256__isnull=False),
                name="unsigned_bytes_with_their_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year} {self.get_status_display()}"

    @cached_property
    def frozen(self) -> CertificateContent:
        """The content as it was approved and numbered."""
        return CertificateContent.from_json(self.content)

    @property
    def number_text(self) -> str:
        return self.frozen.number_text

    @property
    def file_name(self) -> str:
        """For downloads: says what it is, without a name of a person."""
        return f"phieu-ly-lich-tu-phap-so-{self.certificate_type}-{self.year}-{self.number}.pdf"


class Revocation(models.Model):
    """A certificate found wrong or unlawfully issued (Luật LLTP 28/2009/QH12, Art. 50): proposed by one person of the
    office, decided once by another who signs for it.
    """

    class Ground(models.TextChoices):
        INACCURATE = "inaccurate", "Nội dung Phiếu không chính xác"
        UNLAWFUL = "unlawful", "Phiếu được cấp trái quy định của pháp luật"

    class Outcome(models.TextChoices):
        REVOKED = "revoked", "Đã thu hồi"
        DECLINED = "declined", "Không thu hồi"
        OVERTAKEN = "overtaken", "Phiếu đã được thay thế trước khi quyết định"

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="revocations")
    ground = models.CharField("căn cứ", max_length=10, choices=Ground.choices)
    reason = models.TextField("lý do")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField("quyết định", max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField("lý do quyết định", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(outcome=""), name="one_open_revocation_a_certificate"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["inaccurate", "unlawful"]) & ~Q(reason=""), name="revocation_says_why"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True, decision_reason="")
                | Q(outcome="revoked", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(outcome="declined", decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision_reason=""))
                | Q(outcome="overtaken", decided_by__isnull=True, decided_at__isnull=False),
                name="revocation_outcome_has_its_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.outcome or '?'}"


class Ending(models.Model):
    """From when an issued certificate is no longer to be accepted, and by what: another one, or a decision.

    Only added, once for a certificate, in the transaction that issues the other one or takes the decision.
    """

    class Kind(models.TextChoices):
        REPLACED = "replaced", "Đã được thay thế"
        REVOKED = "revoked", "Đã thu hồi"

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="ending")
    kind = models.CharField("vì sao", max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    replaced_by = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+")
    revocation = models.OneToOneField(Revocation, models.PROTECT, null=True, related_name="ending")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="replaced", replaced_by__isnull=False, revocation__isnull=True)
                | Q(kind="revoked", replaced_by__isnull=True, revocation__isnull=False),
                name="ending_names_its_cause",
            ),
            models.CheckConstraint(condition=~Q(certificate=F("replaced_by")), name="ending_by_another_certificate"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.kind}"


class IssuingStopQuerySet(models.QuerySet):
    def pulled(self):
        return self.filter(released_at__isnull=True)

    def last_release(self) -> datetime | None:
        return self.aggregate(latest=models.Max("released_at"))["latest"]


class IssuingStop(models.Model):
    """The stop switch, pulled by an administrator or by three permanent failures in a row; one at a time."""

    reason = models.CharField("lý do", max_length=500)
    pulled_at = models.DateTimeField()
    pulled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = IssuingStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(released_at__isnull=True), name="one_issuing_stop_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

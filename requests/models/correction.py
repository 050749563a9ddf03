"""What is wrong with an issued certificate, and whose mistake it was: the claim behind a correcting request."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Correction(models.Model):
    """Why a request was opened that corrects an issued certificate (Luật Lý lịch tư pháp 2009, Art. 50).

    Its request has `corrects` set. Whose mistake it was is decided once, at intake; until then no fee is demanded.
    """

    class Fault(models.TextChoices):
        OFFICE = "office", "Lỗi của cơ quan"
        APPLICANT = "applicant", "Lỗi khi khai"

    request = models.OneToOneField("requests.CertificateRequest", models.CASCADE, related_name="correction")
    page = models.CharField("phần có chỗ sai", max_length=30)
    what_is_wrong = models.TextField("chỗ sai")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    fault = models.CharField("lỗi của ai", max_length=10, choices=Fault.choices, blank=True)
    fault_reason = models.TextField("vì sao", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_fault_has_its_facts",
                condition=Q(fault="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(
                    fault__in=["office", "applicant"],
                    fault_reason__gt="",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.fault or '?'}"

"""Rows that wait for a worker, and what a person decided about candidates."""

from django.conf import settings
from django.db import models

from lltp_portal.waiting import WaitingRow


class SourceSearch(WaitingRow):
    """One required source of one request: has it answered completely about the current declaration?"""

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="searches")
    source = models.CharField(max_length=20)
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    # The newest complete answer about that declaration; its as_of says how fresh it is.
    lookup = models.ForeignKey("records.RecordLookup", models.PROTECT, null=True, related_name="+")
    # A verified request's answer is asked for again without a step; this search then waits although lookup is set.
    is_renewal = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "source"], name="one_search_a_source")]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="search_waiting", condition=models.Q(done_at=None, parked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.request_id}"


class Issuance(WaitingRow):
    """An approved certificate on its way to being signed; the waiting row of state signing."""

    request = models.OneToOneField(
        "requests.CertificateRequest", models.PROTECT, primary_key=True, related_name="issuance"
    )
    content = models.TextField()  # the approved draft, canonical JSON
    draft_sha256 = models.CharField(max_length=64)
    certificate = models.ForeignKey("certificates.Certificate", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="issuance_waiting", condition=models.Q(done_at=None, parked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Phiếu của {self.request_id}"

    @property
    def is_ready_to_sign(self) -> bool:
        """The unsigned bytes are stored; only the signer is missing."""
        return self.certificate is not None and bool(self.certificate.unsigned_sha256)


class CandidateDecision(models.Model):
    """What one person decided about one candidate of one set of findings; the newest row of that person counts.

    Which of them may be read by whom, and what stands, says requests/two_people.py alone.
    """

    class Decision(models.TextChoices):
        SAME = "same", "Đúng người này"
        DIFFERENT = "different", "Không phải là người này"
        ASK = "ask", "Chưa rõ, cần hỏi"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="candidate_decisions")
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    lookup = models.ForeignKey("records.RecordLookup", models.PROTECT, related_name="+")
    findings_digest = models.CharField(max_length=64)
    register_id = models.CharField(max_length=500)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    ground = models.CharField("căn cứ", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # What was on the screen; NULL only in rows that are older than the keeping of it.
    shown = models.ForeignKey("requests.ShownComparison", models.PROTECT, null=True, related_name="decisions")
    # The third person, after two have differed.
    as_leader = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["request", "findings_digest"], name="decision_by_findings")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.decision}"

"""How it is decided who somebody is: what was on the screen, whether two people must say, and what they settled."""

from django.db import models
from django.db.models import Q


class ShownComparison(models.Model):
    """The comparison as it stood on the screen: declared values, every candidate, weights and rules by their version.

    Written once with the first decision that was made on it; a later change of weights, names or words changes nothing.
    """

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="shown_comparisons")
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    findings_digest = models.CharField(max_length=64)
    version = models.CharField("phiên bản trọng số và quy tắc", max_length=200)
    content = models.TextField()  # canonical JSON, as it was hashed
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "sha256"], name="comparison_shown_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.sha256[:8]}"


class CandidateCase(models.Model):
    """The candidates of one set of findings, and whether two people must decide on them, each for themselves.

    Written with the first decision; the newest row of a request counts. Whoever changes the office's share later, or
    searches again, does not change what was drawn: the same findings keep their first draw.
    """

    class TwoPeople(models.TextChoices):
        SHARE = "share", "được chọn theo tỷ lệ kiểm tra"
        COMMON_NAME = "common_name", "họ tên rất phổ biến"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="candidate_cases")
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    findings_digest = models.CharField(max_length=64)
    two_people = models.CharField("vì sao hai người", max_length=20, choices=TwoPeople.choices, blank=True)
    percent = models.PositiveSmallIntegerField("tỷ lệ lúc chọn")
    register_ids = models.JSONField("hồ sơ phải quyết định")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="case_percent")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.two_people}"


class Settlement(models.Model):
    """What two people said of one candidate, and a third where they differed (a trigger looks up who they are)."""

    case = models.ForeignKey(CandidateCase, models.PROTECT, related_name="settlements")
    register_id = models.CharField(max_length=500)
    decision = models.CharField(max_length=10)
    first = models.ForeignKey("requests.CandidateDecision", models.PROTECT, related_name="+")
    second = models.ForeignKey("requests.CandidateDecision", models.PROTECT, related_name="+")
    third = models.ForeignKey("requests.CandidateDecision", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "register_id"], name="settled_once"),
            models.CheckConstraint(condition=Q(decision__in=["same", "different"]), name="settled_without_doubt"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.decision}"

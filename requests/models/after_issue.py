"""The time after issue: the person is asked for again, and what is new is a task for a clerk."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from certificates.models import Certificate
from lltp_portal.waiting import WaitingRow
from requests.models.request import CertificateRequest


class AfterIssue(WaitingRow):
    """An issued certificate whose person is asked for again on set days (REASK_DAYS); the waiting row of that."""

    request = models.OneToOneField(
        "requests.CertificateRequest", models.PROTECT, primary_key=True, related_name="after_issue"
    )
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    # The newest complete answer since; the one that the certificate stands on belongs to the request's search.
    lookup = models.ForeignKey("records.RecordLookup", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="after_issue_waiting", condition=Q(done_at=None, parked_at=None))
        ]

    def __str__(self) -> str:
        return f"Sau khi cấp {self.request_id}"


# A certificate may be corrected, and the correction too: how each of them leads to the request that was asked about.
ITSELF_AND_CORRECTIONS = ("pk", "corrects", "corrects__corrects", "corrects__corrects__corrects")


class FoundAfterIssueQuerySet(models.QuerySet):
    """Each name finishes the sentence “tasks that are …”."""

    def open(self):
        return self.filter(decision="")

    def unfinished(self):
        """Open; or to be replaced, while that certificate still counts and the check page calls it genuine.

        It is that of the request, or of a correction that was issued before the decision.
        """
        counted = CertificateRequest.objects.filter(
            certificate__status=Certificate.Status.ISSUED, issued_at__lte=OuterRef("decided_at")
        )
        chain = (Exists(counted.filter(**{path: OuterRef("request")})) for path in ITSELF_AND_CORRECTIONS)
        said = Q(reduce(or_, chain), decision=FoundAfterIssue.Decision.REPLACE)
        newer = FoundAfterIssue.objects.filter(request=OuterRef("request"), pk__gt=OuterRef("pk"))
        return self.filter(Q(decision="") | (said & ~Exists(newer)))

    def of_office(self, user):
        """Where this person works; about nobody who is themselves."""
        return self.filter(request__authority=user.authority_id).exclude(request__account=user)

    def oldest_first(self):
        return self.order_by("found_at", "pk")


class FoundAfterIssue(models.Model):
    """The central database or another agency says something that it did not say before issue; a clerk replaces the
    certificate or not.

    Decided once (a trigger holds it to that). While it is open, a still newer answer takes the place of this one.
    """

    class Kind(models.TextChoices):
        CANDIDATE = "candidate", "Có hồ sơ mới có thể là của người này"
        TEXT = "text", "Nội dung về án tích khác với Phiếu đã cấp"
        SET_ASIDE = "set_aside", "Hồ sơ đã kết luận là của người này nay bị loại khi tra cứu"
        TOLD = "told", "Cơ quan khác trả lời sau khi cấp Phiếu"

    class Decision(models.TextChoices):
        REPLACE = "replace", "Thay Phiếu đã cấp"
        LEAVE = "leave", "Giữ nguyên Phiếu đã cấp"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="found_after_issue")
    # What the central database said, and what other agencies told: either of them or both.
    lookup = models.ForeignKey("records.RecordLookup", models.PROTECT, null=True, related_name="+")
    findings_digest = models.CharField(max_length=64, blank=True)
    told_digest = models.CharField(max_length=64, blank=True)
    kind = models.CharField("điều mới", max_length=10, choices=Kind.choices)
    found_at = models.DateTimeField()
    decision = models.CharField("quyết định", max_length=10, choices=Decision.choices, blank=True)
    reason = models.TextField("lý do", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = FoundAfterIssueQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(decision=""), name="one_open_task_after_issue"),
            models.CheckConstraint(
                name="found_after_issue_says_what",
                condition=Q(lookup__isnull=False, findings_digest__gt="")
                | Q(lookup__isnull=True, findings_digest="", told_digest__gt="", kind="told"),
            ),
            models.CheckConstraint(
                name="found_after_issue_decided_as_a_whole",
                condition=Q(decision="", reason="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    decision__in=["replace", "leave"],
                    reason__gt="",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"

    @property
    def is_open(self) -> bool:
        return not self.decision

    @property
    def facts_digest(self) -> str:
        """All that a clerk has read before deciding."""
        return self.findings_digest + self.told_digest

    @property
    def what(self) -> str:
        """What is new, in words; both where both are."""
        words = self.Kind(self.kind).label
        is_more = self.told_digest and self.kind != self.Kind.TOLD
        return f"{words}; {self.Kind.TOLD.label[:1].lower()}{self.Kind.TOLD.label[1:]}" if is_more else str(words)

"""What a citizen was asked for, item by item, frozen as it was sent; what they answered; and who was reminded when."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q, Value

from requests.asking import limits
from requests.states import State


class SupplementQuerySet(models.QuerySet):
    """Each name finishes the sentence “questions that are …”."""

    def open(self):
        """Still waiting for an answer: asking was the last step of their request."""
        return self.filter(request__state=State.NEEDS_SUPPLEMENT, step_seq=F("request__step_count"))

    def to_remind(self, now: datetime):
        """Past half of their time, or within two days of their end, and nobody was told so (asking/limits.py)."""
        moment = Value(now, output_field=models.DateTimeField())
        half_is_over = Q(
            asked_at__lte=models.ExpressionWrapper(
                moment - (F("answer_by") - moment), output_field=models.DateTimeField()
            )
        )
        end_is_near = Q(answer_by__lte=now + limits.LAST_REMINDER_BEFORE)
        made = SupplementReminder.objects.filter(supplement=models.OuterRef("pk"))
        return self.filter(answer_by__gte=now).filter(
            half_is_over & ~models.Exists(made.filter(kind=limits.HALF))
            | end_is_near & ~models.Exists(made.filter(kind=limits.LAST))
        )


class SupplementRequest(models.Model):
    """One question to who files: everything that is missing, asked at once (Phiếu yêu cầu bổ sung, domain 4.7).

    Only added. Its rows of items are complete when there are `item_count` of them; a trigger refuses any more.
    """

    needs_sweeper = True  # lltp_portal/checks.py: an answer that never comes has to be noticed by somebody

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="supplements")
    step_seq = models.PositiveIntegerField()  # the row of history that asked
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    item_count = models.PositiveSmallIntegerField()

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering = ("request", "step_seq")
        constraints = [
            models.UniqueConstraint(fields=["request", "step_seq"], name="supplement_once_a_step"),
            models.CheckConstraint(name="supplement_asks_something", condition=Q(item_count__gte=1)),
            models.CheckConstraint(name="supplement_limit_after_asking", condition=Q(answer_by__gt=F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} #{self.step_seq}"


class SupplementItem(models.Model):
    """One thing asked for. The question is frozen; `answer` and `done_at` may change until the whole is sent."""

    supplement = models.ForeignKey(SupplementRequest, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    code = models.CharField("lý do", max_length=30)
    title = models.CharField("tên mục", max_length=200)
    text = models.TextField("nội dung đã gửi")
    page = models.CharField("trang của tờ khai", max_length=30, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=200, blank=True)
    answer = models.TextField("trả lời", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("supplement", "position")
        constraints = [
            models.UniqueConstraint(fields=["supplement", "position"], name="supplement_item_position"),
            models.CheckConstraint(name="supplement_item_numbered", condition=Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.supplement_id}.{self.position} {self.code}"


class SupplementReminder(models.Model):
    """That somebody was reminded of an open question: at most once of each kind. Only added."""

    supplement = models.ForeignKey(SupplementRequest, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplement", "kind"], name="supplement_reminded_once")]

    def __str__(self) -> str:
        return f"{self.supplement_id} {self.kind}"

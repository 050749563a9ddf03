"""A promise in danger: why, the date that is proposed instead, and the clerk's signed apology."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests.states import HOLDER, OPEN, Holder


class AwaitedAnswer(models.Model):
    """The day for which another agency has promised its answer, kept beside the step that asked it. Only added."""

    step = models.OneToOneField("requests.RequestStep", models.PROTECT, primary_key=True, related_name="awaited_answer")
    expected_on = models.DateField("hẹn trả lời")

    def __str__(self) -> str:
        return f"{self.step_id} {self.expected_on}"


class LateNoticeQuerySet(models.QuerySet):
    """Each name finishes the sentence “notices that are …”."""

    def newest_first(self):
        return self.order_by("-round")

    def to_sign(self, user):
        """Unsigned, the newest of its request, and the request is still open at this person's office."""
        newer = LateNotice.objects.filter(request=models.OuterRef("request"), round__gt=models.OuterRef("round"))
        return self.filter(
            ~models.Exists(newer), signed_at=None, request__state__in=OPEN, request__authority=user.authority_id
        ).order_by("promised_at", "pk")


class LateNotice(models.Model):
    """One promise that is in danger. The legal due moment stays on the request; here stands the new appointment.

    `appointed_at` is what the citizen is told: the proposed day first, the clerk's once the apology is signed. What
    is signed is never changed (a trigger): when the new day is in danger too, there is another row.
    """

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="late_notices")
    round = models.PositiveSmallIntegerField()
    promised_at = models.DateTimeField("hẹn cũ")
    cause = models.CharField("nguyên nhân", max_length=10, choices=Holder.choices)
    cause_since = models.DateTimeField("từ lúc")
    proposed_at = models.DateTimeField("ngày hẹn đề xuất")
    appointed_at = models.DateTimeField("ngày hẹn mới")
    drafted_at = models.DateTimeField("soạn lúc")
    cause_text = models.CharField("lý do ghi trên phiếu", max_length=500, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("ký lúc", null=True)

    objects = LateNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "round"], name="late_notice_round"),
            models.UniqueConstraint(fields=["request", "promised_at"], name="late_notice_once_a_promise"),
            models.CheckConstraint(
                name="late_notice_signed_by_somebody",
                condition=Q(signed_at=None, signed_by=None)
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(cause_text="")),
            ),
            models.CheckConstraint(
                name="late_notice_later_than_before", condition=Q(appointed_at__gt=models.F("promised_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.round}"

    @property
    def cause_has_changed(self) -> bool:
        """Somebody else holds the request now than when this was drafted."""
        return HOLDER[self.request.state] != self.cause

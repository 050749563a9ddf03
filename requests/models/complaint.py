"""Complaints (khiếu nại) and feedback (phản ánh, kiến nghị) about one request, and what the office answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ComplaintQuerySet(models.QuerySet):
    """Each name finishes the sentence “complaints that are …”."""

    def open(self):
        return self.exclude(status=Complaint.Status.ANSWERED)

    def not_reminded_of_this_limit(self):
        """Nobody was reminded yet, or of another limit."""
        return self.filter(Q(reminded_of__isnull=True) | ~Q(reminded_of=F("due_at")))

    def of_office(self, user):
        """Those about requests of this person's office, other than about their own request."""
        return self.filter(request__authority=user.authority_id).exclude(request__account=user)

    def soonest_first(self):
        return self.order_by("answered_at", "due_at", "pk")


class Complaint(models.Model):
    """One complaint. `status` moves by conditional UPDATE, forward only; what was written stays (a trigger)."""

    needs_sweeper = True  # lltp_portal/checks.py: the office is reminded before its limit passes

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "Khiếu nại"
        FEEDBACK = "feedback", "Phản ánh, kiến nghị"

    class Status(models.TextChoices):
        RECEIVED = "received", "Đã nhận"
        IN_WORK = "in_work", "Đang giải quyết"
        ANSWERED = "answered", "Đã trả lời"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="complaints")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    text = models.TextField("nội dung")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    status = models.CharField("tình trạng", max_length=10, choices=Status.choices, default=Status.RECEIVED)
    # Until when the next thing has to be done: taken up or answered.
    due_at = models.DateTimeField()
    in_work_at = models.DateTimeField(null=True)
    in_work_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField("trả lời", blank=True)
    # The limit about which the office was last reminded; another limit is another reminder.
    reminded_of = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["request"], name="one_open_complaint_a_request", condition=~Q(status="answered")
            ),
            models.CheckConstraint(name="complaint_kind_known", condition=Q(kind__in=["complaint", "feedback"])),
            models.CheckConstraint(
                name="complaint_status_has_its_facts",
                condition=Q(status="received", in_work_at__isnull=True, answered_at__isnull=True, answer="")
                | Q(status="in_work", in_work_at__isnull=False, answered_at__isnull=True, answer="")
                | Q(status="answered", answered_at__isnull=False, answered_by__isnull=False, answer__gt=""),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="complaint_open", condition=~Q(status="answered"))]

    def __str__(self) -> str:
        return f"{self.request_id} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status != self.Status.ANSWERED

    @property
    def shown(self) -> str:
        """Names it on a page: one request has one open complaint, and may have another after it."""
        return self.received_at.isoformat()

"""The waiting row between the two databases: a confirmed judgment on its way into the register's queue of papers."""

from django.db import models
from django.db.models import Q

from lltp_portal.waiting import WaitingQuerySet, WaitingRow


class FlowBackQuerySet(WaitingQuerySet):
    """Each name finishes the sentence “judgments that are …”."""

    def with_answer(self):
        """With everything that the paper is put together from."""
        return self.select_related("request", "decision__by", "decision__answer__inquiry__declaration")


class FlowBack(WaitingRow):
    """What one decision confirmed, to be taken in by who keeps the register, once (Luật LLTP 2009, Điều 15–18).

    Written in the transaction of the decision: two databases share none, and whoever dies in between leaves this row to
    the sweeper. Nothing about a person stands in it: the answer's rows never change, and the paper is made of them.
    """

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", "Đã chuyển"
        OVERTAKEN = "overtaken", "Không chuyển: quyết định đã được thay"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="flow_backs")
    seq = models.PositiveSmallIntegerField()
    decision = models.OneToOneField("requests.AnswerDecision", models.PROTECT, related_name="flow_back")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    paper = models.CharField(max_length=12, blank=True)  # its code in the register's queue

    objects = FlowBackQuerySet.as_manager()

    class Meta:
        ordering = ("request", "seq")
        constraints = [
            models.UniqueConstraint(fields=["request", "seq"], name="flow_back_seq"),
            models.CheckConstraint(
                name="flow_back_ends_with_its_paper",
                condition=Q(outcome="", paper="", done_at__isnull=True)
                | (Q(outcome="delivered", done_at__isnull=False) & ~Q(paper=""))
                | Q(outcome="overtaken", paper="", done_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="flow_back_waiting", condition=Q(done_at=None, parked_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.seq} {self.outcome}"

"""The ledger of acts of persons on the register, in our own database: who wanted what, who agreed, whether it is done.

Two databases share no transaction. The row here is committed first and waits; the act is done in `central` under its
code, once; then the row is closed. Whoever dies in between leaves a waiting row for the sweeper (docs/adr/0003, 0012).
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from lltp_portal.codes import random_code
from lltp_portal.waiting import WaitingQuerySet, WaitingRow


def new_act_code() -> str:
    return random_code(12)


class RegisterActQuerySet(WaitingQuerySet):
    """Each name finishes the sentence “acts that are …”."""

    def to_agree(self):
        """Proposed, and waiting for another person's word."""
        return self.filter(agreed_at__isnull=True, outcome=None)

    def to_do(self, now: datetime):
        return self.due(now).filter(agreed_at__isnull=False)

    def newest_first(self):
        return self.order_by("-proposed_at", "-pk")


class RegisterAct(WaitingRow):
    """One act. What was proposed never changes; agreement and outcome are written once (a trigger holds to both).

    `agreed_by` of a joining, a division or an undoing is another person than `proposed_by`, by person and not by
    account; a paper is worked in by one person, who is both. `details` names register_ids and choices, nobody's data.
    """

    class Kind(models.TextChoices):
        WORK_IN = "work_in", "Cập nhật văn bản"
        MERGE = "merge", "Gộp hai hồ sơ của một người"
        SPLIT = "split", "Tách hồ sơ của hai người"
        UNDO_MERGE = "undo_merge", "Hoàn tác việc gộp"
        UNDO_SPLIT = "undo_split", "Hoàn tác việc tách"

    class Outcome(models.TextChoices):
        DONE = "done", "Đã thực hiện"
        DECLINED = "declined", "Không đồng ý"
        REFUSED = "refused", "Không thực hiện được"

    code = models.CharField(max_length=12, unique=True, default=new_act_code, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.CharField(max_length=12, blank=True)  # the paper's code, or the act's that is undone
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.TextField()
    details = models.JSONField(default=dict)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, null=True)  # noqa: DJ001 - null: not yet
    outcome_at = models.DateTimeField(null=True)
    outcome_words = models.CharField(max_length=500, blank=True)

    objects = RegisterActQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="register_act_kind_known",
                condition=Q(kind__in=["work_in", "merge", "split", "undo_merge", "undo_split"]),
            ),
            models.CheckConstraint(name="register_act_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="register_act_agreed_by_somebody", condition=Q(agreed_at=None) ^ Q(agreed_by__isnull=False)
            ),
            models.CheckConstraint(
                name="register_act_outcome_is_dated", condition=Q(outcome=None) ^ Q(outcome_at__isnull=False)
            ),
            models.CheckConstraint(
                name="register_act_done_was_agreed", condition=~Q(outcome="done") | Q(agreed_at__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_open_act_a_paper", fields=["kind", "subject"], condition=Q(outcome=None) & ~Q(subject="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def needs_another(self) -> bool:
        return self.kind != self.Kind.WORK_IN

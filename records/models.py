"""The ledger of questions put about people: one row per question, committed before the question is put."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from records.act_models import RegisterAct
from records.answers import Answer, Complete, Failed, Question
from records.matching import Matching

__all__ = ["RecordLookup", "RecordLookupQuerySet", "RegisterAct"]


class RecordLookupQuerySet(models.QuerySet):
    """Each name finishes the sentence “lookups that are …”."""

    def put(
        self,
        question: Question,
        *,
        request_code: str,
        source: str,
        purpose: str,
        by: Any,
        at: datetime,
        for_office: str = "",
    ) -> Any:
        """Write down that this question is about to be asked; commit before asking. `by=None`: the system.

        `for_office` names the office with a deployment of its own that asks through this one.
        """
        return self.create(
            reference=question.reference,
            request_code=request_code,
            source=source,
            purpose=purpose,
            asked_by=by,
            asked_at=at,
            question_digest=question.digest(),
            for_office=for_office,
        )

    def about(self, request_code: str):
        return self.filter(request_code=request_code)

    def without_outcome(self):
        """Put, but never heard of again: the worker died between the question and its outcome."""
        return self.filter(outcome=None)

    def complete(self):
        return self.filter(outcome=RecordLookup.Outcome.COMPLETE)

    def newest_first(self):
        return self.order_by("-asked_at", "-pk")


class RecordLookup(models.Model):
    """Who asked, for which request, why and when; then, once, what came of it (a trigger holds both to that)."""

    class Outcome(models.TextChoices):
        COMPLETE = "complete", "Đầy đủ"
        PARTIAL = "partial", "Chưa đầy đủ"
        FAILED = "failed", "Không trả lời được"
        SUPERSEDED = "superseded", "Không còn cần"

    reference = models.CharField(max_length=500)
    request_code = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    for_office = models.CharField(max_length=20, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    question_digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, null=True)  # noqa: DJ001 - null: no outcome yet
    cause = models.CharField(max_length=300, blank=True)
    as_of = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_digest = models.CharField(max_length=64, blank=True)
    answer = models.JSONField(null=True)
    # What the answer was weighed to, and with which rules and weights: they may be others when somebody asks why.
    matching = models.JSONField(null=True)
    objects = RecordLookupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lookup_outcome_known",
                condition=Q(outcome=None) | Q(outcome__in=["complete", "partial", "failed", "superseded"]),
            ),
            models.CheckConstraint(
                name="lookup_says_why", condition=~Q(purpose="") & ~Q(source="") & ~Q(question_digest="")
            ),
            models.CheckConstraint(
                name="lookup_outcome_is_dated", condition=Q(outcome=None) ^ Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="complete_lookup_has_its_answer",
                condition=~Q(outcome="complete")
                | (Q(answer__isnull=False) & Q(as_of__isnull=False) & ~Q(answer_digest="")),
            ),
            models.CheckConstraint(
                name="only_complete_lookup_has_an_answer", condition=Q(outcome="complete") | Q(answer__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["request_code", "asked_at"], name="lookup_by_request"),
            models.Index(fields=["asked_at"], name="lookup_by_time"),
        ]

    def __str__(self) -> str:
        return f"Tra cứu {self.pk}"

    def record(
        self, answer: Answer, *, matching: Matching | None = None, superseded: bool = False, at: datetime
    ) -> None:
        """Write the outcome, once. A superseded answer keeps its kind in the cause, never its content."""
        self.answered_at = at
        if not isinstance(answer, Failed):
            self.as_of = answer.as_of
        if superseded:
            self.outcome, self.cause = self.Outcome.SUPERSEDED, self.Outcome(answer.outcome).label
        elif isinstance(answer, Complete):
            self.outcome, self.answer, self.answer_digest = self.Outcome.COMPLETE, answer.to_json(), answer.digest
            self.matching = matching.summary() if matching else None
        else:
            self.outcome, self.cause = answer.outcome, answer.cause[:300]
        self.save(update_fields=["outcome", "cause", "as_of", "answered_at", "answer_digest", "answer", "matching"])

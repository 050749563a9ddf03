"""Offices that may ask this deployment, with their keys and every question; and the circuit to a far central side."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate


class DelegationQuerySet(models.QuerySet):
    """Each name finishes the sentence “delegations that are …”."""

    def with_standing(self, now: datetime):
        """Annotated with `is_on` and `since`: what the newest switch in effect says; None where there was none."""
        newest = Switch.objects.in_effect(now).filter(delegation=OuterRef("pk")).newest_first()
        return self.annotate(
            is_on=Subquery(newest.values("is_on")[:1], output_field=models.BooleanField()),
            since=Subquery(newest.values("effective_from")[:1], output_field=models.DateTimeField()),
        )


class Delegation(models.Model):
    """An office with a deployment of its own that may be allowed to ask here. The row alone allows nothing."""

    code = models.SlugField("mã đơn vị", max_length=20, unique=True)
    name = models.CharField("tên đơn vị", max_length=200)
    lookups_a_minute = models.PositiveIntegerField("số câu hỏi mỗi phút", default=300)
    created_at = models.DateTimeField()

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def may_ask(self, now: datetime) -> bool:
        """What the newest switch that has come into effect says; nobody who was never switched on."""
        newest = self.switches.in_effect(now).newest_first().first()
        return newest is not None and newest.is_on


class SwitchQuerySet(models.QuerySet):
    """Each name finishes the sentence “switches that are …”."""

    def in_effect(self, now: datetime):
        return self.filter(effective_from__lte=now)

    def newest_first(self):
        """A later decision counts, whichever day it names."""
        return self.order_by("-pk")


class Switch(models.Model):
    """Delegated to, or no longer: who decided it, why, and from when. Rows are only added."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="switches")
    is_on = models.BooleanField()
    effective_from = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_words = models.CharField(max_length=200)  # who answers for it, also where a command was run
    reason = models.CharField(max_length=500)

    objects = SwitchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="switch_says_who_and_why", condition=~Q(by_words="") & ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.delegation_id} {'on' if self.is_on else 'off'}"


class OfficeKey(models.Model):
    """A key of one office: only its hash is kept. Two may be valid at once, so that they can be changed over."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=16, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="revoked_by_somebody", condition=Q(revoked_at__isnull=True, revoked_by="") | ~Q(revoked_by="")
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class ServedQuerySet(models.QuerySet):
    """Each name finishes the sentence “look-ups that are …”."""

    def of_last_minute(self, now: datetime):
        return self.filter(received_at__gt=now - timedelta(minutes=1))

    def counts_by_day(self, since: date) -> Any:
        """(delegation, day, outcome, count) in the portal's time zone, newest day first."""
        return (
            self.annotate(day=TruncDate("received_at"))
            .filter(day__gte=since)
            .values_list("delegation_id", "day", "lookup__outcome")
            .annotate(count=Count("pk"))
            .order_by("-day")
        )


class Served(models.Model):
    """One question of an office, written with its ledger row before anything is looked up. Rows are only added."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="served")
    key = models.ForeignKey(OfficeKey, models.PROTECT, related_name="+")
    lookup = models.OneToOneField("records.RecordLookup", models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delegation", "nonce"], name="a_question_is_answered_once"),
        ]
        indexes = [models.Index(fields=["delegation", "received_at"], name="served_by_office_and_time")]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.received_at}"


class CircuitQuerySet(models.QuerySet):
    """Each write is one UPDATE with its condition, so that processes that decide at once cannot both win."""

    def win_probe(self, name: str, now: datetime, *, seconds: float) -> bool:
        """Whether this process may try the far side of an open circuit; nobody else may for so long."""
        due = self.filter(name=name, opened_at__isnull=False, next_probe_at__lte=now)
        return bool(due.update(next_probe_at=now + timedelta(seconds=seconds)))

    def count_failure(self, name: str, cause: str, now: datetime) -> int:
        """One more in a row; how many that makes."""
        self.get_or_create(name=name)
        self.filter(name=name).update(failures=F("failures") + 1, last_cause=cause[:300], changed_at=now)
        return self.values_list("failures", flat=True).get(name=name)

    def open(self, name: str, now: datetime, *, seconds: float) -> bool:
        """Open it, or keep it open for as long again; true for the one that opened it."""
        until = now + timedelta(seconds=seconds)
        opened = self.filter(name=name, opened_at__isnull=True).update(opened_at=now, next_probe_at=until)
        if not opened:
            self.filter(name=name, opened_at__isnull=False).update(next_probe_at=until)
        return bool(opened)

    def close(self, name: str, now: datetime) -> bool:
        """The far side has answered; true where it had been open."""
        shut = {"failures": 0, "opened_at": None, "next_probe_at": None, "last_cause": "", "changed_at": now}
        was_open = self.filter(name=name, opened_at__isnull=False).update(**shut)
        if not was_open:
            self.filter(name=name, failures__gt=0).update(**shut)
        return bool(was_open)


class Circuit(models.Model):
    """What all processes of this deployment know about a far side: failures in a row, and whether it is left alone."""

    name = models.CharField(max_length=40, unique=True)
    failures = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    next_probe_at = models.DateTimeField(null=True)
    last_cause = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True)

    objects = CircuitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="open_circuit_knows_its_next_probe",
                condition=Q(opened_at__isnull=True) | Q(next_probe_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {'open' if self.opened_at else 'closed'}"

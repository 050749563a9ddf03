"""Days that differ from the plain week, and opening hours: national rows, and rows of one office that win over them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lltp_portal.calendars.working_days import Intervals


class OfOffices(models.QuerySet):
    """Each name finishes the sentence “rows that are …”."""

    def national(self):
        return self.filter(authority=None)

    def seen_by(self, *authority_ids: int):
        """What makes up the calendars of these offices: their own rows and the nation's."""
        return self.filter(Q(authority=None) | Q(authority__in=authority_ids))


class SpecialDayQuerySet(OfOffices):
    def off(self):
        return self.filter(kind=SpecialDay.Kind.OFF)

    def worked_saturdays(self):
        return self.filter(kind=SpecialDay.Kind.WORKING_SATURDAY)

    def untouched(self):
        """Seeded, and never changed by a person."""
        return self.filter(authority=None, changed_at=None)

    def in_year(self, year: int):
        return self.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))


class SpecialDay(models.Model):
    """One day that is not what its weekday says (Labour Code, Art. 112, and yearly swaps).

    `plain` says that the day is what its weekday says after all: a seeded day off that a person removed, or one that
    an office works. A row of an office wins over the national one of that day.
    """

    class Kind(models.TextChoices):
        OFF = "off", "Ngày nghỉ"
        WORKING_SATURDAY = "working_saturday", "Ngày làm bù"
        PLAIN = "plain", "Ngày thường"

    authority = models.ForeignKey(
        "accounts.Authority", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    day = models.DateField("ngày")
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    name = models.CharField("tên", max_length=120)
    source = models.CharField("căn cứ", max_length=120, blank=True)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = SpecialDayQuerySet.as_manager()

    class Meta:
        ordering = ("day",)
        constraints = [
            models.UniqueConstraint(fields=["authority", "day"], name="special_day_once", nulls_distinct=False),
            models.CheckConstraint(
                name="special_day_kind_known", condition=Q(kind__in=["off", "working_saturday", "plain"])
            ),
            models.CheckConstraint(
                name="special_day_worked_on_weekend",
                condition=~Q(kind="working_saturday") | Q(day__iso_week_day__gte=6),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class OpeningHours(models.Model):
    """When an office is open on one weekday, from a day on. A change is a newer row; the past keeps its hours.

    Without rows of its own an office keeps the nation's; without those it is 08:00 to 12:00 and 13:00 to 17:00.
    """

    authority = models.ForeignKey(
        "accounts.Authority", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    valid_from = models.DateField("từ ngày")
    weekday = models.PositiveSmallIntegerField("thứ")
    first_from = models.TimeField()
    first_to = models.TimeField()
    second_from = models.TimeField(null=True)
    second_to = models.TimeField(null=True)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = OfOffices.as_manager()

    class Meta:
        ordering = ("-valid_from", "weekday")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "valid_from", "weekday"], name="opening_hours_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="opening_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="opening_hours_in_order",
                condition=Q(first_from__lt=F("first_to"))
                & (
                    Q(second_from__isnull=True, second_to__isnull=True)
                    | Q(
                        second_from__isnull=False,
                        second_to__isnull=False,
                        second_from__gte=F("first_to"),
                        second_to__gt=F("second_from"),
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.weekday}"

    @property
    def intervals(self) -> Intervals:
        first = ((self.first_from, self.first_to),)
        return first if self.second_from is None else (*first, (self.second_from, self.second_to))

"""Days that differ from the plain week: days off, and Saturdays that are worked in exchange for one."""

from django.db import models


class SpecialDayQuerySet(models.QuerySet):
    """Each name finishes the sentence “days that are …”."""

    def off(self):
        return self.filter(kind=SpecialDay.Kind.OFF)

    def worked_saturdays(self):
        return self.filter(kind=SpecialDay.Kind.WORKING_SATURDAY)


class SpecialDay(models.Model):
    """One day of the national calendar that is not what its weekday says (Labour Code, Art. 112, and yearly swaps)."""

    class Kind(models.TextChoices):
        OFF = "off", "Ngày nghỉ"
        WORKING_SATURDAY = "working_saturday", "Thứ Bảy làm bù"

    day = models.DateField("ngày", unique=True)
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    name = models.CharField("tên", max_length=120)
    source = models.CharField("nguồn", max_length=120, blank=True)

    objects = SpecialDayQuerySet.as_manager()

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"

"""The weekly list of looks at record data that ask for a question: only added to, each thing once a week."""

from django.conf import settings
from django.db import models


class OddLook(models.Model):
    """One person's look, or one person's week, that is unlike what the work asks for. Not a reproach: a question."""

    class Kind(models.TextChoices):
        IDLE = "idle", "Xem nhưng sau đó không xử lý hồ sơ"
        OWN = "own", "Xem hồ sơ có thể của chính mình hoặc người trùng tên mình"
        MANY = "many", "Xem nhiều hơn hẳn mức thường của người cùng việc"

    week = models.DateField("tuần bắt đầu ngày")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, null=True, related_name="+")
    subject = models.CharField("hồ sơ", max_length=60, blank=True)
    looks = models.PositiveIntegerField("số lần xem")
    usual = models.PositiveIntegerField("mức thường", null=True)
    last_at = models.DateTimeField("lần cuối")
    listed_at = models.DateTimeField()

    class Meta:
        ordering = ("-week", "kind", "-looks", "pk")
        constraints = [
            models.UniqueConstraint(fields=["week", "kind", "actor", "subject"], name="odd_look_listed_once")
        ]
        indexes = [models.Index(fields=["authority", "week"], name="odd_look_by_office")]

    def __str__(self) -> str:
        return f"{self.week} {self.kind}"

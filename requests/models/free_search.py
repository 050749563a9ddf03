"""Searching the register outside a request: one person asks and says why, another one allows it, each on a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lltp_portal.codes import random_code


def new_search_code() -> str:
    """TC- and 16 characters; neither a name nor a number ever stands in an address."""
    return f"TC-{random_code(16)}"


class FreeSearchQuerySet(models.QuerySet):
    """Each name finishes the sentence “searches that are …”."""

    def of_office(self, authority_id: int):
        return self.filter(authority=authority_id)

    def undecided(self):
        return self.filter(ruling=None)

    def newest_first(self):
        return self.select_related("asked_by", "ruling__by").order_by("-asked_at", "-pk")


class FreeSearch(models.Model):
    """Whom somebody wants to look up, and why. Who asks never sees a result that nobody else has allowed."""

    class Ground(models.TextChoices):
        AGENCY = "agency", "Văn bản đề nghị của cơ quan tiến hành tố tụng, cơ quan nhà nước"
        COMPLAINT = "complaint", "Giải quyết khiếu nại, đề nghị đính chính"
        QUALITY = "quality", "Kiểm tra thông tin trong cơ sở dữ liệu"
        OTHER = "other", "Lý do khác"

    code = models.CharField(max_length=30, unique=True, default=new_search_code)
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    full_name = models.CharField("họ và tên", max_length=100)
    date_of_birth = models.CharField("ngày sinh", max_length=10)
    number = models.CharField("số giấy tờ", max_length=20, blank=True)
    ground = models.CharField("căn cứ", max_length=20, choices=Ground.choices)
    reason = models.CharField("lý do", max_length=1000)

    objects = FreeSearchQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="free_search_says_why")]
        indexes = [models.Index(fields=["authority", "asked_at"], name="free_search_by_office")]

    def __str__(self) -> str:
        return self.code


class FreeSearchRuling(models.Model):
    """Another person allows the search, or refuses it and says why (a trigger looks up that they are two)."""

    search = models.OneToOneField(FreeSearch, models.PROTECT, related_name="ruling")
    allowed = models.BooleanField()
    reason = models.CharField("lý do", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    visible_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(allowed=True, visible_until__isnull=False)
                | (Q(allowed=False, visible_until=None) & ~Q(reason="")),
                name="free_search_ruling_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.allowed}"


class FreeSearchQuestion(models.Model):
    """A question that was put for an allowed search; the newest complete answer is what is shown."""

    search = models.ForeignKey(FreeSearch, models.PROTECT, related_name="questions")
    lookup = models.OneToOneField("records.RecordLookup", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.search_id} {self.lookup_id}"

"""The law as rows: what the nation lays down, and what each office decides itself. Both tables are only added to."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DatedRows(models.QuerySet):
    """Each name finishes the sentence “rows that …”. An open row ends where the next of its key begins."""

    def begun_by(self, day):
        return self.filter(valid_from__lte=day)

    def newest_first(self):
        return self.order_by("-valid_from", "-pk")

    def versions(self):
        """How many rows each version of the files brought, and when."""
        return self.values("version").annotate(rows=models.Count("pk"), at=models.Max("loaded_at")).order_by("version")


class LawRow(models.Model):
    """One rule of the national law (requests/law/data), with the days on which it holds and its source.

    Loaded once, never changed: a trigger refuses UPDATE and DELETE, a row between or before others of its key, and
    one that lies on another's last day. A change of the law is a new row with a later `valid_from`.
    """

    kind = models.CharField("loại quy định", max_length=30)
    key = models.CharField("khóa", max_length=60)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    value = models.JSONField("nội dung")
    version = models.PositiveIntegerField("phiên bản dữ liệu")
    source = models.CharField("căn cứ", max_length=400)
    loaded_at = models.DateTimeField("nạp lúc", auto_now_add=True)

    objects = DatedRows.as_manager()

    class Meta:
        ordering = ("kind", "key", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "valid_from"], name="law_row_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="law_row_in_order"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="law_row_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} {self.valid_from}"


class LocalRule(models.Model):
    """What the law leaves to an office, from a day on: a subsidy of the fee, a notice, how much is decided twice.

    Only added to. The row that began last holds alone; so a row is ended early by a new one, with 0 percent or no text.
    """

    class Kind(models.TextChoices):
        SUBSIDY = "subsidy", "Hỗ trợ phí"
        NOTICE = "notice", "Thông báo riêng"
        TWO_PEOPLE = "two_people", "Tỷ lệ hai người đối chiếu"

    class Channel(models.TextChoices):
        ALL = "all", "Mọi kênh"
        ONLINE = "online", "Trực tuyến"
        COUNTER = "counter", "Trực tiếp"
        POST = "post", "Bưu chính"

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="local_rules")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)
    percent = models.PositiveSmallIntegerField("phần trăm hỗ trợ", default=0)
    text = models.CharField("nội dung thông báo", max_length=600, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=300)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = DatedRows.as_manager()

    class Meta:
        ordering = ("authority", "kind", "channel", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "channel", "valid_from"], name="local_rule_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="local_rule_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="subsidy", percent__lte=100, text="")
                | Q(kind="notice", percent=0)
                | Q(kind="two_people", channel="all", percent__lte=100, text=""),
                name="local_rule_says_one_thing",
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="local_rule_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.channel} {self.valid_from}"

    @property
    def says_nothing(self) -> bool:
        """A row that only ends the one before it. No share at all is a share too."""
        return self.kind != self.Kind.TWO_PEOPLE and not (self.percent or self.text)

"""How the register lives: what came for it, what became of each person, who they are now, what is to be mended.

Models of the database `central`. Persons are named by `register_id` as text, never by a foreign key: a person may be
joined to another, and the row that tells of it stays. `by` is the e-mail of whoever answers, as in RegisterImport.
"""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lltp_portal.codes import random_code
from records import quality
from records.incoming import contract


def new_code() -> str:
    """Twelve characters, not secret: addresses carry no name, no number and no register_id."""
    return random_code(12)


# --- What came ------------------------------------------------------------------------------------------------------


class IncomingQuerySet(models.QuerySet):
    """Each name finishes the sentence “papers that are …”."""

    def open(self):
        return self.filter(state__in=IncomingInformation.OPEN)

    def settled(self):
        return self.exclude(state__in=IncomingInformation.OPEN)

    def alive(self):
        """Received and neither refused nor sent back: the same paper is not taken in a second time."""
        return self.exclude(state__in=["refused", "sent_back"])

    def locked(self):
        return self.select_for_update()

    def oldest_first(self):
        return self.order_by("received_at", "pk")


class IncomingInformation(models.Model):
    """One paper about one person, from its arrival until it is in the register or has been turned away.

    received = waiting + working + worked_in + refused + sent_back, always: a row is in exactly one state.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        WORKING = "working", "Đang xử lý"
        WORKED_IN = "worked_in", "Đã cập nhật"
        REFUSED = "refused", "Từ chối"
        SENT_BACK = "sent_back", "Trả lại nơi gửi"

    OPEN = ("waiting", "working")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=30, choices=list(contract.KINDS.items()))
    number = models.TextField()
    date = models.DateField()
    sender = models.TextField()
    about = models.JSONField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    entered_by = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    taken_by = models.TextField(blank=True)
    taken_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    register_id = models.TextField(blank=True)  # whom it was worked into
    act = models.CharField(max_length=12, blank=True)
    objects = IncomingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incoming_state_known",
                condition=Q(state__in=["waiting", "working", "worked_in", "refused", "sent_back"]),
            ),
            models.CheckConstraint(name="incoming_kind_known", condition=Q(kind__in=list(contract.KINDS))),
            models.CheckConstraint(
                name="settled_incoming_says_who_and_when",
                condition=Q(state__in=["waiting", "working"]) ^ (Q(settled_at__isnull=False) & ~Q(settled_by="")),
            ),
            models.CheckConstraint(
                name="turned_away_with_a_reason", condition=~Q(state__in=["refused", "sent_back"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="worked_into_somebody_by_an_act",
                condition=~Q(state="worked_in") | (~Q(register_id="") & ~Q(act="")),
            ),
            models.UniqueConstraint(
                name="incoming_once",
                fields=["digest"],
                condition=Q(state__in=["waiting", "working", "worked_in"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at", "id"], name="incoming_open", condition=Q(state__in=["waiting", "working"])
            ),
            models.Index(fields=["sender"], name="incoming_by_sender"),
            models.Index(fields=["digest", "received_at"], name="incoming_by_arrival"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def information(self) -> contract.Information:
        """The paper as facts, read again by the reader that took it in."""
        return contract.read_information(
            {
                "kind": self.kind,
                "number": self.number,
                "date": self.date.isoformat(),
                "sender": self.sender,
                "about": self.about,
                "content": self.content,
            }
        )

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class IncomingDocument(models.Model):
    """The paper itself, as it was cleaned before it was kept; only added."""

    paper = models.OneToOneField(IncomingInformation, models.PROTECT, related_name="document")
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incoming_document_type", condition=Q(media_type__in=["image/jpeg", "application/pdf"])
            )
        ]

    def __str__(self) -> str:
        return self.sha256


# --- What became of a person ------------------------------------------------------------------------------------------


class PersonChange(models.Model):
    """One act's change of one person, whole before and whole after. Rows are only added (a trigger holds to that).

    `before` null: the act made them; `after` null: they ceased to be (`RegisterAlias` says whom they mean now).
    """

    act = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    register_id = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    source = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_change_an_act_and_person", fields=["act", "register_id"]),
            models.CheckConstraint(
                name="a_change_says_something", condition=Q(before__isnull=False) | Q(after__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["register_id", "id"], name="changes_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.act}"


class RegisterAliasQuerySet(models.QuerySet):
    """Each name finishes the sentence “aliases that are …”."""

    def resolve(self, register_id: str) -> str:
        """Under which register_id this person is found now; itself where nothing was joined."""
        found = self.filter(old_id=register_id).values_list("surviving_id", flat=True).first()
        return register_id if found is None else found

    def of_person(self, surviving_id: str):
        """The rows that a joined person has, their own first; none for everybody else."""
        own_first = models.Case(models.When(old_id=surviving_id, then=0), default=1)
        return self.filter(surviving_id=surviving_id, part__isnull=False).order_by(own_first, "pk")


class RegisterAlias(models.Model):
    """Which person a register_id means now, and what its own row says without the facts of the others: the part.

    The surviving register_id of a joined person has a part too. `part` null: a register_id that an undo took back.
    """

    old_id = models.TextField(unique=True)
    surviving_id = models.TextField(db_index=True)
    part = models.JSONField(null=True)
    earlier = models.JSONField(default=list)  # digests of what the part was before papers were worked into it
    act = models.CharField(max_length=12)
    objects = RegisterAliasQuerySet.as_manager()

    def __str__(self) -> str:
        return self.old_id


class Merge(models.Model):
    """One joining, so that exactly it can be undone: whose parts went where. `undone_by`: the act that took it back."""

    act = models.CharField(max_length=12, unique=True)
    surviving_id = models.TextField()
    absorbed_id = models.TextField()
    part_ids = models.JSONField()
    undone_by = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.act


# --- What is to be mended ---------------------------------------------------------------------------------------------


class QualityPassQuerySet(models.QuerySet):
    def newest_finished(self):
        return self.filter(finished_at__isnull=False).order_by("-pk").first()


class QualityPass(models.Model):
    """One walk over all persons, a page at a time; `after` is the primary key behind which the next page begins."""

    needs_sweeper = True

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    running = models.BooleanField(default=True)
    after = models.BigIntegerField(default=0)
    people = models.BigIntegerField(default=0)
    scores = models.JSONField(default=list)  # [[source, clean, all], …], written at the end
    objects = QualityPassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_quality_pass_at_a_time", fields=["running"], condition=Q(running=True)),
            models.CheckConstraint(
                name="a_finished_pass_does_not_run", condition=Q(running=True) ^ Q(finished_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Lượt kiểm tra {self.pk}"


class QualityIssueQuerySet(models.QuerySet):
    """Each name finishes the sentence “issues that are …”."""

    def open(self):
        return self.filter(state="open")

    def oldest_first(self):
        return self.order_by("opened_at", "pk")

    def behind(self, issue: "QualityIssue"):
        """Further down the work list than this one."""
        later = Q(opened_at__gt=issue.opened_at) | Q(opened_at=issue.opened_at, pk__gt=issue.pk)
        return self.filter(later)


class QualityIssue(models.Model):
    """One thing to mend in one person. It closes when the rule finds it no more; dismissed, it has a reason."""

    class State(models.TextChoices):
        OPEN = "open", "Cần xử lý"
        CLOSED = "closed", "Đã hết"
        DISMISSED = "dismissed", "Không phải lỗi"

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    register_id = models.TextField()
    rule = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=list(quality.KINDS.items()))
    place = models.TextField(blank=True)
    key = models.CharField(max_length=64)  # of person, rule and place: their texts are too long for an index
    office = models.TextField(blank=True)  # who can mend it: the court, else whoever sent the person
    detail = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    dismissed_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    objects = QualityIssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="quality_state_known", condition=Q(state__in=["open", "closed", "dismissed"])),
            models.CheckConstraint(
                name="dismissed_by_somebody_with_a_reason",
                condition=~Q(state="dismissed") | (~Q(dismissed_by="") & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                name="quality_issue_once",
                fields=["key"],
                condition=Q(state__in=["open", "dismissed"]),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at", "id"], name="quality_open", condition=Q(state="open")),
            models.Index(fields=["register_id"], name="quality_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.code}"

    @staticmethod
    def key_of(register_id: str, rule: str, place: str) -> str:
        return hashlib.sha256("\x1f".join((register_id, rule, place)).encode()).hexdigest()

    @property
    def words(self) -> str:
        return quality.RULES[self.rule][1]

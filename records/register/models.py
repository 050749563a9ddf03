"""The central register: every model of the database `central`. Only `register_id` ever leaves it, as text."""

from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from records.register import living  # noqa: F401 - Django finds the models of an application in this module alone


def _first_day(field: str) -> Func:
    # make_date, because a cast of text to date depends on the session and may not stand in a generated column.
    part = "COALESCE(NULLIF(substr(%(expressions)s, {}, 2), '')::int, 1)"
    template = f"make_date(substr(%(expressions)s, 1, 4)::int, {part.format(6)}, {part.format(9)})"
    return Func(F(field), template=template, output_field=models.DateField())


def _last_day(field: str) -> Func:
    template = (
        "(make_date(substr(%(expressions)s, 1, 4)::int,"
        " COALESCE(NULLIF(substr(%(expressions)s, 6, 2), '')::int, CASE length(%(expressions)s) WHEN 4 THEN 12 END),"
        " COALESCE(NULLIF(substr(%(expressions)s, 9, 2), '')::int, 1))"
        " + CASE length(%(expressions)s)"
        " WHEN 10 THEN interval '0' ELSE interval '1 month' - interval '1 day' END)::date"
    )
    return Func(F(field), template=template, output_field=models.DateField())


class RegisterPerson(models.Model):
    """One person as the register knows them. A partial date of birth is text; first and last day follow from it."""

    register_id = models.TextField(unique=True)
    full_name = models.TextField()
    other_names = models.JSONField(default=list)
    sex = models.CharField(max_length=10, null=True)  # noqa: DJ001 - null is "not known", as in the file contract
    date_of_birth = models.CharField(max_length=10)
    birth_first_day = models.GeneratedField(
        expression=_first_day("date_of_birth"), output_field=models.DateField(), db_persist=True
    )
    birth_last_day = models.GeneratedField(
        expression=_last_day("date_of_birth"), output_field=models.DateField(), db_persist=True
    )
    place_of_birth_province = models.TextField(null=True)  # noqa: DJ001
    place_of_birth = models.TextField(null=True)  # noqa: DJ001
    nationality = models.CharField(max_length=2, null=True)  # noqa: DJ001
    ethnicity = models.TextField(null=True)  # noqa: DJ001
    father_name = models.TextField(null=True)  # noqa: DJ001
    mother_name = models.TextField(null=True)  # noqa: DJ001
    spouse_name = models.TextField(null=True)  # noqa: DJ001
    residences = models.JSONField(default=list)
    pending_prosecution = models.JSONField(null=True)
    # Which run wrote it last: a second line of one file is a repetition, a line of another file an update.
    stored_by = models.ForeignKey("register.RegisterImport", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partial_date_of_birth",
                condition=Q(date_of_birth__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
            ),
        ]

    def __str__(self) -> str:
        return self.register_id


class IdentityDocument(models.Model):
    """A number as written on file; it is found through MatchKey."""

    person = models.ForeignKey(RegisterPerson, models.CASCADE, related_name="identity_documents")
    position = models.PositiveIntegerField()
    type = models.CharField(max_length=10)
    number = models.TextField()

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["person", "position"], name="document_position")]

    def __str__(self) -> str:
        return f"{self.type} {self.position}"


class Conviction(models.Model):
    """One offence of one judgment; nested parts are JSON of the file contract, validated before they are stored.

    `effect_known` false: the source never said whether the judgment is in effect. `additional_penalties` and
    `obligations`: null is "never said", an empty list is "none".
    """

    person = models.ForeignKey(RegisterPerson, models.CASCADE, related_name="convictions")
    position = models.PositiveIntegerField()
    judgment_number = models.TextField()
    court = models.TextField()
    judgment_date = models.DateField()
    effect_known = models.BooleanField()
    effective_date = models.DateField(null=True)
    annulled = models.BooleanField(default=False)
    offence_date = models.DateField(null=True)
    offence = models.JSONField()
    age_at_offence = models.IntegerField(null=True)
    exempt_from_penalty = models.BooleanField(default=False)
    juvenile_judicial_measure = models.BooleanField(default=False)
    main_penalty = models.JSONField()
    main_penalty_completed_on = models.DateField(null=True)
    execution_limitation_expired_on = models.DateField(null=True)
    additional_penalties = models.JSONField(null=True)
    obligations = models.JSONField(null=True)
    clemency = models.JSONField(null=True)
    expungement = models.JSONField(null=True)
    combined_penalty = models.JSONField(null=True)
    foreign_judgment = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["person", "position"], name="conviction_position"),
            models.CheckConstraint(
                name="unknown_effect_has_no_date", condition=Q(effect_known=True) | Q(effective_date__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.judgment_number


class Ban(models.Model):
    """A court's ban on founding or managing a company (Law on criminal records, Art. 36-37)."""

    person = models.ForeignKey(RegisterPerson, models.CASCADE, related_name="bans")
    position = models.PositiveIntegerField()
    decision_number = models.TextField()
    decision_date = models.DateField(null=True)
    court = models.TextField(null=True)  # noqa: DJ001
    held_position = models.TextField(null=True)  # noqa: DJ001
    from_date = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["person", "position"], name="ban_position")]

    def __str__(self) -> str:
        return self.decision_number


class MatchKey(models.Model):
    """A hashed blocking key, the first day of birth and the person; its primary key is the index a search reads."""

    pk = models.CompositePrimaryKey("key", "born", "person")
    key = models.BigIntegerField()
    born = models.DateField()
    person = models.ForeignKey(RegisterPerson, models.CASCADE, related_name="match_keys")

    def __str__(self) -> str:
        return f"{self.key}"


class NameOnFile(models.Model):
    """A name without marks beside the first day of birth: found when it is merely alike, by its letters in threes.

    Beside it stands what the rules of matching exclude by (records/setting_aside.py), so that nobody's record is read
    to learn that it is a stranger's; null excludes nothing.
    """

    pk = models.CompositePrimaryKey("person", "name")
    person = models.ForeignKey(RegisterPerson, models.CASCADE, related_name="names_on_file", db_index=False)
    name = models.TextField()
    born = models.DateField()
    sex = models.CharField(max_length=10, null=True)  # noqa: DJ001
    province = models.TextField(null=True)  # noqa: DJ001
    father = models.TextField(null=True)  # noqa: DJ001
    mother = models.TextField(null=True)  # noqa: DJ001
    spouse = models.TextField(null=True)  # noqa: DJ001
    citizen_numbers = models.TextField(null=True)  # noqa: DJ001 - the 12-digit ones of identity cards
    # Two numbers contradict nothing; and however many there are, a row of the index has a greatest length.
    only_citizen_number = models.GeneratedField(
        expression=Case(When(Exact(Length("citizen_numbers"), 12), then="citizen_numbers")),
        output_field=models.TextField(null=True),
        db_persist=True,
    )
    other_numbers = models.TextField(null=True)  # noqa: DJ001
    register_id = models.TextField()

    class Meta:
        # Read alone: only of a name that is alike is the row itself looked at.
        indexes = [
            models.Index(
                name="names_born_there",
                fields=["born", "province", "sex"],
                include=["person", "name", "only_citizen_number"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class KeySchemeQuerySet(models.QuerySet):
    def is_of(self, version: int) -> bool:
        return self.filter(version=version).exists()

    def set_to(self, version: int) -> None:
        self.update_or_create(id=1, defaults={"version": version})


class KeyScheme(models.Model):
    """By which version of `records.keys` all keys of this register were made; 0 while they are being made anew.

    Keys of another version would miss people, so every answer is partial until they agree.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    version = models.PositiveIntegerField()
    objects = KeySchemeQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="one_key_scheme", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.version}"


class RegisterImportQuerySet(models.QuerySet):
    """Each name finishes the sentence “imports that are …”."""

    def open(self):
        return self.filter(state=RegisterImport.State.OPEN)

    def of_source(self, source: str):
        return self.filter(source=source)


class RegisterImport(models.Model):
    """One run of `import_register`. While one is open, the register may lack lines, and every answer is partial.

    Nothing of a refused line is kept but its number. Digest and bytes grow with each stored batch, so that a run that
    was cut can be recognised when the same file comes again.
    """

    class State(models.TextChoices):
        OPEN = "open", "Đang mở"
        CLOSED = "closed", "Đã đóng"

    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    source = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # the end of the file was reached
    digest = models.CharField(max_length=64, blank=True)
    bytes_read = models.BigIntegerField(default=0)
    lines_read = models.BigIntegerField(default=0)
    persons_stored = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    refused_lines = models.JSONField(default=list)  # the first ten thousand numbers
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True)  # empty: a clean run closed it
    close_reason = models.TextField(blank=True)
    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=["open", "closed"])),
            models.CheckConstraint(
                name="closed_import_says_when", condition=Q(state="open") | Q(closed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="closed_by_a_person_with_a_reason", condition=Q(closed_by="") | ~Q(close_reason="")
            ),
        ]
        indexes = [models.Index(fields=["id"], name="open_imports", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"Lần nạp {self.pk}"

    @property
    def missing(self) -> str:
        """What the register lacks because of this run, in words for a clerk's page."""
        if self.finished_at is None:
            return "chưa đọc hết tệp"
        return f"thiếu {self.refused} dòng"

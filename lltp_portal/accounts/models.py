"""People who sign in, and the offices that issue certificates."""

import hashlib
import hmac
from datetime import date
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from lltp_portal.accounts.roles import OFFICE_ROLES, ROLES


class AuthorityQuerySet(models.QuerySet):
    """Each name finishes the sentence “offices that are …”."""

    def in_force_on(self, day: date):
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def department_of(self, province_code: str, day: date) -> "Authority":
        """The Department of Justice of a province on a day; the police issue since 2025-03-01."""
        return self.in_force_on(day).get(kind=Authority.Kind.JUSTICE_DEPARTMENT, province_code=province_code)

    def of_province(self, province_code: str, day: date) -> "Authority":
        """The office that issues in a province on a day, whichever kind the law gives it to then."""
        return self.in_force_on(day).get(kind__in=Authority.PROVINCIAL, province_code=province_code)


class Authority(models.Model):
    """An office that issues certificates, with the days on which it does.

    Keyed by (kind, province_code, valid_from): a province's code may name another province later (domain 11).
    """

    class Kind(models.TextChoices):
        JUSTICE_DEPARTMENT = "justice_department", "Sở Tư pháp"
        NATIONAL_CENTRE = "national_centre", "Trung tâm Lý lịch tư pháp quốc gia"
        PROVINCIAL_POLICE = "provincial_police", "Công an cấp tỉnh"
        NATIONAL_POLICE = "national_police", "Cục Hồ sơ nghiệp vụ, Bộ Công an"

    PROVINCIAL = (Kind.JUSTICE_DEPARTMENT, Kind.PROVINCIAL_POLICE)
    NATIONAL = (Kind.NATIONAL_CENTRE, Kind.NATIONAL_POLICE)

    kind = models.CharField("loại", max_length=30, choices=Kind.choices)
    province_code = models.CharField("mã tỉnh", max_length=2, blank=True)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên in trên Phiếu", max_length=200)
    parent_body = models.CharField("cơ quan chủ quản", max_length=200)
    place = models.CharField("địa danh", max_length=100)
    signatory_title = models.CharField("chức danh người ký", max_length=200)
    number_suffix = models.CharField("ký hiệu số Phiếu", max_length=40)
    dossier_identifier = models.CharField("mã định danh hồ sơ", max_length=40)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "province_code", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=["kind", "province_code", "valid_from"], name="authority_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="authority_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_in_force_on(self, day: date) -> bool:
        """Whether it issues on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def person_key(identity_number: str) -> str:
    """The key under which a person is known without keeping the number: HMAC-SHA256 of the 12 digits."""
    return hmac.new(settings.PERSON_KEY_SECRET.encode(), identity_number.encode(), hashlib.sha256).hexdigest()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail: a citizen, or somebody who works for an authority or the nation.

    `person_key` is required for staff: four eyes are about persons, not accounts. A trigger lets it be set once.
    """

    email = models.EmailField("thư điện tử", unique=True)
    full_name = models.CharField("họ và tên", max_length=200)
    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name="cơ quan"
    )
    is_staff_member = models.BooleanField("là cán bộ", default=False)
    person_key = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001 - NULL is "not known"
    signature_title = models.CharField(
        "chức danh khi ký", max_length=200, blank=True, help_text="Mỗi dòng một chức danh; để trống thì theo cơ quan."
    )
    is_active = models.BooleanField("đang hoạt động", default=True)
    date_joined = models.DateTimeField("ngày tạo", auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_staff_member=False) | Q(person_key__isnull=False), name="staff_have_person_key"
            ),
            models.CheckConstraint(
                condition=Q(authority__isnull=True) | Q(is_staff_member=True), name="office_people_are_staff"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this person's roles; everybody who is not staff is a citizen."""
        names = frozenset(group.name for group in self.groups.all()) & frozenset(ROLES)
        return names if self.is_staff_member else frozenset({"citizen"})

    def has_role(self, *names: str) -> bool:
        return bool(self.roles & set(names))

    @property
    def works_at_office(self) -> bool:
        return self.authority_id is not None and bool(self.roles & OFFICE_ROLES)

    @property
    def role_labels(self) -> str:
        return ", ".join(ROLES[name].label for name in ROLES if name in self.roles)

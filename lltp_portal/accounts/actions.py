"""Accounts of people who work here: made by an administrator, never by signing up."""

import re
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse

from lltp_portal.accounts.models import Authority, User, person_key
from lltp_portal.accounts.roles import OFFICE_ROLES, STAFF_ROLES
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid


@transaction.atomic
def create_staff(
    *, email: str, full_name: str, roles: Collection[str], authority: Authority | None, identity_number: str
) -> User:
    """An account without a password, for a person known by their 12-digit number (kept only as an HMAC).

    Roles of an office need one; the others must not have one. Raises Invalid, saying what to mend.
    """
    roles = frozenset(roles)
    if not roles or not roles <= STAFF_ROLES:
        raise Invalid(f"Chọn vai trò trong các vai trò sau: {', '.join(sorted(STAFF_ROLES))}.")
    if bool(roles & OFFICE_ROLES) != (authority is not None):
        raise Invalid("Vai trò của cơ quan cần có cơ quan; vai trò toàn quốc thì không có cơ quan.")
    if roles & OFFICE_ROLES and roles - OFFICE_ROLES:
        raise Invalid("Một tài khoản không vừa thuộc cơ quan vừa có vai trò toàn quốc. Tạo hai tài khoản.")
    if not re.fullmatch("[0-9]{12}", identity_number):
        raise Invalid("Số định danh phải gồm đúng 12 chữ số.")
    if User.objects.filter(email__iexact=email).exists():
        raise Invalid("Đã có tài khoản với thư điện tử này. Dùng thư điện tử khác.")
    user = User.objects.create_user(
        email,
        None,
        full_name=full_name,
        authority=authority,
        is_staff_member=True,
        person_key=person_key(identity_number),
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    AuditEvent.objects.record(
        "create_staff", subject=f"user:{user.pk}", authority_id=user.authority_id, roles=sorted(roles)
    )
    return user


def set_password_link(user: User) -> str:
    """Where the person sets their password; good once, and for as long as a password reset."""
    from allauth.account.forms import default_token_generator  # noqa: PLC0415 - allauth's forms need the applications
    from allauth.account.utils import user_pk_to_url_str  # noqa: PLC0415

    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.PUBLIC_BASE_URL + reverse("account_reset_password_from_key", kwargs=parts)

"""Who may ask here: offices, the switch of each, and their keys. Every act says who answers for it and is logged."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records.central.models import Delegation, OfficeKey, Switch

MOST_KEYS = 2


def _refused(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [{"code": "invalid", "message": message}]})


def _demand(field: str, text: str, message: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise _refused(field, message)
    return text


@transaction.atomic
def add_office(*, code: str, name: str, by: str, a_minute: int = 300, at: datetime | None = None) -> Delegation:
    """Write an office down. It may ask nothing until it is switched on and has a key."""
    by = _demand("by", by, "Nêu người chịu trách nhiệm.")
    name = _demand("name", name, "Nêu tên đơn vị.")
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= 20):
        raise _refused("code", "Mã đơn vị gồm chữ không dấu, chữ số và dấu gạch ngang, nhiều nhất 20 ký tự.")
    if Delegation.objects.filter(code=code).exists():
        raise _refused("code", f"Đã có đơn vị mang mã {code}.")
    office = Delegation.objects.create(code=code, name=name, lookups_a_minute=a_minute, created_at=at or timezone.now())
    AuditEvent.objects.record("delegation_added", subject=code, by=by)
    return office


@transaction.atomic
def switch(
    delegation: Delegation,
    *,
    on: bool,
    reason: str,
    by: Any,
    effective_from: datetime | None = None,
    at: datetime | None = None,
) -> Switch:
    """Delegate to an office, or end it, now or from a moment to come. `by`: a user, or words where a command is run."""
    at = at or timezone.now()
    reason = _demand("reason", reason, "Ghi lý do, ví dụ số văn bản ủy quyền.")
    if len(reason) > 500:
        raise _refused("reason", "Lý do dài quá 500 ký tự.")
    if effective_from is not None and effective_from < at:
        raise _refused("effective_from", "Không ghi lùi ngày: việc tra cứu đã diễn ra không đổi được.")
    Delegation.objects.select_for_update().get(pk=delegation.pk)
    if effective_from is None and delegation.may_ask(at) == on:
        raise StepNotAllowed(f"{delegation.name} đã {'được' if on else 'ngừng'} ủy quyền từ trước.")
    user = None if isinstance(by, str) else by
    words = _demand("by", by if user is None else user.full_name, "Nêu người chịu trách nhiệm.")
    row = Switch.objects.create(
        delegation=delegation,
        is_on=on,
        effective_from=effective_from or at,
        at=at,
        by=user,
        by_words=words[:200],
        reason=reason,
    )
    AuditEvent.objects.record("delegation_switched", actor=user, subject=delegation.code, on=on, by=words)
    return row


@transaction.atomic
def make_key(delegation: Delegation, *, by: str, at: datetime | None = None) -> str:
    """A new key, told this once: only its hash is kept. The old one goes on until it is revoked."""
    by = _demand("by", by, "Nêu người chịu trách nhiệm.")
    Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise StepNotAllowed(f"{delegation.name} đang có {MOST_KEYS} khóa. Hãy thu hồi một khóa trước.")
    name, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    OfficeKey.objects.create(
        delegation=delegation,
        key_id=name,
        secret_sha256=hash_of(secret),
        made_at=at or timezone.now(),
        made_by=by[:200],
    )
    AuditEvent.objects.record("delegation_key_made", subject=delegation.code, key=name, by=by)
    return f"{name}.{secret}"


@transaction.atomic
def revoke_key(key_id: str, *, by: str, at: datetime | None = None) -> OfficeKey:
    """From now on nobody asks with this key."""
    by = _demand("by", by, "Nêu người chịu trách nhiệm.")
    key = OfficeKey.objects.select_for_update(of=("self",)).select_related("delegation").filter(key_id=key_id).first()
    if key is None or key.revoked_at is not None:
        raise StepNotAllowed(f"Không có khóa nào mang số {key_id} còn dùng được.")
    key.revoked_at, key.revoked_by = at or timezone.now(), by[:200]
    key.save(update_fields=["revoked_at", "revoked_by"])
    AuditEvent.objects.record("delegation_key_revoked", subject=key.delegation.code, key=key_id, by=by)
    return key


def hash_of(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, which nobody guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""Acts that a client may safely send twice: header Idempotency-Key (decisions 3).

The key's row is written in the act's own transaction, under an advisory lock that lasts as long as that transaction:
either both are there or neither, and two at once are one act and one clear refusal. The row holds no body and no
answer; a replay reads the resource again. What was refused is not stored, so it can be put right and sent again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.errors import Busy, Invalid, KeyReused
from requests.models import IdempotencyKey

KEPT = timedelta(hours=24)
LONGEST_KEY = 255


class Outcome(NamedTuple):
    """The code of what the act made or changed, the status to answer with, and whether it had been done before."""

    resource_code: str
    status: int
    replayed: bool = False


def valid_key(header: str | None) -> str | None:
    """The key as sent; None when there is none. Raises Invalid."""
    if header is None:
        return None
    if not 1 <= len(header) <= LONGEST_KEY or not (header.isascii() and header.isprintable()):
        raise Invalid(f"Idempotency-Key phải có từ 1 đến {LONGEST_KEY} ký tự ASCII in được. Hãy dùng một UUID.")
    return header


def once(act: Callable[[], str], *, user: User, route: str, key: str | None, body: Any, status: int) -> Outcome:
    """Run the act, which returns the code of its resource; with a key that was seen before, do nothing.

    Raises Busy while the same key is at work elsewhere, KeyReused when it came before with another body.
    """
    if key is None:
        return Outcome(act(), status)
    body_sha256 = _digest(body)
    with transaction.atomic():
        if not _locked(user, route, key):
            raise Busy("Một yêu cầu với cùng Idempotency-Key đang được xử lý. Hãy đợi vài giây rồi gửi lại.")
        known = _known(user, route, key, timezone.now())
        if known is None:
            code = act()
            IdempotencyKey.objects.create(
                user=user, route=route, key=key, body_sha256=body_sha256, status=status, resource_code=code
            )
            return Outcome(code, status)
        if known.body_sha256 != body_sha256:
            raise KeyReused("Idempotency-Key này đã dùng cho một nội dung khác. Hãy tạo khóa mới.")
        return Outcome(known.resource_code, known.status, replayed=True)


def _digest(body: Any) -> str:
    """The same content gives the same digest, however it was spaced and ordered."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _locked(user: User, route: str, key: str) -> bool:
    """Whether this transaction now holds the key; never waits."""
    named = hashlib.sha256(f"{user.pk}\n{route}\n{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(named[:8], signed=True)])
        return cursor.fetchone()[0]


def _known(user: User, route: str, key: str, now: datetime) -> IdempotencyKey | None:
    rows = IdempotencyKey.objects.filter(user=user, route=route, key=key)
    rows.filter(created_at__lte=now - KEPT).delete()
    return rows.first()


def drop_old_keys(now: datetime | None = None) -> int:
    """Delete keys older than 24 hours; returns how many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lte=(now or timezone.now()) - KEPT).delete()
    return deleted

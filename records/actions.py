"""Acts on the register that a person answers for."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records.register.models import RegisterImport


def close_import(import_id: int, *, by: Any, reason: str, at: datetime | None = None) -> RegisterImport:
    """An administrator answers for lines that will not come: answers may be complete again (decisions: own database).

    Two databases cannot share a transaction: the log is written first, so that no import is ever closed unseen.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "Ghi lý do đóng lần nạp, ví dụ các dòng thiếu đã được nhập bằng cách khác.",
            fields={"reason": [{"code": "required", "message": "Ghi lý do."}]},
        )
    if not RegisterImport.objects.open().filter(pk=import_id).exists():
        raise StepNotAllowed(f"Lần nạp {import_id} không còn mở. Hãy xem lại danh sách các lần nạp.")
    who = by if isinstance(by, str) else by.email
    actor = None if isinstance(by, str) else by
    AuditEvent.objects.record("close_import", actor=actor, subject=f"import-{import_id}", reason=reason)
    closed = RegisterImport.objects.open().filter(pk=import_id)
    closed.update(state=RegisterImport.State.CLOSED, closed_at=at or timezone.now(), closed_by=who, close_reason=reason)
    return RegisterImport.objects.get(pk=import_id)

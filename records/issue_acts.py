"""What a person says about an issue that a rule has found: that it is no fault, with a reason that stays."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, NotAllowed, StepNotAllowed
from records import register_acts
from records.register.living import QualityIssue


def dismiss(code: str, *, by: Any, reason: str, at: datetime | None = None) -> QualityIssue:
    """Not a fault: the rule may find it again and it stays away. The log is written first."""
    if not register_acts.may_update(by):
        raise NotAllowed("Tài khoản này không có quyền cập nhật cơ sở dữ liệu.")
    if not reason.strip():
        raise Invalid(register_acts.REASON_MISSING)
    with transaction.atomic(using="central"):
        issue: QualityIssue = QualityIssue.objects.select_for_update().get(code=code)
        if issue.state != QualityIssue.State.OPEN:
            raise StepNotAllowed("Việc này không còn mở. Mở lại trang để xem.")
        AuditEvent.objects.record("dismiss_register_issue", actor=by, subject=code, rule=issue.rule)
        issue.state, issue.dismissed_by, issue.reason = QualityIssue.State.DISMISSED, by.email, reason.strip()
        issue.closed_at = at or timezone.now()
        issue.save()
    return issue

"""What an office decides for itself within the law: an administrator adds a dated row, and it is written down who."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid
from requests import clock
from requests.models import LocalRule


def _refuse(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [{"code": code, "message": message}]})


@transaction.atomic
def add_local_rule(
    *,
    by: User,
    kind: str,
    channel: str,
    legal_basis: str,
    valid_from: date,
    valid_to: date | None = None,
    percent: int = 0,
    text: str = "",
    at: datetime | None = None,
) -> LocalRule:
    """A subsidy or a notice of this person's office, from today or later. The past is not changed. Raises Invalid."""
    if not (by.works_at_office and by.has_role("authority_administrator")):
        raise PermissionDenied
    office = Authority.objects.select_for_update(of=("self",)).get(pk=by.authority_id)  # one after the other
    rule = LocalRule(
        authority=office,
        kind=kind,
        channel=channel,
        percent=percent,
        text=text,
        legal_basis=legal_basis,
        valid_from=valid_from,
        valid_to=valid_to,
        added_by=by,
    )
    _refuse_bad_days(rule, clock.local_day(at or timezone.now()))
    if percent > 100:
        raise _refuse("percent", "percent", "Phần trăm hỗ trợ từ 0 đến 100.")
    rule.save(force_insert=True)
    AuditEvent.objects.record(
        "add_local_rule",
        actor=by,
        subject=f"local_rule:{rule.pk}",
        kind=kind,
        channel=channel,
        percent=percent,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else "",
    )
    return rule


def _refuse_bad_days(rule: LocalRule, today: date) -> None:
    if rule.valid_from < today:
        raise _refuse("valid_from", "past", "Ngày bắt đầu phải từ hôm nay trở đi: không sửa quy định của ngày đã qua.")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise _refuse("valid_to", "order", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
    last = (
        LocalRule.objects.filter(authority=rule.authority, kind=rule.kind, channel=rule.channel).newest_first().first()
    )
    if last is not None and rule.valid_from <= last.valid_from:
        raise _refuse(
            "valid_from",
            "order",
            f"Đã có dòng cùng loại, cùng kênh từ ngày {last.valid_from:%d/%m/%Y}; dòng mới phải bắt đầu sau ngày đó.",
        )
    if rule.says_nothing and (last is None or last.says_nothing):
        field = "percent" if rule.kind == LocalRule.Kind.SUBSIDY else "text"
        raise _refuse(
            field, "required", "Không có dòng nào để kết thúc. Nhập phần trăm hỗ trợ hoặc nội dung thông báo."
        )

"""An office decides, where the law leaves it to the office, whether a source must be asked from a day on."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User
from lltp_portal.audit.models import AuditEvent
from requests import clock, inquiries, policy
from requests.actions.inquiring import refused
from requests.models import SourceSwitch

LONGEST_REASON = 300


@transaction.atomic
def switch_source(
    *, by: User, source: str, asked: bool, valid_from: date, reason: str, at: datetime | None = None
) -> SourceSwitch:
    """A dated row of this person's office, from today or later; for requests received from that day on."""
    at = at or timezone.now()
    if not (by.works_at_office and by.has_role("authority_administrator")):
        raise PermissionDenied
    office = Authority.objects.select_for_update(of=("self",)).get(pk=by.authority_id)  # one after the other
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise refused("reason", f"Ghi lý do hoặc văn bản làm căn cứ, nhiều nhất {LONGEST_REASON} ký tự.")
    rule = policy.source_rules(policy.law_day(at)).get(source)
    if rule is None or not rule.switchable:
        raise refused("source", "Nguồn này do pháp luật quy định, đơn vị không bật, tắt được.", "fixed")
    if valid_from < clock.local_day(at):
        raise refused("valid_from", "Ngày bắt đầu phải từ hôm nay trở đi.", "past")
    rows = SourceSwitch.objects.filter(authority=office, source=source)
    last = rows.newest_first().first()
    if last is not None and valid_from <= last.valid_from:
        words = f"Đã có dòng từ ngày {last.valid_from:%d/%m/%Y}; dòng mới phải bắt đầu sau ngày đó."
        raise refused("valid_from", words, "order")
    if inquiries.switched(office.pk, valid_from).get(source, rule.default) == asked:
        raise refused("asked", "Nguồn này đã như vậy từ trước ngày đó; không có gì thay đổi.", "same")
    row = SourceSwitch.objects.create(
        authority=office, source=source, asked=asked, valid_from=valid_from, reason=reason, by=by, at=at
    )
    AuditEvent.objects.record(
        "switch_source",
        actor=by,
        subject=f"source_switch:{row.pk}",
        source=source,
        asked=asked,
        valid_from=valid_from.isoformat(),
    )
    return row

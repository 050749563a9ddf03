"""Who has looked at a request, for the person whom it is about: unit, role, purpose and time, never a name.

Everybody may know who used their data (Luật 91/2025/QH15 on personal data); two ledgers say it: questions put to the
central database, and people who read what it answered.
"""

from dataclasses import dataclass
from datetime import datetime

from lltp_portal.audit.models import AuditEvent
from records.models import RecordLookup
from requests.models import CertificateRequest

READING = {
    "view_findings": "Xem kết quả tra cứu",
    "read_request": "Xem hồ sơ",
    "view_attachment": "Xem giấy tờ kèm theo",
    "view_attachment_previews": "Xem giấy tờ kèm theo",
    "read_paper": "Xem giấy tờ của hồ sơ",
}


@dataclass(frozen=True)
class Reader:
    who: str
    purpose: str
    at: datetime


def readers(certificate_request: CertificateRequest, *, most: int) -> tuple[list[Reader], int]:
    """The newest readers, and how many there were in all."""
    lookups = RecordLookup.objects.about(certificate_request.code).select_related("asked_by__authority")
    events = AuditEvent.objects.about(certificate_request.code).filter(verb__in=READING)
    found = [
        Reader(_role(lookup.asked_by), lookup.purpose, lookup.asked_at) for lookup in lookups.newest_first()[:most]
    ]
    found += [
        Reader(_role(event.actor), event.details.get("purpose") or READING[event.verb], event.at)
        for event in events.select_related("actor__authority")[:most]
    ]
    found.sort(key=lambda reader: reader.at, reverse=True)
    return found[:most], lookups.count() + events.count()


def _role(user) -> str:
    if user is None:
        return "Cơ sở dữ liệu trung ương, tự động"
    return ", ".join(part for part in (user.authority.name if user.authority else "", user.role_labels.lower()) if part)

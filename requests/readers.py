"""Who has looked at a request, for the person whom it is about: unit, role, purpose and time, never a name.

Everybody may know who used their data (Luật 91/2025/QH15 on personal data; Nghị định 216 on records, Art. 4 and 5).
Two ledgers say it: questions put to the central database, and people who read the request, its papers, its answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal.audit.models import AuditEvent
from records.models import RecordLookup

# Every verb of the log that means reading; a test finds those that are written and not told here.
READING = {
    "view_findings": gettext_lazy("Xem kết quả tra cứu"),
    "view_free_search": gettext_lazy("Tra cứu ngoài hồ sơ, được người thứ hai cho phép"),
    "view_in_bulk": gettext_lazy("Tra cứu theo tệp"),
    "read_request": gettext_lazy("Xem hồ sơ"),
    "view_attachment": gettext_lazy("Xem giấy tờ kèm theo"),
    "view_attachment_previews": gettext_lazy("Xem giấy tờ kèm theo"),
    "read_paper": gettext_lazy("Xem giấy tờ của hồ sơ"),
    "view_agency_answer": gettext_lazy("Xem trả lời của cơ quan được hỏi"),
}
LOOKUP, EVENT = "lookup", "event"


@dataclass(frozen=True)
class Reader:
    """One reading: by which unit in which role, what for, when, of which request."""

    who: str
    purpose: str
    at: datetime
    code: str


def readings(codes: Iterable[str]) -> QuerySet[Any]:
    """(time, ledger, key) of every reading of these requests, newest first: may be counted and cut into pages."""
    codes = list(codes)
    lookups = RecordLookup.objects.filter(request_code__in=codes).order_by()
    events = AuditEvent.objects.filter(subject__in=codes, verb__in=READING).order_by()
    of_lookups = lookups.values_list("asked_at", Value(LOOKUP, CharField()), "pk")
    of_events = events.values_list("at", Value(EVENT, CharField()), "pk")
    return of_lookups.union(of_events, all=True).order_by("-asked_at", "-pk")


def told(rows: Iterable[tuple[datetime, str, int]]) -> list[Reader]:
    """The readings of one page in words; a few queries however many there are."""
    rows = list(rows)
    lookups = RecordLookup.objects.select_related("asked_by__authority").prefetch_related("asked_by__groups")
    events = AuditEvent.objects.select_related("actor__authority", "authority").prefetch_related("actor__groups")
    by_lookup, by_event = lookups.in_bulk(_keys(rows, LOOKUP)), events.in_bulk(_keys(rows, EVENT))
    return [_of_lookup(by_lookup[key]) if ledger == LOOKUP else _of_event(by_event[key]) for _at, ledger, key in rows]


def readers(certificate_request, *, most: int) -> tuple[list[Reader], int]:
    """The newest readers of one request, and how many there were in all."""
    found = readings([certificate_request.code])
    return told(found[:most]), found.count()


def _keys(rows: list[tuple[datetime, str, int]], ledger: str) -> list[int]:
    return [key for _at, which, key in rows if which == ledger]


def _of_lookup(lookup: RecordLookup) -> Reader:
    return Reader(_who(lookup.asked_by, None), lookup.purpose, lookup.asked_at, lookup.request_code)


def _of_event(event: AuditEvent) -> Reader:
    purpose = event.details.get("purpose") or str(READING[event.verb])
    return Reader(_who(event.actor, event.authority), purpose, event.at, event.subject)


def _who(user, office) -> str:
    """The office where they worked when they read, and their role."""
    if user is None:
        return _("Cơ sở dữ liệu trung ương, tự động")
    office = office or user.authority
    return ", ".join(part for part in (office.name if office else "", user.role_labels.lower()) if part)

"""Once a week people are told that somebody has looked at their request; the page says who, when and what for."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.waiting import Swept, sweep
from records.models import RecordLookup
from requests import clock
from requests.models import CertificateRequest, Message
from requests.readers import READING
from requests.telling import tell

EVENT = "looked_at"


def tell_who_looked(now: datetime | None = None, *, after: int = 0) -> Swept:
    """About the last whole week, Monday to Sunday, once however often this runs: one batch, those behind `after`."""
    now = now or timezone.now()
    today = clock.local_day(now)
    monday = today - timedelta(days=today.weekday())
    ends = datetime.combine(monday, time(), clock.LOCAL)
    begins = datetime.combine(monday - timedelta(days=7), time(), clock.LOCAL)
    year, week, _ = begins.isocalendar()
    key = f"{year}-W{week:02d}"
    counts = _looks(begins, ends)
    told = Message.objects.in_portal().filter(event=EVENT, key=key).values("request")
    found = CertificateRequest.objects.filter(code__in=list(counts)).exclude(pk__in=told)

    @transaction.atomic
    def say(pk: int) -> bool:
        certificate_request = CertificateRequest.objects.get(pk=pk)
        tell(certificate_request, EVENT, at=now, key=key, facts={"count": counts[certificate_request.code]})
        return True

    return sweep(found, say, what="tell who looked", after=after)


def _looks(begins: datetime, ends: datetime) -> Counter[str]:
    """Request's code → how often somebody looked; a source that was asked counts as a look."""
    events = AuditEvent.objects.filter(verb__in=READING, at__gte=begins, at__lt=ends).order_by()
    asked = RecordLookup.objects.filter(asked_at__gte=begins, asked_at__lt=ends).order_by()
    return _counted(events, "subject") + _counted(asked, "request_code")


def _counted(rows: QuerySet, code: str) -> Counter[str]:
    return Counter(dict(rows.values_list(code).annotate(times=Count("pk"))))

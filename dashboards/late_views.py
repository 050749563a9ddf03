"""Late without a warning in time: what the promise “nobody waits in silence” did not reach, each with its cause."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.access import READERS, for_roles
from lltp_portal.calendars.seed import Calendars
from requests import lateness_report
from requests.models import CertificateRequest

WINDOW = timedelta(days=90)  # by the promised day


@require_safe
@for_roles(*READERS)
def untold(request):
    now = timezone.now()
    countable = CertificateRequest.objects.countable_by(request.user).filter(due_at__gte=now - WINDOW)
    rows = lateness_report.untold(countable, now, Calendars.read())
    context = {
        "now": now,
        "rows": rows,
        "count_late": lateness_report.late(countable, now).count(),
        "days": WINDOW.days,
    }
    return render(request, "dashboards/untold.html", context)

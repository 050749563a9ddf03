"""Where the working time of requests went: the charges of the clock, added up by office and holder.

The same ledger that citizen and clerk read on the page of one request (requests/clock.py); nothing is counted up.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import F

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import Calendars
from requests import clock
from requests.models import CertificateRequest, RequestStep
from requests.states import Holder

WINDOW = timedelta(days=30)


@dataclass
class OfficeTime:
    """Working minutes by holder, of the requests of one office or of all."""

    office_id: int | None
    office: str
    requests: int = 0
    minutes: Counter[Holder] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.minutes.total()

    def share(self, holder: Holder) -> float | None:
        """Percent of the time; None when none has passed."""
        return 100 * self.minutes[holder] / self.total if self.total else None


def by_office(user: User, now: datetime) -> tuple[list[OfficeTime], OfficeTime]:
    """Each office's time, the longest first, and their sum: of requests sent within the window, up to `now`."""
    found = CertificateRequest.objects.countable_by(user).filter(submitted_at__gte=now - WINDOW)
    offices = {
        pk: (office_id, office) for pk, office_id, office in found.values_list("pk", "authority", "authority__name")
    }
    calendars, total = Calendars.read(), OfficeTime(None, "Tổng cộng")
    rows: dict[int, OfficeTime] = {}
    for pk, history in _histories(found):
        office_id, office = offices[pk]
        row = rows.setdefault(office_id, OfficeTime(office_id, office))
        held = clock.held(clock.charges(history, calendars.of(office_id), now))
        for one in (row, total):
            one.requests += 1
            one.minutes.update(held)
    return sorted(rows.values(), key=lambda row: (-row.total, row.office)), total


def _histories(found) -> Iterator[tuple[int, list]]:
    """The steps taken of each request, oldest first, in one query."""
    steps = (
        RequestStep.objects.filter(request__in=found, seq__lte=F("request__step_count"))
        .order_by("request_id", "seq")
        .values_list("request_id", "to_state", "at", named=True)
    )
    for pk, history in groupby(steps.iterator(), key=attrgetter("request_id")):
        yield pk, list(history)

"""The page that says where the working time of requests went, office by office."""

from typing import NamedTuple

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.access import READERS, for_roles
from dashboards.time_spent import WINDOW, OfficeTime, by_office
from lltp_portal.wording import NBSP, working_time
from requests.clock import CHARGED
from requests.states import Holder

NAMES = {
    Holder.OFFICE: "Cơ quan",
    Holder.CITIZEN: "Người yêu cầu",
    Holder.CENTRAL: "CSDL trung ương",
    Holder.AGENCY: "Cơ quan khác",
    Holder.SYSTEM: "Hệ thống",
}
BAR = 1000


class Part(NamedTuple):
    """A piece of the bar."""

    holder: str
    who: str
    share: str
    x: int
    width: int


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1f}".replace(".", ",") + f"{NBSP}%"


def _shown(row: OfficeTime) -> dict:
    return {
        "office": row.office,
        "requests": row.requests,
        "each": working_time(row.total // row.requests) if row.requests else "–",
        "shares": [_percent(row.share(holder)) for holder in CHARGED],
    }


def _bar(total: OfficeTime) -> list[Part]:
    """The holders' pieces side by side; they fill the bar."""
    found, before = [], 0
    for holder in CHARGED:
        after = before + total.minutes[holder]
        x, end = (BAR * minutes // total.total if total.total else 0 for minutes in (before, after))
        found.append(Part(holder.value, NAMES[holder], _percent(total.share(holder)), x, end - x))
        before = after
    return found


@require_safe
@for_roles(*READERS)
def time_spent(request):
    """By office and holder, of the requests of the last days: an office its own, the nation all."""
    now = timezone.now()
    rows, total = by_office(request.user, now)
    bar = _bar(total)
    context = {
        "now": now,
        "days": WINDOW.days,
        "scope": request.user.authority.name if request.user.authority else "toàn quốc",
        "columns": [NAMES[holder] for holder in CHARGED],
        "rows": [_shown(row) for row in rows],
        "total": _shown(total),
        "bar": bar,
        "sentence": "; ".join(f"{part.who} {part.share}" for part in bar),
    }
    return render(request, "dashboards/time.html", context)

"""The board and the lists behind its figures."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards import queries
from dashboards.access import READERS, for_roles
from dashboards.buckets import FIGURES, Bucket
from lltp_portal.accounts.models import Authority
from lltp_portal.calendars.seed import Calendars
from lltp_portal.wording import NBSP, DueBadge, thousands
from requests.due_badges import badge_of, open_badge
from requests.models import CertificateRequest
from requests.payments.reconciling import ToReconcile
from requests.states import ENDED

PER_PAGE = 50
LEVEL_WORDS = {"ok": "Đạt", "soon": "Cần chú ý", "late": "Không đạt", "paused": "Chưa đủ số liệu"}
TILES = ("today", "late", "paused", "in_progress", "waiting", "returned")
# The table's columns, with headings short enough for all of them to be seen at once.
COLUMNS = {
    "waiting": "Chưa nhận",
    "received": "Đã nhận",
    "in_progress": "Đang làm",
    "today": "Hôm nay",
    "late": "Quá hạn",
    "paused": "Tạm dừng",
    "returned": "Đã trả",
    "on_time": "Đúng hạn",
    "returned_late": "Trả muộn",
    "withdrawn": "Rút",
    "stopped": "Dừng",
}


def _address(figure: str, office_id: int | None = None) -> str:
    """The figure's list, below the board's own address."""
    query = {"figure": figure, **({"office": office_id} if office_id else {})}
    return f"list/?{urlencode(query)}"


def _share(row: queries.Row) -> str:
    """“94,61 %”, or a dash when nothing was returned yet."""
    share = row.share_on_time
    return "–" if share is None else f"{share:.2f}".replace(".", ",") + f"{NBSP}%"


def _place(office: str) -> str:
    """Where the office is, when the rest of its name is the same for all: “Thành phố Hà Nội”."""
    place = office.removeprefix("Sở Tư pháp ").removeprefix("Công an ")
    return place[:1].upper() + place[1:]


def _shown(row: queries.Row) -> dict:
    return {
        "office": row.office,
        "place": _place(row.office),
        "share": _share(row),
        "level": DueBadge(row.level, LEVEL_WORDS[row.level]),
        "of": f"{thousands(row['on_time'])}/{thousands(row['returned'])}",
        "on_time_url": _address("returned", row.office_id),
        "url": _address("submitted", row.office_id),
        "cells": [{"count": row[name], "url": _address(name, row.office_id)} for name in COLUMNS],
    }


@require_safe
@for_roles(*READERS)
def board(request):
    """Received, in progress, returned, on time, late, due today: by office, as of now."""
    found = queries.board(request.user, timezone.now())
    scope = request.user.authority.name if not _sees_the_nation(request.user) else "toàn quốc"
    return render(
        request,
        "dashboards/board.html",
        {
            "now": found.now,
            "scope": scope,
            "total": _shown(found.total),
            "rows": [_shown(row) for row in found.rows],
            "payments_count": ToReconcile(request.user, found.now).count,
            "tiles": [
                {"label": FIGURES[name].label, "count": found.total[name], "url": _address(name)} for name in TILES
            ],
            "columns": [{"short": short, "label": FIGURES[name].label} for name, short in COLUMNS.items()],
            "good": queries.GOOD_SHARE,
            "fair": queries.FAIR_SHARE,
        },
    )


def _sees_the_nation(user) -> bool:
    return user.has_role("national_administrator", "auditor")


@require_safe
@for_roles(*READERS)
def listing(request):
    """The requests behind one figure. Names only for people of the request's own office."""
    now = timezone.now()
    figure, office = _figure_or_404(request.GET.get("figure", "")), _office_or_404(request.GET.get("office"))
    found = queries.behind(request.user, figure, now, office_id=office.pk if office else None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    calendars = Calendars.read()
    query = {"figure": figure, **({"office": office.pk} if office else {})}
    return render(
        request,
        "dashboards/list.html",
        {
            "now": now,
            "title": FIGURES[figure].label,
            "office": office,
            "page": page,
            "address": f"?{urlencode(query)}&page=",
            "rows": [_line(row, request.user, now, calendars.of(row.authority_id)) for row in page],
            "names_shown": any(row.authority_id == request.user.authority_id for row in page),
        },
    )


def _line(certificate_request: CertificateRequest, user, now, calendar) -> dict:
    mine = certificate_request.authority_id == user.authority_id
    is_held = certificate_request.state not in ENDED
    return {
        "request": certificate_request,
        "holder": certificate_request.holder.label if is_held else "–",
        "since": certificate_request.in_state_since if is_held else None,
        "name": certificate_request.declaration.full_name if mine else "",
        "badge": _badge(certificate_request, now, calendar),
        "bucket": Bucket(certificate_request.bucket).label,
    }


def _badge(certificate_request: CertificateRequest, now, calendar) -> DueBadge | None:
    """How near the due moment is, or how it ended; what was late when the citizen was asked stays late."""
    bucket = certificate_request.bucket
    if bucket == Bucket.WAITING:
        return None
    return (open_badge if bucket == Bucket.LATE else badge_of)(certificate_request, now, calendar)


def _figure_or_404(name: str) -> str:
    if name not in FIGURES:
        raise Http404
    return name


def _office_or_404(text: str | None) -> Authority | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    office = Authority.objects.filter(pk=int(text)).first()
    if office is None:
        raise Http404
    return office


@require_safe
@for_roles(*READERS)
def payments(request):
    """Money that a person has to look at, at the office or in the nation."""
    now = timezone.now()
    return render(request, "dashboards/payments.html", {"lists": ToReconcile(request.user, now), "now": now})

"""What waits for a worker and why, one press to try again, and the switch that stops issuing."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

import certificates.actions
from certificates.models import IssuingStop
from dashboards import queries
from dashboards.access import ADMINISTRATORS, for_roles
from dashboards.passed_over import passed_over
from lltp_portal.accounts.models import User
from lltp_portal.waiting import WaitingRow
from records.central import circuit
from requests import actions
from requests.messaging import quiet
from requests.models import AttachmentScan, FlowBack, Message, Paper, SourceSearch

SHOWN = 200


@require_safe
@for_roles(*ADMINISTRATORS)
def waiting_rows(request):
    now = timezone.now()
    searches, issuances = queries.waiting_searches(request.user), queries.waiting_issuances(request.user)
    letters, of_the_night = queries.waiting_messages(request.user), queries.of_the_night(now)
    groups = [
        _group("Tra cứu cơ sở dữ liệu trung ương", "search", searches, now),
        _group("Lập và ký Phiếu", "issuance", issuances, now),
        _group("Thư và tin nhắn", "message", letters.exclude(of_the_night), now)
        | {"resting": letters.filter(of_the_night).count(), "resting_until": quiet.earliest(now)},
        _group("Hỏi kết quả thanh toán trực tuyến", "payment", queries.waiting_payments(request.user), now),
        _group("Quét vi-rút giấy tờ", "scan", queries.waiting_scans(request.user), now),
        _group("Hỏi lại sau khi cấp Phiếu", "after_issue", queries.waiting_after_issue(request.user), now),
        _group("Chuyển bản án về cơ sở dữ liệu", "flow_back", queries.waiting_flow_backs(request.user), now),
        _group("In giấy tờ của hồ sơ", "paper", queries.waiting_papers(request.user), now),
    ]
    return render(
        request,
        "dashboards/waiting.html",
        {
            "now": now,
            "groups": groups,
            "limit": SHOWN,
            "passed_over": passed_over(request.user, SHOWN),
            "circuit": circuit.standing("central"),
            "stop": IssuingStop.objects.pulled().select_related("pulled_by").first(),
            "may_switch": request.user.has_role("national_administrator"),
        },
    )


def _group(title: str, kind: str, found: QuerySet, now) -> dict:
    rows = list(found[: SHOWN + 1])
    return {
        "title": title,
        "kind": kind,
        "rows": [_shown(row, now) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "parked": sum(row.parked_at is not None for row in rows[:SHOWN]),
    }


def _place_of(row: WaitingRow) -> str | int:
    """What tells this row from others of the same request."""
    if isinstance(row, Message):
        return str(row.send_key)
    return row.seq if isinstance(row, Paper | FlowBack) else getattr(row, "source", "")


def _shown(row: WaitingRow, now) -> dict:
    being_tried = row.lease_until is not None and row.lease_until > now
    renewal = isinstance(row, SourceSearch) and row.is_renewal and row.lookup is not None
    return {
        "row": row,
        **_whose(row),
        "source": _place_of(row),
        "being_tried": being_tried,
        "overdue": row.parked_at is None and not being_tried and row.next_try_at <= now,
        "since": row.lookup.as_of if renewal else row.in_state_since,
        "renewal": renewal,
    }


def _whose(row: WaitingRow) -> dict[str, str]:
    """By what name it goes, at which office; `code` is what its address names."""
    if _is_for_register(row):
        name, office = f"Văn bản {row.document_code}", "Cơ sở dữ liệu lý lịch tư pháp"
        return {"name": name, "office": office, "code": row.document_code}
    found = row.request
    office = found.authority.name if found.authority else ""
    return {"name": found.dossier_number or found.code, "office": office, "code": found.code}


def _is_for_register(row: WaitingRow) -> bool:
    return isinstance(row, AttachmentScan) and row.request_id is None


@require_POST
@for_roles(*ADMINISTRATORS)
def retry(request, kind, code):
    """Put a parked row back. 404 for what is not this person's to see, a word for what is parked no longer."""
    row = _row_or_404(request.user, kind, code, request.POST.get("source", ""))
    if row.parked_at is None:
        messages.warning(request, "Việc này không còn bị dừng; hệ thống đang tự xử lý.")
    else:
        actions.retry_parked(row, by=request.user)
        what = f"văn bản {code}" if _is_for_register(row) else f"hồ sơ {code}"
        messages.success(request, f"Đã cho {what} chạy lại.")
    return redirect("waiting_rows")


# Rows that have a number of their own within their request.
_COUNTED = {"paper": queries.waiting_papers, "flow_back": queries.waiting_flow_backs}


def _row_or_404(user: User, kind: str, code: str, source: str) -> WaitingRow:
    if kind == "issuance":
        return get_object_or_404(queries.waiting_issuances(user), request__code=code)
    if kind == "after_issue":
        return get_object_or_404(queries.waiting_after_issue(user), request__code=code)
    if kind == "message":
        return get_object_or_404(queries.waiting_messages(user), request__code=code, send_key=_key_or_404(source))
    if kind == "scan":
        return get_object_or_404(queries.waiting_scans(user), _of_paper(code, source[:12]))
    if kind in _COUNTED:
        seq = int(source) if source.isascii() and source.isdigit() and len(source) < 5 else 0
        return get_object_or_404(_COUNTED[kind](user), request__code=code, seq=seq)
    source = source.replace("\0", "")
    if kind == "payment":
        return get_object_or_404(queries.waiting_payments(user), request__code=code, order__reference=source)
    return get_object_or_404(queries.waiting_searches(user), request__code=code, source=source)


def _of_paper(code: str, source: str) -> Q:
    """A paper of a request by both their codes; one for the register by its own."""
    of_request = Q(attachment__code=source) | Q(document_code=source, attachment=None)
    return Q(request__code=code) & of_request | Q(request=None, document_code=code)


def _key_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@require_POST
@for_roles("national_administrator")
def stop_issuing(request):
    """Pull the switch: nothing is numbered or signed until it is released."""
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    if not reason:
        messages.error(request, "Nhập lý do tạm dừng để mọi đơn vị biết, ví dụ: chứng thư số sắp hết hạn.")
    elif certificates.actions.stop_issuing(reason, by=request.user):
        messages.success(request, "Đã tạm dừng cấp Phiếu trên toàn quốc.")
    else:
        messages.warning(request, "Việc cấp Phiếu đã được tạm dừng từ trước.")
    return redirect("waiting_rows")


@require_POST
@for_roles("national_administrator")
def resume_issuing(request):
    """Release the switch; what waits goes on by itself."""
    if certificates.actions.resume_issuing(by=request.user):
        messages.success(request, "Đã cho cấp Phiếu trở lại; các hồ sơ đang chờ sẽ tự chạy tiếp.")
    else:
        messages.warning(request, "Việc cấp Phiếu không bị tạm dừng.")
    return redirect("waiting_rows")

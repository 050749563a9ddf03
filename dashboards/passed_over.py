"""What sweeps passed over: which request, since when and how often, for the administrators of its office."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import PassedOver
from requests.models import Attachment, CertificateRequest, Complaint, Inquiry, SupplementRequest

# Sweep → its name for people. A row is a request's key, unless SWEPT says of what else.
SWEEPS = {
    "complaint reminder": "Nhắc hạn giải quyết khiếu nại",
    "drop old draft": "Xóa bản nháp quá hạn giữ",
    "inquiry reminder": "Nhắc đôn đốc cơ quan được hỏi",
    "late warning": "Báo trước khi trễ hẹn",
    "move to office in force": "Chuyển sang cơ quan có thẩm quyền mới",
    "payment lapse": "Dừng vì chưa nộp phí",
    "payment reminder": "Nhắc nộp phí",
    "recompute due": "Tính lại ngày hẹn",
    "renew old answer": "Tra cứu lại kết quả đã cũ",
    "ask by the rules of today": "Tra cứu lại theo quy tắc đối chiếu hiện hành",
    "scan old paper": "Quét vi-rút giấy tờ nhận trước khi có máy quét",
    "supplement reminder": "Nhắc bổ sung",
    "tell who looked": "Báo có người xem hồ sơ",
    "watch after issue": "Theo dõi Phiếu đã cấp trước khi có việc hỏi lại",
    "unanswered supplement": "Dừng vì không bổ sung",
}
SWEPT = {
    "complaint reminder": Complaint,
    "inquiry reminder": Inquiry,
    "scan old paper": Attachment,
    "supplement reminder": SupplementRequest,
    "unanswered supplement": SupplementRequest,
}


@dataclass(frozen=True)
class Trouble:
    """One row that a sweep could not do, and the request that it belongs to."""

    noted: PassedOver
    request: CertificateRequest

    @property
    def sweep(self) -> str:
        return SWEEPS[self.noted.sweep]


def passed_over(user: User, most: int) -> list[Trouble]:
    """Of the requests that this person may administer, the longest in trouble first."""
    noted = list(PassedOver.objects.filter(sweep__in=SWEEPS).order_by("first_at", "pk"))
    by_sweep: dict[str, list[int]] = defaultdict(list)
    for one in noted:
        by_sweep[one.sweep].append(one.row)
    request_of = {(sweep, row): key for sweep, rows in by_sweep.items() for row, key in _requests(sweep, rows)}
    seen = _administered(user).filter(pk__in=set(request_of.values())).select_related("authority").in_bulk()
    found = [(one, seen.get(request_of.get((one.sweep, one.row)))) for one in noted]
    return [Trouble(one, request) for one, request in found if request is not None][:most]


def _requests(sweep: str, rows: list[int]) -> list[tuple[int, int]]:
    """(row of the sweep, key of its request)."""
    if sweep not in SWEPT:
        return [(row, row) for row in rows]
    return list(SWEPT[sweep].objects.filter(pk__in=rows).values_list("pk", "request_id"))


def _administered(user: User) -> QuerySet[CertificateRequest]:
    """Drafts are nobody's at an office; the nation's administrator learns of them by their code."""
    if user.has_role("national_administrator"):
        return CertificateRequest.objects.all()
    return CertificateRequest.objects.countable_by(user)

"""What the citizen is told about a request: where it is, who holds it, what comes next. Words only; takes no step.

Citizens read unit and role, never a clerk's name (look: status page).
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.languages import own, told
from lltp_portal.wording import DueBadge, dong, full_day, full_moment, given_name
from requests.clock import local_day
from requests.due_badges import badge_of
from requests.forecast import Forecast
from requests.late_shown import LateCard
from requests.models import CertificateRequest, RequestStep
from requests.states import ENDED, Holder
from requests.states import State as S

HEADINGS = {
    S.DRAFT: gettext_lazy("Hồ sơ của {who} chưa gửi"),
    S.SUBMITTED: gettext_lazy("Hồ sơ của {who} đã gửi, chờ tiếp nhận"),
    S.AWAITING_PAYMENT: gettext_lazy("Hồ sơ của {who} chờ nộp phí"),
    S.RECEIVED: gettext_lazy("Đang tra cứu cho hồ sơ của {who}"),
    S.REVIEWING: gettext_lazy("Đang kiểm tra hồ sơ của {who}"),
    S.CONSULTING: gettext_lazy("Đang xác minh hồ sơ của {who}"),
    S.NEEDS_SUPPLEMENT: gettext_lazy("Hồ sơ của {who} cần bổ sung"),
    S.VERIFIED: gettext_lazy("Hồ sơ của {who} đang chờ ký"),
    S.SIGNING: gettext_lazy("Đang ký Phiếu của {who}"),
    S.ISSUED: gettext_lazy("Đã có Phiếu của {who}"),
    S.DELIVERED: gettext_lazy("Đã trả Phiếu của {who}"),
    S.REFUSED: gettext_lazy("Hồ sơ của {who} không được tiếp nhận"),
    S.WITHDRAWN: gettext_lazy("Hồ sơ của {who} đã rút"),
    S.STOPPED: gettext_lazy("Hồ sơ của {who} đã dừng xử lý"),
}
ENDED_HEADINGS = {
    "replaced": gettext_lazy("Phiếu của {who} đã được thay thế"),
    "revoked": gettext_lazy("Phiếu của {who} đã bị thu hồi"),
}
WAITED_FOR = {
    S.SUBMITTED: gettext_lazy("Cán bộ tiếp nhận xem hồ sơ đã đủ chưa."),
    S.AWAITING_PAYMENT: gettext_lazy("Bạn nộp phí: trực tuyến, chuyển khoản hoặc tại Bộ phận Một cửa."),
    S.RECEIVED: gettext_lazy("Cơ sở dữ liệu trung ương trả lời, thường trong vài phút."),
    S.REVIEWING: gettext_lazy("Chuyên viên kiểm tra kết quả tra cứu."),
    S.CONSULTING: gettext_lazy("Cơ quan được hỏi trả lời."),
    S.NEEDS_SUPPLEMENT: gettext_lazy("Bạn bổ sung theo yêu cầu."),
    S.VERIFIED: gettext_lazy("Lãnh đạo duyệt và ký."),
    S.SIGNING: gettext_lazy("Hệ thống lập và ký Phiếu, thường trong một phút."),
}
# Whom a request waits for may be read by who has its codes; the others would tell of a record.
NAMED_AGENCIES = {
    "police": gettext_lazy("cơ quan công an (mọi người đủ 14 tuổi trước 01/7/2010)"),
    "military": gettext_lazy("cơ quan quân đội (người từng tại ngũ)"),
}
NEXT = {
    S.SUBMITTED: gettext_lazy(
        "Đủ thì cán bộ nhận hồ sơ, và bạn có ngày hẹn. Thiếu thì cán bộ hỏi bạn một lần, tại trang này."
    ),
    S.AWAITING_PAYMENT: gettext_lazy("Phí đã nộp thì cán bộ xem hồ sơ rồi nhận."),
    S.RECEIVED: gettext_lazy("Có câu trả lời thì chuyên viên kiểm tra, rồi lãnh đạo ký."),
    S.REVIEWING: gettext_lazy(
        "Kiểm tra xong thì lãnh đạo duyệt và ký. Còn gì chưa rõ, cơ quan hỏi nơi khác hoặc hỏi bạn."
    ),
    S.CONSULTING: gettext_lazy("Có câu trả lời thì chuyên viên kiểm tra tiếp, rồi lãnh đạo ký."),
    S.NEEDS_SUPPLEMENT: gettext_lazy("Bạn trả lời thì cơ quan làm tiếp ngay từ chỗ đang dừng, và báo ngày hẹn mới."),
    S.VERIFIED: gettext_lazy("Ký xong thì bạn được báo và tải được Phiếu tại trang này."),
    S.SIGNING: gettext_lazy("Ký xong thì bạn được báo và tải được Phiếu tại trang này."),
}
HOLDERS = {
    Holder.CITIZEN: gettext_lazy("Bạn"),
    Holder.OFFICE: "{authority}",
    Holder.CENTRAL: gettext_lazy("Cơ sở dữ liệu trung ương"),
    Holder.AGENCY: gettext_lazy("Cơ quan được hỏi, qua {authority}"),
    Holder.APPROVER: gettext_lazy("Lãnh đạo {authority}"),
    Holder.SYSTEM: gettext_lazy("Hệ thống ký của {authority}"),
}
ACTS = {
    "submit": gettext_lazy("Bạn gửi yêu cầu"),
    "ask_payment": gettext_lazy("Chờ nộp phí"),
    "record_payment": gettext_lazy("Đã nhận phí"),
    "receive": gettext_lazy("Đã nhận hồ sơ"),
    "finish_search": gettext_lazy("Tra cứu cơ sở dữ liệu trung ương xong"),
    "consult": gettext_lazy("Hỏi cơ quan khác để xác minh"),
    "finish_consulting": gettext_lazy("Cơ quan được hỏi đã trả lời"),
    "ask_supplement": gettext_lazy("Yêu cầu bạn bổ sung"),
    "answer_supplement": gettext_lazy("Bạn đã bổ sung"),
    "search_again": gettext_lazy("Tra cứu lại"),
    "verify": gettext_lazy("Đã kiểm tra, chuyển ký"),
    "return_to_clerk": gettext_lazy("Lãnh đạo yêu cầu kiểm tra lại"),
    "approve": gettext_lazy("Đã duyệt, đang ký"),
    "abandon_signing": gettext_lazy("Chưa ký được, lãnh đạo xem lại"),
    "issue": gettext_lazy("Đã cấp Phiếu"),
    "deliver": gettext_lazy("Đã trả kết quả"),
    "refuse": gettext_lazy("Không tiếp nhận hồ sơ"),
    "withdraw": gettext_lazy("Bạn rút hồ sơ"),
    "stop": gettext_lazy("Dừng xử lý hồ sơ"),
}
# Whose words the citizen is meant to read; a clerk's question to another agency is not one of them.
REASONS_SHOWN = {"ask_supplement", "answer_supplement", "refuse", "stop", "withdraw"}


@dataclass(frozen=True)
class Entry:
    act: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Stop:
    """One station of the tracker: `state` is done, now or next."""

    title: str
    state: str
    icon: str
    words: str


def polite_name(certificate_request: CertificateRequest) -> str:
    """“ông Khoa”, “bà Lan”: by given name, which is the last word."""
    declaration = certificate_request.declaration
    name = given_name(declaration.full_name) if declaration else ""
    if not name:
        return _("bạn")
    polite = {"male": _("ông %(name)s"), "female": _("bà %(name)s")}.get(declaration.sex, "%(name)s")
    return told(polite, name=name)


def heading(certificate_request: CertificateRequest, ended: str = "") -> str:
    """`ended`: how its certificate ceased to count, where it did (certificates.models.Ending)."""
    words = ENDED_HEADINGS.get(ended) or HEADINGS[certificate_request.state]
    return format_html(str(words), who=polite_name(certificate_request))


def holder(certificate_request: CertificateRequest) -> str:
    """Who has it now, in words; nothing once it has ended."""
    authority = certificate_request.authority.name if certificate_request.authority else _("Cơ quan tiếp nhận")
    return format_html(str(HOLDERS.get(certificate_request.holder, "")), authority=own(authority))


def to_do(certificate_request: CertificateRequest, ended: str = "") -> str:
    """What the citizen has to do now, or that there is nothing; with a certificate that counts no more, nothing."""
    state = certificate_request.state
    if ended:
        return ""
    if state == S.AWAITING_PAYMENT:
        return _("Bạn cần nộp phí %(amount)s.") % {"amount": dong(certificate_request.fee_missing)}
    if state == S.NEEDS_SUPPLEMENT:
        return _("Bạn cần bổ sung.")
    if state == S.ISSUED:
        return fetching(certificate_request)
    return "" if state in ENDED else _("Bạn không cần làm gì lúc này.")


def fetching(certificate_request: CertificateRequest) -> str:
    """How the finished certificate comes to the citizen."""
    declaration = certificate_request.declaration
    if declaration.delivery == declaration.Delivery.COUNTER:
        return _("Bạn có thể tải Phiếu, và nhận bản giấy tại Bộ phận Một cửa.")
    if declaration.delivery == declaration.Delivery.POST:
        return _("Bạn có thể tải Phiếu. Bản giấy được gửi qua bưu chính.")
    return _("Bạn có thể tải Phiếu.")


def log(history: list[RequestStep]) -> list[Entry]:
    """Newest first."""
    return [
        Entry(str(ACTS[step.step]), step.at, step.reason if step.step in REASONS_SHOWN else "")
        for step in reversed(history)
    ]


def promise(
    certificate_request: CertificateRequest,
    calendar: WorkingCalendar,
    now: datetime,
    forecast: Forecast | None = None,
) -> DueBadge | None:
    """How near the promised day is, or that it will probably be kept; None before receipt and after the end."""
    due = certificate_request.due_at
    if due is None or certificate_request.state in ENDED:
        return None
    badge = badge_of(certificate_request, now, calendar)
    if badge and badge.level == "ok" and forecast and forecast.is_in_time(local_day(due)):
        return DueBadge("ok", _("Dự kiến đúng hẹn"))
    return badge


# Station → the states in which it is “now”, its icon, and the step that ends it.
STATIONS = (
    (gettext_lazy("Đã nhận"), (S.SUBMITTED, S.AWAITING_PAYMENT), "document", "receive"),
    (gettext_lazy("Tra cứu"), (S.RECEIVED,), "magnifier", "finish_search"),
    (gettext_lazy("Đang kiểm tra"), (S.REVIEWING, S.CONSULTING), "magnifier", "verify"),
    (gettext_lazy("Chờ ký"), (S.VERIFIED, S.SIGNING), "pen", "issue"),
)


def tracker(
    certificate_request: CertificateRequest, history: list[RequestStep], late: LateCard | None = None
) -> list[Stop]:
    """The way of the request. A question to the citizen stands in its place, not on a page of its own."""
    state = certificate_request.state
    taken = {step.step: step.at for step in history}  # the last time of each
    asked_from = next((step.from_state for step in reversed(history) if step.step == "ask_supplement"), "")
    where = asked_from if state == S.NEEDS_SUPPLEMENT else state
    since = history[-1].at if history else None
    stops = [Stop(_("Đã gửi"), "done", "document", full_moment(taken["submit"]))] if "submit" in taken else []
    passed = True
    for title, states, icon, ends_with in STATIONS:
        if where in states:
            stops += _now(title, icon, state, since)
            passed = False
        elif passed and ends_with in taken:
            stops.append(Stop(title, "done", icon, full_moment(taken[ends_with])))
        else:
            stops.append(Stop(title, "next", icon, _("Chưa đến")))
    return [*stops, _last(certificate_request, taken, late)]


def _now(title: str, icon: str, state: str, since: datetime | None) -> list[Stop]:
    words = _("Từ %(moment)s") % {"moment": full_moment(since)} if since else ""
    if state == S.NEEDS_SUPPLEMENT:
        return [
            Stop(_("Chờ bạn bổ sung"), "now", "person", words),
            Stop(title, "next", icon, _("Tiếp tục khi bạn bổ sung")),
        ]
    if state == S.AWAITING_PAYMENT:
        return [Stop(_("Chờ nộp phí"), "now", "bank-note", words), Stop(title, "next", icon, _("Sau khi nộp phí"))]
    titles = {S.SUBMITTED: _("Chờ tiếp nhận"), S.CONSULTING: _("Đang xác minh"), S.SIGNING: _("Đang ký")}
    return [Stop(titles.get(state, title), "now", icon, words)]


def _last(certificate_request: CertificateRequest, taken: dict[str, datetime], late: LateCard | None) -> Stop:
    if "issue" in taken:
        return Stop(_("Đã cấp"), "done", "document", full_moment(taken["issue"]))
    return Stop(_("Đã cấp"), "next", "document", _promised(certificate_request, late))


def _promised(certificate_request: CertificateRequest, late: LateCard | None) -> str:
    """The day that still stands: none while the clock is paused, the new one where the old one will not be kept."""
    due = certificate_request.due_at
    if due is None:
        return _("Chưa đến")
    if certificate_request.state == S.NEEDS_SUPPLEMENT:
        return _("Hẹn lại khi bạn bổ sung")
    if late is None:
        return _("Hẹn %(day)s") % {"day": full_day(due)}
    if late.appointment is None:
        return _("Hẹn mới sẽ báo cho bạn")
    if late.is_signed:
        return _("Hẹn mới: %(day)s") % {"day": full_day(late.appointment)}
    return _("Hẹn mới dự kiến: %(day)s") % {"day": full_day(late.appointment)}

"""What the citizen is told about a request: where it is, who holds it, what comes next. Words only; takes no step.

Citizens read unit and role, never a clerk's name (look: status page).
"""

from dataclasses import dataclass
from datetime import datetime

from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.wording import DueBadge, dong, full_day, full_moment, given_name
from requests.due_badges import badge_of
from requests.models import CertificateRequest, RequestStep
from requests.states import ENDED, Holder
from requests.states import State as S

HEADINGS = {
    S.DRAFT: "Hồ sơ của {who} chưa gửi",
    S.SUBMITTED: "Hồ sơ của {who} đã gửi, chờ tiếp nhận",
    S.AWAITING_PAYMENT: "Hồ sơ của {who} chờ nộp phí",
    S.RECEIVED: "Đang tra cứu cho hồ sơ của {who}",
    S.REVIEWING: "Đang kiểm tra hồ sơ của {who}",
    S.CONSULTING: "Đang xác minh hồ sơ của {who}",
    S.NEEDS_SUPPLEMENT: "Hồ sơ của {who} cần bổ sung",
    S.VERIFIED: "Hồ sơ của {who} đang chờ ký",
    S.SIGNING: "Đang ký Phiếu của {who}",
    S.ISSUED: "Đã có Phiếu của {who}",
    S.DELIVERED: "Đã trả Phiếu của {who}",
    S.REFUSED: "Hồ sơ của {who} không được tiếp nhận",
    S.WITHDRAWN: "Hồ sơ của {who} đã rút",
    S.STOPPED: "Hồ sơ của {who} đã dừng xử lý",
}
WAITED_FOR = {
    S.SUBMITTED: "Cán bộ tiếp nhận xem hồ sơ đã đủ chưa.",
    S.AWAITING_PAYMENT: "Bạn nộp phí: trực tuyến, chuyển khoản hoặc tại Bộ phận Một cửa.",
    S.RECEIVED: "Cơ sở dữ liệu trung ương trả lời. Chưa trả lời thì hệ thống tự hỏi lại; bạn không cần làm gì.",
    S.REVIEWING: "Chuyên viên kiểm tra kết quả tra cứu.",
    S.CONSULTING: "Cơ quan được hỏi trả lời.",
    S.NEEDS_SUPPLEMENT: "Bạn bổ sung theo yêu cầu.",
    S.VERIFIED: "Lãnh đạo duyệt và ký.",
    S.SIGNING: "Hệ thống lập và ký Phiếu, thường trong một phút.",
}
HOLDERS = {
    Holder.CITIZEN: "Bạn",
    Holder.OFFICE: "{authority}",
    Holder.CENTRAL: "Cơ sở dữ liệu trung ương",
    Holder.AGENCY: "Cơ quan được hỏi, qua {authority}",
    Holder.APPROVER: "Lãnh đạo {authority}",
    Holder.SYSTEM: "Hệ thống ký của {authority}",
}
ACTS = {
    "submit": "Bạn gửi yêu cầu",
    "ask_payment": "Chờ nộp phí",
    "record_payment": "Đã nhận phí",
    "receive": "Đã nhận hồ sơ",
    "finish_search": "Tra cứu cơ sở dữ liệu trung ương xong",
    "consult": "Hỏi cơ quan khác để xác minh",
    "finish_consulting": "Cơ quan được hỏi đã trả lời",
    "ask_supplement": "Yêu cầu bạn bổ sung",
    "answer_supplement": "Bạn đã bổ sung",
    "search_again": "Tra cứu lại",
    "verify": "Đã kiểm tra, chuyển ký",
    "return_to_clerk": "Lãnh đạo yêu cầu kiểm tra lại",
    "approve": "Đã duyệt, đang ký",
    "abandon_signing": "Chưa ký được, lãnh đạo xem lại",
    "issue": "Đã cấp Phiếu",
    "deliver": "Đã trả kết quả",
    "refuse": "Không tiếp nhận hồ sơ",
    "withdraw": "Bạn rút hồ sơ",
    "stop": "Dừng xử lý hồ sơ",
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
    title = {"male": "ông ", "female": "bà "}.get(declaration.sex if declaration else "", "")
    return f"{title}{name}" if name else "bạn"


def heading(certificate_request: CertificateRequest) -> str:
    return HEADINGS[certificate_request.state].format(who=polite_name(certificate_request))


def holder(certificate_request: CertificateRequest) -> str:
    """Who has it now, in words; nothing once it has ended."""
    authority = certificate_request.authority.name if certificate_request.authority else "Cơ quan tiếp nhận"
    return HOLDERS.get(certificate_request.holder, "").format(authority=authority)


def to_do(certificate_request: CertificateRequest) -> str:
    """What the citizen has to do now, or that there is nothing."""
    state = certificate_request.state
    if state == S.AWAITING_PAYMENT:
        return f"Bạn cần nộp phí {dong(certificate_request.fee_missing)}."
    if state == S.NEEDS_SUPPLEMENT:
        return "Bạn cần bổ sung. Xem yêu cầu bên dưới."
    if state == S.ISSUED:
        return "Bạn có thể tải Phiếu."
    return "" if state in ENDED else "Bạn không cần làm gì lúc này."


def log(history: list[RequestStep]) -> list[Entry]:
    """Newest first."""
    return [
        Entry(ACTS[step.step], step.at, step.reason if step.step in REASONS_SHOWN else "") for step in reversed(history)
    ]


def promise(certificate_request: CertificateRequest, calendar: WorkingCalendar, now: datetime) -> DueBadge | None:
    """How near the promised day is; None before receipt and after the end."""
    if certificate_request.due_at is None or certificate_request.state in ENDED:
        return None
    return badge_of(certificate_request, now, calendar)


# Station → the states in which it is “now”, its icon, and the step that ends it.
STATIONS = (
    ("Đã nhận", (S.SUBMITTED, S.AWAITING_PAYMENT), "document", "receive"),
    ("Tra cứu", (S.RECEIVED,), "magnifier", "finish_search"),
    ("Đang kiểm tra", (S.REVIEWING, S.CONSULTING), "magnifier", "verify"),
    ("Chờ ký", (S.VERIFIED, S.SIGNING), "pen", "issue"),
)


def tracker(certificate_request: CertificateRequest, history: list[RequestStep]) -> list[Stop]:
    """The way of the request. A question to the citizen stands in its place, not on a page of its own."""
    state = certificate_request.state
    taken = {step.step: step.at for step in history}  # the last time of each
    asked_from = next((step.from_state for step in reversed(history) if step.step == "ask_supplement"), "")
    where = asked_from if state == S.NEEDS_SUPPLEMENT else state
    since = history[-1].at if history else None
    stops = [Stop("Đã gửi", "done", "document", full_moment(taken["submit"]))] if "submit" in taken else []
    passed = True
    for title, states, icon, ends_with in STATIONS:
        if where in states:
            stops += _now(title, icon, state, since)
            passed = False
        elif passed and ends_with in taken:
            stops.append(Stop(title, "done", icon, full_moment(taken[ends_with])))
        else:
            stops.append(Stop(title, "next", icon, "Chưa đến"))
    return [*stops, _last(certificate_request, taken)]


def _now(title: str, icon: str, state: str, since: datetime | None) -> list[Stop]:
    words = f"Từ {full_moment(since)}" if since else ""
    if state == S.NEEDS_SUPPLEMENT:
        return [Stop("Chờ bạn bổ sung", "now", "person", words), Stop(title, "next", icon, "Tiếp tục khi bạn bổ sung")]
    if state == S.AWAITING_PAYMENT:
        return [Stop("Chờ nộp phí", "now", "bank-note", words), Stop(title, "next", icon, "Sau khi nộp phí")]
    titles = {S.SUBMITTED: "Chờ tiếp nhận", S.CONSULTING: "Đang xác minh", S.SIGNING: "Đang ký"}
    return [Stop(titles.get(state, title), "now", icon, words)]


def _last(certificate_request: CertificateRequest, taken: dict[str, datetime]) -> Stop:
    if "issue" in taken:
        return Stop("Đã cấp", "done", "document", full_moment(taken["issue"]))
    due = certificate_request.due_at
    return Stop("Đã cấp", "next", "document", f"Hẹn {full_day(due)}" if due else "Chưa đến")

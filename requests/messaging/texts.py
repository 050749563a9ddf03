"""Every event that people are told of, in words. Pure: a code, a domain and a few dates in, text out.

What leaves the house (e-mail, SMS) names the request's public code and the portal's domain and nothing else: no name,
no content of the dossier, no result, no link into it (Luật 91/2025/QH15 on personal data; ux 4.5). The reader learns
the rest after signing in. Texts of the portal itself may carry dates and a cause from the table below.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy, override

from lltp_portal.wording import full_day
from requests.states import OPEN, Holder, State

# Kept with each message. Raise it whenever a word below changes (a test compares the fingerprint).
VERSION = 3
SMS_LENGTH = 160  # one part in the plain alphabet, which has no Vietnamese marks

UPDATE = gettext_lazy("Hồ sơ %(code)s có cập nhật. Đăng nhập dịch vụ tại %(domain)s để xem.")
RESULT = gettext_lazy("Hồ sơ %(code)s có kết quả. Đăng nhập dịch vụ tại %(domain)s để xem.")
TO_DO = gettext_lazy("Hồ sơ %(code)s cần bạn làm một việc. Đăng nhập dịch vụ tại %(domain)s để xem.")
LATE = gettext_lazy("Hồ sơ %(code)s có thể trả muộn hơn ngày hẹn. Đăng nhập dịch vụ tại %(domain)s để xem lý do.")
MAIL_FOOT = gettext_lazy(
    "Thư này do hệ thống gửi tự động, không cần trả lời. Địa chỉ chính thức duy nhất của dịch vụ là %(domain)s. "
    "Chúng tôi không gọi điện yêu cầu cài ứng dụng hoặc đọc mã OTP."
)
SUBJECT = gettext_lazy("Hồ sơ %(code)s")
# Nobody's choice of language is kept, so what leaves the house says everything twice, Vietnamese first.
LANGUAGES = ("vi", "en")
SMS_ENGLISH = " (EN: sign in to read.)"
# Who or what a delay comes from: who holds the request by the clock (requests/states.py).
CAUSES = {
    Holder.CENTRAL: gettext_lazy("cơ sở dữ liệu trung ương chưa trả lời đầy đủ"),
    Holder.AGENCY: gettext_lazy("cơ quan được hỏi để xác minh chưa trả lời"),
    Holder.OFFICE: gettext_lazy("cơ quan tiếp nhận chưa kiểm tra xong hồ sơ"),
    Holder.APPROVER: gettext_lazy("hồ sơ chưa được lãnh đạo duyệt, ký"),
    Holder.SYSTEM: gettext_lazy("hệ thống chưa lập và ký xong Phiếu"),
    Holder.CITIZEN: gettext_lazy("hồ sơ đang chờ bạn bổ sung, thời gian còn lại sau đó không đủ"),
}


@dataclass(frozen=True)
class Event:
    """`portal` is said always; a sentence of `more` when its fact is known. `outside` is all that leaves the house.

    `essential`: lateness and result, which nobody can switch off. `while_in`: it is true only while the request is in
    one of these states; what is overtaken before it was sent stays unsent.
    """

    label: Any
    portal: Any
    outside: Any = UPDATE
    more: Mapping[str, Any] = field(default_factory=dict)
    essential: bool = False
    while_in: frozenset[str] | None = None


_ANSWER_BY = gettext_lazy("Trả lời trước hết ngày %(answer_by)s.")
_PAY_BY = gettext_lazy("Nộp trước hết ngày %(pay_by)s.")
_ASKED = frozenset({State.NEEDS_SUPPLEMENT})
_UNPAID = frozenset({State.AWAITING_PAYMENT})
EVENTS: dict[str, Event] = {
    "received": Event(
        gettext_lazy("Đã tiếp nhận"),
        gettext_lazy("Hồ sơ %(code)s đã được tiếp nhận."),
        more={"due": gettext_lazy("Hẹn trả kết quả: %(due)s.")},
    ),
    "needs_supplement": Event(
        gettext_lazy("Cần bổ sung"),
        gettext_lazy("Hồ sơ %(code)s cần bạn bổ sung. Mở hồ sơ để xem cần bổ sung gì và vì sao."),
        TO_DO,
        {"answer_by": _ANSWER_BY},
        while_in=_ASKED,
    ),
    "supplement_reminder": Event(
        gettext_lazy("Nhắc bổ sung"),
        gettext_lazy("Hồ sơ %(code)s vẫn đang chờ bạn bổ sung."),
        TO_DO,
        {"answer_by": _ANSWER_BY},
        while_in=_ASKED,
    ),
    "late_warning": Event(
        gettext_lazy("Có thể trả muộn"),
        gettext_lazy("Hồ sơ %(code)s có thể trả muộn hơn ngày hẹn. Chúng tôi xin lỗi bạn."),
        LATE,
        {
            "due": gettext_lazy("Ngày hẹn cũ: %(due)s."),
            "cause": gettext_lazy("Lý do: %(cause)s."),
            "new_due": gettext_lazy("Ngày hẹn mới dự kiến: %(new_due)s; phiếu xin lỗi có ngày hẹn mới sẽ gửi sau."),
        },
        essential=True,
        while_in=frozenset(OPEN),
    ),
    "late_apology": Event(
        gettext_lazy("Xin lỗi và hẹn lại"),
        gettext_lazy("Chúng tôi xin lỗi vì hồ sơ %(code)s trả muộn. Phiếu xin lỗi có trong hồ sơ của bạn."),
        LATE,
        {"cause": gettext_lazy("Lý do: %(cause)s."), "new_due": gettext_lazy("Ngày hẹn mới: %(new_due)s.")},
        essential=True,
    ),
    "due_changed": Event(
        gettext_lazy("Ngày hẹn thay đổi"),
        gettext_lazy(
            "Ngày hẹn trả kết quả của hồ sơ %(code)s được tính lại vì lịch làm việc của cơ quan hoặc quy định thay "
            "đổi. Giấy hẹn mới có trong hồ sơ của bạn."
        ),
        more={
            "due": gettext_lazy("Ngày hẹn cũ: %(due)s."),
            "new_due": gettext_lazy("Ngày hẹn mới: %(new_due)s."),
        },
        while_in=frozenset(OPEN),
    ),
    "term_extended": Event(
        gettext_lazy("Thời hạn dài hơn"),
        gettext_lazy(
            "Phần bạn bổ sung cho hồ sơ %(code)s thuộc trường hợp luật cho thời hạn dài hơn, nên ngày hẹn trả kết quả "
            "được tính lại. Lý do và giấy hẹn mới có trong hồ sơ của bạn."
        ),
        more={
            "due": gettext_lazy("Ngày hẹn cũ: %(due)s."),
            "new_due": gettext_lazy("Ngày hẹn mới: %(new_due)s."),
        },
        essential=True,
        while_in=frozenset(OPEN),
    ),
    "attachment_quarantined": Event(
        gettext_lazy("Tệp có vi-rút"),
        gettext_lazy(
            "Một tệp bạn gửi trong hồ sơ %(code)s có vi-rút nên đã được cách ly, không ai mở và không dùng được. Nếu "
            "đang bổ sung, bạn gửi tệp khác thay vào; nếu không, cơ quan sẽ hỏi bạn khi cần giấy tờ đó."
        ),
        while_in=frozenset(OPEN),
    ),
    "issued": Event(
        gettext_lazy("Đã cấp"),
        gettext_lazy("Hồ sơ %(code)s đã có kết quả. Mở hồ sơ để nhận Phiếu."),
        RESULT,
        essential=True,
    ),
    "refused": Event(
        gettext_lazy("Không tiếp nhận"),
        gettext_lazy(
            "Hồ sơ %(code)s không được tiếp nhận. Mở hồ sơ để xem căn cứ và cách khiếu nại nếu bạn không đồng ý."
        ),
        RESULT,
        essential=True,
    ),
    "stopped": Event(
        gettext_lazy("Dừng xử lý"),
        gettext_lazy("Hồ sơ %(code)s đã dừng xử lý. Mở hồ sơ để xem lý do."),
        RESULT,
        essential=True,
    ),
    "withdrawn": Event(gettext_lazy("Đã rút"), gettext_lazy("Hồ sơ %(code)s đã rút theo yêu cầu của bạn.")),
    "payment_asked": Event(
        gettext_lazy("Cần nộp phí"),
        gettext_lazy("Hồ sơ %(code)s chờ bạn nộp phí. Hồ sơ được tiếp nhận sau khi nộp phí."),
        TO_DO,
        {"pay_by": _PAY_BY},
        while_in=_UNPAID,
    ),
    "payment_reminder": Event(
        gettext_lazy("Nhắc nộp phí"),
        gettext_lazy("Hồ sơ %(code)s vẫn chờ bạn nộp phí. Quá hạn mà chưa nộp thì hồ sơ dừng xử lý."),
        TO_DO,
        {"pay_by": _PAY_BY},
        while_in=_UNPAID,
    ),
    "payment_lapsed": Event(
        gettext_lazy("Dừng vì chưa nộp phí"),
        gettext_lazy("Hồ sơ %(code)s đã dừng xử lý vì chưa nộp phí trong hạn. Cần Phiếu thì bạn gửi yêu cầu mới."),
        RESULT,
        essential=True,
    ),
    "payment_received": Event(gettext_lazy("Đã nhận phí"), gettext_lazy("Đã nhận phí của hồ sơ %(code)s.")),
    "refund": Event(
        gettext_lazy("Hoàn phí"), gettext_lazy("Phí của hồ sơ %(code)s được hoàn. Mở hồ sơ để xem cách nhận lại.")
    ),
    "delivered": Event(gettext_lazy("Đã trả"), gettext_lazy("Kết quả của hồ sơ %(code)s đã được trả.")),
    "complaint_in_work": Event(
        gettext_lazy("Khiếu nại đang được xem xét"),
        gettext_lazy("Cơ quan đang xem xét khiếu nại, phản ánh của bạn về hồ sơ %(code)s."),
    ),
    "complaint_answered": Event(
        gettext_lazy("Đã trả lời khiếu nại"),
        gettext_lazy("Cơ quan đã trả lời khiếu nại, phản ánh của bạn về hồ sơ %(code)s. Mở hồ sơ để xem."),
    ),
    "certificate_replaced": Event(
        gettext_lazy("Thay Phiếu"),
        gettext_lazy(
            "Phiếu của hồ sơ %(code)s đã được thay bằng Phiếu đính chính. Đừng dùng Phiếu cũ: nơi kiểm tra mã sẽ được "
            "báo là không còn giá trị. Mở hồ sơ để xem hồ sơ có Phiếu mới."
        ),
        more={"ended": gettext_lazy("Ngày thay: %(ended)s.")},
        essential=True,
    ),
    "certificate_revoked": Event(
        gettext_lazy("Thu hồi Phiếu"),
        gettext_lazy(
            "Phiếu của hồ sơ %(code)s đã bị thu hồi. Đừng dùng Phiếu này: nơi kiểm tra mã sẽ được báo là đã thu hồi. "
            "Mở hồ sơ để xem lý do và việc cần làm."
        ),
        more={"ended": gettext_lazy("Ngày thu hồi: %(ended)s.")},
        essential=True,
    ),
    "looked_at": Event(
        gettext_lazy("Có người xem hồ sơ"),
        gettext_lazy("Trong tuần qua có người xem hồ sơ %(code)s. Mở hồ sơ để biết cơ quan nào, lúc nào, để làm gì."),
        more={"count": gettext_lazy("Số lần xem: %(count)d.")},
    ),
}


def kept_facts(event: str, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of what the caller knows, only what this event's sentences use, in a form that the row can hold."""
    more = EVENTS[event].more
    return {name: _plain(name, value) for name, value in (facts or {}).items() if name in more}


def _plain(name: str, value: Any) -> Any:
    """A day as its ISO text, a count as a number, a cause by its code; nothing else has a place in a message."""
    if name == "cause":
        return Holder(value).value
    if name == "count":
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return datetime.fromisoformat(value).isoformat()


def in_portal(event: str, code: str, facts: Mapping[str, Any]) -> str:
    """The words for a reader who is signed in, in the language that is active."""
    known = EVENTS[event]
    said = {name: _said(name, value) for name, value in facts.items()}
    sentences = [known.portal, *(known.more[name] for name in known.more if name in facts)]
    return " ".join(str(sentence) % {"code": code, **said} for sentence in sentences)


def _said(name: str, value: Any) -> Any:
    if name == "cause":
        return CAUSES[Holder(value)]
    return value if name == "count" else full_day(datetime.fromisoformat(value))


def outside(event: str, code: str, domain: str, language: str = "vi") -> str:
    """The words that leave the house: whoever holds the phone learns nothing of the dossier."""
    return _in(language, EVENTS[event].outside, code=code, domain=domain)


def _in(language: str, words: Any, **facts: str) -> str:
    with override(language):
        return str(words) % facts


def for_mail(event: str, code: str, domain: str) -> str:
    said = [outside(event, code, domain, language) for language in LANGUAGES]
    foot = [_in(language, MAIL_FOOT, domain=domain) for language in LANGUAGES]
    return "\n\n".join([*said, *foot]) + "\n"


def for_sms(event: str, code: str, domain: str) -> str:
    """Without marks, so that it is one short message on any phone; the hint in English where there is room for it."""
    text = without_marks(outside(event, code, domain))
    return text + SMS_ENGLISH if len(text) + len(SMS_ENGLISH) <= SMS_LENGTH else text


def without_marks(text: str) -> str:
    """“Hồ sơ … Đăng nhập” → “Ho so … Dang nhap”."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def subject(code: str) -> str:
    """Of an e-mail: the same for every event."""
    return " / ".join(_in(language, SUBJECT, code=code) for language in LANGUAGES)


def fingerprint() -> str:
    """What VERSION stands for."""
    with override("vi"):
        words = [
            (
                name,
                str(known.portal),
                str(known.outside),
                sorted((fact, str(said)) for fact, said in known.more.items()),
            )
            for name, known in sorted(EVENTS.items())
        ]
        causes = sorted((holder.value, str(cause)) for holder, cause in CAUSES.items())
    outside_words = [_said_in(language) for language in LANGUAGES]
    return hashlib.sha256(repr((words, causes, outside_words, SMS_ENGLISH)).encode()).hexdigest()[:16]


def _said_in(language: str) -> list[str]:
    """What leaves the house in one language: its English is kept with the message too."""
    with override(language):
        return [str(words) for words in (UPDATE, RESULT, TO_DO, LATE, MAIL_FOOT, SUBJECT)]

"""What a declaration must be before it can be sent: rules V1 to V10, each error naming the field and the remedy. Pure.

Used by the pages, field by field, and by submit, over the whole; so the page, the API and the act never disagree.
A message never repeats a number or a name that was typed.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal.partial_dates import NotADate, first_and_last

OLDEST_AGE = 120
HISTORY_FROM_AGE = 14  # before it nobody is criminally liable (Mẫu 03/2024/LLTP, item 15)
MOST_COPIES = 100
CHILD_BELOW, ELDERLY_FROM = 16, 60
RELATIONS_WITHOUT_MANDATE = {"father", "mother", "spouse", "child"}
PARENTS = {"father", "mother"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
DOCUMENT_PATTERNS = {
    "cccd": (
        re.compile(r"[0-9]{12}"),
        gettext_lazy("Số căn cước phải gồm đúng 12 chữ số; bạn đã nhập %(length)d ký tự."),
    ),
    "cmnd": (
        re.compile(r"[0-9]{9}|[0-9]{12}"),
        gettext_lazy("Số chứng minh nhân dân phải gồm 9 hoặc 12 chữ số; bạn đã nhập %(length)d ký tự."),
    ),
    "passport": (
        re.compile(r"[A-Z0-9]{5,20}"),
        gettext_lazy("Số hộ chiếu chỉ gồm chữ cái và chữ số, từ 5 đến 20 ký tự, ví dụ C1234567."),
    ),
    "other": (re.compile(r".{3,30}"), gettext_lazy("Số giấy tờ cần từ 3 đến 30 ký tự. Hãy nhập đúng như trên giấy.")),
}


class Problem(NamedTuple):
    """One thing to mend: the field's name, a code for programs, and words for people."""

    field: str
    code: str
    message: str


class Stay(NamedTuple):
    """One place lived in. Months are YYYY-MM; an empty `to_month` means until now."""

    from_month: str
    to_month: str


@dataclass(frozen=True)
class Gap:
    """A month or more that no stay covers, between the stays with index `after` and `after + 1`."""

    after: int
    from_month: str
    to_month: str

    @property
    def message(self) -> str:
        if self.from_month == self.to_month:
            return _("Thêm nơi bạn ở trong %(month)s.") % {"month": shown_month(self.from_month)}
        months = {"first": shown_month(self.from_month), "last": shown_month(self.to_month)}
        return _("Thêm nơi bạn ở từ %(first)s đến %(last)s.") % months


def cleaned_text(text: str) -> str:
    """As it is kept: NFC, the letter Ð of old systems made Đ, invisible characters and doubled spaces left out."""
    text = unicodedata.normalize("NFC", text).replace("Ð", "Đ").replace("ð", "đ")
    return " ".join(INVISIBLE.sub("", text).split())


def shown_month(month: str) -> str:
    """“03/2004” for 2004-03."""
    return f"{month[5:]}/{month[:4]}"


def name_problem(name: str) -> str | None:
    """V1: letters, spaces, apostrophe, hyphen, full stop."""
    if not name:
        return _("Nhập họ và tên như trên giấy tờ, ví dụ Nguyễn Văn An.")
    for character in name:
        if unicodedata.category(character)[0] not in "LM" and character not in " '’-.":
            return _("Họ và tên chỉ gồm chữ cái, khoảng trắng và các dấu ' - . Hãy bỏ chữ số và ký hiệu khác.")
    return None


def date_of_birth_problem(text: str, today: date) -> str | None:
    """V2: a day, month or year that exists, not after today, age at most 120."""
    if not text:
        return _("Nhập ngày sinh, ví dụ 27/03/1990.")
    try:
        first = first_and_last(text)[0]
    except NotADate:
        return no_such_day(text)
    if first > today:
        return _("Ngày sinh phải trước hôm nay. Hãy kiểm tra lại năm sinh.")
    if today.year - first.year > OLDEST_AGE:
        return _("Ngày sinh cho thấy tuổi trên 120. Hãy kiểm tra lại năm sinh.")
    return None


def no_such_day(text: str) -> str:
    """Why YYYY-MM-DD is not a day, with the remedy."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if match and 1 <= int(match[2]) <= 12 and int(match[1]) >= 1:
        last = calendar.monthrange(int(match[1]), int(match[2]))[1]
        if int(match[3]) > last:
            facts = {"month": int(match[2]), "year": match[1], "days": last}
            return _("Tháng %(month)s/%(year)s chỉ có %(days)s ngày. Hãy nhập lại ngày sinh.") % facts
    return _("Ngày sinh này không có thật. Nhập ngày, tháng, năm bằng số, ví dụ 27/03/1990.")


def document_problem(kind: str, number: str) -> str | None:
    """V3: the number's shape by kind of document."""
    if not number:
        return _("Nhập số giấy tờ như trên giấy, ví dụ 12 chữ số trên thẻ căn cước.")
    pattern, message = DOCUMENT_PATTERNS.get(kind, DOCUMENT_PATTERNS["other"])
    if pattern.fullmatch(number):
        return None
    return str(message) % {"length": len(number)}


def copies_problem(copies: int | None) -> str | None:
    """V9: at least one."""
    if copies is None or copies < 1:
        return _("Số bản phải từ 1 trở lên.")
    if copies > MOST_COPIES:
        return _("Mỗi lần yêu cầu nhiều nhất %(most)d bản.") % {"most": MOST_COPIES}
    return None


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def fourteenth_birthday_month(date_of_birth: str) -> str:
    """The month from which the residence history is asked for; by the last day that the date may mean."""
    last = first_and_last(date_of_birth)[1]
    return f"{last.year + HISTORY_FROM_AGE:04d}-{last.month:02d}"


def residence_gaps(stays: Sequence[Stay], date_of_birth: str, today: date) -> list[Gap]:
    """V5: months since the 14th birthday that no stay covers. Stays in any order; overlaps are allowed.

    Two stays that share or follow each other by a month leave no gap. Before the 14th birthday nothing is asked.
    """
    start = _month_number(fourteenth_birthday_month(date_of_birth))
    now = today.year * 12 + today.month - 1
    covered_to, gaps = start - 1, []
    ordered = sorted(stays)
    for index, stay in enumerate(ordered):
        first = _month_number(stay.from_month)
        last = _month_number(stay.to_month) if stay.to_month else now
        if first > covered_to + 1 and covered_to + 1 <= now:
            gaps.append(Gap(index - 1, _month_text(covered_to + 1), _month_text(first - 1)))
        covered_to = max(covered_to, last)
    if covered_to < now and start <= now:
        gaps.append(Gap(len(ordered) - 1, _month_text(covered_to + 1), _month_text(now)))
    return gaps


@dataclass(frozen=True)
class Overlap:
    """Months that two stays claim. Often true (registered at one place, staying at another), so only pointed out."""

    first: int
    second: int
    from_month: str
    to_month: str


def residence_overlaps(stays: Sequence[Stay], today: date) -> list[Overlap]:
    """Months in which the declaration has somebody at two places, as pairs of positions in the given order.

    A month that ends one stay and begins the next is a removal and no overlap.
    """
    now = f"{today:%Y-%m}"
    spans = [(stay.from_month, stay.to_month or now) for stay in stays]
    found = []
    for second in range(len(spans)):
        for first in range(second):
            begins = max(spans[first][0], spans[second][0])
            ends = min(spans[first][1], spans[second][1])
            if begins < ends:
                found.append(Overlap(first, second, begins, ends))
    return found


def stay_problem(from_month: str, to_month: str, today: date) -> Problem | None:
    """Whether the months of one stay exist and stand in order."""
    if not MONTH.fullmatch(from_month):
        return Problem("from_month", "month", _("Nhập tháng và năm bắt đầu ở, ví dụ 03 và 2004."))
    if to_month and not MONTH.fullmatch(to_month):
        return Problem("to_month", "month", _("Nhập tháng và năm thôi ở, hoặc để trống nếu vẫn ở đây."))
    if to_month and to_month < from_month:
        return Problem("to_month", "order", _("Tháng thôi ở phải sau tháng bắt đầu ở. Hãy xem lại hai tháng này."))
    if max(from_month, to_month) > f"{today:%Y-%m}":
        return Problem("from_month", "future", _("Tháng này chưa đến. Hãy nhập tháng không sau tháng này."))
    return None


def age_on(date_of_birth: str, day: date) -> int:
    """Full years on a day, by the last day that the date may mean (the younger reading)."""
    born = first_and_last(date_of_birth)[1]
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(date_of_birth: str, day: date, minor_under: int) -> bool:
    """Whether a father or mother asks for this person on that day, by the age that the law sets. Unknown is no."""
    if date_of_birth_problem(date_of_birth, day):
        return False
    return age_on(date_of_birth, day) < minor_under


def has_history(date_of_birth: str, day: date) -> bool:
    """Whether this person is old enough to be asked for places lived in and a record. Unknown is yes."""
    if date_of_birth_problem(date_of_birth, day):
        return True
    return fourteenth_birthday_month(date_of_birth) <= f"{day:%Y-%m}"


def kind_problems(certificate_type: int, purpose: str, purpose_other: str, copies: int | None) -> list[Problem]:
    """V8, V9: what is asked for, and what for."""
    found = []
    if certificate_type not in (1, 2):
        found.append(Problem("certificate_type", "required", _("Chọn loại Phiếu: số 1 hoặc số 2.")))
    if not purpose:
        found.append(Problem("purpose", "required", _("Chọn mục đích yêu cầu cấp Phiếu.")))
    if purpose == "other" and not purpose_other:
        found.append(Problem("purpose_other", "required", _("Ghi rõ mục đích khác là gì.")))
    if message := copies_problem(copies):
        found.append(Problem("copies", "copies", message))
    return found


def delivery_problems(delivery: str, delivery_address: str, phone: str) -> list[Problem]:
    """V10: by post needs an address and a telephone number."""
    if not delivery:
        return [Problem("delivery", "required", _("Chọn cách nhận kết quả."))]
    found = []
    if delivery == "post" and not delivery_address:
        found.append(Problem("delivery_address", "required", _("Nhập địa chỉ để bưu chính giao Phiếu.")))
    if delivery == "post" and not phone:
        found.append(Problem("phone", "required", _("Nhập số điện thoại để bưu chính liên hệ khi giao.")))
    return found


def phone_problem(phone: str) -> str | None:
    """Ten digits from 0, or an international number."""
    if phone and not re.fullmatch(r"0[0-9]{9,10}|\+[0-9]{8,15}", phone):
        return _("Số điện thoại cần 10 chữ số bắt đầu bằng 0, hoặc số quốc tế bắt đầu bằng dấu +.")
    return None


def proxy_problems(
    *,
    certificate_type: int,
    proxy_name: str,
    relation: str,
    mandate_on: date | None,
    date_of_birth: str,
    today: date,
    minor_under: int,
) -> list[Problem]:
    """V6, V7: số 2 never through a proxy but a parent for a minor; a mandate unless close family."""
    if not proxy_name:
        return []
    found = []
    parent_of_minor = relation in PARENTS and is_minor(date_of_birth, today, minor_under)
    if certificate_type == 2 and not parent_of_minor:
        message = _(
            "Phiếu số 2 không được ủy quyền. Chính người đó phải yêu cầu, trừ cha, mẹ của người chưa thành niên."
        )
        found.append(Problem("proxy_name", "no_proxy", message))
    if not relation:
        found.append(Problem("proxy_relation", "required", _("Chọn quan hệ của người nộp với người được cấp Phiếu.")))
    if relation and relation not in RELATIONS_WITHOUT_MANDATE and mandate_on is None:
        found.append(
            Problem("proxy_mandate_on", "mandate", _("Nhập ngày của văn bản ủy quyền đã công chứng, chứng thực."))
        )
    return found


def documents_problems(documents: Iterable[tuple[str, str]]) -> list[Problem]:
    """V3 over all documents; at least one."""
    documents = list(documents)
    if not documents:
        return [
            Problem(
                "identity_documents", "required", _("Nhập ít nhất một giấy tờ: căn cước, chứng minh hoặc hộ chiếu.")
            )
        ]
    return [
        Problem("identity_documents", "number", message)
        for kind, number in documents
        if (message := document_problem(kind, number))
    ]


def residences_problems(stays: Sequence[Stay], date_of_birth: str, today: date) -> list[Problem]:
    """V5 over the whole history."""
    if date_of_birth_problem(date_of_birth, today):
        return []  # without a date of birth nobody can say from when
    found = [problem for stay in stays if (problem := stay_problem(*stay, today))]
    if found:
        return [Problem("residences", problem.code, problem.message) for problem in found]
    return [Problem("residences", "gap", gap.message) for gap in residence_gaps(stays, date_of_birth, today)]


def fee_problems(category: str, date_of_birth: str = "", today: date | None = None) -> list[Problem]:
    """V12: which fee; an age that is claimed must fit the birthday. Papers that prove it: requests/evidence.py."""
    if not category:
        return [Problem("fee_category", "required", _("Chọn mức phí áp dụng cho bạn."))]
    return _age_problems(category, date_of_birth, today)


def _age_problems(category: str, date_of_birth: str, today: date | None) -> list[Problem]:
    if today is None or date_of_birth_problem(date_of_birth, today):
        return []  # the day of birth is a problem of its own
    first, last = first_and_last(date_of_birth)
    if category == "child" and age_on(last.isoformat(), today) >= CHILD_BELOW:
        words = _("Mức này cho trẻ em dưới %(age)d tuổi. Hãy chọn mức khác.") % {"age": CHILD_BELOW}
        return [Problem("fee_category", "age", words)]
    if category == "elderly" and age_on(first.isoformat(), today) < ELDERLY_FROM:
        words = _("Mức này cho người từ đủ %(age)d tuổi. Hãy chọn mức khác.") % {"age": ELDERLY_FROM}
        return [Problem("fee_category", "age", words)]
    return []

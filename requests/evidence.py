"""Which papers a declaration needs, why, and what is still missing (V7, V12; TTHC of 2024, domain 2.5). Pure.

Nothing is asked that the office can see for itself: of one's own request filed here, no copy of the identity card
(it is compared with the population database); of a child or an old person's exemption, no proof of age.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests import rules
from requests.rules import Problem

MANDATE, RELATION, BIRTH, FEE = "mandate", "proof_of_relation", "birth_certificate", "fee_proof"
IDENTITY, WRITTEN_REQUEST = "identity_copy", "agency_request"
FIELD = "papers"
# Age is in the declaration; the office sees it there (Luật Trẻ em, Luật Người cao tuổi).
CATEGORIES_WITH_PROOF = {
    "pupil",
    "student",
    "merit",
    "martyr_family",
    "disabled",
    "poor",
    "disadvantaged_area",
    "digital_citizen",
}
PROOFS = {
    "pupil": gettext_lazy("Thẻ học sinh hoặc giấy xác nhận của trường."),
    "student": gettext_lazy("Thẻ sinh viên hoặc giấy xác nhận của trường."),
    "merit": gettext_lazy("Giấy xác nhận người có công với cách mạng."),
    "martyr_family": gettext_lazy("Giấy chứng nhận thân nhân liệt sỹ."),
    "disabled": gettext_lazy("Giấy xác nhận khuyết tật."),
    "poor": gettext_lazy("Giấy chứng nhận hộ nghèo."),
    "disadvantaged_area": gettext_lazy("Giấy tờ cho thấy nơi cư trú thuộc xã được miễn phí."),
    "digital_citizen": gettext_lazy("Ảnh màn hình tài khoản định danh mức 2 với các giấy tờ đã tích hợp."),
}


@dataclass(frozen=True)
class Need:
    """One kind of paper that this case needs. `at_counter`: the law lets the original be shown at the counter later.

    `stops`: without the paper, and without the promise where that is allowed, the request may not be sent.
    """

    kind: str
    why: str
    at_counter: bool
    stops: bool


def needed(
    *,
    online: bool,
    proxy_name: str,
    relation: str,
    date_of_birth: str,
    fee_category: str,
    today: date,
    minor_under: int,
    by_agency: bool = False,
) -> list[Need]:
    """What this case needs, in the order in which it is asked for; nothing for a plain request of one's own.

    `minor_under` is the age below which the law of the day lets a father or mother ask for the child.
    """
    if by_agency:
        why = _("Cơ quan, tổ chức yêu cầu bằng văn bản; giữ bản chụp cùng hồ sơ.")
        return [Need(WRITTEN_REQUEST, why, at_counter=True, stops=False)]
    found = []
    minor = rules.is_minor(date_of_birth, today, minor_under)
    if proxy_name and relation and relation not in rules.RELATIONS_WITHOUT_MANDATE:
        why = _("Người được ủy quyền phải có văn bản ủy quyền đã công chứng hoặc chứng thực.")
        # At a counter the clerk has the original in hand; online there is nothing else that shows it.
        found.append(Need(MANDATE, why, at_counter=not online, stops=True))
    elif proxy_name and minor and relation in rules.PARENTS:
        why = _("Cha, mẹ yêu cầu cho con chưa đủ %(age)d tuổi kèm giấy khai sinh của con.") % {"age": minor_under}
        found.append(Need(BIRTH, why, at_counter=True, stops=False))
    elif proxy_name and relation:
        why = _("Cha, mẹ, vợ, chồng, con nộp thay không cần văn bản ủy quyền, chỉ cần giấy tờ chứng minh quan hệ.")
        found.append(Need(RELATION, why, at_counter=True, stops=False))
    if fee_category in CATEGORIES_WITH_PROOF:
        why = _("Bạn chọn mức phí được giảm hoặc miễn. %(proof)s") % {"proof": PROOFS[fee_category]}
        found.append(Need(FEE, why, at_counter=True, stops=True))
    if not online:
        why = _("Bản chụp để đối chiếu với bản chính tại quầy, hoặc bản sao có chứng thực nếu gửi qua bưu chính.")
        found.append(Need(IDENTITY, why, at_counter=True, stops=False))
    return found


def problems(
    needs: list[Need], *, attached: Collection[str], at_counter: Collection[str], infected: int
) -> list[Problem]:
    """What stands between these papers and being sent: kinds of usable files, kinds to be shown, files with a virus."""
    found = [
        Problem(FIELD, "proof", missing(need))
        for need in needs
        if need.stops and need.kind not in attached and not (need.at_counter and need.kind in at_counter)
    ]
    if infected:
        found.append(Problem(FIELD, "quarantined", _("Xóa tệp có vi-rút ở phần giấy tờ, rồi gửi tệp khác nếu cần.")))
    return found


def missing(need: Need) -> str:
    """What to do about a paper that is needed and not there."""
    if need.kind == MANDATE and not need.at_counter:
        return _("Tải lên văn bản ủy quyền đã công chứng hoặc chứng thực.")
    if need.kind == MANDATE:
        return _("Tải lên văn bản ủy quyền, hoặc đánh dấu đã xuất trình tại quầy.")
    return _("Tải lên giấy tờ chứng minh được giảm, miễn phí, hoặc chọn xuất trình tại quầy.")

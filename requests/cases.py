"""The cases of the law: who may ask for whom, for which kind, and where the person lives (Art. 7, 41, 44 to 46). Pure.

One case a declaration (`filed_as`); each finding names the field and the remedy, as in requests/rules.py.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from requests import rules
from requests.rules import Problem

SELF, PROXY, PARENT, AGENCY, PROCEEDINGS_AGENCY = "self", "proxy", "parent", "agency", "proceedings_agency"
# Who they are, and the category of fee that goes with them (Declaration.FiledAs and FeeCategory say the same words).
AGENCIES = frozenset({AGENCY, PROCEEDINGS_AGENCY})
TYPE_OF_AGENCY = {AGENCY: 1, PROCEEDINGS_AGENCY: 2}
# What each kind of agency may ask for (Art. 7, clauses 2 and 3).
PURPOSES_OF_AGENCY = {
    AGENCY: ("personnel", "business", "enterprise"),
    PROCEEDINGS_AGENCY: ("investigation", "prosecution", "trial"),
}
ONLY_OF_AGENCIES = frozenset({"personnel", "enterprise", "investigation", "prosecution", "trial"})
OWN_KNOWLEDGE = "own_knowledge"


def read_from_proxy(proxy_name: str, relation: str, date_of_birth: str, today: date, minor_under: int) -> str:
    """The case that a declaration without `filed_as` means: what programs sent before the field was there."""
    if not proxy_name:
        return SELF
    return PARENT if relation in rules.PARENTS and rules.is_minor(date_of_birth, today, minor_under) else PROXY


def who_asks_problems(declaration: Any, today: date, minor_under: int) -> list[Problem]:
    """Whether this person or agency may ask for this certificate."""
    if declaration.filed_as in AGENCIES:
        return _agency_problems(declaration)
    return [*_person_problems(declaration, today, minor_under), *_kind_problems(declaration)]


def _agency_problems(declaration: Any) -> list[Problem]:
    found = [
        Problem(name, "required", message)
        for name, message in (
            ("agency_name", _("Nhập tên cơ quan, tổ chức yêu cầu như trong văn bản.")),
            ("agency_document_number", _("Nhập số của văn bản yêu cầu, ví dụ 125/CV-TCCB.")),
            ("agency_document_on", _("Nhập ngày của văn bản yêu cầu, ví dụ 15/10/2024.")),
            ("agency_purpose", _("Ghi căn cứ, mục đích nêu trong văn bản yêu cầu.")),
        )
        if not getattr(declaration, name)
    ]
    if declaration.certificate_type != TYPE_OF_AGENCY[declaration.filed_as]:
        message = (
            _("Cơ quan, tổ chức chỉ được yêu cầu Phiếu số 1.")
            if declaration.filed_as == AGENCY
            else _("Cơ quan tiến hành tố tụng yêu cầu Phiếu số 2.")
        )
        found.append(Problem("certificate_type", "agency", message))
    if declaration.purpose and declaration.purpose not in PURPOSES_OF_AGENCY[declaration.filed_as]:
        found.append(Problem("purpose", "agency", _("Chọn một mục đích mà luật cho phép loại cơ quan này.")))
    if declaration.fee_category != declaration.filed_as:
        found.append(Problem("fee_category", "agency", _("Yêu cầu của cơ quan, tổ chức không thu phí.")))
    return found


def _person_problems(declaration: Any, today: date, minor_under: int) -> list[Problem]:
    filed_as, found = declaration.filed_as, []
    if filed_as == SELF and declaration.proxy_name:
        message = _("Đã khai người nộp thay: chọn nộp thay người khác, hoặc bỏ phần người nộp thay.")
        return [Problem("filed_as", "proxy", message)]
    if filed_as in {PROXY, PARENT} and not declaration.proxy_name:
        found.append(Problem("proxy_name", "required", _("Nhập họ và tên của người nộp thay.")))
    if filed_as == PARENT:
        found += parent_problems(declaration.proxy_relation, declaration.date_of_birth, today, minor_under)
    return found + rules.proxy_problems(
        certificate_type=declaration.certificate_type,
        proxy_name=declaration.proxy_name,
        relation=declaration.proxy_relation,
        mandate_on=declaration.proxy_mandate_on,
        date_of_birth=declaration.date_of_birth,
        today=today,
        minor_under=minor_under,
    )


def parent_problems(relation: str, date_of_birth: str, today: date, minor_under: int) -> list[Problem]:
    """Mẫu 04/2024/LLTP: only father or mother, and only while the child is a minor."""
    found = []
    if relation and relation not in rules.PARENTS:
        found.append(Problem("proxy_relation", "parent", _("Chọn cha hoặc mẹ. Người khác thì chọn nộp thay.")))
    if not rules.date_of_birth_problem(date_of_birth, today) and not rules.is_minor(date_of_birth, today, minor_under):
        message = _(
            "Theo ngày sinh này, con bạn đã thành niên nên phải tự yêu cầu, hoặc ủy quyền cho bạn (chỉ với số 1). "
            "Sửa ngày sinh, hoặc chọn lại ở trang “Cho ai”."
        )
        found.append(Problem("date_of_birth", "adult", message))
    return found


def _kind_problems(declaration: Any) -> list[Problem]:
    """Số 2 is for a person to know their own record (Art. 41): nobody may demand it, an employer least of all."""
    found = []
    if declaration.purpose in ONLY_OF_AGENCIES:
        found.append(Problem("purpose", "agency", _("Chọn lại mục đích: mục đích này chỉ dành cho cơ quan, tổ chức.")))
    elif declaration.certificate_type == 2 and declaration.purpose not in {"", OWN_KNOWLEDGE}:
        found.append(Problem("purpose", "own_knowledge", type_2_is_for_oneself()))
    if declaration.fee_category in AGENCIES:
        found.append(Problem("fee_category", "agency", _("Chọn lại mức phí: mức này chỉ dành cho cơ quan, tổ chức.")))
    return found


def type_2_is_for_oneself() -> str:
    return _(
        "Không nơi nào được yêu cầu bạn nộp Phiếu số 2. Chọn số 1, hoặc xác nhận bạn yêu cầu số 2 để tự biết lý lịch "
        "của mình."
    )


def residence_problems(declaration: Any) -> list[Problem]:
    """Whether what is said about where the person lives can be true together (Art. 44)."""
    found = []
    foreigner = declaration.nationality not in {"", "VN"}
    if foreigner and (declaration.lives_abroad or declaration.no_residence):
        message = _("Người nước ngoài chọn đang cư trú tại Việt Nam hoặc đã rời Việt Nam.")
        found.append(Problem("lives_abroad", "foreigner", message))
    if declaration.former_resident_foreigner and declaration.nationality == "VN":
        message = _("Chọn lại nơi đang sống: công dân Việt Nam không chọn đã rời Việt Nam.")
        found.append(Problem("former_resident_foreigner", "citizen", message))
    if declaration.lives_abroad and not declaration.last_province:
        message = _("Chọn tỉnh, thành phố bạn cư trú cuối cùng trước khi ra nước ngoài.")
        found.append(Problem("last_province", "required", message))
    return found

"""Is a declaration complete? The rules of requests/rules.py and requests/cases.py over one declaration and its rows."""

from datetime import date

from django.utils.translation import gettext as _

from lltp_portal.errors import Invalid
from requests import ages, attached, cases, rules
from requests.models import Declaration
from requests.rules import Problem


def problems(declaration: Declaration, today: date) -> list[Problem]:
    """Everything that stands between this declaration and being sent, in the order of the form."""
    found = cases.who_asks_problems(declaration, today, ages.minor_under(today))
    found += rules.kind_problems(
        declaration.certificate_type, declaration.purpose, declaration.purpose_other, declaration.copies
    )
    found += _person(declaration, today)
    found += rules.documents_problems((d.type, d.number) for d in declaration.identity_documents.all())
    found += cases.residence_problems(declaration)
    if history_is_asked(declaration, today):
        stays = [rules.Stay(stay.from_month, stay.to_month) for stay in declaration.residences.all()]
        found += rules.residences_problems(stays, declaration.date_of_birth, today)
    if message := rules.phone_problem(declaration.phone):
        found.append(Problem("phone", "phone", message))
    found += rules.delivery_problems(declaration.delivery, declaration.delivery_address, declaration.phone)
    found += rules.fee_problems(declaration.fee_category, declaration.date_of_birth, today)
    found += attached.problems(declaration, today)
    return _each_once(found)


def history_is_asked(declaration: Declaration, today: date) -> bool:
    """Places lived in are asked of the person, from the age of the law on; an agency cannot know them."""
    return not declaration.by_agency and rules.has_history(declaration.date_of_birth, today)


def _each_once(found: list[Problem]) -> list[Problem]:
    """Two rules may say the same of one field; the reader mends it once."""
    return list({(problem.field, problem.message): problem for problem in found}.values())


def _person(declaration: Declaration, today: date) -> list[Problem]:
    found = []
    if message := rules.name_problem(declaration.full_name):
        found.append(Problem("full_name", "name", message))
    if not declaration.sex:
        found.append(Problem("sex", "required", _("Chọn giới tính.")))
    if message := rules.date_of_birth_problem(declaration.date_of_birth, today):
        found.append(Problem("date_of_birth", "date", message))
    if declaration.place_of_birth_country == "VN" and not declaration.place_of_birth_province:
        found.append(Problem("place_of_birth_province", "required", _("Chọn tỉnh, thành phố nơi sinh.")))
    for name, message in (
        ("place_of_birth_country", _("Chọn quốc gia nơi sinh.")),
        ("nationality", _("Chọn quốc tịch.")),
    ):
        if not getattr(declaration, name):
            found.append(Problem(name, "required", message))
    return found


def demand(declaration: Declaration, today: date) -> None:
    """Raise Invalid, with every problem by field, unless the declaration is complete."""
    found = problems(declaration, today)
    if found:
        fields: dict[str, list[dict[str, str]]] = {}
        for problem in found:
            fields.setdefault(problem.field, []).append({"code": problem.code, "message": problem.message})
        raise Invalid(
            _("Có %(count)d chỗ cần sửa trước khi gửi.") % {"count": len(found)},
            fields=fields,
        )

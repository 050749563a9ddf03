"""Is a declaration complete? The rules of requests/rules.py over one declaration and its rows."""

from datetime import date

from lltp_portal.errors import Invalid
from requests import attached, rules
from requests.models import Declaration
from requests.rules import Problem


def problems(declaration: Declaration, today: date) -> list[Problem]:
    """Everything that stands between this declaration and being sent, in the order of the form."""
    found = rules.kind_problems(
        declaration.certificate_type, declaration.purpose, declaration.purpose_other, declaration.copies
    )
    found += _person(declaration, today)
    found += rules.documents_problems((d.type, d.number) for d in declaration.identity_documents.all())
    stays = [rules.Stay(stay.from_month, stay.to_month) for stay in declaration.residences.all()]
    found += rules.residences_problems(stays, declaration.date_of_birth, today)
    found += rules.proxy_problems(
        certificate_type=declaration.certificate_type,
        proxy_name=declaration.proxy_name,
        relation=declaration.proxy_relation,
        mandate_on=declaration.proxy_mandate_on,
        date_of_birth=declaration.date_of_birth,
        today=today,
    )
    if message := rules.phone_problem(declaration.phone):
        found.append(Problem("phone", "phone", message))
    found += rules.delivery_problems(declaration.delivery, declaration.delivery_address, declaration.phone)
    found += rules.fee_problems(declaration.fee_category, declaration.date_of_birth, today)
    found += attached.problems(declaration, today)
    return found


def _person(declaration: Declaration, today: date) -> list[Problem]:
    found = []
    if message := rules.name_problem(declaration.full_name):
        found.append(Problem("full_name", "name", message))
    if not declaration.sex:
        found.append(Problem("sex", "required", "Chọn giới tính."))
    if message := rules.date_of_birth_problem(declaration.date_of_birth, today):
        found.append(Problem("date_of_birth", "date", message))
    if declaration.place_of_birth_country == "VN" and not declaration.place_of_birth_province:
        found.append(Problem("place_of_birth_province", "required", "Chọn tỉnh, thành phố nơi sinh."))
    for name, words in (("place_of_birth_country", "quốc gia nơi sinh"), ("nationality", "quốc tịch")):
        if not getattr(declaration, name):
            found.append(Problem(name, "required", f"Chọn {words}."))
    return found


def demand(declaration: Declaration, today: date) -> None:
    """Raise Invalid, with every problem by field, unless the declaration is complete."""
    found = problems(declaration, today)
    if found:
        fields: dict[str, list[dict[str, str]]] = {}
        for problem in found:
            fields.setdefault(problem.field, []).append({"code": problem.code, "message": problem.message})
        raise Invalid(f"Có {len(found)} chỗ cần sửa trước khi gửi.", fields=fields)

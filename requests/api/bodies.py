"""What clients send: every field of a declaration by name, and nothing else. Required is what submit demands."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from requests import ages, cases, rules
from requests.actions.filing import ROWS
from requests.api.fields import (
    Choice,
    Day,
    Digits,
    Line,
    Number,
    Strict,
    Text,
    Year,
    YesNo,
    day_of_birth,
    known_country,
    known_province,
    plain_digits,
    today,
)
from requests.models import CertificateRequest, Declaration, DeclaredDocument, DeclaredResidence

Channel = CertificateRequest.Channel
MOST_ROWS = 100


def line(max_length: int, **more: Any) -> Line:
    return Line(max_length=max_length, required=False, **more)


def name() -> Line:
    return line(200, rule=rules.name_problem)


def province() -> Line:
    return line(2, rule=known_province)


def country() -> Line:
    return line(2, rule=known_country)


def year() -> Year:
    return Year(required=False, allow_null=True)


class DocumentBody(Strict):
    """An identity document; the number must have the shape of its kind (V3)."""

    type = Choice(choices=DeclaredDocument.Type.choices)
    number = Digits(max_length=30, allow_blank=False)
    issued_on = Day(required=False, allow_null=True)
    issued_by = line(200)

    def validate(self, attrs):
        if message := rules.document_problem(attrs["type"], attrs["number"]):
            raise serializers.ValidationError({"number": [serializers.ErrorDetail(message, "number")]})
        return attrs


class ResidenceBody(Strict):
    """One stay since the 14th birthday; an empty `to_month` means until now (V5)."""

    from_month = Line(max_length=7, allow_blank=False)
    to_month = line(7)
    kind = Choice(choices=DeclaredResidence.Kind.choices)
    country = country()
    province = province()
    address = Line(max_length=300, allow_blank=False)
    occupation = line(200)
    workplace = line(200)
    military_service = YesNo(required=False)

    def validate(self, attrs):
        months = attrs["from_month"], attrs.get("to_month", "")
        for field, month in zip(("from_month", "to_month"), months, strict=True):
            if not month.isascii():
                message = "Gửi tháng theo dạng YYYY-MM, ví dụ 2004-03."
                raise serializers.ValidationError({field: [serializers.ErrorDetail(message, "month")]})
        if problem := rules.stay_problem(*months, today()):
            raise serializers.ValidationError({problem.field: [serializers.ErrorDetail(problem.message, problem.code)]})
        return attrs


ROW_ERRORS = {
    "not_a_list": "Gửi một danh sách (array).",
    "max_length": "Danh sách này nhiều nhất {max_length} dòng.",
    "null": "Gửi danh sách rỗng khi không có, không gửi null.",
}


class DeclarationBody(Strict):
    """The declaration (Mẫu 03/2024/LLTP). A draft may be incomplete; submit says what is missing."""

    filed_as = Choice(choices=Declaration.FiledAs.choices, required=False)
    certificate_type = Choice(choices=[(1, "Số 1"), (2, "Số 2")], required=False)
    want_ban_info = YesNo(required=False)
    purpose = Choice(choices=Declaration.Purpose.choices, required=False, allow_blank=True)
    purpose_other = line(300)
    procedure_code = line(40)
    receiver = line(200)
    copies = Number(min_value=1, max_value=rules.MOST_COPIES, required=False)

    full_name = name()
    other_names = serializers.ListField(
        child=Line(max_length=200, allow_blank=False, rule=rules.name_problem),
        required=False,
        max_length=MOST_ROWS,
        error_messages=ROW_ERRORS,
    )
    sex = Choice(choices=Declaration.Sex.choices, required=False, allow_blank=True)
    date_of_birth = line(10, rule=day_of_birth)
    place_of_birth_country = country()
    place_of_birth_province = province()
    place_of_birth_district = line(100)
    place_of_birth_ward = line(100)
    place_of_birth = line(300)
    nationality = country()
    ethnicity = line(60)
    former_resident_foreigner = YesNo(required=False)
    identity_documents = DocumentBody(many=True, required=False, max_length=MOST_ROWS, error_messages=ROW_ERRORS)
    residences = ResidenceBody(many=True, required=False, max_length=MOST_ROWS, error_messages=ROW_ERRORS)

    permanent_province = province()
    permanent_district = line(100)
    permanent_ward = line(100)
    permanent_address = line(300)
    temporary_province = province()
    temporary_district = line(100)
    temporary_ward = line(100)
    temporary_address = line(300)

    lives_abroad = YesNo(required=False)
    no_residence = YesNo(required=False)
    last_province = province()
    last_address = line(300)

    father_name = name()
    father_birth_year = year()
    mother_name = name()
    mother_birth_year = year()
    spouse_name = name()
    spouse_birth_year = year()

    phone = Digits(max_length=20, required=False, rule=rules.phone_problem)
    email = serializers.EmailField(
        max_length=254,
        required=False,
        allow_blank=True,
        error_messages={
            "invalid": "Gửi thư điện tử có dạng ten@vi-du.example.",
            "null": "Gửi chuỗi rỗng khi không có, không gửi null.",
            "max_length": "Viết ngắn lại, nhiều nhất {max_length} ký tự.",
        },
    )
    declared_record = Text(max_length=2000, required=False)
    fee_proof = Choice(choices=Declaration.FeeProof.choices, required=False, allow_blank=True)
    fee_category = Choice(choices=Declaration.FeeCategory.choices, required=False, allow_blank=True)
    delivery = Choice(choices=Declaration.Delivery.choices, required=False, allow_blank=True)
    delivery_address = line(300)

    proxy_name = name()
    proxy_sex = Choice(choices=Declaration.Sex.choices, required=False, allow_blank=True)
    proxy_date_of_birth = line(10, rule=day_of_birth)
    proxy_identity_number = Digits(max_length=30, required=False)
    proxy_address = line(300)
    proxy_phone = Digits(max_length=20, required=False, rule=rules.phone_problem)
    proxy_relation = line(20, rule=plain_digits(lambda text: None))
    proxy_mandate_on = Day(required=False, allow_null=True)
    proxy_mandate_place = line(200)

    agency_name = line(200)
    agency_document_number = line(60)
    agency_document_on = Day(required=False, allow_null=True)
    agency_purpose = line(500)

    def validate(self, attrs):
        """Who sends a proxy and not `filed_as` means what it meant before that field was there."""
        if "filed_as" not in attrs and attrs.get("proxy_name"):
            attrs["filed_as"] = cases.read_from_proxy(
                attrs["proxy_name"],
                attrs.get("proxy_relation", ""),
                attrs.get("date_of_birth", ""),
                today(),
                ages.minor_under(today()),
            )
        return attrs


class DraftBody(DeclarationBody):
    """A new draft: the declaration as far as it is known, and how it came in."""

    channel = Choice(choices=Channel.choices, required=False, default=Channel.ONLINE)


class WithdrawBody(Strict):
    """Why it is taken back; may be left out."""

    reason = Text(max_length=1000, required=False)


class SubmitBody(Strict):
    """Nothing; or, for a request entered at the counter, how the person agreed to what was written down."""

    counter_consent = Choice(choices=Declaration.Consent.choices, required=False)


def columns_and_rows(sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Plain fields, and whole lists of rows, as actions.save_declaration takes them."""
    rows = {field: sent[field] for field in ROWS if field in sent}
    if "other_names" in rows:
        rows["other_names"] = [{"name": written} for written in rows["other_names"]]
    return {field: value for field, value in sent.items() if field not in ROWS and field != "channel"}, rows


def empty_declaration() -> dict[str, Any]:
    """What each field is when nobody says anything: a PUT replaces the whole."""
    columns = [field for field in DeclarationBody().fields if field not in ROWS]
    return {
        **{field: Declaration._meta.get_field(field).get_default() for field in columns},
        **{row: [] for row in ROWS},
    }

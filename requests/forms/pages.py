"""The plain pages of the declaration, in the order in which they are asked (Mẫu 12/2024/LLTP, domain 2.2)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from lltp_portal.forms_look import PartsField, plain_digits
from requests import ethnic_groups, identity, rules
from requests.forms.base import BirthYear, Choice, CleanText, Country, DeclarationForm, PersonName, Province, today
from requests.models import Declaration

RELATIONS = (
    ("father", "Cha"),
    ("mother", "Mẹ"),
    ("spouse", "Vợ hoặc chồng"),
    ("child", "Con"),
    ("other", "Người khác, có văn bản ủy quyền"),
)
SHORT_NUMBER = {"inputmode": "numeric", "class": "w-4", "autocomplete": "off"}


class Address(CleanText):
    """An address below the province, in one box."""

    widget = forms.Textarea({"rows": 2, "autocomplete": "street-address"})


def joined(declaration: Declaration, *names: str) -> str:
    """Parts of an address that were filed separately (over the API), in one line as a page shows them."""
    return ", ".join(part for name in names if (part := getattr(declaration, name)))


def option(title: str, text: str):
    """The label of a radio button with a line of explanation."""
    return format_html("<span><b>{}</b> {}</span>", title, text)


class WhoForm(DeclarationForm):
    """For whom: oneself, or somebody who has asked the reader to file (V6, V7)."""

    sometimes = frozenset(
        {
            "proxy_name",
            "proxy_relation",
            "proxy_identity_number",
            "proxy_address",
            "proxy_mandate_on",
            "proxy_mandate_place",
        }
    )

    filing_for = Choice(
        label="Bạn yêu cầu cấp Phiếu cho ai?",
        missing="Chọn bạn yêu cầu cấp Phiếu cho mình hay cho người khác.",
        choices=[("self", "Cho tôi"), ("other", "Cho người khác, tôi nộp thay")],
    )
    proxy_name = PersonName(label="Họ và tên của bạn, người nộp thay")
    proxy_relation = Choice(label="Bạn là gì của người được cấp Phiếu?", choices=RELATIONS, required=False)
    proxy_identity_number = CleanText(label="Số Căn cước hoặc hộ chiếu của bạn", max_length=30)
    proxy_address = CleanText(label="Địa chỉ của bạn", max_length=300)
    proxy_mandate_on = PartsField(
        label="Ngày của văn bản ủy quyền",
        help_text="Chỉ khi bạn không phải cha, mẹ, vợ, chồng, con. Văn bản phải được công chứng hoặc chứng thực.",
        what="văn bản ủy quyền",
        example="15/10/2024",
        required=False,
    )
    proxy_mandate_place = CleanText(label="Nơi công chứng, chứng thực")

    def start(self, declaration: Declaration) -> dict[str, Any]:
        mandate_on = declaration.proxy_mandate_on
        return {
            **super().start(declaration),
            "filing_for": "other" if declaration.proxy_name else "self",
            "proxy_mandate_on": mandate_on.isoformat() if mandate_on else "",
        }

    def clean_proxy_identity_number(self):
        return identity.normalised(self.cleaned_data["proxy_identity_number"])

    def clean_proxy_mandate_on(self):
        return day_not_after_today(self.cleaned_data["proxy_mandate_on"], "Ngày của văn bản ủy quyền")

    def clean(self):
        typed = super().clean()
        if typed.get("filing_for") == "other":
            self._demand_proxy(typed)

    def _demand_proxy(self, typed) -> None:
        if not typed.get("proxy_name") and "proxy_name" not in self.errors:
            self.add_error("proxy_name", forms.ValidationError("Nhập họ và tên của bạn.", code="required"))
        self.add_problems(
            rules.proxy_problems(
                certificate_type=1,  # the kind is asked on the next page, and checked there
                proxy_name=typed.get("proxy_name", ""),
                relation=typed.get("proxy_relation", ""),
                mandate_on=typed.get("proxy_mandate_on"),
                date_of_birth=self.declaration.date_of_birth,
                today=today(),
            )
        )

    def changes(self):
        kept = {name: value for name, value in self.cleaned_data.items() if name != "filing_for"}
        if self.cleaned_data.get("filing_for") == "self":
            kept = {name: None if name == "proxy_mandate_on" else "" for name in self.fields if name != "filing_for"}
        return kept, {}


def day_not_after_today(text: str, what: str):
    """A full day as a date, or None. Raises ValidationError when it is still to come."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if day > today():
        raise forms.ValidationError(f"{what} phải không sau hôm nay. Hãy kiểm tra lại.", code="year")
    return day


class KindForm(DeclarationForm):
    """Which certificate, what for, how many (V8, V9, V14)."""

    sometimes = frozenset({"purpose_other", "want_ban_info"})

    certificate_type = forms.TypedChoiceField(
        label="Bạn cần loại nào?",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (1, option("Số 1", "Xin việc, học tập, thị thực, kinh doanh. Không ghi án tích đã được xóa.")),
            (2, option("Số 2", "Để chính bạn biết đầy đủ. Nơi tuyển dụng không được yêu cầu bạn nộp loại này.")),
        ],
        error_messages={
            "required": "Chọn loại Phiếu: số 1 hoặc số 2.",
            "invalid_choice": "Chọn loại Phiếu: số 1 hoặc số 2.",
        },
    )
    purpose = Choice(
        label="Bạn dùng Phiếu làm gì?",
        missing="Chọn mục đích yêu cầu cấp Phiếu.",
        choices=Declaration.Purpose.choices,
    )
    purpose_other = CleanText(label="Nếu là mục đích khác, ghi rõ", max_length=300)
    copies = forms.CharField(
        label="Số bản",
        help_text="Phí gồm 2 bản. Từ bản thứ 3, mỗi bản thêm 5.000 đ.",
        widget=forms.TextInput(SHORT_NUMBER),
        error_messages={"required": "Nhập số bản, ví dụ 1."},
    )
    want_ban_info = forms.BooleanField(
        label="Xác nhận cả nội dung cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã",
        help_text="Chỉ chọn khi nơi nhận Phiếu cần. Số 2 luôn có nội dung này.",
        required=False,
    )

    def clean_copies(self):
        typed = plain_digits(self.cleaned_data["copies"])
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None
        if message := rules.copies_problem(number):
            raise forms.ValidationError(message, code="copies")
        return number

    def clean(self):
        typed = super().clean()
        if typed.get("purpose") == "other" and not typed.get("purpose_other"):
            self.add_problems(rules.kind_problems(1, "other", "", 1))
        proxy = self.declaration
        if typed.get("certificate_type") == 2 and proxy.proxy_name and proxy.proxy_relation not in rules.PARENTS:
            message = "Người nộp thay chỉ yêu cầu được Phiếu số 1. Chọn số 1, hoặc để chính người đó yêu cầu số 2."
            self.add_error("certificate_type", forms.ValidationError(message, code="no_proxy"))


class PersonForm(DeclarationForm):
    """Who the certificate is about (V1, V2)."""

    sometimes = frozenset({"place_of_birth_province", "former_resident_foreigner"})

    full_name = PersonName(
        label="Họ và tên",
        help_text="Như trên thẻ Căn cước hoặc hộ chiếu, có đủ dấu.",
        missing="Nhập họ và tên như trên giấy tờ, ví dụ Nguyễn Văn An.",
    )
    other_names = forms.CharField(
        label="Tên gọi khác",
        help_text="Tên khác đã dùng, bí danh, pháp danh. Mỗi dòng một tên.",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"spellcheck": "false", "rows": 2}),
        error_messages={"max_length": "Rút gọn tên gọi khác: nhiều nhất 1000 ký tự."},
    )
    sex = Choice(label="Giới tính", missing="Chọn giới tính.", choices=Declaration.Sex.choices)
    date_of_birth = PartsField(
        label="Ngày sinh",
        help_text="Ví dụ 27/03/1990. Nếu giấy tờ chỉ có năm sinh, để trống ngày và tháng.",
        what="ngày sinh",
        example="27/03/1990",
        year_only=True,
    )
    place_of_birth_country = Country(label="Quốc gia nơi sinh", missing="Chọn quốc gia nơi sinh.")
    place_of_birth_province = Province(
        label="Tỉnh, thành phố nơi sinh",
        help_text="Để trống nếu sinh ở nước ngoài. Chọn theo tên tỉnh trước ngày 01/7/2025.",
        required=False,
    )
    place_of_birth = CleanText(
        label="Xã, phường, huyện, quận nơi sinh", help_text="Sinh ở nước ngoài thì ghi địa danh.", max_length=300
    )
    nationality = Country(label="Quốc tịch", missing="Chọn quốc tịch.")
    former_resident_foreigner = forms.BooleanField(
        label="Tôi là người nước ngoài, đã từng cư trú tại Việt Nam và nay không còn ở Việt Nam", required=False
    )
    ethnicity = forms.CharField(
        label="Dân tộc",
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "ethnic-groups", "class": "w-20", "autocomplete": "off"}),
        error_messages={"max_length": "Rút gọn dân tộc: nhiều nhất 60 ký tự."},
    )

    def start(self, declaration: Declaration) -> dict[str, Any]:
        names = declaration.other_names.values_list("name", flat=True)
        whole = joined(declaration, "place_of_birth", "place_of_birth_ward", "place_of_birth_district")
        return {**super().start(declaration), "other_names": "\n".join(names), "place_of_birth": whole}

    @property
    def ethnic_groups(self) -> tuple[str, ...]:
        """What the box for the ethnic group offers while one types."""
        return ethnic_groups.NAMES

    def clean_other_names(self) -> list[str]:
        names = [rules.cleaned_text(line) for line in self.cleaned_data["other_names"].splitlines()]
        names = [name for name in names if name]
        for name in names:
            if len(name) > 200:
                raise forms.ValidationError("Rút gọn tên gọi khác: mỗi tên nhiều nhất 200 ký tự.", code="name")
            if message := rules.name_problem(name):
                raise forms.ValidationError(f"Tên gọi khác: {message}", code="name")
        return names

    def clean_date_of_birth(self) -> str:
        text = self.cleaned_data["date_of_birth"]
        if message := rules.date_of_birth_problem(text, today()):
            raise forms.ValidationError(message, code="year")
        return text

    def clean_ethnicity(self) -> str:
        return rules.cleaned_text(self.cleaned_data["ethnicity"])

    def clean(self):
        typed = super().clean()
        if typed.get("place_of_birth_country") == "VN" and not typed.get("place_of_birth_province"):
            message = "Chọn tỉnh, thành phố nơi sinh."
            self.add_error("place_of_birth_province", forms.ValidationError(message, code="required"))

    def changes(self):
        kept = {**self.cleaned_data, "place_of_birth_ward": "", "place_of_birth_district": ""}
        names = kept.pop("other_names", None)
        return kept, {} if names is None else {"other_names": [{"name": name} for name in names]}


class AddressesForm(DeclarationForm):
    """Permanent and temporary residence: they decide which office is competent."""

    permanent_province = Province(label="Tỉnh, thành phố", required=False)
    permanent_address = Address(label="Số nhà, đường, thôn, xã, phường, huyện, quận", max_length=300)
    temporary_province = Province(label="Tỉnh, thành phố", required=False)
    temporary_address = Address(label="Số nhà, đường, thôn, xã, phường, huyện, quận", max_length=300)
    sometimes = frozenset({"permanent_province", "permanent_address"})

    def start(self, declaration: Declaration) -> dict[str, Any]:
        return {
            **super().start(declaration),
            **{
                f"{kind}_address": joined(declaration, f"{kind}_address", f"{kind}_ward", f"{kind}_district")
                for kind in ("permanent", "temporary")
            },
        }

    def clean(self):
        typed = super().clean()
        for kind, words in (("permanent", "thường trú"), ("temporary", "tạm trú")):
            if typed.get(f"{kind}_address") and not typed.get(f"{kind}_province"):
                message = f"Chọn tỉnh, thành phố {words}, hoặc bỏ trống cả nơi {words}."
                self.add_error(f"{kind}_province", forms.ValidationError(message, code="required"))

    def changes(self):
        parts = [f"{kind}_{part}" for kind in ("permanent", "temporary") for part in ("ward", "district")]
        return {**self.cleaned_data, **dict.fromkeys(parts, "")}, {}


class FamilyForm(DeclarationForm):
    """Father, mother, spouse: they tell people of the same name apart; unknown may stay empty."""

    father_name = PersonName(label="Họ và tên cha")
    father_birth_year = BirthYear(whose="cha")
    mother_name = PersonName(label="Họ và tên mẹ")
    mother_birth_year = BirthYear(whose="mẹ")
    spouse_name = PersonName(label="Họ và tên vợ hoặc chồng")
    spouse_birth_year = BirthYear(whose="vợ hoặc chồng")


class RecordForm(DeclarationForm):
    """What the person says about a record: a statement, never evidence (domain 2.2, no. 16)."""

    declared_record = forms.CharField(
        label="Phần khai về án tích, nội dung bị cấm đảm nhiệm chức vụ",
        help_text="Bản án, năm, tòa án, đã chấp hành xong hay chưa, nếu bạn nhớ. Không có thì để trống.",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": "Rút gọn phần khai: nhiều nhất 2000 ký tự, bạn đã nhập %(show_value)d."},
    )


class ContactForm(DeclarationForm):
    """How to reach the person, and how the result is handed over (V10)."""

    sometimes = frozenset({"delivery_address", "phone"})

    phone = CleanText(
        label="Điện thoại",
        help_text="Để báo khi cần bổ sung và khi có kết quả. Cần có nếu nhận qua bưu chính.",
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "w-10"}),
    )
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": "Nhập thư điện tử có dạng ten@vi-du.example."},
    )
    delivery = Choice(
        label="Bạn nhận kết quả thế nào?", missing="Chọn cách nhận kết quả.", choices=Declaration.Delivery.choices
    )
    delivery_address = CleanText(
        label="Địa chỉ nhận qua bưu chính", help_text="Chỉ khi bạn chọn nhận qua bưu chính.", max_length=300
    )

    def clean_phone(self):
        phone = identity.normalised(self.cleaned_data["phone"])
        phone = "".join(character for character in phone if character not in "()")
        if message := rules.phone_problem(phone):
            raise forms.ValidationError(message, code="phone")
        return phone

    def clean(self):
        typed = super().clean()
        if typed.get("delivery"):
            self.add_problems(
                rules.delivery_problems(typed["delivery"], typed.get("delivery_address", ""), typed.get("phone", ""))
            )

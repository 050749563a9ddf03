"""Who the certificate is about, their family, what they say of a record, how the result is handed over (domain 2.2)."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lltp_portal.forms_look import PartsField
from requests import ages, cases, ethnic_groups, identity, provenance, rules
from requests.forms.base import BirthYear, Choice, CleanText, Country, DeclarationForm, PersonName, Province, today
from requests.models import Declaration

ON_THE_CARD = ("full_name", "sex", "date_of_birth", "nationality")


def joined(declaration: Declaration, *names: str) -> str:
    """Parts of an address that were filed separately (over the API), in one line as a page shows them."""
    return ", ".join(part for name in names if (part := getattr(declaration, name)))


def day_not_after_today(text: str, message: str) -> date | None:
    """A full day as a date, or None. Raises ValidationError when it is still to come."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if day > today():
        raise forms.ValidationError(message, code="year")
    return day


class PersonForm(DeclarationForm):
    """Who the certificate is about (V1, V2)."""

    sometimes = frozenset({"place_of_birth_province"})

    full_name = PersonName(
        label=_("Họ và tên"),
        help_text=_("Như trên thẻ Căn cước hoặc hộ chiếu, có đủ dấu."),
        missing=_("Nhập họ và tên như trên giấy tờ, ví dụ Nguyễn Văn An."),
    )
    other_names = forms.CharField(
        label=_("Tên gọi khác"),
        help_text=_("Tên khác đã dùng, bí danh, pháp danh. Mỗi dòng một tên."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"spellcheck": "false", "rows": 2}),
        error_messages={"max_length": _("Rút gọn tên gọi khác: nhiều nhất 1000 ký tự.")},
    )
    sex = Choice(label=_("Giới tính"), missing=_("Chọn giới tính."), choices=Declaration.Sex.choices)
    date_of_birth = PartsField(
        label=_("Ngày sinh"),
        help_text=_("Ví dụ 27/03/1990. Nếu giấy tờ chỉ có năm sinh, để trống ngày và tháng."),
        what=_("ngày sinh"),
        example="27/03/1990",
        year_only=True,
    )
    place_of_birth_country = Country(label=_("Quốc gia nơi sinh"), missing=_("Chọn quốc gia nơi sinh."))
    place_of_birth_province = Province(
        label=_("Tỉnh, thành phố nơi sinh"),
        help_text=_("Để trống nếu sinh ở nước ngoài. Chọn theo tên tỉnh trước ngày 01/7/2025."),
        required=False,
    )
    place_of_birth = CleanText(
        label=_("Xã, phường, huyện, quận nơi sinh"), help_text=_("Sinh ở nước ngoài thì ghi địa danh."), max_length=300
    )
    nationality = Country(label=_("Quốc tịch"), missing=_("Chọn quốc tịch."))
    ethnicity = forms.CharField(
        label=_("Dân tộc"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "ethnic-groups", "class": "w-20"}),
        error_messages={"max_length": _("Rút gọn dân tộc: nhiều nhất 60 ký tự.")},
    )

    read_from_card = forms.BooleanField(
        label=_("Đọc từ thẻ Căn cước hoặc hộ chiếu của người đến quầy"),
        help_text=_("Họ tên, giới tính, ngày sinh, quốc tịch sẽ ghi nguồn này kèm giờ."),
        required=False,
    )

    def fit(self, declaration: Declaration) -> None:
        """Only a clerk reads a card; somebody who files for another is told whose name is meant."""
        if declaration.request.account_id is not None or declaration.by_agency:
            del self.fields["read_from_card"]
        if declaration.filed_as == cases.PARENT:
            self.fields["full_name"].label = _("Họ và tên của con")
        elif declaration.filed_as == cases.PROXY:
            self.fields["full_name"].label = _("Họ và tên người được cấp Phiếu")

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
                raise forms.ValidationError(_("Rút gọn tên gọi khác: mỗi tên nhiều nhất 200 ký tự."), code="name")
            if message := rules.name_problem(name):
                raise forms.ValidationError(_("Tên gọi khác: %(problem)s"), code="name", params={"problem": message})
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
        if self.declaration.filed_as == cases.PARENT and typed.get("date_of_birth"):
            self.add_problems(cases.parent_problems("", typed["date_of_birth"], today(), ages.minor_under(today())))
        if typed.get("place_of_birth_country") == "VN" and not typed.get("place_of_birth_province"):
            message = _("Chọn tỉnh, thành phố nơi sinh.")
            self.add_error("place_of_birth_province", forms.ValidationError(message, code="required"))

    def sources(self, now: datetime) -> dict[str, dict[str, str]]:
        if not self.cleaned_data.get("read_from_card"):
            return {}
        return dict.fromkeys(ON_THE_CARD, provenance.stamp(provenance.COUNTER, now))

    def changes(self):
        """A foreigner has no ethnic group of Viet Nam; whose nationality changes, lives elsewhere by other rules."""
        kept = {**self.cleaned_data, "place_of_birth_ward": "", "place_of_birth_district": ""}
        names = kept.pop("other_names", None)
        kept.pop("read_from_card", None)
        if kept.get("nationality", "VN") not in {"", "VN"}:
            kept["ethnicity"] = ""
        return kept, {} if names is None else {"other_names": [{"name": name} for name in names]}


class FamilyForm(DeclarationForm):
    """Father, mother, spouse: they tell people of the same name apart; unknown may stay empty."""

    father_name = PersonName(label=_("Họ và tên cha"))
    father_birth_year = BirthYear(
        label=_("Năm sinh của cha"),
        wrong=_("Nhập năm sinh của cha bằng bốn chữ số, ví dụ 1960."),
        out_of_range=_("Năm sinh của cha phải từ %(first)d đến %(last)d. Hãy kiểm tra lại."),
    )
    mother_name = PersonName(label=_("Họ và tên mẹ"))
    mother_birth_year = BirthYear(
        label=_("Năm sinh của mẹ"),
        wrong=_("Nhập năm sinh của mẹ bằng bốn chữ số, ví dụ 1960."),
        out_of_range=_("Năm sinh của mẹ phải từ %(first)d đến %(last)d. Hãy kiểm tra lại."),
    )
    spouse_name = PersonName(label=_("Họ và tên vợ hoặc chồng"))
    spouse_birth_year = BirthYear(
        label=_("Năm sinh của vợ hoặc chồng"),
        wrong=_("Nhập năm sinh của vợ hoặc chồng bằng bốn chữ số, ví dụ 1960."),
        out_of_range=_("Năm sinh của vợ hoặc chồng phải từ %(first)d đến %(last)d. Hãy kiểm tra lại."),
    )


class RecordForm(DeclarationForm):
    """What the person says about a record: a statement, never evidence (domain 2.2, no. 16)."""

    declared_record = forms.CharField(
        label=_("Phần khai về án tích, nội dung bị cấm đảm nhiệm chức vụ"),
        help_text=_("Bản án, năm, tòa án, đã chấp hành xong hay chưa, nếu bạn nhớ. Không có thì để trống."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": _("Rút gọn phần khai: nhiều nhất 2000 ký tự, bạn đã nhập %(show_value)d.")},
    )


class ContactForm(DeclarationForm):
    """How to reach the person, and how the result is handed over (V10)."""

    sometimes = frozenset({"delivery_address", "phone"})

    phone = CleanText(
        label=_("Điện thoại"),
        help_text=_("Để báo khi cần bổ sung và khi có kết quả. Cần có nếu nhận qua bưu chính."),
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "w-10"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": _("Nhập thư điện tử có dạng ten@vi-du.example.")},
    )
    delivery = Choice(
        label=_("Bạn nhận kết quả thế nào?"), missing=_("Chọn cách nhận kết quả."), choices=Declaration.Delivery.choices
    )
    delivery_address = CleanText(
        label=_("Địa chỉ nhận qua bưu chính"), help_text=_("Chỉ khi bạn chọn nhận qua bưu chính."), max_length=300
    )

    def fit(self, declaration: Declaration) -> None:
        """Who has no account here has nowhere to fetch from: the certificate is handed over or sent."""
        if declaration.request.account_id is None:
            electronic = Declaration.Delivery.ELECTRONIC
            choices = [choice for choice in Declaration.Delivery.choices if choice[0] != electronic]
            self.fields["delivery"].choices = choices

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

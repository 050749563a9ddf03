"""What the pages of a declaration share: text cleaned as it is kept, and fields filled from the draft."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from lltp_portal.forms_look import plain_digits
from requests import countries, policy, provinces, rules
from requests.models import Declaration

NAME_ATTRS = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "words"}


class CleanText(forms.CharField):
    """One line, kept as `rules.cleaned_text` keeps it; an error names the field and the remedy."""

    def __init__(self, *, missing: str = "", **kwargs):
        what = kwargs.get("label", "").lower()
        kwargs.setdefault("required", bool(missing))
        kwargs.setdefault("max_length", 200)
        messages = {
            "required": missing,
            "max_length": f"Rút gọn {what}: nhiều nhất %(limit_value)d ký tự, bạn đã nhập %(show_value)d.",
            "null_characters_not_allowed": f"Nhập lại {what}: có ký tự lạ không đọc được.",
        }
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value):
        return rules.cleaned_text(super().to_python(value))


class PersonName(CleanText):
    """A full name in one field: splitting a Vietnamese name is unreliable (V1)."""

    widget = forms.TextInput(NAME_ATTRS)

    def validate(self, value):
        super().validate(value)
        if value and (message := rules.name_problem(value)):
            raise forms.ValidationError(f"{self.label}: {message}" if not self.required else message, code="name")


class Choice(forms.ChoiceField):
    """One of a few: radio buttons, nothing chosen beforehand."""

    widget = forms.RadioSelect

    def __init__(self, *, missing: str = "", **kwargs):
        what = kwargs.get("label", "").lower().rstrip("?")
        messages = {"required": missing, "invalid_choice": f"Chọn lại {what}: lựa chọn này không có trong danh sách."}
        kwargs.setdefault("required", bool(missing))
        super().__init__(error_messages=messages, **kwargs)


class Province(Choice):
    """A province of the day whose law applies (63 until the merger)."""

    widget = forms.Select

    def __init__(self, **kwargs):
        super().__init__(choices=_province_choices, **kwargs)


class Country(Choice):
    """A country; Viet Nam first."""

    widget = forms.Select

    def __init__(self, **kwargs):
        super().__init__(choices=_country_choices, **kwargs)


class BirthYear(forms.Field):
    """Four digits, or nothing."""

    def __init__(self, *, whose: str, **kwargs):
        self.whose = whose
        widget = forms.TextInput({"inputmode": "numeric", "class": "w-4", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, label=f"Năm sinh của {whose}", **kwargs)

    def to_python(self, value):
        typed = plain_digits(value or "")
        if not typed:
            return None
        this_year = today().year
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            raise forms.ValidationError(f"Nhập năm sinh của {self.whose} bằng bốn chữ số, ví dụ 1960.", code="year")
        if not this_year - 160 <= int(typed) <= this_year:
            raise forms.ValidationError(
                f"Năm sinh của {self.whose} phải từ {this_year - 160} đến {this_year}. Hãy kiểm tra lại.", code="year"
            )
        return int(typed)


def today() -> date:
    """The day in Viet Nam."""
    return timezone.localdate()


def provinces_now() -> list[provinces.Province]:
    """The provinces that the law of today knows, in the order of the Vietnamese alphabet."""
    return sorted(provinces.in_force_on(policy.law_day(timezone.now())), key=lambda row: _sort_key(row.name))


def _sort_key(name: str) -> tuple[int, ...]:
    order = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    return tuple(order.find(letter) for letter in name.lower())


def _province_choices() -> list[tuple[str, str]]:
    offered = [(row.code, provinces.name_to_choose_by(row, today())) for row in provinces_now()]
    return [("", "Chọn tỉnh, thành phố"), *offered]


def _country_choices() -> list[tuple[str, str]]:
    return [("", "Chọn quốc gia"), *countries.all_names().items()]


class DeclarationForm(forms.Form):
    """One page of the declaration. Field names are those of the model; `changes` is what to keep."""

    sometimes: frozenset[str] = frozenset()  # needed in some cases only, so never called optional

    def __init__(self, data=None, *, declaration: Declaration, **kwargs):
        self.declaration = declaration
        super().__init__(data, initial=self.start(declaration), label_suffix="", **kwargs)
        for name in self.sometimes:
            self.fields[name].sometimes = True

    def start(self, declaration: Declaration) -> dict[str, Any]:
        """What the fields show at first: what the draft holds."""
        return {name: getattr(declaration, name) for name in self.base_fields if hasattr(declaration, name)}

    def add_problems(self, problems) -> None:
        """Put the shared rules' findings beside their fields."""
        for problem in problems:
            if problem.field in self.fields and problem.field not in self.errors:
                self.add_error(problem.field, forms.ValidationError(problem.message, code=problem.code))

    @property
    def only_gaps(self) -> bool:
        """Whether nothing typed is wrong; at most something is still missing."""
        return all(error.code == "required" for errors in self.errors.values() for error in errors.as_data())

    def changes(self) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        """(plain fields, lists of rows) for actions.save_declaration."""
        return dict(self.cleaned_data), {}

"""What the pages of a declaration share: text cleaned as it is kept, and fields filled from the draft."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal import languages, provinces
from lltp_portal.forms_look import plain_digits
from requests import countries, policy, provenance, rules
from requests.models import Declaration

NAME_ATTRS = {"rows": 1, "cols": 30, "spellcheck": "false", "autocapitalize": "words"}


LONG_LINE = 200  # a line that may be this long stands in a box that grows, so that all of it shows
_lowered = lazy(lambda label: str(label).lower().rstrip("?"), str)


class CleanText(forms.CharField):
    """One line, kept as `rules.cleaned_text` keeps it; an error names the field and the remedy."""

    def __init__(self, *, missing="", **kwargs):
        what = _lowered(kwargs.get("label", ""))
        kwargs.setdefault("required", bool(missing))
        kwargs.setdefault("max_length", 200)
        if kwargs["max_length"] >= LONG_LINE and type(self).widget is forms.CharField.widget:
            kwargs.setdefault("widget", forms.Textarea({"rows": 1, "cols": 30}))
        too_long = gettext_lazy("Rút gọn {what}: nhiều nhất %(limit_value)d ký tự, bạn đã nhập %(show_value)d.")
        messages = {
            "required": missing,
            "max_length": format_lazy(too_long, what=what),
            "null_characters_not_allowed": format_lazy(
                gettext_lazy("Nhập lại {what}: có ký tự lạ không đọc được."), what=what
            ),
        }
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value):
        return rules.cleaned_text(super().to_python(value))


class PersonName(CleanText):
    """A full name in one field: splitting a Vietnamese name is unreliable (V1). The box grows with the name."""

    widget = forms.Textarea(NAME_ATTRS)

    def validate(self, value):
        super().validate(value)
        if value and (message := rules.name_problem(value)):
            raise forms.ValidationError(f"{self.label}: {message}" if not self.required else message, code="name")


class NamesSelect(forms.Select):
    """A list of names that are Vietnamese on every page: provinces, procedures of the law."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        if languages.is_own(label):
            option["attrs"]["lang"] = settings.LANGUAGE_CODE
        return option


class Choice(forms.ChoiceField):
    """One of a few: radio buttons, nothing chosen beforehand."""

    widget = forms.RadioSelect

    def __init__(self, *, missing="", **kwargs):
        unknown = gettext_lazy("Chọn lại {what}: lựa chọn này không có trong danh sách.")
        messages = {
            "required": missing,
            "invalid_choice": format_lazy(unknown, what=_lowered(kwargs.get("label", ""))),
        }
        kwargs.setdefault("required", bool(missing))
        super().__init__(error_messages=messages, **kwargs)


class Province(Choice):
    """A province of the day whose law applies (63 until the merger)."""

    widget = NamesSelect

    def __init__(self, **kwargs):
        super().__init__(choices=_province_choices, **kwargs)


class Country(Choice):
    """A country; Viet Nam first."""

    widget = forms.Select

    def __init__(self, **kwargs):
        super().__init__(choices=_country_choices, **kwargs)


class BirthYear(forms.Field):
    """Four digits, or nothing. `wrong` and `out_of_range` say the remedy in words of this person."""

    def __init__(self, *, label, wrong, out_of_range, **kwargs):
        self.wrong, self.out_of_range = wrong, out_of_range
        widget = forms.TextInput({"inputmode": "numeric", "class": "w-4"})
        super().__init__(required=False, widget=widget, label=label, **kwargs)

    def to_python(self, value):
        typed = plain_digits(value or "")
        if not typed:
            return None
        this_year = today().year
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            raise forms.ValidationError(self.wrong, code="year")
        if not this_year - 160 <= int(typed) <= this_year:
            raise forms.ValidationError(
                self.out_of_range, code="year", params={"first": this_year - 160, "last": this_year}
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
    return [("", _("Chọn tỉnh, thành phố")), *offered]


def _country_choices() -> list[tuple[str, str]]:
    return [("", _("Chọn quốc gia")), *countries.names_to_choose_by().items()]


def show_sources(fields: dict[str, forms.Field], declaration: Declaration) -> None:
    """Beside each value that nobody typed: where it came from. At a counter the browser offers nobody's name."""
    for name, source in provenance.all_of(declaration).items():
        if name in fields:
            fields[name].source = source
    if declaration.request.account_id is None:
        for field in fields.values():
            field.widget.attrs["autocomplete"] = "off"


class DeclarationForm(forms.Form):
    """One page of the declaration. Field names are those of the model; `changes` is what to keep."""

    sometimes: frozenset[str] = frozenset()  # needed in some cases only, so never called optional

    def __init__(self, data=None, *, declaration: Declaration, **kwargs):
        self.declaration = declaration
        super().__init__(data, initial=self.start(declaration), label_suffix="", **kwargs)
        self.fit(declaration)
        for name in self.sometimes & set(self.fields):
            self.fields[name].sometimes = True
        show_sources(self.fields, declaration)

    def fit(self, declaration: Declaration) -> None:
        """Take out or rename what this case does not need; most pages ask everybody the same."""

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

    def sources(self, now: datetime) -> dict[str, dict[str, str]]:
        """Where values of this page come from that nobody typed, for actions.save_declaration."""
        return {}

    def changes(self) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        """(plain fields, lists of rows) for actions.save_declaration."""
        return dict(self.cleaned_data), {}

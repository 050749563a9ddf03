"""Forms in the portal's look: renderer, fields written in parts, and the list of what has to be corrected."""

import unicodedata
from typing import NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting


class LookRenderer(TemplatesSetting):
    """FORM_RENDERER: label above, hint, error with a bar, then the box. Widgets keep Django's own templates."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"


class Mistake(NamedTuple):
    """One line of the error summary: where the link leads, and the same words as beside the field."""

    target: str
    words: str

    @property
    def href(self) -> str:
        return self.target if self.target.startswith("/") else f"#{self.target}"


def mistakes(*forms_on_page: forms.BaseForm) -> list[Mistake]:
    """Every error of these forms, in the order of the fields, each with the id of the box to go to."""
    return [
        Mistake(_target(form, name, error), words)
        for form in forms_on_page
        for name, errors in _in_page_order(form)
        for error in errors.as_data()
        for words in error.messages
    ]


def _in_page_order(form):
    errors = form.errors
    return [(name, errors[name]) for name in [*form.fields, forms.forms.NON_FIELD_ERRORS] if name in errors]


def _target(form, name, error) -> str:
    if name not in form.fields:
        return "main"
    bound = form[name]
    parts = getattr(bound.field.widget, "part_names", None)
    if parts:
        code = error.code or ""
        return f"{bound.auto_id}_{parts.index(code) if code in parts else 0}"
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def plain_digits(text: str) -> str:
    """A typed number as ASCII digits: full-width digits folded, spaces, dots and dashes dropped."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(character for character in text if character not in " .-–\u00a0\u200b\t")


class PartsWidget(forms.MultiWidget):
    """Two or three short boxes with a label of their own; one legend above them."""

    template_name = "components/_parts.html"
    use_fieldset = True
    labels: dict[str, str] = {}

    def __init__(self, attrs=None):
        boxes = {name: forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}) for name in self.labels}
        self.part_names = list(self.labels)
        self.wrong_part: str | None = None
        super().__init__(boxes, attrs)

    def decompress(self, value):
        """“1990-03-27” → day, month, year, as far as they are known."""
        known = (value or "").split("-")
        by_name = dict(zip(("year", "month", "day"), known, strict=False))
        return [by_name.get(name, "") for name in self.part_names]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, box in zip(self.part_names, context["widget"]["subwidgets"], strict=True):
            box["part"], box["label"] = part, self.labels[part]
            if self.wrong_part not in {None, part}:
                box["attrs"].pop("aria-invalid", None)
        return context


class DayParts(PartsWidget):
    labels = {"day": "Ngày", "month": "Tháng", "year": "Năm"}


class MonthParts(PartsWidget):
    labels = {"month": "Tháng", "year": "Năm"}


class PartsField(forms.Field):
    """A date typed in parts, kept as the text `YYYY[-MM[-DD]]` (decisions 3).

    `what` is how the field is called inside a sentence (“ngày sinh”). An error's code names the part to correct.
    """

    widget = DayParts
    of = "của "  # joins a part to `what`: “tháng của ngày sinh”, “tháng bắt đầu ở”

    def __init__(self, *, what: str, example: str, year_only: bool = False, **kwargs):
        self.what, self.example, self.year_only = what, example, year_only
        kwargs.setdefault("error_messages", {"required": f"Nhập {what}, ví dụ {example}."})
        super().__init__(**kwargs)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            self.widget.wrong_part = error.code if error.code in self.widget.part_names else None
            raise

    def to_python(self, value):
        names = self.widget.part_names
        typed = dict(zip(names, [plain_digits(part or "") for part in value or [""] * len(names)], strict=True))
        if not any(typed.values()):
            return ""
        return self._text(typed)

    def validate(self, value):
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial, data):
        before = initial if isinstance(initial, list) else self.widget.decompress(initial)
        return [part or "" for part in before] != [part or "" for part in data or [""] * len(before)]

    def _text(self, typed: dict[str, str]) -> str:
        year = self._year(typed["year"])
        if self.year_only and not typed["month"] and not typed.get("day"):
            return year
        month = self._part(typed["month"], "month", "tháng", 12)
        if "day" not in typed:
            return f"{year}-{month:02d}"
        day = self._part(typed["day"], "day", "ngày", 31)
        days_in_month = _days_in_month(int(year), month)
        if day > days_in_month:
            raise forms.ValidationError(
                f"Sửa {self.what}: không có ngày {day:02d}/{month:02d}/{year}, tháng {month} năm {year} chỉ có "
                f"{days_in_month} ngày.",
                code="day",
            )
        return f"{year}-{month:02d}-{day:02d}"

    def _year(self, text: str) -> str:
        if not text:
            raise forms.ValidationError(f"Nhập năm {self.of}{self.what}, ví dụ {self.example[-4:]}.", code="year")
        if not (text.isascii() and text.isdigit() and len(text) == 4 and 1850 <= int(text) <= 2200):
            raise forms.ValidationError(
                f"Nhập năm {self.of}{self.what} bằng bốn chữ số, ví dụ {self.example[-4:]}.", code="year"
            )
        return text

    def _part(self, text: str, code: str, word: str, largest: int) -> int:
        if not text:
            example = self.example.split("/")[self.widget.part_names.index(code)]
            raise forms.ValidationError(f"Nhập {word} {self.of}{self.what}, ví dụ {example}.", code=code)
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= largest):
            raise forms.ValidationError(f"Nhập {word} {self.of}{self.what} bằng số từ 1 đến {largest}.", code=code)
        return int(text)


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in {4, 6, 9, 11} else 31

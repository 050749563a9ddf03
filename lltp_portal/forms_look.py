"""Forms in the portal's look: renderer, fields written in parts, and the list of what has to be corrected."""

import unicodedata
from typing import NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal import typed_dates


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
        boxes = {name: forms.TextInput({"inputmode": "numeric"}) for name in self.labels}
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
    labels = {"day": gettext_lazy("Ngày"), "month": gettext_lazy("Tháng"), "year": gettext_lazy("Năm")}


class MonthParts(PartsWidget):
    labels = {"month": gettext_lazy("Tháng"), "year": gettext_lazy("Năm")}


class PartsField(forms.Field):
    """A date typed in parts, kept as the text `YYYY[-MM[-DD]]` (decisions 3).

    `what` is how the field is called inside a sentence (“ngày sinh”). An error's code names the part to correct.
    """

    widget = DayParts

    def __init__(self, *, what, example: str, year_only: bool = False, **kwargs):
        self.what, self.example, self.year_only = what, example, year_only
        missing = lazy(lambda: _("Nhập %(what)s, ví dụ %(example)s.") % {"what": what, "example": example}, str)
        kwargs.setdefault("error_messages", {"required": missing()})
        super().__init__(**kwargs)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            self.widget.wrong_part = error.code if error.code in self.widget.part_names else None
            raise

    def to_python(self, value):
        names = self.widget.part_names
        written = [part or "" for part in value or [""] * len(names)]
        typed = self._in_one_box(written) or dict(zip(names, map(plain_digits, written), strict=True))
        if not any(typed.values()):
            return ""
        return self._text(typed)

    def _in_one_box(self, written: list[str]) -> dict[str, str] | None:
        """A whole date typed or pasted into one of the boxes, the others left empty."""
        filled = [part for part in written if part.strip()]
        found = typed_dates.read(filled[0]) if len(filled) == 1 else None
        if found is None or (found.day and "day" not in self.widget.part_names):
            return None
        return {name: getattr(found, name) for name in self.widget.part_names}

    def validate(self, value):
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial, data):
        """“3” and “03” are one month; what cannot be read is a change."""
        try:
            return self.to_python(data) != (initial or "")
        except forms.ValidationError:
            return True

    def _text(self, typed: dict[str, str]) -> str:
        year = self._year(typed["year"])
        if self.year_only and not typed["month"] and not typed.get("day"):
            return year
        month = self._part(typed["month"], "month", 12)
        if "day" not in typed:
            return f"{year}-{month:02d}"
        day = self._part(typed["day"], "day", 31)
        days_in_month = _days_in_month(int(year), month)
        if day > days_in_month:
            facts = {"what": self.what, "day": f"{day:02d}/{month:02d}/{year}", "days": days_in_month}
            facts |= {"month": month, "year": year}
            raise forms.ValidationError(
                _("Sửa %(what)s: không có ngày %(day)s, tháng %(month)s năm %(year)s chỉ có %(days)s ngày.") % facts,
                code="day",
            )
        return f"{year}-{month:02d}-{day:02d}"

    def _year(self, text: str) -> str:
        facts = {"what": self._of_what(), "example": self.example[-4:]}
        if not text:
            raise forms.ValidationError(_("Nhập năm %(what)s, ví dụ %(example)s.") % facts, code="year")
        if not (text.isascii() and text.isdigit() and len(text) == 4 and 1850 <= int(text) <= 2200):
            message = _("Nhập năm %(what)s bằng bốn chữ số, ví dụ %(example)s.") % facts
            raise forms.ValidationError(message, code="year")
        return text

    def _part(self, text: str, code: str, largest: int) -> int:
        example = self.example.split("/")[self.widget.part_names.index(code)]
        facts = {"what": self._of_what(), "example": example, "largest": largest}
        if not text:
            empty = {
                "day": _("Nhập ngày %(what)s, ví dụ %(example)s."),
                "month": _("Nhập tháng %(what)s, ví dụ %(example)s."),
            }
            raise forms.ValidationError(empty[code] % facts, code=code)
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= largest):
            wrong = {
                "day": _("Nhập ngày %(what)s bằng số từ 1 đến %(largest)d."),
                "month": _("Nhập tháng %(what)s bằng số từ 1 đến %(largest)d."),
            }
            raise forms.ValidationError(wrong[code] % facts, code=code)
        return int(text)

    def _of_what(self) -> str:
        """“tháng của ngày sinh”: joins a part to what the field is called inside a sentence."""
        return _("của %(what)s") % {"what": self.what}


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in {4, 6, 9, 11} else 31

"""What an office's administrator types to add a rule of the office's own."""

from datetime import date

from django import forms

from lltp_portal.forms_look import PartsField, plain_digits
from requests.models import LocalRule
from requests.staff_forms import Line, Words, ground_choice


class Percent(forms.Field):
    """A whole number from 0 to 100; 0 ends a subsidy."""

    widget = forms.TextInput({"inputmode": "numeric", "class": "w-2", "autocomplete": "off"})

    def to_python(self, value):
        typed = plain_digits(value or "").rstrip("%")
        if not typed:
            return 0
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and int(typed) <= 100):
            raise forms.ValidationError("Nhập phần trăm bằng số từ 0 đến 100, ví dụ 50.", code="percent")
        return int(typed)


class LocalRuleForm(forms.Form):
    """Kind, channel, what it says, from when, and on what ground."""

    kind = ground_choice("Loại quy định", "Chọn loại quy định.", LocalRule.Kind.choices)
    channel = ground_choice("Kênh nộp hồ sơ", "Chọn kênh nộp hồ sơ mà quy định áp dụng.", LocalRule.Channel.choices)
    percent = Percent(
        label="Bao nhiêu phần trăm",
        required=False,
        help_text="Hỗ trợ phí: phần trăm phí được hỗ trợ, 0 để thôi. "
        "Hai người đối chiếu: phần trăm hồ sơ phải đối chiếu do hai người quyết định; "
        "họ tên rất phổ biến thì luôn do hai người.",
    )
    text = Words(
        label="Nội dung thông báo",
        max_length=600,
        help_text="Chỉ cho thông báo riêng; người nộp hồ sơ tại đơn vị đọc được. Để trống để thôi thông báo.",
    )
    legal_basis = Line(
        label="Căn cứ",
        missing="Nhập văn bản làm căn cứ, ví dụ Nghị quyết số 05/2026/NQ-HĐND.",
        max_length=300,
    )
    valid_from = PartsField(label="Có hiệu lực từ ngày", what="ngày bắt đầu", example="01/01/2027")
    valid_to = PartsField(label="Đến hết ngày", what="ngày kết thúc", example="31/12/2027", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("percent", "text"):  # one of them, by the kind
            self.fields[name].sometimes = True

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == LocalRule.Kind.SUBSIDY and cleaned.get("text"):
            self.add_error("text", forms.ValidationError("Xóa nội dung thông báo: đây là hỗ trợ phí.", code="unasked"))
        if kind == LocalRule.Kind.NOTICE and cleaned.get("percent"):
            self.add_error("percent", forms.ValidationError("Xóa phần trăm: đây là thông báo riêng.", code="unasked"))
        if kind == LocalRule.Kind.TWO_PEOPLE:
            self._two_people(cleaned)
        return cleaned

    def _two_people(self, cleaned) -> None:
        if cleaned.get("text"):
            self.add_error(
                "text", forms.ValidationError("Xóa nội dung: quy định này chỉ có phần trăm.", code="unasked")
            )
        if cleaned.get("channel") not in (None, LocalRule.Channel.ALL):
            message = "Chọn mọi kênh: việc đối chiếu không theo kênh nộp."
            self.add_error("channel", forms.ValidationError(message, code="channel"))

    def rule(self) -> dict:
        """The arguments of actions.add_local_rule."""
        days = {name: self.cleaned_data[name] for name in ("valid_from", "valid_to")}
        return {
            **self.cleaned_data,
            **{name: date.fromisoformat(text) if text else None for name, text in days.items()},
        }

    def refused(self, fields: dict[str, list[dict[str, str]]]) -> None:
        """Put what the act refused beside its fields."""
        for name, errors in fields.items():
            for error in errors:
                self.add_error(name, forms.ValidationError(error["message"], code=error["code"]))

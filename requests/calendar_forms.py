"""What administrators type about the calendar: a day, and opening hours. Errors name the remedy."""

import re
import unicodedata
from datetime import date, time

from django import forms

from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.working_days import Intervals
from lltp_portal.forms_look import PartsField
from lltp_portal.wording import WEEKDAYS
from requests.staff_forms import Line, ground_choice

KINDS = (
    (SpecialDay.Kind.OFF, "Ngày nghỉ: không tính vào thời hạn"),
    (SpecialDay.Kind.WORKING_SATURDAY, "Ngày làm bù (thứ Bảy, Chủ nhật): tính vào thời hạn"),
    (SpecialDay.Kind.PLAIN, "Ngày thường: bỏ ngày nghỉ hoặc ngày làm bù đang ghi"),
)
TYPED_TIME = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ)\s*(\d{2})?", re.IGNORECASE)


class DayField(PartsField):
    """A whole day, typed in three boxes."""

    def __init__(self, **kwargs):
        super().__init__(what="ngày", example="24/11/2026", **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return date.fromisoformat(text) if text else None


class DayForm(forms.Form):
    day = DayField(label="Ngày")
    kind = ground_choice("Ngày này là", "Chọn ngày này là ngày gì.", KINDS)
    name = Line(
        label="Tên ngày",
        help_text="Người đọc thấy tên này trên giấy hẹn, ví dụ: Nghỉ hoán đổi Quốc khánh.",
        missing="Nhập tên ngày, ví dụ: Nghỉ hoán đổi Quốc khánh.",
        max_length=120,
    )
    source = Line(
        label="Căn cứ",
        help_text="Số và ngày của văn bản, ví dụ: 12729/VPCP-KGVX ngày 25/12/2025.",
        missing="Nhập căn cứ: số và ngày của văn bản.",
        max_length=120,
    )


class TimeField(forms.CharField):
    """A time of day as people write it: 8:00, 08h00, 8 giờ 30."""

    widget = forms.TextInput({"inputmode": "text", "autocomplete": "off", "class": "w-4"})

    def __init__(self, *, what: str, **kwargs):
        self.what = what
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.sometimes = True  # said by the group, not beside every box

    def to_python(self, value):
        text = unicodedata.normalize("NFKC", super().to_python(value)).strip()
        if not text:
            return None
        found = TYPED_TIME.fullmatch(text)
        try:
            return time(int(found[1]), int(found[2] or 0))
        except (TypeError, ValueError):
            raise forms.ValidationError(f"Sửa {self.what}: ghi giờ và phút, ví dụ 08:00.", code="invalid") from None


class HoursForm(forms.Form):
    valid_from = DayField(label="Áp dụng từ ngày", help_text="Các ngày trước đó giữ giờ đang có.")
    weekdays = forms.TypedMultipleChoiceField(
        label="Cho các ngày",
        coerce=int,
        choices=tuple(enumerate((*WEEKDAYS[:5], "Thứ Bảy làm bù", "Chủ nhật làm bù"))),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Chọn ít nhất một ngày trong tuần.",
            "invalid_choice": "Chọn lại: lựa chọn này không có trong danh sách.",
        },
    )
    morning_from = TimeField(label="Sáng, mở cửa", what="giờ mở cửa buổi sáng")
    morning_to = TimeField(label="Sáng, đóng cửa", what="giờ đóng cửa buổi sáng")
    afternoon_from = TimeField(label="Chiều, mở cửa", what="giờ mở cửa buổi chiều")
    afternoon_to = TimeField(label="Chiều, đóng cửa", what="giờ đóng cửa buổi chiều")

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for half, words in (("morning", "buổi sáng"), ("afternoon", "buổi chiều")):
            if (cleaned[f"{half}_from"] is None) != (cleaned[f"{half}_to"] is None):
                missing = f"{half}_from" if cleaned[f"{half}_from"] is None else f"{half}_to"
                self.add_error(missing, f"Nhập đủ giờ mở cửa và đóng cửa {words}, hoặc để trống cả hai.")
        return cleaned

    @property
    def intervals(self) -> Intervals:
        """Morning and afternoon, each where it was given."""
        typed = self.cleaned_data
        halves = ((typed[f"{half}_from"], typed[f"{half}_to"]) for half in ("morning", "afternoon"))
        return tuple((opens, closes) for opens, closes in halves if opens is not None and closes is not None)

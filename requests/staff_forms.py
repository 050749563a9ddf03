"""What clerks and approvers type: reasons the citizen will read, grounds they answer for. Errors name the remedy."""

from datetime import date

from django import forms

from lltp_portal.forms_look import PartsField
from requests import rules
from requests.models import CandidateDecision

LONGEST_REASON = 1800
OTHER = "other"


class Words(forms.CharField):
    """Some lines of free text, cleaned as it is kept; the message says what is missing."""

    widget = forms.Textarea({"rows": 3})

    def __init__(self, *, missing: str = "", **kwargs):
        kwargs.setdefault("max_length", LONGEST_REASON)
        super().__init__(
            required=bool(missing),
            error_messages={
                "required": missing,
                "max_length": "Rút gọn lại: nhiều nhất %(limit_value)d ký tự, bạn đã nhập %(show_value)d.",
                "null_characters_not_allowed": "Nhập lại: có ký tự lạ không đọc được.",
            },
            **kwargs,
        )

    def to_python(self, value):
        lines = (rules.cleaned_text(line) for line in super().to_python(value).splitlines())
        return "\n".join(line for line in lines if line)


class Line(Words):
    """One line of free text."""

    widget = forms.TextInput({"autocomplete": "off"})


def ground_choice(label: str, missing: str, choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": "Chọn lại: lựa chọn này không có trong danh sách."},
        **kwargs,
    )


class NothingForm(forms.Form):
    """A press of a button; the page's version goes with it."""


class ReasonForm(forms.Form):
    """A ground from a list and, where it is asked for, words of one's own; `text()` is what is kept and shown."""

    grounds: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        ground = dict(self.grounds).get(self.cleaned_data["ground"], "")
        kept = "" if self.cleaned_data["ground"] == OTHER else f"{ground}."
        return "\n".join(part for part in (kept, self.cleaned_data["reason"]) if part)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("ground") == OTHER and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", forms.ValidationError("Ghi rõ lý do khác là gì.", code="required"))
        return cleaned


class StopForm(ReasonForm):
    grounds = (
        ("no_answer", "Người yêu cầu không bổ sung trong thời hạn"),
        ("undetermined", "Đã xác minh nhưng không đủ căn cứ để kết luận"),
        ("duplicate", "Trùng với một hồ sơ khác của cùng người"),
        (OTHER, "Lý do khác"),
    )
    ground = ground_choice("Vì sao dừng", "Chọn lý do dừng xử lý.", grounds)
    reason = Words(
        label="Giải thích cho người yêu cầu",
        help_text="Người yêu cầu đọc nguyên văn.",
        missing="Giải thích lý do dừng xử lý để người yêu cầu biết.",
    )


class SearchAgainForm(ReasonForm):
    grounds = (
        ("doubt", "Nghi kết quả tra cứu chưa đủ"),
        ("updated", "Cơ sở dữ liệu trung ương vừa được cập nhật"),
        (OTHER, "Lý do khác"),
    )
    ground = ground_choice("Vì sao tra cứu lại", "Chọn lý do tra cứu lại.", grounds)
    reason = Words(label="Ghi thêm")


class AnswerForm(forms.Form):
    reason = Words(
        label="Nội dung trả lời",
        help_text="Cơ quan nào, số và ngày văn bản, kết luận.",
        missing="Nhập nội dung trả lời của cơ quan được hỏi.",
    )

    def text(self) -> str:
        return self.cleaned_data["reason"]


class LateNoticeForm(forms.Form):
    """The apology as it will be signed: why, and the day that is promised instead."""

    cause_text = Words(
        label="Lý do trễ hẹn",
        help_text="In trên phiếu xin lỗi; người yêu cầu đọc nguyên văn. Không ghi nội dung lý lịch tư pháp.",
        missing="Nhập lý do trễ hẹn để người yêu cầu hiểu.",
        max_length=500,
    )
    appointed_on = PartsField(
        label="Ngày hẹn mới", what="ngày hẹn mới", example="14/12/2026", help_text="Một ngày làm việc bạn giữ được."
    )

    def day(self) -> date:
        return date.fromisoformat(self.cleaned_data["appointed_on"])


class DecisionForm(forms.Form):
    """Is this candidate the applicant, and on what ground."""

    SAME_NUMBER = "Số định danh và họ tên trùng"
    GROUNDS = (
        ("", "Chọn căn cứ"),
        (
            "Đúng người",
            [
                (SAME_NUMBER, SAME_NUMBER),
                ("Số giấy tờ trùng, chỗ khác chỉ do cách ghi", "Số giấy tờ trùng, chỗ khác chỉ do cách ghi"),
                ("Họ tên, ngày sinh và cha mẹ trùng", "Họ tên, ngày sinh và cha mẹ trùng"),
            ],
        ),
        (
            "Không phải",
            [
                ("Số định danh khác", "Số định danh khác"),
                ("Ngày sinh khác", "Ngày sinh khác"),
                ("Cha, mẹ khác", "Cha, mẹ khác"),
                ("Chỉ trùng tên gọi", "Chỉ trùng tên gọi"),
            ],
        ),
        ("Chưa rõ", [("Thiếu thông tin để kết luận", "Thiếu thông tin để kết luận")]),
        (OTHER, "Căn cứ khác, ghi rõ bên dưới"),
    )
    register_id = forms.CharField(widget=forms.HiddenInput, max_length=500)
    findings_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    shown_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = ground_choice(
        "Hồ sơ này có phải của người yêu cầu không?",
        "Chọn một trong ba: đúng người này, không phải, chưa rõ.",
        CandidateDecision.Decision.choices,
    )
    ground = forms.ChoiceField(
        label="Căn cứ",
        choices=GROUNDS,
        error_messages={
            "required": "Chọn căn cứ của quyết định.",
            "invalid_choice": "Chọn lại: căn cứ này không có trong danh sách.",
        },
    )
    note = Line(label="Ghi thêm", max_length=300)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("ground") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", forms.ValidationError("Ghi rõ căn cứ khác là gì.", code="required"))
        return cleaned

    def text(self) -> str:
        """The ground as it is kept."""
        ground, note = self.cleaned_data["ground"], self.cleaned_data["note"]
        return note if ground == OTHER else ". ".join(part for part in (ground, note) if part)


class SettleForm(DecisionForm):
    """A leader decides between two who differ: one way or the other, there is nobody left to ask."""

    decision = ground_choice(
        "Hồ sơ này có phải của người yêu cầu không?",
        "Chọn đúng người này, hoặc không phải.",
        [pair for pair in CandidateDecision.Decision.choices if pair[0] != CandidateDecision.Decision.ASK],
    )


class ReturnForm(forms.Form):
    reason = Words(
        label="Lý do trả lại chuyên viên",
        help_text="Chuyên viên đọc nguyên văn. Nói rõ cần xem lại điều gì.",
        missing="Nhập lý do trả lại để chuyên viên biết cần xem lại điều gì.",
    )

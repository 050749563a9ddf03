"""What a citizen types about a request that was sent: a complaint, feedback, or what is wrong on a certificate."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from requests import rules
from requests.models import Complaint

LONGEST_COMPLAINT, LONGEST_CLAIM = 4000, 2000


class Lines(forms.CharField):
    """Some lines of free text, each cleaned as it is kept."""

    def __init__(self, *, missing, rows: int = 6, **kwargs):
        super().__init__(
            widget=forms.Textarea({"rows": rows}),
            error_messages={
                "required": missing,
                "max_length": _("Rút gọn lại: nhiều nhất %(limit_value)d ký tự, bạn đã nhập %(show_value)d."),
                "null_characters_not_allowed": _("Nhập lại: có ký tự lạ không đọc được."),
            },
            **kwargs,
        )

    def to_python(self, value):
        lines = (rules.cleaned_text(line) for line in super().to_python(value).splitlines())
        return "\n".join(lines).strip()


def _option(title, text):
    return format_html("<span><b>{}</b> {}</span>", title, text)


def _choice(label, missing, choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
        **kwargs,
    )


class ComplaintForm(forms.Form):
    """Khiếu nại, or phản ánh, kiến nghị."""

    kind = _choice(_("Bạn muốn gửi gì?"), _("Chọn khiếu nại, hoặc phản ánh, kiến nghị."), ())
    text = Lines(
        label=_("Nội dung"),
        help_text=_("Việc gì, khi nào, vì sao bạn cho là sai, và bạn đề nghị gì."),
        missing=_("Viết điều bạn muốn chúng tôi xem lại."),
        max_length=LONGEST_COMPLAINT,
        rows=8,
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)
        self.fields["kind"].choices = [
            (
                Complaint.Kind.COMPLAINT,
                _option(
                    _("Khiếu nại"), _("Bạn cho rằng một quyết định, một việc làm với hồ sơ này là trái pháp luật.")
                ),
            ),
            (
                Complaint.Kind.FEEDBACK,
                _option(_("Phản ánh, kiến nghị"), _("Chậm, khó hiểu, thái độ, hoặc góp ý để làm tốt hơn.")),
            ),
        ]


class CorrectionForm(forms.Form):
    """Which part of the certificate is wrong, and how it should read."""

    page = _choice(
        _("Phần nào trên Phiếu có chỗ sai?"),
        _("Chọn phần có chỗ sai trên Phiếu."),
        [
            ("person", _("Họ tên, giới tính, ngày sinh, nơi sinh, quốc tịch")),
            ("documents", _("Số giấy tờ tùy thân")),
            ("addresses", _("Nơi thường trú, tạm trú")),
            ("status", _("Tình trạng án tích hoặc nội dung bị cấm")),
        ],
    )
    what_is_wrong = Lines(
        label=_("Phiếu ghi sai gì, đúng ra là gì?"),
        help_text=_("Ví dụ: Phiếu ghi sinh năm 1989, trên căn cước là 1990."),
        missing=_("Viết Phiếu ghi sai gì và đúng ra là gì."),
        max_length=LONGEST_CLAIM,
        rows=4,
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

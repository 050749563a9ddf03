"""What an intake clerk types about money: whose it is, how it went back, why a fee is another."""

from django import forms

from requests.models import Declaration
from requests.staff_forms import Line, Words


class CashForm(forms.Form):
    """Cash at the counter. The tick is asked for only while an online payment is in doubt."""

    despite_doubt = forms.BooleanField(
        label="Người nộp đã biết và vẫn nộp tiền mặt. Nếu cả hai khoản đều vào, cơ quan hoàn khoản thứ hai.",
        required=False,
    )


class AssignForm(forms.Form):
    number = Line(
        label="Tiền này của hồ sơ nào",
        help_text="Số hồ sơ hoặc mã YC-… của cơ quan bạn.",
        missing="Nhập số hồ sơ hoặc mã YC-….",
        max_length=60,
    )


class ReferenceForm(forms.Form):
    reference = Line(
        label="Số chứng từ hoàn tiền",
        help_text="Ví dụ UNC-0012 hoặc số phiếu chi.",
        missing="Nhập số chứng từ hoàn tiền.",
        max_length=100,
    )


class RefundForm(ReferenceForm):
    amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DismissForm(forms.Form):
    reason = Words(
        label="Vì sao không có khoản tiền này",
        missing="Ghi vì sao không có khoản tiền này, ví dụ: sao kê không có giao dịch.",
        max_length=400,
    )


class ChangeFeeForm(forms.Form):
    category = forms.ChoiceField(
        label="Mức phí áp dụng",
        choices=Declaration.FeeCategory.choices,
        error_messages={"required": "Chọn mức phí áp dụng.", "invalid_choice": "Chọn mức phí trong danh sách."},
    )
    reason = Words(
        label="Lý do",
        help_text="Người yêu cầu đọc nguyên văn.",
        missing="Ghi vì sao áp dụng mức phí khác, người yêu cầu đọc nguyên văn.",
        max_length=400,
    )


class StatementForm(forms.Form):
    file = forms.FileField(
        label="Sao kê ngân hàng (CSV)",
        help_text="Các cột ma_giao_dich, thoi_gian, so_tien, noi_dung; nhiều nhất 1 MB. Nhập lại cùng tệp không sao.",
        error_messages={"required": "Chọn tệp sao kê.", "empty": "Tệp trống. Chọn lại tệp sao kê."},
    )

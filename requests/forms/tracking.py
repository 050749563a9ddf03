"""The two codes of the public tracking page, taken as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "num"}


def _code(**kwargs) -> forms.CharField:
    too_long = _("Mã này dài quá. Nhập lại đúng như in trên giấy.")
    lost = _("Nhập lại mã này: có ký tự lạ không đọc được.")
    messages = {"required": kwargs.pop("missing"), "max_length": too_long, "null_characters_not_allowed": lost}
    return forms.CharField(max_length=80, widget=forms.TextInput(PLAIN), error_messages=messages, **kwargs)


class TrackingForm(forms.Form):
    number = _code(
        label=_("Mã theo dõi"),
        help_text=_("Bắt đầu bằng YC, in trên phiếu theo dõi và giấy tiếp nhận. Nhập số hồ sơ cũng được."),
        missing=_("Nhập mã theo dõi, bắt đầu bằng YC."),
    )
    secret = _code(
        label=_("Mã bí mật"),
        help_text=_("8 chữ và số, in ngay dưới mã theo dõi. Có gạch, có dấu cách hay viết thường đều được."),
        missing=_("Nhập mã bí mật, 8 chữ và số."),
    )

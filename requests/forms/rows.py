"""Entries of the lists of a declaration: one identity document, one place lived in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lltp_portal.forms_look import MonthParts, PartsField
from requests import identity, rules
from requests.forms.base import Choice, CleanText, Country, Province, today
from requests.forms.pages import day_not_after_today
from requests.forms.places import Address
from requests.models import DeclaredDocument, DeclaredResidence


class RowForm(forms.Form):
    """One entry; `cleaned_data` is the row to keep."""

    sometimes: frozenset[str] = frozenset()

    def __init__(self, data=None, *, start: dict[str, Any] | None = None):
        super().__init__(data, initial=start or {}, label_suffix="", empty_permitted=False)
        for name in self.sometimes:
            self.fields[name].sometimes = True

    @property
    def untouched(self) -> bool:
        """Nothing typed: the entry was opened and left as it was."""
        return not self.has_changed()


class DocumentForm(RowForm):
    """A paper that says who somebody is (V3)."""

    type = Choice(label=_("Loại giấy tờ"), missing=_("Chọn loại giấy tờ."), choices=DeclaredDocument.Type.choices)
    number = CleanText(
        label=_("Số"),
        help_text=_("Căn cước gồm 12 chữ số. Có thể dán cả khoảng trắng."),
        missing=_("Nhập số giấy tờ như trên giấy, ví dụ 12 chữ số trên thẻ căn cước."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "w-10"}),
    )
    issued_on = PartsField(label=_("Ngày cấp"), what=_("ngày cấp"), example="27/03/2021", required=False)
    issued_by = CleanText(label=_("Nơi cấp"))

    def clean_issued_on(self):
        return day_not_after_today(
            self.cleaned_data["issued_on"], _("Ngày cấp phải không sau hôm nay. Hãy kiểm tra lại.")
        )

    def clean(self):
        typed = super().clean()
        if typed.get("type") and typed.get("number"):
            typed["number"] = identity.normalised(typed["number"])
            if message := rules.document_problem(typed["type"], typed["number"]):
                self.add_error("number", forms.ValidationError(message, code="number"))
        return typed

    @staticmethod
    def start_from(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "issued_on": row["issued_on"].isoformat() if row["issued_on"] else ""}


class Months(PartsField):
    widget = MonthParts

    def _of_what(self) -> str:
        """“tháng bắt đầu ở”."""
        return str(self.what)


class ResidenceForm(RowForm):
    """One place lived in since the 14th birthday (V5)."""

    sometimes = frozenset({"to_month", "province", "military_service"})
    from_month = Months(
        label=_("Từ tháng nào?"),
        what=_("bắt đầu ở"),
        example="03/2004",
        error_messages={"required": _("Nhập tháng bắt đầu ở, ví dụ 03/2004.")},
    )
    to_month = Months(
        label=_("Đến tháng nào?"),
        help_text=_("Để trống nếu vẫn ở đây."),
        what=_("thôi ở"),
        example="08/2008",
        required=False,
    )
    kind = Choice(
        label=_("Thường trú hay tạm trú?"),
        missing=_("Chọn thường trú hoặc tạm trú."),
        choices=DeclaredResidence.Kind.choices,
    )
    country = Country(label=_("Quốc gia"), missing=_("Chọn quốc gia."), initial="VN")
    province = Province(
        label=_("Tỉnh, thành phố"),
        help_text=_("Để trống nếu ở nước ngoài. Chọn theo tên tỉnh trước ngày 01/7/2025."),
        required=False,
    )
    address = Address(
        label=_("Địa chỉ"), max_length=300, missing=_("Nhập địa chỉ, ví dụ Số 12, phường Quan Hoa, quận Cầu Giấy.")
    )
    occupation = CleanText(label=_("Nghề nghiệp"))
    workplace = CleanText(label=_("Nơi làm việc, học tập"))
    military_service = forms.BooleanField(label=_("Thời gian này đang tại ngũ"), required=False)

    def clean(self):
        typed = super().clean()
        first, last = typed.get("from_month"), typed.get("to_month")
        if first and last is not None and (problem := rules.stay_problem(first, last, today())):
            self.add_error(problem.field, forms.ValidationError(problem.message, code=problem.code))
        if typed.get("country") == "VN" and not typed.get("province") and "province" not in self.errors:
            self.add_error("province", forms.ValidationError(_("Chọn tỉnh, thành phố bạn đã ở."), code="required"))
        return typed

    @staticmethod
    def start_from(row: dict[str, Any]) -> dict[str, Any]:
        return row

"""The fee's page: each category with its amount and the paper that proves it (V12); worked out in the open."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal.wording import dong
from requests import evidence, fee_facts, rules
from requests.fee_breakdown import Breakdown
from requests.forms.base import Choice, DeclarationForm, today
from requests.models import Declaration

# Categories to which the birthday alone gives a right.
BY_AGE = (Declaration.FeeCategory.CHILD, Declaration.FeeCategory.ELDERLY)


class FeeForm(DeclarationForm):
    """Which category, and how it is proved."""

    sometimes = frozenset({"fee_proof"})

    fee_category = Choice(
        label=gettext_lazy("Mức phí nào áp dụng cho bạn?"),
        help_text=gettext_lazy("Số tiền đã gồm số bản bạn chọn. Thuộc nhiều diện thì chọn diện có lợi nhất cho bạn."),
        missing=gettext_lazy("Chọn mức phí áp dụng cho bạn."),
        choices=Declaration.FeeCategory.choices,
    )
    fee_proof = Choice(
        label=gettext_lazy("Bạn chứng minh bằng cách nào?"),
        help_text=gettext_lazy("Chỉ khi bạn chọn mức giảm hoặc miễn cần giấy tờ."),
        choices=Declaration.FeeProof.choices,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        request = self.declaration.request
        self.foreseen = fee_facts.foreseen(request, self.declaration, at=timezone.now())
        self.fields["fee_category"].choices = [
            (category, _option(category, fee, by_age=self._is_of_age_for(category)))
            for category, fee in self.foreseen.items()
        ]

    def _is_of_age_for(self, category: str) -> bool:
        """Whether the declared birthday alone gives a right to this category: nobody should have to find that out."""
        born = self.declaration.date_of_birth
        return category in BY_AGE and bool(born) and not rules.fee_problems(category, born, today())

    @property
    def chosen(self) -> Breakdown | None:
        """How the amount of the category that the draft holds comes about."""
        return self.foreseen.get(self.declaration.fee_category)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        category = typed.get("fee_category", "")
        if category not in evidence.PROOFS:
            typed["fee_proof"] = ""
        elif not typed.get("fee_proof"):
            message = _("Chọn cách chứng minh: tải giấy tờ lên, hoặc xuất trình tại quầy.")
            self.add_error("fee_proof", ValidationError(message, code="required"))
        elif typed["fee_proof"] == Declaration.FeeProof.ATTACHED and not fee_facts.has_proof(self.declaration):
            message = _("Chưa có tệp chứng minh. Tải lên ở trang Giấy tờ kèm theo, hoặc chọn xuất trình tại quầy.")
            self.add_error("fee_proof", ValidationError(message, code="missing_file"))
        self.add_problems(rules.fee_problems(category, self.declaration.date_of_birth, today()))
        return typed


def _option(category: str, fee: Breakdown, *, by_age: bool):
    """“Sinh viên: 100.000 đ” with the paper that is needed, or the right that age gives, below."""
    label = Declaration.FeeCategory(category).label
    proof = evidence.PROOFS.get(category, "")
    needs = _("Cần: %(proof)s") % {"proof": proof} if proof else ""
    if by_age:
        needs = _("Theo ngày sinh đã khai thì được hưởng mức này, không cần giấy tờ.")
    return format_html(
        '<span><b>{}: <span class="num keep">{}</span></b>{}</span>',
        label,
        dong(fee.to_pay),
        f" {needs}" if needs else "",
    )

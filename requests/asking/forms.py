"""What a clerk types to ask, to refuse, to say whose mistake it was, and to answer a complaint."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from requests import filing_pages
from requests.asking.grounds import GROUNDS
from requests.asking.reasons import OWN_WORDS, PAPERS, REASONS, Asked, Reason
from requests.models import Correction
from requests.staff_forms import Line, ReasonForm, Words, ground_choice

LONGEST_DETAIL = 500


@dataclass(frozen=True)
class Choice:
    """One reason as the form shows it: a tick and, where the text needs it, a line for the detail."""

    reason: Reason
    tick: BoundField
    detail: BoundField | None


def _page_title(slug: str) -> str:
    page = filing_pages.BY_SLUG.get(slug)
    return page.title if page else {PAPERS: "Giấy tờ kèm theo"}.get(slug, "Khác")


class SupplementForm(forms.Form):
    """Everything that is missing, in one go: reasons of the register, and words of one's own."""

    reason = Words(label="Nội dung khác, bằng lời của bạn", help_text="Người yêu cầu đọc nguyên văn.")
    reason_page = forms.ChoiceField(
        label="Nội dung khác thuộc trang nào của tờ khai",
        required=False,
        error_messages={"invalid_choice": "Chọn lại: không có trang này."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for reason in REASONS.values():
            self.fields[f"ask_{reason.code}"] = forms.BooleanField(label=reason.title, required=False)
            if reason.needs_detail:
                self.fields[f"detail_{reason.code}"] = Line(
                    label=f"Chi tiết: {reason.title.lower()}", max_length=LONGEST_DETAIL
                )
        pages = [page for page in filing_pages.PAGES if page is not filing_pages.CHECK]
        self.fields["reason_page"].choices = [
            ("", "Trả lời bằng lời"),
            *((page.slug, page.title) for page in pages),
        ]

    def groups(self) -> list[tuple[str, list[Choice]]]:
        """The register by the page of the form that each reason concerns, in the order of the form."""
        found: dict[str, list[Choice]] = {}
        for reason in REASONS.values():
            detail = self[f"detail_{reason.code}"] if reason.needs_detail else None
            found.setdefault(_page_title(reason.page), []).append(Choice(reason, self[f"ask_{reason.code}"], detail))
        return list(found.items())

    def clean(self):
        cleaned = super().clean()
        for reason in REASONS.values():
            name = f"detail_{reason.code}"
            if cleaned.get(name):  # whoever writes the detail means the reason
                cleaned[f"ask_{reason.code}"] = True
            elif cleaned.get(f"ask_{reason.code}") and reason.needs_detail and name not in self.errors:
                self.add_error(name, forms.ValidationError(f"Ghi chi tiết cho mục “{reason.title}”.", code="required"))
        if not self.errors and not self.asked():
            message = "Chọn ít nhất một lý do, hoặc viết nội dung khác cần bổ sung."
            self.add_error("reason", forms.ValidationError(message, code="required"))
        return cleaned

    def asked(self) -> list[Asked]:
        """What would be sent, in the order of the register."""
        typed = self.cleaned_data
        found = [Asked(code, typed.get(f"detail_{code}", "")) for code in REASONS if typed.get(f"ask_{code}")]
        own = typed.get("reason", "")
        return [*found, Asked(OWN_WORDS, own, typed.get("reason_page", ""))] if own else found


class RefuseForm(ReasonForm):
    """Luật Lý lịch tư pháp 2009, Art. 49: the three grounds of the register, and no other."""

    ground = ground_choice(
        "Căn cứ từ chối",
        "Chọn một căn cứ từ chối theo Điều 49.",
        [(ground.code, f"{ground.title} ({ground.legal_basis})") for ground in GROUNDS.values()],
    )
    reason = Words(
        label="Giải thích cho người yêu cầu",
        help_text="Người yêu cầu đọc nguyên văn. Nói rõ thiếu gì, sai gì, và nộp ở đâu nếu khác thẩm quyền.",
        missing="Giải thích căn cứ từ chối để người yêu cầu hiểu.",
    )

    def text(self) -> str:
        return GROUNDS[self.cleaned_data["ground"]].words(self.cleaned_data["reason"])


class FaultForm(forms.Form):
    """Whose mistake an issued certificate shows: the fee of its correction hangs on it."""

    fault = ground_choice(
        "Chỗ sai trên Phiếu là do",
        "Chọn chỗ sai là lỗi của cơ quan hay lỗi khi khai.",
        [
            (Correction.Fault.OFFICE, "Lỗi của cơ quan: không thu phí"),
            (Correction.Fault.APPLICANT, "Lỗi khi khai: thu phí như yêu cầu mới"),
        ],
    )
    reason = Words(
        label="Căn cứ",
        help_text="So tờ khai đã gửi với Phiếu đã cấp. Người yêu cầu đọc nguyên văn.",
        missing="Ghi căn cứ: tờ khai ghi gì, Phiếu in gì.",
    )


class ComplaintAnswerForm(forms.Form):
    answer = Words(
        label="Trả lời",
        help_text="Người gửi đọc nguyên văn. Nêu kết quả xem xét, căn cứ và quyền khiếu nại tiếp.",
        missing="Viết nội dung trả lời.",
        max_length=4000,
    )

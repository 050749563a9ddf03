"""What a clerk types about other agencies: a question, a reason, an answer, a judgment, a decision."""

from datetime import date
from typing import Any

from django import forms

from lltp_portal.forms_look import PartsField, plain_digits
from requests.imposed import LISTS, ImposedForm
from requests.models import Inquiry, InquiryAnswer
from requests.sources import Source
from requests.staff_forms import Line, Words, ground_choice


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class InquiryForm(forms.Form):
    """One letter: to whom, about what, how it is sent."""

    source = forms.ChoiceField(
        label="Hỏi loại cơ quan nào",
        choices=[("", "Chọn loại cơ quan"), *Source.choices],
        error_messages={
            "required": "Chọn loại cơ quan được hỏi.",
            "invalid_choice": "Chọn lại: loại cơ quan này không có trong danh sách.",
        },
    )
    agency = Line(
        label="Tên cơ quan",
        help_text="Ghi đủ tên, ví dụ Tòa án nhân dân huyện Giao Thủy. In trên công văn.",
        missing="Nhập tên cơ quan được hỏi.",
        max_length=200,
    )
    question = Words(label="Hỏi gì", help_text="In nguyên văn trên công văn.", missing="Nhập nội dung hỏi.")
    sent_by = ground_choice("Gửi bằng cách nào", "Chọn cách gửi công văn.", Inquiry.SentBy.choices)
    complicated = forms.BooleanField(label="Việc phức tạp: dùng thời hạn dài hơn của luật", required=False)
    answer_on = PartsField(
        label="Cơ quan đó hẹn trả lời ngày nào?",
        what="ngày hẹn trả lời",
        example="14/12/2026",
        help_text="Nếu ngày này làm hồ sơ trễ hẹn, người yêu cầu được báo ngay.",
        required=False,
    )

    def asked(self) -> dict[str, Any]:
        """The arguments of actions.ask_agency."""
        return self.cleaned_data | {"answer_on": _day(self.cleaned_data["answer_on"])}


class CloseForm(forms.Form):
    reason = Words(
        label="Vì sao thôi hỏi",
        help_text="Nguồn bắt buộc vẫn phải hỏi lại trước khi xác minh.",
        missing="Ghi vì sao thôi hỏi cơ quan này.",
        max_length=500,
    )


class AnswerForm(forms.Form):
    """What the agency's document says; the document itself is sent with the form."""

    outcome = ground_choice(
        "Cơ quan được hỏi trả lời", "Chọn cơ quan được hỏi trả lời thế nào.", InquiryAnswer.Outcome.choices
    )
    document_number = Line(label="Số văn bản trả lời", missing="Nhập số văn bản trả lời.", max_length=60)
    document_on = PartsField(label="Ngày văn bản", what="ngày văn bản", example="14/9/2026")
    received_on = PartsField(label="Nhận được ngày", what="ngày nhận", example="16/9/2026")
    words = Words(
        label="Nội dung trả lời",
        help_text="Chép phần kết luận của văn bản.",
        missing="Ghi nội dung trả lời.",
    )

    def said(self) -> dict[str, Any]:
        """The arguments of actions.record_answer."""
        days = {name: _day(self.cleaned_data[name]) for name in ("document_on", "received_on")}
        return self.cleaned_data | days


class Number(forms.Field):
    """A whole number, typed as text."""

    widget = forms.TextInput({"inputmode": "numeric", "class": "w-2", "autocomplete": "off"})

    def __init__(self, *, most_digits: int = 9, **kwargs: Any):
        self.most_digits = most_digits
        super().__init__(**kwargs)

    def to_python(self, value):
        typed = plain_digits(value or "")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError("Nhập số bằng chữ số, ví dụ 24.", code="number")
        if len(typed) > self.most_digits:
            raise forms.ValidationError(f"Nhập lại: nhiều nhất {self.most_digits} chữ số.", code="number")
        return int(typed)


def _choices(words: dict[str, str], first: str) -> list[tuple[str, str]]:
    return [("", first), *words.items()]


CODES = {"BLHS2015": "Bộ luật Hình sự 2015", "BLHS1999": "Bộ luật Hình sự 1999", "BLHS1985": "Bộ luật Hình sự 1985"}
SEVERITIES = {
    "less_serious": "Ít nghiêm trọng",
    "serious": "Nghiêm trọng",
    "very_serious": "Rất nghiêm trọng",
    "extremely_serious": "Đặc biệt nghiêm trọng",
}
PENALTIES = {
    "imprisonment": "Tù có thời hạn",
    "warning": "Cảnh cáo",
    "fine": "Phạt tiền",
    "non_custodial": "Cải tạo không giam giữ",
    "expulsion": "Trục xuất",
    "life": "Tù chung thân",
    "death_commuted": "Tử hình được giảm xuống chung thân",
    "none": "Miễn hình phạt",
}
YES_NO = (("", "Văn bản không nêu"), ("no", "Không"), ("yes", "Có"))


class ConvictionForm(ImposedForm):
    """One offence of one judgment. What the document does not say stays empty: unknown is not “none”."""

    judgment_number = Line(label="Số bản án", missing="Nhập số bản án, ví dụ 145/2008/HS-ST.", max_length=100)
    judgment_date = PartsField(label="Ngày bản án", what="ngày bản án", example="20/11/2008")
    court = Line(label="Tòa án xét xử", missing="Nhập tên Tòa án.", max_length=200)
    effective_date = PartsField(label="Ngày có hiệu lực", what="ngày có hiệu lực", example="20/12/2008", required=False)
    offence = Line(label="Tội danh", missing="Nhập tội danh như trong bản án.", max_length=300)
    code = forms.ChoiceField(
        label="Bộ luật",
        choices=_choices(CODES, "Chọn bộ luật"),
        error_messages={"required": "Chọn bộ luật áp dụng.", "invalid_choice": "Chọn lại bộ luật."},
    )
    article = Number(label="Điều", error_messages={"required": "Nhập số điều, ví dụ 173."})
    clause = Number(label="Khoản", required=False)
    chapter = Line(label="Chương", help_text="Bằng số La Mã, ví dụ XVI.", max_length=10)
    severity = forms.ChoiceField(
        label="Loại tội phạm", choices=_choices(SEVERITIES, "Văn bản không nêu"), required=False
    )
    negligent = forms.ChoiceField(label="Lỗi vô ý", choices=YES_NO, required=False)
    offence_date = PartsField(label="Ngày phạm tội", what="ngày phạm tội", example="10/03/2008", required=False)
    penalty = forms.ChoiceField(
        label="Hình phạt chính",
        choices=_choices(PENALTIES, "Chọn hình phạt"),
        error_messages={"required": "Chọn hình phạt chính.", "invalid_choice": "Chọn lại hình phạt chính."},
    )
    months = Number(label="Thời hạn (tháng)", required=False)
    suspended = forms.BooleanField(label="Cho hưởng án treo", required=False)
    probation_months = Number(label="Thử thách (tháng)", required=False)
    amount_vnd = Number(label="Số tiền phạt (đồng)", most_digits=15, required=False)
    completed_on = PartsField(
        label="Chấp hành xong hình phạt chính ngày", what="ngày chấp hành xong", example="20/11/2009", required=False
    )

    def __init__(self, data: Any = None, *, one_more: str = "", **kwargs: Any):
        """`one_more`: this list of the page that was sent gets one row more; nothing is checked, nothing is lost."""
        super().__init__(None if one_more else data, **kwargs)
        self.about_judgment = list(self.fields)
        self.add_lists(data, LISTS, one_more=one_more)

    @property
    def of_judgment(self) -> list[forms.BoundField]:
        return [self[name] for name in self.about_judgment]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.clean_lists()
        return cleaned

    def conviction(self) -> dict[str, Any]:
        """The object of the register's file contract; what was left empty is left out, or null where null means so."""
        typed = self.cleaned_data
        offence = _said(
            title=typed["offence"],
            code=typed["code"],
            article=typed["article"],
            clause=typed["clause"],
            chapter=typed["chapter"].upper(),
            severity=typed["severity"],
            negligent={"yes": True, "no": False}.get(typed["negligent"]),
        )
        penalty = _said(kind=typed["penalty"], months=typed["months"], probation_months=typed["probation_months"])
        penalty |= _said(amount_vnd=typed["amount_vnd"]) | {"suspended": typed["suspended"]}
        found = _said(
            judgment_number=typed["judgment_number"],
            court=typed["court"],
            judgment_date=typed["judgment_date"],
            offence=offence,
            main_penalty=penalty,
            effective_date=typed["effective_date"],
            offence_date=typed["offence_date"],
            main_penalty_completed_on=typed["completed_on"],
        )
        found["exempt_from_penalty"] = typed["penalty"] == "none"
        return found | self.imposed()


def _said(**values: Any) -> dict[str, Any]:
    """Only what was said."""
    return {name: value for name, value in values.items() if value not in ("", None)}


class DecideAnswerForm(forms.Form):
    same_person = ground_choice(
        "Thông tin này có phải của người yêu cầu không?",
        "Chọn đúng hoặc không phải người yêu cầu.",
        (
            ("same", "Đúng là người yêu cầu, nội dung đã ghi đúng như văn bản"),
            ("different", "Không phải người yêu cầu"),
        ),
    )
    ground = Words(label="Căn cứ", missing="Ghi căn cứ của quyết định.", max_length=500)

    def decided(self) -> dict[str, Any]:
        """The arguments of actions.decide_answer that a clerk types."""
        return {"same_person": self.cleaned_data["same_person"] == "same", "ground": self.cleaned_data["ground"]}


class ConcludeForm(forms.Form):
    ground = Words(
        label="Căn cứ kết luận",
        help_text="Nêu vì sao kết luận được dù không còn giấy tờ. Lưu cùng trả lời của các cơ quan.",
        missing="Ghi căn cứ kết luận.",
        max_length=1000,
    )


class EarlierForm(forms.Form):
    reason = Words(label="Lý do", missing="Ghi lý do.", max_length=500)

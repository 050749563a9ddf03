"""What people of the register type: reasons they answer for, and a paper as it was sent. Errors name the remedy."""

from typing import Any

from django import forms

from lltp_portal.forms_look import PartsField
from records.incoming import contract
from records.incoming.contract import Information, read_information
from records.reading import Refused
from requests.imposed import ADDITIONAL, LISTS, OBLIGATION_KINDS, ImposedForm
from requests.staff_forms import Line, Words

REASON = "Ghi lý do để người đọc sau này hiểu."
YES_NO_UNKNOWN = (("", "Chưa rõ"), ("no", "Cố ý"), ("yes", "Vô ý"))
SEVERITIES = (
    ("", "Chưa rõ"),
    ("less_serious", "Ít nghiêm trọng"),
    ("serious", "Nghiêm trọng"),
    ("very_serious", "Rất nghiêm trọng"),
    ("extremely_serious", "Đặc biệt nghiêm trọng"),
)
NEW = "new"


def _day(label: str, what: str, *, required: bool = False, **kwargs: Any) -> PartsField:
    return PartsField(label=label, what=what, required=required, **{"example": "14/9/2026"} | kwargs)


def _choice(label: str, choices: Any, missing: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Chọn"), *choices] if missing else choices,
        required=bool(missing),
        error_messages={"required": missing, "invalid_choice": "Chọn lại: lựa chọn này không có trong danh sách."},
    )


def _line(label: str, missing: str = "", **kwargs: Any) -> Line:
    return Line(label=label, missing=missing, max_length=500, **kwargs)


def _count(label: str, missing: str = "") -> forms.IntegerField:
    words = {
        "required": missing,
        "invalid": f"Nhập {label.lower()} bằng chữ số.",
        "min_value": "Nhập số từ 1.",
        "max_value": "Nhập số nhỏ hơn 10.000.",
    }
    return forms.IntegerField(
        label=label, min_value=1, max_value=9999, required=bool(missing), error_messages=words, localize=False
    )


class TurnAwayForm(forms.Form):
    """Refused for good, or back to the sender: never without words."""

    to = forms.ChoiceField(
        label="Xử lý thế nào",
        choices=[("sent_back", "Trả lại nơi gửi để sửa, bổ sung"), ("refused", "Từ chối, không cập nhật")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn trả lại hoặc từ chối.", "invalid_choice": "Chọn lại trong danh sách."},
    )
    turned_reason = Words(label="Lý do", missing="Ghi lý do để nơi gửi biết phải làm gì.", max_length=1000)


class WhomForm(forms.Form):
    """Which person this is. Nothing is chosen beforehand."""

    whom = forms.ChoiceField(
        label="Văn bản này về ai?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Chọn một hồ sơ, hoặc chọn người chưa có trong cơ sở dữ liệu.",
            "invalid_choice": "Chọn lại: hồ sơ này không còn trong danh sách đối chiếu.",
        },
    )
    reason = Words(
        label="Căn cứ",
        help_text="Cần khi còn hồ sơ chưa loại trừ mà chọn người mới, hoặc chọn hồ sơ đã loại trừ.",
        max_length=1000,
    )
    correcting = forms.BooleanField(
        label="Văn bản này thay cho dữ liệu đang có", help_text="Chỉ chọn khi đã đối chiếu hai văn bản.", required=False
    )
    learn = forms.BooleanField(label="Ghi thêm tên gọi, số giấy tờ mà văn bản nêu vào hồ sơ", required=False)

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]):
        super().__init__(data, auto_id="whom_%s", use_required_attribute=False)
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = Words(label="Lý do", missing=REASON, max_length=1000)


class MergeForm(ReasonForm):
    surviving = forms.ChoiceField(
        label="Giữ số hồ sơ nào",
        widget=forms.RadioSelect,
        help_text="Số kia vẫn dẫn đến người này. Tên, số giấy tờ của từng hồ sơ giữ nguyên.",
        error_messages={"required": "Chọn số hồ sơ được giữ.", "invalid_choice": "Chọn lại trong danh sách."},
    )
    field_order = ("surviving", "reason")

    def __init__(self, data: Any = None, *, ids: list[str]):
        super().__init__(data, use_required_attribute=False)
        self.fields["surviving"].choices = [(one, one) for one in ids]  # type: ignore[attr-defined]


class SplitForm(ReasonForm):
    """Which rows are the other person's; choices are positions, shown in words."""

    convictions = forms.MultipleChoiceField(
        label="Tội danh của người kia", required=False, widget=forms.CheckboxSelectMultiple
    )
    bans = forms.MultipleChoiceField(
        label="Quyết định cấm của người kia", required=False, widget=forms.CheckboxSelectMultiple
    )
    identity_documents = forms.MultipleChoiceField(
        label="Số giấy tờ của người kia", required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.ChoiceField(
        label="Họ và tên của người kia",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tên của người kia."},
    )
    year_only = forms.BooleanField(label="Ngày sinh của người kia chưa chắc, chỉ giữ năm sinh", required=False)
    field_order = ("convictions", "bans", "identity_documents", "name", "year_only", "reason")

    def __init__(self, data: Any = None, *, choices: dict[str, list[tuple[str, str]]]):
        super().__init__(data, use_required_attribute=False)
        for name, found in choices.items():
            if found:
                self.fields[name].choices = found  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def positions(self, name: str) -> list[int]:
        return [int(position) for position in self.cleaned_data.get(name, [])]


# --- A paper as it was sent -----------------------------------------------------------------------------------------

_OF_JUDGMENT: dict[str, Any] = {
    "judgment_number": lambda: _line("Số bản án", "Nhập số bản án."),
    "court": lambda: _line("Tòa án đã tuyên", "Nhập tên Tòa án."),
    "judgment_date": lambda: _day("Ngày tuyên án", "ngày tuyên án", required=True),
}
_PENALTIES = [
    ("warning", "Cảnh cáo"),
    ("fine", "Phạt tiền"),
    ("non_custodial", "Cải tạo không giam giữ"),
    ("expulsion", "Trục xuất"),
    ("imprisonment", "Tù có thời hạn"),
    ("life", "Tù chung thân"),
    ("death_commuted", "Tử hình, đã giảm xuống tù chung thân"),
    ("none", "Miễn hình phạt hoặc biện pháp tư pháp"),
]
_FIELDS: dict[str, dict[str, Any]] = {
    contract.JUDGMENT: _OF_JUDGMENT
    | {
        "effective_date": lambda: _day("Ngày có hiệu lực", "ngày có hiệu lực"),
        "offence_date": lambda: _day("Ngày phạm tội", "ngày phạm tội"),
        "title": lambda: _line("Tội danh", "Nhập tội danh."),
        "code": lambda: _choice(
            "Bộ luật Hình sự",
            [(c, c.replace("BLHS", "BLHS ")) for c in ("BLHS2015", "BLHS1999", "BLHS1985")],
            "Chọn Bộ luật Hình sự được áp dụng.",
        ),
        "article": lambda: _count("Điều", "Nhập điều luật, ví dụ 173."),
        "clause": lambda: _count("Khoản"),
        "chapter": lambda: _line("Chương (số La Mã)"),
        "severity": lambda: _choice("Loại tội phạm", SEVERITIES),
        "negligent": lambda: _choice("Lỗi", YES_NO_UNKNOWN),
        "penalty": lambda: _choice("Hình phạt chính", _PENALTIES, "Chọn hình phạt chính."),
        "months": lambda: _count("Thời hạn (tháng)"),
        "suspended": lambda: forms.BooleanField(label="Án treo", required=False),
        "probation_months": lambda: _count("Thời gian thử thách (tháng)"),
    },
    contract.EXECUTION: _OF_JUDGMENT
    | {"effective_date": lambda: _day("Ngày bản án có hiệu lực", "ngày bản án có hiệu lực", required=True)},
    contract.COMPLETION: _OF_JUDGMENT
    | {
        "main_penalty_completed_on": lambda: _day("Chấp hành xong hình phạt chính ngày", "ngày chấp hành xong"),
        "additional_done": lambda: _choice(
            "Hình phạt bổ sung đã chấp hành xong", [("", "Văn bản không nêu"), *ADDITIONAL.kinds]
        ),
        "additional_done_on": lambda: _day(
            "Chấp hành xong hình phạt bổ sung ngày", "ngày chấp hành xong hình phạt bổ sung"
        ),
    },
    contract.PARDON: _OF_JUDGMENT | {"decided_on": lambda: _day("Đặc xá ngày", "ngày đặc xá", required=True)},
    contract.AMNESTY: _OF_JUDGMENT | {"decided_on": lambda: _day("Đại xá ngày", "ngày đại xá", required=True)},
    contract.EXPUNGEMENT: _OF_JUDGMENT
    | {
        "expunged_by": lambda: _choice(
            "Theo",
            [("court_decision", "Quyết định của Tòa án"), ("certificate", "Giấy chứng nhận xóa án tích")],
            "Chọn loại văn bản xóa án tích.",
        ),
        "decided_on": lambda: _day("Xóa án tích ngày", "ngày xóa án tích", required=True),
    },
    contract.ENFORCEMENT: _OF_JUDGMENT
    | {
        "obligation": lambda: _choice(
            "Khoản đã thi hành",
            OBLIGATION_KINDS,
            "Chọn khoản đã thi hành.",
        ),
        "decided_on": lambda: _day("Thi hành xong ngày", "ngày thi hành xong", required=True),
    },
    contract.BAN: {
        "ban_position": lambda: _line("Chức vụ, việc bị cấm"),
        "ban_court": lambda: _line("Tòa án"),
        "decided_on": lambda: _day("Cấm từ ngày", "ngày bắt đầu cấm", required=True),
        "ban_until": lambda: _day("Đến ngày", "ngày hết cấm", help_text="Để trống nếu không thời hạn."),
    },
    contract.IDENTITY: {
        "new_name": lambda: _line("Họ và tên mới"),
        "new_birth": lambda: _day("Ngày sinh mới", "ngày sinh mới", year_only=True),
        "new_number": lambda: _line("Số định danh mới"),
    },
    contract.ANNULMENT: _OF_JUDGMENT,
    contract.PROSECUTION: {
        "prosecuted_on": lambda: _day("Khởi tố ngày", "ngày khởi tố", help_text="Để trống nếu vụ án đã kết thúc.")
    },
}


class EntryForm(ImposedForm):
    """One paper about one person; the fields of its content are those of its kind."""

    number = _line("Số văn bản", "Nhập số văn bản.")
    date = _day("Ngày văn bản", "ngày văn bản", required=True)
    sender = _line("Cơ quan gửi", "Nhập tên cơ quan gửi.")
    full_name = _line("Họ và tên", "Nhập họ và tên như văn bản ghi.")
    date_of_birth = _day(
        "Ngày sinh",
        "ngày sinh",
        required=True,
        year_only=True,
        example="17/05/1980",
        help_text="Chỉ biết năm thì nhập năm.",
    )
    sex = _choice("Giới tính", [("", "Không nêu"), ("male", "Nam"), ("female", "Nữ")])
    identity_number = _line("Số định danh, số giấy tờ")
    father_name = _line("Họ và tên cha")
    mother_name = _line("Họ và tên mẹ")
    document = forms.CharField(
        label="Bản chụp hoặc bản PDF của văn bản",
        required=False,
        widget=forms.FileInput({"accept": "image/*,application/pdf"}),
    )

    def __init__(self, kind: str, data: Any = None, *, one_more: str = ""):
        """`one_more`: this list of the page that was sent gets one row more; nothing is checked, nothing is lost."""
        super().__init__(None if one_more else data, use_required_attribute=False)
        self.kind = kind
        self.of_content = list(_FIELDS[kind])
        for name, make in _FIELDS[kind].items():
            self.fields[name] = make()
        self.add_lists(data, LISTS if kind == contract.JUDGMENT else (), one_more=one_more)

    @property
    def of_paper(self) -> list[Any]:
        return [self[name] for name in ("number", "date", "sender", "document")]

    @property
    def of_person(self) -> list[Any]:
        return [
            self[name]
            for name in ("full_name", "date_of_birth", "sex", "identity_number", "father_name", "mother_name")
        ]

    @property
    def said(self) -> list[Any]:
        return [self[name] for name in self.of_content]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.clean_lists()
        if self.kind == contract.COMPLETION:
            self._clean_completion(cleaned)
        if not self.errors:
            try:
                cleaned["information"] = read_information(_written(self.kind, cleaned, self.imposed()))
            except Refused as refused:
                name = refused.field.split(".")[-1].split("[")[0]
                self.add_error(
                    name if name in self.fields else None, f"{refused.message[:1].upper()}{refused.message[1:]}."
                )
        return cleaned

    def _clean_completion(self, cleaned: dict[str, Any]) -> None:
        """It tells of the main penalty, of an additional one, or of both; a day is the day of something."""
        done, done_on = cleaned.get("additional_done"), cleaned.get("additional_done_on")
        if done and not done_on and "additional_done_on" not in self.errors:
            self.add_error("additional_done_on", "Nhập ngày chấp hành xong hình phạt bổ sung.")
        if done_on and not done:
            self.add_error("additional_done", "Chọn hình phạt bổ sung đã chấp hành xong.")
        if not (done or done_on or cleaned.get("main_penalty_completed_on") or self.errors):
            self.add_error(
                "main_penalty_completed_on",
                "Nhập ngày chấp hành xong hình phạt chính, hoặc chọn hình phạt bổ sung đã chấp hành xong.",
            )

    @property
    def information(self) -> Information:
        found: Information = self.cleaned_data["information"]
        return found


def _written(kind: str, typed: dict[str, Any], imposed: dict[str, Any]) -> dict[str, Any]:
    """What was typed as an object of the contract; what was left empty is absent."""
    about = {
        name: typed[name] for name in ("full_name", "date_of_birth", "sex", "father_name", "mother_name") if typed[name]
    }
    if typed["identity_number"]:
        about["identity_documents"] = [{"type": "cccd", "number": typed["identity_number"]}]
    paper = {name: typed[name] for name in ("number", "date", "sender")}
    return {"kind": kind, **paper, "about": about, "content": _content(kind, typed, imposed)}


def _content(kind: str, typed: dict[str, Any], imposed: dict[str, Any]) -> dict[str, Any]:
    if kind == contract.JUDGMENT:
        return {"convictions": [_conviction(typed) | imposed]}
    said: dict[str, Any] = {}
    if "judgment_number" in typed:
        said["judgment"] = {name: typed[name] for name in _OF_JUDGMENT}
    said |= {name: typed[name] for name in ("effective_date", "main_penalty_completed_on") if typed.get(name)}
    return said | _of_kind(kind, typed)


def _of_kind(kind: str, typed: dict[str, Any]) -> dict[str, Any]:
    decided_on = typed.get("decided_on")
    if kind == contract.COMPLETION and typed["additional_done"]:
        done = {"kind": typed["additional_done"], "completed_on": typed["additional_done_on"]}
        return {"additional_penalties": [done]}
    if kind in (contract.PARDON, contract.AMNESTY):
        return {"date": decided_on}
    if kind == contract.EXPUNGEMENT:
        return {"expungement": {"kind": typed["expunged_by"], "date": decided_on, "reference": typed["number"]}}
    if kind == contract.ENFORCEMENT:
        return {"obligations": [{"kind": typed["obligation"], "fulfilled_on": decided_on}]}
    if kind == contract.BAN:
        found = {"position": typed["ban_position"], "court": typed["ban_court"], "until": typed["ban_until"]}
        ban = {"decision_number": typed["number"], "decision_date": typed["date"], "from": decided_on}
        return {"bans": [ban | {name: value or None for name, value in found.items()}]}
    if kind == contract.IDENTITY:
        number = typed["new_number"]
        found = {"full_name": typed["new_name"], "date_of_birth": typed["new_birth"]}
        documents = {"identity_documents": [{"type": "cccd", "number": number}]} if number else {}
        return {name: value for name, value in found.items() if value} | documents
    if kind == contract.PROSECUTION and typed["prosecuted_on"]:
        return {"pending_prosecution": {"since": typed["prosecuted_on"]}}
    return {}


def _conviction(typed: dict[str, Any]) -> dict[str, Any]:
    offence = {
        name: typed[name] for name in ("title", "code", "article", "clause", "chapter", "severity") if typed[name]
    }
    if typed["negligent"]:
        offence["negligent"] = typed["negligent"] == "yes"
    penalty = {"kind": typed["penalty"], "suspended": typed["suspended"]}
    penalty |= {name: typed[name] for name in ("months", "probation_months") if typed[name]}
    found = {name: typed[name] for name in ("effective_date", "offence_date") if typed[name]}
    return {
        **{name: typed[name] for name in _OF_JUDGMENT},
        **found,
        "offence": offence,
        "main_penalty": penalty,
        **({"exempt_from_penalty": True} if typed["penalty"] == "none" else {}),
    }

"""Who asks, for whom, which kind and what for (domain 1.1, 2.2; rules V6 to V9, V14)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lltp_portal.forms_look import PartsField, plain_digits
from lltp_portal.wording import dong
from requests import ages, cases, identity, policy, procedures, provenance, rules
from requests.forms.base import Choice, CleanText, DeclarationForm, NamesSelect, PersonName, today
from requests.forms.pages import day_not_after_today
from requests.models import Declaration

RELATIONS = (
    ("father", _("Cha")),
    ("mother", _("Mẹ")),
    ("spouse", _("Vợ hoặc chồng")),
    ("child", _("Con")),
    ("other", _("Người khác, có văn bản ủy quyền")),
)
ONLINE_CASES = (
    (cases.SELF, _("Cho tôi")),
    (cases.PARENT, _("Cho con chưa thành niên của tôi")),
    (cases.PROXY, _("Cho người khác, tôi nộp thay")),
)
COUNTER_CASES = (
    (cases.SELF, _("Người có mặt yêu cầu cho chính mình")),
    (cases.PARENT, _("Cha hoặc mẹ có mặt, yêu cầu cho con chưa thành niên")),
    (cases.PROXY, _("Người có mặt nộp thay người khác")),
)
SHORT_NUMBER = {"inputmode": "numeric", "class": "w-4"}


def _option(title, text):
    """The label of a radio button with a line of explanation."""
    return format_html("<span><b>{}</b> {}</span>", title, text)


option = lazy(_option, SafeString)


class WhoForm(DeclarationForm):
    """For whom: oneself, one's child, or somebody who has asked the reader to file (V6, V7)."""

    filed_as = Choice(
        label=_("Bạn yêu cầu cấp Phiếu cho ai?"),
        missing=_("Chọn bạn yêu cầu cấp Phiếu cho mình, cho con hay cho người khác."),
        choices=ONLINE_CASES,
    )
    proxy_name = PersonName(label=_("Họ và tên của bạn, người nộp"))
    proxy_relation = Choice(label=_("Bạn là gì của người được cấp Phiếu?"), choices=RELATIONS, required=False)
    proxy_identity_number = CleanText(label=_("Số Căn cước hoặc hộ chiếu của bạn"), max_length=30)
    proxy_address = CleanText(label=_("Địa chỉ của bạn"), max_length=300)
    proxy_mandate_on = PartsField(
        label=_("Ngày của văn bản ủy quyền"),
        help_text=_("Chỉ khi bạn không phải cha, mẹ, vợ, chồng, con. Văn bản phải được công chứng hoặc chứng thực."),
        what=_("văn bản ủy quyền"),
        example="15/10/2024",
        required=False,
    )
    proxy_mandate_place = CleanText(label=_("Nơi công chứng, chứng thực"))
    sometimes = frozenset(
        {
            "proxy_name",
            "proxy_relation",
            "proxy_identity_number",
            "proxy_address",
            "proxy_mandate_on",
            "proxy_mandate_place",
        }
    )

    def fit(self, declaration: Declaration) -> None:
        """At the counter the clerk answers for who stands there."""
        if declaration.request.account_id is None:
            self.fields["filed_as"].label = _("Ai yêu cầu, cho ai?")
            self.fields["filed_as"].choices = COUNTER_CASES
            self.fields["proxy_name"].label = _("Họ và tên người có mặt")
            self.fields["proxy_relation"].label = _("Người có mặt là gì của người được cấp Phiếu?")
            self.fields["proxy_identity_number"].label = _("Số Căn cước hoặc hộ chiếu của người có mặt")
            self.fields["proxy_address"].label = _("Địa chỉ của người có mặt")

    def start(self, declaration: Declaration) -> dict[str, Any]:
        mandate_on = declaration.proxy_mandate_on
        return {
            **super().start(declaration),
            "filed_as": declaration.filed_as if "who" in declaration.answered or declaration.proxy_name else "",
            "proxy_name": declaration.proxy_name or self._name_of_account(declaration),
            "proxy_mandate_on": mandate_on.isoformat() if mandate_on else "",
        }

    @staticmethod
    def _name_of_account(declaration: Declaration) -> str:
        account = declaration.request.account
        return account.full_name if account else ""

    def sources(self, now: datetime) -> dict[str, dict[str, str]]:
        name = self.cleaned_data.get("proxy_name")
        if (
            self.cleaned_data.get("filed_as") == cases.SELF
            or not name
            or name != self._name_of_account(self.declaration)
        ):
            return {}
        return {"proxy_name": provenance.stamp(provenance.ACCOUNT, now)}

    def clean_proxy_identity_number(self):
        return identity.normalised(self.cleaned_data["proxy_identity_number"])

    def clean_proxy_mandate_on(self):
        message = gettext("Ngày của văn bản ủy quyền phải không sau hôm nay. Hãy kiểm tra lại.")
        return day_not_after_today(self.cleaned_data["proxy_mandate_on"], message)

    def clean(self):
        typed = super().clean()
        if typed.get("filed_as") in {cases.PROXY, cases.PARENT}:
            self._demand_proxy(typed)

    def _demand_proxy(self, typed) -> None:
        if not typed.get("proxy_name") and "proxy_name" not in self.errors:
            message = gettext("Nhập họ và tên của người nộp.")
            self.add_error("proxy_name", forms.ValidationError(message, code="required"))
        relation = typed.get("proxy_relation", "")
        if typed["filed_as"] == cases.PARENT:
            self.add_problems(cases.parent_problems(relation, "", today(), ages.minor_under(today())))
        self.add_problems(
            rules.proxy_problems(
                certificate_type=1,  # the kind is asked on the next page, and checked there
                proxy_name=typed.get("proxy_name") or "-",  # its absence is said above
                relation=relation,
                mandate_on=typed.get("proxy_mandate_on"),
                date_of_birth="",
                today=today(),
                minor_under=ages.minor_under(today()),
            )
        )

    def changes(self):
        kept = dict(self.cleaned_data)
        filed_as = kept.pop("filed_as", "") or self.declaration.filed_as
        if filed_as == cases.SELF:
            kept = {name: None if name == "proxy_mandate_on" else "" for name in kept}
        if kept.get("proxy_relation") in rules.RELATIONS_WITHOUT_MANDATE:
            kept |= {"proxy_mandate_on": None, "proxy_mandate_place": ""}
        corrects = self.declaration.request.corrects_id is not None  # about the person on the Phiếu, whoever files
        others, rows = self._not_about_the_reader() if filed_as != cases.SELF and not corrects else ({}, {})
        return {**others, **kept, "filed_as": filed_as}, rows

    def _not_about_the_reader(self) -> tuple[dict[str, Any], dict[str, list]]:
        """What was filled in beforehand is about the account's owner; a child or another person is somebody else."""
        about_reader = set(self.declaration.prefilled) - {"phone", "email", "proxy_name"}
        lists = {"other_names", "identity_documents", "residences"}
        fields = {name: Declaration._meta.get_field(name).get_default() for name in about_reader - lists}
        return fields, {name: [] for name in about_reader & lists}


class AgencyForm(DeclarationForm):
    """The written request of an agency, as the intake clerk reads it (Art. 7, 45, 46; Mẫu 05a, 05b)."""

    filed_as = Choice(
        label=_("Ai yêu cầu?"),
        missing=_("Chọn loại cơ quan yêu cầu."),
        choices=(
            (
                cases.AGENCY,
                option(
                    _("Cơ quan nhà nước, tổ chức chính trị, tổ chức chính trị - xã hội"),
                    _("Được yêu cầu Phiếu số 1."),
                ),
            ),
            (
                cases.PROCEEDINGS_AGENCY,
                option(_("Cơ quan tiến hành tố tụng"), _("Cơ quan điều tra, viện kiểm sát, tòa án. Phiếu số 2.")),
            ),
        ),
    )
    agency_name = CleanText(
        label=_("Tên cơ quan, tổ chức"), missing=_("Nhập tên cơ quan, tổ chức yêu cầu như trong văn bản.")
    )
    agency_document_number = CleanText(
        label=_("Số văn bản"), missing=_("Nhập số của văn bản yêu cầu, ví dụ 125/CV-TCCB."), max_length=60
    )
    agency_document_on = PartsField(label=_("Ngày văn bản"), what=_("ngày văn bản"), example="15/10/2024")
    purpose = Choice(
        label=_("Mục đích"),
        missing=_("Chọn mục đích của cơ quan yêu cầu."),
        choices=[
            (value, Declaration.Purpose(value).label)
            for values in cases.PURPOSES_OF_AGENCY.values()
            for value in values
        ],
    )
    agency_purpose = CleanText(
        label=_("Căn cứ pháp lý và mục đích nêu trong văn bản"),
        missing=_("Ghi căn cứ, mục đích nêu trong văn bản yêu cầu."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    want_ban_info = forms.BooleanField(
        label=_("Xác nhận cả nội dung cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"),
        required=False,
    )
    sometimes = frozenset({"want_ban_info"})

    def start(self, declaration: Declaration) -> dict[str, Any]:
        written_on = declaration.agency_document_on
        return {
            **super().start(declaration),
            "filed_as": declaration.filed_as if "agency" in declaration.answered else "",
            "agency_document_on": written_on.isoformat() if written_on else "",
        }

    def clean_agency_document_on(self):
        message = gettext("Ngày văn bản phải không sau hôm nay. Hãy kiểm tra lại.")
        return day_not_after_today(self.cleaned_data["agency_document_on"], message)

    def clean(self):
        typed = super().clean()
        allowed = cases.PURPOSES_OF_AGENCY.get(typed.get("filed_as", ""))
        if allowed and typed.get("purpose") and typed["purpose"] not in allowed:
            message = gettext("Chọn một mục đích mà luật cho phép loại cơ quan này.")
            self.add_error("purpose", forms.ValidationError(message, code="agency"))

    def changes(self):
        """The agency decides the kind; it pays nothing, whoever enters its request."""
        kept = dict(self.cleaned_data)
        if filed_as := kept.get("filed_as"):
            kept |= {"certificate_type": cases.TYPE_OF_AGENCY[filed_as], "fee_category": filed_as, "copies": 1}
        else:
            kept.pop("filed_as", None)
        return kept, {}


class KindForm(DeclarationForm):
    """Which certificate, what for, for which procedure, how many (V8, V9, V14). Only số 1 stands there beforehand."""

    sometimes = frozenset({"purpose_other", "want_ban_info"})

    certificate_type = forms.TypedChoiceField(
        label=_("Bạn cần loại nào?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (1, option(_("Số 1"), _("Xin việc, học tập, thị thực, kinh doanh. Không ghi án tích đã được xóa."))),
            (
                2,
                option(
                    _("Số 2"),
                    _("Để chính bạn biết đầy đủ. Nơi tuyển dụng không được yêu cầu bạn nộp loại này."),
                ),
            ),
        ],
        error_messages={
            "required": _("Chọn loại Phiếu: số 1 hoặc số 2."),
            "invalid_choice": _("Chọn loại Phiếu: số 1 hoặc số 2."),
        },
    )
    purpose = Choice(
        label=_("Bạn dùng Phiếu làm gì?"),
        missing=_("Chọn mục đích yêu cầu cấp Phiếu."),
        choices=[choice for choice in Declaration.Purpose.choices if choice[0] not in cases.ONLY_OF_AGENCIES],
    )
    purpose_other = CleanText(
        label=_("Nếu là mục đích khác, ghi rõ"),
        help_text=_("Ví dụ: bổ sung hồ sơ hưu trí, tham gia hội, đoàn thể."),
        max_length=300,
    )
    own_knowledge = forms.BooleanField(
        label=_("Tôi biết không nơi nào được yêu cầu tôi nộp số 2. Tôi yêu cầu số 2 để tự biết lý lịch của mình."),
        required=False,
    )
    procedure_code = Choice(
        label=_("Thủ tục cần Phiếu, nếu có trong danh sách"),
        help_text=_("Mỗi thủ tục có căn cứ pháp luật riêng. Không thấy thủ tục của bạn thì để trống."),
        required=False,
        widget=NamesSelect,
    )
    receiver = CleanText(
        label=_("Nơi yêu cầu bạn nộp Phiếu"),
        help_text=_("Tên cơ quan, công ty hoặc tổ chức, nếu có."),
    )
    copies = forms.CharField(
        label=_("Số bản"),
        widget=forms.TextInput(SHORT_NUMBER),
        error_messages={"required": _("Nhập số bản, ví dụ 1.")},
    )
    want_ban_info = forms.BooleanField(
        label=_("Xác nhận cả nội dung cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"),
        help_text=_("Chỉ chọn khi nơi nhận Phiếu cần. Số 2 luôn có nội dung này."),
        required=False,
    )

    def fit(self, declaration: Declaration) -> None:
        """Somebody who files for another has no số 2 to choose; the tick is offered only where it is needed."""
        on = policy.law_day(timezone.now())
        known = procedures.on(on) if declaration.by_agency else procedures.of_citizens(on)
        self.fields["procedure_code"].choices = [
            ("", _("Không có, hoặc không biết")),
            *((one.code, one.name) for one in known),
        ]
        if not known:
            del self.fields["procedure_code"]
        rules_of_fee = policy.fee_rules(policy.law_day(timezone.now()), declaration.request.channel)
        self.fields["copies"].help_text = gettext(
            "Phí gồm %(included)d bản. Từ bản tiếp theo, mỗi bản thêm %(extra)s."
        ) % {"included": rules_of_fee.copies_included, "extra": dong(rules_of_fee.extra_copy)}
        if declaration.filed_as == cases.PROXY:
            self.fields["certificate_type"].choices = self.fields["certificate_type"].choices[:1]
            self.fields["certificate_type"].error_messages["invalid_choice"] = _(
                "Người nộp thay chỉ yêu cầu được Phiếu số 1. Chọn số 1, hoặc để chính người đó yêu cầu số 2."
            )
        if not self._may_need_tick:
            del self.fields["own_knowledge"]

    @property
    def _may_need_tick(self) -> bool:
        """Once số 2 was chosen for something else than one's own knowledge: only then does the page ask."""
        kind = self.data.get("certificate_type") if self.is_bound else str(self.declaration.certificate_type)
        purpose = self.data.get("purpose") if self.is_bound else self.declaration.purpose
        return kind == "2" and purpose not in {"", None, cases.OWN_KNOWLEDGE}

    def clean_copies(self):
        typed = plain_digits(self.cleaned_data["copies"])
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None
        if message := rules.copies_problem(number):
            raise forms.ValidationError(message, code="copies")
        return number

    def clean(self):
        typed = super().clean()
        if typed.get("purpose") == "other" and not typed.get("purpose_other"):
            self.add_problems(rules.kind_problems(1, "other", "", 1))
        if "own_knowledge" in self.fields and typed.get("certificate_type") == 2 and not typed.get("own_knowledge"):
            self.add_error("own_knowledge", forms.ValidationError(cases.type_2_is_for_oneself(), code="own_knowledge"))
        self._compare_with_procedure(typed)

    def _compare_with_procedure(self, typed) -> None:
        """A procedure of the register says which kind it may ask for, and on what ground."""
        found = procedures.named(typed.get("procedure_code", ""), policy.law_day(timezone.now()))
        if found and typed.get("certificate_type") and typed["certificate_type"] not in found.certificate_types:
            message = gettext("Thủ tục này không được yêu cầu Phiếu số %(kind)d (%(basis)s). Chọn lại loại Phiếu.")
            facts = {"kind": typed["certificate_type"], "basis": found.legal_basis}
            self.add_error("certificate_type", forms.ValidationError(message, code="procedure", params=facts))

    def changes(self):
        kept = dict(self.cleaned_data)
        if kept.pop("own_knowledge", False) and kept.get("certificate_type") == 2:
            kept |= {"purpose": cases.OWN_KNOWLEDGE, "purpose_other": ""}
        return kept, {}

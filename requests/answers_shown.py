"""The declaration as cards to read through before it is sent: label, value, and where to change it. Pure of HTTP."""

from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal import provinces
from lltp_portal.wording import dong, grouped_number, grouped_phone, partial_date
from requests import cases, countries, fee_facts, identity, policy, procedures, provenance
from requests.fee_breakdown import Breakdown
from requests.filing_pages import BY_SLUG, RowsPage, address
from requests.forms.asking import RELATIONS
from requests.models import (
    Attachment,
    CertificateRequest,
    Declaration,
    DeclaredDocument,
    DeclaredResidence,
    attachments_of,
    shown_at_counter,
)
from requests.rules import Gap, Overlap, shown_month


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    css: str = ""
    kind: int | None = None
    change_url: str = ""
    field: str = ""
    source: str = ""
    mend_url: str = ""


@dataclass(frozen=True)
class Card:
    slug: str
    title: str
    change_url: str = ""
    rows: list[Row] = field(default_factory=list)


def cards(certificate_request: CertificateRequest, declaration: Declaration) -> list[Card]:
    """Everything that was declared, grouped as this case was asked."""
    sources = provenance.all_of(declaration)
    found = []
    for slug, title, rows_of in CARDS:
        page = BY_SLUG[slug]
        if not page.asked(declaration):
            continue
        url = f"{address(certificate_request, page)}?check=1"
        rows = [_with_source(row, sources, url) for row in rows_of(declaration)]
        found.append(Card(slug, str(title), url, rows))
    return found


def _with_source(row: Row, sources: dict[str, provenance.Source], url: str) -> Row:
    """Where the value comes from, and where to put it right, when nobody typed it."""
    source = sources.get(row.field)
    if source is None or not row.value:
        return row
    return replace(row, source=source.words, mend_url=url)


def province_name(code: str) -> str:
    found = provinces.named(code, policy.law_day(timezone.now())) if code else None
    return found.full_name if found else ""


def province_on_file(code: str) -> str:
    """A province of the register, where also those of before a merger stand: people read “tỉnh Hà Nam”, not 35."""
    had_it = provinces.all_of(code)
    return province_name(code) or (had_it[-1].full_name if had_it else "")


def _place(*parts: str) -> str:
    """Joined by commas, the first letter a capital: “Tỉnh Nam Định”."""
    whole = ", ".join(str(part) for part in parts if part)
    return whole[:1].upper() + whole[1:]


def _who(declaration: Declaration) -> list[Row]:
    if declaration.filed_as == cases.SELF and not declaration.proxy_name:
        at_counter = declaration.request.account_id is None
        return [Row(_("Yêu cầu cho"), _("Chính người có mặt tại quầy") if at_counter else _("Chính tôi"))]
    rows = [
        Row(_("Tư cách"), declaration.get_filed_as_display()),
        Row(_("Người nộp"), declaration.proxy_name, "name"),
        Row(_("Quan hệ"), str(dict(RELATIONS).get(declaration.proxy_relation, ""))),
    ]
    if declaration.proxy_mandate_on:
        place = f", {declaration.proxy_mandate_place}" if declaration.proxy_mandate_place else ""
        rows.append(Row(_("Văn bản ủy quyền"), f"{declaration.proxy_mandate_on:%d/%m/%Y}{place}", "num"))
    return rows


def _agency(declaration: Declaration) -> list[Row]:
    written_on = declaration.agency_document_on
    document = _("Số %(number)s, ngày %(day)s") % {
        "number": declaration.agency_document_number or "…",
        "day": f"{written_on:%d/%m/%Y}" if written_on else "…",
    }
    notes = {1: _("Không ghi án tích đã được xóa"), 2: _("Ghi đầy đủ, kể cả án tích đã được xóa")}
    return [
        Row(_("Cơ quan, tổ chức"), declaration.agency_name),
        Row(_("Tư cách"), declaration.get_filed_as_display()),
        Row(_("Văn bản"), document, "num"),
        Row(_("Loại"), notes[declaration.certificate_type], kind=declaration.certificate_type),
        Row(_("Mục đích"), declaration.get_purpose_display()),
        Row(_("Căn cứ nêu trong văn bản"), declaration.agency_purpose),
    ]


def _kind(declaration: Declaration) -> list[Row]:
    notes = {1: _("Không ghi án tích đã được xóa"), 2: _("Ghi đầy đủ, kể cả án tích đã được xóa")}
    purpose = declaration.get_purpose_display()
    if declaration.purpose == Declaration.Purpose.OTHER:
        purpose = f"{purpose}: {declaration.purpose_other}"
    rows = [
        Row(_("Loại"), notes[declaration.certificate_type], kind=declaration.certificate_type),
        Row(_("Mục đích"), purpose),
        *_procedure(declaration),
        Row(_("Số bản"), str(declaration.copies), "num"),
    ]
    if declaration.certificate_type == 1:
        rows.append(
            Row(_("Xác nhận nội dung cấm đảm nhiệm chức vụ"), _("Có") if declaration.want_ban_info else _("Không"))
        )
    return rows


def _procedure(declaration: Declaration) -> list[Row]:
    """Who asks for the certificate, and on what ground of the law, as far as the reader named them."""
    rows = []
    if declaration.receiver:
        rows.append(Row(_("Nơi yêu cầu nộp Phiếu"), declaration.receiver))
    found = procedures.named(declaration.procedure_code, policy.law_day(timezone.now()))
    if found:
        rows.append(Row(_("Thủ tục"), f"{found.name}\n{found.legal_basis}"))
    return rows


def _person(declaration: Declaration) -> list[Row]:
    born_in = _place(
        declaration.place_of_birth,
        declaration.place_of_birth_ward,
        declaration.place_of_birth_district,
        province_name(declaration.place_of_birth_province),
        _country(declaration.place_of_birth_country, besides="VN"),
    )
    rows = [
        Row(_("Họ và tên"), declaration.full_name, "name", field="full_name"),
        Row(_("Tên gọi khác"), "\n".join(row.name for row in declaration.other_names.all()), field="other_names"),
        Row(_("Giới tính"), declaration.get_sex_display(), field="sex"),
        Row(_("Ngày sinh"), partial_date(declaration.date_of_birth), "num", field="date_of_birth"),
        Row(_("Nơi sinh"), born_in, field="place_of_birth"),
        Row(_("Quốc tịch"), _country(declaration.nationality), field="nationality"),
        Row(_("Dân tộc"), declaration.ethnicity, field="ethnicity"),
    ]
    if declaration.nationality not in {"", "VN"}:
        rows = [row for row in rows if row.field != "ethnicity"]
    return rows


def _country(code: str, besides: str = "") -> str:
    return "" if code in {"", besides} else countries.names_to_choose_by().get(code, code)


def _documents(declaration: Declaration) -> list[Row]:
    rows = []
    for document in declaration.identity_documents.all():
        issued = _("cấp ngày %(day)s") % {"day": f"{document.issued_on:%d/%m/%Y}"} if document.issued_on else ""
        value = _place(grouped_number(document.number), issued, document.issued_by)
        rows.append(Row(document.get_type_display(), value, "num", field="identity_documents"))
    return rows or [Row(_("Giấy tờ"), "")]


def _address(declaration: Declaration, kind: str) -> str:
    return _place(
        getattr(declaration, f"{kind}_address"),
        getattr(declaration, f"{kind}_ward", ""),
        getattr(declaration, f"{kind}_district", ""),
        province_name(getattr(declaration, f"{kind}_province")),
    )


def _addresses(declaration: Declaration) -> list[Row]:
    """What decides the office: residences here, the last one before leaving, or that there is none."""
    if declaration.lives_abroad:
        return [
            Row(_("Đang sống"), _("Ở nước ngoài")),
            Row(_("Nơi cư trú cuối cùng tại Việt Nam"), _address(declaration, "last"), field="last_address"),
        ]
    if declaration.no_residence:
        return [Row(_("Đang sống"), _("Tại Việt Nam, không có nơi thường trú và tạm trú"))]
    if declaration.former_resident_foreigner:
        return [Row(_("Đang sống"), _("Đã từng cư trú tại Việt Nam, nay đã rời đi"))]
    return [
        Row(_("Nơi thường trú"), _address(declaration, "permanent"), field="permanent_address"),
        Row(_("Nơi tạm trú"), _address(declaration, "temporary"), field="temporary_address"),
    ]


def stay_period(from_month: str, to_month: str) -> str:
    """“03/2004 – 08/2008”, “01/2014 – nay”."""
    return f"{shown_month(from_month)} – {shown_month(to_month) if to_month else _('nay')}"


def stay_place(stay: DeclaredResidence | dict) -> str:
    """Where, from small to large."""
    row = stay if isinstance(stay, dict) else vars(stay)
    return _place(row["address"], province_name(row["province"]), _country(row["country"], besides="VN"))


def _residences(declaration: Declaration) -> list[Row]:
    stays = declaration.residences.all()
    return [
        Row(
            stay_period(stay.from_month, stay.to_month),
            "\n".join(part for part in (stay_place(stay), _place(stay.occupation, stay.workplace)) if part),
            field="residences" if number == 0 else "",
        )
        for number, stay in enumerate(stays)
    ] or [Row(_("Từ khi đủ 14 tuổi"), "")]


def _family(declaration: Declaration) -> list[Row]:
    rows = []
    for who, label in (("father", _("Cha")), ("mother", _("Mẹ")), ("spouse", _("Vợ hoặc chồng"))):
        year = getattr(declaration, f"{who}_birth_year")
        born = _("sinh năm %(year)s") % {"year": year} if year else ""
        rows.append(Row(label, _place(getattr(declaration, f"{who}_name"), born), field=f"{who}_name"))
    return rows


def _papers(declaration: Declaration) -> list[Row]:
    """What was sent, by its kind; and what will be shown at the counter."""
    names: dict[str, list[str]] = {}
    for paper in attachments_of(declaration):
        names.setdefault(paper.kind, []).append(paper.original_name)
    for kind in sorted(shown_at_counter(declaration)):
        names.setdefault(kind, []).append(_("Xuất trình tại quầy"))
    rows = [Row(str(Attachment.Kind(kind).label), "\n".join(lines), "file-name") for kind, lines in names.items()]
    return rows or [Row(_("Tệp"), _("Không có"))]


def _contact(declaration: Declaration) -> list[Row]:
    rows = [
        Row(_("Điện thoại"), grouped_phone(declaration.phone), "num", field="phone"),
        Row(_("Thư điện tử"), declaration.email, field="email"),
        Row(_("Nhận kết quả"), declaration.get_delivery_display()),
    ]
    if declaration.delivery == Declaration.Delivery.POST:
        rows.append(Row(_("Địa chỉ nhận"), declaration.delivery_address))
    return rows


def _fee(declaration: Declaration) -> list[Row]:
    """Line by line; what was asked for once it was sent, what it would be before."""
    if not declaration.fee_category:
        return [Row(_("Mức phí"), "")]
    rows = [Row(_("Mức phí"), declaration.get_fee_category_display())]
    if declaration.fee_proof:
        rows.append(Row(_("Giấy tờ chứng minh"), declaration.get_fee_proof_display()))
    certificate_request = declaration.request
    kept = fee_facts.shown(certificate_request) if declaration.frozen_at else None
    fee = kept or fee_facts.foreseen(certificate_request, declaration, at=timezone.now()).get(declaration.fee_category)
    return rows + (fee_rows(fee) if fee else [])


def fee_rows(fee: Breakdown) -> list[Row]:
    """How an amount comes about: statutory fee, subsidy, further copies, the sum, the ground."""
    rows = [Row(_("Phí theo quy định"), dong(fee.statutory), "num")]
    if fee.refused_because:
        rows.append(Row(_("Lý do đổi mức phí"), fee.refused_because))
    if fee.subsidy:
        words = _("Giảm %(amount)s (%(percent)d %% phí theo quy định). %(basis)s")
        said = words % {"amount": dong(fee.subsidy), "percent": fee.subsidy_percent, "basis": fee.subsidy_basis}
        rows.append(Row(_("Hỗ trợ của địa phương"), said, "num"))
    if fee.extra_copies:
        words = _("%(amount)s cho %(count)d bản từ bản thứ ba")
        rows.append(Row(_("Bản thêm"), words % {"amount": dong(fee.extra_fee), "count": fee.extra_copies}, "num"))
    return [*rows, Row(_("Bạn nộp"), dong(fee.to_pay), "num"), Row(_("Căn cứ"), fee.legal_basis)]


def _record(declaration: Declaration) -> list[Row]:
    return [Row(_("Án tích, nội dung bị cấm"), declaration.declared_record)]


# A page that is asked has a card here: slug, title, and its rows. A new page is an entry.
CARDS = (
    ("who", gettext_lazy("Người nộp"), _who),
    ("agency", gettext_lazy("Văn bản yêu cầu"), _agency),
    ("kind", gettext_lazy("Loại Phiếu"), _kind),
    ("person", gettext_lazy("Người được cấp Phiếu"), _person),
    ("documents", gettext_lazy("Giấy tờ tùy thân"), _documents),
    ("addresses", gettext_lazy("Nơi thường trú, tạm trú"), _addresses),
    ("residences", gettext_lazy("Quá trình cư trú"), _residences),
    ("family", gettext_lazy("Cha, mẹ, vợ hoặc chồng"), _family),
    ("record", gettext_lazy("Phần tự khai"), _record),
    ("papers", gettext_lazy("Giấy tờ kèm theo"), _papers),
    ("contact", gettext_lazy("Liên hệ, nhận kết quả"), _contact),
    ("fee", gettext_lazy("Phí"), _fee),
)


@dataclass
class Entry:
    """One row of a list as its card shows it; `gap` is what is missing after it."""

    position: int
    heading: str
    title: str
    text: str
    doubts: list[str]
    gap: Gap | None = None
    gap_months: int = 0
    gap_number: int = 0
    overlap: str = ""


def entries(page: RowsPage, rows: list[dict], declaration: Declaration) -> list[Entry]:
    """The cards of a list, in its order. Position 0, without a card, is what comes before the first."""
    shown = [Entry(0, "", "", "", [])]
    for position, row in enumerate(rows, 1):
        if page.related_name == "residences":
            shown.append(_stay_entry(position, row))
        else:
            shown.append(_document_entry(position, row, declaration))
    return shown


def _stay_entry(position: int, row: dict) -> Entry:
    kind = DeclaredResidence.Kind(row["kind"]).label
    text = _place(kind, row["occupation"], row["workplace"], _("tại ngũ") if row["military_service"] else "")
    period = stay_period(row["from_month"], row["to_month"])
    heading = _("Nơi %(number)d · %(period)s") % {"number": position, "period": period}
    return Entry(position, heading, stay_place(row), text, [])


def _document_entry(position: int, row: dict, declaration: Declaration) -> Entry:
    issued = _("Cấp ngày %(day)s") % {"day": f"{row['issued_on']:%d/%m/%Y}"} if row["issued_on"] else ""
    number = row["number"]
    doubts = []
    if row["type"] == DeclaredDocument.Type.CCCD and len(number) == 12 and number.isdigit():
        doubts = identity.doubts(number, date_of_birth=declaration.date_of_birth, sex=declaration.sex)
    heading = f"{position}. {DeclaredDocument.Type(row['type']).label}"
    return Entry(position, heading, grouped_number(number), _place(issued, row["issued_by"]), doubts)


def put_gaps(shown: list[Entry], gaps: list[Gap]) -> None:
    """Each gap behind the entry after which it lies."""
    for number, gap in enumerate(gaps, 1):
        entry = shown[gap.after + 1]
        entry.gap, entry.gap_number = gap, number
        entry.gap_months = _month_count(gap.from_month, gap.to_month)


def put_overlaps(shown: list[Entry], overlaps: list[Overlap]) -> None:
    """Each overlap at the later of its two places. Often true, so the reader is asked and not corrected."""
    for found in overlaps:
        facts = {
            "other": found.first + 1,
            "first": shown_month(found.from_month),
            "last": shown_month(found.to_month),
        }
        words = _("Trùng thời gian với nơi %(other)d, từ %(first)s đến %(last)s.") % facts
        entry = shown[found.second + 1]
        entry.overlap = f"{entry.overlap} {words}".strip()


def _month_count(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1

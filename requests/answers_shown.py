"""The declaration as cards to read through before it is sent: label, value, and where to change it. Pure of HTTP."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.wording import dong, grouped_number, grouped_phone, partial_date
from requests import countries, fee_facts, identity, policy, provinces
from requests.fee_breakdown import Breakdown
from requests.filing_pages import BY_SLUG, RowsPage, address
from requests.forms.pages import RELATIONS
from requests.models import (
    Attachment,
    CertificateRequest,
    Declaration,
    DeclaredDocument,
    DeclaredResidence,
    attachments_of,
    shown_at_counter,
)
from requests.rules import Gap, shown_month


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    css: str = ""
    kind: int | None = None
    change_url: str = ""


@dataclass(frozen=True)
class Card:
    title: str
    change_url: str = ""
    rows: list[Row] = field(default_factory=list)


def cards(certificate_request: CertificateRequest, declaration: Declaration) -> list[Card]:
    """Everything that was declared, grouped as it was asked."""

    def change(slug: str) -> str:
        return f"{address(certificate_request, BY_SLUG[slug])}?check=1"

    return [
        Card("Người nộp", change("who"), _who(declaration)),
        Card("Loại Phiếu", change("kind"), _kind(declaration)),
        Card("Người được cấp Phiếu", change("person"), _person(declaration)),
        Card("Giấy tờ tùy thân", change("documents"), _documents(declaration)),
        Card("Nơi thường trú, tạm trú", change("addresses"), _addresses(declaration)),
        Card("Quá trình cư trú", change("residences"), _residences(declaration)),
        Card("Cha, mẹ, vợ hoặc chồng", change("family"), _family(declaration)),
        Card("Phần tự khai", change("record"), [Row("Án tích, nội dung bị cấm", declaration.declared_record)]),
        Card(_("Giấy tờ kèm theo"), change("papers"), _papers(declaration)),
        Card("Liên hệ, nhận kết quả", change("contact"), _contact(declaration)),
        Card("Phí", change("fee"), _fee(certificate_request, declaration)),
    ]


def province_name(code: str) -> str:
    found = provinces.named(code, policy.law_day(timezone.now())) if code else None
    return found.full_name if found else ""


def _place(*parts: str) -> str:
    """Joined by commas, the first letter a capital: “Tỉnh Nam Định”."""
    whole = ", ".join(part for part in parts if part)
    return whole[:1].upper() + whole[1:]


def _who(declaration: Declaration) -> list[Row]:
    if not declaration.proxy_name:
        return [Row("Yêu cầu cho", "Chính tôi")]
    rows = [
        Row("Người nộp thay", declaration.proxy_name, "name"),
        Row("Quan hệ", dict(RELATIONS).get(declaration.proxy_relation, "")),
    ]
    if declaration.proxy_mandate_on:
        place = f", {declaration.proxy_mandate_place}" if declaration.proxy_mandate_place else ""
        rows.append(Row("Văn bản ủy quyền", f"{declaration.proxy_mandate_on:%d/%m/%Y}{place}", "num"))
    return rows


def _kind(declaration: Declaration) -> list[Row]:
    notes = {1: "Không ghi án tích đã được xóa", 2: "Ghi đầy đủ, kể cả án tích đã được xóa"}
    purpose = declaration.get_purpose_display()
    if declaration.purpose == Declaration.Purpose.OTHER:
        purpose = f"{purpose}: {declaration.purpose_other}"
    rows = [
        Row("Loại", notes[declaration.certificate_type], kind=declaration.certificate_type),
        Row("Mục đích", purpose),
        Row("Số bản", str(declaration.copies), "num"),
    ]
    if declaration.certificate_type == 1:
        rows.append(Row("Xác nhận nội dung cấm đảm nhiệm chức vụ", "Có" if declaration.want_ban_info else "Không"))
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
        Row("Họ và tên", declaration.full_name, "name"),
        Row("Tên gọi khác", "\n".join(row.name for row in declaration.other_names.all())),
        Row("Giới tính", declaration.get_sex_display()),
        Row("Ngày sinh", partial_date(declaration.date_of_birth), "num"),
        Row("Nơi sinh", born_in),
        Row("Quốc tịch", _country(declaration.nationality)),
        Row("Dân tộc", declaration.ethnicity),
    ]
    if declaration.former_resident_foreigner:
        rows.append(Row("Người nước ngoài", "Đã từng cư trú tại Việt Nam"))
    return rows


def _country(code: str, besides: str = "") -> str:
    return "" if code in {"", besides} else countries.all_names().get(code, code)


def _documents(declaration: Declaration) -> list[Row]:
    rows = []
    for document in declaration.identity_documents.all():
        issued = f"cấp ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
        value = _place(grouped_number(document.number), issued, document.issued_by)
        rows.append(Row(document.get_type_display(), value, "num"))
    return rows or [Row("Giấy tờ", "")]


def _addresses(declaration: Declaration) -> list[Row]:
    return [
        Row(
            label,
            _place(
                getattr(declaration, f"{kind}_address"),
                getattr(declaration, f"{kind}_ward"),
                getattr(declaration, f"{kind}_district"),
                province_name(getattr(declaration, f"{kind}_province")),
            ),
        )
        for kind, label in (("permanent", "Nơi thường trú"), ("temporary", "Nơi tạm trú"))
    ]


def stay_period(from_month: str, to_month: str) -> str:
    """“03/2004 – 08/2008”, “01/2014 – nay”."""
    return f"{shown_month(from_month)} – {shown_month(to_month) if to_month else 'nay'}"


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
        )
        for stay in stays
    ] or [Row("Từ khi đủ 14 tuổi", "")]


def _family(declaration: Declaration) -> list[Row]:
    rows = []
    for who, label in (("father", "Cha"), ("mother", "Mẹ"), ("spouse", "Vợ hoặc chồng")):
        year = getattr(declaration, f"{who}_birth_year")
        rows.append(Row(label, _place(getattr(declaration, f"{who}_name"), f"sinh năm {year}" if year else "")))
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
        Row("Điện thoại", grouped_phone(declaration.phone), "num"),
        Row("Thư điện tử", declaration.email),
        Row("Nhận kết quả", declaration.get_delivery_display()),
    ]
    if declaration.delivery == Declaration.Delivery.POST:
        rows.append(Row("Địa chỉ nhận", declaration.delivery_address))
    return rows


def _fee(certificate_request: CertificateRequest, declaration: Declaration) -> list[Row]:
    """Line by line; what was asked for once it was sent, what it would be before."""
    if not declaration.fee_category:
        return [Row(_("Mức phí"), "")]
    rows = [Row(_("Mức phí"), declaration.get_fee_category_display())]
    if declaration.fee_proof:
        rows.append(Row(_("Giấy tờ chứng minh"), declaration.get_fee_proof_display()))
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
    text = _place(kind, row["occupation"], row["workplace"], "tại ngũ" if row["military_service"] else "")
    heading = f"Nơi {position} · {stay_period(row['from_month'], row['to_month'])}"
    return Entry(position, heading, stay_place(row), text, [])


def _document_entry(position: int, row: dict, declaration: Declaration) -> Entry:
    issued = f"Cấp ngày {row['issued_on']:%d/%m/%Y}" if row["issued_on"] else ""
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


def _month_count(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1

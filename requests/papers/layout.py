"""From a paper's content to what stands on the sheet, block by block, in reading order; pure.

The template prints these blocks, and the lint reads the PDF back against them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from certificates.wording import place_and_day
from lltp_portal.languages import kept_words
from lltp_portal.wording import thousands, weekday
from requests.papers import content as papers
from requests.papers import letters
from requests.papers.amount_words import in_words
from requests.papers.blocks import (
    LOCAL,
    SIGN_HERE,
    Block,
    Box,
    Codes,
    Points,
    Row,
    Rows,
    Say,
    Signature,
    Signatures,
    Table,
    appointment,
    day,
    grouped,
    hour,
    hour_and_day,
    identity,
    money,
    phone,
)
from requests.papers.content import Kind, PaperContent

ONE_STOP_FORMS = "(Ban hành kèm theo Thông tư số 01/2018/TT-VPCP)"
FORM_NUMBERS = {
    Kind.RECEIPT: "Mẫu số 01",
    Kind.SUPPLEMENT_REQUEST: "Mẫu số 02",
    Kind.REFUSAL: "Mẫu số 03",
    Kind.APOLOGY: "Mẫu số 04",
    Kind.CONTROL_SLIP: "Mẫu số 05",
}
TITLES = {
    Kind.TRACKING_SLIP: ("PHIẾU THEO DÕI HỒ SƠ",),
    Kind.RECEIPT: ("GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ"),
    Kind.SUPPLEMENT_REQUEST: ("PHIẾU YÊU CẦU BỔ SUNG,", "HOÀN THIỆN HỒ SƠ"),
    Kind.REFUSAL: ("PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ",),
    Kind.CONTROL_SLIP: ("PHIẾU KIỂM SOÁT", "QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"),
    Kind.APOLOGY: ("PHIẾU XIN LỖI", "VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"),
    Kind.FEE_RECEIPT: ("BIÊN LAI THU PHÍ",),
    Kind.HANDOVER_SLIP: ("GIẤY BIÊN NHẬN TRẢ KẾT QUẢ",),
    Kind.PROCESSING_LETTER: ("GIẤY XÁC NHẬN", "HỒ SƠ ĐANG ĐƯỢC GIẢI QUYẾT"),
    Kind.INQUIRY_LETTER: ("CÔNG VĂN", "ĐỀ NGHỊ XÁC MINH, CUNG CẤP THÔNG TIN"),
    Kind.INQUIRY_REMINDER: ("CÔNG VĂN", "ĐÔN ĐỐC TRẢ LỜI"),
}
ON_THE_SYSTEM = "Xác nhận trên hệ thống"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole paper."""

    form: tuple[str, ...]
    number: str
    place_and_day: str
    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: str

    @property
    def title(self) -> str:
        return " ".join(self.titles)


@kept_words()
def sheet(content: PaperContent) -> Sheet:
    """What stands on the paper, in Vietnamese whoever asks."""
    titles = TITLES[content.kind]
    name = " ".join(titles).capitalize()
    form = FORM_NUMBERS.get(content.kind)
    return Sheet(
        form=(form, ONE_STOP_FORMS) if form else (),
        number=_number(content),
        place_and_day=place_and_day(content.office.place, content.written_at.astimezone(LOCAL).date()),
        titles=titles,
        blocks=tuple(BLOCKS[content.kind](content)),
        foot=f"{name} · {content.dossier_number or content.request_code}",
    )


def _number(content: PaperContent) -> str:
    if isinstance(content, papers.FeeReceipt):
        return f"Số: {content.receipt_number}"
    if content.number is None:
        return ""
    return f"Số: {content.number:04d}/{content.series}"


# --- What several papers share --------------------------------------------------------------------------------------


def _codes(content: PaperContent, secret: str = "") -> Codes:
    lines = (("Mã theo dõi", grouped(content.request_code)), *((("Mã bí mật", grouped(secret)),) if secret else ()))
    domain = urlsplit(content.public_base_url).netloc
    return Codes(content.dossier_number, lines, ("Quét mã hoặc vào ", f"{domain}/track/", " để xem hồ sơ đang ở đâu."))


def _who(content: PaperContent) -> tuple[Row, ...]:
    """The person, and who filed for them or asks for the certificate."""
    person = content.person
    born = f", sinh {_born(person.date_of_birth)}" if person.date_of_birth else ""
    name = person.full_name.upper()
    if person.agency:
        document = f", văn bản số {person.agency_document}"
        return Row("Cơ quan, tổ chức yêu cầu", document, person.agency), Row("Phiếu cấp về", born, name)
    if not person.filer:
        return (Row("Người nộp, chủ hồ sơ", born, name),)
    filer = f", số giấy tờ {identity(person.filer_identity)}" if person.filer_identity else ""
    return Row("Người nộp hồ sơ", filer, person.filer.upper()), Row("Chủ hồ sơ", born, name)


def _born(partial: str) -> str:
    return "/".join(reversed(partial.split("-")))


def _person_rows(content: PaperContent) -> tuple[Row, ...]:
    person = content.person
    reached = " · ".join(part for part in (phone(person.phone), person.email) if part)
    rows = (
        *_who(content),
        Row(person.identity_label, identity(person.identity_number)),
        Row("Địa chỉ", person.address),
        Row("Điện thoại · thư điện tử", reached),
        Row("Nội dung yêu cầu", content.what),
    )
    return tuple(row for row in rows if row.value or row.strong)


def _ask(content: PaperContent) -> Say:
    return Say(f"Hỏi, góp ý: {content.office.phone}, giờ làm việc.")


def _officer(role: str, name: str, at: datetime) -> Signature:
    return Signature(tuple(role.split("\n")), (ON_THE_SYSTEM, f"lúc {hour_and_day(at)}"), name)


def filer(content: PaperContent) -> str:
    return content.person.agency or content.person.filer or content.person.full_name


# --- Each paper -----------------------------------------------------------------------------------------------------


def _receipt(content: papers.Receipt) -> list[Block]:
    rows = list(_person_rows(content))
    rows.insert(0, Row("Bộ phận tiếp nhận", content.office.counter))
    rows.insert(-1, Row("Kênh nộp", content.channel))
    rows.append(Row("Phí đã nộp", _fee(content)))
    if content.fee_receipts:
        rows.append(Row("Biên lai số", ", ".join(content.fee_receipts)))
    if content.replaces:
        rows.append(Row("Ghi chú", content.replaces))
    lines = tuple(
        (str(position), one.name, one.form, str(one.copies)) for position, one in enumerate(content.enclosures, start=1)
    )
    return [
        _codes(content, content.tracking_code),
        Rows(tuple(rows)),
        Table("enclosures", ("STT", "Thành phần hồ sơ", "Loại", "Số bộ"), lines),
        Box(
            "Hẹn trả kết quả",
            appointment(content.due_at),
            (f"{content.term} kể từ {hour(content.received_at)} ngày {day(content.received_at)}", *content.term_notes),
        ),
        Say("Nhận kết quả: ", content.fetched, f" {content.fetched_where}. {_ask(content).text}"),
        Signatures(
            Signature(
                ("NGƯỜI NỘP HỒ SƠ",),
                (content.filed_how, f"lúc {hour_and_day(content.filed_at)}"),
                filer(content),
            ),
            _officer("NGƯỜI TIẾP NHẬN HỒ SƠ", content.officer, content.written_at),
        ),
    ]


def _fee(content: papers.Receipt) -> str:
    if not content.fee_amount:
        return f"0 đồng. {content.fee_reason}"
    return money(content.fee_amount)


def _tracking_slip(content: papers.TrackingSlip) -> list[Block]:
    fee = f"{money(content.fee_due)}. {content.fee_reason}" if content.fee_due else ""
    rows = [
        *_who(content),
        Row("Nội dung yêu cầu", content.what),
        Row("Gửi lúc", hour_and_day(content.submitted_at)),
        Row("Nơi tiếp nhận", content.office.counter),
        *([Row("Phí còn phải nộp", fee)] if fee else []),
    ]
    return [
        _codes(content, content.tracking_code),
        Rows(tuple(rows)),
        Say(
            "Phiếu này chưa phải là giấy tiếp nhận. Khi hồ sơ được nhận, bạn có Giấy tiếp nhận hồ sơ và hẹn trả kết "
            "quả, ghi số hồ sơ và ngày hẹn."
        ),
        Say("Giữ kín mã bí mật: ai có cả mã theo dõi và mã bí mật thì xem được hồ sơ đang ở đâu và ngày hẹn."),
        _ask(content),
    ]


def _supplement_request(content: papers.SupplementRequest) -> list[Block]:
    pause = " Thời gian chờ bạn không tính vào thời hạn giải quyết." if content.clock_runs else ""
    return [
        _codes(content),
        Rows(_person_rows(content)),
        Say(f"Để giải quyết hồ sơ, đề nghị {content.person.you} bổ sung, hoàn thiện những nội dung sau:"),
        Points(tuple((item.what, _why(item)) for item in content.items)),
        Box(
            "Bổ sung chậm nhất",
            f"Hết {weekday(content.answer_until.astimezone(LOCAL))}, ngày {day(content.answer_until)}",
            (f"Bổ sung tại trang hồ sơ hoặc {content.office.counter}.{pause}",),
        ),
        Say(
            f"Nếu có vướng mắc, {content.person.you} liên hệ {content.office.counter}, số {content.office.phone}, "
            "để được hướng dẫn."
        ),
        Signatures(None, _officer("NGƯỜI HƯỚNG DẪN", content.officer, content.written_at)),
    ]


def _why(item: papers.Item) -> str:
    """The register's words end with a full stop; the law follows them."""
    return " ".join(part for part in (item.why, f"Căn cứ: {item.basis}." if item.basis else "") if part)


def _refusal(content: papers.Refusal) -> list[Block]:
    blocks: list[Block] = [
        _codes(content),
        Rows(_person_rows(content)),
        Say(f"Qua xem xét, {content.office.name} không tiếp nhận, giải quyết hồ sơ này, với căn cứ và lý do sau:"),
        Points(tuple((ground.what, _why(ground)) for ground in content.grounds)),
    ]
    if content.refund_due:
        blocks.append(
            Say(
                "Phí đã nộp ",
                money(content.refund_due),
                f" được hoàn lại cho người nộp. {content.person.you_first} không phải làm gì; bộ phận thu phí sẽ "
                "liên hệ theo điện thoại trong hồ sơ.",
            )
        )
    return [
        *blocks,
        Say(
            f"Không đồng ý, {content.person.you} có quyền khiếu nại đến {content.office.name} hoặc khởi kiện theo quy "
            f"định của pháp luật. {_ask(content).text}"
        ),
        Signatures(
            Signature(("NGƯỜI NỘP HỒ SƠ",), (SIGN_HERE,), filer(content)),
            _officer("NGƯỜI TIẾP NHẬN HỒ SƠ", content.officer, content.written_at),
        ),
    ]


def _control_slip(content: papers.ControlSlip) -> list[Block]:
    lines = tuple(
        (str(position), one.giver, one.taker, f"{hour(one.at)} {day(one.at)}", one.state, one.result)
        for position, one in enumerate(content.handovers, start=1)
    )
    rows = [
        Row("Cơ quan giải quyết", content.office.name),
        *_who(content),
        Row("Nội dung yêu cầu", content.what),
        *([Row("Tiếp nhận", appointment(content.received_at))] if content.received_at else []),
        *([Row("Hẹn trả kết quả", appointment(content.due_at))] if content.due_at else []),
    ]
    return [
        _codes(content),
        Rows(tuple(rows)),
        Table("handovers", ("STT", "Giao", "Nhận", "Thời điểm", "Trạng thái", "Thời hạn"), lines),
        Box("Kết quả giải quyết hồ sơ", content.outcome),
    ]


def _apology(content: papers.Apology) -> list[Block]:
    office, person = content.office.name, content.person
    when = "chưa trả" if content.written_at > content.old_due_at else "không trả"
    you, nothing_to_do = person.you, f"{person.you_first} không phải làm lại gì."
    return [
        _codes(content),
        Say("Kính gửi: ", person.agency or f"Ông/Bà {filer(content)}"),
        Say(
            f"Lúc {hour_and_day(content.received_at)}, {office} đã tiếp nhận hồ sơ của {person.full_name}: "
            f"{content.what[:1].lower()}{content.what[1:]}; hẹn trả kết quả lúc {appointment(content.old_due_at)}."
        ),
        Say(f"{office} {when} được kết quả đúng hẹn. Lý do: ", content.reason, "."),
        Say(f"Sự chậm trễ này gây phiền hà, tốn thời gian, công sức của {you}. {office} xin lỗi {you} và hẹn lại:"),
        Box("Hẹn lại ngày trả kết quả", appointment(content.new_due_at), (nothing_to_do,)),
        Say(f"Mong {you} thông cảm. {_ask(content).text}"),
        Signatures(
            None,
            _officer("\n".join(content.signer_title), content.signer, content.written_at),
        ),
    ]


def _fee_receipt(content: papers.FeeReceipt) -> list[Block]:
    person = content.person
    rows = (
        Row("Đơn vị thu", content.office.name),
        Row("Người nộp", "", filer(content)),
        Row("Địa chỉ", person.address),
        Row("Khoản thu", "Phí cung cấp thông tin lý lịch tư pháp"),
        Row("Cách tính", content.fee_reason),
        Row("Nội dung", content.what),
        Row("Hình thức", content.paid_how),
        Row("Chứng từ", content.voucher),
    )
    return [
        _codes(content),
        Rows(tuple(row for row in rows if row.value or row.strong)),
        Box("Số tiền đã thu", f"{thousands(content.amount)} đồng", (f"Bằng chữ: {in_words(content.amount)}",)),
        Signatures(
            Signature(("NGƯỜI NỘP TIỀN",), (SIGN_HERE,), filer(content)),
            _officer("NGƯỜI THU TIỀN", content.collector, content.paid_at),
        ),
    ]


def _handover_slip(content: papers.HandoverSlip) -> list[Block]:
    receiver = f", số giấy tờ {identity(content.receiver_identity)}" if content.receiver_identity else ""
    notes = (SIGN_HERE,) if content.receiver_signs else (f"Đã nhận lúc {hour_and_day(content.handed_at)}",)
    rows = (
        Row("Cơ quan trả kết quả", content.office.name),
        *_who(content),
        Row("Nội dung yêu cầu", content.what),
        Row("Kết quả", content.result),
        Row("Người nhận", receiver, content.receiver.upper()),
        Row("Cách nhận", content.handed_how),
    )
    return [
        _codes(content),
        Rows(rows),
        Box("Đã nhận kết quả lúc", appointment(content.handed_at)),
        _ask(content),
        Signatures(
            Signature(("NGƯỜI NHẬN KẾT QUẢ",), notes, content.receiver),
            _officer("NGƯỜI TRẢ KẾT QUẢ", content.officer, content.handed_at),
        ),
    ]


def _processing_letter(content: papers.ProcessingLetter) -> list[Block]:
    office, person = content.office.name, content.person
    return [
        _codes(content, content.tracking_code),
        Rows(
            (
                *_who(content),
                Row(person.identity_label, identity(person.identity_number)),
                Row("Nội dung yêu cầu", content.what),
            )
        ),
        Say(
            f"{office} xác nhận: lúc {hour_and_day(content.received_at)} đã tiếp nhận hồ sơ nói trên "
            "và đang giải quyết theo quy định."
        ),
        Box("Hẹn trả kết quả", appointment(content.due_at)),
        Say(
            "Giấy này chỉ xác nhận hồ sơ đang được giải quyết; không nói gì về án tích và không thay Phiếu lý lịch tư "
            "pháp. Nơi nhận giấy kiểm tra bằng cách quét mã, nhập mã theo dõi và mã bí mật ở trên."
        ),
        _ask(content),
        Signatures(None, _officer("BỘ PHẬN MỘT CỬA", office, content.written_at)),
    ]


BLOCKS: dict[Kind, Callable[[Any], list[Block]]] = {
    Kind.TRACKING_SLIP: _tracking_slip,
    Kind.RECEIPT: _receipt,
    Kind.SUPPLEMENT_REQUEST: _supplement_request,
    Kind.REFUSAL: _refusal,
    Kind.CONTROL_SLIP: _control_slip,
    Kind.APOLOGY: _apology,
    Kind.FEE_RECEIPT: _fee_receipt,
    Kind.HANDOVER_SLIP: _handover_slip,
    Kind.PROCESSING_LETTER: _processing_letter,
    Kind.INQUIRY_LETTER: letters.inquiry,
    Kind.INQUIRY_REMINDER: letters.reminder,
}

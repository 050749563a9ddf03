"""What stands on a letter to another agency: about whom, what is asked, until when; pure.

Luật Lý lịch tư pháp 2009, Điều 47; Thông tư liên tịch 04/2012. Printed for the leader's signature in ink, or sent over
the document exchange under the office's own signature.
"""

from lltp_portal.wording import weekday
from requests.papers.blocks import (
    LOCAL,
    SIGN_HERE,
    Block,
    Box,
    Codes,
    Row,
    Rows,
    Say,
    Signature,
    Signatures,
    day,
    grouped,
    hour_and_day,
    identity,
)
from requests.papers.content import InquiryLetter, InquiryReminder

BASIS = "Luật Lý lịch tư pháp năm 2009, Điều 47"


def inquiry(content: InquiryLetter) -> list[Block]:
    return [
        _codes(content),
        Say("Kính gửi: ", content.agency),
        Say(
            f"Căn cứ {BASIS}, {content.office.name} đang giải quyết hồ sơ yêu cầu cấp Phiếu lý lịch tư pháp và đề nghị "
            "quý cơ quan xác minh, cung cấp thông tin về người sau:"
        ),
        _about(content),
        Say("Nội dung đề nghị: ", content.question),
        *_end(content),
    ]


def reminder(content: InquiryReminder) -> list[Block]:
    return [
        _codes(content),
        Say("Kính gửi: ", content.agency),
        Say(
            f"Ngày {day(content.asked_at)}, {content.office.name} đã gửi công văn số {content.asked_number}/CVXM đề "
            f"nghị quý cơ quan xác minh, cung cấp thông tin trước hết ngày {day(content.due_at)}. Đến nay "
            f"{content.office.name} chưa nhận được trả lời. Đề nghị quý cơ quan sớm trả lời về người sau "
            f"(đôn đốc lần {content.round}):"
        ),
        _about(content),
        Say("Nội dung đã đề nghị: ", content.question),
        *_end(content),
    ]


def _codes(content: InquiryLetter) -> Codes:
    foot = ("Khi trả lời, đề nghị ghi ", "mã hồ sơ", " trên.")
    return Codes(content.dossier_number, (("Mã theo dõi", grouped(content.request_code)),), foot)


def _about(content: InquiryLetter) -> Rows:
    person = content.person
    born = "/".join(reversed(person.date_of_birth.split("-")))
    rows = (
        Row("Họ và tên", "", person.full_name.upper()),
        Row("Tên gọi khác", content.other_names),
        Row("Sinh", born),
        Row(person.identity_label, identity(person.identity_number)),
        Row("Cha, mẹ", content.parents),
        Row("Nơi cư trú", person.address),
    )
    return Rows(tuple(row for row in rows if row.value or row.strong))


def _end(content: InquiryLetter) -> list[Block]:
    due = content.due_at.astimezone(LOCAL)
    late = content.written_at > content.due_at
    when = "Hạn trả lời (đã quá)" if late else "Đề nghị trả lời chậm nhất"
    reach = f"Trả lời gửi về {content.office.name}. Liên hệ: {content.office.phone}, giờ làm việc."
    return [
        Box(when, f"{weekday(due)}, ngày {day(due)}", ("Tính theo ngày làm việc kể từ ngày gửi công văn.",)),
        Say(reach),
        Signatures(
            Signature(
                ("NGƯỜI LẬP",), ("Xác nhận trên hệ thống", f"lúc {hour_and_day(content.written_at)}"), content.officer
            ),
            Signature(content.signer_title, (SIGN_HERE,), ""),
        ),
    ]

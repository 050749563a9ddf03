"""Papers for tests: one content of every kind, invented, and reading them back by another program."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2

from requests.models import CertificateRequest, Paper
from requests.papers import content as papers
from requests.papers import printing
from requests.papers.content import Kind, from_json

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
LONG_NAME = "Nguyễn Trần Phương Khánh Huyền Thương Bảo Trân Ngọc Diệp Ánh"
LONG_ADDRESS = (
    "Số 1234/56/78 hẻm 90 ngõ 118 đường Nguyễn Khánh Toàn kéo dài, tổ dân phố số 12, khu phố Hòa Bình - Thống Nhất, "
    "phường Quan Hoa, quận Cầu Giấy, thành phố Hà Nội (đối diện nhà văn hóa khu dân cư số 3)"
)


def moment(month: int, day: int, hour: int = 9, minute: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


def common(**changes: Any) -> dict[str, Any]:
    return {
        "office": papers.Office(
            name="Sở Tư pháp thành phố Hà Nội",
            heading="SỞ TƯ PHÁP",
            parent_body="UBND THÀNH PHỐ HÀ NỘI",
            place="Hà Nội",
            phone="(024) 3999 0190",
        ),
        "person": papers.Person(
            full_name="Trần Nguyễn Đăng Khoa",
            date_of_birth="1990-03-27",
            identity_label="Số định danh cá nhân",
            identity_number="001090993015",
            address="Số 12, ngõ 118 đường Nguyễn Khánh Toàn, phường Quan Hoa, quận Cầu Giấy, thành phố Hà Nội",
            phone="0912345078",
            email="dangkhoa@vi-du.example",
        ),
        "request_code": "YC-7K3M9QD2XT4BR8HN",
        "dossier_number": "H26.12-261119-0142",
        "what": "Cấp Phiếu lý lịch tư pháp số 1, 02 bản",
        "channel": "Trực tuyến",
        "written_at": moment(11, 19),
        "number": 142,
        "series": "TNHS",
        "public_base_url": "https://lltp.vi-du.example",
        **changes,
    }


def receipt(**changes: Any) -> papers.Receipt:
    return papers.Receipt(
        **{
            **common(),
            "tracking_code": "5W6C0VJZ",
            "filed_at": moment(11, 19, 8, 57),
            "filed_how": "Nộp trực tuyến, đã xác thực tài khoản",
            "fee_amount": 200_000,
            "fee_reason": "Mức chung 200.000 đồng",
            "fee_receipts": ("0031877",),
            "enclosures": (
                papers.Enclosure(name="Tờ khai yêu cầu cấp Phiếu (mẫu 12/2024/LLTP)", form="Bản điện tử"),
                papers.Enclosure(name="Thẻ Căn cước công dân, hai mặt", form="Bản chụp"),
            ),
            "received_at": moment(11, 19),
            "due_at": moment(12, 11, 17, 0),
            "term": "15 ngày làm việc",
            "term_notes": ("Không tính Thứ Bảy, Chủ nhật và Thứ Ba 24/11/2026 (Ngày Văn hóa Việt Nam)",),
            "fetched": "bản điện tử",
            "fetched_where": "tại lltp.vi-du.example, mục “Hồ sơ của tôi”",
            "officer": "Phạm Thị Ngọc Lan Hương",
            **changes,
        }
    )


def supplement_request(items: int = 2, **changes: Any) -> papers.SupplementRequest:
    missing = tuple(
        papers.Item(
            what=f"Bản chụp giấy tờ thứ {number}, đủ hai mặt", why=f"bản gửi lần {number} bị mờ, không đọc được"
        )
        for number in range(1, items + 1)
    )
    return papers.SupplementRequest(
        **{
            **common(number=7, series="HDHS"),
            "items": missing,
            "answer_until": moment(12, 4),
            "clock_runs": True,
            "officer": "Phạm Thị Ngọc Lan Hương",
            **changes,
        }
    )


def control_slip(handovers: int = 6, **changes: Any) -> papers.ControlSlip:
    rows = tuple(
        papers.Handover(
            giver=f"Đơn vị giao thứ {number}",
            taker="Chuyên viên thẩm tra",
            at=moment(11, 19, 8, number % 60),
            state="Đang xử lý",
            result="Trong hạn",
        )
        for number in range(1, handovers + 1)
    )
    return papers.ControlSlip(
        **{
            **common(number=None, series=""),
            "handovers": rows,
            "received_at": moment(11, 19),
            "due_at": moment(12, 11, 17, 0),
            "outcome": "Đúng hạn",
            **changes,
        }
    )


def apology(**changes: Any) -> papers.Apology:
    return papers.Apology(
        **{
            **common(number=3, series="XLHS", written_at=moment(12, 10)),
            "received_at": moment(11, 19),
            "old_due_at": moment(12, 11, 17, 0),
            "new_due_at": moment(12, 18, 17, 0),
            "reason": "cơ quan được hỏi chưa trả lời",
            "signer_title": ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
            "signer": "Lê Thị Minh",
            **changes,
        }
    )


def every_kind() -> dict[Kind, papers.PaperContent]:
    """One of each, complete."""
    plain = common(number=None, series="")
    found = [
        papers.TrackingSlip(
            **plain,
            tracking_code="5W6C0VJZ",
            submitted_at=moment(11, 19, 8, 57),
            fee_due=205_000,
            fee_reason="Mức chung",
        ),
        receipt(),
        supplement_request(),
        papers.Refusal(
            **common(number=9, series="TCHS"),
            grounds=(
                papers.Item(
                    what="Người nộp không đủ điều kiện yêu cầu cấp Phiếu cho người khác.",
                    why="Căn cứ: Luật Lý lịch tư pháp 2009, Điều 49 điểm b.",
                ),
            ),
            refund_due=200_000,
            officer="Phạm Thị Ngọc Lan Hương",
        ),
        control_slip(),
        apology(),
        papers.FeeReceipt(
            **common(number=31877, series=""),
            receipt_number="H26.12-BL26-0031877",
            amount=205_000,
            fee_reason="Mức chung 200.000 đồng, cộng 1 bản thêm",
            voucher="GD-260990",
            paid_at=moment(11, 19, 9, 0),
            paid_how="Nộp tại quầy",
            collector="Phạm Thị Ngọc Lan Hương",
        ),
        papers.HandoverSlip(
            **plain,
            result="Phiếu lý lịch tư pháp số 1, số 12/STP-LLTP, ngày 08/12/2026, 02 bản",
            receiver="Trần Nguyễn Đăng Khoa",
            receiver_identity="001090993015",
            handed_how="Nhận tại quầy",
            receiver_signs=True,
            handed_at=moment(12, 9),
            officer="Phạm Thị Ngọc Lan Hương",
        ),
        papers.ProcessingLetter(
            **common(number=4, series="XNHS"),
            tracking_code="5W6C0VJZ",
            received_at=moment(11, 19),
            due_at=moment(12, 11, 17, 0),
        ),
        papers.InquiryLetter(**common(number=5, series="CVXM"), **_asked()),
        papers.InquiryReminder(
            **common(number=2, series="CVĐĐ"),
            **_asked(),
            asked_number="5/CVXM-STP",
            asked_at=moment(11, 20),
            round=1,
        ),
    ]
    return {one.kind: one for one in found}


def _asked() -> dict[str, Any]:
    """What a letter to another agency asks."""
    return {
        "agency": "Tòa án nhân dân huyện Giao Thủy, tỉnh Nam Định",
        "question": "Đề nghị cung cấp bản sao bản án số 12/2009/HS-ST và giấy tờ thi hành án của người có tên trên.",
        "due_at": moment(12, 1, 17, 0),
        "parents": "Cha: Trần Văn Mẫu, sinh năm 1960; mẹ: Nguyễn Thị Ví Dụ",
        "other_names": "Trần Khoa",
        "officer": "Phạm Thị Ngọc Lan Hương",
        "signer_title": ("GIÁM ĐỐC",),
    }


def with_person(content: papers.PaperContent, **changes: str) -> Any:
    return replace(content, person=replace(content.person, **changes))


# --- Reading back ---------------------------------------------------------------------------------------------------


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, spaces made one, as PDFium reads them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def printed(request: CertificateRequest, kind: Kind) -> str:
    """The newest paper of a kind, printed as a worker would, as text."""
    paper = request.papers.filter(kind=kind).newest_first().first()
    assert paper is not None, f"no {kind} was written"
    printing.print_paper(paper.pk, at=paper.next_try_at)
    paper = Paper.objects.get(pk=paper.pk)
    assert paper.is_printed, paper.last_cause
    return text_of(bytes(paper.bytes.pdf))


def frozen(request: CertificateRequest, kind: Kind) -> Any:
    """The content of the newest paper of a kind."""
    paper = request.papers.filter(kind=kind).newest_first().first()
    assert paper is not None, f"no {kind} was written"
    return from_json(paper.kind, paper.content)

"""Invented certificates for the tests of the certificates app."""

import datetime
import hashlib

from django.db import transaction

from certificates import actions
from certificates.content import CertificateContent, Judgment
from certificates.models import Certificate
from lltp_portal.accounts.models import Authority, User, person_key

DAY = datetime.date(2026, 12, 8)
MOMENT = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
CODE = "7K3M9QD2XT4BR8HN5W6C0VJZG1"
BASE = {
    "certificate_type": 1,
    "form_number": "Mẫu số 06/2024/LLTP",
    "form_basis": "(Ban hành kèm theo Thông tư số 06/2024/TT-BTP)",
    "parent_body": "UBND THÀNH PHỐ HÀ NỘI",
    "authority_heading": "SỞ TƯ PHÁP",
    "authority_name": "Sở Tư pháp thành phố Hà Nội",
    "number_suffix": "STP-LLTP",
    "place": "Hà Nội",
    "legal_basis": (
        "Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;",
        "Căn cứ Nghị định số 111/2010/NĐ-CP ngày 23 tháng 11 năm 2010 của Chính phủ quy định chi tiết và hướng dẫn thi "
        "hành một số điều của Luật Lý lịch tư pháp;",
    ),
    "full_name": "TRẦN NGUYỄN ĐĂNG KHOA",
    "sex": "male",
    "date_of_birth": "1990-03-27",
    "place_of_birth": "Xã Giao Long, huyện Giao Thủy, tỉnh Nam Định",
    "nationality": "Việt Nam",
    "identity_number": "001090990001",
    "permanent_residence": "Số 12, ngõ 118 đường Nguyễn Khánh Toàn, phường Quan Hoa, quận Cầu Giấy, thành phố Hà Nội",
    "status": "no_record",
    "status_text": "Không có án tích",
    "signatory_title": ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    "signatory_name": "Lê Thị Minh Nguyệt",
    "public_base_url": "https://lltp.vi-du.example",
}


def draft(**changes) -> CertificateContent:
    return CertificateContent(**{**BASE, **changes})


def numbered(**changes) -> CertificateContent:
    return draft(**changes).completed(number=18427, issued_on=DAY, code=CODE)


def judgment(position: int = 1, **changes) -> Judgment:
    values = {
        "judgment_number": f"{position}/2019/HS-ST",
        "judgment_date": datetime.date(2019, 2, 5) + datetime.timedelta(days=position),
        "court": "Tòa án nhân dân quận Cầu Giấy, thành phố Hà Nội",
        "offences": "Trộm cắp tài sản; khoản 1 Điều 173 Bộ luật Hình sự năm 2015",
        "main_penalty": "09 tháng tù, cho hưởng án treo, thời gian thử thách 18 tháng",
        "additional_penalties": "Phạt tiền 10.000.000 đồng",
    }
    return Judgment(**{**values, **changes})


def convicted(count: int = 1, **changes) -> dict:
    return {
        "status": "has_record",
        "status_text": "Có án tích",
        "judgments": tuple(judgment(position) for position in range(1, count + 1)),
        **changes,
    }


def office() -> Authority:
    return Authority.objects.department_of("01", datetime.date(2025, 2, 28))


def staff(name: str, identity_number: str, authority: Authority | None = None) -> User:
    return User.objects.create_user(
        f"{name}@vi-du.example",
        full_name=name,
        is_staff_member=True,
        authority=authority or office(),
        person_key=person_key(identity_number),
    )


def intend(content: CertificateContent | None = None, *, at: datetime.datetime = MOMENT, **people) -> Certificate:
    """An approved draft with its number; the two people are made when none are given."""
    if not people:
        made = Certificate.objects.first()
        people = (
            {"verified_by": made.verified_by, "approved_by": made.approved_by}
            if made
            else {"verified_by": staff("tham-tra", "001080990001"), "approved_by": staff("duyet", "001070990002")}
        )
    content = content or draft()
    with transaction.atomic():
        return actions.intend(
            content, authority=office(), certificate_type=content.certificate_type, approved_at=at, at=at, **people
        )


def with_unsigned(certificate: Certificate, pdf: bytes = b"%PDF-unsigned") -> Certificate:
    """As if it were printed, without the time that printing takes."""
    Certificate.objects.filter(pk=certificate.pk).update(
        unsigned_pdf=pdf, unsigned_sha256=hashlib.sha256(pdf).hexdigest()
    )
    return Certificate.objects.get(pk=certificate.pk)


def sign_columns(pdf: bytes, at: datetime.datetime = MOMENT) -> dict:
    """The columns that an issued row has."""
    return {"signed_pdf": pdf, "signed_sha256": hashlib.sha256(pdf).hexdigest(), "signed_at": at, "issued_at": at}

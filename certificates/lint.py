"""Does this PDF say exactly what its content says? Asked of the bytes alone, before anything is signed.

The words that are expected stand here once more, in reading order, apart from the template.
"""

from collections.abc import Iterator

from certificates import codes, pdf_checks, wording
from certificates.content import CertificateContent
from certificates.pdf_checks import Expected


def problems(pdf: bytes, content: CertificateContent, *, draft_sha256: str) -> list[str]:
    """Why these bytes must not be signed, each as a sentence; an empty list when they may."""
    import pypdfium2

    if content.is_draft:
        return ["Nội dung là bản nháp: chưa có số, ngày và mã kiểm tra."]
    if content.draft_sha256 != draft_sha256:
        return ["Nội dung khác bản đã duyệt ở chỗ khác ngoài số, ngày và mã kiểm tra."]
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return ["Tệp không phải là PDF đọc được."]
    try:
        return [
            *pdf_checks.structure_problems(pdf, content.number_text),
            *pdf_checks.word_problems(
                [pdf_checks.page_text(page) for page in document], expected_words(content), foot(content)
            ),
            *pdf_checks.sheet_problems(document),
            *pdf_checks.qr_problems(document, f"{content.public_base_url}/c/{content.code}"),
        ]
    finally:
        document.close()


def expected_words(content: CertificateContent) -> Iterator[Expected]:
    """Every word of the certificate but the foot, in reading order (mẫu Phiếu số 1, Thông tư 13/2011/TT-BTP)."""
    yield Expected("Mẫu số", f"{content.form_number} {content.form_basis}")
    yield Expected("Cơ quan cấp", f"{content.parent_body} {content.authority_heading}")
    yield Expected("Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc")
    yield Expected("Số phiếu", f"Số: {content.number}/{content.number_suffix}")
    yield Expected("Ngày cấp", wording.place_and_day(content.place, content.issued_on))
    yield Expected("Tên phiếu", f"PHIẾU LÝ LỊCH TƯ PHÁP SỐ {content.certificate_type}")
    yield Expected("Căn cứ", " ".join(content.legal_basis))
    yield Expected("Xác nhận", "XÁC NHẬN:")
    yield Expected("Họ và tên", f"1. Họ và tên {content.full_name}")
    yield Expected("Giới tính", f"2. Giới tính {wording.SEX_WORDS[content.sex]}")
    yield Expected("Ngày sinh", f"3. Ngày, tháng, năm sinh {wording.short_date(content.date_of_birth)}")
    yield Expected("Nơi sinh", f"4. Nơi sinh {content.place_of_birth}")
    yield Expected("Quốc tịch", f"5. Quốc tịch {content.nationality}")
    yield Expected("Số giấy tờ", f"6. {content.identity_label} {content.identity_number}")
    yield Expected("Nơi thường trú", f"7. Nơi thường trú {content.permanent_residence}")
    yield Expected("Tình trạng án tích", f"8. Tình trạng án tích {wording.STATUS_TEXTS[content.status]}")
    for position, judgment in enumerate(content.judgments, start=1):
        day = wording.long_date(judgment.judgment_date)
        yield Expected(
            f"Bản án {position}",
            f"Bản án số {judgment.judgment_number} {day} của {judgment.court} "
            f"Tội danh, điều khoản của Bộ luật Hình sự được áp dụng {judgment.offences} "
            f"Hình phạt chính {judgment.main_penalty} Hình phạt bổ sung {judgment.additional_penalties}",
        )
    yield Expected("Địa chỉ kiểm tra", f"Kiểm tra tại {content.check_domain}")
    yield Expected("Mã kiểm tra", f"Mã: {codes.grouped(content.code or '')}")
    yield Expected("Chức vụ người ký", " ".join(content.signatory_title))
    day_signed = content.issued_on.strftime("%d/%m/%Y") if content.issued_on else ""
    yield Expected("Khung ký", f"Người ký: {content.signatory_name} Cơ quan: {content.authority_name}")
    yield Expected("Ngày ký", f"Ngày ký: {day_signed}")
    yield Expected("Tên người ký", content.signatory_name)


def foot(content: CertificateContent) -> str:
    return f"Phiếu lý lịch tư pháp số {content.certificate_type} · Số: {content.number}/{content.number_suffix}"

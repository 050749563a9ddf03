"""Is this PDF what was issued? Asked of the bytes, the pinned certificates and the register, apart from signing.py.

Three answers (EN 319 102-1): genuine, not genuine, and "cannot be told"; and a fourth for what is genuine but was
replaced or revoked since. The rule is that of reliability-security 1.4: the signature is valid, covers the entire file,
nothing was changed after it, its certificate is one of ours, and the register knows these very bytes as issued and
still to be accepted. Anything less is never green.
"""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from certificates.models import Certificate, Ending

LARGEST_PDF = 20 * 1024 * 1024


class Answer(StrEnum):
    GENUINE = "genuine"
    NOT_GENUINE = "not_genuine"
    INDETERMINATE = "indeterminate"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Verdict:
    answer: Answer
    reasons: tuple[str, ...]

    @property
    def genuine(self) -> bool:
        return self.answer is Answer.GENUINE


def verify_signed(pdf: bytes, certificate: Certificate | None = None) -> Verdict:
    """The verdict on these bytes. Without a certificate the register is asked which one they are.

    For a certificate that is still intended (signed a moment ago, not yet recorded) the register's part is that the
    bytes are its stored unsigned ones with a signature added.
    """
    if len(pdf) > LARGEST_PDF:
        return _not_genuine("Tệp lớn hơn mọi phiếu từng được cấp.")
    if certificate is None:
        try:
            certificate = Certificate.objects.for_bytes(pdf)
        except (DatabaseError, InterfaceError):
            return _indeterminate("Chưa hỏi được sổ cấp phiếu.")
    signature = check_signature(pdf, signed_at=certificate.signed_at if certificate else None)
    if not signature.genuine:
        return signature
    if wrong := _register_problem(pdf, certificate):
        return _not_genuine(wrong)
    if ended := _ended(certificate):
        return Verdict(Answer.ENDED, (ended,))
    return Verdict(Answer.GENUINE, (*signature.reasons, _register_says(certificate)))


def _register_problem(pdf: bytes, certificate: Certificate | None) -> str | None:
    if certificate is None:
        return "Sổ cấp phiếu không có tệp này."
    if certificate.status == Certificate.Status.VOID:
        return "Phiếu này đã bị hủy."
    if certificate.status in Certificate.SIGNED:
        same = certificate.signed_sha256 == hashlib.sha256(pdf).hexdigest()
        return None if same else "Tệp khác bản đã cấp trong sổ."
    unsigned = bytes(certificate.unsigned_pdf or b"")
    return None if unsigned and pdf.startswith(unsigned) else "Tệp không phải bản in của phiếu này."


def _ended(certificate: Certificate | None) -> str:
    """Since when it is not to be accepted any more, in words; empty while it is."""
    if certificate is None or certificate.status not in Ending.Kind.values:
        return ""
    ending = certificate.ending
    how = "được thay bằng một Phiếu khác" if ending.kind == Ending.Kind.REPLACED else "bị thu hồi"
    return f"Phiếu này đã {how} ngày {timezone.localtime(ending.at):%d/%m/%Y}."


def _register_says(certificate: Certificate | None) -> str:
    issued = certificate is not None and certificate.status == Certificate.Status.ISSUED
    return "Đúng từng byte với bản đã cấp trong sổ." if issued else "Đúng bản in đã lưu, chưa ghi sổ."


# ---- the signature alone -------------------------------------------------------------------------------------------


def check_signature(pdf: bytes, *, signed_at: datetime | None = None) -> Verdict:
    """What the bytes and the pinned certificates say, without the register."""
    try:
        roots, pinned = pinned_certificates()
    except (OSError, ValueError):
        return _indeterminate("Máy này chưa có danh sách chứng thư tin cậy (SIGNING_TRUST_FILE).")
    try:
        signature = _only_signature(pdf)
        if isinstance(signature, str):
            return _not_genuine(signature)
        status = asyncio.run(_validated(signature, roots, signed_at or timezone.now()))
    except (SoftTimeLimitExceeded, MemoryError):  # says something about this machine, nothing about the file
        return _indeterminate("Chưa kiểm tra xong chữ ký: máy hết thời gian hoặc bộ nhớ.")
    except Exception as error:  # a hostile file may break the reader anywhere; whatever breaks is not genuine
        return _not_genuine(f"Tệp hoặc chữ ký không đọc được ({type(error).__name__}).")
    reasons = _signature_problems(status, signature, pinned)
    return Verdict(Answer.NOT_GENUINE, tuple(reasons)) if reasons else Verdict(Answer.GENUINE, ("Chữ ký số hợp lệ.",))


def pinned_certificates() -> tuple[list[Any], set[bytes]]:
    """The authorities that are trusted, and the fingerprints of the certificates that may sign."""
    from pyhanko.keys import load_certs_from_pemder_data

    roots = list(load_certs_from_pemder_data(Path(settings.SIGNING_TRUST_FILE).read_bytes()))
    signers = list(load_certs_from_pemder_data(Path(settings.SIGNING_CERTIFICATE_FILE).read_bytes()))
    return roots, {certificate.sha256 for certificate in signers}


def _only_signature(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    if not signatures:
        return "Tệp không có chữ ký số."
    return signatures[0] if len(signatures) == 1 else "Tệp có nhiều hơn một chữ ký số."


async def _validated(signature: Any, roots: list[Any], moment: datetime) -> Any:
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    # A certificate that expired since is no fault: the register says when it was signed.
    context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail")
    return await async_validate_pdf_signature(signature, signer_validation_context=context)


def _signature_problems(status: Any, signature: Any, pinned: set[bytes]) -> list[str]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    checks = (
        (status.intact and status.valid, "Nội dung tệp đã bị sửa sau khi ký."),
        (status.trusted, "Chữ ký không do cơ quan chứng thực được tin cậy cấp."),
        (status.signing_cert.sha256 in pinned, "Chứng thư ký không phải của cơ quan cấp phiếu."),
        (status.coverage is SignatureCoverageLevel.ENTIRE_FILE, "Chữ ký không bao trùm toàn bộ tệp."),
        (status.modification_level is ModificationLevel.NONE, "Tệp có phần thêm vào sau khi ký."),
        (status.docmdp_ok and signature.docmdp_level is not None, "Chữ ký không khóa tệp."),
        (status.bottom_line, "Chữ ký số không hợp lệ."),
    )
    return [sentence for good, sentence in checks if not good]


def _not_genuine(reason: str) -> Verdict:
    return Verdict(Answer.NOT_GENUINE, (reason,))


def _indeterminate(reason: str) -> Verdict:
    return Verdict(Answer.INDETERMINATE, (reason,))

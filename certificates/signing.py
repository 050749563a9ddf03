"""The only way to the signing key: a certificate's row in, signed bytes out. There is no unsigned return.

The key is readable in the signer's process alone (LLTP_ROLE=signer), which never loads WeasyPrint: what is signed was
printed, read back and stored elsewhere, and this module looks at nothing but that row (Luật Giao dịch điện tử 2023
Art. 22: a digital signature is made with data under the signer's sole control).
"""

import asyncio
import hashlib
import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from certificates.failures import NotReady, NotTheSigner, SigningRefused
from certificates.models import Certificate
from lltp_portal.failpoints import reach

FIELD_NAME = "ChuKySo"
FIELD_LABEL = "Chữ ký số của cơ quan cấp phiếu"
RESERVED_BYTES = 8192


def sign(certificate_id: int) -> bytes:
    """The signed bytes of this certificate; the stored ones when it is signed already."""
    if not settings.SIGNING_KEY_FILE:
        raise NotTheSigner("Tiến trình này không giữ khóa ký. Chỉ tiến trình ký (LLTP_ROLE=signer) được ký phiếu.")
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.status in Certificate.SIGNED:
        return bytes(certificate.signed_pdf or b"")
    _refuse_what_may_not_be_signed(certificate)
    signed = _signed(bytes(certificate.unsigned_pdf or b""))
    reach("after_sign")
    return signed


def _refuse_what_may_not_be_signed(certificate: Certificate) -> None:
    if certificate.status != Certificate.Status.INTENDED:
        raise SigningRefused("Phiếu đã hủy nên không được ký.")
    people = (certificate.verified_by_id, certificate.approved_by_id)
    if None in people or certificate.approved_at is None:
        raise SigningRefused("Phiếu thiếu người xác minh, người duyệt hoặc giờ duyệt nên không được ký.")
    if people[0] == people[1]:
        raise SigningRefused("Người xác minh và người duyệt là một nên phiếu không được ký.")
    if certificate.content_sha256 != hashlib.sha256(certificate.content.encode()).hexdigest():
        raise SigningRefused("Nội dung phiếu không khớp mã băm đã lưu nên phiếu không được ký.")
    if certificate.unsigned_pdf is None:
        raise NotReady("Phiếu chưa in xong nên chưa ký được; hệ thống sẽ tự thử lại.")
    if certificate.unsigned_sha256 != hashlib.sha256(bytes(certificate.unsigned_pdf)).hexdigest():
        raise SigningRefused("Bản in đã lưu không khớp mã băm nên phiếu không được ký.")


def _signed(pdf: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = io.BytesIO()
    signer = _pdf_signer(settings.SIGNING_KEY_FILE, settings.SIGNING_CERTIFICATE_FILE)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    asyncio.run(signer.async_sign_pdf(writer, output=out, bytes_reserved=RESERVED_BYTES * 2))
    return out.getvalue()


@cache
def _pdf_signer(key_file: str, certificate_file: str) -> Any:
    """Key and signer as this process keeps them: reading them again costs more than signing (performance A)."""
    from pyhanko.sign import signers
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(sig_field_name=FIELD_NAME, readable_field_name=FIELD_LABEL)
    return signers.PdfSigner(metadata, _signer(key_file, certificate_file), new_field_spec=field)


def _signer(key_file: str, certificate_file: str) -> Any:
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = load_key(key_file)
    first, *others = load_certs_from_pemder_data(_read(certificate_file, "chứng thư ký"))
    _refuse_wrong_certificate(key, first)
    store = SimpleCertificateStore.from_certs([first, *others])

    class KeptKey(Signer):
        """pyHanko's own signer reads the key anew for each signature."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return _raw_signature(key, data)

    return KeptKey(signing_cert=first, cert_registry=store)


def load_key(key_file: str) -> Any:
    """The private key, or a sentence that says what is wrong with its file."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(key_file, "khóa ký"), password=None)
    except (ValueError, TypeError) as error:
        raise NotTheSigner("Tệp khóa ký không phải là khóa PEM không mật khẩu. Xem docs/settings.md.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise NotTheSigner("Khóa ký phải là khóa RSA hoặc ECDSA.")
    return key


def _raw_signature(key: Any, data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _refuse_wrong_certificate(key: Any, certificate: Any) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public != certificate.public_key.dump():
        raise NotTheSigner("Khóa ký và chứng thư ký không phải của nhau. Kiểm tra SIGNING_KEY_FILE.")
    if not certificate.not_valid_before <= datetime.now(UTC) <= certificate.not_valid_after:
        raise NotTheSigner("Chứng thư ký chưa đến hạn dùng hoặc đã hết hạn. Thay chứng thư rồi khởi động lại.")


def _read(path: str, what: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise NotTheSigner(f"Không đọc được tệp {what} ({error.strerror}). Xem docs/settings.md.") from error

"""A key and an authority for trying things out. Both say THỬ NGHIỆM in their names, and production refuses them."""

import datetime
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TEST_MARK = "THỬ NGHIỆM"
AUTHORITY_NAME = f"CA {TEST_MARK} - Lý lịch tư pháp"
SIGNER_NAME = f"Ký Phiếu LLTP - {TEST_MARK}"
LIFE = datetime.timedelta(days=3650)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Dữ liệu {TEST_MARK}"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey):
    authority = subject == issuer
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=3 * 366))  # demo data walk the real actions into the past
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def make_test_keys(key_file: Path, certificate_file: Path, trust_file: Path) -> bool:
    """Write key, certificate and authority (0600); False when they are there. The authority's own key is not kept."""
    if all(path.is_file() and path.stat().st_size for path in (key_file, certificate_file, trust_file)):
        return False
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(AUTHORITY_NAME, authority_key, AUTHORITY_NAME, authority_key)
    signer = _certificate(SIGNER_NAME, key, AUTHORITY_NAME, authority_key)
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(trust_file, authority.public_bytes(pem))
    _write(certificate_file, signer.public_bytes(pem))
    _write(key_file, plain)
    return True


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    unfinished.replace(path)


def is_test_certificate(path: Path) -> bool:
    """Whether a certificate in this file says THỬ NGHIỆM; a file that cannot be read is no test certificate."""
    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return False
    return any(TEST_MARK in certificate.subject.rfc4514_string() for certificate in certificates)

"""Signing in the signer alone, and a verification that every known way of tampering fails."""

import datetime
import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import OperationalError

from certificates import actions, signing, verification
from certificates.failures import NotReady, NotTheSigner, SigningRefused
from certificates.models import Certificate
from certificates.trial_keys import make_test_keys
from certificates.verification import Answer, verify_signed
from tests.certificates_samples import MOMENT, intend

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    make_test_keys(folder / "signer.key", folder / "signer.crt", folder / "ca.crt")
    return folder


def use_keys(settings, folder: Path) -> None:
    settings.SIGNING_KEY_FILE = str(folder / "signer.key")
    settings.SIGNING_CERTIFICATE_FILE = str(folder / "signer.crt")
    settings.SIGNING_TRUST_FILE = str(folder / "ca.crt")


@pytest.fixture
def signer(settings, key_folder):
    use_keys(settings, key_folder)


@pytest.fixture
def ready(signer) -> Certificate:
    """Printed and waiting for its signature."""
    made = intend()
    actions.store_unsigned(made.pk)
    return Certificate.objects.get(pk=made.pk)


@pytest.fixture
def issued(ready) -> Certificate:
    actions.record_signed(ready.pk, signing.sign(ready.pk), at=MOMENT)
    return Certificate.objects.get(pk=ready.pk)


def said(verdict) -> str:
    return " ".join(verdict.reasons)


# ---- signing -------------------------------------------------------------------------------------------------------


def test_signed_bytes_are_the_unsigned_ones_with_a_signature_added(ready):
    signed = signing.sign(ready.pk)
    assert signed.startswith(bytes(ready.unsigned_pdf))
    assert verify_signed(signed, ready).genuine
    assert Certificate.objects.get(pk=ready.pk).signed_pdf is None, "storing is record_signed's work"


def test_signing_an_issued_certificate_gives_the_stored_bytes(issued):
    assert signing.sign(issued.pk) == bytes(issued.signed_pdf)


def test_poppler_and_qpdf_agree_with_us(issued, tmp_path):
    if not (shutil.which("pdfsig") and shutil.which("qpdf")):
        pytest.skip("pdfsig (poppler-utils) and qpdf are not installed")
    file = tmp_path / "phieu.pdf"
    file.write_bytes(bytes(issued.signed_pdf))
    told = subprocess.run(["pdfsig", file], capture_output=True, text=True).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "THỬ NGHIỆM" in told
    assert subprocess.run(["qpdf", "--check", file], capture_output=True).returncode == 0


def test_a_process_without_the_key_is_not_the_signer(ready, settings):
    settings.SIGNING_KEY_FILE = ""
    with pytest.raises(NotTheSigner, match="LLTP_ROLE=signer"):
        signing.sign(ready.pk)


def test_a_void_certificate_is_not_signed(ready):
    actions.void(ready.pk, "Người yêu cầu rút.")
    with pytest.raises(SigningRefused, match="đã hủy"):
        signing.sign(ready.pk)


def test_a_certificate_that_is_not_printed_yet_waits(signer):
    with pytest.raises(NotReady, match="tự thử lại"):
        signing.sign(intend().pk)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"verified_by_id": None}, "thiếu người xác minh"),
        ({"approved_by_id": None}, "thiếu người xác minh, người duyệt"),
        ({"approved_at": None}, "giờ duyệt"),
        ({"approved_by_id": 1, "verified_by_id": 1}, "là một"),
        ({"content": "{}"}, "Nội dung phiếu không khớp"),
        ({"unsigned_pdf": b"%PDF-other"}, "Bản in đã lưu không khớp"),
        ({"unsigned_sha256": "0" * 64}, "Bản in đã lưu không khớp"),
        ({"status": "void"}, "đã hủy"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_row_that_does_not_add_up_is_refused(ready, monkeypatch, change, reason):
    """The database refuses such rows already; the signer does not rely on it."""
    for name, value in change.items():
        setattr(ready, name, value)
    monkeypatch.setattr(Certificate.objects, "get", lambda **_: ready)
    with pytest.raises(SigningRefused, match=reason):
        signing.sign(ready.pk)


def other_key(tmp_path, kind) -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    key = {"ec": lambda: ec.generate_private_key(ec.SECP256R1()), "ed25519": ed25519.Ed25519PrivateKey.generate}[kind]()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path / f"{kind}.key"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return str(file)


def test_a_key_that_is_missing_unreadable_or_not_the_certificates_stops_with_a_sentence(ready, settings, tmp_path):
    not_pem = tmp_path / "not.pem"
    not_pem.write_text("khóa")
    for path, reason in (
        (str(tmp_path / "nowhere.key"), "Không đọc được tệp khóa ký"),
        (str(not_pem), "không phải là khóa PEM"),
        (other_key(tmp_path, "ec"), "không phải của nhau"),
        (other_key(tmp_path, "ed25519"), "RSA hoặc ECDSA"),
    ):
        settings.SIGNING_KEY_FILE = path
        with pytest.raises(NotTheSigner, match=reason):
            signing.sign(ready.pk)


def test_an_expired_certificate_signs_nothing(ready, time_machine):
    signing._pdf_signer.cache_clear()
    time_machine.move_to(datetime.datetime(2050, 1, 1, tzinfo=datetime.UTC))
    with pytest.raises(NotTheSigner, match="hết hạn"):
        signing.sign(ready.pk)


def test_an_rsa_key_signs_as_well(ready, settings, tmp_path, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric import rsa

    from certificates import trial_keys

    monkeypatch.setattr(trial_keys.ec, "generate_private_key", lambda curve: rsa.generate_private_key(65537, 2048))
    folder = tmp_path / "rsa"
    make_test_keys(folder / "signer.key", folder / "signer.crt", folder / "ca.crt")
    use_keys(settings, folder)
    assert verify_signed(signing.sign(ready.pk), ready).genuine


def test_the_signer_never_loads_weasyprint(ready, key_folder):
    program = (
        "import sys, django; django.setup()\n"
        "from django.core.checks import run_checks\n"
        "from certificates import actions, models, signing, verification\n"
        "assert run_checks() == [], run_checks()\n"
        "signed = signing._signed(sys.stdin.buffer.read())\n"
        "assert verification.check_signature(signed).genuine\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in {'weasyprint', 'pydyf'}))"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lltp_portal.settings",
        "LLTP_ROLE": "signer",
        "SIGNING_KEY_FILE": str(key_folder / "signer.key"),
        "SIGNING_CERTIFICATE_FILE": str(key_folder / "signer.crt"),
        "SIGNING_TRUST_FILE": str(key_folder / "ca.crt"),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], input=bytes(ready.unsigned_pdf), env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == "[]"


# ---- verification --------------------------------------------------------------------------------------------------


def test_an_issued_file_is_genuine_and_found_by_its_bytes(issued):
    verdict = verify_signed(bytes(issued.signed_pdf))
    assert verdict.answer is Answer.GENUINE
    assert "Đúng từng byte" in said(verdict)


def test_a_file_stays_genuine_when_the_signers_certificate_has_expired_since(issued, time_machine):
    time_machine.move_to(datetime.datetime(2050, 1, 1, tzinfo=datetime.UTC))
    assert verify_signed(bytes(issued.signed_pdf)).genuine


def flip_a_byte(pdf, ready):
    place = len(pdf) // 3
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def repaint(pdf, ready):
    """An incremental update that paints something else over the page, as a forger would."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 595 400 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), stream])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def append_comment(pdf, ready):
    return pdf + b"\n% nothing to see here\n"


def strip_signature(pdf, ready):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root["/AcroForm"]
        del document.pages[0]["/Annots"]
        document.save(out)
    return out.getvalue()


def write_anew(pdf, ready):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


def concatenate(pdf, ready):
    return bytes(ready.unsigned_pdf) + pdf


def unsigned(pdf, ready):
    return bytes(ready.unsigned_pdf)


def truncated(pdf, ready):
    return pdf[:-300]


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (flip_a_byte, "đã bị sửa sau khi ký"),
        (repaint, "Chữ ký không bao trùm toàn bộ tệp"),
        (append_comment, "Chữ ký không bao trùm toàn bộ tệp"),
        (strip_signature, "Tệp không có chữ ký số"),
        (write_anew, "đã bị sửa sau khi ký"),
        (concatenate, ""),
        (truncated, ""),
        (unsigned, "Tệp không có chữ ký số"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_tampering_is_never_genuine_neither_by_signature_nor_by_register(issued, ready, tamper, reason):
    pdf = tamper(bytes(issued.signed_pdf), ready)
    for verdict in (verification.check_signature(pdf), verify_signed(pdf), verify_signed(pdf, issued)):
        assert verdict.answer is Answer.NOT_GENUINE
        assert reason in said(verdict)
    assert verify_signed(pdf, ready).answer is Answer.NOT_GENUINE


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"\0" * 1000, b"<html>"])
def test_what_is_no_pdf_is_not_genuine(signer, pdf):
    assert verify_signed(pdf).answer is Answer.NOT_GENUINE


@pytest.mark.parametrize("tired", [SoftTimeLimitExceeded, MemoryError])
def test_a_machine_that_is_out_of_time_or_memory_says_nothing_about_the_file(issued, monkeypatch, tired):
    def gives_up(pdf):
        raise tired

    monkeypatch.setattr(verification, "_only_signature", gives_up)
    assert verify_signed(bytes(issued.signed_pdf), issued).answer is Answer.INDETERMINATE


def test_a_huge_file_is_refused_without_being_read(signer):
    assert "lớn hơn mọi phiếu" in said(verify_signed(b"0" * (verification.LARGEST_PDF + 1)))


def test_a_signer_of_the_same_name_from_another_authority_is_not_trusted(ready, settings, tmp_path, key_folder):
    make_test_keys(tmp_path / "signer.key", tmp_path / "signer.crt", tmp_path / "ca.crt")
    use_keys(settings, tmp_path)
    forged = signing.sign(ready.pk)
    use_keys(settings, key_folder)
    verdict = verify_signed(forged, ready)
    assert verdict.answer is Answer.NOT_GENUINE
    assert "được tin cậy" in said(verdict)


def test_a_certificate_of_our_own_authority_that_is_not_pinned_is_refused(ready, settings, key_folder):
    """Trusted by the same authority, but not one of the certificates that may sign."""
    signed = signing.sign(ready.pk)
    settings.SIGNING_CERTIFICATE_FILE = str(key_folder / "ca.crt")
    assert "không phải của cơ quan cấp phiếu" in said(verify_signed(signed, ready))


def test_a_signature_that_leaves_the_file_open_is_not_genuine(ready, settings):
    """Signed with our key, but not certified: later changes would be allowed."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    kept = signing._signer(settings.SIGNING_KEY_FILE, settings.SIGNING_CERTIFICATE_FILE)
    metadata = signers.PdfSignatureMetadata(field_name="Mo", subfilter=fields.SigSeedSubFilter.PADES)
    out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(bytes(ready.unsigned_pdf))), metadata, signer=kept)
    verdict = verify_signed(out.getvalue(), ready)
    assert verdict.answer is Answer.NOT_GENUINE
    assert "không khóa tệp" in said(verdict)


def test_two_signatures_are_one_too_many(ready, settings):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    pdf = bytes(ready.unsigned_pdf)
    for name in ("Mot", "Hai"):
        kept = signing._signer(settings.SIGNING_KEY_FILE, settings.SIGNING_CERTIFICATE_FILE)
        metadata = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
        pdf = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=kept).getvalue()
    assert "nhiều hơn một chữ ký" in said(verify_signed(pdf, ready))


def test_a_file_that_the_register_does_not_know_is_not_genuine(ready):
    """Signed with our very key, but never recorded."""
    verdict = verify_signed(signing.sign(ready.pk))
    assert verdict.answer is Answer.NOT_GENUINE
    assert "Sổ cấp phiếu không có tệp này" in said(verdict)


def test_another_signature_over_the_same_certificate_is_not_the_issued_file(issued, ready):
    again = signing._signed(bytes(ready.unsigned_pdf))
    assert hashlib.sha256(again).hexdigest() != issued.signed_sha256
    assert "khác bản đã cấp" in said(verify_signed(again, issued))


def test_the_signed_file_of_another_certificate_is_refused(issued):
    other = intend()
    actions.store_unsigned(other.pk)
    other = Certificate.objects.get(pk=other.pk)
    assert "không phải bản in của phiếu này" in said(verify_signed(bytes(issued.signed_pdf), other))


def test_a_void_certificates_file_is_not_genuine(ready):
    signed = signing.sign(ready.pk)
    actions.void(ready.pk, "In hỏng.")
    assert "đã bị hủy" in said(verify_signed(signed, Certificate.objects.get(pk=ready.pk)))


def test_without_the_register_nothing_is_concluded(issued, monkeypatch):
    def away(pdf):
        raise OperationalError("gone")

    monkeypatch.setattr(Certificate.objects, "for_bytes", away)
    assert verify_signed(bytes(issued.signed_pdf)).answer is Answer.INDETERMINATE


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_without_the_pinned_certificates_nothing_is_concluded(issued, settings, tmp_path, content):
    trust = tmp_path / "ca.crt"
    if content:
        trust.write_text(content)
    settings.SIGNING_TRUST_FILE = str(trust)
    assert verify_signed(bytes(issued.signed_pdf)).answer is Answer.INDETERMINATE


def test_the_command_tells_the_verdict_and_its_reasons(issued, tmp_path, capsys):
    file = tmp_path / "phieu.pdf"
    file.write_bytes(bytes(issued.signed_pdf))
    call_command("verify_certificate", file)
    assert "HỢP LỆ (genuine)" in capsys.readouterr().out
    file.write_bytes(append_comment(bytes(issued.signed_pdf), None))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_certificate", file)
    assert ended.value.code == 1
    assert "KHÔNG HỢP LỆ (not_genuine)\n- Chữ ký không bao trùm toàn bộ tệp." in capsys.readouterr().out
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("verify_certificate", tmp_path / "nowhere.pdf")

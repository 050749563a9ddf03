"""What must be in place before a start: fonts, PDF engine, keys. Missing things stop it with a sentence."""

import builtins
import io
import shutil
import stat
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from certificates import checks
from certificates.content import ROOT
from certificates.trial_keys import make_test_keys


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_as_shipped_everything_is_in_place():
    assert [message for message in run_checks() if (message.id or "").startswith("certificates.")] == []


def test_a_missing_font_stops_the_start(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "certificates/fonts", tmp_path / "certificates/fonts")
    (tmp_path / "certificates/fonts/Tinos-Bold.ttf").unlink()
    (tmp_path / "certificates/fonts/Tinos-Italic.ttf").write_bytes(b"no font")
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    found = checks.fonts_are_complete(None)
    assert ids(found) == ["certificates.E001", "certificates.E001"]
    assert "Tinos-Bold.ttf is missing" in found[0].msg
    assert "Restore certificates/fonts" in found[0].hint


def test_a_font_without_a_vietnamese_letter_stops_the_start(tmp_path, monkeypatch):
    from fontTools import subset
    from fontTools.ttLib import TTFont

    shutil.copytree(ROOT / "certificates/fonts", tmp_path / "certificates/fonts")
    file = tmp_path / "certificates/fonts/Tinos-Regular.ttf"
    font = TTFont(io.BytesIO(file.read_bytes()))
    subsetter = subset.Subsetter()
    subsetter.populate(unicodes=set(font.getBestCmap()) - {ord("ạ"), ord("ừ")})
    subsetter.subset(font)
    font.save(file)
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    found = checks.fonts_are_complete(None)
    assert ids(found) == ["certificates.E002"]
    assert "lacks 2 letters" in found[0].msg
    assert "ạừ" in found[0].msg


def test_a_pdf_engine_that_does_not_load_stops_all_but_the_signer(settings, monkeypatch):
    real = builtins.__import__

    def without_weasyprint(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'\nmore")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_weasyprint)
    settings.LLTP_ROLE = "worker"
    found = checks.pdf_engine_loads(None)
    assert ids(found) == ["certificates.E003"]
    assert found[0].msg == "WeasyPrint cannot be loaded: cannot load library 'libpango-1.0-0'"
    settings.LLTP_ROLE = "signer"
    assert checks.pdf_engine_loads(None) == []


def test_a_signer_without_key_or_certificates_does_not_start(settings, tmp_path):
    settings.LLTP_ROLE = "signer"
    settings.SIGNING_KEY_FILE = ""
    settings.SIGNING_CERTIFICATE_FILE = str(tmp_path / "nowhere.crt")
    settings.SIGNING_TRUST_FILE = str(tmp_path / "empty.crt")
    (tmp_path / "empty.crt").touch()
    found = checks.signer_has_its_key(None)
    assert ids(found) == ["certificates.E004"] * 3
    assert "SIGNING_KEY_FILE" in found[0].msg
    settings.LLTP_ROLE = "web"
    assert checks.signer_has_its_key(None) == []


def test_production_refuses_test_keys(settings, tmp_path):
    make_test_keys(tmp_path / "signer.key", tmp_path / "signer.crt", tmp_path / "ca.crt")
    settings.SIGNING_CERTIFICATE_FILE = str(tmp_path / "signer.crt")
    settings.SIGNING_TRUST_FILE = str(tmp_path / "ca.crt")
    assert checks.production_signs_in_earnest(None) == []
    settings.DEMO = False
    assert ids(checks.production_signs_in_earnest(None)) == ["certificates.E005"] * 2
    settings.SIGNING_CERTIFICATE_FILE = settings.SIGNING_TRUST_FILE = str(tmp_path / "nowhere.crt")
    assert checks.production_signs_in_earnest(None) == []


def test_test_keys_are_made_once_readable_by_their_owner_alone(settings, tmp_path, capsys):
    files = {
        "SIGNING_KEY_FILE": tmp_path / "keys/signer.key",
        "SIGNING_CERTIFICATE_FILE": tmp_path / "keys/signer.crt",
        "SIGNING_TRUST_FILE": tmp_path / "keys/ca.crt",
    }
    for name, path in files.items():
        setattr(settings, name, str(path))
    call_command("make_test_keys")
    first = {name: path.read_bytes() for name, path in files.items()}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files.values())
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["ca.crt", "signer.crt", "signer.key"]
    call_command("make_test_keys")
    assert {name: path.read_bytes() for name, path in files.items()} == first
    assert capsys.readouterr().out.splitlines()[1].startswith("Test keys are there")


def test_without_a_named_key_file_the_key_goes_to_the_local_folder(settings, tmp_path):
    settings.SIGNING_KEY_FILE = ""
    settings.LLTP_HOME = tmp_path
    settings.SIGNING_CERTIFICATE_FILE = str(tmp_path / "keys/signer.crt")
    settings.SIGNING_TRUST_FILE = str(tmp_path / "keys/ca.crt")
    call_command("make_test_keys")
    assert Path(tmp_path / "keys/signer.key").is_file()


def test_production_makes_no_test_keys(settings, tmp_path):
    settings.DEMO = False
    settings.SIGNING_KEY_FILE = str(tmp_path / "signer.key")
    with pytest.raises(CommandError, match="production"):
        call_command("make_test_keys")
    assert not (tmp_path / "signer.key").exists()

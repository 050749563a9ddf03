"""What must be in place before anything starts: fonts, the PDF engine, keys that fit this kind of house."""

import io
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from certificates.alphabet import PRINTABLE
from certificates.content import ROOT
from certificates.press import FACES
from certificates.trial_keys import is_test_certificate


@register("start")
def fonts_are_complete(app_configs, **_) -> list[CheckMessage]:
    """Every letter that a certificate may carry is in every face: a missing one would come from another font."""
    from fontTools.ttLib import TTFont, TTLibError

    found: list[CheckMessage] = []
    for name in FACES:
        path = ROOT / "certificates/fonts" / name
        try:
            letters = TTFont(io.BytesIO(path.read_bytes()), lazy=True).getBestCmap()
        except (OSError, TTLibError):
            found.append(
                Error(
                    f"The certificates' font {name} is missing or cannot be read.",
                    hint="Restore certificates/fonts from the repository, or run script/local/subset_fonts.py.",
                    id="certificates.E001",
                )
            )
            continue
        missing = sorted(character for character in PRINTABLE if ord(character) not in letters)
        if missing:
            found.append(
                Error(
                    f"The font {name} lacks {len(missing)} letters that certificates use: {''.join(missing[:20])}",
                    hint="Run script/local/subset_fonts.py, or restore certificates/fonts from the repository.",
                    id="certificates.E002",
                )
            )
    return found


@register("start")
def pdf_engine_loads(app_configs, **_) -> list[CheckMessage]:
    """WeasyPrint needs Pango from the system. The signer prints nothing and never loads it (decisions 6)."""
    if settings.LLTP_ROLE in {"signer", "beat"}:
        return []
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        return [
            Error(
                f"WeasyPrint cannot be loaded: {str(error).splitlines()[0]}",
                hint="Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 (script/setup does).",
                id="certificates.E003",
            )
        ]
    return []


@register("start")
def signer_has_its_key(app_configs, **_) -> list[CheckMessage]:
    """A signer without a key would leave every approved request waiting in silence."""
    if settings.LLTP_ROLE != "signer":
        return []
    wanted = {
        "SIGNING_KEY_FILE": settings.SIGNING_KEY_FILE,
        "SIGNING_CERTIFICATE_FILE": settings.SIGNING_CERTIFICATE_FILE,
        "SIGNING_TRUST_FILE": settings.SIGNING_TRUST_FILE,
    }
    return [
        Error(
            f"The signer cannot start: {name} names no file that can be read.",
            hint="Give the signer its key and certificates (docs/settings.md); for tests: manage.py make_test_keys.",
            id="certificates.E004",
        )
        for name, path in wanted.items()
        if not path or not _readable(Path(path))
    ]


@register("start")
def production_signs_in_earnest(app_configs, **_) -> list[CheckMessage]:
    """Test keys say so in their names; nothing that they sign may leave a real office."""
    if settings.DEMO:
        return []
    return [
        Error(
            f"{name} is a test certificate (THỬ NGHIỆM); production refuses it.",
            hint="Set the certificate that a licensed authority issued to the office.",
            id="certificates.E005",
        )
        for name in ("SIGNING_CERTIFICATE_FILE", "SIGNING_TRUST_FILE")
        if is_test_certificate(Path(getattr(settings, name)))
    ]


def _readable(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False

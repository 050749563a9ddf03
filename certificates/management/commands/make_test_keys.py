"""Keys for a laptop or a test: what is signed with them proves nothing, and says so in its names."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certificates.trial_keys import make_test_keys


class Command(BaseCommand):
    help = "Makes a test authority, certificate and signing key (THỬ NGHIỆM) where the settings name them."
    requires_system_checks = []  # the checks want the keys that this makes

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Test keys are for LLTP_MODE=demo; production signs with a key of its own.")
        key_file = Path(settings.SIGNING_KEY_FILE or settings.LLTP_HOME / "keys" / "signer.key")
        files = (key_file, Path(settings.SIGNING_CERTIFICATE_FILE), Path(settings.SIGNING_TRUST_FILE))
        made = make_test_keys(*files)
        self.stdout.write(f"Test keys {'made' if made else 'are there'}: {', '.join(file.name for file in files)}.")

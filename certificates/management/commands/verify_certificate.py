"""A PDF → verdict with reasons; for a person at a terminal and for scripts."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from certificates.verification import Answer, verify_signed

WORDS = {
    Answer.GENUINE: "HỢP LỆ",
    Answer.NOT_GENUINE: "KHÔNG HỢP LỆ",
    Answer.INDETERMINATE: "CHƯA KẾT LUẬN ĐƯỢC",
    Answer.ENDED: "KHÔNG CÒN GIÁ TRỊ",
}
EXIT_CODES = {Answer.GENUINE: 0, Answer.NOT_GENUINE: 1, Answer.INDETERMINATE: 2, Answer.ENDED: 1}


class Command(BaseCommand):
    help = "Says whether a PDF is a certificate as it was issued. Exit 0 genuine, 1 not genuine, 2 cannot be told."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        try:
            pdf = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được {file}: {error.strerror}.", returncode=2) from error
        verdict = verify_signed(pdf)
        self.stdout.write(f"{WORDS[verdict.answer]} ({verdict.answer})")
        for reason in verdict.reasons:
            self.stdout.write(f"- {reason}")
        if not verdict.genuine:
            raise SystemExit(EXIT_CODES[verdict.answer])

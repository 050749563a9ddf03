"""Makes the keys under which people are found anew, after a release that changed them."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.management.commands.import_register import SHOW_EVERY, with_dots
from records.register.loading import AnotherImportRuns
from records.register.rebuilding import rebuild_keys


class Command(BaseCommand):
    help = "Dựng lại khóa tra cứu của cơ sở dữ liệu trung ương. Trong khi chạy, mọi câu trả lời là chưa đủ."

    def handle(self, *args: Any, **options: Any) -> None:
        self._shown = time.monotonic()
        try:
            done = rebuild_keys(on_progress=self._progress)
        except AnotherImportRuns:
            raise CommandError("Đang có một lần nạp hoặc dựng khóa khác. Hãy đợi xong rồi chạy lại.") from None
        except KeyboardInterrupt:
            raise CommandError("Đã dừng theo yêu cầu; chưa dựng xong. Hãy chạy lại.", returncode=130) from None
        self.stdout.write(f"Đã dựng lại khóa của {with_dots(done)} người.")

    def _progress(self, done: int) -> None:
        if time.monotonic() - self._shown >= SHOW_EVERY:
            self._shown = time.monotonic()
            self.stdout.write(f"… {with_dots(done)} người")

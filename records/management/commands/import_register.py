"""Loads a register file: re-runnable, in batches, with progress; bad lines are refused and named."""

import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from records.crew import Broken
from records.register.loading import AnotherImportRuns, CutShort, run_import
from records.register.models import RegisterImport
from records.register.preparing import Line

SHOW_EVERY = 2.0  # seconds


def with_dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class Command(BaseCommand):
    help = "Nạp tệp hồ sơ lý lịch tư pháp (JSON Lines) vào cơ sở dữ liệu trung ương. Chạy lại được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp JSON Lines; - là đầu vào chuẩn")
        parser.add_argument("--lines", type=int, help="số dòng của tệp theo nơi gửi; khác số đó thì lần nạp không đóng")
        parser.add_argument("--name", default="", help="tên để nhận ra cùng một tệp khi đọc từ đầu vào chuẩn")

    def handle(self, *args: Any, **options: Any) -> None:
        stream, source = self._open(options["file"], options["name"])
        self._began = self._shown = time.monotonic()
        try:
            run = run_import(
                stream,
                source=source,
                now=timezone.now,
                on_refused=self._refused,
                on_progress=self._progress,
                lines=options["lines"],
            )
        except CutShort as error:
            raise CommandError(
                f"Tệp có {with_dots(error.lines)} dòng, nơi gửi nói {with_dots(options['lines'])}: có thể tệp bị cắt. "
                "Lần nạp còn mở; hãy lấy lại tệp rồi chạy lại."
            ) from None
        except AnotherImportRuns:
            raise CommandError("Đang có một lần nạp khác. Hãy đợi lần nạp đó xong rồi chạy lại.") from None
        except OSError as error:
            raise CommandError(f"Không đọc được tệp: {error.strerror}. Lần nạp còn mở; hãy chạy lại.") from None
        except Broken as error:
            raise CommandError(f"Một tiến trình đọc tệp đã dừng ({error}). Lần nạp còn mở; hãy chạy lại.") from None
        except KeyboardInterrupt:
            raise CommandError("Đã dừng theo yêu cầu. Lần nạp còn mở; hãy chạy lại.", returncode=130) from None
        except Error as error:
            # The database's own words may quote the row.
            raise CommandError(
                f"Cơ sở dữ liệu trung ương gặp lỗi ({type(error).__name__}). Lần nạp còn mở; hãy chạy lại."
            ) from None
        finally:
            stream.close()
        self._sum_up(run)

    def _open(self, file: str, name: str) -> tuple[BinaryIO, str]:
        if file == "-":
            return sys.stdin.buffer, name
        path = Path(file)
        try:
            return path.open("rb"), name or str(path.resolve())
        except OSError as error:
            raise CommandError(f"Không mở được tệp: {error.strerror}.") from None

    def _refused(self, line: Line) -> None:
        assert line.refused
        self.stderr.write(f"Dòng {line.number}: {line.refused.field}: {line.refused.message}")

    def _progress(self, run: RegisterImport) -> None:
        now = time.monotonic()
        if now - self._shown >= SHOW_EVERY:
            self._shown = now
            rate = int(run.lines_read / max(now - self._began, 0.001))
            self.stdout.write(f"… {with_dots(run.lines_read)} dòng, {with_dots(rate)} dòng/giây")

    def _sum_up(self, run: RegisterImport) -> None:
        seconds = time.monotonic() - self._began
        self.stdout.write(
            f"Lần nạp {run.pk}: đọc {with_dots(run.lines_read)} dòng, lưu {with_dots(run.persons_stored)} người, "
            f"{with_dots(run.repeated)} dòng lặp lại register_id (dòng sau thay dòng trước), {seconds:.1f} giây."
        )
        for earlier in RegisterImport.objects.open().exclude(pk=run.pk).order_by("pk"):
            self.stdout.write(
                f"Lần nạp {earlier.pk} còn mở ({earlier.missing}), nên mọi câu trả lời còn chưa đầy đủ: nạp lại đúng "
                "tệp đó, hoặc đóng bằng close_import kèm lý do."
            )
        if run.refused:
            raise CommandError(
                f"Từ chối {with_dots(run.refused)} dòng. Lần nạp {run.pk} còn mở (thiếu các dòng đó): "
                "sửa tệp rồi nạp lại, hoặc đóng bằng close_import kèm lý do.",
                returncode=1,
            )

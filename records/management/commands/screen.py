"""Screens a file of applicants against the register: one answer a line, in the order of the input."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from records import crew
from records.json_lines import JsonLines
from records.management.commands.import_register import SHOW_EVERY, with_dots
from records.screening import Screened, cannot_find
from records.screening_process import screen_lines

BATCH = 500


class Command(BaseCommand):
    help = "Tra cứu hàng loạt: trả lời từng người trong tệp như cổng sẽ trả lời, không lập hồ sơ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("applicants", metavar="APPLICANTS", help="tệp JSON Lines; - là đầu vào chuẩn")
        parser.add_argument("--output", required=True, metavar="RESULTS", help="tệp kết quả; - là đầu ra chuẩn")
        parser.add_argument("--processes", type=int, default=None, metavar="SỐ", help="mặc định: số lõi của máy")

    def handle(self, *args: Any, **options: Any) -> None:
        self._began = self._shown = time.monotonic()
        self._answered = self._refused = 0
        self._doubt: str | None = None
        try:
            with ExitStack() as files:
                self._look_at_register()
                stream = self._input(options["applicants"], files)
                self._output = self._open_output(options["output"], files)
                work = crew.worked_through(JsonLines(stream).batches(BATCH), screen_lines, options["processes"])
                for batch, screened in work:
                    self._write(screened)
                    self._progress(batch.lines_read)
        except crew.Broken as error:
            raise CommandError(f"Một tiến trình tra cứu đã dừng ({error}). Kết quả chưa đủ.") from None
        except OSError as error:
            raise CommandError(f"Không đọc hoặc không ghi được tệp: {error.strerror}. Kết quả chưa đủ.") from None
        except Error as error:  # the database's own words may quote a person
            raise CommandError(f"Cơ sở dữ liệu trung ương gặp lỗi ({type(error).__name__}). Kết quả chưa đủ.") from None
        except KeyboardInterrupt:
            raise CommandError("Đã dừng theo yêu cầu. Kết quả chưa đủ.", returncode=130) from None
        self._sum_up()

    def _look_at_register(self) -> None:
        """Before anything is written: a register in which nobody can be found would clear everybody."""
        if cause := cannot_find():
            raise CommandError(f"Không tra cứu được: {cause}")

    def _input(self, name: str, files: ExitStack) -> BinaryIO:
        return sys.stdin.buffer if name == "-" else files.enter_context(Path(name).open("rb"))

    def _open_output(self, name: str, files: ExitStack) -> Any:
        return self.stdout if name == "-" else files.enter_context(Path(name).open("w", encoding="utf-8"))

    def _write(self, screened: Screened) -> None:
        if screened.cannot_find:
            raise CommandError(f"Không tra cứu được nữa: {screened.doubt} Kết quả chưa đủ.")
        for number, field, message in screened.refused:
            self.stderr.write(f"Dòng {number}: {field}: {message}")
        if screened.doubt and screened.doubt != self._doubt:
            self._doubt = screened.doubt
            self.stderr.write(f"Cảnh báo: {screened.doubt} Người không tìm thấy có thể vẫn có hồ sơ.")
        for line in screened.results:
            self._output.write(line + "\n")
        self._answered += len(screened.results)
        self._refused += len(screened.refused)

    def _progress(self, lines_read: int) -> None:
        now = time.monotonic()
        if now - self._shown >= SHOW_EVERY:
            self._shown = now
            rate = int(lines_read / max(now - self._began, 0.001))
            self.stderr.write(f"… {with_dots(lines_read)} dòng, {with_dots(rate)} dòng/giây")

    def _sum_up(self) -> None:
        seconds = time.monotonic() - self._began
        self.stderr.write(f"Đã trả lời {with_dots(self._answered)} người trong {seconds:.1f} giây.")
        if self._refused:
            raise CommandError(f"Từ chối {with_dots(self._refused)} dòng; các dòng khác đã có kết quả.", returncode=1)

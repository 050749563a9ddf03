"""Takes papers from a JSON Lines file into the queue of incoming information; bad lines are refused and named."""

import sys
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from records.incoming import actions
from records.incoming.lines import read_lines
from records.reading import Refused


class Command(BaseCommand):
    help = "Nhận thông tin gửi đến (JSON Lines, mỗi dòng một văn bản về một người) vào hàng đợi. Chạy lại được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp JSON Lines; - là đầu vào chuẩn")
        parser.add_argument("--by", default="import_incoming", help="người chịu trách nhiệm về tệp")

    def handle(self, *args: Any, **options: Any) -> None:
        taken = known = refused = 0
        with self._open(options["file"]) as stream:
            for number, found in read_lines(stream):
                problem = found if isinstance(found, Refused) else None
                if problem is None:
                    try:
                        received = actions.receive_once(found, by=options["by"])
                    except Refused as error:
                        problem = error
                    except Error as error:
                        name = type(error).__name__  # the database's own words may quote the row
                        raise CommandError(f"Dòng {number}: cơ sở dữ liệu gặp lỗi ({name}). Hãy chạy lại.") from None
                    else:
                        taken, known = taken + received.is_new, known + (not received.is_new)
                if problem is not None:
                    refused += 1
                    self.stderr.write(f"Dòng {number}: {problem.field}: {problem.message}")
        self.stdout.write(f"Nhận {taken} văn bản mới, {known} văn bản đã có từ trước, từ chối {refused} dòng.")
        if refused:
            raise CommandError(f"Từ chối {refused} dòng: sửa các dòng đó rồi nạp lại tệp.", returncode=1)

    def _open(self, file: str) -> BinaryIO:
        if file == "-":
            return sys.stdin.buffer
        try:
            return Path(file).open("rb")
        except OSError as error:
            raise CommandError(f"Không mở được tệp: {error.strerror}.") from None

"""Writes the register as a file of the same contract that import_register reads."""

import json
from argparse import FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from records.register.queries import all_records


class Command(BaseCommand):
    help = "Xuất cơ sở dữ liệu trung ương ra tệp JSON Lines, một người một dòng, theo thứ tự register_id."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output", type=FileType("w", encoding="utf-8"), default=None, help="tệp để ghi; không nêu là đầu ra chuẩn"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output = options["output"] or self.stdout
        for record in all_records():
            output.write(json.dumps(record.to_json(), ensure_ascii=False) + "\n")
        if options["output"]:
            output.close()

"""Counts how common names are in the central register and writes that as a new version, never over an old one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records import frequencies, weighing
from records.register.queries import all_names

# Below it a name could point at somebody; above it, it is everybody's.
AT_LEAST = 50


class Command(BaseCommand):
    help = "Đếm tần suất họ, chữ đệm, tên và họ tên trong cơ sở dữ liệu trung ương, ghi thành một phiên bản mới."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", metavar="VERSION", help="tên phiên bản, ví dụ 2027-01")
        parser.add_argument("--folder", type=Path, default=weighing.FOLDER, help="thư mục ghi tệp")
        parser.add_argument("--at-least", type=int, default=AT_LEAST, help="chỉ ghi tên có từ bấy nhiêu người")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["folder"] / f"names-{options['version']}.toml"
        if path.exists():
            raise CommandError(f"Đã có phiên bản {options['version']}. Hãy đặt tên khác: phiên bản cũ không được sửa.")
        counted = frequencies.count(all_names())
        if not counted.people:
            raise CommandError("Cơ sở dữ liệu trung ương chưa có ai. Hãy nạp dữ liệu trước.")
        provenance = f"count_names: {counted.people} people of a register, names of {options['at_least']} or more"
        path.write_text(
            frequencies.written(options["version"], provenance, counted, at_least=options["at_least"]), encoding="utf-8"
        )
        self.stdout.write(f"Đã đếm {counted.people} người, ghi {path.name}.")

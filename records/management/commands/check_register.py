"""Checks the whole register at once; the sweeper does the same by and by."""

from typing import Any

from django.core.management.base import BaseCommand

from records import quality, quality_run
from records.register.living import QualityIssue, QualityPass
from records.scores import Share


class Command(BaseCommand):
    help = "Kiểm tra chất lượng cơ sở dữ liệu: đúng, đủ, sạch, sống. Chạy lại được; bị ngắt thì chạy tiếp từ chỗ dừng."

    def handle(self, *args: Any, **options: Any) -> None:
        walk = quality_run.check_all(on_page=self._progress)
        self.stdout.write(f"Lượt {walk.pk}: đã kiểm tra {walk.people} người.")
        for kind, label in quality.KINDS.items():
            self.stdout.write(f"{label}: {QualityIssue.objects.open().filter(kind=kind).count()} việc cần xử lý")
        for source, clean, everyone in walk.scores:
            share = Share(source, clean, everyone)
            self.stdout.write(f"{source}: sạch {share.words} ({clean}/{everyone})")

    def _progress(self, walk: QualityPass) -> None:
        self.stdout.write(f"… {walk.people} người")

"""Offices that may ask this deployment: add one, switch it on or off, make and revoke keys, make the key that signs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from lltp_portal.errors import PortalError
from records.central import actions, wire
from records.central.models import Delegation


class Command(BaseCommand):
    help = "Ủy quyền tra cứu cho đơn vị có hệ thống riêng; không nêu việc thì liệt kê các đơn vị."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", metavar="VIỆC")
        add = acts.add_parser("add", help="thêm một đơn vị; chưa được hỏi gì cho đến khi bật và có khóa")
        add.add_argument("code", metavar="MÃ")
        add.add_argument("--name", required=True, help="tên đơn vị")
        add.add_argument("--a-minute", type=int, default=300, help="số câu hỏi mỗi phút (300)")
        for act, words in (("on", "bật ủy quyền"), ("off", "ngừng ủy quyền")):
            switch = acts.add_parser(act, help=words)
            switch.add_argument("code", metavar="MÃ")
            switch.add_argument("--reason", required=True, help="lý do, ví dụ số văn bản")
            switch.add_argument("--from", dest="effective_from", help="từ thời điểm sắp tới, có múi giờ (ISO 8601)")
        key = acts.add_parser("key", help="tạo khóa mới; chỉ hiện một lần")
        key.add_argument("code", metavar="MÃ")
        revoke = acts.add_parser("revoke", help="thu hồi một khóa")
        revoke.add_argument("key_id", metavar="SỐ_KHÓA")
        for one in (add, *(acts.choices[name] for name in ("on", "off")), key, revoke):
            one.add_argument("--by", required=True, help="người chịu trách nhiệm")
        signing = acts.add_parser("signing-key", help="tạo khóa ký câu trả lời vào một tệp mới, in khóa công khai")
        signing.add_argument("path", metavar="TỆP")

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"] or "list"
        try:
            getattr(self, f"_{act.replace('-', '_')}")(options)
        except PortalError as error:
            raise CommandError(error.message) from None

    def _office(self, options: dict[str, Any]) -> Delegation:
        office = Delegation.objects.filter(code=options["code"]).first()
        if office is None:
            raise CommandError(f"Không có đơn vị mang mã {options['code']}.")
        return office

    def _list(self, options: dict[str, Any]) -> None:
        for office in Delegation.objects.with_standing(timezone.now()):
            keys = ", ".join(office.keys.filter(revoked_at=None).values_list("key_id", flat=True)) or "chưa có khóa"
            self.stdout.write(f"{office.code}\t{'bật' if office.is_on else 'tắt'}\t{keys}\t{office.name}")

    def _add(self, options: dict[str, Any]) -> None:
        office = actions.add_office(
            code=options["code"], name=options["name"], a_minute=options["a_minute"], by=options["by"]
        )
        self.stdout.write(f"Đã thêm {office.name}. Bật bằng `on`, tạo khóa bằng `key`.")

    def _on(self, options: dict[str, Any]) -> None:
        self._switch(options, on=True)

    def _off(self, options: dict[str, Any]) -> None:
        self._switch(options, on=False)

    def _switch(self, options: dict[str, Any], *, on: bool) -> None:
        moment = None
        if options["effective_from"]:
            moment = parse_datetime(options["effective_from"])
            if moment is None or timezone.is_naive(moment):
                raise CommandError("--from phải là thời điểm có múi giờ, ví dụ 2026-01-02T08:00:00+07:00.")
        row = actions.switch(
            self._office(options), on=on, reason=options["reason"], by=options["by"], effective_from=moment
        )
        since = timezone.localtime(row.effective_from)
        self.stdout.write(f"{row.delegation.name}: {'bật' if on else 'tắt'} từ {since:%H:%M %d/%m/%Y}.")

    def _key(self, options: dict[str, Any]) -> None:
        text = actions.make_key(self._office(options), by=options["by"])
        self.stderr.write("Khóa chỉ hiện lần này; giao cho đơn vị qua kênh an toàn (LLTP_CENTRAL_KEY của họ):")
        self.stdout.write(text)

    def _revoke(self, options: dict[str, Any]) -> None:
        key = actions.revoke_key(options["key_id"], by=options["by"])
        self.stdout.write(f"Đã thu hồi khóa {key.key_id} của {key.delegation.name}.")

    def _signing_key(self, options: dict[str, Any]) -> None:
        path = Path(options["path"])
        pem = wire.new_private_pem()
        try:
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(pem)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp khóa ({error.strerror}); không ghi đè tệp có sẵn.") from None
        public = wire.read_private(pem).public_key()
        self.stderr.write(f"Khóa {wire.key_id(public)}. Khóa công khai cho LLTP_CENTRAL_PINNED_KEYS của các đơn vị:")
        self.stdout.write(wire.public_text(public))

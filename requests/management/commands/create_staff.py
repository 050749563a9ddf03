"""Make an account for somebody who works here; they set their own password by the link that is printed."""

import getpass
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lltp_portal.accounts import actions
from lltp_portal.accounts.models import Authority
from lltp_portal.accounts.roles import STAFF_ROLES
from lltp_portal.errors import PortalError
from requests import policy

NATIONAL = "national_centre"


class Command(BaseCommand):
    help = "Makes a staff account. The person's 12-digit number is read from standard input, never from the arguments."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="full name, as signed")
        parser.add_argument("--role", required=True, action="append", choices=sorted(STAFF_ROLES))
        parser.add_argument("--office", help=f"province code (two digits) or {NATIONAL}; for roles of an office")

    def handle(self, *args, **options) -> None:
        number = getpass.getpass("Số định danh (12 chữ số): ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            user = actions.create_staff(
                email=options["email"],
                full_name=options["name"],
                roles=options["role"],
                authority=self._office(options["office"]),
                identity_number=number.strip(),
            )
        except PortalError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.email}: {user.role_labels}\n{actions.set_password_link(user)}")

    def _office(self, code: str | None) -> Authority | None:
        """The office that issues by the law that the portal runs by."""
        if code is None:
            return None
        day = policy.law_day(timezone.now())
        offices = Authority.objects.in_force_on(day)
        if code == NATIONAL:
            return offices.get(kind__in=Authority.NATIONAL)
        office = offices.filter(kind__in=Authority.PROVINCIAL, province_code=code).first()
        if office is None:
            raise CommandError(f"No office with the code {code}. Codes are those of the provinces on {day}.")
        return office

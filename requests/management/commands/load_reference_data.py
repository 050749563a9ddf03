"""Load what the law and the administration give: roles, offices, days off, the law. Safe to run at any time."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lltp_portal.accounts import reference
from lltp_portal.calendars import seed
from requests.law import loading
from requests.law.files import LawFileError


class Command(BaseCommand):
    help = "Loads roles, issuing offices, the working calendar and the law; the law's rows are only ever added to."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Roles: {reference.load_roles()}")
        self.stdout.write(f"Offices: {reference.load_authorities()}")
        self.stdout.write(f"Days in the calendar: {seed.load_days()}")
        try:
            law, local = loading.load(), loading.load_local()
        except LawFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Law: {law.added} rows added, {law.kept} kept, {law.only_stored} of another version")
        self.stdout.write(f"Offices' own rules: {local.added} added, {local.kept} kept")

"""Load what the law and the administration give: roles, offices, days off. Safe to run at any time."""

from django.core.management.base import BaseCommand
from django.db import transaction

from lltp_portal.accounts import reference
from lltp_portal.calendars import seed


class Command(BaseCommand):
    help = "Loads roles, issuing offices and the working calendar; rows that are there are brought up to date."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Roles: {reference.load_roles()}")
        self.stdout.write(f"Offices: {reference.load_authorities()}")
        self.stdout.write(f"Days in the calendar: {seed.load_days()}")

"""Reference data of this app: roles as groups, issuing offices from data/authorities.csv."""

import csv
from datetime import date
from pathlib import Path

from django.contrib.auth.models import Group

from lltp_portal.accounts.models import Authority
from lltp_portal.accounts.roles import ROLES

AUTHORITIES = Path(__file__).parent / "data" / "authorities.csv"


def load_roles() -> int:
    """One group a role; returns how many roles there are."""
    for name in ROLES:
        Group.objects.get_or_create(name=name)
    return len(ROLES)


def load_authorities() -> int:
    """Insert or update each office by its key; an office that is no longer in the file stays."""
    with AUTHORITIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key = {
            "kind": row.pop("kind"),
            "province_code": row.pop("province_code"),
            "valid_from": date.fromisoformat(row.pop("valid_from")),
        }
        valid_to = row.pop("valid_to")
        Authority.objects.update_or_create(
            **key, defaults={**row, "valid_to": date.fromisoformat(valid_to) if valid_to else None}
        )
    return len(rows)

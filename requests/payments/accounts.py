"""The bank accounts into which fees are paid, one an office, from the file that PAYMENT_ACCOUNTS_FILE names."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from requests.payments import vietqr

COLUMNS = ("authority", "bank_bin", "bank_name", "account_number", "account_name")
EVERYBODY = "*"


class Account(NamedTuple):
    """An office's account for fees, as it is shown and drawn into the QR code."""

    bank_bin: str
    bank_name: str
    account_number: str
    account_name: str


@lru_cache(maxsize=4)
def read(path: str) -> dict[str, Account]:
    """Dossier identifier of the office → its account; `*` is for every office that is not named."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for number, row in enumerate(rows, 2):
        if set(row) != set(COLUMNS) or not all(row.values()):
            raise ValueError(f"{Path(path).name}, line {number}: needs the columns {', '.join(COLUMNS)}, none empty.")
        account = Account(row["bank_bin"], row["bank_name"], row["account_number"], row["account_name"])
        vietqr.payload(bank_bin=account.bank_bin, account_number=account.account_number, amount=1, purpose="X")
        found[row["authority"]] = account
    return found


def account_of(authority) -> Account | None:
    """Where this office's fees are paid into; None where no account is set, and then no transfer is offered."""
    if not settings.PAYMENT_ACCOUNTS_FILE:
        return None
    accounts = read(str(settings.PAYMENT_ACCOUNTS_FILE))
    return accounts.get(authority.dossier_identifier) or accounts.get(EVERYBODY)

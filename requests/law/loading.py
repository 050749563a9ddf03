"""Brings the files of the law into the table: adds what is new, leaves what is the same, refuses what was changed."""

from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from lltp_portal.accounts.models import Authority
from requests.law import files, table
from requests.law.files import LawFileError, Row
from requests.models import LawRow, LocalRule

LOCAL = files.FOLDER / "local"


class Loaded(NamedTuple):
    """`only_stored`: rows that the table has and the files do not, such as those of a newer version."""

    added: int
    kept: int
    only_stored: int = 0


@transaction.atomic
def load(folder: Path = files.FOLDER) -> Loaded:
    """Every row of the files is in the table afterwards. Raises LawFileError, and then nothing was added."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('load the law', 0))")
    rows = files.read(folder)
    stored = {(row.kind, row.key, row.valid_from): row for row in LawRow.objects.all()}
    new = []
    for row in rows:
        same = stored.pop((row.kind, row.key, row.valid_from), None)
        if same is None:
            new.append(row)
        else:
            _refuse_changes(row, same)
    _refuse_rows_before_stored_ones(new)
    LawRow.objects.bulk_create([LawRow(**vars(row)) for row in new])
    table.forget()
    return Loaded(len(new), len(rows) - len(new), len(stored))


def _refuse_changes(row: Row, stored: LawRow) -> None:
    changed = [
        name for name in ("valid_to", "value", "version", "source") if getattr(row, name) != getattr(stored, name)
    ]
    if changed:
        raise LawFileError(
            f"{row}: tệp khác với dòng đã nạp (phiên bản {stored.version}) ở {', '.join(changed)}. "
            f"{files.ADD_A_ROW} Để nguyên dòng cũ trong tệp {row.kind}.toml."
        )


def _refuse_rows_before_stored_ones(new: list[Row]) -> None:
    last: dict[tuple[str, str], LawRow] = {}
    for stored in LawRow.objects.order_by("valid_from"):
        last[stored.kind, stored.key] = stored
    for row in new:
        before = last.get((row.kind, row.key))
        if before is None:
            continue
        if row.valid_from < before.valid_from or (before.valid_to and row.valid_from <= before.valid_to):
            raise LawFileError(
                f"{row}: nằm trước hoặc chồng lên dòng đã nạp từ {before.valid_from:%d/%m/%Y}. {files.ADD_A_ROW}"
            )


@transaction.atomic
def load_local(folder: Path = LOCAL) -> Loaded:
    """What offices had decided before they could say it on their own page; each row once."""
    added = kept = 0
    for path in sorted(folder.glob("*.toml")):
        for row in files.read_file(path):
            found = _local_row(row)
            if LocalRule.objects.filter(**found).exists():
                kept += 1
            else:
                LocalRule.objects.create(**found)
                added += 1
    return Loaded(added, kept)


def _local_row(row: Row) -> dict:
    """The key of such a row is province/channel; the file's name is its kind."""
    province, channel = row.key.split("/")
    return {
        "authority": Authority.objects.of_province(province, row.valid_from),
        "kind": row.kind,
        "channel": channel,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "legal_basis": row.source,
        **row.value,
    }

"""Writes batches of persons into the register, each batch with its keys in one transaction."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from psycopg2.extras import execute_values

from records.facts import RegisterRecord
from records.keys import keys_of
from records.register import rows
from records.register.models import RegisterImport
from records.register_file import Line, RegisterFile

BATCH = 1000
MOST_REFUSED_LINES = 10_000
# One run at a time: two would wait for each other's rows. The number is ours alone; it falls with the connection.
IMPORT_LOCK = 4_201_990_001

UPSERT = f"""
INSERT INTO public.register_registerperson ({", ".join(rows.PERSON_COLUMNS)}, stored_by_id) VALUES %s
ON CONFLICT (register_id) DO UPDATE SET
  {", ".join(f"{column} = EXCLUDED.{column}" for column in (*rows.PERSON_COLUMNS[1:], "stored_by_id"))}
RETURNING register_id, id
"""
CHILDREN = {
    "register_identitydocument": rows.DOCUMENT_COLUMNS,
    "register_conviction": rows.CONVICTION_COLUMNS,
    "register_ban": rows.BAN_COLUMNS,
    "register_matchkey": ("key", "person_id"),
}


class AnotherImportRuns(Exception):
    """A second run at the same time is refused."""


def run_import(
    stream: Any,
    *,
    source: str,
    now: Callable[[], datetime],
    on_refused: Callable[[Line], None],
    on_progress: Callable[[RegisterImport], None],
) -> RegisterImport:
    """Read and store the whole file. The run's row is open from before the first line until the end is clean."""
    _lock_out_others()
    try:
        run = RegisterImport.objects.create(source=source, started_at=now())
        waiting = {earlier.pk: earlier for earlier in RegisterImport.objects.open().exclude(pk=run.pk)}
        recognised = {pk for pk, earlier in waiting.items() if source and earlier.source == source}
        file = RegisterFile(stream)
        for batch in _batches(file):
            _store_batch(run, file, batch, on_refused)
            recognised |= {pk for pk, earlier in waiting.items() if _begins_alike(earlier, file)}
            on_progress(run)
        _finish(run, recognised, now())
        return run
    finally:
        _let_others_in()


def _lock_out_others() -> None:
    with connections["central"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORT_LOCK])
        if not cursor.fetchone()[0]:
            raise AnotherImportRuns


def _let_others_in() -> None:
    with connections["central"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORT_LOCK])


def _batches(file: RegisterFile) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in file:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _begins_alike(earlier: RegisterImport, file: RegisterFile) -> bool:
    """The same bytes up to where the earlier run had come: it is that file again."""
    return earlier.bytes_read == file.bytes_read > 0 and earlier.digest == file.digest


def _finish(run: RegisterImport, recognised: set[int], at: datetime) -> None:
    """A clean run closes itself and the earlier runs of the same file; a run with refused lines stays open."""
    run.finished_at = at
    if run.refused == 0:
        run.state, run.closed_at = RegisterImport.State.CLOSED, at
        RegisterImport.objects.open().filter(pk__in=recognised).update(
            state=RegisterImport.State.CLOSED, closed_at=at, close_reason=f"Lần nạp {run.pk} đã nạp trọn tệp này."
        )
    run.save()


def _store_batch(
    run: RegisterImport, file: RegisterFile, batch: list[Line], on_refused: Callable[[Line], None]
) -> None:
    refused = [line for line in batch if line.refused]
    with transaction.atomic(using="central"):
        people = {line.record.register_id: line.record for line in batch if line.record}
        again = store(people.values(), run.pk) if people else 0
        _keep_what_people_decided(people, run)
        run.persons_stored += len(people) - again
        run.repeated += sum(1 for line in batch if line.record) - len(people) + again
        run.refused += len(refused)
        room = MOST_REFUSED_LINES - len(run.refused_lines)
        run.refused_lines += [line.number for line in refused[: max(room, 0)]]
        run.lines_read, run.bytes_read, run.digest = file.lines_read, file.bytes_read, file.digest
        run.save()
    for line in refused:
        on_refused(line)


def _keep_what_people_decided(register_ids: Iterable[str], run: RegisterImport) -> None:
    from records.register.after_import import keep_what_people_decided  # noqa: PLC0415 - it stores persons by `store`

    keep_what_people_decided(register_ids, run.pk, run.started_at)


def store(people: Iterable[RegisterRecord], import_id: int) -> int:
    """Insert or update these persons with all their rows and keys; how many of them this run had stored before."""
    ordered = sorted(people, key=lambda record: record.register_id)  # one order for all: no deadlock
    central = connections["central"]
    with central.cursor() as cursor, central.wrap_database_errors:
        known = _known(cursor, [record.register_id for record in ordered])
        ids = dict(
            execute_values(
                cursor.cursor,
                UPSERT,
                [(*rows.person_row(record), import_id) for record in ordered],
                page_size=len(ordered),
                fetch=True,
            )
        )
        _replace_rows(cursor, ordered, ids, [ids[register_id] for register_id in known])
    return sum(stored_by == import_id for stored_by in known.values())


def _known(cursor: Any, register_ids: list[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT register_id, stored_by_id FROM public.register_registerperson WHERE register_id = ANY(%s)",
        [register_ids],
    )
    return dict(cursor.fetchall())


def _replace_rows(cursor: Any, people: list[RegisterRecord], ids: dict[str, int], old: list[int]) -> None:
    children: dict[str, list[rows.Row]] = {table: [] for table in CHILDREN}
    for record in people:
        person_id = ids[record.register_id]
        children["register_identitydocument"] += rows.document_rows(person_id, record)
        children["register_conviction"] += rows.conviction_rows(person_id, record)
        children["register_ban"] += rows.ban_rows(person_id, record)
        children["register_matchkey"] += [(key, person_id) for key in keys_of(record)]
    for table, columns in CHILDREN.items():
        if old:
            cursor.execute(f"DELETE FROM public.{table} WHERE person_id = ANY(%s)", [old])
        if children[table]:
            copied = io.StringIO("".join(_copy_line(row) for row in children[table]))
            cursor.copy_expert(f"COPY public.{table} ({', '.join(columns)}) FROM STDIN", copied)


def _copy_line(row: rows.Row) -> str:
    return "\t".join(_copy_value(value) for value in row) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value).replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")

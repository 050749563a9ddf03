"""Writes batches of persons into the register, each batch with its keys in one transaction."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from records import crew
from records.json_lines import Batch, JsonLines
from records.keys import SCHEME
from records.register import rows
from records.register.models import KeyScheme, RegisterImport, RegisterPerson
from records.register.preparing import CHILDREN, Line, Prepared, prepare_lines

BATCH = 1000
MOST_REFUSED_LINES = 10_000
# One run at a time: two would wait for each other's rows. The number is ours alone; it falls with the connection.
IMPORT_LOCK = 4_201_990_001

# A batch is one JSON text: far cheaper to write and to read than a thousand rows of values.
UPSERT = f"""
INSERT INTO public.register_registerperson ({", ".join(rows.PERSON_COLUMNS)}, stored_by_id)
SELECT {", ".join(f"r.{column}" for column in rows.PERSON_COLUMNS)}, %s
  FROM jsonb_to_recordset(%s) AS r ({", ".join(f"{name} {kind}" for name, kind in rows.PERSON_TYPES.items())})
ON CONFLICT (register_id) DO UPDATE SET
  {", ".join(f"{column} = EXCLUDED.{column}" for column in (*rows.PERSON_COLUMNS[1:], "stored_by_id"))}
RETURNING register_id, id
"""


class AnotherImportRuns(Exception):
    """A second run at the same time is refused."""


class CutShort(Exception):
    """The file has another number of lines than its sender says."""

    def __init__(self, lines: int) -> None:
        super().__init__(lines)
        self.lines = lines


def run_import(
    stream: Any,
    *,
    source: str,
    now: Callable[[], datetime],
    on_refused: Callable[[Line], None],
    on_progress: Callable[[RegisterImport], None],
    lines: int | None = None,
) -> RegisterImport:
    """Read and store the whole file. The run's row is open from before the first line until the end is clean.

    `lines`: how many its sender says it has; raises CutShort, the run open, where it ends before them. A file that was
    cut between two lines looks whole.
    """
    with alone():
        run = RegisterImport.objects.create(source=source, started_at=now())
        waiting = list(RegisterImport.objects.open().exclude(pk=run.pk))
        read = JsonLines(stream, marks=(earlier.bytes_read for earlier in waiting))
        _adopt_scheme()
        for batch, prepared in crew.worked_through(read.batches(BATCH), prepare_lines):
            _store_batch(run, batch, prepared, on_refused)
            on_progress(run)
        if lines is not None and run.lines_read != lines:
            raise CutShort(run.lines_read)
        again = {one.pk for one in waiting if _begins_alike(one, read) or _is_mended(one, run)}
        _finish(run, again, now())
        return run


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else writes the register meanwhile."""
    with connections["central"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORT_LOCK])
        if not cursor.fetchone()[0]:
            raise AnotherImportRuns
    try:
        yield
    finally:
        with connections["central"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORT_LOCK])


def _adopt_scheme() -> None:
    """An empty register has no keys of an older version."""
    if not RegisterPerson.objects.exists():
        KeyScheme.objects.set_to(SCHEME)


def _begins_alike(earlier: RegisterImport, read: JsonLines) -> bool:
    """The same bytes up to where the earlier run had come: it is that file again, or more of it."""
    return earlier.bytes_read > 0 and read.digests.get(earlier.bytes_read) == earlier.digest


def _is_mended(earlier: RegisterImport, run: RegisterImport) -> bool:
    """The file of the same name again, its refused lines put right: not one of fewer lines, which lacks them still.

    Of a run that was cut nobody knows what the rest of the file said: only the same bytes are that file. Where nothing
    was stored of it, nothing is half there.
    """
    if not earlier.source or earlier.source != run.source:
        return False
    return earlier.lines_read == 0 or (earlier.finished_at is not None and run.lines_read >= earlier.lines_read)


def _finish(run: RegisterImport, recognised: set[int], at: datetime) -> None:
    """A clean run closes itself and the earlier runs of the same file; a run with refused lines stays open."""
    run.finished_at = at
    if run.refused == 0:
        run.state, run.closed_at = RegisterImport.State.CLOSED, at
        RegisterImport.objects.open().filter(pk__in=recognised).update(
            state=RegisterImport.State.CLOSED, closed_at=at, close_reason=f"Lần nạp {run.pk} đã nạp trọn tệp này."
        )
    run.save()


def _store_batch(run: RegisterImport, batch: Batch, lines: list[Line], on_refused: Callable[[Line], None]) -> None:
    refused = [line for line in lines if line.refused]
    with transaction.atomic(using="central"):
        people = {line.person.register_id: line.person for line in lines if line.person}
        again = store(people.values(), run.pk) if people else 0
        _keep_what_people_decided(people, run)
        run.persons_stored += len(people) - again
        run.repeated += sum(1 for line in lines if line.person) - len(people) + again
        run.refused += len(refused)
        room = MOST_REFUSED_LINES - len(run.refused_lines)
        run.refused_lines += [line.number for line in refused[: max(room, 0)]]
        run.lines_read, run.bytes_read, run.digest = batch.lines_read, batch.bytes_read, batch.digest
        run.save()
    for line in refused:
        on_refused(line)


def _keep_what_people_decided(register_ids: Iterable[str], run: RegisterImport) -> None:
    from records.register.after_import import keep_what_people_decided  # noqa: PLC0415 - it stores persons by `store`

    keep_what_people_decided(register_ids, run.pk, run.started_at)


def store(people: Iterable[Prepared], import_id: int) -> int:
    """Insert or update these persons with all their rows and keys; how many of them this run had stored before."""
    ordered = sorted(people, key=lambda person: person.register_id)  # one order for all: no deadlock
    central = connections["central"]
    with central.cursor() as cursor, central.wrap_database_errors:
        known = _known(cursor, [person.register_id for person in ordered])
        cursor.execute(UPSERT, [import_id, f"[{','.join(person.person for person in ordered)}]"])
        ids = dict(cursor.fetchall())
        _replace_rows(cursor, ordered, ids, [ids[register_id] for register_id in known])
    return sum(stored_by == import_id for stored_by in known.values())


def _known(cursor: Any, register_ids: list[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT register_id, stored_by_id FROM public.register_registerperson WHERE register_id = ANY(%s)",
        [register_ids],
    )
    return dict(cursor.fetchall())


def _replace_rows(cursor: Any, people: list[Prepared], ids: dict[str, int], old: list[int]) -> None:
    for table in CHILDREN:
        if old:
            cursor.execute(f"DELETE FROM public.{table} WHERE person_id = ANY(%s)", [old])
        copy_rows(cursor, table, ((ids[person.register_id], person.children[table]) for person in people))


def copy_rows(cursor: Any, table: str, rows_of: Iterable[tuple[int, Iterable[str]]]) -> None:
    written = "".join(f"{person_id}\t{row}" for person_id, prepared_rows in rows_of for row in prepared_rows)
    if written:
        columns, _ = CHILDREN[table]
        statement = f"COPY public.{table} (person_id, {', '.join(columns)}) FROM STDIN"
        cursor.copy_expert(statement, io.StringIO(written))

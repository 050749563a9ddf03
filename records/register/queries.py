"""The SQL that reads the register: whole persons as JSON, so that one statement is one moment."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from records.facts import RegisterRecord
from records.reading import read_record
from records.register.rows import contract_of

PERSON_WITH_ROWS = """
  jsonb_build_object(
    'person', to_jsonb(p),
    'documents', (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.position), '[]')
                    FROM public.register_identitydocument d WHERE d.person_id = p.id),
    'convictions', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.position), '[]')
                      FROM public.register_conviction c WHERE c.person_id = p.id),
    'bans', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.position), '[]')
               FROM public.register_ban b WHERE b.person_id = p.id))
"""
# Candidates, the clock and the open imports in one statement: one snapshot, so `as_of` speaks for all of it.
SEARCH = f"""
SELECT statement_timestamp(),
       (SELECT count(*) FROM public.register_registerimport WHERE state = 'open'),
       (SELECT coalesce(sum(refused), 0) FROM public.register_registerimport WHERE state = 'open'),
       EXISTS (SELECT 1 FROM public.register_registerimport WHERE state = 'closed' AND persons_stored > 0),
       (SELECT coalesce(jsonb_agg({PERSON_WITH_ROWS} ORDER BY p.register_id), '[]')
          FROM public.register_registerperson p
         WHERE p.id IN (SELECT person_id FROM public.register_matchkey WHERE key = ANY(%s)))
"""
PAGE = f"""
SELECT p.register_id, {PERSON_WITH_ROWS}
  FROM public.register_registerperson p WHERE p.register_id > %s ORDER BY p.register_id LIMIT %s
"""
PAGE_SIZE = 500


def as_record(rows: dict[str, Any]) -> RegisterRecord:
    """Rows of one person as facts, checked by the same reader as a line of a file."""
    return read_record(contract_of(rows["person"], rows["documents"], rows["convictions"], rows["bans"]), "")


class Found(NamedTuple):
    """The database's clock, its open imports, the lines they lack, whether it was ever filled, and who was found."""

    as_of: datetime
    open_imports: int
    lines: int
    was_filled: bool
    people: list[RegisterRecord]


def search(keys: list[int], *, milliseconds: int) -> Found:
    """Every person under one of the keys, and what must be known about the register to trust that."""
    with connections["central"].cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
        cursor.execute(SEARCH, [keys])
        as_of, open_imports, lines, was_filled, people = cursor.fetchone()
    return Found(as_of, open_imports, int(lines), was_filled, [as_record(rows) for rows in json.loads(people)])


def all_records() -> Iterator[RegisterRecord]:
    """Every person of the register by register_id, a page at a time."""
    last = ""
    while True:
        with connections["central"].cursor() as cursor:
            cursor.execute(PAGE, [last, PAGE_SIZE])
            page = cursor.fetchall()
        for last, rows in page:  # noqa: B007 - the last one is where the next page begins
            yield as_record(json.loads(rows))
        if len(page) < PAGE_SIZE:
            return

"""The SQL that reads the register: whole persons as JSON, so that one statement is one moment."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakSet

from django.db import connections

from records.facts import RegisterRecord
from records.keys import Probes
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
# Who may be meant: a number on any day; a key on one of the days; a name that is alike on one of the nearest days.
# OFFSET 0 keeps each inner query as it stands: one person, or one day, at a time through its index, whatever the
# planner believes of lists whose length it cannot know.
FOUND = """
  SELECT person_id FROM public.register_matchkey WHERE key = ANY($1)
   UNION
  SELECT person_id FROM public.register_matchkey WHERE key = ANY($2) AND born = ANY($3)
   UNION
  SELECT alike.person_id
    FROM unnest($4) AS nearest (day) CROSS JOIN unnest($5) AS asked (name)
   CROSS JOIN LATERAL (SELECT n.person_id, n.name, n.sex, n.province FROM public.register_nameonfile n
                        WHERE n.born = nearest.day AND n.name % asked.name OFFSET 0) AS alike
   WHERE (coalesce(alike.sex = $7, true) AND coalesce(alike.province = $8, true))
      OR (abs(length(alike.name) - length(asked.name)) < 2 AND alike.name LIKE ANY($6))
"""
FOUND_WHOLE = f"""
  SELECT coalesce(jsonb_agg(whole.rows ORDER BY whole.register_id), '[]')
    FROM ({FOUND}) AS found
   CROSS JOIN LATERAL (SELECT p.register_id, {PERSON_WITH_ROWS} AS rows
                         FROM public.register_registerperson p WHERE p.id = found.person_id OFFSET 0) AS whole
"""
# Candidates, the clock, the open imports and the keys' version in one statement: one snapshot, so `as_of` speaks for
# all of it. Prepared once for each connection: planning would take longer than finding.
PREPARE = f"""
PREPARE find_people (bigint[], bigint[], date[], date[], text[], text[], text, text) AS
SELECT statement_timestamp(),
       (SELECT count(*) FROM public.register_registerimport WHERE state = 'open'),
       (SELECT coalesce(sum(refused), 0) FROM public.register_registerimport WHERE state = 'open'),
       EXISTS (SELECT 1 FROM public.register_registerimport WHERE state = 'closed' AND persons_stored > 0),
       (SELECT version FROM public.register_keyscheme),
       ({FOUND_WHOLE})
"""
FIND = """
SELECT set_config('statement_timeout', %s, true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('pg_trgm.similarity_threshold', %s, true);
EXECUTE find_people (%s, %s, %s::date[], %s::date[], %s, %s, %s, %s)
"""
# Names at least so alike (pg_trgm) are candidates: two typing errors in a short name stay above it.
ALIKE = "0.33"
PAGE = f"""
SELECT p.register_id, {PERSON_WITH_ROWS}
  FROM public.register_registerperson p WHERE p.register_id > %s ORDER BY p.register_id LIMIT %s
"""
PAGE_SIZE = 500


def as_record(rows: dict[str, Any]) -> RegisterRecord:
    """Rows of one person as facts, checked by the same reader as a line of a file."""
    return read_record(contract_of(rows["person"], rows["documents"], rows["convictions"], rows["bans"]), "")


class Found(NamedTuple):
    """The database's clock, what must be known about the register to trust the answer, and who was found."""

    as_of: datetime
    open_imports: int
    lines: int
    was_filled: bool
    key_scheme: int | None
    people: list[RegisterRecord]


_prepared: WeakSet[Any] = WeakSet()  # connections on which the statement stands


def search(probes: Probes, *, milliseconds: int) -> Found:
    """Every person whom the probes may mean, and what must be known about the register to trust that."""
    lists = (probes.numbers, probes.keys, probes.days, probes.nearest, probes.names, probes.patterns)
    with connections["central"].cursor() as cursor:
        _prepare(cursor)
        cursor.execute(FIND, [str(milliseconds), ALIKE, *map(list, lists), probes.sex, probes.province])
        as_of, open_imports, lines, was_filled, key_scheme, people = cursor.fetchone()
    records = [as_record(rows) for rows in json.loads(people)]
    return Found(as_of, open_imports, int(lines), was_filled, key_scheme, records)


def _prepare(cursor: Any) -> None:
    connection = connections["central"].connection
    if connection not in _prepared:
        cursor.execute(PREPARE)
        _prepared.add(connection)


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

"""The SQL that reads the register: whole persons as JSON, so that one statement is one moment."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakSet

from django.db import connections, transaction

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
  SELECT person_id FROM public.register_matchkey WHERE key = ANY({numbers})
   UNION
  SELECT person_id FROM public.register_matchkey WHERE key = ANY({keys}) AND born = ANY({days})
   UNION
  SELECT alike.person_id
    FROM unnest({nearest}) AS nearest (day) CROSS JOIN unnest({names}) AS asked (name)
   CROSS JOIN LATERAL (SELECT n.* FROM public.register_nameonfile n
                        WHERE n.born = nearest.day AND n.name % asked.name OFFSET 0) AS alike
   WHERE (abs(length(alike.name) - length(asked.name)) < 2 AND alike.name LIKE ANY({patterns}))
      OR (coalesce(alike.sex = {sex}, true) AND coalesce(alike.province = {province}, true)
          AND coalesce(left(alike.citizen_number, 6) = left({citizen_number}, 6)
                       OR right(alike.citizen_number, 6) = right({citizen_number}, 6), true)
          AND coalesce(similarity(alike.father, {father}) >= 0.3 OR similarity(alike.mother, {mother}) >= 0.3, true))
"""
PROBES = {
    "numbers": "bigint[]",
    "keys": "bigint[]",
    "days": "date[]",
    "nearest": "date[]",
    "names": "text[]",
    "patterns": "text[]",
    "sex": "text",
    "province": "text",
    "father": "text",
    "mother": "text",
    "citizen_number": "text",
}
PROBE_COLUMNS = ", ".join(f"{name} {type_}" for name, type_ in PROBES.items())
FOUND_BY_ONE = FOUND.format(**{name: f"${place}" for place, name in enumerate(PROBES, start=1)})
FOUND_BY_EACH = FOUND.format(**{name: f"asking.{name}" for name in PROBES})
# What must be known about the register to trust what is found in it.
TRUST = """
       statement_timestamp(),
       (SELECT count(*) FROM public.register_registerimport WHERE state = 'open'),
       (SELECT coalesce(sum(refused), 0) FROM public.register_registerimport WHERE state = 'open'),
       EXISTS (SELECT 1 FROM public.register_registerimport WHERE state = 'closed' AND persons_stored > 0),
       (SELECT version FROM public.register_keyscheme)
"""
# Candidates, the clock, the open imports and the keys' version in one statement: one snapshot, so `as_of` speaks for
# all of it. Prepared once for each connection: planning would take longer than finding.
PREPARE = f"""
PREPARE find_people ({", ".join(PROBES.values())}) AS
SELECT {TRUST},
       (SELECT coalesce(jsonb_agg(whole.rows ORDER BY whole.register_id), '[]')
          FROM ({FOUND_BY_ONE}) AS found
         CROSS JOIN LATERAL (SELECT p.register_id, {PERSON_WITH_ROWS} AS rows
                               FROM public.register_registerperson p WHERE p.id = found.person_id OFFSET 0) AS whole)
"""
# Many questions at once, by the same FOUND: who was found by each, and everybody who was found, once.
PREPARE_MANY = f"""
PREPARE find_people_for_many (jsonb) AS
WITH pairs AS MATERIALIZED (
  SELECT asking.position, found.person_id
    FROM jsonb_to_recordset($1) AS asking (position int, {PROBE_COLUMNS})
   CROSS JOIN LATERAL ({FOUND_BY_EACH} OFFSET 0) AS found)
SELECT {TRUST},
       (SELECT coalesce(jsonb_agg(jsonb_build_array(position, person_id)), '[]') FROM pairs),
       (SELECT coalesce(jsonb_agg(whole.rows ORDER BY whole.register_id), '[]')
          FROM (SELECT DISTINCT person_id FROM pairs) AS found
         CROSS JOIN LATERAL (SELECT p.register_id, {PERSON_WITH_ROWS} AS rows
                               FROM public.register_registerperson p WHERE p.id = found.person_id OFFSET 0) AS whole)
"""
SETTINGS = """
SELECT set_config('statement_timeout', %s, true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('pg_trgm.similarity_threshold', %s, true);
"""
FIND = SETTINGS + f"EXECUTE find_people ({', '.join(f'%s::{type_}' for type_ in PROBES.values())})"
FIND_FOR_MANY = SETTINGS + "EXECUTE find_people_for_many (%s)"
# Names at least so alike (pg_trgm) are candidates: one typing error in a short name stays above it.
ALIKE = "0.33"
PAGE = f"""
SELECT p.register_id, {PERSON_WITH_ROWS}
  FROM public.register_registerperson p WHERE p.register_id > %s ORDER BY p.register_id LIMIT %s
"""
PAGE_SIZE = 500


def as_record(rows: dict[str, Any]) -> RegisterRecord:
    """Rows of one person as facts, checked by the same reader as a line of a file."""
    return read_record(contract_of(rows["person"], rows["documents"], rows["convictions"], rows["bans"]), "")


class Trust(NamedTuple):
    """The database's clock, and what an answer has to say about the register it was found in."""

    as_of: datetime
    open_imports: int
    lines: int
    was_filled: bool
    key_scheme: int | None


class Found(NamedTuple):
    trust: Trust
    people: list[RegisterRecord]


class FoundByEach(NamedTuple):
    """The people found by each of many questions, in their order."""

    trust: Trust
    people: list[list[RegisterRecord]]


_prepared: WeakSet[Any] = WeakSet()  # connections on which the statements stand


def search(probes: Probes, *, milliseconds: int) -> Found:
    """Every person whom the probes may mean, and what must be known about the register to trust that."""
    values = [_as_literal(name, getattr(probes, name)) for name in PROBES]
    with connections["central"].cursor() as cursor:
        _prepare(cursor)
        cursor.execute(FIND, [str(milliseconds), ALIKE, *values])
        *trust, people = cursor.fetchone()
    return Found(Trust(*trust), [as_record(rows) for rows in json.loads(people)])


def search_many(asked: list[Probes], *, milliseconds: int) -> FoundByEach:
    """The same for many questions in one statement; a person found by several is read once."""
    written = [_as_json(position, probes) for position, probes in enumerate(asked)]
    with connections["central"].cursor() as cursor:
        _prepare(cursor)
        cursor.execute(FIND_FOR_MANY, [str(milliseconds), ALIKE, json.dumps(written)])
        *trust, pairs, people = cursor.fetchone()
    found: list[list[RegisterRecord]] = [[] for _ in asked]
    by_id = {rows["person"]["id"]: as_record(rows) for rows in json.loads(people)}
    for position, person_id in json.loads(pairs):
        found[position].append(by_id[person_id])
    return FoundByEach(Trust(*trust), [sorted(one, key=lambda record: record.register_id) for one in found])


def _as_literal(name: str, value: Any) -> Any:
    """Numbers and days as one text each: the driver would wrap them one by one, which takes longer than finding."""
    if isinstance(value, tuple):
        return list(value) if PROBES[name] == "text[]" else f"{{{','.join(map(str, value))}}}"
    return value


def _in_order(probes: Probes) -> list[Any]:
    return [getattr(probes, name) for name in PROBES]


def _as_json(position: int, probes: Probes) -> dict[str, Any]:
    values = dict(zip(PROBES, _in_order(probes), strict=True))
    days = {name: [day.isoformat() for day in values[name]] for name in ("days", "nearest")}
    return {"position": position} | values | days


def _prepare(cursor: Any) -> None:
    connection = connections["central"].connection
    if connection not in _prepared:
        cursor.execute(PREPARE)
        cursor.execute(PREPARE_MANY)
        _prepared.add(connection)


def all_names() -> Iterator[str]:
    """Every person's full name, in no order; read by a cursor on the server, never all at once."""
    with transaction.atomic(using="central"), connections["central"].chunked_cursor() as cursor:
        cursor.execute("SELECT full_name FROM public.register_registerperson")
        for (name,) in cursor:
            yield name


def pages(size: int = PAGE_SIZE) -> Iterator[list[tuple[int, RegisterRecord]]]:
    """Every person of the register by register_id, with their row's id, a page at a time."""
    last = ""
    while True:
        with connections["central"].cursor() as cursor:
            cursor.execute(PAGE, [last, size])
            page = cursor.fetchall()
        if page:
            last = page[-1][0]
            whole = [json.loads(rows) for _, rows in page]
            yield [(rows["person"]["id"], as_record(rows)) for rows in whole]
        if len(page) < size:
            return


def all_records() -> Iterator[RegisterRecord]:
    """Every person of the register by register_id."""
    for page in pages():
        yield from (record for _, record in page)

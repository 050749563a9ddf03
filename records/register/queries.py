"""The SQL that reads the register: who may be meant, and the whole records of those who are not set aside."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakSet

from django.db import connections, transaction

from records.facts import RegisterRecord
from records.keys import Probes
from records.reading import read_record
from records.register.rows import contract_of
from records.setting_aside import Beside

PERSON_WITH_ROWS = """
  json_build_object(
    'person', to_json(p),
    'documents', (SELECT coalesce(json_agg(to_json(d) ORDER BY d.position), '[]')
                    FROM public.register_identitydocument d WHERE d.person_id = p.id),
    'convictions', (SELECT coalesce(json_agg(to_json(c) ORDER BY c.position), '[]')
                      FROM public.register_conviction c WHERE c.person_id = p.id),
    'bans', (SELECT coalesce(json_agg(to_json(b) ORDER BY b.position), '[]')
               FROM public.register_ban b WHERE b.person_id = p.id))
"""
BESIDE = f"json_build_array(met.person_id, {', '.join(f'n.{column}' for column in Beside._fields[1:])})"
# Who may be meant: a number on any day; a key on one of the days; a slip of the name, or a name that is alike and that
# nothing contradicts, on one of the nearest. OFFSET 0 keeps each inner query as it stands: one person, or one day, at a
# time through its index, whatever the planner believes of lists whose length it cannot know.
SHARING = "SELECT person_id FROM public.register_matchkey WHERE key = ANY({numbers})"
# CASE keeps the order, as AND would not: a sex or a number is compared quickly, trigrams are not.
IS_ALIKE = """
     CASE WHEN coalesce(n.sex = {sex}, true)
           AND coalesce(left(n.only_citizen_number, 5) = left({citizen_number}, 5)
                        OR right(n.only_citizen_number, 5) = right({citizen_number}, 5), true)
          THEN n.name % ANY({names}) ELSE false END""".strip()
MET = """
  SELECT person_id FROM public.register_matchkey WHERE key = ANY({keys}) AND born = ANY({days})
   UNION
  SELECT person_id FROM public.register_matchkey WHERE key = ANY({slips}) AND born = ANY({slip_days})
   UNION
  SELECT alike.person_id
    FROM unnest({nearest}) AS nearest (day)
   CROSS JOIN LATERAL (
     SELECT n.person_id, n.name FROM public.register_nameonfile n
      WHERE n.born = nearest.day AND n.province = ANY({provinces}) AND {is_alike}
      UNION ALL
     SELECT n.person_id, n.name FROM public.register_nameonfile n
      WHERE n.born = nearest.day AND n.province IS NULL AND {is_alike}
      UNION ALL
     SELECT n.person_id, n.name FROM public.register_nameonfile n
      WHERE n.born = nearest.day AND n.province IS NOT NULL AND {provinces} IS NULL AND {is_alike}
     OFFSET 0) AS alike
   CROSS JOIN LATERAL (
     SELECT * FROM public.register_nameonfile n
      WHERE n.person_id = alike.person_id AND n.name = alike.name OFFSET 0) AS n
   WHERE coalesce(similarity(n.father, {father}) >= 0.3 OR similarity(n.mother, {mother}) >= 0.3, true)
""".replace("{is_alike}", IS_ALIKE)
PROBES = {
    "numbers": "bigint[]",
    "keys": "bigint[]",
    "days": "date[]",
    "slips": "bigint[]",
    "slip_days": "date[]",
    "names": "text[]",
    "nearest": "date[]",
    "sex": "text",
    "provinces": "text[]",
    "father": "text",
    "mother": "text",
    "citizen_number": "text",
}
PROBE_COLUMNS = ", ".join(f"{name} {type_}" for name, type_ in PROBES.items())
BY_ONE = {name: f"${place}" for place, name in enumerate(PROBES, start=1)}
BY_EACH = {name: f"asking.{name}" for name in PROBES}
# What must be known about the register to trust what is found in it.
TRUST = """
       statement_timestamp(),
       (SELECT count(*) FROM public.register_registerimport WHERE state = 'open'),
       (SELECT coalesce(sum(refused), 0) FROM public.register_registerimport WHERE state = 'open'),
       EXISTS (SELECT 1 FROM public.register_registerimport WHERE state = 'closed' AND persons_stored > 0),
       (SELECT version FROM public.register_keyscheme)
"""
# The names of everybody who was met, with what stands beside them; also of who has none (a name of signs alone).
NAMES_OF = f"""
       (SELECT coalesce(json_agg({BESIDE}), '[]')::text
          FROM ({{met}}) AS met
          LEFT JOIN LATERAL (
           SELECT * FROM public.register_nameonfile n WHERE n.person_id = met.person_id OFFSET 0) AS n ON true)
"""
# Who is met, the clock, the open imports and the keys' version in one statement; the records of those who are not set
# aside in the next, of the same snapshot (`one_moment`), so that `as_of` speaks for all of it. Prepared once for each
# connection: planning would take longer than finding.
PREPARE = f"""
PREPARE find_people ({", ".join(PROBES.values())}) AS
SELECT {TRUST},
       (SELECT coalesce(json_agg(person_id), '[]')::text FROM ({SHARING.format(**BY_ONE)}) AS sharing),
       {NAMES_OF.format(met=MET.format(**BY_ONE))}
"""
# Many questions at once, by the same SHARING and MET: who was met by each, and everybody's names, once.
PREPARE_MANY = f"""
PREPARE find_people_for_many (jsonb) AS
WITH asking AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1) AS asking (position int, {PROBE_COLUMNS})),
     sharing AS MATERIALIZED (
  SELECT asking.position, found.person_id
    FROM asking CROSS JOIN LATERAL ({SHARING.format(**BY_EACH)} OFFSET 0) AS found),
     met AS MATERIALIZED (
  SELECT asking.position, found.person_id FROM asking CROSS JOIN LATERAL ({MET.format(**BY_EACH)} OFFSET 0) AS found)
SELECT {TRUST},
       (SELECT coalesce(json_agg(json_build_array(position, person_id)), '[]')::text FROM sharing),
       (SELECT coalesce(json_agg(json_build_array(position, person_id)), '[]')::text FROM met),
       {NAMES_OF.format(met="SELECT DISTINCT person_id FROM met")}
"""
PREPARE_READING = f"""
PREPARE read_people (bigint[]) AS
SELECT coalesce(json_agg(json_build_array(whole.id, whole.rows) ORDER BY whole.register_id), '[]')::text
  FROM unnest($1) AS wanted (id)
 CROSS JOIN LATERAL (SELECT p.id, p.register_id, {PERSON_WITH_ROWS} AS rows
                       FROM public.register_registerperson p WHERE p.id = wanted.id OFFSET 0) AS whole
"""
SETTINGS = """
SELECT set_config('statement_timeout', %s, true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('pg_trgm.similarity_threshold', %s, true);
"""
FIND = SETTINGS + f"EXECUTE find_people ({', '.join(f'%s::{type_}' for type_ in PROBES.values())})"
FIND_FOR_MANY = SETTINGS + "EXECUTE find_people_for_many (%s)"
READ = "EXECUTE read_people (%s::bigint[])"
# Names at least so alike (pg_trgm) are candidates: one typing error in a short name stays above it.
ALIKE = "0.33"
PAGE = f"""
SELECT p.register_id, {PERSON_WITH_ROWS}::text
  FROM public.register_registerperson p WHERE p.register_id > %s ORDER BY p.register_id LIMIT %s
"""
PAGE_SIZE = 500
# Says why somebody who was met need not be read, or None (records/setting_aside.py).
SetsAside = Callable[[Beside], str | None]


def nobody(beside: Beside) -> None:
    """Sets nobody aside: for whoever has to see the whole record of everybody who was met."""


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
    """The records that were read, and the register_id of everybody else who was met, with the reason."""

    trust: Trust
    people: list[RegisterRecord]
    set_aside: list[tuple[str, str]]


class FoundByEach(NamedTuple):
    """The same by each of many questions, in their order."""

    trust: Trust
    people: list[list[RegisterRecord]]
    set_aside: list[list[tuple[str, str]]]


_prepared: WeakSet[Any] = WeakSet()  # connections on which the statements stand


@contextmanager
def one_moment() -> Iterator[tuple[Any, str]]:
    """A cursor whose statements all see the register as it is at the first of them, which has to begin with the text.

    Within a transaction of the caller's they see what that one sees, and leave it the time that it had.
    """
    central = connections["central"]
    is_nested = central.in_atomic_block
    with central.cursor() as cursor:
        _prepare(cursor)
    with transaction.atomic(using="central"), central.cursor() as cursor:
        if not is_nested:
            yield cursor, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
            return
        cursor.execute("SHOW statement_timeout")
        (time_of_the_caller,) = cursor.fetchone()
        yield cursor, ""
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time_of_the_caller])


def search(probes: Probes, sets_aside: SetsAside, *, milliseconds: int) -> Found:
    """Every person whom the probes may mean, and what must be known about the register to trust that."""
    values = [_as_literal(name, getattr(probes, name)) for name in PROBES]
    with one_moment() as (cursor, opening):
        cursor.execute(opening + FIND, [str(milliseconds), ALIKE, *values])
        *trust, sharing, met = cursor.fetchone()
        wanted = set(json.loads(sharing))
        set_aside = _sorted_out(wanted, _by_person(met), sets_aside)
        people = _read(cursor, wanted)
    return Found(Trust(*trust), list(people.values()), set_aside)


def _by_person(met: str) -> dict[int, list[Beside]]:
    """A person's names, an alias as well as the full one, together."""
    names: dict[int, list[Beside]] = {}
    for row in json.loads(met):
        beside = Beside(*row)
        names.setdefault(beside.person_id, []).append(beside)
    return names


def _sorted_out(wanted: set[int], met: dict[int, list[Beside]], sets_aside: SetsAside) -> list[tuple[str, str]]:
    """Whoever was met is wanted, or set aside under every name; returns the register_id and reason of the latter.

    Who has no name to be held against is wanted.
    """
    others = []
    for person, names in met.items():
        if person in wanted:
            continue
        reasons = [sets_aside(beside) if beside.name else None for beside in names]
        if None in reasons:
            wanted.add(person)
        else:
            others.append((names[0].register_id, reasons[0]))
    return sorted(others)


def _read(cursor: Any, wanted: Iterable[int]) -> dict[int, RegisterRecord]:
    """The wanted people's records, in the order of their register_id."""
    wanted = list(wanted)
    if not wanted:
        return {}
    cursor.execute(READ, [wanted])
    (people,) = cursor.fetchone()
    return {person: as_record(rows) for person, rows in json.loads(people)}


def search_many(asked: list[tuple[Probes, SetsAside]], *, milliseconds: int) -> FoundByEach:
    """The same for many questions in one statement; a person found by several is read once."""
    written = [_as_json(position, probes) for position, (probes, _) in enumerate(asked)]
    with one_moment() as (cursor, opening):
        cursor.execute(opening + FIND_FOR_MANY, [str(milliseconds), ALIKE, json.dumps(written)])
        *trust, sharing, met, names = cursor.fetchone()
        wanted, set_aside = _sorted_out_by_each(asked, json.loads(sharing), json.loads(met), _by_person(names))
        people = _read(cursor, set().union(*wanted))
    order = {person: place for place, person in enumerate(people)}
    in_order = [[people[person] for person in sorted(each, key=order.__getitem__)] for each in wanted]
    return FoundByEach(Trust(*trust), in_order, set_aside)


def _sorted_out_by_each(
    asked: list[tuple[Probes, SetsAside]],
    sharing: Iterable[tuple[int, int]],
    met: Iterable[tuple[int, int]],
    names: dict[int, list[Beside]],
) -> tuple[list[set[int]], list[list[tuple[str, str]]]]:
    wanted: list[set[int]] = [set() for _ in asked]
    for position, person in sharing:
        wanted[position].add(person)
    met_by_each: list[dict[int, list[Beside]]] = [{} for _ in asked]
    for position, person in met:
        met_by_each[position][person] = names[person]
    each = zip(wanted, met_by_each, asked, strict=True)
    return wanted, [_sorted_out(mine, people, sets_aside) for mine, people, (_, sets_aside) in each]


def _as_literal(name: str, value: Any) -> Any:
    """Numbers and days as one text each: the driver would wrap them one by one, which takes longer than finding."""
    if isinstance(value, tuple):
        return list(value) if PROBES[name] == "text[]" else f"{{{','.join(map(str, value))}}}"
    return value


def _in_order(probes: Probes) -> list[Any]:
    return [getattr(probes, name) for name in PROBES]


def _as_json(position: int, probes: Probes) -> dict[str, Any]:
    values = dict(zip(PROBES, _in_order(probes), strict=True))
    days = {name: [day.isoformat() for day in values[name]] for name in ("days", "slip_days", "nearest")}
    return {"position": position} | values | days


def _prepare(cursor: Any) -> None:
    connection = connections["central"].connection
    if connection not in _prepared:
        for statement in (PREPARE, PREPARE_MANY, PREPARE_READING):
            cursor.execute(statement)
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

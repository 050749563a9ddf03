"""How fast and how surely people are found (M1, M2, M3): script/bench finding [--persons 2000000] [--each 20000].

M1  p95 of the whole match, over p95 of looking one number up, with the keys alone and with the names alike
M2  how the former grows when the register has ten times as many people: a second register, a tenth, side by side
M3  the share of people on file who are met by the search, by kind of corruption

A whole match is what a worker does with a question: the door asked (records.registry.ask) and the answer weighed. The
look-up goes through the same door with the number alone. Beside both, without a target, the statements without the
door, over a prepared look-up in plain SQL.

All in one run on the same people; each question is put in every way to both registers in turn, so that whatever else
the machine does strikes all of them. Both registers are read into memory first. Ratios stand last; each is the median
of the rounds.
"""

import argparse
import logging
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import django

from benchmarks import population
from benchmarks.matching.__main__ import load

PART = 500
WARMING = 50
LOOK_UP = """
PREPARE one_number (bigint) AS
SELECT {row} FROM public.register_matchkey k JOIN public.register_registerperson p ON p.id = k.person_id
 WHERE k.key = $1
"""
NUMBER, KEYS, WHOLE = "door: one number", "door: keys, weighed", "door: keys and names alike, weighed"
BARE_NUMBER, BARE = "bare: one number", "bare: keys and names alike, weighed"
WAYS = (NUMBER, KEYS, WHOLE, BARE_NUMBER, BARE)
# (name, the way and the register that are measured, those that they are measured by, target)
RATIOS = (
    ("M1 with the keys", (KEYS, "whole"), (NUMBER, "whole"), 4.0),
    ("M1 with the names alike", (WHOLE, "whole"), (NUMBER, "whole"), 7.0),
    ("M2 growth", (WHOLE, "whole"), (WHOLE, "tenth"), 1.5),
    ("bare, over the look-up in SQL", (BARE, "whole"), (BARE_NUMBER, "whole"), None),
    ("bare, growth", (BARE, "whole"), (BARE, "tenth"), None),
)
LEAST_RECALL, LEAST_RECALL_OF_A_KIND = 0.998, 0.97


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    django.setup()
    keep_logs_from_the_figures()
    load(options.persons, options.seed)
    from script.local.places import Home

    read_into_memory(Home.from_environment(), os.environ["CENTRAL_DATABASE_URL"])
    with smaller_register(options) as addresses:
        rounds = [measured_round(number, options, addresses) for number in range(options.rounds)]
    recall = measured_recall(options)
    show_times(rounds)
    show_recall(recall)
    return show_ratios(rounds, recall)


def keep_logs_from_the_figures() -> None:
    """What a worker logs costs what it costs, but nobody wants a hundred thousand lines of it."""
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - open as long as the process
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(nowhere)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench finding", description=__doc__)
    parser.add_argument("--persons", type=int, default=2_000_000)
    parser.add_argument("--each", type=int, default=20_000, help="questions of each kind, for M3")
    parser.add_argument("--questions", type=int, default=1000, help="questions of a round, for M1 and M2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.each = min(options.each, options.persons // len(population.KIND_NAMES))
    return options


# --- Two registers ---------------------------------------------------------------------------------------------------


@contextmanager
def smaller_register(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The addresses of a second server whose register holds the first tenth of the same people."""
    from script.local import prepare, services
    from script.local.places import Home

    home = Home(Home.from_environment().path / "tenth").make()
    with services.up(home, only_local=True, roomy=True) as addresses:
        prepare.everything(home, addresses)
        env = prepare.environment(home, addresses, role="command", DJANGO_SETTINGS_MODULE="lltp_portal.settings")
        code = "import sys, django; django.setup(); from benchmarks.matching.__main__ import load; "
        code += f"load({options.persons // 10}, {options.seed})"
        subprocess.run([sys.executable, "-c", code], env=env, check=True)
        read_into_memory(home, addresses["CENTRAL_DATABASE_URL"])
        yield addresses


def connection_to(url: str) -> Any:
    """A connection like `central`, to the register at this address."""
    from django.db import connections

    parts = urlsplit(url)
    values = (parts.hostname, parts.port, parts.path[1:], parts.username, parts.password)
    central = connections.create_connection("central")
    central.settings_dict = central.settings_dict | dict(zip(OF_ADDRESS, values, strict=True))
    return central


@contextmanager
def speaking_to(connection: Any) -> Iterator[None]:
    """`central` is this connection, until the end of the block."""
    from django.db import connections

    first = connections["central"]
    connections["central"] = connection
    try:
        yield
    finally:
        connections["central"] = first


OF_ADDRESS = ("HOST", "PORT", "NAME", "USER", "PASSWORD")


def demand_size(persons: int) -> None:
    """The register that is spoken to holds this many people: figures of another one would look as plausible."""
    from records.register.models import RegisterPerson

    there = RegisterPerson.objects.count()
    if there != persons:
        raise RuntimeError(f"the register spoken to holds {there:,} people, not {persons:,}")


def read_into_memory(home: Any, url: str) -> None:
    """Every page of the register, as in a server that has been up for a day; else the first rounds measure the disk."""
    from script.local import postgres

    parts = urlsplit(url)
    address = postgres.address(home, postgres.SUPERUSER, parts.port, parts.path[1:])
    with postgres.connected(address) as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        cursor.execute("VACUUM register_matchkey, register_nameonfile")
        cursor.execute(
            "SELECT sum(pg_prewarm(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND (c.relname LIKE 'register%' OR c.oid IN"
            " (SELECT indexrelid FROM pg_index WHERE indrelid = 'register_nameonfile'::regclass))"
        )


# --- M1, M2 ----------------------------------------------------------------------------------------------------------


def measured_round(number: int, options: argparse.Namespace, addresses: dict[str, str]) -> dict[str, dict[str, float]]:
    """p95 in milliseconds of each way, in the whole register and in the tenth."""
    urls = {"whole": os.environ["CENTRAL_DATABASE_URL"], "tenth": addresses["CENTRAL_DATABASE_URL"]}
    registers = {size: connection_to(url) for size, url in urls.items()}
    for size, persons in (("whole", options.persons), ("tenth", options.persons // 10)):
        with speaking_to(registers[size]):
            demand_size(persons)
            prepare_look_up()
    result = p95s(list(_asking(number, options)), registers)
    for connection in registers.values():
        connection.close()
    print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    return result


def _asking(number: int, options: argparse.Namespace) -> Iterator[tuple[dict[str, Any], str]]:
    """Applications and the number to look up: half of them people on file in both registers, half strangers."""
    half = options.questions // 2
    for position in range(half):
        index = (number * half + position) * 7_919 % (options.persons // 10)
        truth = population.truth(index, options.seed)
        yield population.asked(index, options.seed), truth["identity_documents"][0]["number"]
    for applicant in population.strangers(half, options.seed, first=number * half):
        yield applicant, applicant["identity_documents"][0]["number"]


def p95s(people: list[tuple[dict[str, Any], str]], registers: dict[str, Any]) -> dict[str, dict[str, float]]:
    from benchmarks.matching.asking import question_of

    asked = [(question_of(applicant), number) for applicant, number in people]
    ways = dict(zip(WAYS, (one_number, by_keys, whole_match, look_up, search_and_weigh), strict=True))
    times: dict[str, dict[str, list[float]]] = {size: {name: [] for name in ways} for size in registers}
    warming = asked[:WARMING]
    for question, number in [*warming, *asked]:
        for name, way in ways.items():
            for size, connection in registers.items():
                with speaking_to(connection):
                    began = time.perf_counter()
                    way(question, number)
                    times[size][name].append((time.perf_counter() - began) * 1000)
    return {
        size: _percentiles({name: taken[len(warming) :] for name, taken in each.items()})
        for size, each in times.items()
    }


def _percentiles(times: dict[str, list[float]]) -> dict[str, float]:
    p95s = {name: percentile(taken, 0.95) for name, taken in times.items()}
    return p95s | {f"{name}, median": percentile(taken, 0.5) for name, taken in times.items()}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def prepare_look_up() -> None:
    from django.db import connections

    from records.register.queries import PERSON_WITH_ROWS

    with connections["central"].cursor() as cursor:
        # Both sides alike: the search has its plan made once as well.
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(LOOK_UP.format(row=f"{PERSON_WITH_ROWS}::text"))


def one_number(question: Any, number: str) -> None:
    from records import registry

    registry.ask(question, backend="benchmarks.finding_backends.OneNumber")


def by_keys(question: Any, number: str) -> None:
    _asked_and_weighed(question, "benchmarks.finding_backends.KeysAlone")


def whole_match(question: Any, number: str) -> None:
    _asked_and_weighed(question, "records.backends.OwnDatabase")


def _asked_and_weighed(question: Any, backend: str) -> None:
    from records import matching, registry

    answer = registry.ask(question, backend=backend)
    if not answer.complete:
        raise RuntimeError(f"the register does not answer: {answer.cause}")
    matching.weigh(question, answer.candidates)


def look_up(question: Any, number: str) -> None:
    """The record under one number in plain SQL, prepared, read like any other."""
    import json

    from django.db import connections

    from records.keys import hashed
    from records.register.queries import as_record

    with connections["central"].cursor() as cursor:
        cursor.execute("EXECUTE one_number (%s)", [hashed("number", number)])
        for (rows,) in cursor.fetchall():
            as_record(json.loads(rows))


def search_and_weigh(question: Any, number: str) -> None:
    from records.keys import probes_of
    from records.matching import weigh
    from records.register import queries
    from records.setting_aside import Sought

    found = queries.search(probes_of(question), Sought(question).sets_aside, milliseconds=60_000)
    weigh(question, found.people)


# --- M3 --------------------------------------------------------------------------------------------------------------


def measured_recall(options: argparse.Namespace) -> dict[str, tuple[int, int, int]]:
    """By kind: asked, found, and how many candidates they were found among."""
    jobs = [
        (kind, first, min(PART, options.each - first), options.seed)
        for kind in population.KIND_NAMES
        for first in range(0, options.each, PART)
    ]
    recall = {kind: (0, 0, 0) for kind in population.KIND_NAMES}
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(options.processes, initializer=django.setup) as pool:
        for done, (kind, *counted) in enumerate(pool.imap_unordered(recall_of, jobs), start=1):
            recall[kind] = added(recall[kind], counted)
            if done % 100 == 0:
                print(f"… {done}/{len(jobs)}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return recall


def added(one: tuple[int, int, int], other: list[int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def recall_of(job: tuple[str, int, int, int]) -> tuple[str, int, int, int]:
    from benchmarks.matching.asking import question_of
    from records.keys import probes_of
    from records.register import queries
    from records.setting_aside import Sought

    kind, first, count, seed = job
    kinds = len(population.KIND_NAMES)
    indexes = [population.KIND_NAMES.index(kind) + position * kinds for position in range(first, first + count)]
    questions = [question_of(population.asked(index, seed)) for index in indexes]
    asked = [(probes_of(question), Sought(question).sets_aside) for question in questions]
    found = queries.search_many(asked, milliseconds=600_000)
    met = [
        {record.register_id for record in people} | {register_id for register_id, _ in others}
        for people, others in zip(found.people, found.set_aside, strict=True)
    ]
    hits = sum(f"R{index:08d}" in ids for index, ids in zip(indexes, met, strict=True))
    return kind, count, hits, sum(map(len, met))


# --- What is shown ---------------------------------------------------------------------------------------------------


def show_times(rounds: list[dict[str, dict[str, float]]]) -> None:
    print(f"\n{'milliseconds, median of the rounds':38}{'whole p50':>12}{'p95':>9}{'tenth p50':>12}{'p95':>9}")
    for way in WAYS:
        columns = [median(r[size][f"{way}{part}"] for r in rounds) for size in SIZES for part in (", median", "")]
        print(f"{way:38}{columns[0]:12.3f}{columns[1]:9.3f}{columns[2]:12.3f}{columns[3]:9.3f}")


SIZES = ("whole", "tenth")


def show_recall(recall: dict[str, tuple[int, int, int]]) -> None:
    print(f"\n{'kind':38}{'asked':>9}{'lost':>7}{'recall':>9}{'candidates':>12}")
    for kind, (asked, found, candidates) in recall.items():
        print(f"{kind:38}{asked:9}{asked - found:7}{found / asked:9.5f}{candidates / asked:12.2f}")


def show_ratios(rounds: list[dict[str, dict[str, float]]], recall: dict[str, tuple[int, int, int]]) -> int:
    asked, found = (sum(counts[column] for counts in recall.values()) for column in (0, 1))
    worst = min(recall, key=lambda kind: recall[kind][1] / recall[kind][0])
    worst_recall = recall[worst][1] / recall[worst][0]
    print()
    met = []
    for name, by_round, target in _ratios(rounds):
        ratio = median(by_round)
        met.append(say(name, ratio, "" if target is None else f"≤ {target:g}", target is None or ratio <= target))
        print(f"{'  of the rounds':60} {min(by_round):8.2f} to {max(by_round):.2f}")
    met += [
        say("M3 recall", found / asked, f"≥ {LEAST_RECALL}", found / asked >= LEAST_RECALL, digits=5),
        say(f"M3 of {worst}", worst_recall, f"≥ {LEAST_RECALL_OF_A_KIND}", worst_recall >= LEAST_RECALL_OF_A_KIND, 5),
    ]
    return 0 if all(met) else 1


def _ratios(rounds: list[dict[str, dict[str, float]]]) -> Iterator[tuple[str, list[float], float | None]]:
    for name, (way, size), (other_way, other_size), target in RATIOS:
        yield name, [r[size][way] / r[other_size][other_way] for r in rounds], target


def say(name: str, ratio: float, target: str, is_met: bool, digits: int = 2) -> bool:
    aimed = f"  target {target}: {'met' if is_met else 'MISSED'}" if target else ""
    print(f"{name:60} {ratio:8.{digits}f}{aimed}")
    return is_met


if __name__ == "__main__":
    raise SystemExit(main())

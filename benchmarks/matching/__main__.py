"""How good the decisions are: script/bench matching [--persons 2000000] [--each 20000] [--write].

An invented register is loaded by import_register into the database `central`; then people on file ask with every kind
of corruption, and strangers, siblings, twins and namesakes ask too. Each question goes through finding, reading and
weighing: found in bulk as `manage.py screen` finds, one in fifty also alone as a filed request is, and must agree. The
table is made for docs/matching.md, and put there by --write.
"""

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

import django

from benchmarks import population
from benchmarks.matching.quality import added
from benchmarks.matching.table import lines_of_table, verdicts, write_into
from benchmarks.population.__main__ import write_lines

PART = 500
KIN = ("siblings", "twins", "namesakes_same_day", "namesakes_same_year")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "matching.md"


def main() -> int:
    options = _options()
    django.setup()
    from benchmarks.matching.running import Run

    load(options.persons, options.seed)
    jobs = jobs_of(options.persons, options.each, options.strangers)
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(options.processes, initializer=django.setup) as pool:
        run = Run(options.persons, options.seed)
        parts = []
        for number, tallies in enumerate(pool.imap(run, jobs), start=1):
            parts.append(tallies)
            if number % 20 == 0:
                print(f"… {number}/{len(jobs)} parts, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    tallies = added(parts)
    asked = f"--each {options.each} --strangers {options.strangers} --seed {options.seed}"
    command = f"script/bench matching --persons {options.persons} {asked}"
    table = lines_of_table(tallies, command)
    print("\n".join(table))
    for tally in tallies:
        if tally.odd:
            print(f"{tally.name}: look at {', '.join(tally.odd[:20])}", file=sys.stderr)
    if options.write:
        write_into(DOCUMENT, table)
    failed = verdicts(tallies)
    print("\n".join(failed) or "Every demand is met.")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench matching", description=__doc__)
    parser.add_argument("--persons", type=int, default=2_000_000)
    parser.add_argument("--each", type=int, default=20_000, help="questions of each kind")
    parser.add_argument("--strangers", type=int, default=0, help="default: three times as many as of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the table into docs/matching.md")
    options = parser.parse_args()
    options.strangers = options.strangers or 3 * options.each
    most = options.persons // len(population.KIND_NAMES)
    if options.each > most:
        parser.error(f"{options.persons} persons hold {most} of each kind: ask for fewer with --each.")
    return options


def jobs_of(persons: int, each: int, strangers: int) -> list[tuple[str, int, int]]:
    """(what, first, count): small parts, so that both processes end together."""
    jobs = []
    for name, count in (*((kind, each) for kind in population.KIND_NAMES), ("strangers", strangers), *_kin(each)):
        jobs += [(name, first, min(PART, count - first)) for first in range(0, count, PART)]
    return jobs


def _kin(each: int) -> list[tuple[str, int]]:
    return [(name, each) for name in KIN]


def load(persons: int, seed: int) -> None:
    """Write the register's file and import it, unless this database holds exactly that already."""
    from django.conf import settings
    from django.core.management import call_command

    from records.register.models import RegisterImport

    name = f"population-{persons}-seed-{seed}"
    runs = RegisterImport.objects.all()
    if other := runs.exclude(source=name).first():
        raise SystemExit(f"This database holds {other.source}. Give another LLTP_HOME, or remove this one.")
    if runs.filter(state=RegisterImport.State.CLOSED).exists():
        return
    path = Path(settings.LLTP_HOME) / f"{name}.jsonl"
    if not path.exists():
        print(f"Writing {path.name} …", file=sys.stderr, flush=True)
        part = path.with_suffix(".part")
        write_lines(part, persons, seed)
        part.rename(path)
    call_command("import_register", str(path), "--name", name)
    path.unlink()


if __name__ == "__main__":
    raise SystemExit(main())

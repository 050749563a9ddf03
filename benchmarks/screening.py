"""Screening in bulk against one by one (M6): script/bench screening [--applicants 100000] [--persons 2000000].

`manage.py screen` as an office runs it, start-up included, beside the same applicants put one by one through the one
door, weighed and determined. A sample of every round is compared answer by answer. Then all of them in one file, for
the rate and the memory, which may not grow with the file.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import django

from benchmarks import population
from benchmarks.matching.__main__ import load

TARGET = 3.0
# Of ten applicants: half are strangers, as most are in an office, and one is close to somebody on file.
STRANGERS, KIN = 5, 1


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    django.setup()
    load(options.persons, options.seed)
    compile_what_is_installed()
    with tempfile.TemporaryDirectory() as folder:
        applicants = list(islice(applicants_of(options), options.applicants))
        size = options.applicants // options.rounds
        rounds = [
            measured_round(applicants[first : first + size], options, Path(folder))
            for first in range(0, size * options.rounds, size)
        ]
        show_whole(applicants, size, Path(folder))
    different = sum(round_["different"] for round_ in rounds)
    compared = sum(round_["compared"] for round_ in rounds)
    ratio = median(round_["bulk"] / round_["alone"] for round_ in rounds)
    print(f"one by one {median(r['alone'] for r in rounds):,.0f}/s, in bulk {median(r['bulk'] for r in rounds):,.0f}/s")
    print(f"compared answer by answer: {compared}, different: {different}")
    met = ratio >= TARGET and not different
    print(f"M6 in bulk over one by one {ratio:.2f}  target ≥ {TARGET:g}: {'met' if met else 'MISSED'}")
    return 0 if met else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench screening", description=__doc__)
    parser.add_argument("--applicants", type=int, default=100_000)
    parser.add_argument("--persons", type=int, default=2_000_000)
    parser.add_argument("--sample", type=int, default=1_000, help="put one by one, of each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def applicants_of(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Endlessly, in an order that mixes them all."""
    strangers = population.strangers(options.applicants, options.seed)
    makers = (population.siblings_of, population.twins_of, population.namesakes_of)
    for position in range(options.applicants):
        turn, index = position % 10, position * 7_919 % options.persons
        if turn < STRANGERS:
            yield next(strangers)
        elif turn < STRANGERS + KIN:
            random = Random(f"{position} {options.seed}")
            yield from makers[position // 10 % 3](population.truth(index, options.seed), random)
        else:
            yield population.asked(index, options.seed)


def compile_what_is_installed() -> None:
    """As an installation has it; without, every start measures how quickly Python compiles its libraries."""
    libraries = sysconfig.get_path("purelib")
    subprocess.run([sys.executable, "-m", "compileall", "-q", libraries], stdout=subprocess.DEVNULL, check=False)


def measured_round(applicants: list[dict[str, Any]], options: argparse.Namespace, folder: Path) -> dict[str, float]:
    seconds, results, _ = screened(applicants, folder)
    step = max(1, len(applicants) // options.sample)
    began = time.perf_counter()
    alone = [answered_alone(json.dumps(applicant)) for applicant in applicants[::step]]
    taken = time.perf_counter() - began
    print(
        f"bulk {len(applicants) / seconds:,.0f}/s, one by one {len(alone) / taken:,.0f}/s", file=sys.stderr, flush=True
    )
    different = sum(one != other for one, other in zip(alone, results[::step], strict=True))
    return {
        "bulk": len(applicants) / seconds,
        "alone": len(alone) / taken,
        "compared": len(alone),
        "different": different,
    }


def answered_alone(line: str) -> dict[str, Any]:
    """As a filed request: read, asked through the one door, weighed, determined."""
    from records import registry, screening
    from records.answers import Complete

    applicant = screening.read_applicant(json.loads(line), "")
    answer = registry.ask(applicant.question)
    if not isinstance(answer, Complete):
        raise RuntimeError(f"the register did not answer completely: {answer.outcome}")
    return json.loads(json.dumps(screening.result(applicant, answer.candidates)))


def screened(applicants: list[dict[str, Any]], folder: Path) -> tuple[float, list[dict[str, Any]], int]:
    """Seconds, results, and the most memory that any process of the run held, in KiB."""
    asked, results = folder / "applicants.jsonl", folder / "results.jsonl"
    asked.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in applicants), encoding="utf-8")
    command = [sys.executable, "manage.py", "screen", str(asked), "--output", str(results)]
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # so that no other child's memory is counted
        memory = pool.apply(memory_of, (command, dict(os.environ)))
    seconds = time.perf_counter() - began
    with results.open(encoding="utf-8") as file:
        return seconds, [json.loads(line) for line in file], memory


def memory_of(command: list[str], env: dict[str, str]) -> int:
    subprocess.run(command, env=env, check=True, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def show_whole(applicants: list[dict[str, Any]], size: int, folder: Path) -> None:
    _, _, less = screened(applicants[:size], folder)
    seconds, results, memory = screened(applicants, folder)
    decisions = {decision: sum(one["decision"] == decision for one in results) for decision in DECISIONS}
    print(f"\n{len(results):,} applicants in {seconds:.0f} s: {len(results) / seconds:,.0f}/s; {decisions}")
    print(f"most memory of a process: {less // 1024} MiB for {size:,}, {memory // 1024} MiB for {len(results):,}")


DECISIONS = ("clear", "match", "review")


if __name__ == "__main__":
    raise SystemExit(main())

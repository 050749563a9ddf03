"""Writes a register, or applications about it, as JSON Lines: python -m benchmarks.population COUNT --output FILE."""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import population

PART = 5_000


def write_lines(path: Path, count: int, seed: int, made: str = "people", processes: int = 0) -> None:
    """`made` is people, asked, or strangers; lines stand in the order of their indexes."""
    jobs = [(made, first, min(PART, count - first), seed) for first in range(0, count, PART)]
    with path.open("w", encoding="utf-8") as file, multiprocessing.Pool(processes or os.cpu_count()) as pool:
        for part in pool.imap(_part, jobs):
            file.write(part)


def _part(job: tuple[str, int, int, int]) -> str:
    made, first, count, seed = job
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in _made(made, first, count, seed))


def _made(made: str, first: int, count: int, seed: int) -> Iterator[dict]:
    if made == "people":
        return population.people(count, seed, first)
    if made == "strangers":
        return population.strangers(count, seed, first)
    return (population.asked(index, seed) for index in range(first, first + count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--asked", action="store_true", help="applications of people of the register")
    group.add_argument("--strangers", action="store_true", help="applications of people who are not on file")
    options = parser.parse_args()
    began = time.monotonic()
    made = "asked" if options.asked else "strangers" if options.strangers else "people"
    write_lines(options.output, options.count, options.seed, made)
    print(f"{options.count} lines in {time.monotonic() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

"""Writes how common names are, before any register was counted: script/bench names --version 2026-11.

Names are drawn by the shares of benchmarks/population (the published ones, and a tail). With a register at hand
`manage.py count_names` does better.
"""

import argparse
import sys
from collections.abc import Iterator
from random import Random

from benchmarks.population import naming
from records import frequencies, weighing


def drawn(count: int, seed: int) -> Iterator[str]:
    random = Random(seed)
    for position in range(count):
        yield naming.full_name(("male", "female")[position % 2], random)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench names", description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--at-least", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    path = weighing.FOLDER / f"names-{options.version}.toml"
    if path.exists():
        print(f"{path.name} exists, and a version is never edited: name another.", file=sys.stderr)
        return 2
    counted = frequencies.count(drawn(options.people, options.seed))
    provenance = (
        f"script/bench names --version {options.version} --people {options.people} --seed {options.seed}:"
        " invented people drawn by published shares"
    )
    text = frequencies.written(options.version, provenance, counted, at_least=options.at_least)
    path.write_text(text, encoding="utf-8")
    print(f"Written: {path.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

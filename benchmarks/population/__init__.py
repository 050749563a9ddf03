"""An invented Viet Nam at any size: a register of people, applications about them with known corruption, and strangers.

`people(count, seed)` are lines of the register (register.schema.json). `asked(index, seed)` is the application of the
person at that index, corrupted by the kind `kind_of(index)`; `strangers`, `siblings_of`, `twins_of` and `namesakes_of`
are applications of people who are not on file. Everything follows from index and seed, nothing from what was made
before, so a register can be written by several processes:

    python -m benchmarks.population 2000000 --seed 1 --output register.jsonl
    python -m benchmarks.population 100000 --seed 1 --asked --output applicants.jsonl
"""

from benchmarks.population.kin import namesakes_of, siblings_of, twins_of
from benchmarks.population.kinds import AS_OF, KIND_NAMES, KINDS, NEVER_CLEARED
from benchmarks.population.persons import asked, kind_of, on_file, people, strangers, truth

__all__ = [
    "AS_OF",
    "KINDS",
    "KIND_NAMES",
    "NEVER_CLEARED",
    "asked",
    "kind_of",
    "namesakes_of",
    "on_file",
    "people",
    "siblings_of",
    "strangers",
    "truth",
    "twins_of",
]

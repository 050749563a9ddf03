"""Puts questions to the register as a worker does, and counts what is decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks import population
from benchmarks.matching.asking import question_of
from benchmarks.matching.quality import Tally
from records.answers import Complete, Question
from records.backends import OwnDatabase
from records.matching import Matching, weigh

Applicant = dict[str, Any]
Job = tuple[str, int, int]


def decide(question: Question) -> Matching:
    """Finding and weighing, as for a filed request."""
    answer = OwnDatabase().ask(question)
    if not isinstance(answer, Complete):
        raise RuntimeError(f"the register did not answer completely: {answer.outcome}")
    return weigh(question, answer.candidates)


@dataclass(frozen=True)
class Run:
    """One job after the other, in whichever process."""

    persons: int
    seed: int

    def __call__(self, job: Job) -> list[Tally]:
        name, first, count = job
        tally = Tally(name)
        if name in population.KINDS:
            for index in self._indexes(name, first, count):
                asked = population.asked(index, self.seed)
                register_id = population.on_file(index, self.seed)["register_id"]
                tally.present(decide(question_of(asked)), register_id, asked["applicant_id"])
        else:
            for applicant in self._absent(name, first, count):
                tally.absent(decide(question_of(applicant)), applicant["applicant_id"])
        return [tally]

    def _indexes(self, kind: str, first: int, count: int) -> range:
        """The people of this kind, spread evenly over the register."""
        kinds = len(population.KIND_NAMES)
        start = population.KIND_NAMES.index(kind) + first * kinds
        return range(start, start + count * kinds, kinds)

    def _absent(self, name: str, first: int, count: int) -> Iterator[Applicant]:
        if name == "strangers":
            yield from population.strangers(count, self.seed, first)
            return
        makers: dict[str, Callable[[Applicant, Random], list[Applicant]]] = {
            "siblings": population.siblings_of,
            "twins": population.twins_of,
            "namesakes_same_day": population.namesakes_of,
            "namesakes_same_year": lambda person, random: population.namesakes_of(person, random, born="year"),
        }
        for position in range(first, first + count):
            index = position * 7 % self.persons
            yield from makers[name](population.truth(index, self.seed), Random(f"{name} {position} {self.seed}"))

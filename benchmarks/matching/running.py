"""Puts questions to the register as a worker does, and counts what is decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks import population
from benchmarks.matching.asking import question_of
from benchmarks.matching.quality import Tally
from records.answers import Complete, Question
from records.backends import OwnDatabase, doubt
from records.keys import probes_of
from records.matching import Matching, weigh
from records.register import queries

Applicant = dict[str, Any]
Job = tuple[str, int, int]


# Of so many questions that are found together one is asked alone too, as a filed request asks.
ALONE_EVERY = 50
BATCH_MILLISECONDS = 600_000


def decide_alone(question: Question) -> Matching:
    """Finding and weighing, as for a filed request."""
    answer = OwnDatabase().ask(question)
    if not isinstance(answer, Complete):
        raise RuntimeError(f"the register did not answer completely: {answer.outcome}")
    return weigh(question, answer.candidates)


def decide(questions: list[Question]) -> list[Matching]:
    """The same for many, found in one statement as `screen` does; raises where one asked alone is decided otherwise."""
    found = queries.search_many([probes_of(question) for question in questions], milliseconds=BATCH_MILLISECONDS)
    if words := doubt(found.trust):
        raise RuntimeError(f"the register did not answer completely: {words}")
    decided = [weigh(question, people) for question, people in zip(questions, found.people, strict=True)]
    for question, matching in list(zip(questions, decided, strict=True))[::ALONE_EVERY]:
        if decide_alone(question) != matching:
            raise RuntimeError(f"{question.reference} asked alone is decided otherwise")
    return decided


@dataclass(frozen=True)
class Run:
    """One job after the other, in whichever process."""

    persons: int
    seed: int

    def __call__(self, job: Job) -> list[Tally]:
        name, first, count = job
        tally = Tally(name)
        if name in population.KINDS:
            indexes = self._indexes(name, first, count)
            asked = [population.asked(index, self.seed) for index in indexes]
            for index, applicant, matching in zip(indexes, asked, self._decided(asked), strict=True):
                register_id = population.on_file(index, self.seed)["register_id"]
                tally.present(matching, register_id, applicant["applicant_id"])
        else:
            absent = list(self._absent(name, first, count))
            decided = self._decided([applicant for applicant, _ in absent])
            for (applicant, kin), matching in zip(absent, decided, strict=True):
                tally.absent(matching, applicant["applicant_id"], kin)
        return [tally]

    def _decided(self, applicants: list[Applicant]) -> list[Matching]:
        return decide([question_of(applicant) for applicant in applicants])

    def _indexes(self, kind: str, first: int, count: int) -> range:
        """The people of this kind, spread evenly over the register."""
        kinds = len(population.KIND_NAMES)
        start = population.KIND_NAMES.index(kind) + first * kinds
        return range(start, start + count * kinds, kinds)

    def _absent(self, name: str, first: int, count: int) -> Iterator[tuple[Applicant, str]]:
        """Applicants who are not on file, each with the register id of whose kin or namesake it is."""
        if name == "strangers":
            yield from ((stranger, "") for stranger in population.strangers(count, self.seed, first))
            return
        makers: dict[str, Callable[[Applicant, Random], list[Applicant]]] = {
            "siblings": population.siblings_of,
            "twins": population.twins_of,
            "namesakes_same_day": population.namesakes_of,
            "namesakes_same_year": lambda person, random: population.namesakes_of(person, random, born="year"),
        }
        for position in range(first, first + count):
            index = position * 7 % self.persons
            register_id = population.on_file(index, self.seed)["register_id"]
            made = makers[name](population.truth(index, self.seed), Random(f"{name} {position} {self.seed}"))
            yield from ((applicant, register_id) for applicant in made)

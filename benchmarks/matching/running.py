"""Puts questions to the register as a worker does, and counts what is decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from benchmarks import population
from benchmarks.matching.asking import question_of
from benchmarks.matching.quality import Tally
from records.answers import Complete, Question
from records.backends import OwnDatabase, doubt
from records.keys import probes_of
from records.matching import Matching, weigh
from records.register import queries
from records.setting_aside import Sought

Applicant = dict[str, Any]
Job = tuple[str, int, int]


# Of so many questions that are found together one is asked alone too, as a filed request asks.
ALONE_EVERY = 50
BATCH_MILLISECONDS = 600_000


class Decided(NamedTuple):
    """What was decided, and the register ids of those who were met and set aside unread."""

    matching: Matching
    set_aside: frozenset[str]


def decide_alone(question: Question, *, reads_everybody: bool = False) -> Decided:
    """Finding and weighing, as for a filed request."""
    answer = OwnDatabase(reads_everybody=reads_everybody).ask(question)
    if not isinstance(answer, Complete):
        raise RuntimeError(f"the register did not answer completely: {answer.outcome}")
    return Decided(weigh(question, answer.candidates), frozenset(register_id for register_id, _ in answer.set_aside))


def decide(questions: list[Question]) -> list[Decided]:
    """The same for many, found in one statement as `screen` does; raises where one asked alone is decided otherwise."""
    asked = [(probes_of(question), Sought(question).sets_aside) for question in questions]
    found = queries.search_many(asked, milliseconds=BATCH_MILLISECONDS)
    if words := doubt(found.trust):
        raise RuntimeError(f"the register did not answer completely: {words}")
    decided = [
        Decided(weigh(question, people), frozenset(register_id for register_id, _ in others))
        for question, people, others in zip(questions, found.people, found.set_aside, strict=True)
    ]
    for question, one in list(zip(questions, decided, strict=True))[::ALONE_EVERY]:
        if decide_alone(question) != one:
            raise RuntimeError(f"{question.reference} asked alone is decided otherwise")
        demand_that_nobody_was_missed(question, one)
    return decided


def demand_that_nobody_was_missed(question: Question, decided: Decided) -> None:
    """Read like everybody else, those who were set aside are excluded, and nothing is decided otherwise."""
    everybody = decide_alone(question, reads_everybody=True).matching
    excluded = {one.record.register_id for one in everybody.candidates if one.excluded}
    if not decided.set_aside <= excluded or everybody.open != decided.matching.open:
        raise RuntimeError(f"{question.reference}: somebody was set aside whom the matching leaves open")


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
            for index, applicant, (matching, others) in zip(indexes, asked, self._decided(asked), strict=True):
                register_id = population.on_file(index, self.seed)["register_id"]
                tally.present(matching, register_id, applicant["applicant_id"], is_set_aside=register_id in others)
        else:
            absent = list(self._absent(name, first, count))
            decided = self._decided([applicant for applicant, _ in absent])
            for (applicant, kin), (matching, _) in zip(absent, decided, strict=True):
                tally.absent(matching, applicant["applicant_id"], kin)
        return [tally]

    def _decided(self, applicants: list[Applicant]) -> list[Decided]:
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

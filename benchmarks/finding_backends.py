"""The register's own back end, asked for less: what `script/bench finding` measures the whole match by."""

from dataclasses import replace

from records.answers import Question
from records.backends import OwnDatabase
from records.keys import Probes


class OneNumber(OwnDatabase):
    """The records under the applicant's numbers, and nothing else."""

    def probes(self, question: Question) -> Probes:
        return replace(super().probes(question), keys=(), slips=(), nearest=())


class KeysAlone(OwnDatabase):
    """Without the names that are merely alike."""

    def probes(self, question: Question) -> Probes:
        return replace(super().probes(question), nearest=())

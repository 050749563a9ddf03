"""The comparison as it is shown, frozen: one object makes the page of now and the page of years later. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from lltp_portal.wording import partial_date
from records.answers import Question, canonical_json
from records.matching import Matching

FORMAT = 1


def frozen(
    question: Question, matching: Matching, *, declaration: int, set_aside: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """All that the page shows of the candidates: what was declared, what is on file, outcomes, evidence, versions.

    `set_aside`: register_id and reason of those who were not read; a key only where there are any, so that what was
    kept before keeps its digest.
    """
    shown = {
        "format": FORMAT,
        "declaration": declaration,
        "declared": question.to_json(),
        "matching": matching.to_json(),
        "records": {weighed.record.register_id: weighed.record.to_json() for weighed in matching.candidates},
    }
    pairs = sorted(map(list, set_aside))
    return shown | ({"set_aside": pairs} if pairs else {})


def as_text(comparison: dict[str, Any]) -> str:
    return canonical_json(comparison)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- One candidate, read from the frozen object ---------------------------------------------------------------------


@dataclass(frozen=True)
class ConvictionInShort:
    """So that whoever decides knows what hangs on it; the law of it is worked out only once the person is known."""

    judgment_number: str
    day: str
    court: str
    offence: str

    @property
    def judgment_date(self) -> str:
        return partial_date(self.day)


@dataclass(frozen=True)
class Bar:
    """One bar of the waterfall: it begins where the one before it ended. Numbers are hundredths of the width."""

    words: str
    speaks: str
    left: int
    width: int
    zero: int


class Candidate:
    """One candidate of a frozen comparison: rank (1 is the most plausible), what is on file, how it compares."""

    def __init__(self, position: int, weighed: dict[str, Any], record: dict[str, Any]) -> None:
        self.position, self.weighed, self.record = position, weighed, record

    @property
    def register_id(self) -> str:
        return self.weighed["register_id"]

    @property
    def excluded(self) -> str | None:
        return self.weighed["excluded"]

    @property
    def contradicted(self) -> str | None:
        """What would have excluded it, had the rest not spoken so loudly."""
        return self.weighed["contradicted"]

    @property
    def full_name(self) -> str:
        return self.record["full_name"]

    @property
    def born(self) -> str:
        return partial_date(self.record["date_of_birth"])

    @property
    def bits(self) -> str:
        """“+24,1”: the whole weight of evidence, as every bar is written."""
        return f"{self.weighed['weight']:+.1f}".replace(".", ",").replace("-", "−")

    @property
    def outcomes(self) -> list[dict[str, str]]:
        return self.weighed["outcomes"]

    @cached_property
    def convictions(self) -> list[ConvictionInShort]:
        return [
            ConvictionInShort(row["judgment_number"], row["judgment_date"], row["court"], row["offence"]["title"])
            for row in self.record.get("convictions", [])
        ]

    @property
    def judgments(self) -> int:
        """How many judgments; one may hold several offences."""
        return len({(row.judgment_number, row.court, row.day) for row in self.convictions})

    @property
    def other_rows(self) -> list[str]:
        """What else hangs on the person besides judgments."""
        found = []
        if bans := len(self.record.get("bans", [])):
            found.append(f"{bans} quyết định cấm thành lập, quản lý doanh nghiệp, hợp tác xã")
        if self.record.get("pending_prosecution"):
            found.append("đang bị khởi tố, điều tra, truy tố hoặc xét xử")
        return found

    @cached_property
    def waterfall(self) -> list[Bar]:
        """What says something, loudest first; what is missing on one side says nothing and has no bar."""
        said = [row for row in self.weighed["evidence"] if row["bits"]]
        ends, total = [0.0], 0.0
        for row in said:
            total += row["bits"]
            ends.append(total)
        low, high = min(ends), max(ends)
        scale = 100 / ((high - low) or 1)
        zero = round(-low * scale)
        bars = []
        for row, begin, end in zip(said, ends, ends[1:], strict=False):
            left = round((min(begin, end) - low) * scale)
            width = max(1, round(abs(end - begin) * scale))
            speaks = "for" if row["bits"] > 0 else "against"
            bars.append(Bar(row["words"], speaks, min(left, 99), width, zero))
        return bars

    @property
    def silent(self) -> list[str]:
        """What says nothing, in words."""
        return [row["words"] for row in self.weighed["evidence"] if not row["bits"]]


def candidates(comparison: dict[str, Any]) -> list[Candidate]:
    """Most plausible first, excluded ones last; the order in which they stood on the screen."""
    records = comparison["records"]
    return [
        Candidate(position, weighed, records[weighed["register_id"]])
        for position, weighed in enumerate(comparison["matching"]["candidates"], start=1)
    ]


# --- Those who were not read ----------------------------------------------------------------------------------------


class SetAside(NamedTuple):
    """Whom the register set aside for one reason: their numbers there, and nothing else of them is known here."""

    reason: str
    register_ids: list[str]


def set_aside(comparison: dict[str, Any]) -> list[SetAside]:
    """By reason, the most frequent first."""
    by_reason: dict[str, list[str]] = {}
    for register_id, reason in comparison.get("set_aside", ()):
        by_reason.setdefault(reason, []).append(register_id)
    groups = [SetAside(reason, sorted(ids)) for reason, ids in by_reason.items()]
    return sorted(groups, key=lambda group: (-len(group.register_ids), group.reason))

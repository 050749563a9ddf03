"""Which looks of a week ask for a question: plain rules over counted looks; pure, so that they can be tried on paper.

Nobody is accused by a row here: a leader asks, and who looked says what for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

IDLE, OWN, MANY = "idle", "own", "many"
# Far above the usual: three times what people of the same role and office look at in a week, and at least so many.
TIMES_USUAL, LEAST = 3, 20


@dataclass(frozen=True)
class Look:
    """One reading of one request, or of one free search, by one person."""

    actor: int
    subject: str
    at: datetime


@dataclass(frozen=True)
class Odd:
    kind: str
    actor: int
    subject: str
    looks: int
    last_at: datetime
    usual: int | None = None


def odd_looks(
    looks: Iterable[Look],
    *,
    worked_on: Mapping[tuple[int, str], datetime],
    concerned: Collection[tuple[int, str]],
    peers: Mapping[int, Collection[int]],
    earlier: Mapping[int, Collection[int]],
) -> list[Odd]:
    """What is odd of one week's looks.

    `worked_on`: (actor, subject) → when they last did something about it. `concerned`: (actor, subject) that may be
    about the actor. `peers`: actor → others of the same role and office. `earlier`: actor → their looks in each of the
    weeks before.
    """
    by_subject: dict[tuple[int, str], list[Look]] = defaultdict(list)
    for look in looks:
        by_subject[look.actor, look.subject].append(look)
    found = [*_of_subjects(by_subject, worked_on, concerned)]
    return [*found, *_too_many(by_subject, peers, earlier)]


def _of_subjects(by_subject, worked_on, concerned):
    for (actor, subject), seen in sorted(by_subject.items()):
        first, last = min(look.at for look in seen), max(look.at for look in seen)
        if (actor, subject) in concerned:
            yield Odd(OWN, actor, subject, len(seen), last)
        worked = worked_on.get((actor, subject))
        if worked is None or worked < first:
            yield Odd(IDLE, actor, subject, len(seen), last)


def _too_many(by_subject, peers, earlier):
    """Counted by requests, not by page loads: who reads one dossier ten times has looked at one person."""
    counts = Counter(actor for actor, _ in by_subject)
    last = defaultdict(lambda: datetime.min)
    for (actor, _), seen in by_subject.items():
        newest = max(look.at for look in seen)
        last[actor] = newest if last[actor] is datetime.min else max(last[actor], newest)
    for actor, count in sorted(counts.items()):
        usual = usual_of(actor, counts, peers, earlier)
        if count >= LEAST and count > TIMES_USUAL * usual:
            yield Odd(MANY, actor, "", count, last[actor], usual)


def usual_of(
    actor: int, counts: Mapping[int, int], peers: Mapping[int, Collection[int]], earlier: Mapping[int, Collection[int]]
) -> int:
    """The median week: the peers' this week and all of theirs and one's own before."""
    others = peers.get(actor, ())
    weeks = [counts.get(other, 0) for other in others]
    for one in (actor, *others):
        weeks += earlier.get(one, ())
    return round(median(weeks)) if weeks else 0

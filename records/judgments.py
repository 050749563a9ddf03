"""From the register's rows to judgments on one day: what exists yet, and every reading of what is not known.

Every rule here prepares the facts for `expungement`; contracts, "Meaning", binds: a fact dated after the day does not
exist yet, null is "not done, or not known to be", absent is unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from records import grounds, terms
from records.expungement import Conditions, Start, Term, day_text
from records.facts import UNKNOWN, Conviction, Penalty, RegisterRecord, Unknown
from records.grounds import Ground
from records.names import PartialDate, key1
from records.terms import Terms

COURT_DECIDED_CHAPTERS = ("XIII", "XXVI")
# The chapters of crimes of the code of 2015; whatever else stands in the register is not known.
CHAPTERS_OF_CRIMES = {"XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX"}
CHAPTERS_OF_CRIMES |= {"XX", "XXI", "XXII", "XXIII", "XXIV", "XXV", "XXVI"}
# The articles of those two chapters (in the code of 1999: XI and XXIV; of 1985: I.A and XII), only used to distrust
# another chapter.
COURT_DECIDED_ARTICLES = {
    "BLHS2015": (*range(108, 123), *range(421, 426)),
    "BLHS1999": (*range(78, 93), *range(341, 345)),
    "BLHS1985": (*range(72, 89), *range(277, 281)),
}
# The additional penalties that may be longer than the term (Art. 70(2) BLHS, last paragraph).
RESTRICTIVE = ("supervised_residence", "residence_ban", "office_ban", "civic_rights")
# Months: non-custodial reform (Art. 36 BLHS), and the longest prison that may be suspended (Art. 65(1) BLHS).
MOST_REFORM, MOST_SUSPENDED = 36, 36
LONGEST_NUMBER = 80
MOST_MONTHS = {"less_serious": 36, "serious": 84, "very_serious": 180, "extremely_serious": None}
SEVERITIES = tuple(MOST_MONTHS)


@dataclass(frozen=True)
class Judgment:
    """All offences of one judgment that exist on the day, and the births on file (rows may differ).

    `dropped`: what is left out of the same judgment; where another row counts the same offence, one of both is wrong.
    """

    number: str
    court: str
    day: date
    offences: tuple[Conviction, ...]
    births: tuple[PartialDate, ...]
    dropped: tuple[Conviction, ...] = ()

    @property
    def label(self) -> str:
        number = self.number if len(self.number) <= LONGEST_NUMBER else f"{self.number[:LONGEST_NUMBER]}…"
        return f"Bản án số {number} ngày {day_text(self.day)}"


def judgments_on(records: Iterable[RegisterRecord], as_of: date) -> list[Judgment]:
    """Every judgment of these rows of one person that exists on the day, oldest first, each offence once."""
    records = list(records)
    births = tuple(sorted({record.date_of_birth for record in records}, key=lambda birth: birth.text))
    groups: dict[tuple, dict[Conviction, None]] = defaultdict(dict)
    dropped: dict[tuple, dict[Conviction, None]] = defaultdict(dict)
    for record in records:
        for conviction in record.convictions:
            kept = groups if left_out(conviction, as_of) is None else dropped
            kept[judgment_key(conviction)][conviction] = None
    found = []
    for key, offences in sorted(groups.items()):
        ordered = tuple(sorted(offences, key=lambda c: (c.offence.article, c.offence.title, repr(c))))
        first = ordered[0]
        others = tuple(dropped.get(key, ()))
        found.append(Judgment(first.judgment_number, first.court, first.judgment_date, ordered, births, others))
    return found


def judgment_key(conviction: Conviction) -> tuple[date, str, str]:
    """Names the judgment: day, number and court, however the two are spelt."""
    return conviction.judgment_date, key1(conviction.judgment_number), key1(conviction.court)


def left_out(conviction: Conviction, as_of: date) -> Ground | None:
    """Dropped: not in legal effect on the day, annulled and stopped, or abolished by a new law.

    Of a foreign judgment only a person can say that it has no effect here, or that the crime is none here.
    """
    if conviction.foreign_judgment:
        return grounds.NOT_IN_EFFECT if conviction.judgment_date > as_of or conviction.annulled else None
    if conviction.offence.decriminalised:
        return grounds.ABOLISHED
    effective = conviction.effective_date
    in_effect = isinstance(effective, Unknown) or (effective is not None and effective <= as_of)
    if conviction.judgment_date > as_of or conviction.annulled or not in_effect:
        return grounds.NOT_IN_EFFECT
    return None


def on_trial(records: Iterable[RegisterRecord], as_of: date) -> list[Judgment]:
    """Judgments pronounced but not (or not yet) in effect on the day: under appeal, or within the time for one."""
    waiting = []
    for record in records:
        convictions = [c for c in record.convictions if _waits(c, as_of)]
        waiting.append(replace(record, convictions=tuple(replace(c, effective_date=UNKNOWN) for c in convictions)))
    return judgments_on(waiting, as_of)


def _waits(conviction: Conviction, as_of: date) -> bool:
    return left_out(conviction, as_of) is grounds.NOT_IN_EFFECT and not conviction.annulled


def penalty_of(conviction: Conviction) -> Penalty:
    """Terms go by the joint penalty where several offences were judged together (Art. 55 BLHS)."""
    return conviction.combined_penalty or conviction.main_penalty


def punished(judgment: Judgment) -> list[Conviction]:
    """The offences that were not spared a penalty."""
    return [conviction for conviction in judgment.offences if conviction.main_penalty.kind != "none"]


# --- Readings of what is not known -----------------------------------------------------------------------------------


def _birthday(birth: date, year: int, *, early: bool) -> date:
    """Full age is reached on the birthday; who was born on 29 February has it on 28 February or 1 March."""
    if (birth.month, birth.day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0)):
        return date(year, 2, 28) if early else date(year, 3, 1)
    return birth.replace(year=year)


def age_on(birth: date, day: date, *, early: bool = True) -> int:
    return day.year - birth.year - (day < _birthday(birth, day.year, early=early))


def ages_at_offence(judgment: Judgment, conviction: Conviction) -> range:
    """Every age in whole years that the dates allow and the stated one agrees with; empty: they contradict."""
    when = conviction.offence_date or conviction.judgment_date
    oldest = max(age_on(birth.first_day, when) for birth in judgment.births)
    youngest = min(age_on(birth.last_day, when, early=False) for birth in judgment.births)
    youngest = max(youngest if conviction.offence_date else 0, 14)  # Art. 12 BLHS: nobody is liable under 14
    stated = conviction.age_at_offence
    if stated is None:
        return range(youngest, oldest + 1)
    return range(stated, stated + 1) if youngest <= stated <= oldest else range(0)


def age_groups(judgment: Judgment, conviction: Conviction) -> set[str]:
    ages = ages_at_offence(judgment, conviction)
    groups = {"under_16": range(14, 16), "under_18": range(16, 18), "adult": range(18, 10_000)}
    possible = {group for group, years in groups.items() if ages and ages[0] < years.stop and ages[-1] >= years.start}
    if conviction.juvenile_judicial_measure and possible != {"adult"}:
        possible.discard("adult")
    return possible


def severities(conviction: Conviction) -> set[str]:
    """Art. 9 BLHS. Where the penalty contradicts the stated class, one of the two is wrong: both are tried."""
    stated, penalty = conviction.offence.severity, conviction.main_penalty
    if penalty.kind in ("life", "death_commuted"):
        fitting = {"extremely_serious"}
    else:
        months = penalty.months if penalty.kind == "imprisonment" and penalty.months else 0
        fitting = {s for s in SEVERITIES if months <= (MOST_MONTHS[s] or months)}
    if stated is None:
        return fitting
    return {stated} if stated in fitting else fitting | {stated}


def court_decided(conviction: Conviction) -> bool | None:
    """Chapter XIII or XXVI (Art. 71 BLHS); None where the chapter is not known, no chapter of crimes of the code of
    2015, or contradicted by the article."""
    offence = conviction.offence
    chapter = key1(offence.chapter or "").removeprefix("chương").strip().upper()
    if chapter in COURT_DECIDED_CHAPTERS:
        return True
    doubtful = offence.article in COURT_DECIDED_ARTICLES.get(offence.code, ())
    return None if chapter not in CHAPTERS_OF_CRIMES or doubtful else False


def any_court_decided(judgment: Judgment) -> bool | None:
    """Art. 73(3) BLHS: with one such crime in the judgment the court decides about all of it."""
    answers = [court_decided(conviction) for conviction in judgment.offences]
    return True if True in answers else None if None in answers else False


def letters(judgment: Judgment) -> set[str]:
    """The points of Art. 70(2) by the joint penalty; without one, all that the separate ones allow (Art. 55)."""
    penalties = {penalty_of(conviction) for conviction in punished(judgment)}
    found = {letter for p in penalties for letter in terms.letters_of(p.kind, p.months, suspended=p.suspended)}
    apart = [c.main_penalty for c in punished(judgment) if c.combined_penalty is None]
    return found | _letters_of_the_sum(apart) if len(apart) > 1 else found


def _letters_of_the_sum(penalties: list[Penalty]) -> set[str]:
    """Prison is added up, with three days of non-custodial reform as one of prison (Art. 55(1) BLHS)."""
    prison = [p for p in penalties if p.kind == "imprisonment" and p.months]
    served = [p.months or 0 for p in prison if not p.suspended]
    reform = sum(p.months or MOST_REFORM for p in penalties if p.kind == "non_custodial")
    total = sum(p.months or 0 for p in prison) + -(-reform // 3)
    if not prison or (not served and total <= MOST_SUSPENDED):
        return set()
    shortest, longest = terms.letter_of_prison(max(served, default=1)), terms.letter_of_prison(total)
    return {letter for letter in "bcd" if shortest <= letter <= longest}


def has_unnamed_penalty(judgment: Judgment) -> bool:
    """Expulsion as the main penalty stands in no row of Art. 70(2): a person decides (domain C31)."""
    return any(penalty_of(conviction).kind == "expulsion" for conviction in punished(judgment))


def starts(judgment: Judgment) -> tuple[Start, ...]:
    """From when the term may run: completion, pardon, or limitation of execution (Art. 70(2, 3), 62(1) BLHS).

    Both are tried where both are on file and disagree; what was completed in time cannot have lapsed afterwards.
    """
    completed = {_completed_on(conviction) for conviction in punished(judgment)}
    days = {done and done[0] for done in completed}
    expired = {conviction.execution_limitation_expired_on for conviction in punished(judgment)}
    possible = []
    if len(days) == 1 and None not in days:
        grounds_of = {done[1] for done in completed if done}
        ground = grounds.PARDON if grounds_of == {grounds.PARDON} else grounds.COMPLETED
        possible.append(Start(days.pop(), judgment.day, ground))
    if len(expired) == 1 and None not in expired:
        lapsed = next(iter(expired))
        if not possible or lapsed < possible[0].day:  # type: ignore[operator]
            possible.append(Start(lapsed, judgment.day, grounds.LIMITATION))
    return tuple(possible) or (Start(None, judgment.day),)


def _completed_on(conviction: Conviction) -> tuple[date, Ground] | None:
    """Completion; else the day of the pardon or amnesty, which exempt from what was left to serve (Art. 73(4) BLHS)."""
    if conviction.main_penalty_completed_on is not None:
        return conviction.main_penalty_completed_on, grounds.COMPLETED
    return (conviction.clemency.date, grounds.PARDON) if conviction.clemency else None


def conditions(judgment: Judgment, as_of: date) -> Conditions:
    """Additional penalties and other decisions of the whole judgment (Art. 70(2) BLHS)."""
    done: list[tuple[date, int, Ground]] = []
    unknown = False
    for conviction in judgment.offences:
        if isinstance(conviction.additional_penalties, Unknown) or isinstance(conviction.obligations, Unknown):
            unknown = True
        for penalty in _known(conviction.additional_penalties):
            running = penalty.until if penalty.until and penalty.until >= as_of else None
            day = penalty.completed_on or running
            unknown = unknown or day is None
            restricted = penalty.kind in RESTRICTIVE
            ground = grounds.STILL_RESTRICTED if restricted else grounds.PENALTY_COMPLETED
            done += [(day, 1 + restricted, ground)] if day else []
        for obligation in _known(conviction.obligations):
            day = obligation.fulfilled_on
            unknown = unknown or day is None
            done += [(day, 0, grounds.DECISIONS_COMPLETED)] if day else []
    if not done:
        return Conditions(None, unknown)
    latest, _, ground = max(done, key=lambda item: item[:2])
    return Conditions(latest, unknown, ground)


def _known(items):
    return () if isinstance(items, Unknown) else items


def effective_days(judgment: Judgment) -> set[date | Unknown]:
    return {conviction.effective_date for conviction in judgment.offences}  # type: ignore[misc]


def term(judgment: Judgment, letter: str, versions: tuple[Terms, ...], as_of: date) -> Term:
    days = effective_days(judgment)
    effective = next(iter(days)) if len(days) == 1 and UNKNOWN not in days else None
    return Term(terms.in_force(versions, as_of), letter, effective, judgment.day)  # type: ignore[arg-type]

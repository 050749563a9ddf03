"""From the register's rows to judgments on one day: what exists yet, what contradicts itself, what is missing.

Every rule here prepares the facts for `expungement`; contracts, "Meaning", binds: a fact dated after the day does not
exist yet, null is "not done, or not known to be", absent is unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from records import expungement
from records.expungement import Conditions, Later, Start, Term, day_text
from records.facts import UNKNOWN, Conviction, Penalty, RegisterRecord, Unknown
from records.names import PartialDate, key1

COURT_DECIDED_CHAPTERS = ("XIII", "XXVI")
# Chapters XIII and XXVI of the 2015 code by article: only used to distrust a chapter that contradicts it.
COURT_DECIDED_ARTICLES = (*range(108, 123), *range(421, 426))
MOST_MONTHS = {"less_serious": 36, "serious": 84, "very_serious": 180, "extremely_serious": None}
SEVERITIES = tuple(MOST_MONTHS)


@dataclass(frozen=True)
class Judgment:
    """All offences of one judgment that exist on the day, and the births on file (rows may differ)."""

    number: str
    court: str
    day: date
    offences: tuple[Conviction, ...]
    births: tuple[PartialDate, ...]

    @property
    def label(self) -> str:
        return f"Bản án số {self.number} ngày {day_text(self.day)}"


def judgments_on(records: Iterable[RegisterRecord], as_of: date) -> list[Judgment]:
    """Every judgment of these rows of one person that exists on the day, oldest first, each offence once."""
    records = list(records)
    births = tuple(sorted({record.date_of_birth for record in records}, key=lambda birth: birth.text))
    groups: dict[tuple, dict[Conviction, None]] = defaultdict(dict)
    for record in records:
        for conviction in record.convictions:
            if exists_on(conviction, as_of):
                key = (conviction.judgment_date, key1(conviction.judgment_number), key1(conviction.court))
                groups[key][conviction] = None
    found = []
    for _, offences in sorted(groups.items()):
        ordered = tuple(sorted(offences, key=lambda c: (c.offence.article, c.offence.title, repr(c))))
        first = ordered[0]
        found.append(Judgment(first.judgment_number, first.court, first.judgment_date, ordered, births))
    return found


def exists_on(conviction: Conviction, as_of: date) -> bool:
    """Dropped: not in legal effect (Law on criminal records, Art. 4), annulled and stopped, abolished (Art. 35)."""
    if conviction.judgment_date > as_of or conviction.annulled or conviction.offence.decriminalised:
        return False
    effective = conviction.effective_date
    return isinstance(effective, Unknown) or (effective is not None and effective <= as_of)


def penalty_of(conviction: Conviction) -> Penalty:
    """Terms go by the joint penalty where several offences were judged together (Art. 55 BLHS)."""
    return conviction.combined_penalty or conviction.main_penalty


def punished(judgment: Judgment) -> list[Conviction]:
    """The offences that were not spared a penalty."""
    return [conviction for conviction in judgment.offences if conviction.main_penalty.kind != "none"]


# --- Contradictions ------------------------------------------------------------------------------------------------


def contradictions(judgment: Judgment, conviction: Conviction) -> list[str]:
    """What cannot all be true; which of it is true only a person with the papers can say."""
    found = list(_dates_that_disagree(conviction)) + list(_penalties_that_disagree(conviction))
    if not ages_at_offence(judgment, conviction):
        found.append("tuổi khi phạm tội không khớp với ngày sinh và ngày phạm tội (cần giấy khai sinh và bản án)")
    elif conviction.juvenile_judicial_measure and not age_groups(judgment, conviction) - {"adult"}:
        found.append("biện pháp tư pháp cho người dưới 18 tuổi nhưng khi phạm tội đã đủ 18 tuổi (cần bản án)")
    same = [other for other in judgment.offences if other.offence == conviction.offence]
    if len(same) > 1:
        found.append("cùng một tội trong cùng bản án được ghi khác nhau (cần trích lục bản án)")
    return found


def _dates_that_disagree(conviction: Conviction) -> Iterable[str]:
    judged = conviction.judgment_date
    effective = conviction.effective_date
    if isinstance(effective, date) and effective < judged:
        yield "ngày có hiệu lực trước ngày tuyên án (cần trích lục bản án)"
    if conviction.offence_date and conviction.offence_date > judged:
        yield "ngày phạm tội sau ngày tuyên án (cần trích lục bản án)"
    if conviction.main_penalty_completed_on and conviction.main_penalty_completed_on < judged:
        yield "ngày chấp hành xong hình phạt chính trước ngày tuyên án (cần giấy chứng nhận chấp hành xong)"
    if conviction.clemency and conviction.clemency.date < judged:
        yield "ngày đặc xá hoặc đại xá trước ngày tuyên án (cần quyết định đặc xá, đại xá)"
    if conviction.expungement and conviction.expungement.date < judged:
        yield "ngày xóa án tích trước ngày tuyên án (cần quyết định hoặc giấy chứng nhận xóa án tích)"
    if conviction.execution_limitation_expired_on:
        yield from _limitation_that_cannot_be(conviction)


def _limitation_that_cannot_be(conviction: Conviction) -> Iterable[str]:
    """Art. 61 BLHS: no limitation of execution for Chapters XIII and XXVI, Art. 353(3, 4) and 354(3, 4)."""
    offence = conviction.offence
    bribe = offence.code == "BLHS2015" and offence.article in (353, 354) and offence.clause not in (1, 2)
    if conviction.execution_limitation_expired_on < conviction.judgment_date:  # type: ignore[operator]
        yield "ngày hết thời hiệu thi hành trước ngày tuyên án (cần xác nhận của cơ quan thi hành án)"
    elif bribe or court_decided(conviction) is True:
        yield "Điều 61 BLHS không áp dụng thời hiệu thi hành cho tội này (cần xác nhận của cơ quan thi hành án)"


def _penalties_that_disagree(conviction: Conviction) -> Iterable[str]:
    spared = conviction.exempt_from_penalty or conviction.juvenile_judicial_measure
    if spared != (conviction.main_penalty.kind == "none"):
        yield "hình phạt chính không khớp với việc miễn hình phạt hoặc biện pháp tư pháp (cần trích lục bản án)"
    for penalty in (conviction.main_penalty, conviction.combined_penalty):
        if penalty and penalty.suspended and penalty.kind != "imprisonment":
            yield "án treo nhưng hình phạt chính không phải là tù (cần trích lục bản án)"


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
    """Chapter XIII or XXVI (Art. 71 BLHS); None where the chapter is not known or contradicts the article."""
    chapter = (conviction.offence.chapter or "").strip().upper()
    if chapter in COURT_DECIDED_CHAPTERS:
        return True
    offence = conviction.offence
    doubtful = offence.code == "BLHS2015" and offence.article in COURT_DECIDED_ARTICLES
    return None if not chapter or doubtful else False


def any_court_decided(judgment: Judgment) -> bool | None:
    """Art. 73(3) BLHS: with one such crime in the judgment the court decides about all of it."""
    answers = [court_decided(conviction) for conviction in judgment.offences]
    return True if True in answers else None if None in answers else False


def penalty_rows(judgment: Judgment) -> set[str]:
    """The rows of Art. 70(2) by the joint penalty; without one, every row that the separate ones allow (Art. 55)."""
    penalties = {penalty_of(conviction) for conviction in punished(judgment)}
    rows = {r for p in penalties for r in expungement.penalty_rows(p.kind, p.months, suspended=p.suspended)}
    apart = [c.main_penalty for c in punished(judgment) if c.combined_penalty is None]
    prison = [p.months for p in apart if p.kind == "imprisonment" and not p.suspended and p.months]
    if len(apart) > 1 and len(prison) > 1:
        shortest, longest = expungement.prison_row(max(prison)), expungement.prison_row(sum(prison))
        rows |= {row for row in "bcd" if shortest <= row <= longest}
    return rows


def has_unnamed_penalty(judgment: Judgment) -> bool:
    """Expulsion as the main penalty stands in no row of Art. 70(2): a person decides (domain C31)."""
    return any(penalty_of(conviction).kind == "expulsion" for conviction in punished(judgment))


def starts(judgment: Judgment, as_of: date) -> tuple[Start, ...]:
    """From when the term may run: completion, pardon, or limitation of execution (Art. 70(2, 3), 62(1) BLHS)."""
    completed = {_completed_on(conviction, as_of) for conviction in punished(judgment)}
    expired = {conviction.execution_limitation_expired_on for conviction in punished(judgment)}
    possible = []
    if len(completed) == 1 and None not in completed:
        possible.append(Start(completed.pop(), judgment.day))
    if len(expired) == 1 and None not in expired:
        possible.append(Start(expired.pop(), judgment.day, by_limitation=True))
    return tuple(possible) or (Start(None, judgment.day),)


def _completed_on(conviction: Conviction, as_of: date) -> date | None:
    pardon = conviction.clemency
    if conviction.main_penalty_completed_on is None and pardon and pardon.kind == "dac_xa" and pardon.date <= as_of:
        return pardon.date
    return conviction.main_penalty_completed_on


def conditions(judgment: Judgment, as_of: date) -> Conditions:
    """Additional penalties and other decisions of the whole judgment (Art. 70(2) BLHS)."""
    days: list[date] = []
    unknown = False
    for conviction in judgment.offences:
        if isinstance(conviction.additional_penalties, Unknown) or isinstance(conviction.obligations, Unknown):
            unknown = True
        for penalty in _known(conviction.additional_penalties):
            running = penalty.until if penalty.until and penalty.until >= as_of else None
            done = penalty.completed_on or running
            unknown = unknown or done is None
            days += [done] if done else []
        for obligation in _known(conviction.obligations):
            unknown = unknown or obligation.fulfilled_on is None
            days += [obligation.fulfilled_on] if obligation.fulfilled_on else []
    return Conditions(max(days, default=None), unknown)


def _known(items):
    return () if isinstance(items, Unknown) else items


def effective_days(judgment: Judgment) -> set[date | Unknown]:
    return {conviction.effective_date for conviction in judgment.offences}  # type: ignore[misc]


def term(judgment: Judgment, row: str, as_of: date, *, youth: bool) -> Term:
    months = expungement.youth_terms(as_of)[row] if youth else expungement.ADULT_TERMS[row]
    days = effective_days(judgment)
    effective = next(iter(days)) if len(days) == 1 and UNKNOWN not in days else None
    return Term(months, expungement.term_article(row, youth=youth), effective, judgment.day)  # type: ignore[arg-type]


def later_crimes(judgment: Judgment, others: Iterable[Judgment], as_of: date) -> list[Later]:
    """Every offence of every other judgment; which of them fall into the running term, `expungement` finds."""
    found = []
    for other in others:
        if other is judgment:
            continue
        begins = starts(other, as_of)
        for conviction in other.offences:
            doubtful = bool(contradictions(other, conviction))
            crime = Later(
                None if doubtful else conviction.offence_date,
                other.day,
                (Start(None, other.day),) if doubtful else begins,
                certain=conviction.effective_date is not UNKNOWN and not conviction.foreign_judgment,
                label=other.label,
            )
            found.append(crime)
    return found

"""Xóa án tích: the state of one conviction on one day, with the article and clause that it rests on.

To be read beside Bộ luật Hình sự 2015 (BLHS), Art. 60-62, 69-73 and 107, in their order. Values in, values out. Facts
that the register does not hold are never guessed: each is tried in every way that it might be (a *reading*). Where all
readings end in the same state, that is the answer; where they differ, the caller has to find the paper that settles it.
The months are in `terms`, the words of the other rules in `grounds`; docs/expungement.md is drawn from both.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from records import grounds
from records.grounds import Ground
from records.terms import Terms

ACTIVE, EXPUNGED, AMNESTIED = "active", "expunged", "amnestied"
NOT_COUNTED, NOT_IN_EFFECT, UNDETERMINED = "not_counted", "not_in_effect", "undetermined"

MOST_READINGS = 512


@dataclass(frozen=True)
class Outcome:
    """One possible state. `expunged_on` is the last day of the term, or the date of the court's decision.

    `by_hand`: no further paper about the term would change it; the reasons themselves say who has to decide on what.
    """

    state: str
    expunged_on: date | None = None
    reasons: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True)
class Start:
    """From when a term runs. `day` None: the register does not say; then it is not before `not_before`."""

    day: date | None
    not_before: date
    ground: Ground = grounds.COMPLETED

    @property
    def by_limitation(self) -> bool:
        return self.ground is grounds.LIMITATION


@dataclass(frozen=True)
class Later:
    """A later crime that may restart a running term (Art. 73(2)); `certain` only with a judgment in effect."""

    offence_day: date | None
    offence_not_after: date
    starts: tuple[Start, ...]
    certain: bool
    label: str


@dataclass(frozen=True)
class Conditions:
    """What else of the judgment must be done (Art. 70(2)): the latest known day and what it was, and what is open."""

    latest: date | None = None
    unknown: bool = False
    latest_is: Ground = grounds.DECISIONS_COMPLETED


@dataclass(frozen=True)
class Term:
    """A term to run: point and clause, and from when the judgment has been in effect."""

    version: Terms
    letter: str
    effective_day: date | None
    judgment_day: date

    @property
    def months(self) -> int:
        return self.version.point(self.letter).months

    @property
    def article(self) -> str:
        return self.version.cite(self.letter)


# --- Days -----------------------------------------------------------------------------------------------------------


def day_text(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04d}"


def add_months(day: date, months: int) -> date:
    """N months from D end with the same day N months later, or the month's last day; never moved for weekends."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_over(end: date, as_of: date) -> bool:
    """Expunged from the day after the last day of the term (domain Q8)."""
    return end < as_of


# --- Art. 69(2) and 107(1): convictions that are not án tích at all -------------------------------------------------


def not_counted(age_group: str, severity: str, *, negligent: bool) -> Ground | None:
    """The rule by which this conviction is not counted; None where it counts."""
    if age_group == "under_16":
        return grounds.UNDER_16
    if negligent and severity in ("less_serious", "serious"):
        return grounds.NEGLIGENT
    grave = severity == "extremely_serious" or (severity == "very_serious" and not negligent)
    if age_group == "under_18" and not grave:
        return grounds.UNDER_18
    return None


# --- Art. 62: amnesty; Art. 70(1), 71(1), 72: what a court or a certificate has said already -----------------------


def by_amnesty(day: date) -> Outcome:
    """Đại xá (general amnesty), unlike đặc xá (pardon), leaves no án tích."""
    return Outcome(AMNESTIED, None, (grounds.AMNESTY.reason(day_text(day)),))


def by_decision(day: date, kind: str, *, court_decides: bool | None) -> Outcome:
    """Expunged on the date of the court's decision or of the certificate, whatever the term would have been."""
    ground = grounds.CERTIFICATE
    if kind == "court_decision":
        ground = grounds.SPECIAL_DECISION if court_decides is False else grounds.COURT_DECISION
    return Outcome(EXPUNGED, day, (ground.reason(day_text(day)),))


# --- Art. 71: only the court ----------------------------------------------------------------------------------------


def by_court_only(versions: Iterable[Term], start: Start, *, all_of_it: bool) -> Outcome:
    """Chapters XIII and XXVI never end by themselves; the clause's own term says when the court may be asked.

    Rejected petitions (Art. 71(3)) and a special case (Art. 72) are not in the register: only the decision counts.
    """
    ground = grounds.COURT_FOR_ALL if all_of_it else grounds.COURT_ONLY
    when = [_petition(term, start) for term in versions]
    return Outcome(ACTIVE, None, (ground.reason(), *sorted(when)))


def _petition(term: Term, start: Start) -> str:
    length = f"{term.article}: thời hạn để đề nghị Tòa án xóa án tích là {term.months} tháng"
    if start.day is None:
        return f"{length}, chưa rõ từ ngày nào."
    return f"{length}, sớm nhất hết ngày {day_text(add_months(start.day, term.months))}."


# --- Art. 70(2, 3) and 107(2): by itself ----------------------------------------------------------------------------


def automatic(term: Term, start: Start, conditions: Conditions, later: Iterable[Later], as_of: date) -> set[Outcome]:
    """Every state that this term may have reached on the day, over all readings of the later crimes."""
    if start.by_limitation:
        conditions = Conditions()  # Art. 70(3): after the limitation of execution only a new crime matters
    order = sorted(later, key=lambda crime: (crime.offence_day or date.min, crime.offence_not_after, crime.label))
    branches: set[tuple[Start, tuple[str, ...]]] = {(start, ())}
    for crime in order:
        if len(branches) > MOST_READINGS:
            return {Outcome(UNDETERMINED, None, (grounds.TOO_MANY.reason(),), by_hand=True)}
        branches = {after for branch in branches for after in _after_crime(branch, crime, term, conditions)}
    return {_on_day(term, begun, conditions, restarts, as_of) for begun, restarts in branches}


def earliest_end(term: Term, start: Start, conditions: Conditions) -> date:
    """auto_end (domain 1.5): start + term, or later when something else of the judgment was finished later.

    A supervised residence or a ban longer than points a to c makes the term end with it (Art. 70(2), last paragraph);
    under point d it does not, but every additional penalty has to be completed anyway: the same day.
    """
    end = add_months(start.day or start.not_before, term.months)
    return max(end, conditions.latest) if conditions.latest else end


def _on_day(term: Term, start: Start, conditions: Conditions, restarts: tuple[str, ...], as_of: date) -> Outcome:
    end = earliest_end(term, start, conditions)
    again = tuple(grounds.RESTART.reason(f" ({label})") for label in restarts)
    if start.day is None or conditions.unknown:
        length = f"{term.article}: thời hạn {term.months} tháng"
        if is_over(end, as_of):
            return Outcome(UNDETERMINED, None, (f"{length}, chưa rõ đã hết hay chưa.", *again))
        return Outcome(ACTIVE, None, (f"{length}, sớm nhất hết ngày {day_text(end)}.", *again))
    reasons = (*_counted_from(term, start), *_kept_open(term, start, conditions), *again)
    if is_over(end, as_of):
        return Outcome(EXPUNGED, end, reasons)
    return Outcome(ACTIVE, None, reasons)


def _counted_from(term: Term, start: Start) -> Iterable[str]:
    """The term in figures; and the rule of its first day, where that is not plain completion."""
    begins = start.day or start.not_before
    end = add_months(begins, term.months)
    yield f"{term.article}: thời hạn {term.months} tháng kể từ ngày {day_text(begins)}, hết ngày {day_text(end)}."
    if start.ground is not grounds.COMPLETED:
        yield start.ground.reason()


def _kept_open(term: Term, start: Start, conditions: Conditions) -> Iterable[str]:
    """What of the judgment was done only after the term itself was over."""
    if start.day and conditions.latest and conditions.latest > add_months(start.day, term.months):
        ground = conditions.latest_is
        if ground is grounds.STILL_RESTRICTED and term.letter == "d":
            ground = grounds.PENALTY_COMPLETED
        yield ground.reason(day_text(conditions.latest))


# --- Art. 73(2): a new crime ----------------------------------------------------------------------------------------


def _after_crime(
    branch: tuple[Start, tuple[str, ...]], crime: Later, term: Term, conditions: Conditions
) -> list[tuple[Start, tuple[str, ...]]]:
    """A crime after the judgment took effect and not after its expungement restarts the old term."""
    start, restarts = branch
    within = _is_within(crime, term, start, conditions)
    if within is False:
        return [branch]
    restarted = [(_restart(start, new), (*restarts, crime.label)) for new in crime.starts]
    return restarted if within and crime.certain else [branch, *restarted]


def _is_within(crime: Later, term: Term, start: Start, conditions: Conditions) -> bool | None:
    """True, False, or None where the known dates leave both possible."""
    since = term.effective_day or term.judgment_day
    if (crime.offence_day or crime.offence_not_after) <= since:
        return False
    if crime.offence_day is None:
        return None
    if crime.offence_day > earliest_end(term, start, conditions):
        return False if start.day and not conditions.unknown else None
    return True if term.effective_day else None


def _restart(old: Start, new: Start) -> Start:
    """The old term runs again from the new penalty's completion, never from before its own penalty was done."""
    floor = max(old.day or old.not_before, new.day or new.not_before)
    known = old.day is not None and new.day is not None
    return Start(floor if known else None, floor, new.ground if new.day == floor else old.ground)


def of_pending(since: date, offence_day: date | None, as_of: date) -> Later:
    """A prosecution inside a running term leaves open whether it will restart it (`grounds.prosecuted`)."""
    known = offence_day if offence_day and offence_day <= since else None
    return Later(known, since, (Start(None, as_of),), certain=False, label=f"vụ án khởi tố ngày {day_text(since)}")

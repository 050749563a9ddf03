"""Xóa án tích: the state of one conviction on one day, with the article that it rests on.

To be read beside Bộ luật Hình sự 2015 (BLHS), Art. 60-62, 69-73 and 107. Values in, values out. Facts that the register
does not hold are never guessed: each is tried in every way that it might be (a *reading*). Where all readings end in
the same state, that is the answer; where they differ, the caller has to find the paper that settles it.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ACTIVE, EXPUNGED, AMNESTIED = "active", "expunged", "amnestied"
NOT_COUNTED, NOT_IN_EFFECT, UNDETERMINED = "not_counted", "not_in_effect", "undetermined"

# Art. 70(2) BLHS: months after the main penalty, by row. a: warning, fine, non-custodial reform, suspended prison;
# b: prison up to 5 years; c: over 5 to 15 years; d: over 15 years, life, death commuted.
ADULT_TERMS = {"a": 12, "b": 24, "c": 36, "d": 60}
# Art. 107(2) BLHS. A dated table, because the law on minors (59/2024/QH15) may change it: the newest row that has begun
# applies. Nothing newer is known to differ (domain Q12).
YOUTH_TERMS = ((date.min, {"a": 6, "b": 12, "c": 24, "d": 36}),)
MOST_READINGS = 512


@dataclass(frozen=True)
class Outcome:
    """One possible state. `expunged_on` is the last day of the term, or the date of the court's decision."""

    state: str
    expunged_on: date | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Start:
    """From when a term runs. `day` None: the register does not say; then it is not before `not_before`."""

    day: date | None
    not_before: date
    by_limitation: bool = False


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
    """What else of the judgment must be done (Art. 70(2)): the latest known day, and whether one is not known."""

    latest: date | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Term:
    """A term to run: its length, where it stands in the law, and from when the judgment has been in effect."""

    months: int
    article: str
    effective_day: date | None
    judgment_day: date


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


def youth_terms(as_of: date) -> dict[str, int]:
    """Art. 107(2) BLHS as in force on the day."""
    return [months for begins, months in YOUTH_TERMS if begins <= as_of][-1]


def term_article(row: str, *, youth: bool) -> str:
    return f"Điều 107 khoản 2 điểm {row} BLHS" if youth else f"Điều 70 khoản 2 điểm {row} BLHS"


def prison_row(months: int) -> str:
    """Art. 70(2)(b-d) BLHS, by the length pronounced (Art. 73(1)), not the part served."""
    return "b" if months <= 60 else "c" if months <= 180 else "d"


def penalty_rows(kind: str, months: int | None, *, suspended: bool) -> tuple[str, ...]:
    """The rows of Art. 70(2) that this penalty may fall under; none for expulsion, which the article does not name."""
    if kind in ("warning", "fine", "non_custodial") or (kind == "imprisonment" and suspended):
        return ("a",)
    if kind in ("life", "death_commuted"):
        return ("d",)
    if kind == "imprisonment":
        return (prison_row(months),) if months and months > 0 else ("b", "c", "d")
    return ()


def is_not_counted(age_group: str, severity: str, *, negligent: bool) -> bool:
    """Art. 69(2) BLHS: a negligent less serious or serious crime. Art. 107(1): under 16; from 16 to under 18 unless
    the crime was very serious and intentional, or extremely serious."""
    if negligent and severity in ("less_serious", "serious"):
        return True
    if age_group == "under_16":
        return True
    if age_group == "under_18":
        return severity in ("less_serious", "serious") or (severity == "very_serious" and negligent)
    return False


def not_counted_reason(age_group: str, *, negligent: bool) -> str:
    if age_group == "under_16":
        return "Điều 107 khoản 1 điểm a BLHS: phạm tội khi chưa đủ 16 tuổi, không bị coi là có án tích."
    if negligent:
        return "Điều 69 khoản 2 BLHS: tội ít nghiêm trọng hoặc nghiêm trọng do lỗi vô ý, không bị coi là có án tích."
    return "Điều 107 khoản 1 điểm b BLHS: phạm tội khi từ đủ 16 đến dưới 18 tuổi, không bị coi là có án tích."


def by_decision(day: date, kind: str) -> Outcome:
    """Art. 71-72 BLHS: a court decided; or a certificate of expungement was given (Art. 70(4))."""
    if kind == "court_decision":
        return Outcome(EXPUNGED, day, (f"Điều 71 BLHS: Tòa án quyết định xóa án tích ngày {day_text(day)}.",))
    return Outcome(EXPUNGED, day, (f"Điều 70 BLHS: giấy chứng nhận xóa án tích ngày {day_text(day)}.",))


def by_amnesty(day: date) -> Outcome:
    """Đại xá (general amnesty), unlike đặc xá (pardon), leaves no án tích (Law on criminal records, Art. 42)."""
    return Outcome(AMNESTIED, None, (f"Điều 62 BLHS, Điều 42 Luật Lý lịch tư pháp: đại xá ngày {day_text(day)}.",))


def never_by_itself() -> Outcome:
    """Art. 71 BLHS: Chapters XIII and XXVI are expunged by a court's decision only."""
    return Outcome(ACTIVE, None, ("Điều 71 BLHS: tội thuộc Chương XIII hoặc XXVI, chỉ xóa khi Tòa án quyết định.",))


def automatic(term: Term, start: Start, conditions: Conditions, later: Iterable[Later], as_of: date) -> set[Outcome]:
    """Art. 70 and 73(2) BLHS: every state that this term may have reached on the day, over all readings."""
    if start.by_limitation:
        # Art. 70(3): after the limitation of execution only a new crime matters.
        conditions = Conditions()
    order = sorted(later, key=lambda crime: (crime.offence_day or date.min, crime.offence_not_after, crime.label))
    branches: set[tuple[Start, tuple[str, ...]]] = {(start, ())}
    for crime in order:
        if len(branches) > MOST_READINGS:
            return {Outcome(UNDETERMINED, None, ("Điều 73 khoản 2 BLHS: quá nhiều dữ kiện chưa rõ về tội phạm mới.",))}
        branches = {after for branch in branches for after in _after_crime(branch, crime, term, conditions)}
    return {_on_day(term, begun, conditions, restarts, as_of) for begun, restarts in branches}


def _earliest_end(term: Term, start: Start, conditions: Conditions) -> date:
    """auto_end (domain 1.5): start + term, or later when something else of the judgment was finished later.

    A supervised residence or a ban longer than the term makes the term end with it (Art. 70(2), last paragraph); since
    every additional penalty must be done anyway, that is the same day.
    """
    end = add_months(start.day or start.not_before, term.months)
    return max(end, conditions.latest) if conditions.latest else end


def _after_crime(
    branch: tuple[Start, tuple[str, ...]], crime: Later, term: Term, conditions: Conditions
) -> list[tuple[Start, tuple[str, ...]]]:
    """Art. 73(2): a crime after the judgment took effect and not after its expungement restarts the old term."""
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
    if crime.offence_day > _earliest_end(term, start, conditions):
        return False if start.day and not conditions.unknown else None
    return True if term.effective_day else None


def _restart(old: Start, new: Start) -> Start:
    """The old term runs again from the new penalty's completion, never from before its own penalty was done."""
    floor = max(old.day or old.not_before, new.day or new.not_before)
    known = old.day is not None and new.day is not None
    return Start(floor if known else None, floor, new.by_limitation)


def _on_day(term: Term, start: Start, conditions: Conditions, restarts: tuple[str, ...], as_of: date) -> Outcome:
    end = _earliest_end(term, start, conditions)
    again = tuple(f"Điều 73 khoản 2 BLHS: tính lại thời hạn vì phạm tội mới ({label})." for label in restarts)
    known = start.day is not None and not conditions.unknown
    if known and is_over(end, as_of):
        return Outcome(
            EXPUNGED, end, (f"{term.article}: thời hạn {term.months} tháng, hết ngày {day_text(end)}.", *again)
        )
    if not is_over(end, as_of):
        until = f"hết ngày {day_text(end)}" if known else f"sớm nhất hết ngày {day_text(end)}"
        return Outcome(ACTIVE, None, (f"{term.article}: thời hạn {term.months} tháng, {until}.", *again))
    return Outcome(UNDETERMINED, None, (f"{term.article}: chưa rõ ngày hết thời hạn.", *again))


def of_pending(since: date, offence_day: date | None, as_of: date) -> Later:
    """A prosecution inside a running term leaves open whether it will restart it (Decree 111/2010, Art. 17)."""
    known = offence_day if offence_day and offence_day <= since else None
    return Later(known, since, (Start(None, as_of),), certain=False, label=f"vụ án khởi tố ngày {day_text(since)}")

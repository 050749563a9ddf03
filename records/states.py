"""Every state that one offence of a judgment may have on a day: all readings of what the register leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from records import expungement, grounds, judgments, terms
from records.contradictions import contradictions
from records.expungement import NOT_COUNTED, NOT_IN_EFFECT, UNDETERMINED, Conditions, Later, Outcome, Start, day_text
from records.facts import UNKNOWN, Conviction, PendingProsecution
from records.grounds import Ground
from records.judgments import Judgment

YOUTH, ADULT = "youth", "adult"


@dataclass(frozen=True)
class Around:
    """What else is known about the person on the day: all their judgments, and prosecutions that have begun."""

    judgments: tuple[Judgment, ...]
    pending: tuple[PendingProsecution, ...]
    as_of: date


def states_of(judgment: Judgment, conviction: Conviction, around: Around) -> set[Outcome]:
    """The states of domain 1.5, step 2, in their order: not counted, amnestied, expunged, active, undetermined."""
    if any(offence.foreign_judgment for offence in judgment.offences):
        return {_by_hand(grounds.FOREIGN.reason())}
    wrong = [problem for offence in judgment.offences for problem in contradictions(judgment, offence)]
    if wrong:
        return {_by_hand(f"Dữ liệu mâu thuẫn: {problem}.") for problem in dict.fromkeys(wrong)}
    found = {Outcome(NOT_IN_EFFECT)} if conviction.effective_date is UNKNOWN else set()
    for kind, ground in _kinds(judgment, conviction):
        if ground:
            found.add(Outcome(NOT_COUNTED, None, (ground.reason(),)))
        else:
            found |= _counted(judgment, conviction, kind, around)
    return found


def _by_hand(reason: str) -> Outcome:
    return Outcome(UNDETERMINED, None, (reason,), by_hand=True)


def _kinds(judgment: Judgment, conviction: Conviction) -> set[tuple[str, Ground | None]]:
    """Not counted (with the rule), a youth's term or an adult's: by Art. 69(2) and 107 BLHS."""
    if conviction.exempt_from_penalty:
        return {(NOT_COUNTED, grounds.EXEMPT)}
    if conviction.juvenile_judicial_measure:
        return {(NOT_COUNTED, grounds.MEASURE)}
    found: set[tuple[str, Ground | None]] = set()
    stated = conviction.offence.negligent
    for group in judgments.age_groups(judgment, conviction):
        for severity in judgments.severities(conviction):
            for negligent in (True, False) if stated is None else (stated,):
                ground = expungement.not_counted(group, severity, negligent=negligent)
                counted_as = ADULT if group == "adult" else YOUTH
                found.add((NOT_COUNTED if ground else counted_as, ground))
    return found


def _counted(judgment: Judgment, conviction: Conviction, kind: str, around: Around) -> set[Outcome]:
    clemency, decided = conviction.clemency, conviction.expungement
    by_court = judgments.any_court_decided(judgment)
    if clemency and clemency.kind == "dai_xa" and clemency.date <= around.as_of:
        return {expungement.by_amnesty(clemency.date)}
    if decided and decided.date <= around.as_of:
        return {expungement.by_decision(decided.date, decided.kind, court_decides=by_court)}
    if kind == YOUTH:  # Art. 107(2) BLHS excepts no chapter
        return _automatic(judgment, around, youth=True)
    found = set() if by_court is False else {_court_only(judgment, conviction, around.as_of)}
    return found if by_court else found | _automatic(judgment, around, youth=False)


def _court_only(judgment: Judgment, conviction: Conviction, as_of: date) -> Outcome:
    asked = [
        judgments.term(judgment, letter, terms.BY_COURT, as_of)
        for letter in judgments.letters(judgment)
        if judgments.penalty_of(conviction).kind != "fine"  # not named by Art. 71(2)
    ]
    all_of_it = judgments.court_decided(conviction) is False
    return expungement.by_court_only(asked, judgments.starts(judgment)[0], all_of_it=all_of_it)


def _automatic(judgment: Judgment, around: Around, *, youth: bool) -> set[Outcome]:
    if judgments.has_unnamed_penalty(judgment):
        return {_by_hand(grounds.EXPULSION.reason())}
    # Art. 107(2) BLHS knows no condition of other decisions completed.
    conditions = Conditions() if youth else judgments.conditions(judgment, around.as_of)
    later = [*later_crimes(judgment, around), *_prosecuted(around)]
    found = set()
    for letter in judgments.letters(judgment):
        term = judgments.term(judgment, letter, terms.YOUTH if youth else terms.ADULT, around.as_of)
        for start in judgments.starts(judgment):
            found |= expungement.automatic(term, start, conditions, later, around.as_of)
    return found


def later_crimes(judgment: Judgment, around: Around) -> list[Later]:
    """Every offence of every other judgment; which of them fall into the running term, `expungement` finds."""
    found = []
    for other in around.judgments:
        if other is judgment:
            continue
        begins = judgments.starts(other)
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


def _prosecuted(around: Around) -> list[Later]:
    begun = [case for case in around.pending if case.since <= around.as_of]
    return [expungement.of_pending(case.since, case.offence_date, around.as_of) for case in begun]


# --- What would settle it --------------------------------------------------------------------------------------------


def missing_papers(judgment: Judgment, conviction: Conviction, around: Around) -> list[str]:
    """The papers that would settle an offence whose readings differ, in words for the clerk."""
    needed = [*_papers_on_kind(judgment, conviction), *_papers_on_execution(judgment, conviction, around.as_of)]
    for crime in later_crimes(judgment, around):
        if crime.offence_not_after > judgment.day and not _is_plain(crime):
            needed.append(f"ngày phạm tội, hiệu lực và việc chấp hành của {crime.label} (cần trích lục bản án)")
    for case in around.pending:
        if case.since <= around.as_of:
            prosecuted = grounds.prosecuted(around.as_of)
            needed.append(prosecuted.reason(f"{day_text(case.since)} (cần trả lời của cơ quan điều tra)"))
    return list(dict.fromkeys(needed)) or ["dữ kiện còn mâu thuẫn về thời hạn xóa án tích (cần trích lục bản án)"]


def _papers_on_kind(judgment: Judgment, conviction: Conviction) -> Iterable[str]:
    if len({kind for kind, _ in _kinds(judgment, conviction)}) > 1:
        if conviction.offence.negligent is None:
            yield "lỗi cố ý hay vô ý (cần bản án)"
        if len(judgments.severities(conviction)) > 1:
            yield "loại tội phạm theo Điều 9 BLHS (cần bản án)"
        if len(judgments.age_groups(judgment, conviction)) > 1:
            yield "tuổi khi phạm tội (cần ngày phạm tội và giấy khai sinh)"
    if judgments.any_court_decided(judgment) is None:
        yield "tội thuộc chương nào của BLHS (cần bản án)"
    if len(judgments.letters(judgment)) > 1:
        yield "mức hình phạt chính đã tuyên (cần bản án)"


def _papers_on_execution(judgment: Judgment, conviction: Conviction, as_of: date) -> Iterable[str]:
    if conviction.effective_date is UNKNOWN:
        yield "ngày bản án có hiệu lực pháp luật (cần xác nhận của Tòa án)"
    starts = judgments.starts(judgment)
    if starts[0].day is None:
        yield "ngày chấp hành xong hình phạt chính (cần giấy chứng nhận chấp hành xong án phạt)"
    if len(starts) > 1:
        yield "đã chấp hành xong hay đã hết thời hiệu thi hành (cần xác nhận của cơ quan thi hành án)"
    if judgments.conditions(judgment, as_of).unknown:
        yield "việc thi hành hình phạt bổ sung, bồi thường, án phí (cần xác nhận của cơ quan thi hành án)"


def _is_plain(crime: Later) -> bool:
    return crime.certain and crime.offence_day is not None and crime.starts[0].day is not None

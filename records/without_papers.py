"""A judgment whose papers of execution exist nowhere: what it comes to if it was served as it was pronounced. Pure.

Công văn 367/TTLLTPQG-HCTH of 27 July 2016: where court, execution office and police have all answered that there is no
paper, a person may conclude; never the machine. Everything is counted to the later side, so that what has lapsed here
has lapsed by any reading.
"""

from dataclasses import replace
from datetime import date

from records.expungement import add_months
from records.facts import AdditionalPenalty, Conviction, Obligation, RegisterRecord, Unknown

APPEAL_MONTHS = 1  # a judgment takes effect when nobody has appealed within a month (Bộ luật Tố tụng hình sự)
LONGEST_PROBATION = 60  # of a suspended sentence whose probation is not on file (Art. 65(1) BLHS: one to five years)


def served_as_pronounced(record: RegisterRecord) -> RegisterRecord:
    """The same person, each unknown day of execution put at the end of what was pronounced."""
    return replace(record, convictions=tuple(_served(conviction) for conviction in record.convictions))


def _served(conviction: Conviction) -> Conviction:
    """A day of effect that is not known stays so: a judgment of last week may not be in effect, or may be."""
    effective = conviction.effective_date
    if effective is None:  # under appeal: nothing is served
        return conviction
    began = add_months(conviction.judgment_date, APPEAL_MONTHS) if isinstance(effective, Unknown) else effective
    ended = conviction.main_penalty_completed_on or _end(conviction, began)
    if ended is None:
        return conviction
    return replace(
        conviction,
        main_penalty_completed_on=ended,
        additional_penalties=_additional(conviction, ended),
        obligations=_obligations(conviction, ended),
    )


def _end(conviction: Conviction, began: date) -> date | None:
    """None where the length is not known, or has none: a person cannot conclude from that."""
    penalty = conviction.combined_penalty or conviction.main_penalty
    if penalty.kind in {"warning", "none"}:
        return began
    if penalty.kind == "fine":
        return None  # a fine has no length: paid, or not
    probation = penalty.probation_months or (LONGEST_PROBATION if penalty.suspended else 0)
    months = max(penalty.months or 0, probation)
    return add_months(began, months) if months else None


def _additional(conviction: Conviction, ended: date) -> tuple[AdditionalPenalty, ...]:
    known = conviction.additional_penalties
    if isinstance(known, Unknown):
        return ()
    return tuple(one if one.until or one.completed_on else replace(one, completed_on=ended) for one in known)


def _obligations(conviction: Conviction, ended: date) -> tuple[Obligation, ...]:
    known = conviction.obligations
    if isinstance(known, Unknown):
        return ()
    return tuple(one if one.fulfilled_on else replace(one, fulfilled_on=ended) for one in known)

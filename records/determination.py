"""What a certificate says on a day: Law on criminal records, Art. 42-43; Circular 13/2011/TT-BTP, Art. 14.

A pure function of the register's rows for one person. Where something is missing it gives no text at all, but the
papers that would settle it (domain trap 3).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from records import grounds, wording
from records.expungement import ACTIVE, AMNESTIED, EXPUNGED, UNDETERMINED, Outcome
from records.facts import Ban, Conviction, Penalty, RegisterRecord, Unknown
from records.judgments import LONGEST_NUMBER, Judgment, judgments_on, on_trial, penalty_of
from records.names import key1
from records.reading import read_ban
from records.states import Around, missing_papers, states_of

RULE_VERSION = "BLHS2015-3"

NO_RECORD, NO_RECORD_FOREIGNER, HAS_RECORD = "no_record", "no_record_foreigner", "has_record"


@dataclass(frozen=True)
class PrintedConviction:
    """One judgment as it stands on the certificate; `//` is the law's own sign for "nothing on file"."""

    judgment_number: str
    court: str
    judgment_date: date
    state: str
    expunged_on: date | None
    reasons: tuple[str, ...]
    offences: tuple[str, ...]
    main_penalty: str
    additional_penalties: str
    obligations: str
    execution_status: str
    expungement: str

    def to_json(self) -> dict[str, Any]:
        written = {field.name: getattr(self, field.name) for field in fields(self)}
        expunged_on = self.expunged_on.isoformat() if self.expunged_on else None
        return written | {
            "judgment_date": self.judgment_date.isoformat(),
            "expunged_on": expunged_on,
            "reasons": list(self.reasons),
            "offences": list(self.offences),
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "PrintedConviction":
        expunged_on = written["expunged_on"]
        return cls(
            **written
            | {
                "judgment_date": date.fromisoformat(written["judgment_date"]),
                "expunged_on": date.fromisoformat(expunged_on) if expunged_on else None,
                "reasons": tuple(written["reasons"]),
                "offences": tuple(written["offences"]),
            }
        )


@dataclass(frozen=True)
class Determination:
    """What would be printed. `bans` None: the section is left out; empty: "Không bị cấm …". `notes`: for the clerk."""

    status: str
    text: str
    convictions: tuple[PrintedConviction, ...]
    bans: tuple[Ban, ...] | None
    notes: tuple[str, ...] = ()
    rule_version: str = RULE_VERSION

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "text": self.text,
            "convictions": [printed.to_json() for printed in self.convictions],
            "bans": None if self.bans is None else [ban.to_json() for ban in self.bans],
            "notes": list(self.notes),
            "rule_version": self.rule_version,
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Determination":
        bans = written["bans"]
        return cls(
            written["status"],
            written["text"],
            tuple(PrintedConviction.from_json(printed) for printed in written["convictions"]),
            None if bans is None else tuple(read_ban(ban, "bans") for ban in bans),
            tuple(written["notes"]),
            written["rule_version"],
        )


@dataclass(frozen=True)
class Undetermined:
    """No certificate: `reasons` names, in words for the clerk, what has to be found out first."""

    reasons: tuple[str, ...]
    rule_version: str = RULE_VERSION

    def to_json(self) -> dict[str, Any]:
        return {"undetermined": list(self.reasons), "rule_version": self.rule_version}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Undetermined":
        return cls(tuple(written["undetermined"]), written["rule_version"])


def from_json(written: dict[str, Any]) -> Determination | Undetermined:
    """A stored determination, whichever of the two it was."""
    return Undetermined.from_json(written) if "undetermined" in written else Determination.from_json(written)


def determine(
    records: Iterable[RegisterRecord],
    *,
    certificate_type: int,
    want_ban_info: bool,
    as_of: date,
    nationality: str | None = None,
    former_resident_foreigner: bool = False,
) -> Determination | Undetermined:
    """Say what is printed for the person to whom these rows belong; `records` empty: nobody was found.

    The words about the time of residence are for a foreigner who has lived in Viet Nam and left, never for a citizen.
    """
    if certificate_type not in (1, 2):
        raise ValueError("certificate_type is 1 or 2")
    records = tuple(records)
    on_day = judgments_on(records, as_of)
    pending = sorted({r.pending_prosecution for r in records if r.pending_prosecution}, key=repr)
    around = Around(tuple(on_day), tuple(pending), as_of)
    printed, open_points = [], []
    for judgment in on_day:
        rows, papers = _settle(judgment, around, certificate_type)
        open_points += papers
        printed += rows
    wants_bans = certificate_type == 2 or want_ban_info
    open_points += _bans_in_doubt(records, as_of) if wants_bans else ()
    if open_points:
        return Undetermined(tuple(open_points))
    notes = tuple(dict.fromkeys([*_notes(on_day, printed), *(_on_trial(records, as_of) if on_day else ())]))
    status, text = _status(printed, former_resident_foreigner and nationality != "VN")
    bans = bans_on(records, as_of) if wants_bans else None
    return Determination(status, text, tuple(sorted(printed, key=_printing_order)), bans, notes)


def _printing_order(printed: PrintedConviction) -> tuple:
    return printed.judgment_date, printed.judgment_number, printed.court


def _status(printed: list[PrintedConviction], former_resident_foreigner: bool) -> tuple[str, str]:
    """The words of Circular 13/2011, Art. 14; on số 2 the rows speak where all of them are expunged."""
    if not printed:
        if former_resident_foreigner:
            return NO_RECORD_FOREIGNER, wording.NO_RECORD_FOREIGNER
        return NO_RECORD, wording.NO_RECORD
    return HAS_RECORD, wording.HAS_RECORD if any(row.state == ACTIVE for row in printed) else ""


def _printed_as(outcome: Outcome, certificate_type: int) -> tuple | None:
    """What the paper shows of a state: số 1 only what is active (Art. 42), số 2 also what is expunged (Art. 43)."""
    if outcome.state == UNDETERMINED:
        return (UNDETERMINED,)
    shown = (ACTIVE,) if certificate_type == 1 else (ACTIVE, EXPUNGED, AMNESTIED)
    return (outcome.state, outcome.expunged_on) if outcome.state in shown else None


def _settle(judgment: Judgment, around: Around, certificate_type: int) -> tuple[list[PrintedConviction], list[str]]:
    """The row of one judgment, or the papers that are missing because its readings would print differently."""
    shown: list[tuple[Conviction, Outcome]] = []
    papers: list[str] = []
    for conviction in judgment.offences:
        states = states_of(judgment, conviction, around)
        ways = {_printed_as(outcome, certificate_type) for outcome in states}
        if len(ways) > 1 or (UNDETERMINED,) in ways:
            # What a person has to decide by hand speaks for itself; a plain lack of data is told by its papers.
            by_hand = sorted(reason for outcome in states if outcome.by_hand for reason in outcome.reasons)
            needed = by_hand or missing_papers(judgment, conviction, around)
            papers += [f"{judgment.label}: {paper}" for paper in needed]
        elif ways != {None}:
            shown.append((conviction, min(states, key=lambda outcome: outcome.reasons)))
    if papers or not shown:
        return [], list(dict.fromkeys(papers))
    if len({(outcome.state, outcome.expunged_on) for _, outcome in shown}) > 1:
        return [], [f"{judgment.label}: các tội trong bản án có tình trạng khác nhau (cần trích lục bản án)"]
    reasons = dict.fromkeys(reason for _, outcome in shown for reason in outcome.reasons)
    outcome = replace(shown[0][1], reasons=tuple(reasons))
    return [_row(judgment, [conviction for conviction, _ in shown], outcome, around.as_of)], []


def _row(judgment: Judgment, convictions: list[Conviction], outcome: Outcome, as_of: date) -> PrintedConviction:
    return PrintedConviction(
        judgment_number=judgment.number,
        court=judgment.court,
        judgment_date=judgment.day,
        state=outcome.state,
        expunged_on=outcome.expunged_on,
        reasons=outcome.reasons,
        offences=tuple(wording.offence(conviction) for conviction in convictions),
        main_penalty=wording.main_penalty(convictions),
        additional_penalties=wording.additional_penalties(convictions),
        obligations=wording.obligations(convictions, as_of),
        execution_status=wording.execution(convictions, as_of),
        expungement=wording.expungement_row(outcome.state, outcome.expunged_on),
    )


def _notes(on_day: list[Judgment], printed: list[PrintedConviction]) -> Iterable[str]:
    """What is printed as `//` although it is not known to be nothing: a clerk must see the difference."""
    rows = {(row.judgment_number, row.court, row.judgment_date) for row in printed}
    for judgment in on_day:
        if (judgment.number, judgment.court, judgment.day) in rows:
            if any(_has_no_length(penalty_of(conviction)) for conviction in judgment.offences):
                yield f"{judgment.label}: cơ sở dữ liệu không cho biết mức hình phạt chính; Phiếu chỉ ghi loại."
            if any(isinstance(conviction.additional_penalties, Unknown) for conviction in judgment.offences):
                yield f"{judgment.label}: cơ sở dữ liệu không cho biết có hình phạt bổ sung hay không."
            if any(isinstance(conviction.obligations, Unknown) for conviction in judgment.offences):
                yield f"{judgment.label}: cơ sở dữ liệu không cho biết có nghĩa vụ dân sự, án phí hay không."


def _has_no_length(penalty: Penalty) -> bool:
    return penalty.kind in ("imprisonment", "non_custodial") and not penalty.months


def _on_trial(records: tuple[RegisterRecord, ...], as_of: date) -> Iterable[str]:
    """A judgment under appeal says nothing yet (C24); but once in effect it may restart an older term."""
    for judgment in on_trial(records, as_of):
        yield (
            f"{judgment.label} chưa có hiệu lực pháp luật nên không ghi; khi có hiệu lực, nếu phạm tội trong thời hạn"
            f" xóa án tích của bản án trước thì thời hạn đó được tính lại ({grounds.RESTART.article})."
        )


def bans_on(records: Iterable[RegisterRecord], as_of: date) -> tuple[Ban, ...]:
    """The courts' bans in force on the day (Law on criminal records, Art. 36-39); `until` None: no end."""
    bans = {ban for record in records for ban in record.bans if _is_in_force(ban, as_of)}
    return tuple(sorted(bans, key=lambda ban: (ban.decision_date or ban.from_date, ban.decision_number, repr(ban))))


def _bans_in_doubt(records: Iterable[RegisterRecord], as_of: date) -> Iterable[str]:
    """One ban of one decision told with different days, where it matters on the day: one of them is wrong."""
    told: dict[tuple, set[Ban]] = defaultdict(set)
    for record in records:
        for ban in record.bans:
            told[key1(ban.decision_number), key1(ban.court or ""), key1(ban.position or "")].add(ban)
    for _, bans in sorted(told.items()):
        if len(bans) > 1 and any(_is_in_force(ban, as_of) for ban in bans):
            number = min(ban.decision_number for ban in bans)
            yield f"Quyết định cấm số {number[:LONGEST_NUMBER]} được ghi khác nhau (cần bản sao quyết định)"


def _is_in_force(ban: Ban, as_of: date) -> bool:
    decided = ban.decision_date is None or ban.decision_date <= as_of
    return decided and ban.from_date <= as_of and (ban.until is None or as_of <= ban.until)

"""Every state that one offence of a judgment may have on a day: all readings of what the register leaves open."""

from collections.abc import Iterable
from datetime import date

from records import expungement, judgments
from records.expungement import NOT_COUNTED, NOT_IN_EFFECT, UNDETERMINED, Conditions, Later, Outcome, day_text
from records.facts import UNKNOWN, Conviction, PendingProsecution
from records.judgments import Judgment

YOUTH, ADULT = "youth", "adult"


def states_of(
    judgment: Judgment,
    conviction: Conviction,
    others: Iterable[Judgment],
    pending: Iterable[PendingProsecution],
    as_of: date,
) -> set[Outcome]:
    """The states of domain 1.5, step 2, in their order: not counted, amnestied, expunged, active, undetermined."""
    if any(offence.foreign_judgment for offence in judgment.offences):
        return {_undetermined("Điều 32 Luật Lý lịch tư pháp: bản án của Tòa án nước ngoài, phải có người xem xét.")}
    wrong = [problem for offence in judgment.offences for problem in judgments.contradictions(judgment, offence)]
    if wrong:
        return {_undetermined(f"Dữ liệu mâu thuẫn: {problem}.") for problem in dict.fromkeys(wrong)}
    found = {Outcome(NOT_IN_EFFECT)} if conviction.effective_date is UNKNOWN else set()
    later = judgments.later_crimes(judgment, others, as_of)
    later += [expungement.of_pending(case.since, case.offence_date, as_of) for case in pending if case.since <= as_of]
    for kind, reason in _kinds(judgment, conviction):
        found |= (
            {Outcome(NOT_COUNTED, None, (reason,))} if reason else _counted(judgment, conviction, kind, later, as_of)
        )
    return found


def _undetermined(reason: str) -> Outcome:
    return Outcome(UNDETERMINED, None, (reason,))


def _kinds(judgment: Judgment, conviction: Conviction) -> set[tuple[str, str]]:
    """Not counted (with the reason), a youth's term or an adult's: by Art. 69(2) and 107 BLHS."""
    if conviction.exempt_from_penalty:
        return {(NOT_COUNTED, "Điều 69 khoản 2 BLHS: được miễn hình phạt, không bị coi là có án tích.")}
    if conviction.juvenile_judicial_measure:
        return {
            (NOT_COUNTED, "Điều 107 khoản 1 điểm c BLHS: bị áp dụng biện pháp tư pháp, không bị coi là có án tích.")
        }
    found = set()
    stated = conviction.offence.negligent
    for group in judgments.age_groups(judgment, conviction):
        for severity in judgments.severities(conviction):
            for negligent in (True, False) if stated is None else (stated,):
                if expungement.is_not_counted(group, severity, negligent=negligent):
                    found.add((NOT_COUNTED, expungement.not_counted_reason(group, negligent=negligent)))
                else:
                    found.add((ADULT if group == "adult" else YOUTH, ""))
    return found


def _counted(judgment: Judgment, conviction: Conviction, kind: str, later: list[Later], as_of: date) -> set[Outcome]:
    clemency, decided = conviction.clemency, conviction.expungement
    if clemency and clemency.kind == "dai_xa" and clemency.date <= as_of:
        return {expungement.by_amnesty(clemency.date)}
    if decided and decided.date <= as_of:
        return {expungement.by_decision(decided.date, decided.kind)}
    if kind == YOUTH:
        return _automatic(judgment, later, as_of, youth=True)
    by_court = judgments.any_court_decided(judgment)
    found = set() if by_court is False else {expungement.never_by_itself()}
    return found if by_court else found | _automatic(judgment, later, as_of, youth=False)


def _automatic(judgment: Judgment, later: list[Later], as_of: date, *, youth: bool) -> set[Outcome]:
    if judgments.has_unnamed_penalty(judgment):
        return {_undetermined("Điều 70 khoản 2 BLHS không nêu hình phạt chính là trục xuất, phải có người xem xét.")}
    # Art. 107(2) BLHS knows no condition of other decisions completed.
    conditions = Conditions() if youth else judgments.conditions(judgment, as_of)
    found = set()
    for row in judgments.penalty_rows(judgment):
        term = judgments.term(judgment, row, as_of, youth=youth)
        for start in judgments.starts(judgment, as_of):
            found |= expungement.automatic(term, start, conditions, later, as_of)
    return found


# --- What would settle it --------------------------------------------------------------------------------------------


def missing_papers(
    judgment: Judgment,
    conviction: Conviction,
    others: Iterable[Judgment],
    pending: Iterable[PendingProsecution],
    as_of: date,
) -> list[str]:
    """The papers that would settle an offence whose readings differ, in words for the clerk."""
    needed = list(_papers_on_kind(judgment, conviction))
    if conviction.effective_date is UNKNOWN:
        needed.append("ngày bản án có hiệu lực pháp luật (cần xác nhận của Tòa án)")
    if judgments.starts(judgment, as_of)[0].day is None:
        needed.append("ngày chấp hành xong hình phạt chính (cần giấy chứng nhận chấp hành xong án phạt)")
    if judgments.conditions(judgment, as_of).unknown:
        needed.append("việc thi hành hình phạt bổ sung, bồi thường, án phí (cần xác nhận của cơ quan thi hành án)")
    for crime in judgments.later_crimes(judgment, others, as_of):
        if crime.offence_not_after > judgment.day and not _is_plain(crime):
            needed.append(f"ngày phạm tội, hiệu lực và việc chấp hành của {crime.label} (cần trích lục bản án)")
    for case in pending:
        if case.since <= as_of:
            needed.append(
                f"kết quả giải quyết vụ án khởi tố ngày {day_text(case.since)} (cần trả lời của cơ quan điều tra)"
            )
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
    if len(judgments.penalty_rows(judgment)) > 1:
        yield "mức hình phạt chính đã tuyên (cần bản án)"


def _is_plain(crime: Later) -> bool:
    return crime.certain and crime.offence_day is not None and crime.starts[0].day is not None

"""What is wrong with a person on file: pure rules with codes. Right, complete, clean, live (đúng, đủ, sạch, sống).

*invalid*: cannot be true; *incomplete*: what xóa án tích would have to ask for (records/states.py) or what tells the
person apart is not there; *stale*: a term ended and nobody has said what came of it; *duplicate*: two rows that the
matching does not tell apart. Nothing is mended by a rule: each finding is work for a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from records import judgments
from records.answers import Question
from records.contradictions import MOST_SUSPENDED, contradictions
from records.expungement import add_months
from records.facts import Conviction, RegisterRecord, Unknown
from records.judgments import judgments_on
from records.matching import weigh
from records.names import normal_number

INVALID, INCOMPLETE, STALE, DUPLICATE, CONFLICT = "invalid", "incomplete", "stale", "duplicate", "conflict"
KINDS = {
    INVALID: "Sai",
    INCOMPLETE: "Thiếu",
    STALE: "Quá hạn cập nhật",
    DUPLICATE: "Trùng người",
    CONFLICT: "Cần đối chiếu",
}
RULES: dict[str, tuple[str, str]] = {
    "birth_in_future": (INVALID, "Ngày sinh sau hôm nay"),
    "birth_too_long_ago": (INVALID, "Ngày sinh cách nay hơn 130 năm"),
    "judged_as_a_child": (INVALID, "Bị kết án khi chưa đủ 14 tuổi"),
    "judged_in_future": (INVALID, "Ngày tuyên án sau hôm nay"),
    "penalty_length": (INVALID, "Mức hình phạt ngoài khung của Bộ luật Hình sự"),
    "suspended_too_long": (INVALID, "Án treo với mức tù trên 3 năm"),
    "done_in_future": (INVALID, "Ngày chấp hành xong sau hôm nay"),
    "contradiction": (INVALID, "Dữ liệu của bản án mâu thuẫn"),
    "number_unreadable": (INVALID, "Số giấy tờ không đọc được"),
    "no_identifier": (INCOMPLETE, "Không có số giấy tờ, cũng không có cha mẹ"),
    "birth_year_only": (INCOMPLETE, "Ngày sinh chưa đủ ngày, tháng, năm"),
    "effect_unknown": (INCOMPLETE, "Chưa rõ bản án có hiệu lực hay chưa"),
    "offence_day_unknown": (INCOMPLETE, "Chưa có ngày phạm tội"),
    "guilt_unknown": (INCOMPLETE, "Chưa rõ lỗi cố ý hay vô ý"),
    "chapter_unknown": (INCOMPLETE, "Chưa rõ tội thuộc chương nào của Bộ luật Hình sự"),
    "length_unknown": (INCOMPLETE, "Chưa có mức hình phạt đã tuyên"),
    "additional_unknown": (INCOMPLETE, "Chưa rõ có hình phạt bổ sung hay không"),
    "obligations_unknown": (INCOMPLETE, "Chưa rõ có nghĩa vụ dân sự, án phí hay không"),
    "penalty_ended": (STALE, "Hết thời hạn hình phạt chính mà chưa có thông tin chấp hành xong"),
    "additional_ended": (STALE, "Hết thời hạn hình phạt bổ sung mà chưa có thông tin chấp hành xong"),
    "obligation_open": (STALE, "Nghĩa vụ dân sự, án phí quá 5 năm chưa có xác nhận thi hành"),
    "not_in_effect_yet": (STALE, "Quá 1 năm từ ngày tuyên án mà bản án chưa ghi có hiệu lực"),
    "case_open": (STALE, "Vụ án khởi tố quá 2 năm chưa có kết quả"),
    "same_person": (DUPLICATE, "Có thể cùng một người với hồ sơ khác"),
    "import_differs": (CONFLICT, "Tệp nạp sau khác với dữ liệu đã cập nhật; cả hai được giữ lại"),
    "merge_undone": (CONFLICT, "Việc gộp đã hoàn tác; xem lại thông tin cập nhật sau khi gộp thuộc về ai"),
}
# Told by an act or an import and closed by a person; the others come and go with what `checked` finds.
TOLD = frozenset(rule for rule, (kind, _) in RULES.items() if kind == CONFLICT)
# Months; Art. 38, 55, 36, 65 BLHS: prison to 20 years (30 for a joint penalty), reform to 3 years, probation to 5.
LONGEST_PRISON, LONGEST_REFORM, LONGEST_PROBATION = 360, 36, 60
CHILD, LONGEST_LIFE = 14, 130
# After the last day papers still take a while to come.
PAPERS_TAKE = 3  # months
SAME_PERSON_TIERS = frozenset({"T1", "T2", "T3"})


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `place` tells it from others of the rule: a judgment, a document, the other person."""

    rule: str
    place: str = ""
    office: str = ""
    detail: str = ""

    @property
    def kind(self) -> str:
        return RULES[self.rule][0]


def checked(record: RegisterRecord, today: date) -> list[Finding]:
    """Everything that is wrong with this person on this day, each once."""
    found = [*_person(record, today)]
    for position, conviction in enumerate(record.convictions, start=1):
        if conviction.annulled or conviction.offence.decriminalised:
            continue
        place = f"{conviction.judgment_number}/{conviction.judgment_date}/{position}"
        rules = (*_wrong(record, conviction, today), *_lacking(conviction, today), *_overdue(conviction, today))
        found += [Finding(rule, place, conviction.court) for rule in rules]
    found += [*_contradictions(record, today)]
    return list(dict.fromkeys(found))


# --- The person -----------------------------------------------------------------------------------------------------


def _person(record: RegisterRecord, today: date) -> Iterable[Finding]:
    birth = record.date_of_birth
    if birth.first_day > today:
        yield Finding("birth_in_future")
    if judgments.age_on(birth.last_day, today) > LONGEST_LIFE:
        yield Finding("birth_too_long_ago")
    if not birth.is_full:
        yield Finding("birth_year_only")
    if not record.identity_documents and not (record.father_name or record.mother_name):
        yield Finding("no_identifier")
    for position, document in enumerate(record.identity_documents, start=1):
        if not normal_number(document.number):
            yield Finding("number_unreadable", f"{position}")
    pending = record.pending_prosecution
    if pending and add_months(pending.since, 24) < today:
        yield Finding("case_open", pending.since.isoformat())


# --- Invalid --------------------------------------------------------------------------------------------------------


def _wrong(record: RegisterRecord, conviction: Conviction, today: date) -> Iterable[str]:
    if conviction.judgment_date > today:
        yield "judged_in_future"
    if judgments.age_on(record.date_of_birth.first_day, conviction.judgment_date) < CHILD:
        yield "judged_as_a_child"
    if conviction.main_penalty_completed_on and conviction.main_penalty_completed_on > today:
        yield "done_in_future"
    for penalty in {conviction.main_penalty, judgments.penalty_of(conviction)}:
        longest = {"imprisonment": LONGEST_PRISON, "non_custodial": LONGEST_REFORM}.get(penalty.kind)
        lengths = [(penalty.months, longest), (penalty.probation_months, LONGEST_PROBATION)]
        if any(months is not None and (months <= 0 or months > (most or months)) for months, most in lengths):
            yield "penalty_length"
        if penalty.suspended and (penalty.months or 0) > MOST_SUSPENDED[conviction.offence.code]:
            yield "suspended_too_long"


def _contradictions(record: RegisterRecord, today: date) -> Iterable[Finding]:
    """What the rules of expungement themselves call a contradiction (records/contradictions.py)."""
    for judgment in judgments_on([record], today):
        words = {problem for conviction in judgment.offences for problem in contradictions(judgment, conviction)}
        for problem in sorted(words):
            yield Finding("contradiction", f"{judgment.number}/{judgment.day}/{problem[:80]}", judgment.court, problem)


# --- Incomplete -----------------------------------------------------------------------------------------------------


def _is_settled(conviction: Conviction) -> bool:
    """A court or an amnesty has said the last word: what it took to get there is not asked for any more."""
    amnestied = conviction.clemency is not None and conviction.clemency.kind == "dai_xa"
    spared = conviction.exempt_from_penalty or conviction.juvenile_judicial_measure
    return conviction.expungement is not None or amnestied or spared


def _lacking(conviction: Conviction, today: date) -> Iterable[str]:
    if isinstance(conviction.effective_date, Unknown):
        yield "effect_unknown"
    if _is_settled(conviction):
        return
    penalty, offence = judgments.penalty_of(conviction), conviction.offence
    unknown = {
        "offence_day_unknown": conviction.offence_date is None,
        "guilt_unknown": offence.negligent is None,
        "chapter_unknown": not (offence.chapter or "").strip(),
        "length_unknown": penalty.kind in ("imprisonment", "non_custodial") and penalty.months is None,
        "additional_unknown": isinstance(conviction.additional_penalties, Unknown),
        "obligations_unknown": isinstance(conviction.obligations, Unknown),
    }
    yield from (rule for rule, lacks in unknown.items() if lacks)


# --- Stale ----------------------------------------------------------------------------------------------------------


def _overdue(conviction: Conviction, today: date) -> Iterable[str]:
    if conviction.effective_date is None and add_months(conviction.judgment_date, 12) < today:
        yield "not_in_effect_yet"
    if _is_settled(conviction) or conviction.effective_date is None:
        return
    if (ended := _term_ended_on(conviction)) and add_months(ended, PAPERS_TAKE) < today:
        yield "penalty_ended"
    additional = () if isinstance(conviction.additional_penalties, Unknown) else conviction.additional_penalties
    if any(p.until and p.completed_on is None and add_months(p.until, PAPERS_TAKE) < today for p in additional):
        yield "additional_ended"
    obligations = () if isinstance(conviction.obligations, Unknown) else conviction.obligations
    if any(o.fulfilled_on is None for o in obligations) and add_months(_begun_on(conviction), 60) < today:
        yield "obligation_open"


def _begun_on(conviction: Conviction) -> date:
    effective = conviction.effective_date
    return effective if isinstance(effective, date) else conviction.judgment_date


def _term_ended_on(conviction: Conviction) -> date | None:
    """The last day on which the main penalty can have run, where nothing says that it is done."""
    done = conviction.main_penalty_completed_on or conviction.execution_limitation_expired_on
    pardoned = conviction.clemency is not None
    penalty = judgments.penalty_of(conviction)
    if done or pardoned or penalty.kind not in ("imprisonment", "non_custodial", "fine", "warning"):
        return None
    months = penalty.probation_months if penalty.suspended else penalty.months
    if penalty.kind in ("fine", "warning"):
        months = 12
    return None if months is None else add_months(_begun_on(conviction), months)


# --- Duplicates -----------------------------------------------------------------------------------------------------


def as_question(record: RegisterRecord) -> Question:
    """The person as somebody who would be looked for, so that the very matching of requests judges."""
    return Question(
        reference=record.register_id[:500],
        full_name=record.full_name,
        date_of_birth=record.date_of_birth,
        other_names=record.other_names,
        sex=record.sex,
        place_of_birth_province=record.place_of_birth_province,
        place_of_birth=record.place_of_birth,
        nationality=record.nationality,
        ethnicity=record.ethnicity,
        identity_documents=record.identity_documents,
        father_name=record.father_name,
        mother_name=record.mother_name,
        spouse_name=record.spouse_name,
    )


def duplicates(record: RegisterRecord, others: Iterable[RegisterRecord]) -> list[Finding]:
    """Who may be the same person: found once for each pair, with the lower register_id."""
    others = [other for other in others if other.register_id > record.register_id]
    weighed = weigh(as_question(record), others).open if others else ()
    return [Finding("same_person", one.record.register_id) for one in weighed if one.tier in SAME_PERSON_TIERS]

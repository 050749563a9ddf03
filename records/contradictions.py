"""What the register says of a judgment that cannot all be true, with the paper that would show which of it is.

Nothing here chooses: a contradiction always goes to a person (domain 1.5, UNDETERMINED).
"""

from collections.abc import Iterable
from dataclasses import replace

from records import judgments
from records.facts import Conviction, Offence, Penalty, Unknown
from records.judgments import Judgment

# From the lightest to the gravest main penalty (Art. 32 BLHS); expulsion is compared with none of them.
WEIGHT = {"none": 0, "warning": 1, "fine": 2, "non_custodial": 3, "imprisonment": 4, "life": 5, "death_commuted": 6}
# Art. 65(1) BLHS and Art. 60 of the code of 1999: up to 3 years of prison may be suspended; Art. 44 of 1985: up to 5.
MOST_SUSPENDED = {"BLHS2015": 36, "BLHS1999": 36, "BLHS1985": 60}


def contradictions(judgment: Judgment, conviction: Conviction) -> list[str]:
    """What cannot all be true; which of it is true only a person with the papers can say."""
    found = [*_dates(conviction), *_penalties(conviction), *_joint(conviction), *_ages(judgment, conviction)]
    if sum(other.offence == conviction.offence for other in judgment.offences) > 1:
        found.append("cùng một tội trong cùng bản án được ghi khác nhau (cần trích lục bản án)")
    if any(_offence(other) == _offence(conviction) for other in judgment.dropped):
        found.append(
            "cùng một tội, một nơi ghi chưa có hiệu lực, đã bị hủy hoặc tội đã được xóa bỏ, một nơi không ghi như vậy "
            "(cần xác nhận của Tòa án)"
        )
    return found


def _offence(conviction: Conviction) -> Offence:
    return replace(conviction.offence, decriminalised=False)


def _dates(conviction: Conviction) -> Iterable[str]:
    judged = conviction.judgment_date
    effective = conviction.effective_date
    if effective is not None and not isinstance(effective, Unknown) and effective < judged:
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
        yield from _limitation(conviction)


def _limitation(conviction: Conviction) -> Iterable[str]:
    """Art. 61 BLHS: no limitation of execution for Chapters XIII and XXVI, Art. 353(3, 4) and 354(3, 4)."""
    offence = conviction.offence
    bribe = offence.code == "BLHS2015" and offence.article in (353, 354) and offence.clause not in (1, 2)
    if conviction.execution_limitation_expired_on < conviction.judgment_date:  # type: ignore[operator]
        yield "ngày hết thời hiệu thi hành trước ngày tuyên án (cần xác nhận của cơ quan thi hành án)"
    elif bribe or judgments.court_decided(conviction) is True:
        yield "Điều 61 BLHS không áp dụng thời hiệu thi hành cho tội này (cần xác nhận của cơ quan thi hành án)"


def _penalties(conviction: Conviction) -> Iterable[str]:
    spared = conviction.exempt_from_penalty or conviction.juvenile_judicial_measure
    if spared != (conviction.main_penalty.kind == "none"):
        yield "hình phạt chính không khớp với việc miễn hình phạt hoặc biện pháp tư pháp (cần trích lục bản án)"
    for penalty in (conviction.main_penalty, conviction.combined_penalty):
        if penalty:
            if any((said or 0) < 0 for said in (penalty.months, penalty.probation_months, penalty.amount_vnd)):
                yield "mức hình phạt ghi bằng số âm (cần trích lục bản án)"
            yield from _suspended(penalty, MOST_SUSPENDED[conviction.offence.code])


def _suspended(penalty: Penalty, most: int) -> Iterable[str]:
    """Án treo is for prison of up to three years, and probation (thời gian thử thách) for án treo alone."""
    if penalty.suspended and penalty.kind != "imprisonment":
        yield "án treo nhưng hình phạt chính không phải là tù (cần trích lục bản án)"
    elif penalty.suspended and penalty.months and penalty.months > most:
        yield f"án treo nhưng mức phạt tù trên {most // 12:02} năm (cần trích lục bản án)"
    elif penalty.probation_months and not penalty.suspended:
        yield "có thời gian thử thách nhưng không ghi án treo (cần trích lục bản án)"


def _joint(conviction: Conviction) -> Iterable[str]:
    """Art. 55 BLHS: a joint penalty is never lighter than one of the penalties that it joins."""
    main, joint = conviction.main_penalty, conviction.combined_penalty
    if joint is None or "expulsion" in (main.kind, joint.kind):
        return
    shorter = joint.kind == main.kind == "imprisonment" and joint.months and main.months and joint.months < main.months
    if WEIGHT[joint.kind] < WEIGHT[main.kind] or shorter:
        yield "hình phạt chung nhẹ hơn hình phạt của từng tội, trái Điều 55 BLHS (cần trích lục bản án)"


def _ages(judgment: Judgment, conviction: Conviction) -> Iterable[str]:
    groups = judgments.age_groups(judgment, conviction)
    if not judgments.ages_at_offence(judgment, conviction):
        yield "tuổi khi phạm tội không khớp với ngày sinh và ngày phạm tội (cần giấy khai sinh và bản án)"
    elif conviction.juvenile_judicial_measure and not groups - {"adult"}:
        yield "biện pháp tư pháp cho người dưới 18 tuổi nhưng khi phạm tội đã đủ 18 tuổi (cần bản án)"
    elif "adult" not in groups and judgments.penalty_of(conviction).kind in ("life", "death_commuted"):
        yield "Điều 39 và Điều 40 BLHS không áp dụng tù chung thân, tử hình với người dưới 18 tuổi (cần bản án)"

"""Draws docs/expungement.md from the rules of án tích and from what the code answers to the cases C1 to C32.

Part of `python -m script.local.draw_docs`; tests/test_docs.py compares. Which case stands beside which rule is found by
asking: a rule is used in a case when it is among the reasons of a state there.
"""

from collections.abc import Iterable
from datetime import date


def expungement() -> str:
    from records import terms
    from records.determination import RULE_VERSION
    from tests.expungement_cases import CASES
    from tests.expungement_more_cases import MORE

    used = _used((*CASES, *MORE))
    lines = {"cases": CASES, "more": MORE}
    return PAGE.format(
        version=RULE_VERSION,
        terms=_terms((terms.ADULT, terms.YOUTH, terms.BY_COURT), used),
        **{name: "\n".join(_rule(ground, used) for ground in grounds) for name, grounds in _chapters().items()},
        **{name: "\n".join(line for case in cases for line in _case(case)) for name, cases in lines.items()},
    )


def _chapters() -> dict[str, list]:
    """The grounds in the order in which the code asks them."""
    from records import grounds as g

    return {
        "left_out": [g.NOT_IN_EFFECT, g.ABOLISHED],
        "not_counted": [g.EXEMPT, g.NEGLIGENT, g.UNDER_16, g.UNDER_18, g.MEASURE],
        "acts": [g.AMNESTY, g.COURT_DECISION, g.SPECIAL_DECISION, g.CERTIFICATE],
        "court": [g.COURT_ONLY, g.COURT_FOR_ALL],
        "clock": [
            g.COMPLETED,
            g.PARDON,
            g.LIMITATION,
            g.STILL_RESTRICTED,
            g.PENALTY_COMPLETED,
            g.DECISIONS_COMPLETED,
            g.RESTART,
        ],
        "by_hand": [g.FOREIGN, g.EXPULSION, g.PROSECUTED, g.PROSECUTED_2026, g.TOO_MANY],
    }


def _rule(ground, used: dict[str, set[str]]) -> str:
    cases = [case for case, reasons in used.items() if any(_is_of(ground, reason) for reason in reasons)]
    return f"| {ground.article} | {ground.words.strip()} | {ground.gloss} | {_listed(cases)} |"


def _is_of(ground, reason: str) -> bool:
    from records import grounds

    if ground is grounds.COMPLETED:  # said by the term's own line, which names the first day
        return "kể từ ngày" in reason
    return reason.startswith(f"{ground.article}: {ground.words}")


def _terms(tables: Iterable[tuple], used: dict[str, set[str]]) -> str:
    lines = []
    for version in [version for versions in tables for version in versions]:
        for point in version.points:
            cited = version.cite(point.letter)
            cases = [case for case, reasons in used.items() if any(r.startswith(cited) for r in reasons)]
            lines.append(
                f"| {cited} | {point.penalty} | {point.gloss} | {point.months} tháng | {version.begins:%d/%m/%Y} |"
                f" {version.source} | {_listed(cases)} |"
            )
    return "\n".join(lines)


def _used(cases: Iterable) -> dict[str, set[str]]:
    """The reasons of every state that any conviction of a case may have, on any of its days."""
    return {case.name: {reason for asked in case.asked for reason in _reasons(asked)} for case in cases}


def _reasons(asked) -> Iterable[str]:
    from records.judgments import judgments_on, left_out
    from records.reading import read_record
    from records.states import Around, missing_papers, states_of

    records = [read_record(row, "") for row in asked.records]
    as_of = date.fromisoformat(asked.as_of)
    pending = tuple(record.pending_prosecution for record in records if record.pending_prosecution)
    around = Around(tuple(judgments_on(records, as_of)), pending, as_of)
    dropped = {left_out(conviction, as_of) for record in records for conviction in record.convictions}
    yield from (ground.reason() for ground in dropped if ground)
    if asked.by_name_only:
        return
    for judgment, conviction in [(whole, one) for whole in around.judgments for one in whole.offences]:
        for outcome in states_of(judgment, conviction, around):
            yield from outcome.reasons
        yield from missing_papers(judgment, conviction, around) if pending else ()


def _case(case) -> Iterable[str]:
    from tests.expungement_answers import said

    for position, asked in enumerate(case.asked):
        name = f"**{case.name}**" if position == 0 else ""
        facts = f"{case.facts}<br>*{case.gloss}*" if position == 0 else ""
        if asked.facts:
            facts = f"{facts}<br>{asked.facts}" if facts else asked.facts
        day = f"{date.fromisoformat(asked.as_of):%d/%m/%Y}"
        one, two = said(asked, 1), said(asked, 2)
        yield f"| {name} | {facts} | {day} | {one} | {'VERIFY' if one == two and 'VERIFY' in two else two} |"


def _listed(cases: list[str]) -> str:
    return ", ".join(cases) or "-"


PAGE = """# Xóa án tích: the rules, and the cases they were tried on

For a lawyer to read beside Bộ luật Hình sự 2015 (BLHS) and Luật Lý lịch tư pháp 28/2009/QH12. Drawn from
`records/terms.py`, `records/grounds.py` and the answers of `records/determination.py` by
`python -m script.local.draw_docs`; do not edit by hand. Version of the rules: `{version}`, kept with every result.

The Vietnamese words are those that the clerk reads as the reason. In the last column of each table: the cases C1 to
C32 (at the end) in which the rule is among the reasons. A term runs to the same day N months later (29 February → 28
February, 31 August + 6 months → last of February), never moved for weekends; expunged from the next day on; the day
that số 2 prints is the last day of the term, or the date of the decision.

A fact that the register does not hold is never guessed. It is tried in every way that it might be; where all readings
print the same, that is printed; where they differ there is no text but **VERIFY**, with the paper that would settle
it.

## 1. What is left out (không ghi)

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{left_out}

A judgment under appeal is not printed and restarts nothing until it is in effect; where an older judgment stands
beside it the clerk is told so.

## 2. What is not án tích at all (không bị coi là có án tích)

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{not_counted}

These are printed on neither số 1 nor số 2.

## 3. What an act has ended

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{acts}

## 4. What only the court expunges (theo quyết định của Tòa án)

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{court}

Such a conviction stands until the court's decision is on file. The clause's own terms (section 5, Điều 71) only say
from when the court may be asked; a petition that was rejected may be brought again after 1 year, from the second time
after 2 years (Điều 71 khoản 3), and in a special case after a third of the term (Điều 72). The register holds no
petitions, so neither is computed. Under 18 (Điều 107 khoản 2) no chapter is excepted.

## 5. Terms (thời hạn), by the main penalty pronounced (Điều 73 khoản 1)

| Article, clause and point | Main penalty | In English | Term | In force from | Source | Cases |
|---|---|---|---|---|---|---|
{terms}

The newest row that has begun applies; days before the first are answered by it too, being the more favourable law for
whoever was sentenced under an older code (Nghị quyết 41/2017/QH14). Several offences of one judgment go by the joint
penalty (Điều 55); where it is not on file, by every one that the separate penalties allow.

## 6. From when the term runs, and what else has to be done

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{clock}

Điều 107 khoản 2 (16 to under 18) has no condition of other penalties or decisions completed. Điều 73 khoản 2 asks
that the crime was committed after the older judgment took effect and not after the day on which it was expunged.

## 7. What a person decides (phải có người xem xét)

| Article and clause | Words | In English | Cases |
|---|---|---|---|
{by_hand}

So does whatever contradicts itself (`records/contradictions.py`): dates out of order, an age that does not fit the
dates, a suspended sentence of more than 3 years, a joint penalty lighter than its parts, life for a minor, limitation
of execution for a crime that has none (Điều 61).

## 8. The cases

| | Facts | Day | Số 1 | Số 2, last column |
|---|---|---|---|---|
{cases}

Rules that none of these meets:

| | Facts | Day | Số 1 | Số 2, last column |
|---|---|---|---|---|
{more}

C26 and C27 after the agencies' answers (Công văn 367/TTLLTPQG-HCTH): the engine itself never concludes from silence.
For C26 the clerk asks on the request's page (`consult`) and nobody can verify until the answers are recorded; the row
then holds no judgment and prints nothing. For C27 the engine keeps saying VERIFY until the missing paper is worked
into the register: that letter leaves the conclusion to a person, never to a program. C32: whose row it is, is not
settled, so there is nothing to determine until a clerk has decided on the candidate.

## 9. Assumed, to be confirmed

| Question | Assumed here |
|---|---|
| From which day it counts; which day is printed | the day after the last day of the term; the last day |
| Số 2 and convictions that are not án tích (Điều 69 khoản 2, Điều 107 khoản 1) | not listed |
| Luật Tư pháp người chưa thành niên 59/2024/QH15 | same terms as Điều 107; a dated row in `records/terms.py` |
| An offence on the very day on which the older judgment took effect | not "after" it: no restart |
| A new judgment without any penalty (miễn hình phạt) | Điều 73 khoản 2 names no day to count from: a person decides |
| Amnesty (đại xá) of the new crime | its penalty counts as completed on that day (Điều 73 khoản 4) |
"""

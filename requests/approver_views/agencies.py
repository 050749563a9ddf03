"""What other agencies answered, as the second person reads it before signing; also what was said to be another's."""

from collections.abc import Iterator

from certificates.content import Judgment
from requests.clerk_views.declared import Check
from requests.findings import Findings
from requests.inquiries import Asked, earlier_basis


def agency_checks(found: Findings) -> Iterator[Check]:
    """Obstacles first, then each answer that counts, the shortcut, and what was concluded without a paper."""
    standing = found.agencies
    if standing is None:
        return
    yield from (Check(False, words) for words in standing.obstacles())
    yield from (_answer(one) for one in standing.asked if one.is_settled)
    if standing.earlier is not None and any(one.spared for one in standing.required):
        yield Check(True, earlier_basis(standing.earlier))
    for one in standing.conclusions:
        yield Check(
            False, f"{one.by.full_name} kết luận theo Công văn 367: {one.get_kind_display().lower()}. {one.ground}"
        )


def _answer(one: Asked) -> Check:
    assert one.answer is not None
    words = f"{one.inquiry.agency}: {one.answer.get_outcome_display().lower()}, số {one.answer.document_number}"
    if one.decision is None:
        return Check(True, words)
    if one.is_about_applicant:
        return Check(True, f"{words}; đúng người yêu cầu")
    return Check(False, f"{words}; chuyên viên cho là của người khác. Căn cứ: {one.decision.ground}")


def source_of(judgment: Judgment, found: Findings, central: str) -> str:
    """The document that told of a judgment, where it was an agency's; else the central database."""
    if found.agencies is None:
        return central
    for one in found.agencies.asked:
        if not one.is_about_applicant or one.answer is None:
            continue
        for conviction in one.read():
            told = (conviction.judgment_number, conviction.judgment_date, conviction.court)
            if told == (judgment.judgment_number, judgment.judgment_date, judgment.court):
                return f"{one.answer.label[:1].upper()}{one.answer.label[1:]}"
    return central

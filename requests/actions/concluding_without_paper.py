"""Concluding although no paper exists (Công văn 367/TTLLTPQG-HCTH): only a person, and only after everybody who could
have the paper has answered that there is none. What they answered is kept with the conclusion.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from records.determination import Undetermined
from records.facts import RegisterRecord
from requests import clock, concluding, findings, inquiries
from requests.actions.inquiring import demand_clerk, refused
from requests.findings import Findings
from requests.inquiries import EXECUTION_PAPERS, JUDGMENT_PAPERS, Asked
from requests.models import CandidateDecision, CertificateRequest, WithoutPaper
from requests.states import State
from requests.steps import locked

LONGEST_GROUND = 1000
Kind = WithoutPaper.Kind


def conclusion_open(certificate_request: CertificateRequest, found: Findings, as_of: date) -> str:
    """Which conclusion a person may draw now: a kind of WithoutPaper, or nothing."""
    if certificate_request.state != State.REVIEWING or not found.person_is_settled or found.agencies is None:
        return ""
    asked = found.agencies
    if asked.hit_is_open:
        return Kind.NO_JUDGMENT if asked.nothing_exists_at(JUDGMENT_PAPERS) else ""
    if not isinstance(found.result, Undetermined) or not asked.nothing_exists_at(EXECUTION_PAPERS):
        return ""
    records = records_of(found)
    possible = concluding.without_papers(certificate_request.declaration, records, as_of=as_of)
    return Kind.NO_EXECUTION if records and possible is not None else ""


def records_of(found: Findings) -> list[RegisterRecord]:
    """What is held to be the applicant's: of the register, and of the agencies."""
    same = CandidateDecision.Decision.SAME
    mine = [
        candidate
        for candidate in found.answer.candidates
        if candidate.register_id in found.decisions and found.decisions[candidate.register_id].decision == same
    ]
    return [*mine, *found.elsewhere]


@transaction.atomic
def conclude_without_paper(
    certificate_request: CertificateRequest, *, by: User, ground: str, at: datetime | None = None
) -> WithoutPaper:
    """A clerk concludes, on a ground of their own beside the agencies' answers."""
    at = at or timezone.now()
    ground = ground.strip()
    if not ground or len(ground) > LONGEST_GROUND:
        raise refused("ground", f"Ghi căn cứ kết luận, nhiều nhất {LONGEST_GROUND} ký tự.")
    certificate_request = locked(certificate_request.pk)
    demand_clerk(certificate_request, by)
    as_of = clock.local_day(at)
    found = findings.current(certificate_request, as_of=as_of)
    kind = conclusion_open(certificate_request, found, as_of) if found else ""
    if found is None or found.agencies is None or not kind:
        raise StepNotAllowed(
            "Chưa kết luận được: cần trả lời không có văn bản của Tòa án, cơ quan thi hành án và cơ quan thứ ba theo "
            "Công văn 367, và đã hết các thời hạn xóa án tích."
        )
    if kind == Kind.NO_JUDGMENT:
        facts_digest, answers = found.agencies.hits_digest, found.agencies.nothing_exists_at(JUDGMENT_PAPERS)
    else:
        facts_digest = inquiries.records_digest(records_of(found))
        answers = found.agencies.nothing_exists_at(EXECUTION_PAPERS)
    concluded = WithoutPaper.objects.create(
        request=certificate_request,
        kind=kind,
        facts_digest=facts_digest,
        basis=_basis(answers),
        ground=ground,
        by=by,
        at=at,
    )
    AuditEvent.objects.record("conclude_without_paper", actor=by, subject=certificate_request.code, kind=kind)
    return concluded


def _basis(answers: Sequence[Asked]) -> list[dict[str, Any]]:
    return [
        {
            "source": one.inquiry.source,
            "agency": one.inquiry.agency,
            "inquiry": one.inquiry.seq,
            "number": one.answer.document_number,
            "date": one.answer.document_on.isoformat(),
            "outcome": one.answer.outcome,
        }
        for one in answers
        if one.answer is not None
    ]

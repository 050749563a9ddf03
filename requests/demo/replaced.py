"""The demo world's case of news after issue: a court finds a judgment, a clerk decides, another one is issued."""

from datetime import datetime, time, timedelta
from typing import Any

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from requests import actions, clock
from requests.demo import journeys, sample_papers
from requests.demo.dossiers import REPLACED
from requests.demo.journeys import Journey, Office
from requests.models import CertificateRequest, Correction, FlowBack, FoundAfterIssue, InquiryAnswer
from requests.states import State

Outcome = InquiryAnswer.Outcome
MORNING = time(9, 15)
COURT = "Tòa án nhân dân thành phố Hà Nội"
JUDGMENT: dict[str, Any] = {
    "judgment_number": "64/2025/HS-ST",
    "court": "Tòa án nhân dân quận Đống Đa, thành phố Hà Nội",
    "judgment_date": "2025-03-12",
    "effective_date": "2025-04-12",
    "offence_date": "2024-09-30",
    "offence": {
        "title": "Tàng trữ trái phép chất ma túy",
        "code": "BLHS2015",
        "article": 249,
        "clause": 1,
        "chapter": "XX",
        "severity": "serious",
        "negligent": False,
    },
    "main_penalty": {"kind": "imprisonment", "months": 15},
    "main_penalty_completed_on": "2026-03-28",
    "additional_penalties": [],
    "obligations": [{"kind": "court_fee", "fulfilled_on": "2025-06-02"}],
}
FOUND_NOTHING = "Tra cứu sổ thụ lý án hình sự: không có án đối với người có tên trên."
FOUND_AFTER_ALL = (
    "Rà soát lại: ngày 12/3/2025, Tòa án nhân dân quận Đống Đa xét xử sơ thẩm vụ án đối với người có tên trên. "
    "Văn bản này thay văn bản trả lời trước. Gửi kèm bản sao bản án."
)
SAME_PERSON = "Bản án ghi số căn cước công dân, họ tên, ngày sinh trùng với tờ khai."


def make(citizen: User, office: Office, *, sent_at: datetime) -> None:
    """Both requests and what lies between them; what is there stays as it is."""
    known = CertificateRequest.objects.filter(
        filed_by=citizen, declarations__version=1, declarations__identity_documents__number=REPLACED.number
    )
    if not known.exists():
        first = _first(citizen, office, sent_at)
        _heard_later(first)
        _corrected(first)


def tell_the_register() -> None:
    """What the clerk confirmed reaches the register's queue, as a worker would bring it."""
    for row in FlowBack.objects.waiting():
        actions.flow_back(row.pk)


def _first(citizen: User, office: Office, sent_at: datetime) -> Journey:
    """A certificate without a record, after a court found nothing."""
    filed = journeys.file(citizen, fields=REPLACED.fields, rows=REPLACED.rows, at=sent_at)
    sample_papers.attach_needed(filed, at=sent_at)
    journey = Journey(filed, office, at=sent_at)
    journey.to(State.CONSULTING)
    _working_days_later(journey, 3)
    _answers(journey, Outcome.NONE, "231/TAND-VP", FOUND_NOTHING)
    for step in ("verify", "approve", "prepare", "sign", "deliver"):
        journey.take(step)
    return journey


def _heard_later(journey: Journey) -> None:
    """Days after issue the court writes again; the verifying clerk says whose it is, and that the certificate goes."""
    _working_days_later(journey, 4)
    _judgment(journey, "258/TAND-VP")
    journey.at += timedelta(hours=1)
    task = FoundAfterIssue.objects.open().get(request=journey.request)
    actions.decide_found_after_issue(
        task,
        by=journey.office.verifying_clerk,
        decision=FoundAfterIssue.Decision.REPLACE,
        reason="Có bản án số 64/2025/HS-ST chưa được xóa án tích; Phiếu đã cấp ghi không có án tích.",
        shown=task.facts_digest,
        at=journey.at,
    )


def _corrected(first: Journey) -> None:
    """Opened at the counter, at no cost; the court is asked on the new request too, and its certificate counts."""
    office, at = first.office, first.at + timedelta(minutes=30)
    new = actions.open_correction(
        first.request,
        by=office.intake_clerk,
        page="status",
        what_is_wrong="Phiếu ghi không có án tích. Sau khi cấp, Tòa án cung cấp bản án số 64/2025/HS-ST.",
        at=at,
    )
    sample_papers.attach_needed(new, at=at)
    journey = Journey(new, office, at=at)
    journey.take("submit")
    actions.decide_fault(
        journey.request,
        by=office.intake_clerk,
        fault=Correction.Fault.OFFICE,
        reason="Lần đầu Tòa án trả lời không có án; người yêu cầu khai đúng.",
        at=at,
    )
    for step in ("receive", "search", "consult"):
        journey.take(step)
    _working_days_later(journey, 2)
    _judgment(journey, "266/TAND-VP")
    for step in ("verify", "approve", "prepare", "sign"):
        journey.take(step)


def _working_days_later(journey: Journey, days: int) -> None:
    """The morning of that day, when letters are opened."""
    calendar = calendar_of(journey.request.authority_id)
    day = calendar.add(clock.local_day(journey.at), days)
    journey.at = datetime.combine(day, MORNING, clock.LOCAL)


def _judgment(journey: Journey, number: str) -> None:
    _answers(journey, Outcome.JUDGMENT, number, FOUND_AFTER_ALL)
    clerk, code = journey.office.verifying_clerk, journey.request
    actions.add_conviction(code, 1, by=clerk, conviction=JUDGMENT, at=journey.at)
    told = {"same_person": True, "ground": SAME_PERSON, "convictions": 1}
    actions.decide_answer(code, 1, by=clerk, at=journey.at, **told)
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)


def _answers(journey: Journey, outcome: str, number: str, words: str) -> None:
    day = clock.local_day(journey.at)
    actions.record_answer(
        journey.request,
        1,
        by=journey.office.verifying_clerk,
        outcome=outcome,
        document_number=number,
        document_on=day,
        received_on=day,
        words=words,
        at=journey.at,
    )
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)

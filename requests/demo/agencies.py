"""The demo world's case of other agencies: the police know of an arrest, nobody of a judgment, and a court is late."""

from datetime import datetime, timedelta

from requests import actions, clock
from requests.demo.journeys import Journey
from requests.models import Inquiry, InquiryAnswer
from requests.sources import Source

Outcome = InquiryAnswer.Outcome


def ask_and_hear(journey: Journey) -> None:
    """The request waits for a court already; police and execution office are asked besides, and have answered.

    The court lets its time pass and is reminded once.
    """
    police = journey.ask(Source.POLICE, "Phòng Hồ sơ nghiệp vụ, Công an thành phố Hà Nội")
    enforcement = journey.ask(Source.ENFORCEMENT, "Cục Thi hành án dân sự thành phố Hà Nội")
    asked_at = journey.at
    _answer(
        journey,
        police,
        asked_at + timedelta(days=4),
        outcome=Outcome.NO_JUDGMENT,
        document_number="1187/PV06",
        words="Có danh chỉ bản lập ngày 14/9/2009; không có thông tin về kết quả giải quyết.",
    )
    _answer(
        journey,
        enforcement,
        asked_at + timedelta(days=6),
        outcome=Outcome.NONE,
        document_number="402/CTHADS",
        words="Không có hồ sơ thi hành án đối với người có tên trên.",
    )
    actions.decide_answer(
        journey.request,
        police.seq,
        by=journey.office.verifying_clerk,
        same_person=True,
        ground="Họ tên, ngày sinh, cha và mẹ trên danh chỉ bản trùng với tờ khai.",
        convictions=0,
        at=asked_at + timedelta(days=4, hours=1),
    )
    late = max(one.due_at for one in journey.request.inquiries.open()) + timedelta(days=1)
    actions.mind_inquiries(late)
    for one in journey.request.inquiries.open():
        actions.remind_agency(journey.request, one.seq, by=journey.office.verifying_clerk, at=late)


def _answer(journey: Journey, inquiry: Inquiry, at: datetime, **said: str) -> None:
    day = clock.local_day(at)
    actions.record_answer(
        journey.request,
        inquiry.seq,
        by=journey.office.verifying_clerk,
        document_on=day - timedelta(days=1),
        received_on=day,
        at=at,
        **said,
    )

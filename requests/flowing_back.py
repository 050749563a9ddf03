"""What an agency told about the applicant, as information for the register: one object of the incoming contract. Pure.

Every answer is kept with its source (requests/models/inquiry.py); a judgment that a person has confirmed also goes to
the people who keep the register, who decide whether and into whom it is worked (Luật Lý lịch tư pháp 2009, Điều 15-18).
"""

from typing import Any

from requests.models import AnsweredConviction, InquiryAnswer
from requests.questions import question_about

JUDGMENT = "judgment"


def information_of(answer: InquiryAnswer, convictions: list[AnsweredConviction]) -> dict[str, Any]:
    """Who sent it, about whom as stated, and the convictions it tells of."""
    about = question_about(answer.inquiry.declaration).to_json()
    about.pop("reference")
    return {
        "kind": JUDGMENT,
        "number": answer.document_number,
        "date": answer.document_on.isoformat(),
        "sender": answer.inquiry.agency,
        "about": about,
        "content": {"convictions": [row.conviction for row in convictions]},
    }

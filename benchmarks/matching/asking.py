"""Turns objects of the file contracts into what the portal asks and finds."""

from typing import Any

from records.answers import Question, read_question
from records.facts import RegisterRecord
from records.reading import PERSON_FIELDS, read_record

NOT_ASKED = {"convictions", "residences", "bans", "pending_prosecution"}


def question_of(applicant: dict[str, Any]) -> Question:
    """The question that a filed request about this applicant would put."""
    fields = {"full_name", "date_of_birth", *PERSON_FIELDS}
    asked = {field: value for field, value in applicant.items() if field in fields and value not in (None, [])}
    return read_question({"reference": applicant["applicant_id"]} | asked, "")


def record_of(line: dict[str, Any]) -> RegisterRecord:
    """The person as the register would give it back; convictions say nothing about who somebody is."""
    return read_record(
        {field: value for field, value in line.items() if field not in NOT_ASKED} | {"convictions": []}, ""
    )

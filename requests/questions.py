"""The question put to a source about a declaration: who is looked for, exactly as declared and frozen."""

from records.answers import Question
from requests.models import Declaration


def question_about(declaration: Declaration) -> Question:
    """The same person declared always gives the same question, in whichever version and order, so that the digests of
    two answers can be compared: a supplement that changes nobody's identity leaves answers and decisions standing.
    """
    documents = {(row.type, row.number) for row in declaration.identity_documents.all()}
    written = {
        "reference": declaration.request.code,
        "full_name": declaration.full_name,
        "date_of_birth": declaration.date_of_birth,
        "nationality": declaration.nationality,
        "other_names": sorted({row.name for row in declaration.other_names.all()}),
        "identity_documents": [{"type": type_, "number": number} for type_, number in sorted(documents)],
    }
    for name in (
        "sex",
        "place_of_birth_province",
        "place_of_birth",
        "ethnicity",
        "father_name",
        "mother_name",
        "spouse_name",
    ):
        if value := getattr(declaration, name):
            written[name] = value
    return Question.from_json(written)

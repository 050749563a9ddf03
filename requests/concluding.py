"""What the certificate would say: by the facts, or by what a person concluded where no paper of them exists. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from records import determination
from records.determination import NO_RECORD, NO_RECORD_FOREIGNER, Determination, Undetermined
from records.facts import RegisterRecord
from records.without_papers import served_as_pronounced
from requests.inquiries import Standing, records_digest
from requests.models import Declaration, WithoutPaper

NOTE = "Kết luận theo Công văn 367/TTLLTPQG-HCTH: các cơ quan được hỏi đều trả lời không còn giấy tờ thi hành án."


def determined(
    declaration: Declaration, records: Iterable[RegisterRecord], *, as_of: date, certificate_type: int | None = None
) -> Determination | Undetermined:
    """What the certificate asked for, or one of another type, would say if exactly these rows were this person's."""
    return determination.determine(
        records,
        certificate_type=certificate_type or declaration.certificate_type,
        want_ban_info=declaration.want_ban_info,
        as_of=as_of,
        nationality=declaration.nationality,
        former_resident_foreigner=declaration.former_resident_foreigner,
    )


def concluded(
    declaration: Declaration, records: Sequence[RegisterRecord], asked: Standing, *, as_of: date
) -> Determination | Undetermined:
    """The same; where papers of execution are missing and a person concluded on just these facts, what they concluded.

    While what an agency found is open there is no result at all. A conclusion holds for as long as the facts are those
    that were looked at, and never for more than “no record”.
    """
    if asked.in_doubt:
        return Undetermined(asked.in_doubt)
    result = determined(declaration, records, as_of=as_of)
    if not isinstance(result, Undetermined):
        return result
    if not asked.has_concluded(WithoutPaper.Kind.NO_EXECUTION, records_digest(records)):
        return result
    return without_papers(declaration, records, as_of=as_of) or result


def without_papers(declaration: Declaration, records: Sequence[RegisterRecord], *, as_of: date) -> Determination | None:
    """“No record” where every term has lapsed even if all of it was served as it was pronounced (domain 1.6, C27); else
    None. Số 2 lists what is known of the judgment, and that is not written without a paper.
    """
    if declaration.certificate_type != 1:
        return None
    served = determined(declaration, [served_as_pronounced(record) for record in records], as_of=as_of)
    if isinstance(served, Determination) and served.status in {NO_RECORD, NO_RECORD_FOREIGNER}:
        return replace(served, notes=(*served.notes, NOTE))
    return None

"""What an issued certificate rests on: the register's rows of the person, what agencies had told by then, and what was
concluded from both; and what would be printed if one of them were another."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from certificates.models import Ending
from records.answers import Complete
from records.determination import Determination, Undetermined
from records.facts import RegisterRecord
from records.judgments import judgment_key
from requests import concluding, inquiries, two_people
from requests.models import CandidateDecision, CertificateRequest, Declaration, SourceSearch
from requests.policy import CENTRAL

Result = Determination | Undetermined


def in_force(certificate_request: CertificateRequest, *, at: datetime | None = None) -> CertificateRequest | None:
    """Whose certificate counts in the place of this issued request's: its own, or that of the correction that followed.

    None where each of them was revoked. `at`: as it was then; otherwise now.
    """
    one: CertificateRequest | None = certificate_request
    while one is not None:
        endings = Ending.objects.filter(certificate=one.certificate_id)
        if not (endings.filter(at__lte=at) if at else endings).exists():
            return one
        issued = one.corrections.filter(issued_at__isnull=False)
        one = (issued.filter(issued_at__lte=at) if at else issued).order_by("-pk").first()
    return None


class Certified:
    """One issued certificate. `register`: the register's rows that were called this person."""

    def __init__(
        self, certificate_request: CertificateRequest, declaration: Declaration, register: Sequence[RegisterRecord]
    ):
        self._declaration = declaration
        self._register = tuple(register)
        self._asked = inquiries.standing(certificate_request, until=certificate_request.issued_at)
        self.elsewhere = self._asked.records(declaration)

    def at_issue(self, on: date) -> Result:
        """What would be printed on a day by what was known when the certificate was issued."""
        return self._says(self._register, on)

    def with_register(self, records: Iterable[RegisterRecord], on: date) -> Result:
        """The same, with these rows of the register in the place of those; what a person concluded from the facts
        stands while they are the same facts, in whichever row."""
        rows = tuple(records)
        told = _facts((*rows, *self.elsewhere)) == _facts((*self._register, *self.elsewhere))
        return self._says(self._register if told else rows, on)

    def with_agencies(self, asked: inquiries.Standing, on: date) -> Result:
        """The same, with what agencies say by now in the place of what they had told by then."""
        rows = [*self._register, *asked.records(self._declaration)]
        return concluding.concluded(self._declaration, rows, asked, as_of=on)

    def _says(self, register: tuple[RegisterRecord, ...], on: date) -> Result:
        return concluding.concluded(self._declaration, [*register, *self.elsewhere], self._asked, as_of=on)

    def was_told_of(self, record: RegisterRecord) -> bool:
        """An agency had told of all that stands against this person, whoever it is."""
        told = {judgment_key(conviction) for one in self.elsewhere for conviction in one.convictions}
        tells = {judgment_key(conviction) for conviction in record.convictions}
        return bool(tells) and tells <= told and not record.bans and record.pending_prosecution is None


def _facts(records: Iterable[RegisterRecord]) -> set[object]:
    """All that a certificate is determined from, each once, whichever row it stands in."""
    return {
        fact
        for one in records
        for fact in (*one.convictions, *one.bans, one.pending_prosecution, one.date_of_birth)
        if fact is not None
    }


def base_of(certificate_request: CertificateRequest) -> Complete:
    """The answer that the certificate stands on; nothing to compare with is itself a doubt: raises LookupError."""
    found = SourceSearch.objects.select_related("lookup").filter(request=certificate_request, source=CENTRAL).first()
    base = Complete.from_json(found.lookup.answer) if found and found.lookup else None
    if base is None:
        raise LookupError(f"no answer before the issue of request {certificate_request.pk}")
    return base


def decisions_on(certificate_request: CertificateRequest, base: Complete) -> dict[str, str]:
    """What people decided about the answer that the certificate stands on."""
    spoken = two_people.all_words(certificate_request)
    of_base = (words.standing for words in spoken if words.rows[0].findings_digest == base.findings_digest)
    return {register_id: row.decision for standing in of_base for register_id, row in standing.items()}


def certificate_of(certificate_request: CertificateRequest) -> Certified:
    """Of an issued request."""
    base = base_of(certificate_request)
    decisions = decisions_on(certificate_request, base)
    register = [one for one in base.candidates if decisions.get(one.register_id) == CandidateDecision.Decision.SAME]
    return Certified(certificate_request, certificate_request.declaration, register)

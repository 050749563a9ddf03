"""A supplement that shows facts of a longer class of the law: the term grows, with its reason, never silently.

Art. 48 of the Luật Lý lịch tư pháp 2009 gives 15 days instead of 10 to who lived in several places or abroad and to
foreigners; what the citizen left out at first counts all the same. A promise is never taken back the other way: facts
that would have given a shorter class leave the day that was promised (docs/adr/0006).
"""

from dataclasses import dataclass
from datetime import datetime

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.languages import kept_words
from requests import clock, policy
from requests.models import CertificateRequest, Declaration
from requests.policy import Deadline
from requests.telling import tell


@dataclass(frozen=True)
class Extension:
    """The longer class that was kept, if any, and the day that was promised before."""

    longer: Deadline | None = None
    due_before: datetime | None = None

    def with_reason(self, told: str) -> str:
        """What history keeps: what was answered, and what it does to the term."""
        if self.longer is None:
            return told
        with kept_words():
            return f"{told}\nThời hạn tính lại thành {self.longer.term.words}: {self.longer.reason}.".strip()

    def tell(self, certificate_request: CertificateRequest, *, at: datetime) -> None:
        """An event with old and new, and a message; the receipt with the new day was written by the step itself."""
        if self.longer is None:
            return
        old, new = self.due_before, certificate_request.due_at
        AuditEvent.objects.record(
            "extend_term",
            subject=certificate_request.code,
            authority_id=certificate_request.authority_id,
            term=f"{self.longer.term.amount} {self.longer.term.unit}",
            old=old.astimezone(clock.LOCAL).isoformat() if old else "",
            new=new.astimezone(clock.LOCAL).isoformat() if new else "",
        )
        facts = {"due": old, "new_due": new}
        tell(certificate_request, "term_extended", at=at, key=str(certificate_request.step_count), facts=facts)


def extend_by_new_facts(certificate_request: CertificateRequest, declaration: Declaration) -> Extension:
    """Keep the class of what is declared now, by the law of the day of receipt, where it is longer than the given one.

    The caller has the row's lock, and works the due moment out after this.
    """
    if certificate_request.law_day is None or not certificate_request.deadline_class:
        return Extension()
    with kept_words():  # kept with the request as the office writes it
        found = policy.deadline(declaration, certificate_request.law_day)
    if not found.is_longer_than(certificate_request.deadline_class):
        return Extension()
    certificate_request.keep_deadline(found)
    return Extension(found, certificate_request.due_at)


def extend_for_expungement(certificate_request: CertificateRequest, *, due: bool) -> Extension:
    """Where somebody has to confirm the conditions of expungement the law gives the longer class (Điều 48 khoản 2).

    The caller has the row's lock and saves the row.
    """
    day, given = certificate_request.law_day, certificate_request.deadline_class
    received = certificate_request.received_at
    if not due or day is None or given != policy.NORMAL or received is None:
        return Extension()
    term = policy.term_on(day, policy.EXTENDED)
    longer = Deadline(policy.EXTENDED, term, "phải xác minh thêm ở cơ quan khác", day)
    before = certificate_request.due_at
    certificate_request.keep_deadline(longer)
    calendar = calendar_of(certificate_request.authority_id)
    pauses = clock.pauses(certificate_request.history())
    certificate_request.due_at = clock.due_at(received, term, calendar, pauses)
    return Extension(longer, before)

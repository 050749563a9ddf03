"""When the law does away with an office, its open requests go to the one that is competent from then on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.languages import kept_words
from lltp_portal.waiting import Swept, sweep
from requests import policy
from requests.models import CertificateRequest
from requests.states import OPEN, State

# While it is being signed the office's name is already in the frozen content: that one is finished where it began.
MOVABLE = [state for state in OPEN if state != State.SIGNING]


def move_to_offices_in_force(now: datetime | None = None, *, after: int = 0) -> Swept:
    """Departments of justice on 2025-03-01, merged provinces on 2025-07-01: one batch, those behind key `after`.

    Deadline, fee and dossier number stay as they were given: the law of the day of receipt goes on holding for them
    (Nghị định 216/2026/NĐ-CP, Điều 28). A request for which no office is competent stays where it is, and is shown.
    """
    now = now or timezone.now()
    gone = CertificateRequest.objects.filter(state__in=MOVABLE, authority__valid_to__lt=policy.law_day(now))
    return sweep(gone, lambda pk: _move(pk, now), what="move to office in force", after=after)


@transaction.atomic
def _move(pk: int, now: datetime) -> bool:
    day = policy.law_day(now)
    certificate_request = CertificateRequest.objects.locked().select_related("authority", "declaration").get(pk=pk)
    before = certificate_request.authority
    if certificate_request.state not in MOVABLE or before.is_in_force_on(day):
        return False  # somebody else moved or ended it in the meantime
    with kept_words():  # kept with the request as the office writes it
        competence = policy.competent_authority(certificate_request.declaration, day)
    CertificateRequest.objects.filter(pk=pk).update(authority=competence.authority, authority_reason=competence.reason)
    AuditEvent.objects.record(
        "move_to_office_in_force",
        subject=certificate_request.code,
        authority_id=competence.authority.pk,
        before=before.pk,
        after=competence.authority.pk,
    )
    return True

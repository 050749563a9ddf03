"""When the law does away with an office, its open requests go to the one that is competent from then on."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import PortalError
from lltp_portal.languages import kept_words
from requests import policy
from requests.models import CertificateRequest
from requests.states import OPEN, State

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 500
# While it is being signed the office's name is already in the frozen content: that one is finished where it began.
MOVABLE = [state for state in OPEN if state != State.SIGNING]


def move_to_offices_in_force(now: datetime | None = None) -> int:
    """Departments of justice on 2025-03-01, merged provinces on 2025-07-01; returns how many requests were moved.

    Deadline, fee and dossier number stay as they were given: the law of the day of receipt goes on holding for them
    (Nghị định 216/2026/NĐ-CP, Điều 28).
    """
    now = now or timezone.now()
    gone = CertificateRequest.objects.filter(state__in=MOVABLE, authority__valid_to__lt=policy.law_day(now))
    moved = 0
    for pk in gone.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        try:
            moved += _move(pk, now)
        except PortalError:
            logger.exception("no office is competent for an open request", extra={"request_id": pk})
    return moved


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

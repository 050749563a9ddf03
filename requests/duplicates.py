"""Is there already what is about to be asked for? An open request of the same kind, or a certificate still fit (V13).

Only among what the reader may see anyway: nobody learns from this that somebody else has asked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from lltp_portal.accounts.models import User, person_key
from requests import clock
from requests.models import CertificateRequest, Declaration
from requests.states import State

# (from which day, for how many days places that ask for a certificate usually take one): no law limits a certificate,
# procedures do, mostly to six months.
FIT_FOR_DAYS = ((date(2010, 7, 1), 180),)


@dataclass(frozen=True)
class Earlier:
    """One request that may do instead: still open, or ended with a certificate."""

    certificate_request: CertificateRequest
    fit_until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.fit_until is None


def fit_days(day: date) -> int:
    return next(days for since, days in reversed(FIT_FOR_DAYS) if since <= day)


def of_reader(user: User, now: datetime) -> list[Earlier]:
    """Before anything is filled in: what this citizen has asked for about themselves."""
    mine = CertificateRequest.objects.filter(account=user, declaration__filed_as=Declaration.FiledAs.SELF)
    return _worth_offering(mine, now)


def of_declaration(declaration: Declaration, user: User, now: datetime) -> list[Earlier]:
    """The same kind for the same person: by the 12-digit number, or by name and day of birth. A correction is none."""
    if declaration.request.corrects_id is not None:
        return []
    same = Q(declaration__full_name__iexact=declaration.full_name, declaration__date_of_birth=declaration.date_of_birth)
    if not declaration.full_name or not declaration.date_of_birth:
        same = Q(pk__in=[])
    if number := declaration.identity_number:
        same |= Q(applicant_person_key=person_key(number))
    found = CertificateRequest.objects.visible_to(user).filter(
        same, declaration__certificate_type=declaration.certificate_type
    )
    return _worth_offering(found.exclude(pk=declaration.request_id), now)


def _worth_offering(found: QuerySet[CertificateRequest], now: datetime) -> list[Earlier]:
    lasts = timedelta(days=fit_days(clock.local_day(now)))
    issued = Q(state__in=[State.ISSUED, State.DELIVERED], issued_at__gt=now - lasts, certificate__status="issued")
    earlier = found.with_people().newest_first()
    return [
        *(Earlier(one) for one in earlier.open()[:3]),
        *(Earlier(one, clock.local_day(one.issued_at + lasts)) for one in earlier.filter(issued)[:3]),
    ]

"""Two clerks and a leader over one request in doubt: what tests of deciding twice begin with."""

from typing import Any, NamedTuple

from django.utils import timezone

from lltp_portal.accounts.models import User
from requests import actions, clock, findings
from requests.demo.journeys import Office
from requests.models import CertificateRequest
from tests import factories, staff_register
from tests.clerk_desk import alike, reviewing


class Case(NamedTuple):
    request: CertificateRequest
    first: User
    second: User
    third: User
    leader: User
    office: Office


def in_doubt(settings, *candidates: Any, percent: int = 100, set_aside: Any = (), **start: Any) -> Case:
    """A request with these candidates (two by default) that two people must decide."""
    settings.TWO_PEOPLE_PERCENT = percent
    staff_register.answers_with(settings, *(candidates or (alike("R-2"), alike("R-3"))), set_aside=set_aside)
    office = factories.make_office()
    second = factories.make_staff("verifying_clerk", full_name="Đặng Thị Thứ Hai")
    third = factories.make_staff("verifying_clerk", full_name="Bùi Văn Thứ Ba")
    request = reviewing(office, **start)
    return Case(request, office.verifying_clerk, second, third, office.approver, office)


def found(request: CertificateRequest) -> findings.Findings:
    current = findings.current(request, as_of=clock.local_day(timezone.now()))
    assert current is not None
    return current


def say(case: Case, by: User, decision: str = "different", register_id: str = "R-2", **changes: Any):
    act = changes.pop("act", actions.decide_candidate)
    return act(
        case.request,
        by=by,
        register_id=register_id,
        decision=decision,
        **{
            "ground": f"Căn cứ của {by.full_name}",
            "findings_digest": found(case.request).answer.findings_digest,
            **changes,
        },
    )


def say_all(case: Case, by: User, **words: str) -> None:
    """`R_2="same"`; what is not named is another person."""
    for weighed in found(case.request).matching.open:
        register_id = weighed.record.register_id
        say(case, by, words.get(register_id.replace("-", "_"), "different"), register_id)

"""Who may take a step: callables (certificate_request, actor) → bool, named by each transition.

SYSTEM is asked like any actor. Nobody who works here handles a request about themselves, whichever account they use.
"""

from collections.abc import Callable
from typing import Any, Final

from requests.states import State


class System:
    """The machine as an actor: workers and sweepers."""

    pk = None
    person_key = None
    authority_id = None
    full_name = "Hệ thống"

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = System()
Permission = Callable[[Any, Any], bool]


def system_only(certificate_request, actor) -> bool:
    return actor is SYSTEM


def is_own(certificate_request, actor) -> bool:
    """The account that filed, or whose request it is."""
    if actor is SYSTEM or actor.pk is None:
        return False
    return actor.pk in {certificate_request.filed_by_id, certificate_request.account_id}


def who_files(certificate_request, actor) -> bool:
    """The same; and for what was written down at a counter and sent, any intake clerk of the office that has it.

    Who comes back to the counter with a paper that was asked for meets whoever sits there today.
    """
    if is_own(certificate_request, actor):
        return True
    at_counter = certificate_request.account_id is None and certificate_request.state != State.DRAFT
    return at_counter and intake_clerk(certificate_request, actor)


def concerns(certificate_request, actor) -> bool:
    """Whether the request is about this person: by account, or by the 12-digit number under another account."""
    if actor.pk is not None and actor.pk == certificate_request.account_id:
        return True
    key = certificate_request.applicant_person_key
    return key is not None and key == actor.person_key


def office(*roles: str) -> Permission:
    """Somebody with one of these roles at the request's own office, who is not its applicant."""

    def permission(certificate_request, actor) -> bool:
        if actor is SYSTEM or certificate_request.authority_id is None:
            return False
        return (
            actor.authority_id == certificate_request.authority_id
            and actor.has_role(*roles)
            and not concerns(certificate_request, actor)
        )

    permission.__name__ = "office_" + "_or_".join(roles)
    permission.roles = roles  # type: ignore[attr-defined]
    return permission


def either(*permissions: Permission) -> Permission:
    def permission(certificate_request, actor) -> bool:
        return any(allowed(certificate_request, actor) for allowed in permissions)

    permission.__name__ = "_or_".join(allowed.__name__ for allowed in permissions)
    return permission


intake_clerk = office("intake_clerk")
verifying_clerk = office("verifying_clerk")
any_clerk = office("intake_clerk", "verifying_clerk")
clerk_or_approver = office("intake_clerk", "verifying_clerk", "approver")
approver = office("approver")
system_or_intake_clerk = either(system_only, intake_clerk)
system_or_verifying_clerk = either(system_only, verifying_clerk)
system_or_clerk = either(system_only, any_clerk)


def may_read_letters(certificate_request, actor) -> bool:
    """What this office writes to another one tells of a record: only who may read findings reads it."""
    return verifying_clerk(certificate_request, actor) or approver(certificate_request, actor)


def another_approver(certificate_request, actor) -> bool:
    """An approver who is another person than the one who verified, by person and not by account."""
    if not approver(certificate_request, actor):
        return False
    verified_by = certificate_request.verified_by
    return verified_by is not None and is_another_person(verified_by, actor)


def is_another_person(first, actor) -> bool:
    """Two people and not two accounts of one; somebody unknown is nobody else."""
    return first.pk != actor.pk and actor.person_key is not None and first.person_key != actor.person_key

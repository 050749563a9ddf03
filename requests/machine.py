"""The machine as data: every (step, from, to) that exists, read from the transitions themselves.

The database's trigger holds the same list (requests/migrations) and docs/flow.md is drawn from it; tests compare them.
"""

from django_fsm import RETURN_VALUE

from requests.models.request import CertificateRequest


def triples() -> list[tuple[str, str, str]]:
    """Sorted (step, from_state, to_state)."""
    found = set()
    for transition in CertificateRequest._meta.get_field("state").get_all_transitions(CertificateRequest):
        target = transition.target
        targets = target.allowed_states if isinstance(target, RETURN_VALUE) else [target]
        found |= {(transition.name, str(transition.source), str(state)) for state in targets}
    return sorted(found)


def rights() -> dict[str, str]:
    """Step → the name of the permission that says who may take it."""
    return {
        transition.name: transition.permission.__name__
        for transition in CertificateRequest._meta.get_field("state").get_all_transitions(CertificateRequest)
    }

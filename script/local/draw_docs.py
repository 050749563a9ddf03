"""Draws docs/flow.md, permissions.md and expungement.md from the code itself: python -m script.local.draw_docs

tests/test_docs.py compares them, so a step that is added or given to somebody else is drawn anew or the suite is red.
"""

import os
from pathlib import Path
from types import SimpleNamespace

from script.local.draw_expungement import expungement

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
HERE, SOMEBODY, SOMEBODY_ELSE = 1, 1, 2


def flow() -> str:
    """States with the words people see, steps with who takes them, and the picture."""
    from requests import machine
    from requests.states import HOLDER, NATIONAL_CODE, State

    rights = machine.rights()
    states = "\n".join(
        f"| {state.value} | {state.label} | {NATIONAL_CODE[state] or '-'} | {HOLDER[state].label} |" for state in State
    )
    arrows = "\n".join(f"    {source} --> {target} : {step}" for step, source, target in machine.triples())
    steps = "\n".join(
        f"| {step} | {', '.join(_pairs(machine.triples(), step))} | {WHO[rights[step]]} | {_why(step)} |"
        for step in sorted(rights)
    )
    return FLOW.format(states=states, arrows=arrows, steps=steps)


def _pairs(triples: list[tuple[str, str, str]], step: str) -> list[str]:
    return [f"{source} → {target}" for name, source, target in triples if name == step]


def _why(step: str) -> str:
    """The first line of the transition's own words."""
    from requests.models import CertificateRequest

    return " ".join((getattr(CertificateRequest, step).__doc__ or "").split())


WHO = {
    "system_only": "SYSTEM only",
    "who_files": "who files",
    "intake_clerk": "intake clerk",
    "office_intake_clerk": "intake clerk",
    "office_verifying_clerk": "verifying clerk",
    "office_intake_clerk_or_verifying_clerk": "either clerk",
    "office_approver": "approver",
    "another_approver": "approver, another person than who verified",
    "system_only_or_office_intake_clerk": "SYSTEM or intake clerk",
    "system_only_or_office_verifying_clerk": "SYSTEM or verifying clerk",
    "system_only_or_office_intake_clerk_or_verifying_clerk": "SYSTEM or either clerk",
}


def permissions_of_steps() -> str:
    """Every step × every role, found by asking the permission itself about somebody with that role and no other."""
    from lltp_portal.accounts.roles import ROLES
    from requests.models import CertificateRequest
    from requests.permissions import SYSTEM

    transitions = CertificateRequest._meta.get_field("state").get_all_transitions(CertificateRequest)
    asked = {transition.name: transition.permission for transition in transitions}
    actors = {"SYSTEM": SYSTEM, "who files": _actor("citizen", pk=SOMEBODY, authority=None)}
    actors |= {role: _actor(role) for role in ROLES}
    rows = "\n".join(
        f"| {step} | "
        + " | ".join("yes" if asked[step](_certificate_request(), who) else "" for who in actors.values())
        + " |"
        for step in sorted(asked)
    )
    head = f"| step | {' | '.join(actors)} |\n|---|{'---|' * len(actors)}"
    return f"{head}\n{rows}"


def _actor(role: str, *, pk: int = SOMEBODY_ELSE, authority: int | None = HERE) -> SimpleNamespace:
    return SimpleNamespace(
        pk=pk, authority_id=authority, person_key=f"person {pk}", has_role=lambda *names: role in names
    )


def _certificate_request() -> SimpleNamespace:
    """Filed by somebody about themselves, verified by a third person."""
    return SimpleNamespace(
        filed_by_id=SOMEBODY,
        account_id=SOMEBODY,
        authority_id=HERE,
        applicant_person_key=None,
        verified_by=SimpleNamespace(pk=3, person_key="person 3"),
    )


def permissions() -> str:
    from dashboards.access import ADMINISTRATORS, READERS
    from lltp_portal.accounts.roles import ROLES

    roles = "\n".join(
        f"| {name} | {role.label} | {'one office' if role.office else 'the nation, or nobody but themselves'} |"
        for name, role in ROLES.items()
    )
    return PERMISSIONS.format(
        roles=roles, steps=permissions_of_steps(), readers=", ".join(READERS), administrators=", ".join(ADMINISTRATORS)
    )


FLOW = """# The flow of a request

Drawn from `requests/models/request.py` by `python -m script.local.draw_docs`; do not edit by hand. Who may do what, by
role: [permissions.md](permissions.md). Why a state never changes without its row of history:
[adr/0001](adr/0001-homes-for-rules.md).

## States

| state | shown as | national code | held by |
|---|---|---|---|
{states}

## Picture

```mermaid
stateDiagram-v2
    [*] --> draft
{arrows}
    delivered --> [*]
    refused --> [*]
    withdrawn --> [*]
    stopped --> [*]
```

## Steps

| step | from → to | by | what it means |
|---|---|---|---|
{steps}

Creating a request writes no step; a draft may be deleted by its owner, or by the sweeper after 90 days. A step that
only SYSTEM may take has a sweeper behind it (`lltp_portal/checks.py` refuses a start without one).

## Other agencies

Who must answer, and why, is worked out from the declaration, the rows of the law and the office's own choices
(`requests/sources.py`). The central database answers before *reviewing*; agencies are asked by letter from *reviewing*:
the first letter is `consult`, the last answer `finish_consulting`, and `verify` is refused while one that is required
has not answered, something found is not decided on, or nobody has concluded on an arrest without a judgment
([adr/0013](adr/0013-agencies-are-asked-from-the-desk.md)). The clock goes on; the time is charged to the agency. An
answer that is late becomes a reminder for the clerk to send (sweeper `mind_inquiries`).
"""

PERMISSIONS = """# Who may do what

Drawn by asking the code, with `python -m script.local.draw_docs`; do not edit by hand.

## Roles

| role | called | belongs to |
|---|---|---|
{roles}

## Steps

Asked of a request of the person's own office that is about somebody else and was verified by a third person. "Who
files" is the account that filed it or whose it is, whatever its role. Nobody handles a request about themselves, under
any account (`requests/permissions.py: concerns`). At another office every answer is no.

{steps}

`approver` may `approve` only what another person verified; the database looks both persons up itself.

## Pages and acts besides steps

| what | who |
|---|---|
| a request, its files, its API address | who files; people of its office once it was sent; 404 for everybody else |
| the board and its lists | {readers}: an office its own, the others all offices without names |
| waiting rows, retry of parked ones | {administrators}: an office its own |
| something new after issue: read, replace, leave, note | verifying_clerk of the request's office |
| offices that may ask this deployment: read | national_administrator, auditor |
| offices that may ask this deployment: switch on or off | national_administrator |
| `POST /api/central/v1/lookups` | an office's deployment with its key, while it is delegated to |
| stop and resume issuing | national_administrator |
| propose to revoke a certificate | intake_clerk, verifying_clerk, approver of its office |
| decide about it | approver of its office, another person than who proposed |
| decide about a candidate | verifying_clerk of its office; two of them, unseen by each other, in a case of two people |
| decide where the two differ | approver of its office who is neither of the two |
| decisions and comparisons that were kept | verifying_clerk, approver of its office, never about themselves |
| ask for a search outside a request | register_searcher, if an approver of the office, another person, allows it |
| the weekly list of odd looks | approver, authority_administrator: their own; national_administrator, auditor: all |
| papers for the central register, what is to be mended in it | register_updater |
| joining, dividing persons of the register, undoing it | two with register_updater, by person and not by account |
| figures about papers and quality | {readers} |
| ask, remind another agency, enter and decide on its answer, conclude without a paper | verifying_clerk of its office |
| read a letter to another agency, or its answer | verifying_clerk, approver of its office; 404 for who files |
| switch a source on or off | authority_administrator: an office its own |
| who answers late; which sources are asked | {readers}: an office its own |
| check of a certificate's code | everybody, without signing in |
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lltp_portal.settings")
    os.environ.setdefault("LLTP_MODE", "demo")
    import django

    django.setup()
    (DOCS / "flow.md").write_text(flow(), encoding="utf-8")
    (DOCS / "permissions.md").write_text(permissions(), encoding="utf-8")
    (DOCS / "expungement.md").write_text(expungement(), encoding="utf-8")


if __name__ == "__main__":
    main()

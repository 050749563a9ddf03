"""The fee of one request by the law of the day: which table, which subsidy, which category counts."""

from dataclasses import replace
from datetime import datetime

from lltp_portal.accounts.models import Authority
from lltp_portal.errors import Invalid
from requests import cases, clock, policy
from requests.fee_breakdown import Breakdown, breakdown
from requests.models import CertificateRequest, Declaration


def of_declaration(
    declaration: Declaration, *, channel: str, authority: Authority | None, at: datetime, category: str = ""
) -> Breakdown:
    """What this declaration costs when it is sent at `at`; without an office, before any subsidy."""
    on = policy.law_day(at)
    # What an office pays of its own goes by real days, as its calendar does.
    subsidies = policy.subsidies(authority, channel, clock.local_day(at)) if authority else ()
    return breakdown(policy.fee_rules(on, channel), category or declaration.fee_category, declaration.copies, subsidies)


def of_request(certificate_request: CertificateRequest, *, category: str, refused_because: str) -> Breakdown:
    """The fee that a clerk finds right, by the law of the day on which the request was sent."""
    found = of_declaration(
        certificate_request.declaration,
        channel=certificate_request.channel,
        authority=certificate_request.authority,
        at=certificate_request.submitted_at,
        category=category,
    )
    claimed = certificate_request.declaration.fee_category
    return found if claimed == category else replace(found, claimed=claimed, refused_because=refused_because)


def foreseen(
    certificate_request: CertificateRequest, declaration: Declaration, *, at: datetime
) -> dict[str, Breakdown]:
    """Category → what it would cost, for every category that the table of the day knows; for the page of the form."""
    on = policy.law_day(at)
    rules = policy.fee_rules(on, certificate_request.channel)
    known = [value for value in Declaration.FeeCategory.values if _is_for_people(value, rules)]
    if declaration.fee_category in cases.AGENCIES:
        known = [declaration.fee_category]  # set by who entered an agency's written request; there is nothing to choose
    try:
        authority = policy.competent_authority(declaration, on).authority
    except Invalid:
        authority = None  # the office is not known yet, so its subsidy is not
    return {
        value: of_declaration(
            declaration, channel=certificate_request.channel, authority=authority, at=at, category=value
        )
        for value in known
    }


def _is_for_people(category: str, rules) -> bool:
    if category == Declaration.FeeCategory.STANDARD:
        return True
    return category in rules.reduced_for | rules.exempt and category not in cases.AGENCIES


def shown(certificate_request: CertificateRequest) -> Breakdown | None:
    """The breakdown kept with a request; None for one that was filed before breakdowns were kept."""
    kept = certificate_request.fee_breakdown
    return Breakdown.from_json(kept) if kept else None


def has_proof(declaration: Declaration) -> bool:
    """Whether a paper that proves the category was uploaded (attachments of kind fee_proof)."""
    papers = getattr(declaration, "attachments", None)
    return papers is not None and papers.filter(kind="fee_proof", attachment__isnull=False).exists()

"""An office with everything in it that its people can meet: every state, findings, late ones, money, complaints."""

import io
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from certificates.models import Revocation
from records.central import actions as delegating
from requests import actions
from requests.attachments import cleaning
from requests.clerk_views.inquiries import ABOUT_REQUEST
from requests.demo import sample_papers
from requests.demo.journeys import Office
from requests.models import CertificateRequest, LocalRule
from requests.payments import statement
from requests.states import State
from tests import agencies, factories, paper_files
from tests.browser import register_world
from tests.clerk_desk import NUMBER
from tests.records_people import conviction, person_json, prison
from tests.test_requests_after_replacement import replace, revoke
from tests.test_requests_told_after_issue import until as until_issued

# 60 characters, as the longest names on cards are.
LONG_NAME = "Nguyễn Phước Hoàng Khánh Trường Giang Nghiêm Bửu Công Huyền".ljust(60, "n")
CLERK, APPROVER = "canbo@vi-du.example", "lanhdao@vi-du.example"
UPDATER = "capnhat@vi-du.example"
# Who looks, as what.
LOOKERS = {
    CLERK: ("intake_clerk", "verifying_clerk", "register_searcher"),
    APPROVER: ("approver",),
    "quantri.donvi@vi-du.example": ("authority_administrator",),
    "quantri@vi-du.example": ("national_administrator",),
    "kiemtra@vi-du.example": ("auditor",),
    UPDATER: ("register_updater",),
}


def make() -> tuple[dict[str, str], dict[str, list[str]]]:
    """All of it: what each request is, by code, and by e-mail the addresses that no link of the start page leads to."""
    people = {
        email: factories.make_staff(*roles, email=email, full_name=LONG_NAME, password=factories.PASSWORD)
        for email, roles in LOOKERS.items()
    }
    office = Office(people[CLERK], people[CLERK], people[APPROVER])
    made = {}
    for state in State:
        if state != State.DRAFT:
            made[_request(state, office).code] = str(state)
    with factories.signing_key():
        made |= _told(office)
    made |= _with_findings(office)
    made |= _late(office)
    _complained(made)
    _money(office)
    _news(made)
    _delegated()
    _searched(office)
    _proposed(made, office)
    made |= _two_who_differ(office)
    asked, starts = _agencies(office)
    return made | asked, {CLERK: starts, UPDATER: register_world.make(people[UPDATER], LONG_NAME)}


def _request(state: str, office: Office, **changes):
    return factories.request_in(state, office=office, fields={"full_name": LONG_NAME, **changes})


def _with_findings(office: Office) -> dict[str, str]:
    """One whose person is known to have a record, with somebody alike beside, and strangers whom the register sets
    aside; it waits at the desk and for signing."""
    who = {"full_name": LONG_NAME, "date_of_birth": "1990-03-27", "register_id": "R-1"}
    number = {"identity_documents": [{"type": "cccd", "number": NUMBER}]}
    kin = {"father_name": "Lò Văn Khác", "mother_name": "Quàng Thị Lạ"}
    factories.register(
        person_json(conviction(), prison(24, "2017-03-03"), **who, **number),
        person_json(**{**who, "register_id": "R-2"}, identity_documents=[]),
        person_json(**{**who, "register_id": "R-3", "date_of_birth": "1990-03"}, identity_documents=[]),
        *(
            person_json(**{**who, "register_id": f"R-{number}", "date_of_birth": "1990"}, identity_documents=[], **kin)
            for number in range(100, 112)
        ),
    )
    made = {}
    for state, kind in ((State.REVIEWING, 1), (State.REVIEWING, 2), (State.CONSULTING, 1), (State.VERIFIED, 2)):
        journey = factories.journey(
            office=office, fields={"full_name": LONG_NAME, "certificate_type": kind}, rows={"number": NUMBER}
        )
        made[journey.to(state).code] = f"{state}, findings, số {kind}"
    return made


def _proposed(made: dict[str, str], office: Office) -> None:
    """Somebody proposes to revoke a certificate; the leader's queue leads there."""
    request = CertificateRequest.objects.get(code=next(code for code, what in made.items() if what == State.ISSUED))
    ground, reason = Revocation.Ground.values[0], "Phiếu ghi sai ngày sinh so với giấy khai sinh. " * 5
    actions.propose_revocation(request, by=office.verifying_clerk, ground=ground, reason=reason)


def _searched(office: Office) -> None:
    """One search outside a request waits, one was allowed and answered."""
    for is_allowed in (False, True):
        search = actions.ask_free_search(
            by=office.verifying_clerk,
            full_name=LONG_NAME,
            date_of_birth="1990",
            ground="agency",
            reason="Công văn số 12/CV-CQĐT của Cơ quan Cảnh sát điều tra. " * 5,
        )
        if is_allowed:
            actions.rule_free_search(search, by=office.approver, allowed=True)
            actions.put_free_search(search, by=office.verifying_clerk)


def _two_who_differ(office: Office) -> dict[str, str]:
    """Two clerks have said different things of somebody alike; the leader is asked."""
    LocalRule.objects.create(
        authority=office.approver.authority,
        kind=LocalRule.Kind.TWO_PEOPLE,
        channel=LocalRule.Channel.ALL,
        percent=100,
        legal_basis="Quy chế làm việc",
        valid_from=timezone.localdate(),
    )
    journey = factories.journey(office=office, fields={"full_name": LONG_NAME}, rows={"number": NUMBER})
    request = journey.to(State.REVIEWING)
    second = factories.make_staff("verifying_clerk", full_name=LONG_NAME)
    for by, decision in ((office.verifying_clerk, "same"), (second, "different")):
        found = journey.found()
        for weighed in found.matching.open:
            actions.decide_candidate(
                request,
                by=by,
                register_id=weighed.record.register_id,
                decision=decision,
                ground="Họ tên, ngày sinh và cha mẹ trùng",
                findings_digest=found.answer.findings_digest,
            )
    return {request.code: "reviewing, two people differ"}


def _late(office: Office) -> dict[str, str]:
    """Sent long ago, and warned about as the sweeper would have."""
    at, made = timezone.now() - timedelta(days=40), {}
    for state in (State.REVIEWING, State.SUBMITTED, State.VERIFIED):
        journey = factories.journey(office=office, at=at, fields={"full_name": LONG_NAME, "fee_category": "student"})
        sample_papers.attach_needed(journey.request, at=at)
        made[journey.to(state).code] = f"{state}, late, papers"
    for days in range(30, 0, -1):
        actions.warn_before_lateness(timezone.now() - timedelta(days=days))
    return made


def _complained(made: dict[str, str]) -> None:
    for state, kind in ((State.REFUSED, "complaint"), (State.DELIVERED, "feedback")):
        request = CertificateRequest.objects.get(code=next(code for code, what in made.items() if what == state))
        actions.complain(request, by=request.filed_by, kind=kind, text="Giấy tờ của tôi đủ. " * 20, at=timezone.now())


def _money(office: Office) -> None:
    at = timezone.now() - timedelta(days=1)
    lines = [statement.Line(f"FT2699900{n}", at, 200_000, f"NGUYEN THI VI DU NOP PHI {n} " * 3) for n in range(3)]
    actions.import_statement(lines, by=office.intake_clerk, at=at)


def _news(made: dict[str, str]) -> None:
    """What the register learnt after a certificate was issued, for a clerk to decide on."""
    code = next(code for code, what in made.items() if what == State.ISSUED)
    request = CertificateRequest.objects.with_people().get(code=code)
    declaration = request.declaration
    number = [{"type": "cccd", "number": declaration.identity_number}]
    who = {"full_name": LONG_NAME, "date_of_birth": declaration.date_of_birth, "register_id": "R-NEW"}
    factories.register(person_json(conviction(), **who, identity_documents=number))
    actions.ask_after_issue(request.pk, at=request.after_issue.next_try_at)


def _told(office: Office) -> dict[str, str]:
    """A court told of a judgment after issue: nobody has said whose it is; the certificate was replaced, or revoked."""
    made = {}
    for how, end in (("", None), (", replaced", replace), (", revoked", revoke)):
        journey = until_issued(factories.journey(office=office, fields={"full_name": LONG_NAME}), State.ISSUED)
        made[journey.request.code] = f"issued, told{how}"
        if end is not None and (correction := end(journey)):
            made[correction.request.code] = "issued, correction"
        agencies.answer(journey.request, office, outcome="judgment")
        actions.add_conviction(journey.request, 1, by=office.verifying_clerk, conviction=agencies.JUDGMENT)
        if end is not None:
            agencies.decide(journey.request, office, convictions=1)
    return made


def _delegated() -> None:
    """Offices that ask this deployment: one on, one never switched on."""
    for code, on in (("01", True), ("02", False)):
        office = delegating.add_office(code=code, name=f"Sở Tư pháp {LONG_NAME}", by=LONG_NAME)
        if on:
            delegating.switch(office, on=True, reason="Văn bản ủy quyền 1/UQ", by=LONG_NAME)
            delegating.make_key(office, by=LONG_NAME)


def _agencies(office: Office) -> tuple[dict[str, str], list[str]]:
    """Other agencies were asked: nobody has answered, all ends of an answer, and nothing is left to find."""
    agencies.switch_on(office, "police")
    silent, told = (agencies.reviewing(office, fields={"full_name": LONG_NAME}) for _ in range(2))
    for request in (silent, told):
        agencies.ask(request, office, agency=f"Phòng Hồ sơ nghiệp vụ {LONG_NAME}")
    agencies.ask(told, office, "court", f"Tòa án nhân dân {LONG_NAME}")
    scan = cleaning.clean(io.BytesIO(paper_files.photograph()), "tra-loi.jpg")
    agencies.answer(told, office, 1, outcome="no_judgment", document=actions.Document("tra-loi.jpg", scan))
    agencies.decide(told, office, 1)
    agencies.answer(told, office, 2, outcome="judgment")
    actions.add_conviction(told, 2, by=office.verifying_clerk, conviction=agencies.JUDGMENT)
    made = {silent.code: "consulting, asked", told.code: "consulting, told"}
    acts = [reverse("clerk_agencies_act", args=[told.code, act]) for act in ABOUT_REQUEST]
    return made, [*acts, reverse("clerk_inquiries")]

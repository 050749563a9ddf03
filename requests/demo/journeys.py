"""A request walked to a state by the real acts, into the past: what the demo world and the tests' factories share.

Nothing here writes a field: each step is the act that a page would call, as the person whose step it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from lltp_portal.accounts.models import User
from records.matching import Weighed
from requests import actions, attached, cases, clock, drafting, findings
from requests.actions.filing import open_declaration
from requests.asking.grounds import GROUNDS
from requests.asking.reasons import Asked
from requests.inquiry_words import QUESTIONS
from requests.models import CandidateDecision, CertificateRequest, Inquiry, Issuance, SourceSearch
from requests.sources import Source
from requests.states import State

_COUNTER = ("submit", "record_payment")
_SEARCHED = (*_COUNTER, "receive", "search")
_SIGNED = (*_SEARCHED, "verify", "approve", "prepare", "sign")
PATHS: dict[str, tuple[str, ...]] = {
    State.DRAFT: (),
    State.AWAITING_PAYMENT: ("submit",),
    State.SUBMITTED: _COUNTER,
    State.RECEIVED: (*_COUNTER, "receive"),
    State.REVIEWING: _SEARCHED,
    State.CONSULTING: (*_SEARCHED, "consult"),
    State.NEEDS_SUPPLEMENT: (*_SEARCHED, "ask_supplement"),
    State.VERIFIED: (*_SEARCHED, "verify"),
    State.SIGNING: (*_SEARCHED, "verify", "approve"),
    State.ISSUED: _SIGNED,
    State.DELIVERED: (*_SIGNED, "deliver"),
    State.REFUSED: (*_COUNTER, "refuse"),
    State.WITHDRAWN: (*_COUNTER, "receive", "withdraw"),
    State.STOPPED: (*_SEARCHED, "consult", "stop"),
}
# How long each step comes after the one before; a day in this table is a day in the demo world's past.
PACE = {
    "record_payment": timedelta(hours=1),
    "receive": timedelta(minutes=20),
    "search": timedelta(seconds=8),
    "verify": timedelta(hours=2),
    "approve": timedelta(hours=1),
    "prepare": timedelta(seconds=3),
    "sign": timedelta(seconds=2),
    "deliver": timedelta(minutes=40),
    "consult": timedelta(hours=2),
    "ask_supplement": timedelta(hours=2),
    "refuse": timedelta(hours=1),
    "withdraw": timedelta(seconds=1),
    "stop": timedelta(minutes=90),
}


class Stuck(Exception):
    """A step was taken and the request is not where the step leads: says where it is and why."""


@dataclass(frozen=True)
class Office:
    """The people of one office who take a request from the counter to the signature."""

    intake_clerk: User
    verifying_clerk: User
    approver: User
    # Who decides too where two people must (requests/two_people.py).
    second_clerk: User | None = None


def file(
    by: User,
    *,
    fields: Mapping[str, Any],
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    at: datetime,
    account: User | None = None,
    filed_as: str = cases.SELF,
) -> CertificateRequest:
    """A draft with a whole declaration, as the pages of the form leave it; an agency's is entered by a clerk."""
    if filed_as in cases.AGENCIES:
        channel = CertificateRequest.Channel.COUNTER
        certificate_request = actions.create_draft(by=by, account=None, channel=channel, filed_as=filed_as, at=at)
    else:
        certificate_request = actions.create_draft(by=by, account=account or by, at=at)
    actions.save_declaration(certificate_request, by=by, fields=fields, rows=rows)
    declaration = open_declaration(certificate_request)
    at_counter = [need.kind for need in attached.needs(declaration, clock.local_day(at)) if need.at_counter]
    actions.show_at_counter(certificate_request, by=by, kinds=at_counter)
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


class Journey:
    """One request on its way. `at` is the moment of the last step; it never passes the present."""

    # What the clerk asks for; the demo world asks for more.
    asked: tuple[Asked, ...] = (Asked("residence_gap", "địa chỉ của từng thời gian"),)

    def __init__(self, certificate_request: CertificateRequest, office: Office, *, at: datetime) -> None:
        self.request, self.office, self.at = certificate_request, office, at

    def to(self, state: str) -> CertificateRequest:
        """Take every step that leads from a draft to this state."""
        for step in PATHS[state]:
            self.take(step)
        if self.request.state != state:
            raise Stuck(f"{self.request.code} is {self.request.state}, not {state}: {self._cause()}")
        return self.request

    def take(self, step: str) -> CertificateRequest:
        """One step, a plausible while after the one before."""
        self.at = min(self.at + PACE.get(step, timedelta()), timezone.now())
        getattr(self, f"_{step}")()
        self.request = CertificateRequest.objects.with_people().get(pk=self.request.pk)
        return self.request

    def _cause(self) -> str:
        rows = [*SourceSearch.objects.filter(request=self.request), *Issuance.objects.filter(request=self.request)]
        return "; ".join(row.last_cause for row in rows if row.last_cause) or "no cause is recorded"

    # --- The person who files ---------------------------------------------------------------------------------------

    def _submit(self) -> None:
        actions.submit(self.request, by=self.request.filed_by, at=self.at)

    def _withdraw(self) -> None:
        actions.withdraw(self.request, by=self.request.filed_by, reason="Tôi không cần Phiếu này nữa.", at=self.at)

    def _deliver(self) -> None:
        actions.fetch_signed_pdf(self.request, by=self.request.filed_by, at=self.at)

    # --- The counter ------------------------------------------------------------------------------------------------

    def _record_payment(self) -> None:
        if not self.request.fee_settled:
            actions.record_payment(self.request, by=self.office.intake_clerk, at=self.at)

    def _receive(self) -> None:
        actions.receive(self.request, by=self.office.intake_clerk, at=self.at)

    def _refuse(self) -> None:
        ground = GROUNDS["c"].words("Bản chụp giấy tờ tùy thân không đọc được số.")
        actions.refuse(self.request, by=self.office.intake_clerk, ground=ground, at=self.at)

    # --- The search, and the desk -----------------------------------------------------------------------------------

    def _search(self) -> None:
        for search in SourceSearch.objects.filter(request=self.request):
            actions.search(search.pk, at=self.at)

    def found(self) -> findings.Findings:
        """What the answers say about this request on the day of the step."""
        found = findings.current(self.request, as_of=clock.local_day(self.at))
        if found is None:
            raise Stuck(f"{self.request.code} has no complete answer: {self._cause()}")
        return found

    def decide(self, weighed: Weighed, by: User) -> None:
        """A clerk says of one candidate whether it is the applicant: by a number that both have, else it is not."""
        declared = {document.number for document in self.request.declaration.identity_documents.all()}
        same = declared & {document.number for document in weighed.record.identity_documents}
        Decision = CandidateDecision.Decision
        actions.decide_candidate(
            self.request,
            by=by,
            register_id=weighed.record.register_id,
            decision=Decision.SAME if same else Decision.DIFFERENT,
            ground="Trùng số giấy tờ và họ tên." if same else "Khác số giấy tờ, khác tên cha và mẹ.",
            findings_digest=self.found().answer.findings_digest,
            at=self.at,
        )

    def _verify(self) -> None:
        found = self.found()
        clerks = [self.office.verifying_clerk]
        if found.words.needs_two and self.office.second_clerk is not None:
            clerks.append(self.office.second_clerk)
        for clerk in clerks:
            for weighed in found.to_decide:
                self.decide(weighed, clerk)
        actions.verify(self.request, by=self.office.verifying_clerk, at=self.at)

    def _consult(self) -> None:
        self.ask(Source.COURT, "Tòa án nhân dân thành phố Hà Nội")

    def ask(self, source: str, agency: str) -> Inquiry:
        """A letter to another agency, in the usual words."""
        return actions.ask_agency(
            self.request,
            by=self.office.verifying_clerk,
            source=source,
            agency=agency,
            question=QUESTIONS[source],
            at=self.at,
        )

    def _ask_supplement(self) -> None:
        actions.ask_supplement(self.request, by=self.office.verifying_clerk, items=self.asked, at=self.at)

    def _stop(self) -> None:
        reason = "Cơ quan được hỏi trả lời không còn hồ sơ; không đủ căn cứ để cấp Phiếu."
        actions.stop(self.request, by=self.office.verifying_clerk, reason=reason, at=self.at)

    # --- The signature ----------------------------------------------------------------------------------------------

    def _approve(self) -> None:
        approver = self.office.approver
        draft = drafting.draft(self.request, self.found().result, signatory=approver)
        actions.approve(self.request, by=approver, draft_sha256=draft.draft_sha256, at=self.at)

    def _prepare(self) -> None:
        actions.prepare_certificate(self.request.pk, at=self.at)

    def _sign(self) -> None:
        actions.sign_certificate(self.request.pk, at=self.at)

    def park(self) -> None:
        """As if five workers in a row had died over it: what an administrator sees in the list of stuck rows."""
        model = Issuance if self.request.state == State.SIGNING else SourceSearch
        row = model.objects.get(request=self.request)
        while row is not None:
            self.at += timedelta(seconds=settings.LEASE_SECONDS + 1)
            row = model.objects.claim(row.pk, self.at)

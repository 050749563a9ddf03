"""Writing a paper: its words are frozen, its number is drawn and its row waits, all in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from lltp_portal import doorbell
from lltp_portal.accounts.models import Authority
from lltp_portal.languages import kept_words
from requests import clock
from requests.models import CertificateRequest, Paper, PaperBook, PaymentEntry, RequestStep
from requests.papers import gathering
from requests.papers.content import SERIES, Kind
from requests.papers.tasks import print_paper
from requests.states import State

# Step → the papers that follow it. An apology and a letter are written by an act, a fee receipt by the ledger, never by
# a step.
FOLLOWING: dict[str, tuple[Kind, ...]] = {
    "submit": (Kind.TRACKING_SLIP,),
    "receive": (Kind.RECEIPT,),
    "ask_supplement": (Kind.SUPPLEMENT_REQUEST,),
    "answer_supplement": (Kind.RECEIPT,),
    "refuse": (Kind.REFUSAL,),
    "issue": (Kind.CONTROL_SLIP,),
    "withdraw": (Kind.CONTROL_SLIP,),
    "stop": (Kind.CONTROL_SLIP,),
    "deliver": (Kind.HANDOVER_SLIP,),
}


def follow(certificate_request: CertificateRequest, step: RequestStep) -> list[Paper]:
    """The papers that this step calls for, written in its transaction; called by take_step alone."""
    return [
        write(certificate_request, kind, at=step.at, step=step)
        for kind in FOLLOWING.get(step.step, ())
        if _is_called_for(certificate_request, step)
    ]


def _is_called_for(certificate_request: CertificateRequest, step: RequestStep) -> bool:
    """A new receipt after a supplement, where there was one before: its date has moved (what is asked for before
    receipt delays nothing)."""
    if step.step == "answer_supplement":
        return certificate_request.received_at is not None and step.to_state != State.SUBMITTED
    return True


def write(
    certificate_request: CertificateRequest,
    kind: str,
    *,
    at: datetime,
    step: RequestStep | None = None,
    payment: PaymentEntry | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Paper:
    """Freeze what the paper says, give it its number, and let it wait for a worker. The row of the request is locked.

    `facts` holds what the request itself does not know: for an apology `reason`, `appointed_at` and `signed_by`
    (a user or its key, and `promised_at` where due_at has been moved already). `payment` is the entry of the ledger
    that a fee receipt is for: its number is the paper's.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{kind} needs an open transaction and a locked row.")
    if step is None:
        CertificateRequest.objects.locked().get(pk=certificate_request.pk)
    kind = Kind(kind)
    case = gathering.Case(certificate_request, at, facts or {}, step, payment)
    year = payment.receipt_year if payment else clock.local_day(at).year
    number = payment.receipt_no if payment else _draw_number(case.authority, kind, year)
    with kept_words():  # a paper is Vietnamese, whatever language the page was read in
        content = gathering.content_of(kind, case, number=number).to_json()
    written = certificate_request.papers.aggregate(last=Max("seq"))["last"] or 0
    paper = Paper.objects.create(
        request=certificate_request,
        seq=written + 1,
        kind=kind,
        step=step,
        payment=payment,
        authority=case.authority,
        year=year,
        number=number,
        content=content,
        written_at=at,
        signed_by=gathering.signer_of(case),
    )
    doorbell.ring(print_paper, paper.pk)
    return paper


def _draw_number(authority: Authority, kind: Kind, year: int) -> int | None:
    """The next number of this office, kind and year; its book is locked until the step is committed."""
    if kind not in SERIES:
        return None
    PaperBook.objects.bulk_create([PaperBook(authority=authority, kind=kind, year=year)], ignore_conflicts=True)
    book = PaperBook.objects.select_for_update().get(authority=authority, kind=kind, year=year)
    PaperBook.objects.filter(pk=book.pk).update(last_number=F("last_number") + 1)
    return book.last_number + 1

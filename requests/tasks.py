"""What workers are woken for: a primary key in, an act called, and sweepers that ring again for what was never heard.

Every task begins by asking the table (inside the act), so a message may come twice, late or never.
"""

from celery import Task, shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.utils import timezone

from lltp_portal import doorbell
from lltp_portal.waiting import WaitingRow
from requests import actions, idempotency
from requests.models import AfterIssue, AttachmentScan, FlowBack, Issuance, Message, OnlinePayment, SourceSearch
from requests.papers.tasks import print_paper, resume_papers

SWEEP_LIMIT = 200

__all__ = [  # Celery finds tasks in this module alone
    "ask_after_issue",
    "drop_old_drafts",
    "drop_old_idempotency_keys",
    "flow_back",
    "prepare_certificate",
    "print_paper",
    "renew_answers",
    "resume_after_issue",
    "resume_flow_backs",
    "resume_papers",
    "resume_searches",
    "resume_signing",
    "scan_old_documents",
    "search_records",
    "sign_certificate",
    "watch_issued_before",
]


def _due(model: type[WaitingRow]) -> QuerySet:
    return model.objects.due(timezone.now()).longest_due_first().values_list("pk", flat=True)[:SWEEP_LIMIT]


@shared_task
def search_records(pk: int) -> None:
    actions.search(pk)


@shared_task
def ask_after_issue(pk: int) -> None:
    actions.ask_after_issue(pk)


@shared_task(sweeps=("requests.AfterIssue",))
def resume_after_issue() -> None:
    """Rings for every issued certificate on whose person the day to ask again has come."""
    for pk in _due(AfterIssue):
        doorbell.ring(ask_after_issue, pk)


@shared_task
def watch_issued_before(after: int = 0) -> None:
    _go_on(watch_issued_before, actions.watch_issued_before(after=after).last)


@shared_task
def flow_back(pk: int) -> None:
    actions.flow_back(pk)


@shared_task(sweeps=("requests.FlowBack",))
def resume_flow_backs() -> None:
    """Rings again for every confirmed judgment that the register's queue does not have yet."""
    for pk in _due(FlowBack):
        doorbell.ring(flow_back, pk)


@shared_task
def prepare_certificate(pk: int) -> None:
    actions.prepare_certificate(pk)


@shared_task
def sign_certificate(pk: int) -> None:
    actions.sign_certificate(pk)


@shared_task
def send_message(pk: int) -> None:
    actions.send_message(pk)


@shared_task
def scan_attachment(pk: int) -> None:
    actions.scan_attachment(pk)


@shared_task(sweeps=("requests.AttachmentScan",))
def resume_scans() -> None:
    """Rings again for every paper that waits for the virus scanner; those kept unscanned before there was one join."""
    actions.scan_what_was_not()
    for pk in _due(AttachmentScan):
        doorbell.ring(scan_attachment, pk)


@shared_task
def scan_old_documents(after: int = 0) -> None:
    """Every hour from the start: what agencies answered and what came for the register before there was a scanner."""
    _go_on(scan_old_documents, actions.scan_old_documents(after=after))


@shared_task(sweeps=("received", "requests.SourceSearch"))
def resume_searches() -> None:
    """Rings again for every search whose time has come and that nobody works on."""
    for pk in _due(SourceSearch):
        doorbell.ring(search_records, pk)


@shared_task(sweeps=("signing", "requests.Issuance"))
def resume_signing() -> None:
    """Rings the worker for bytes, the signer for a signature, whichever the row lacks."""
    waiting = Issuance.objects.due(timezone.now()).longest_due_first().select_related("certificate")
    for issuance in waiting[:SWEEP_LIMIT]:
        doorbell.ring(sign_certificate if issuance.is_ready_to_sign else prepare_certificate, issuance.pk)


@shared_task(sweeps=("requests.Message",))
def resume_messages() -> None:
    """Rings for every message whose time has come: of the morning after, of a channel that was away, of a lost bell."""
    for pk in _due(Message):
        doorbell.ring(send_message, pk)


@shared_task
def warn_before_lateness() -> None:
    actions.warn_before_lateness()


@shared_task
def tell_who_looked(after: int = 0) -> None:
    _go_on(tell_who_looked, actions.tell_who_looked(after=after).last)


@shared_task
def list_odd_looks() -> None:
    actions.list_odd_looks()


@shared_task
def ask_payment_platform(pk: int) -> None:
    actions.ask_platform(pk)


@shared_task(sweeps=("requests.OnlinePayment",))
def resume_payments() -> None:
    """Rings again for every order at the payment platform whose outcome is not known for good."""
    for pk in _due(OnlinePayment):
        doorbell.ring(ask_payment_platform, pk)


@shared_task
def mind_unpaid() -> None:
    actions.mind_unpaid()


@shared_task
def renew_answers() -> None:
    actions.renew_old_answers()


@shared_task(sweeps=("needs_supplement", "requests.SupplementRequest"))
def mind_supplements() -> None:
    """Stops what nobody answered in time, and reminds who was asked."""
    actions.stop_unanswered()
    actions.remind_of_supplements()


@shared_task(sweeps=("requests.Inquiry",))
def mind_inquiries() -> None:
    """Puts what an agency has not answered in time before the clerk, as a reminder to send."""
    actions.mind_inquiries()


@shared_task(sweeps=("requests.Complaint",))
def mind_complaints() -> None:
    actions.remind_of_complaints()


def _go_on(task: Task, last: int | None) -> None:
    """One batch is done; what is left behind primary key `last` is rung for, so that no run is long."""
    if last is not None:
        doorbell.ring(task, last)


@shared_task
def move_to_offices_in_force(after: int = 0) -> None:
    _go_on(move_to_offices_in_force, actions.move_to_offices_in_force(after=after).last)


@shared_task
def recompute_due(after: int = 0) -> None:
    """Every night from the start."""
    _go_on(recompute_due, actions.recompute_due(after))


@shared_task
def drop_old_drafts(after: int = 0) -> None:
    _go_on(drop_old_drafts, actions.drop_old_drafts(after=after).last)


@shared_task
def drop_old_idempotency_keys() -> None:
    idempotency.drop_old_keys()


@shared_task
def drop_old_sessions() -> None:
    """What somebody typed after their session ended waits in one of these for an hour, and must not stay for ever."""
    SessionStore.clear_expired()

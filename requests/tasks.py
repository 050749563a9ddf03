"""What workers are woken for: a primary key in, an act called, and sweepers that ring again for what was never heard.

Every task begins by asking the table (inside the act), so a message may come twice, late or never.
"""

from celery import shared_task
from django.utils import timezone

from lltp_portal import doorbell
from requests import actions, idempotency
from requests.models import Issuance, OnlinePayment, SourceSearch

SWEEP_LIMIT = 200


@shared_task
def search_records(pk: int) -> None:
    actions.search(pk)


@shared_task
def prepare_certificate(pk: int) -> None:
    actions.prepare_certificate(pk)


@shared_task
def sign_certificate(pk: int) -> None:
    actions.sign_certificate(pk)


@shared_task(sweeps=("received", "requests.SourceSearch"))
def resume_searches() -> None:
    """Rings again for every search whose time has come and that nobody works on."""
    for pk in SourceSearch.objects.due(timezone.now()).values_list("pk", flat=True)[:SWEEP_LIMIT]:
        doorbell.ring(search_records, pk)


@shared_task(sweeps=("signing", "requests.Issuance"))
def resume_signing() -> None:
    """Rings the worker for bytes, the signer for a signature, whichever the row lacks."""
    waiting = Issuance.objects.due(timezone.now()).select_related("certificate")
    for issuance in waiting[:SWEEP_LIMIT]:
        doorbell.ring(sign_certificate if issuance.is_ready_to_sign else prepare_certificate, issuance.pk)


@shared_task
def ask_payment_platform(pk: int) -> None:
    actions.ask_platform(pk)


@shared_task(sweeps=("requests.OnlinePayment",))
def resume_payments() -> None:
    """Rings again for every order at the payment platform whose outcome is not known for good."""
    for pk in OnlinePayment.objects.due(timezone.now()).values_list("pk", flat=True)[:SWEEP_LIMIT]:
        doorbell.ring(ask_payment_platform, pk)


@shared_task
def mind_unpaid() -> None:
    actions.mind_unpaid()


@shared_task
def renew_answers() -> None:
    actions.renew_old_answers()


@shared_task
def drop_old_drafts() -> None:
    actions.drop_old_drafts()


@shared_task
def drop_old_idempotency_keys() -> None:
    idempotency.drop_old_keys()

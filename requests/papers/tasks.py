"""What workers are woken for about papers; requests.tasks has them found by Celery."""

from celery import shared_task
from django.utils import timezone

from lltp_portal import doorbell
from requests.models import Paper
from requests.papers import printing

SWEEP_LIMIT = 200


@shared_task
def print_paper(pk: int) -> None:
    printing.print_paper(pk)


@shared_task(sweeps=("requests.Paper",))
def resume_papers() -> None:
    """Rings again for every paper that was written and not printed."""
    for pk in Paper.objects.due(timezone.now()).longest_due_first().values_list("pk", flat=True)[:SWEEP_LIMIT]:
        doorbell.ring(print_paper, pk)

"""What beat looks at in the register: acts that somebody agreed to, and the walk that finds what is to be mended."""

from celery import shared_task

from lltp_portal.waiting import only_one
from records import quality_run, register_acts

SECONDS = 8.0  # of one turn; the next turn goes on where it stood


@shared_task(sweeps=("records.RegisterAct",))
def resume_register_acts() -> None:
    """Does what was agreed to and is not written down as done: a worker died between the two databases."""
    register_acts.resume_acts()


@shared_task(sweeps=("register.QualityPass",))
def check_register() -> None:
    """Goes on with the walk over all persons; a new one begins a day after the last ended.

    One worker at a time: while the central database hangs, the others look after what waits for it.
    """
    with only_one("check_register") as mine:
        if mine:
            quality_run.check_some(seconds=SECONDS)

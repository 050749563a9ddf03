"""Celery as the doorbell: what beat looks at, and how often. The rows say what is waiting (docs/adr/0003)."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_init
from kombu.transport.redis import Channel, QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lltp_portal.settings")

# Putting unacknowledged messages back while a lost connection is being closed ends the whole worker: kombu 5.7 has
# forgotten the address by then. Nothing needs them back: the rows wait, and the sweepers ring again.
Channel.do_restore = False


class QoSThatOutlivesItsConnection(QoS):
    """A task that ends after its connection was closed has nobody to tell: kombu 5.7 would end the worker over it."""

    def ack(self, delivery_tag):
        if self.channel.connection is not None:
            super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        if self.channel.connection is not None:
            super().reject(delivery_tag, requeue=requeue)


Channel.QoS = QoSThatOutlivesItsConnection

app = Celery("lltp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Dotted names; lltp_portal/checks.py imports each and compares them with what waits for a worker.
SWEEPERS = (
    "requests.tasks.resume_searches",
    "requests.tasks.resume_signing",
    "requests.tasks.renew_answers",
    "requests.tasks.resume_after_issue",
    "requests.tasks.mind_supplements",
    "requests.tasks.mind_complaints",
    "requests.tasks.mind_inquiries",
    "requests.tasks.resume_flow_backs",
    "requests.tasks.resume_messages",
    "requests.tasks.warn_before_lateness",
    "requests.tasks.resume_payments",
    "requests.tasks.mind_unpaid",
    "requests.tasks.move_to_offices_in_force",
    "requests.tasks.resume_scans",
    "requests.papers.tasks.resume_papers",
    "records.tasks.resume_register_acts",
    "records.tasks.check_register",
)
HOURLY = (
    "requests.tasks.drop_old_sessions",
    "requests.tasks.scan_old_documents",
    "requests.tasks.watch_issued_before",
)
DAILY = (
    "requests.tasks.recompute_due",
    "requests.tasks.drop_old_drafts",
    "requests.tasks.tell_who_looked",
    "requests.tasks.list_odd_looks",
    "requests.tasks.drop_old_idempotency_keys",
)
# A sweeper rings for the same row at every round. What a busy worker has not heard after so many rounds is thrown away
# unread, or sweeps and rings alone would keep it busy; sweeps first, so that it gets on with the rows. The machines'
# clocks must agree better than that (docs/operate.md).
ROUNDS_OF_A_SWEEP, ROUNDS_OF_A_RING = 2, 4


def at_night(number: int, sender: Celery) -> crontab:
    """Between two and three by the clocks of Viet Nam, one after the other. Not every so many hours: beat counts those
    from its own start where its file is new, and whoever starts it anew each day would never come to them.
    """
    return crontab(hour=2, minute=10 * number, app=sender)


@app.on_configure.connect
def fill_beat_table(sender, **_):
    """The times are settings, so the table is filled when the settings are there."""
    from django.conf import settings  # noqa: PLC0415 - settings are not ready while this module loads

    # A worker that fell behind throws old sweeps away instead of doing each of them: the newest sees the same rows.
    fresh = {"expires": settings.SWEEP_EVERY * ROUNDS_OF_A_SWEEP}
    sender.conf.beat_schedule = {
        **{name: {"task": name, "schedule": settings.SWEEP_EVERY, "options": fresh} for name in SWEEPERS},
        **{name: {"task": name, "schedule": 3600.0} for name in HOURLY},
        **{name: {"task": name, "schedule": at_night(number, sender)} for number, name in enumerate(DAILY)},
    }


@worker_init.connect
@beat_init.connect
def refuse_broken_start(**_):
    """Worker, signer and beat start only where what they need is there."""
    from lltp_portal.start import refuse_when_broken  # noqa: PLC0415 - needs the applications

    refuse_when_broken()

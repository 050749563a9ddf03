"""What is broken stops the start, with a sentence: a missing font, key, right or extension is no surprise for later."""

import sys

from django.conf import settings
from django.core import checks
from django.db import connections

# gunicorn ends, instead of starting the worker again and again, when a worker ends with this.
WORKER_FAILED_TO_BOOT = 3


def refuse_when_broken() -> None:
    """Run the system checks, as this process and its role see the world; end the process when one is serious."""
    try:
        found = checks.run_checks(databases=list(settings.DATABASES))
    finally:
        # This process forks (gunicorn --preload, Celery's pool): two who spoke over one connection that was open
        # before the fork would read each other's answers.
        connections.close_all()
    serious = [message for message in found if message.is_serious() and not message.is_silenced()]
    if not serious:
        return
    for message in serious:
        print(f"{message.id}: {message.msg}", message.hint or "", sep="\n  ", file=sys.stderr)
    sys.exit(WORKER_FAILED_TO_BOOT)

"""What is broken stops the start, with a sentence: a missing font, key, right or extension is no surprise for later."""

import sys

from django.conf import settings
from django.core import checks
from django.db import connections

# gunicorn ends, instead of starting the worker again and again, when a worker ends with this.
WORKER_FAILED_TO_BOOT = 3


def refuse_when_broken() -> None:
    """Run the checks of this machine, as this process and its role see it; end the process when one is serious.

    What only code can break (addresses, models, templates) is checked where code changes: by the tests.
    """
    try:
        found = checks.run_checks(tags=["start", checks.Tags.database], databases=list(settings.DATABASES))
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

"""The hours in which no phone rings: what happens at night is told in the morning (ux 4.5).

The portal's own inbox knows no such hours: it disturbs nobody.
"""

from datetime import datetime, time, timedelta

from django.conf import settings

from requests.clock import LOCAL


def earliest(at: datetime) -> datetime:
    """The first moment from `at` on when a message may go out."""
    begins, ends = settings.MESSAGE_QUIET_HOURS
    local = at.astimezone(LOCAL)
    if not _is_quiet(local.hour, begins, ends):
        return at
    day = local.date() + timedelta(days=1) if local.hour >= ends else local.date()
    return datetime.combine(day, time(ends), LOCAL)


def _is_quiet(hour: int, begins: int, ends: int) -> bool:
    """Whether the hour lies between the two, over midnight where they do."""
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends

"""The hours in which no phone rings: what happens at night is told in the morning (ux 4.5). Pure.

The portal's own inbox knows no such hours: it disturbs nobody.
"""

from datetime import datetime, time, timedelta

from requests.clock import LOCAL

BEGINS = time(21, 0)
ENDS = time(7, 0)


def earliest(at: datetime) -> datetime:
    """The first moment from `at` on when a message may go out."""
    local = at.astimezone(LOCAL)
    if ENDS <= local.time() < BEGINS:
        return at
    day = local.date() + timedelta(days=1) if local.time() >= BEGINS else local.date()
    return datetime.combine(day, ENDS, LOCAL)

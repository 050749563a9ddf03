"""Places where a test may have this process die by its own SIGKILL, between two lines that matter."""

import os
import signal

from django.conf import settings

NAMES = {
    "before_ask",
    "after_ask",
    "after_intent",
    "after_render",
    "after_unsigned",
    "after_sign",
    "before_final_commit",
    "before_send",
    "after_send",
    "before_register",
    "after_register",
    "before_flow_back",
    "after_flow_back",
}


def reach(name: str) -> None:
    """Die here, once, when LLTP_FAILPOINT (one name or several, by commas) names this place; never in production."""
    if name not in settings.LLTP_FAILPOINT.split(","):
        return
    mark = settings.LLTP_HOME / "run" / f"failpoint.{name}"
    try:
        with mark.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return  # it has happened; the second run goes through
    os.kill(os.getpid(), signal.SIGKILL)

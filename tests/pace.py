"""How much is tried: enough in every run, everything with `script/test --all`."""

import os

from hypothesis import settings

EVERYTHING = os.environ.get("LLTP_TEMPO") == "1"


def examples(of_everything: int, otherwise: int) -> settings:
    """So many examples of a property."""
    return settings(max_examples=of_everything if EVERYTHING else otherwise, deadline=None)


MANY = examples(2000, otherwise=150)

"""Why a file is not taken, as a code; the words stand in `wording`, so that the cleaner's process needs no Django."""


class Refused(Exception):
    """This file is not taken. `code` is a key of `wording.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

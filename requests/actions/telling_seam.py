"""Where acts tell people something. The messages are written by requests/telling.py; without it nobody is told."""

from datetime import datetime
from typing import Any

try:
    from requests.telling import tell
except ModuleNotFoundError:

    def tell(
        certificate_request: Any, event: str, *, at: datetime, key: str = "", facts: dict[str, Any] | None = None
    ) -> None:
        """No messages in this version: the status page says the same."""


__all__ = ["tell"]

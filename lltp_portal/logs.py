"""Log lines as JSON, one a line, with identity numbers and keys in addresses masked. Ids are logged, never names."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

# 9 and 12 digits in a row, with the spaces, dots or dashes that people write between them.
IDENTITY_NUMBER = re.compile(r"(?<!\d)(?:\d[ .-]?){8}(?:(?:\d[ .-]?){3})?\d(?!\d)")
# The id of a task, of which a run of digits may be a part.
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
UUID_OR_NUMBER = re.compile(f"({UUID.pattern})|{IDENTITY_NUMBER.pattern}")
# PostgreSQL tells the whole row, or the value, that it refused: up to where another error begins.
ROW_REFUSED = re.compile(r"(DETAIL|CONTEXT|HINT): .*?(?=\n\n(?:The above|During handling)|\nTraceback|\Z)", re.DOTALL)
VALUE_REFUSED = re.compile(r"(invalid input syntax for type [\w ]+): .*")
# The address that a certificate's QR leads to.
CHECK_ADDRESS = re.compile(r"/c/[^\s'\"<>]+")
# Who reads one of these in time sets the password of an account, or confirms its address.
KEY_ADDRESS = re.compile(r"(/accounts/(?:password/reset/key|confirm-email)/)[^\s'\"<>]+")
# Django adds the whole HTTP request to some lines, and its words are the address with its query.
PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


def masked(text: str) -> str:
    """The text without 9- and 12-digit numbers, refused rows, codes of certificates, keys of accounts."""
    text = KEY_ADDRESS.sub(r"\1…", text)
    text = VALUE_REFUSED.sub(r"\1: [đã che]", ROW_REFUSED.sub(r"\1: [đã che]", text))
    return UUID_OR_NUMBER.sub(lambda found: found[1] or "[số đã che]", CHECK_ADDRESS.sub("/c/…", text))


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in PLAIN and not name.startswith("_"):
                line[name] = value if isinstance(value, int | float | None) else masked(str(value))
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def as_json_lines(level: str) -> dict[str, Any]:
    """The setting LOGGING: everything to stderr, one JSON object a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
    }

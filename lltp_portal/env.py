"""Reading the environment: each reader names the variable and says what to do when it is wrong."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable, or the default; without a default a missing variable stops the start."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example and docs/settings.md.")
    return default


def secret(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that NAME_FILE names (preferred on a server)."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return text(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE cannot be read ({error.strerror}). Check the path and its rights."
        ) from error


def number(name: str, default: float) -> float:
    value = text(name, str(default))
    try:
        return float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number.") from error


def hours(name: str, default: str) -> tuple[int, int]:
    """Two hours of the day, “21-7”."""
    begins, _, ends = text(name, default).partition("-")
    if not (begins.isdigit() and ends.isdigit() and int(begins) < 24 and int(ends) < 24):
        raise ImproperlyConfigured(f"{name} must be two hours of the day, for example 21-7.")
    return int(begins), int(ends)


def days(name: str, default: str) -> list[int]:
    """Numbers of days separated by commas, “1,3,7”; “none” for no day at all."""
    value = text(name, default)
    found = [] if value == "none" else words(name, default)
    if not all(day.isdigit() and 0 < int(day) < 1000 for day in found):
        raise ImproperlyConfigured(f"{name} must be numbers of days, for example 1,3,7, or none.")
    return sorted({int(day) for day in found})


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, default: str | None = None) -> dict:
    """A postgres:// address as Django's settings of one database."""
    parts = urlsplit(secret(name, default))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
    }

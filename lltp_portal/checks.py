"""What must be true before anything starts: every waiting row is swept, and the databases are as we need them.

`manage.py check` runs these, those of the databases with `--database`; lltp_portal/start.py runs them all before web,
worker, signer and beat start.
"""

import sys
from collections.abc import Iterable
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connections
from django.utils.module_loading import import_string

from lltp_portal.celery import DAILY, HOURLY, SWEEPERS
from lltp_portal.waiting import WaitingRow

OLDEST_POSTGRESQL = 15
EXTENSIONS = {"default": set(), "central": {"pg_trgm", "btree_gist", "unaccent"}}
OWNS_SOMETHING = """
SELECT rolsuper OR EXISTS (
  SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'MEMBER')
) OR EXISTS (
  SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""


def waiting_states() -> set[str]:
    """Source states of the steps that only the system may take: nobody else can bring these requests further."""
    machine = import_module("requests.machine")
    system_steps = {step for step, right in machine.rights().items() if right == "system_only"}
    return {source for step, source, _ in machine.triples() if step in system_steps}


def waiting_models() -> set[str]:
    """Labels of the models with a lease, and of those that say themselves that somebody has to look at them."""
    return {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, WaitingRow) or getattr(model, "needs_sweeper", False)
    }


@register("start")
def everything_that_waits_is_swept(
    app_configs, entries: Iterable[str] = (*SWEEPERS, *HOURLY, *DAILY), **_
) -> list[CheckMessage]:
    """A message may never be heard; then only a sweeper finds the row (docs/adr/0003)."""
    found: list[CheckMessage] = []
    swept: set[str] = set()
    for name in entries:
        try:
            swept |= set(getattr(import_string(name), "sweeps", ()))
        except ImportError:
            hint = "Correct the dotted name in lltp_portal/celery.py."
            found.append(Error(f"Beat's entry {name} cannot be imported.", hint=hint, id="lltp_portal.E001"))
    for what in sorted((waiting_states() | waiting_models()) - swept):
        hint = "Name it in `sweeps` of a task that stands in lltp_portal/celery.py SWEEPERS."
        found.append(
            Error(f"Nothing sweeps {what}: a lost message would leave it waiting.", hint=hint, id="lltp_portal.E002")
        )
    return found


def _asked(alias: str, sql: str) -> list[tuple]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _is_owners_command() -> bool:
    """These make what the checks look for, and connect as the owner on purpose."""
    return len(sys.argv) > 1 and sys.argv[1] in settings.OWNER_COMMANDS


@register(Tags.database)
def databases_are_as_we_need_them(app_configs, databases=None, **_) -> list[CheckMessage]:
    """PostgreSQL's version, extensions, and that we are neither owner nor superuser (docs/adr/0004)."""
    if _is_owners_command():
        return []
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            found += [*_version(alias), *_extensions(alias), *_role(alias)]
        except OperationalError as error:
            words = str(error).splitlines()[0] if str(error) else "no answer"
            found.append(_unchecked(alias, words))
    return found


def _unchecked(alias: str, words: str) -> CheckMessage:
    """In production nobody starts as a role that could not be looked at; whatever starts processes tries again."""
    message = f"Database {alias} could not be checked: {words}"
    if settings.DEMO:
        return Warning(message, id="lltp_portal.W001")
    return Error(message, hint="Start it, or mend its address; then start this again.", id="lltp_portal.E006")


def _version(alias: str) -> list[CheckMessage]:
    major = int(_asked(alias, "SHOW server_version_num")[0][0]) // 10_000
    if major >= OLDEST_POSTGRESQL:
        return []
    hint = f"Upgrade the server to PostgreSQL {OLDEST_POSTGRESQL} or newer."
    return [Error(f"Database {alias} runs PostgreSQL {major}.", hint=hint, id="lltp_portal.E003")]


def _extensions(alias: str) -> list[CheckMessage]:
    missing = EXTENSIONS[alias] - {row[0] for row in _asked(alias, "SELECT extname FROM pg_extension")}
    return [
        Error(
            f"Database {alias} lacks the extension {name}.",
            hint=f'As its owner or a superuser: CREATE EXTENSION "{name}";',
            id="lltp_portal.E004",
        )
        for name in sorted(missing)
    ]


def _role(alias: str) -> list[CheckMessage]:
    if settings.DEMO or not _asked(alias, OWNS_SOMETHING)[0][0]:
        return []
    return [
        Error(
            f"The portal connects to database {alias} as an owner or superuser, whom no guard in it can stop.",
            hint="Let DATABASE_URL and CENTRAL_DATABASE_URL name the application's role (DATABASE_APP_ROLE).",
            id="lltp_portal.E005",
        )
    ]

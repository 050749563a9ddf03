"""Everything that the databases' owner does, in one process: four times Django's start would take longer than the work.

Run as `python -m script.local.as_owner`; on a server the same are four manage.py commands (docs/operate.md).
"""

import io
import os
import sys
import time

STEPS = (
    ("tables of the portal", "migrate", {"database": "default", "interactive": False, "verbosity": 0}),
    ("tables of the central database", "migrate", {"database": "central", "interactive": False, "verbosity": 0}),
    ("cache table", "createcachetable", {"verbosity": 0}),
    ("rights of the application's role", "grant_app_role", {"verbosity": 0}),
)


def main() -> None:
    # The settings give the owner's addresses to manage.py's owner commands, told by the command line.
    sys.argv = ["manage.py", "migrate"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lltp_portal.settings")
    import django
    from django.core.management import call_command

    django.setup()
    for what, command, options in STEPS:
        began = time.monotonic()
        call_command(command, stdout=io.StringIO(), **options)
        print(f"  {what}: {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()

"""Where a process of `manage.py screen` begins: Django has to be set up before anything asks its database."""

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from records.json_lines import RawLine
from records.screening import Screened
from records.screening import screen_lines as _screen_lines


def screen_lines(lines: list[RawLine]) -> Screened:
    return _screen_lines(lines)

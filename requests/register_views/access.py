"""Who opens these pages, and the line in the log that stands before the first byte of record data."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from lltp_portal.audit.models import AuditEvent
from records import register_acts

View = Callable[..., HttpResponse]


def for_updaters(view: View) -> View:
    """A page of people who may update the register, known by person; 403 for everybody else, whatever the address."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not register_acts.may_update(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def log_reading(user: Any, verb: str, subject: str, purpose: str, **details: Any) -> None:
    """Written and committed before anything is shown: without the line there is no page (Nghị định 216, Art. 4)."""
    with transaction.atomic(durable=True):
        AuditEvent.objects.record(verb, actor=user, subject=subject, purpose=purpose, **details)

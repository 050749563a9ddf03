"""take_step(): the one way in which a request's state changes (docs/adr/0001).

Lock the row, ask the state, ask who may, change, write the row of history, save, and do what follows from the step: in
one transaction of the caller's.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from lltp_portal.errors import StepNotAllowed
from lltp_portal.languages import kept_words
from requests import papers, telling
from requests.models import CertificateRequest, RequestStep
from requests.permissions import SYSTEM

Step = Callable[..., object]


def locked(pk: int) -> CertificateRequest:
    """The request's row, locked until the transaction ends. Everything is decided from this copy."""
    return CertificateRequest.objects.locked().get(pk=pk)


def may(step: Step, actor) -> bool:
    """Whether the state and the rights allow the step now; what a page asks before it shows a button."""
    return can_proceed(step) and has_transition_perm(step, actor)


def take_step(step: Step, *, by, at: datetime, reason: str = "", **details) -> CertificateRequest:
    """Run one bound transition on a row the caller has locked, write its history, save it, and write what follows.

    `at` is never before the last step, so that history reads forward. Raises StepNotAllowed when the state or a
    condition is another, PermissionDenied when this actor may not.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{step.__name__} needs an open transaction and a locked row.")
    certificate_request: CertificateRequest = step.__self__  # type: ignore[attr-defined]
    if not can_proceed(step):
        words = _(
            "Hồ sơ đang ở bước “%(state)s” nên không thể thực hiện việc này. Hãy tải lại trang để xem bước hiện tại."
        )
        raise StepNotAllowed(words % {"state": certificate_request.get_state_display()})
    if not has_transition_perm(step, by):
        raise PermissionDenied
    last = certificate_request.history().last()
    if last is not None and at < last.at:
        at = last.at
    from_state = certificate_request.state
    with kept_words():  # history, papers and messages are Vietnamese, whatever language the page was read in
        step(at=at, **details)
        taken = RequestStep.objects.create(
            request=certificate_request,
            seq=certificate_request.step_count + 1,
            step=step.__name__,
            from_state=from_state,
            to_state=certificate_request.state,
            actor=None if by is SYSTEM else by,
            authority_id=by.authority_id,
            at=at,
            reason=reason,
        )
        certificate_request.step_count += 1
        certificate_request.save()
        papers.follow(certificate_request, taken)
        telling.follow(certificate_request, taken)
    return certificate_request

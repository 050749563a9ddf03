"""How a draft begins: once however often the button is pressed, and with what an earlier request already said."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from requests.actions.copying import REUSED, ROWS, from_earlier
from requests.actions.filing import create_draft, save_declaration
from requests.models import CertificateRequest, Declaration
from requests.states import State

# A second press on the same button comes within this; a draft that nobody has answered anything in is the same then.
ONE_PRESS = timedelta(minutes=10)


def earlier_declaration(user: User) -> Declaration | None:
    """What this person last sent about themselves under this account."""
    return (
        Declaration.objects.filter(
            request__account=user, filed_as=Declaration.FiledAs.SELF, proxy_name="", frozen_at__isnull=False
        )
        .select_related("request")
        .order_by("-frozen_at", "-version")
        .first()
    )


@transaction.atomic
def begin(
    *,
    by: User,
    account: User | None,
    channel: str = CertificateRequest.Channel.ONLINE,
    filed_as: str = Declaration.FiledAs.SELF,
    reuse: bool = False,
    at: datetime | None = None,
) -> CertificateRequest:
    """The draft that this button leads to: a new one, or the one opened by the first of two presses.

    The reader's row is locked, so that two presses at once are one after the other.
    """
    at = at or timezone.now()
    User.objects.select_for_update().get(pk=by.pk)
    opened = CertificateRequest.objects.filter(
        filed_by=by,
        account=account,
        channel=channel,
        state=State.DRAFT,
        created_at__gt=at - ONE_PRESS,
        declaration__answered=[],
        declaration__filed_as=filed_as,
    ).newest_first()
    if not reuse:  # who wants to begin with nothing is not given what another press had filled in
        opened = opened.filter(declaration__saves=0)
    certificate_request = opened.first() or create_draft(
        by=by, account=account, channel=channel, filed_as=filed_as, at=at
    )
    earlier = earlier_declaration(account) if reuse and account else None
    if earlier is not None and certificate_request.declaration.saves == 0:
        _fill_from(certificate_request, earlier, by=by)
    return certificate_request


def _fill_from(certificate_request: CertificateRequest, earlier: Declaration, *, by: User) -> None:
    """Copy, and say of each value from which request and when; nothing counts as answered by it."""
    fields: dict[str, Any] = {name: getattr(earlier, name) for name in REUSED}
    rows = {name: [_bare(row) for row in getattr(earlier, name).all()] for name in ROWS}
    save_declaration(certificate_request, by=by, fields=fields, rows=rows, prefilled=from_earlier(earlier))


def _bare(row: Any) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "declaration"}
    }

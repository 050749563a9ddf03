"""Sending what waits: lease; talk with no transaction open; record. And what readers do with their messages."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lltp_portal import failpoints
from lltp_portal.accounts.models import User
from requests import telling
from requests.messaging import channels, quiet, texts
from requests.messaging.channels import Letter, Outcome
from requests.models import Message, MessageChoice

logger = logging.getLogger(__name__)
OVERTAKEN = "Không còn đúng vào lúc gửi."
NO_ADDRESS = "Hồ sơ không có địa chỉ cho kênh này."


def send_message(message_id: int, *, at: datetime | None = None) -> None:
    """Send one waiting message. Safe to call twice, late, or for nothing."""
    now = at or timezone.now()
    claimed = Message.objects.claim(message_id, now)
    letter = _open(claimed, now) if claimed else None
    if claimed is None or letter is None:
        return
    failpoints.reach("before_send")
    outcome = channels.send(letter)
    failpoints.reach("after_send")
    _record(message_id, claimed.lease_no, outcome, now if at else timezone.now())


@transaction.atomic
def _open(claimed: Message, now: datetime) -> Letter | None:
    """The letter with its address; None when it need not, or must not yet, be sent."""
    message = Message.objects.select_for_update(of=("self",)).select_related("request", "recipient").get(pk=claimed.pk)
    if not message.holds(claimed.lease_no):
        return None
    if quiet.earliest(now) > now:
        message.lease_until, message.crashes, message.next_try_at = None, 0, quiet.earliest(now)
        message.save()
        return None
    while_in = texts.EVENTS[message.event].while_in
    if while_in is not None and message.request.state not in while_in:
        message.decide(Message.State.SUPPRESSED, now=now, cause=OVERTAKEN)
        message.save()
        return None
    to = _address(message)
    if not to:
        message.decide(Message.State.SUPPRESSED, now=now, cause=NO_ADDRESS)
        message.save()
        telling.fall_back(message, at=now)
        return None
    message.attempts += 1
    message.save(update_fields=["attempts"])
    return Letter(message.channel, to, texts.subject(message.request.code), message.text, message.send_key.hex)


def _address(message: Message) -> str:
    """Looked up now: the account's own e-mail, else what the declaration gives; a phone as providers want it."""
    declaration = message.request.declaration
    if message.channel == Message.Channel.EMAIL:
        return message.recipient.email if message.recipient else declaration.email
    digits = "".join(character for character in declaration.phone if character.isdigit())
    return f"84{digits[1:]}" if digits.startswith("0") else digits


@transaction.atomic
def _record(message_id: int, lease_no: int, outcome: Outcome, now: datetime) -> None:
    """Sent is sent, whoever holds the lease by now; a failure counts only for who still does."""
    message = Message.objects.select_for_update(of=("self",)).select_related("request").get(pk=message_id)
    if message.done_at is not None:
        return
    if outcome.result == channels.SENT:
        message.decide(Message.State.SENT, now=now, provider_id=outcome.provider_id)
        message.save()
        _pull_forward(message.channel, now)
    elif not message.holds(lease_no):
        return
    elif outcome.result == channels.REFUSED:
        message.decide(Message.State.FAILED, now=now, cause=outcome.cause)
        message.save()
        telling.fall_back(message, at=now)
    else:
        message.try_again_later(outcome.cause, now=now)
        message.save()
        logger.warning("message not taken", extra={"pk": message.pk, "channel": message.channel})


def _pull_forward(channel: str, now: datetime) -> None:
    """The channel is back: whoever waits further away for it goes at the next sweep. What was never tried stays."""
    waiting = Message.objects.waiting().filter(
        channel=channel, attempts__gt=0, next_try_at__gt=now, lease_until__isnull=True, parked_at__isnull=True
    )
    free = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Message.objects.filter(pk__in=free).update(next_try_at=now)


def mark_read(*, by: User, at: datetime | None = None) -> int:
    """The reader has seen what is in the inbox."""
    return Message.objects.inbox_of(by).unread().update(read_at=at or timezone.now())


def choose_messages(*, by: User, only_essential: bool) -> MessageChoice:
    """What is sent to this person outside the portal, beside lateness and result."""
    choice, _ = MessageChoice.objects.update_or_create(pk=by.pk, defaults={"only_essential": only_essential})
    return choice

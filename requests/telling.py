"""Telling people: which step is which event, and the rows that say so.

`follow` is called by take_step, `tell` by whatever else happens, both in the caller's transaction: a step that is
rolled back was never told of, and one that is committed always is. Sending is requests/actions/sending.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override

from lltp_portal import doorbell
from requests.messaging import channels, quiet, texts
from requests.models import CertificateRequest, Message, MessageChoice, RequestStep
from requests.states import State

FOLLOWED = {
    "ask_payment": "payment_asked",
    "record_payment": "payment_received",
    "receive": "received",
    "ask_supplement": "needs_supplement",
    "issue": "issued",
    "deliver": "delivered",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "stop": "stopped",
}
# Steps inside the house; the status page tells of them, nobody is called to it.
SILENT = frozenset(
    {
        "submit",
        "finish_search",
        "consult",
        "finish_consulting",
        "answer_supplement",
        "search_again",
        "verify",
        "return_to_clerk",
        "approve",
        "abandon_signing",
    }
)


def follow(certificate_request: CertificateRequest, step: RequestStep) -> None:
    """Tell of the step that was just taken, where it is one that people are told of."""
    event = _event_of(step)
    if event is None:
        return
    facts: dict[str, Any] = {}
    if event == "received":
        facts["due"] = certificate_request.due_at
    elif event == "needs_supplement":
        facts["answer_by"] = certificate_request.supplements.get(step_seq=step.seq).answer_by
    tell(certificate_request, event, at=step.at, key=str(step.seq), facts=facts)


def _event_of(step: RequestStep) -> str | None:
    if step.step == "stop" and step.from_state == State.AWAITING_PAYMENT and step.actor_id is None:
        return "payment_lapsed"
    return FOLLOWED.get(step.step)


def tell(
    certificate_request: CertificateRequest,
    event: str,
    *,
    at: datetime,
    key: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Message:
    """One event, once: in the portal now, and outside by the first channel of the order. Called twice, told once.

    Facts that the event's text has no place for are dropped, so nothing personal can come in by this way.
    """
    kept = texts.kept_facts(event, facts)
    message, is_new = _row(certificate_request, event, key, Message.Channel.PORTAL, kept, at)
    if is_new:
        _send_outside(message, channels.in_order(), at)
    return message


def fall_back(message: Message, *, at: datetime) -> None:
    """This channel will never carry it: the next one of the order takes its turn."""
    order = channels.in_order()
    after = order[order.index(message.channel) + 1 :] if message.channel in order else []
    _send_outside(message, after, at)


def _send_outside(like: Message, order: list[str], at: datetime) -> None:
    if not order:
        return
    message, is_new = _row(like.request, like.event, like.key, order[0], like.facts, at)
    if is_new and message.done_at is None:
        from requests.tasks import send_message  # noqa: PLC0415 - tasks import the acts, which import this module

        doorbell.ring(send_message, message.pk)


def _row(
    certificate_request: CertificateRequest, event: str, key: str, channel: str, facts: dict[str, Any], at: datetime
) -> tuple[Message, bool]:
    """The row of this event and channel, and whether it is new."""
    values: dict[str, Any] = {
        "recipient_id": certificate_request.account_id,
        "text": words(event, channel, certificate_request.code, facts),
        "facts": facts,
        "template_version": texts.VERSION,
        "told_at": at,
        "next_try_at": quiet.earliest(at),
    }
    if channel == Message.Channel.PORTAL:
        values |= {"state": Message.State.SENT, "sent_at": at, "done_at": at}
    elif _is_unwanted(certificate_request, event):
        values |= {"state": Message.State.SUPPRESSED, "done_at": at, "last_cause": "Người nhận đã tắt loại tin này."}
    return Message.objects.get_or_create(
        request=certificate_request, event=event, key=key, channel=channel, defaults=values
    )


def words(event: str, channel: str, code: str, facts: Mapping[str, Any]) -> str:
    """What this channel says of this event; the clerk's preview comes from here too."""
    domain = channels.domain()
    if channel == Message.Channel.PORTAL:
        with override("vi"):
            return texts.in_portal(event, code, facts)
    if channel == Message.Channel.EMAIL:
        return texts.for_mail(event, code, domain)
    return texts.for_sms(event, code, domain)


def _is_unwanted(certificate_request: CertificateRequest, event: str) -> bool:
    if texts.EVENTS[event].essential or certificate_request.account_id is None:
        return False
    return MessageChoice.objects.filter(pk=certificate_request.account_id, only_essential=True).exists()

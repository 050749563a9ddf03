"""What the person who asks was told, by which channel, and what would be said next: the same words by the same code."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from requests import machine, telling
from requests.clerk_views.queue import CLERKS, split_number
from requests.messaging import channels, texts
from requests.models import CertificateRequest, Message
from requests.staff_pages import STEP_WORDS, find_or_404, for_roles

STATE_LOOKS = {
    Message.State.WAITING: ("go", "clock"),
    Message.State.SENT: ("ok", "circle-check"),
    Message.State.FAILED: ("late", "octagon"),
    Message.State.SUPPRESSED: ("paused", "paused"),
}


@dataclass(frozen=True)
class Told:
    """One event with all its channels; `first` is the portal's own row."""

    first: Message
    sent: list[tuple[Message, str, str]]


class Preview(NamedTuple):
    step: str
    label: str
    words: list[tuple[str, str]]


def by_event(certificate_request: CertificateRequest) -> list[Told]:
    """Newest first, one an event."""
    rows: dict[tuple[str, str], list[Message]] = {}
    for message in certificate_request.messages.order_by("-told_at", "pk"):
        rows.setdefault((message.event, message.key), []).append(message)
    return [Told(found[0], [(row, *STATE_LOOKS[row.state]) for row in found]) for found in rows.values()]


def previews(certificate_request: CertificateRequest) -> list[Preview]:
    """What each step that can come next would tell, before anybody takes it."""
    steps = {step for step, source, _ in machine.triples() if source == certificate_request.state}
    shown = ["portal", *channels.in_order()]
    return [
        Preview(
            STEP_WORDS[step],
            str(texts.EVENTS[event].label),
            [(Message.Channel(name).label, telling.words(event, name, certificate_request.code, {})) for name in shown],
        )
        for step, event in telling.FOLLOWED.items()
        if step in steps
    ]


@require_safe
@for_roles(*CLERKS)
def told(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that was said about this request, word for word, with what became of it."""
    certificate_request = find_or_404(request.user, code)
    context = {
        "certificate_request": certificate_request,
        "declaration": certificate_request.declaration,
        "number": split_number(certificate_request),
        "told": by_event(certificate_request),
        "previews": previews(certificate_request),
    }
    return render(request, "requests/staff/told.html", context)

"""What people were told: one row an event and channel, the waiting row of whatever has to be sent outside."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from lltp_portal.waiting import WaitingQuerySet, WaitingRow
from requests.messaging import texts


class MessageQuerySet(WaitingQuerySet):
    """Each name finishes the sentence “messages that are …”."""

    def in_portal(self):
        return self.filter(channel=Message.Channel.PORTAL)

    def inbox_of(self, user):
        """What this person reads after signing in."""
        return self.in_portal().filter(recipient=user)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def newest_first(self):
        return self.order_by("-told_at", "-pk")


class Message(WaitingRow):
    """One event of one request told by one channel. Its words never change (a trigger); no address is kept with it.

    The portal's own row is there from the moment of the event. The others wait for a worker; the address is looked up
    when they are sent.
    """

    class Channel(models.TextChoices):
        PORTAL = "portal", "Trên cổng"
        EMAIL = "email", "Thư điện tử"
        SMS = "sms", "Tin nhắn SMS"
        ZALO = "zalo", "Zalo"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        FAILED = "failed", "Không gửi được"
        SUPPRESSED = "suppressed", "Không gửi"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="messages")
    event = models.CharField(max_length=30)
    key = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # Empty where the request was filed at the counter for somebody without an account.
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages")
    text = models.TextField()
    facts = models.JSONField(default=dict)  # days, a count, a cause's code: what the text is made of
    template_version = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    sent_at = models.DateTimeField(null=True)
    send_key = models.UUIDField(default=uuid.uuid4, editable=False)  # under which a provider knows it
    provider_id = models.CharField(max_length=150, blank=True)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "event", "key", "channel"], name="one_message_an_event"),
            models.CheckConstraint(
                name="message_done_is_decided",
                condition=Q(state="waiting", done_at=None) | (~Q(state="waiting") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=(Q(state="sent") & Q(sent_at__isnull=False)) | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="message_waiting", condition=models.Q(done_at=None, parked_at=None)
            ),
            models.Index(fields=["recipient", "-told_at"], name="message_inbox", condition=models.Q(channel="portal")),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.request_id}"

    @property
    def words(self) -> str:
        """As it was said; in another language made anew from the same facts, while the words are still these."""
        if get_language() == "vi" or self.channel != self.Channel.PORTAL or self.template_version != texts.VERSION:
            return self.text
        return texts.in_portal(self.event, self.request.code, self.facts)

    @property
    def label(self) -> str:
        known = texts.EVENTS.get(self.event)
        return str(known.label) if known else self.event

    def decide(self, state: str, *, now: datetime, cause: str = "", provider_id: str = "") -> None:
        """It was sent, or never will be."""
        self.finish(now=now)
        self.state, self.last_cause, self.provider_id = state, cause, provider_id
        self.sent_at = now if state == self.State.SENT else None


class MessageChoice(models.Model):
    """What somebody wants sent outside the portal. Lateness and result are sent whatever is chosen here."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="message_choice"
    )
    only_essential = models.BooleanField("chỉ gửi khi trễ hẹn và khi có kết quả", default=False)

    def __str__(self) -> str:
        return str(self.account_id)

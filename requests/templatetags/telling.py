"""The number beside “Tin nhắn” in the header. `{% load telling %}`."""

from django import template

from requests.models import Message

register = template.Library()


@register.simple_tag
def unread_messages(user) -> int:
    """How many messages this reader has not marked as read."""
    return Message.objects.inbox_of(user).unread().count()

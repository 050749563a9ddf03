"""Template tags of the look: icons and Vietnamese wording. `{% load look %}`."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lltp_portal import forms_look, icons, languages, wording

register = template.Library()

BADGE_ICONS = {
    "late": "octagon",
    "today": "clock",
    "soon": "triangle",
    "ok": "circle-check",
    "paused": "paused",
    "go": "magnifier",
}

register.simple_tag(icons.icon, name="icon")
register.filter("own", languages.own)
register.filter("full_day", wording.full_day)
register.filter("full_moment", wording.full_moment)
register.filter("weekday", wording.weekday)
register.filter("month", wording.month)
register.filter("thousands", wording.thousands)
register.filter("dong", wording.dong)
register.filter("partial_date", wording.partial_date)
register.filter("grouped_number", wording.grouped_number)
register.filter("grouped_phone", wording.grouped_phone)
register.filter("given_name", wording.given_name)


@register.filter
def mistakes(form):
    """The error summary's lines of one form; none when the page has no form."""
    return forms_look.mistakes(form) if form else []


@register.filter
def tel(number: str) -> str:
    """What a phone dials: “(024) 3999 0190” → “tel:+842439990190”."""
    digits = "".join(character for character in number if character.isdigit())
    return f"tel:+84{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


@register.filter
def breakable(code: str):
    """A code that may be broken after each four characters, and is copied without anything between."""
    head, _, rest = code.rpartition("-")
    groups = [rest[start : start + 4] for start in range(0, len(rest), 4)]
    return format_html_join(mark_safe("<wbr>"), "{}", [(part,) for part in ([f"{head}-"] if head else []) + groups])


PUBLIC_CODE = re.compile(r"(\bYC-[0-9A-Z]{16}\b)")


@register.filter
def codes(text: object) -> str:
    """A sentence in which the public code of a request is never broken at its hyphen."""
    parts = PUBLIC_CODE.split(str(text))
    escaped = [conditional_escape(mark_safe(part) if isinstance(text, SafeString) else part) for part in parts]
    whole = [
        format_html('<span class="one num">{}</span>', part) if at % 2 else part for at, part in enumerate(escaped)
    ]
    return mark_safe("".join(whole))


@register.filter
def said_again(words: str) -> str:
    """A sentence of the catalogue that was kept in Vietnamese, in the language of the page; what is none, as it was."""
    again = gettext(words) if words else ""
    return languages.own(words) if again == words else again


@register.filter
def kept(text: str, words: str):
    """The text, with these words in it never broken over two lines."""
    return format_html_join(
        format_html('<span class="whole">{}</span>', words), "{}", [(part,) for part in text.split(words)]
    )


@register.filter
def badge_icon(level: str) -> str:
    """The icon that belongs to a badge's level (look: meanings are fixed)."""
    return BADGE_ICONS[level]


@register.filter
def is_error(message) -> bool:
    """Whether a message tells of a refusal; then it must not look like good news."""
    return "error" in message.tags or "warning" in message.tags


@register.inclusion_tag("components/_field_error.html")
def form_error(form):
    """What is wrong with a form as a whole, above its fields."""
    return {"errors": form.non_field_errors() if form else [], "id": ""}

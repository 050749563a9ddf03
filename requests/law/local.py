"""What an office has decided for itself: subsidies and notices, by the real day (requests.models.LocalRule)."""

from datetime import date

from django.conf import settings

from lltp_portal.accounts.models import Authority
from requests.models import LocalRule

ALL = LocalRule.Channel.ALL


def in_force(authority: Authority, day: date) -> list[LocalRule]:
    """The row of each kind and channel that holds on a day; one that only ends another says nothing and is left out."""
    newest: dict[tuple[str, str], LocalRule] = {}
    for rule in LocalRule.objects.filter(authority=authority).begun_by(day).order_by("valid_from"):
        newest[rule.kind, rule.channel] = rule
    return [
        rule for rule in newest.values() if not rule.says_nothing and (rule.valid_to is None or day <= rule.valid_to)
    ]


def subsidies(authority: Authority, channel: str, on: date) -> list[LocalRule]:
    """What this office pays of its citizens' fees at a channel; each has `percent` and `legal_basis`."""
    return [
        rule
        for rule in in_force(authority, on)
        if rule.kind == LocalRule.Kind.SUBSIDY and rule.channel in {channel, ALL}
    ]


def notices(authority: Authority, on: date, channel: str = "") -> list[LocalRule]:
    """What this office wants its citizens to read; without a channel, all of it."""
    wanted = {channel, ALL} if channel else set(LocalRule.Channel.values)
    return [rule for rule in in_force(authority, on) if rule.kind == LocalRule.Kind.NOTICE and rule.channel in wanted]


def two_people_percent(authority: Authority, on: date) -> int:
    """The share of cases in doubt that two people of this office decide, each for themselves."""
    rules = LocalRule.objects.filter(authority=authority, kind=LocalRule.Kind.TWO_PEOPLE).begun_by(on)
    newest = rules.newest_first().first()
    if newest is None or (newest.valid_to is not None and newest.valid_to < on):
        return settings.TWO_PEOPLE_PERCENT
    return newest.percent

"""Draws full names: order, lengths and shares of Vietnamese names (domain 12.1, 12.3)."""

from random import Random

from benchmarks.population import words

_SURNAMES = words.drawable(words.SURNAMES)
_MIDDLE = {sex: words.drawable(shares) for sex, shares in words.MIDDLE.items()}
_GIVEN = {sex: words.drawable(shares) for sex, shares in words.GIVEN.items()}


def surname(random: Random) -> str:
    return words.pick(_SURNAMES, random)


def given(sex: str, random: Random) -> str:
    return words.pick(_GIVEN[sex], random)


def full_name(sex: str, random: Random, family: str = "") -> str:
    """Three words for three people in four, four for most others."""
    drawn = random.random()
    if drawn < 0.006 and not family:
        first = words.pick(words.MINORITY_FIRST[sex], random)
        return f"{first}{words.pick(words.MINORITY_CALLED, random)} {words.pick(words.MINORITY_CLAN, random)}"
    family = family or surname(random)
    if drawn < 0.07:
        return f"{family} {given(sex, random)}"
    middle = words.pick(_MIDDLE[sex], random)
    if drawn < 0.82:
        return f"{family} {middle} {given(sex, random)}"
    return f"{family} {middle} {given(sex, random)} {given(sex, random)}"


def other_name(sex: str, family: str, random: Random) -> str:
    """A name somebody goes by besides: half of them whole names, the others what neighbours call."""
    if random.random() < 0.5:
        return full_name(sex, random, family)
    if random.random() < 0.5:
        return f"{given(sex, random)} {words.pick(words.NICKNAMES, random)}"
    return words.pick(words.NICKNAMES, random)


def with_given(name: str, replacement: str) -> str:
    """The same name with another last word."""
    return " ".join([*name.split()[:-1], replacement])


def with_family(name: str, replacement: str) -> str:
    return " ".join([replacement, *name.split()[1:]])

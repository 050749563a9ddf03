"""Vietnamese names, partial dates and document numbers as comparable keys; the original spelling is never changed."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
# Old files write Eth or the African D where Vietnamese has Đ; only one of the three is the letter of the alphabet.
D_WITH_STROKE = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
SEPARATORS = re.compile(r"[\s<.,;:/_\u2010-\u2015\u00ad-]+")
APOSTROPHES = re.compile("['’‘ʼ`´]")
# Lý and Lí, Quý and Quí are one name; Mây and Mai, Thúy and Thúi are not: only a lone y may be written i.
LONE_Y = re.compile(r"^(qu|[^aeiouy]*)y$")
WRITTEN_DATE = re.compile(r"(?:(?:(?P<day>[0-9]{1,2})[/.\- ])?(?P<month>[0-9]{1,2})[/.\- ])?(?P<year>[0-9]{4})")
PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def nfc(text: str) -> str:
    """Compose, so that files written on a Mac (NFD) are stored like all others."""
    return unicodedata.normalize("NFC", text)


def _visible(text: str) -> str:
    """Drop what nobody sees (zero-width space, byte order mark, soft hyphen), keep spaces of every kind as spaces."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())


@lru_cache(maxsize=1 << 14)
def _syllables(word: str) -> tuple[str, ...]:
    """The syllables of one word between spaces: mostly itself, more where a hyphen or the MRZ's `<` stands inside.

    Kept, like the keys below: a country's names are made of few words, and a register is made of names.
    """
    plain = _visible(unicodedata.normalize("NFKC", word)).translate(D_WITH_STROKE).casefold()
    return tuple(SEPARATORS.sub(" ", APOSTROPHES.sub("", plain)).split())


def _split_tone(syllable: str) -> tuple[str, str]:
    """hoà and hòa both become ("hoa", "1"): where the tone mark stands is a habit of the typist."""
    letters, tone = [], ""
    for character in unicodedata.normalize("NFD", syllable):
        if character in TONES:
            tone += TONES[character]
        else:
            letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def _syllable_key(syllable: str) -> str:
    letters, tone = _split_tone(syllable)
    return LONE_Y.sub(r"\1i", letters) + tone


def key1(name: str) -> str:
    """The name as people tell it apart: tones and letters kept, spelling habits levelled (domain 12.2)."""
    return " ".join(filter(None, map(_word_key1, name.split())))


@lru_cache(maxsize=1 << 14)
def _word_key1(word: str) -> str:
    return " ".join(_syllable_key(syllable) for syllable in _syllables(word))


def key2(name: str) -> str:
    """The name as an old typewriter or a passport writes it: no marks at all. Equal keys make a candidate, no more."""
    return " ".join(filter(None, map(_word_key2, name.split())))


@lru_cache(maxsize=1 << 14)
def _word_key2(word: str) -> str:
    letters = " ".join(LONE_Y.sub(r"\1i", strip_marks(syllable)) for syllable in _syllables(word))
    return " ".join(letters.split())


def strip_marks(text: str) -> str:
    """Hương → Huong, Đặng → Dang. Đ has no decomposition, so it is mapped."""
    decomposed = unicodedata.normalize("NFD", text.translate(D_WITH_STROKE))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def normal_number(number: str) -> str:
    """A document's number without spaces, dots and full-width digits; letters in capitals."""
    if number.isascii() and number.isalnum():
        return number.upper()
    plain = _visible(unicodedata.normalize("NFKC", number)).upper()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain if c.isalnum())


def is_citizen_number(number: str) -> bool:
    """Twelve digits: số định danh cá nhân (Decree 137/2015, Art. 13), or an identity card of 2012-2015."""
    return re.fullmatch("[0-9]{12}", number) is not None


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, as the source knew it: many elderly people have only a year of birth."""

    text: str
    first_day: date
    last_day: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read YYYY, YYYY-MM or YYYY-MM-DD; anything else, and a day that never was, is a ValueError."""
        parts = PARTIAL_DATE.fullmatch(text)
        if parts is None:
            raise ValueError("not a date")
        year = int(parts[1])
        if parts[2] is None:
            return cls(text, date(year, 1, 1), date(year, 12, 31))
        first = date(year, int(parts[2]), 1)
        if parts[3] is None:
            return cls(text, first, first.replace(day=monthrange(year, first.month)[1]))
        whole = first.replace(day=int(parts[3]))
        return cls(text, whole, whole)

    @classmethod
    def as_written(cls, text: str) -> "PartialDate":
        """Read what papers write: 17/05/1980, 00/05/1980, 00/00/1980 or 1980; 00 stands for what nobody knew."""
        written = WRITTEN_DATE.fullmatch(text.strip())
        if written is None:
            raise ValueError("not a date")
        known = [part for part in (written["year"], written["month"], written["day"]) if part and int(part)]
        if written["day"] and int(written["day"]) and not int(written["month"]):
            raise ValueError("a day of no month")
        return cls.parse("-".join(part.zfill(2) for part in known))

    @property
    def is_full(self) -> bool:
        return self.first_day == self.last_day

    @property
    def is_vague(self) -> bool:
        """Less than a day, or 1 January: what offices wrote where only the year was known, so as good as a year."""
        return not self.is_full or (self.first_day.month, self.first_day.day) == (1, 1)

    @property
    def year(self) -> int:
        return self.first_day.year

    def overlaps(self, other: "PartialDate") -> bool:
        """True when both may be the same day: compared at the lower precision (domain 12.1)."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


def is_one_slip(left: str, right: str) -> bool:
    """One character wrong, missing or too many, or two neighbours exchanged: what a typist does once."""
    shorter, longer = (left, right) if len(left) <= len(right) else (right, left)
    if left == right or len(longer) - len(shorter) > 1:
        return False
    if len(shorter) > 2 and left[0] != right[0] and left[-1] != right[-1]:
        return False
    at = 0
    while at < len(shorter) and shorter[at] == longer[at]:
        at += 1
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    if shorter[at + 1 :] == longer[at + 1 :]:
        return True
    return shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]


def swapped_day(day: date) -> date | None:
    """Day and month exchanged, where that is a day of the calendar and another one."""
    return None if day.day > 12 or day.day == day.month else day.replace(month=day.day, day=day.month)


def neighbouring_days(day: date) -> Iterator[date]:
    """The day before and the day after, also over the end of a month."""
    for days in (-1, 1):
        with suppress(OverflowError):
            yield day + timedelta(days=days)


def one_slip_days(day: date) -> frozenset[date]:
    """The days whose eight digits a typist may have meant: one digit wrong, or two neighbours exchanged."""
    whole = day.year * 10_000 + day.month * 100 + day.day
    digits = [whole // place % 10 for place in PLACES]
    meant = {
        whole + (wrong - digit) * place for place, digit in zip(PLACES, digits, strict=True) for wrong in range(10)
    }
    for place, (one, other) in zip(PLACES[1:], pairwise(digits), strict=True):
        meant.add(whole + (other - one) * (place * 10 - place))
    return frozenset(found for number in meant - {whole} if (found := _day_of(number)))


PLACES = tuple(10**place for place in range(7, -1, -1))


def _day_of(number: int) -> date | None:
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    if not (year and 1 <= month <= 12 and 1 <= day <= 31) or (day > 28 and day > monthrange(year, month)[1]):
        return None
    return date(year, month, day)

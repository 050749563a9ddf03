"""What typists, archives and keyboards do to names, dates and numbers."""

import unicodedata
from random import Random

_TONES = {
    "o": ("òóỏõọ", "aàáảãạ", "eèéẻẽẹ"),
    "u": ("ùúủũụ", "yỳýỷỹỵ"),
}
# hòa ↔ hoà, khỏe ↔ khoẻ, thúy ↔ thuý: the older and the newer place of the mark.
_OTHER_PLACE = {
    old + second[0]: first + second[tone + 1]
    for first, (marked, *seconds) in _TONES.items()
    for second in seconds
    for tone, old in enumerate(marked)
}
_OTHER_PLACE |= {new: old for old, new in _OTHER_PLACE.items()}
_Y_FOR_I = dict(zip("iìíỉĩị", "yỳýỷỹỵ", strict=True))
_I_FOR_Y = {y: i for i, y in _Y_FOR_I.items()}
_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sfe", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "ko",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip


def other_tone_place(name: str) -> str:
    return " ".join(_moved(syllable) for syllable in name.split(" "))


def _moved(syllable: str) -> str:
    """Only an open syllable has the two habits, and quý has one."""
    ending, low = syllable[-2:], syllable[-2:].lower()
    if low not in _OTHER_PLACE or syllable[:-1].lower().endswith("qu"):
        return syllable
    moved = _OTHER_PLACE[low]
    return syllable[:-2] + (moved.upper() if ending.isupper() else moved)


def has_two_tone_places(name: str) -> bool:
    return other_tone_place(name) != name


def other_y(name: str) -> str:
    return " ".join(_other_y(syllable) for syllable in name.split(" "))


def _other_y(syllable: str) -> str:
    """Lý ↔ Lí, Quý ↔ Quí: a lone last vowel after a consonant."""
    low = syllable.lower()
    before = unicodedata.normalize("NFD", low[-2:-1])[:1]
    alone = len(low) > 1 and (before not in "aeouiy" or low[:-1].endswith("qu"))
    table = _I_FOR_Y if low[-1] in _I_FOR_Y else _Y_FOR_I
    if not alone or low[-1] not in table or low in ("thị", "gì"):
        return syllable
    other = table[low[-1]]
    return syllable[:-1] + (other.upper() if syllable[-1].isupper() else other)


def without_marks(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def one_typo(name: str, random: Random) -> str:
    """One letter wrong, missing, doubled, or exchanged with its neighbour."""
    places = [i for i, c in enumerate(name) if c.isalpha()]
    while True:
        place, drawn = places[int(random.random() * len(places))], random.random()
        letter = name[place]
        if drawn < 0.25:
            changed = name[:place] + name[place + 1 :]
        elif drawn < 0.45:
            changed = name[:place] + letter + letter.lower() + name[place + 1 :]
        elif drawn < 0.65:
            changed = name[:place] + name[place + 1 : place + 2] + letter + name[place + 2 :]
        else:
            changed = name[:place] + _wrong_letter(letter, random) + name[place + 1 :]
        if " ".join(changed.split()) == changed and len(changed.split()) == len(name.split()) and changed != name:
            return changed


def _wrong_letter(letter: str, random: Random) -> str:
    near = _NEIGHBOURS.get(without_marks(letter).lower(), "aeiou")
    wrong = near[int(random.random() * len(near))]
    return wrong.upper() if letter.isupper() else wrong


def other_mark(name: str, random: Random) -> str:
    """One tone mark wrong, missing or too many: Tuân, Tuấn, Tuần."""
    syllables = name.split(" ")
    place = int(random.random() * len(syllables))
    letters = unicodedata.normalize("NFD", syllables[place])
    tones = "\u0300\u0301\u0309\u0303\u0323"
    bare = "".join(c for c in letters if c not in tones)
    vowels = [i for i, c in enumerate(bare) if c.lower() in "aeiouy"]
    if not vowels:
        return name
    last = vowels[-1] + 1
    while last < len(bare) and unicodedata.combining(bare[last]):
        last += 1
    choices = [tone for tone in (*tones, "") if tone not in letters or (tone == "" and bare != letters)]
    syllables[place] = unicodedata.normalize(
        "NFC", bare[:last] + choices[int(random.random() * len(choices))] + bare[last:]
    )
    return " ".join(syllables)


def one_wrong_digit(number: str, random: Random) -> str:
    """One digit wrong, or two unlike neighbours exchanged."""
    place = int(random.random() * len(number))
    if random.random() < 0.2 and place + 1 < len(number) and number[place] != number[place + 1]:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    wrong = (int(number[place]) + 1 + int(random.random() * 9)) % 10
    return f"{number[:place]}{wrong}{number[place + 1 :]}"

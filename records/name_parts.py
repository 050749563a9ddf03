"""Họ, đệm and tên of a full name, as well as they can be told: the name itself is never changed or split in storage.

The order is surname, middle words, given name, the given name being the last word. It does not hold for everybody:
the Ê Đê put the clan last (Y Moan Ênuôl is called Moan, H'Hen Niê is called H'Hen), the Gia Rai have two-word clans in
front (Rơ Châm), and many have no surname at all (domain 12.1). What rests on this is a candidate's key or an order of
lines, never a decision.
"""

from dataclasses import dataclass
from functools import lru_cache

from records.names import key2

# Without marks: nine in ten Vietnamese bear one of the first fourteen (domain 12.3).
SURNAMES = frozenset({
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "li", "dinh", "trinh", "doan", "mai", "truong", "lam", "dao", "cao", "luong", "ha", "to", "ta", "thai", "chau",
    "quach", "vuong", "tong", "phung", "chu", "kieu", "nghiem", "la", "luu", "nong", "lo", "vang", "giang", "sung",
    "thach", "kim", "quang", "ma", "hua", "son", "danh", "tang", "thao", "au", "khuat", "ninh", "bach", "bang", "ca",
    "cam", "cung", "dam", "dan", "dieu", "diep", "gia", "giap", "han", "hung", "khong", "khuc", "lang", "lieu",
    "luc", "mac", "man", "ngan", "nhan", "nghe", "ong", "pho", "phi", "phu", "quan", "sam", "than", "thi", "tieu",
    "tra", "trang", "trieu", "tu", "van", "vi", "viet", "vien",
})  # fmt: skip
TWO_WORD_SURNAMES = frozenset({
    ("ro", "cham"), ("ro", "mah"), ("ro", "lan"), ("au", "duong"), ("ton", "that"), ("ton", "nu"),
})  # fmt: skip
# Before a man's and a woman's own name; what follows that is the clan.
ATTACHED = ("h", "k")  # H'Hen, K'Brèo
ALONE = ("i", "ka")  # Y Moan Ênuôl (the key writes y as i)


@dataclass(frozen=True, slots=True)
class NameParts:
    """`certain` false: the order is guessed, because neither the beginning nor the end is known."""

    family: str
    middle: str
    given: str
    certain: bool = True


@lru_cache(maxsize=1 << 14)
def parts_of(name: str) -> NameParts:
    """The parts as they are written, or of a key as it is hashed; empty ones where there are none."""
    words = name.split()
    keys = [key2(word) for word in words]
    if len(words) < 2:
        return NameParts("", "", name.strip(), bool(words) and keys[0] not in SURNAMES)
    if _is_attached(words[0]):
        return NameParts(words[-1], " ".join(words[1:-1]), words[0])
    if keys[0] in ALONE and len(words) > 2:
        return NameParts(" ".join(words[2:]), words[0], words[1])
    first = 2 if tuple(keys[:2]) in TWO_WORD_SURNAMES and len(words) > 2 else 1
    known = first == 2 or keys[0] in SURNAMES
    return NameParts(" ".join(words[:first]), " ".join(words[first:-1]), words[-1], known)


def _is_attached(word: str) -> bool:
    return len(word) > 2 and word[0].casefold() in ATTACHED and word[1] in "'’‘ʼ`´"


def given_name(name: str) -> str:
    """What the person is called by."""
    return parts_of(name).given


def sorting_key(name: str) -> tuple[str, str, str]:
    """Lists stand by given name, then middle words, then surname, as Vietnamese registers do (domain 12.1)."""
    parts = parts_of(name)
    return key2(parts.given), key2(parts.middle), key2(parts.family)

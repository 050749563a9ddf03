"""The characters a certificate can carry; pure. The vendored fonts hold just these (script/local/subset_fonts.py)."""

VIETNAMESE = frozenset(
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
    "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆFGHIÌỈĨÍỊJKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVWXYỲỶỸÝỴZ"
)
# Names of other peoples of Viet Nam (Ê Đê, Gia Rai, Ba Na) and of foreigners: Latin-1, Latin Extended-A, barred B,
# and the marks for which Unicode has no single letter, such as ơ with a breve.
OTHER_LETTERS = frozenset(
    [chr(code) for code in (*range(0xC0, 0x180), 0x180, 0x243) if code not in (0xD7, 0xF7, 0x149, 0x17F)]
)
COMBINING_MARKS = frozenset("\u0300\u0301\u0303\u0306\u0309\u0323")
PUNCTUATION = frozenset(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~§°·–—‘’“”…•₫")
DIGITS = frozenset("0123456789")

PRINTABLE = VIETNAMESE | OTHER_LETTERS | COMBINING_MARKS | PUNCTUATION | DIGITS


def unprintable(text: str) -> list[str]:
    """The characters of `text` that no certificate can carry, each once, in order."""
    return list(dict.fromkeys(character for character in text if character not in PRINTABLE))

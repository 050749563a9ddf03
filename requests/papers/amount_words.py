"""Amounts in words, as a fee receipt must say them: 205.000 → “hai trăm linh năm nghìn đồng”; pure."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu", "tỷ")
MOST = 10**12


def in_words(amount: int) -> str:
    """A whole number of đồng from 0 to 999.999.999.999 in words; ValueError for any other."""
    if not 0 <= amount < MOST:
        raise ValueError(amount)
    if amount == 0:
        return "không đồng"
    groups = [amount // 1000**place % 1000 for place in range(len(SCALES))]
    while groups[-1] == 0:
        groups.pop()
    words = []
    for place in reversed(range(len(groups))):
        if groups[place]:
            words += [*_group(groups[place], first=place == len(groups) - 1), SCALES[place]]
    return " ".join(word for word in (*words, "đồng") if word)


def _group(number: int, *, first: bool) -> list[str]:
    """Three digits; all but the first group say their empty hundreds (“không trăm linh năm”)."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [] if first and not hundreds else [DIGITS[hundreds], "trăm"]
    if tens == 0:
        return words + (["linh"] if words and ones else []) + ([DIGITS[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return words + ([_after_tens(tens, ones)] if ones else [])


def _after_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    return "mốt" if ones == 1 and tens > 1 else DIGITS[ones]

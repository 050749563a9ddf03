"""The text of a VietQR code: EMV QRCPS merchant-presented mode with NAPAS's account information. Pure.

Every field is a tag of two digits, a length of two digits, and the value; the last one is a CRC over all before it
(EMVCo, QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1, 4.7; NAPAS247 by QR for accounts).
"""

import re

NAPAS_GUID = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
VND = "704"
LONGEST_PURPOSE = 25  # EMVCo: tag 62, field 08


def crc16(data: bytes) -> int:
    """CRC-16/IBM-3740 (polynomial 1021, start FFFF), as ISO/IEC 13239 and EMVCo 4.7.3 ask."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def field(tag: str, value: str) -> str:
    """One field. Raises ValueError where the length does not fit into two digits."""
    if not 1 <= len(value) <= 99:
        raise ValueError(f"field {tag} must have 1 to 99 characters, not {len(value)}")
    return f"{tag}{len(value):02d}{value}"


def payload(*, bank_bin: str, account_number: str, amount: int, purpose: str) -> str:
    """What the picture says: pay this amount into this account with this text. For one payment (tag 01 = 12)."""
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise ValueError("a bank's BIN has six digits")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account_number):
        raise ValueError("an account number has 1 to 19 letters and digits")
    if not (purpose.isascii() and 1 <= len(purpose) <= LONGEST_PURPOSE):
        raise ValueError(f"the purpose must have 1 to {LONGEST_PURPOSE} ASCII characters")
    if amount < 1:
        raise ValueError("an amount is one đồng or more")
    account = field("00", NAPAS_GUID) + field("01", field("00", bank_bin) + field("01", account_number))
    body = "".join(
        (
            field("00", "01"),
            field("01", "12"),
            field("38", account + field("02", TO_ACCOUNT)),
            field("53", VND),
            field("54", str(amount)),
            field("58", "VN"),
            field("62", field("08", purpose)),
            "6304",
        )
    )
    return f"{body}{crc16(body.encode()):04X}"


def parsed(text: str) -> dict[str, str]:
    """Tag → value of one level. Raises ValueError where a length points beyond the end."""
    found, rest = {}, text
    while rest:
        tag, length = rest[:2], rest[2:4]
        if not length.isdigit() or len(rest) < 4 + int(length):
            raise ValueError(f"field {tag} is cut off")
        found[tag], rest = rest[4 : 4 + int(length)], rest[4 + int(length) :]
    return found

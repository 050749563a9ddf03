"""Public codes: Crockford base32, which people can read out and type; no I, L, O, U to confuse on paper."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_code(length: int) -> str:
    """`length` characters of five random bits each, from the system's generator."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))

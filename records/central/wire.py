"""What travels between two deployments, on both sides: the question's body, the signed answer, and how it is signed.

An answer is one text, signed as it stands, in an envelope: nobody has to agree on how JSON is spelt to check it.
"""

import base64
import hashlib
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

QUESTION_SCHEMA = "lltp-lookup-1"
ANSWER_SCHEMA = "lltp-answer-2"
PATH = "/api/central/v1/lookups"
MOST_QUESTION_BYTES = 64_000
MOST_ANSWER_BYTES = 4_000_000
NONCE = re.compile(r"[0-9a-f]{32}")
ENVELOPE_FIELDS = {"key_id", "signature", "answer"}
ANSWER_FIELDS = {
    "schema",
    "nonce",
    "question_digest",
    "as_of",
    "complete",
    "cause",
    "count",
    "candidates",
    "set_aside",
}
# Signed with the text, so that no other text that this key ever signs can pass for an answer.
CONTEXT = b"lltp central answer\n"


class NotSigned(Exception):
    """An envelope that is none, or whose signature no pinned key has made."""


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key is its own hash: it cannot be written down wrongly."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def public_text(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def read_public(text: str) -> Ed25519PublicKey:
    """The key that `public_text` wrote; ValueError for anything else."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def new_private_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_private(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def sealed(answer: str, key: Ed25519PrivateKey) -> dict[str, str]:
    signature = base64.b64encode(key.sign(CONTEXT + answer.encode())).decode()
    return {"key_id": key_id(key.public_key()), "signature": signature, "answer": answer}


def opened(envelope: Any, pinned: list[Ed25519PublicKey]) -> str:
    """The answer's text, only if a pinned key signed exactly it; raises NotSigned."""
    if not isinstance(envelope, dict) or set(envelope) != ENVELOPE_FIELDS:
        raise NotSigned
    if not all(isinstance(value, str) for value in envelope.values()):
        raise NotSigned
    key = next((key for key in pinned if key_id(key) == envelope["key_id"]), None)
    if key is None:
        raise NotSigned
    try:
        signature = base64.b64decode(envelope["signature"], validate=True)
        text = envelope["answer"].encode()
        check = key.verify
        check(signature, CONTEXT + text)
    except (ValueError, InvalidSignature) as error:
        raise NotSigned from error
    return envelope["answer"]

"""Answering an office that has been delegated to: written down, looked up, recorded, signed, then told."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lltp_portal.errors import Invalid
from records import reading, registry
from records.answers import Complete, Failed, Question, canonical_json
from records.central import wire
from records.central.actions import hash_of
from records.central.errors import (
    LookupRepeated,
    LookupsNotServed,
    NotDelegated,
    OfficeNotRecognised,
    RegisterAway,
    TooManyLookups,
)
from records.central.models import Delegation, OfficeKey, Served
from records.models import RecordLookup

OWN = "records.backends.OwnDatabase"
SOURCE = "central"
REQUEST_CODE = re.compile(r"YC-[0-9A-HJKMNP-TV-Z]{16}")
FIELDS = {"schema", "nonce", "asked_at", "request_code", "purpose", "question"}


@dataclass(frozen=True)
class Asked:
    """One question of an office, read and checked."""

    question: Question
    request_code: str
    purpose: str
    nonce: str


# --- Who asks -------------------------------------------------------------------------------------------------------


def office_of(authorization: str) -> OfficeKey:
    """The key that was shown, compared in constant time, an unknown one as slowly as a known; else refused."""
    scheme, _, shown = authorization.partition(" ")
    name, _, secret = shown.strip().partition(".")
    known = None
    if scheme.lower() == "bearer" and re.fullmatch("[0-9a-f]{16}", name):
        known = OfficeKey.objects.select_related("delegation").filter(key_id=name, revoked_at=None).first()
    expected = known.secret_sha256 if known else hash_of("nobody's")
    if not hmac.compare_digest(hash_of(secret), expected) or known is None:
        raise OfficeNotRecognised("Không nhận ra khóa của đơn vị. Kiểm tra LLTP_CENTRAL_KEY hoặc xin cấp khóa mới.")
    return known


# --- What is asked --------------------------------------------------------------------------------------------------


def read(body: Any, now: datetime) -> Asked:
    """The question and why it is put; refused with the field, never with what stood in it."""
    if not isinstance(body, Mapping) or set(body) != FIELDS:
        raise _bad("schema", f"Nội dung phải có đúng các trường {', '.join(sorted(FIELDS))}.")
    if body["schema"] != wire.QUESTION_SCHEMA:
        raise _bad("schema", f"Chỉ nhận quy ước {wire.QUESTION_SCHEMA}.")
    if not isinstance(body["nonce"], str) or not wire.NONCE.fullmatch(body["nonce"]):
        raise _bad("nonce", "Phải là 32 chữ số hệ 16, mỗi câu hỏi một số mới.")
    _demand_fresh(body["asked_at"], now)
    # Only codes may stand in logs and ledgers; anything freer could carry a name.
    if not isinstance(body["request_code"], str) or not REQUEST_CODE.fullmatch(body["request_code"]):
        raise _bad("request_code", "Phải là mã hồ sơ của đơn vị hỏi, dạng YC-… gồm 16 ký tự.")
    question = _question(body["question"])
    if question.reference != body["request_code"]:
        raise _bad("question.reference", "Phải trùng với request_code.")
    return Asked(question, body["request_code"], _purpose(body["purpose"]), body["nonce"])


def _demand_fresh(text: Any, now: datetime) -> None:
    try:
        asked_at = datetime.fromisoformat(text)
        off = abs(now - asked_at)
    except (TypeError, ValueError):
        raise _bad("asked_at", "Phải là thời điểm có múi giờ, dạng ISO 8601.") from None
    if off > settings.LOOKUP_CLOCK_SKEW:
        raise _bad("asked_at", "Lệch quá 5 phút so với đồng hồ của hệ thống này; hãy chỉnh giờ máy chủ.")


def _question(written: Any) -> Question:
    try:
        return Question.from_json(written)
    except reading.Refused as refused:
        raise _bad(f"question.{refused.field}", f"{refused.message}.") from None
    except RecursionError:
        raise _bad("question", "Lồng nhau quá nhiều tầng.") from None


def _purpose(text: Any) -> str:
    try:
        purpose = reading.text(text, "purpose")
    except reading.Refused as refused:
        raise _bad("purpose", f"{refused.message}.") from None
    if len(purpose) > 200:
        raise _bad("purpose", "dài quá 200 ký tự.")
    return purpose


def _bad(field: str, message: str) -> Invalid:
    return Invalid("Câu hỏi không đúng quy ước.", fields={field: [{"code": "invalid", "message": message}]})


# --- Answering ------------------------------------------------------------------------------------------------------


def answer(key: OfficeKey, asked: Asked, *, at: datetime | None = None) -> dict[str, str]:
    """The signed envelope. The ledger has the question before the register is asked, its outcome before it is told."""
    signing_key = _signing_key()
    lookup = _write_down(key, asked, at or timezone.now())
    found = registry.ask(asked.question, purpose=asked.purpose, backend=OWN)
    lookup.record(found, at=at or timezone.now())
    if isinstance(found, Failed):
        raise RegisterAway(found.cause)
    whole = found if isinstance(found, Complete) else None
    candidates = [record.to_json() for record in whole.candidates] if whole else []
    said = {
        "schema": wire.ANSWER_SCHEMA,
        "nonce": asked.nonce,
        "question_digest": found.question_digest,
        "as_of": found.as_of.isoformat(),
        "complete": whole is not None,
        "cause": "" if isinstance(found, Complete) else found.cause,
        "count": len(candidates),
        "candidates": candidates,
        "set_aside": list(map(list, whole.set_aside)) if whole else [],
    }
    return wire.sealed(canonical_json(said), signing_key)


def _write_down(key: OfficeKey, asked: Asked, now: datetime) -> RecordLookup:
    """Committed before anything is looked up. The office's row is locked, so that its limit is exact."""
    try:
        with transaction.atomic(durable=True):
            office = Delegation.objects.select_for_update().get(pk=key.delegation_id)
            if not office.may_ask(now):
                raise NotDelegated("Đơn vị hiện không được ủy quyền tra cứu. Liên hệ quản trị hệ thống trung ương.")
            if office.served.of_last_minute(now).count() >= office.lookups_a_minute:
                raise TooManyLookups("Đã hỏi quá số câu mỗi phút của đơn vị. Hãy đợi một phút rồi hỏi lại.")
            lookup = RecordLookup.objects.put(
                asked.question,
                request_code=f"{office.code}:{asked.request_code}",
                source=SOURCE,
                purpose=asked.purpose,
                by=None,
                at=now,
                for_office=office.code,
            )
            Served.objects.create(delegation=office, key=key, lookup=lookup, nonce=asked.nonce, received_at=now)
            return lookup
    except IntegrityError as error:
        if "a_question_is_answered_once" not in str(error):
            raise
        raise LookupRepeated("Câu hỏi này đã được gửi. Hãy lấy nonce mới cho mỗi lần hỏi.") from None


def _signing_key() -> Ed25519PrivateKey:
    key = _read_signing_key(settings.LLTP_CENTRAL_SIGNING_KEY_FILE)
    if key is None:
        raise LookupsNotServed("Hệ thống này không phục vụ tra cứu cho đơn vị khác.")
    return key


@cache
def _read_signing_key(path: str) -> Ed25519PrivateKey | None:
    """None where there is no file or nothing in it: a server mounts an empty one until somebody makes the key."""
    pem = Path(path).read_bytes() if path else b""
    return wire.read_private(pem) if pem.strip() else None

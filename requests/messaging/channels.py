"""The ways out of the house: e-mail by Django's settings, everything else by a provider over HTTP.

`send` never raises and says one of three things: sent, refused for good (the next channel's turn), or away (again
later). What went wrong is said in words of our own: an address never gets into a row, a log or a queue.
"""

import json
import smtplib
import time
from dataclasses import dataclass
from typing import Any

import httpx2
from django.conf import settings
from django.core.mail import EmailMessage

SENT, REFUSED, AWAY = "sent", "refused", "away"
LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Letter:
    """One message with its address, made when it is sent and kept nowhere. `key` names it for ever."""

    channel: str
    to: str
    subject: str
    text: str
    key: str


@dataclass(frozen=True)
class Outcome:
    result: str
    provider_id: str = ""
    cause: str = ""


def domain() -> str:
    """The one address of the service, as people type it."""
    return settings.PUBLIC_BASE_URL.split("://", 1)[-1]


def in_order() -> list[str]:
    """The channels that this installation can use, in the order in which they are tried."""
    return [name for name in settings.MESSAGE_CHANNELS if name == "email" or settings.MESSAGE_PROVIDER_URL]


def send(letter: Letter) -> Outcome:
    return _by_mail(letter) if letter.channel == "email" else _by_provider(letter)


# --- E-mail -----------------------------------------------------------------------------------------------------------


def _by_mail(letter: Letter) -> Outcome:
    """SMTP knows no key that makes a second copy harmless; the same Message-ID lets mail servers drop it."""
    message_id = f"<{letter.key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        return _refused_recipient(error)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(AWAY, cause=f"Máy chủ thư chưa nhận ({type(error).__name__}).")
    except ValueError:  # an address or a header that no mail can carry
        return Outcome(REFUSED, cause="Địa chỉ thư không dùng được.")
    return Outcome(SENT, provider_id=message_id)


def _refused_recipient(error: smtplib.SMTPRecipientsRefused) -> Outcome:
    code = next((code for code, _ in error.recipients.values()), 0)
    if 500 <= code < 600:
        return Outcome(REFUSED, cause=f"Máy chủ thư từ chối địa chỉ này (mã {code}).")
    return Outcome(AWAY, cause=f"Máy chủ thư hẹn gửi lại (mã {code}).")


# --- A provider over HTTP ---------------------------------------------------------------------------------------------


def _by_provider(letter: Letter) -> Outcome:
    """POST {url}/messages with an Idempotency-Key: asked twice, a provider sends once."""
    body = {"channel": letter.channel, "to": letter.to, "text": letter.text}
    headers = {"Authorization": f"Bearer {settings.MESSAGE_PROVIDER_KEY}", "Idempotency-Key": letter.key}
    try:
        status, answer = _post(f"{settings.MESSAGE_PROVIDER_URL}/messages", body, headers)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        return Outcome(AWAY, cause=f"Không gọi được nhà cung cấp tin nhắn ({type(error).__name__}).")
    if status == 422:
        return Outcome(REFUSED, cause="Nhà cung cấp tin nhắn từ chối số này.")
    provider_id = answer.get("id") if isinstance(answer, dict) else None
    if status in {200, 201} and isinstance(provider_id, str) and provider_id:
        return Outcome(SENT, provider_id=provider_id[:100])
    return Outcome(AWAY, cause=f"Nhà cung cấp tin nhắn trả lời không rõ (mã {status}).")


def _post(url: str, body: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
    """Status and JSON of the answer; raises TimeoutError when it trickles for longer than one task may talk."""
    ends = time.monotonic() + settings.TALK_SECONDS
    client = httpx2.Client(timeout=settings.TALK_SECONDS / 2, trust_env=False, follow_redirects=False)
    with client, client.stream("POST", url, json=body, headers=headers) as answer:
        content = b""
        for piece in answer.iter_bytes():
            content += piece
            if time.monotonic() > ends or len(content) > LARGEST_ANSWER:
                raise TimeoutError
    try:
        return answer.status_code, json.loads(content)
    except ValueError:
        return answer.status_code, None

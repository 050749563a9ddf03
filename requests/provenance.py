"""Where a value of a declaration came from that the reader did not type: source, time, and what it was read from.

Kept beside the values (Declaration.prefilled) and lost as soon as a value is changed, so that nobody is told that a
source says what a person has typed (domain 2.2: the source and time of what is filled in beforehand are recorded).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from lltp_portal.wording import full_moment
from requests.models import Declaration

ACCOUNT, EARLIER, COUNTER = "account", "earlier", "counter"


class Source(NamedTuple):
    """In words for the reader: “Hồ sơ trước YC-…, 08:41, Thứ Năm 19/11/2026”."""

    words: str
    at: datetime


def stamp(source: str, at: datetime, reference: str = "") -> dict[str, str]:
    """What is kept of one field."""
    return {"source": source, "at": at.isoformat(), "reference": reference}


def of(declaration: Declaration, name: str) -> Source | None:
    """Where this field's value comes from; None for what somebody typed."""
    kept = declaration.prefilled.get(name)
    return _read(kept) if kept else None


def all_of(declaration: Declaration) -> dict[str, Source]:
    return {name: _read(kept) for name, kept in declaration.prefilled.items()}


def _read(kept: Mapping[str, str]) -> Source:
    at = datetime.fromisoformat(kept["at"])
    facts = {"code": kept.get("reference", ""), "at": full_moment(at)}
    words = {
        ACCOUNT: _("Từ tài khoản của bạn, %(at)s"),
        EARLIER: _("Từ hồ sơ trước của bạn, mã %(code)s, %(at)s"),
        COUNTER: _("Cán bộ đọc từ giấy tờ tại quầy, %(at)s"),
    }
    return Source(words[kept["source"]] % facts, at)

"""Where a request is, for whoever holds both its codes and has no account: a word for the state and the promised day.

The slip and the receipt carry the two codes. Nothing here tells a name, an office, a history or a result (ux C18), and
an unknown code, a wrong secret and a draft are answered alike (reliability-security 2.7).
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest

from django.db.models import F, Q
from django.utils.translation import gettext as _

from lltp_portal.codes import ALPHABET
from requests.models import CertificateRequest
from requests.states import ENDED
from requests.states import State as S

CODE_LENGTH = 16
SECRET_LENGTH = 8
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Compared with when there is no such request; “U” is in no code, so nothing that is typed equals it.
_NOBODYS_SECRET = "U" * SECRET_LENGTH


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All that the two codes tell."""

    words: str
    explained: str
    promised: datetime | None


def _characters(typed: str) -> str:
    """Letters and figures only, in capitals: spaces, dashes and full-width forms are how people copy a code."""
    return "".join(character for character in unicodedata.normalize("NFKC", typed).upper() if character.isalnum())


def parse_code(typed: str) -> str:
    """“yc 7k3m-9qd2-…” → “YC-7K3M9QD2…”; "" when it cannot be one."""
    characters = _characters(typed).removeprefix("YC").translate(_LOOK_ALIKES)
    fits = len(characters) == CODE_LENGTH and set(characters) <= set(ALPHABET)
    return f"YC-{characters}" if fits else ""


def parse_number(typed: str) -> str:
    """The number of the dossier as it stands on the receipt, which somebody may type in place of the code."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    return text.translate(str.maketrans("‐‑–—−", "-----"))[:60]


def parse_secret(typed: str) -> str:
    return _characters(typed).translate(_LOOK_ALIKES)[: 2 * SECRET_LENGTH]


def whereabouts(number: str, secret: str) -> Whereabouts | None:
    """None for every pair that does not fit. One question to the table and one comparison, whatever was typed."""
    by_either = Q(code=parse_code(number)) | Q(dossier_number=parse_number(number))
    found = CertificateRequest.objects.filter(by_either).annotate(ended=F("certificate__ending__kind")).first()
    known = found.tracking_code if found else _NOBODYS_SECRET
    fits = compare_digest(parse_secret(secret).encode(), known.encode())
    if not fits or found is None or found.state == S.DRAFT:
        return None
    promised = None if found.state in {*ENDED, S.NEEDS_SUPPLEMENT} else found.due_at
    words, explained = _words(found.state)
    if found.ended:  # nothing is to be fetched any more; why is for who filed
        explained = _("Có thay đổi về kết quả. Người nộp hồ sơ đăng nhập để xem.")
    return Whereabouts(words, explained, promised)


def _words(state: str) -> tuple[str, str]:
    """The plain words of ux 4.3. An inquiry at another agency is called checking: that there is one says too much."""
    checking = (_("Đang kiểm tra"), _("Cơ quan đang kiểm tra hồ sơ."))
    to_sign = (_("Chờ ký"), _("Hồ sơ đã kiểm tra xong, đang chờ ký."))
    return {
        S.SUBMITTED: (_("Đã gửi, chờ tiếp nhận"), _("Cán bộ tiếp nhận đang xem hồ sơ đã đủ chưa.")),
        S.AWAITING_PAYMENT: (_("Chờ nộp phí"), _("Hồ sơ được tiếp nhận sau khi phí đã nộp.")),
        S.RECEIVED: (_("Đang tra cứu"), _("Hồ sơ đã được nhận và đang được tra cứu.")),
        S.REVIEWING: checking,
        S.CONSULTING: checking,
        S.NEEDS_SUPPLEMENT: (
            _("Chờ bổ sung"),
            _("Người nộp hồ sơ cần bổ sung. Đăng nhập hoặc hỏi nơi nộp để biết gì."),
        ),
        S.VERIFIED: to_sign,
        S.SIGNING: to_sign,
        S.ISSUED: (_("Đã cấp"), _("Đã có kết quả. Người nộp hồ sơ đăng nhập hoặc đến quầy để nhận.")),
        S.DELIVERED: (_("Đã trả kết quả"), _("Kết quả đã đến tay người nộp hồ sơ.")),
        S.REFUSED: (_("Không được tiếp nhận"), _("Lý do ghi trong giấy đã gửi người nộp hồ sơ.")),
        S.WITHDRAWN: (_("Đã rút"), _("Người nộp hồ sơ đã rút hồ sơ này.")),
        S.STOPPED: (_("Đã dừng xử lý"), _("Lý do đã gửi người nộp hồ sơ.")),
    }[state]

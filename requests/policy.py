"""The dated rules of the law: which law, which office, which deadline, which sources, which words on the paper.

`law_day` is the only answer to “which law”. Authorities, provinces, fee, deadline class, forms, legal basis and
signatory go by it; holidays, ages, expungement and the clock go by real days. Of the regimes of the law only P2
(Thông tư 06/2024/TT-BTP) is written down so far; a day that needs another finds no office and is refused.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from lltp_portal.accounts.models import Authority
from lltp_portal.errors import Invalid
from requests import clock, provinces
from requests.fees import FeeRules
from requests.law import files

if TYPE_CHECKING:
    from requests.models import CertificateRequest, Declaration

LAST_DAY_OF_P2 = date(2025, 2, 28)
NORMAL, EXTENDED, URGENT = "normal", "extended", "urgent"
TERMS = {NORMAL: clock.Term(10), EXTENDED: clock.Term(15), URGENT: clock.Term(24, clock.HOUR)}
CENTRAL = "central"
FORM = {
    1: ("Mẫu số 06/2024/LLTP", "(Ban hành kèm theo Thông tư số 06/2024/TT-BTP)"),
    2: ("Mẫu số 07/2024/LLTP", "(Ban hành kèm theo Thông tư số 06/2024/TT-BTP)"),
}
LEGAL_BASIS = (
    "Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;",
    "Căn cứ Nghị định số 111/2010/NĐ-CP ngày 23 tháng 11 năm 2010 của Chính phủ quy định chi tiết và hướng dẫn "
    "thi hành một số điều của Luật Lý lịch tư pháp;",
)


def law_day(at: datetime) -> date:
    """The day whose law applies to a dossier received at `at`."""
    return LAST_DAY_OF_P2 if settings.LLTP_REGIME == "P2" else clock.local_day(at)


@dataclass(frozen=True)
class Competence:
    """The competent office and, in a sentence for the citizen, why it is."""

    authority: Authority
    reason: str


def competent_authority(declaration: "Declaration", on: date) -> Competence:
    """Who issues (Luật LLTP 2009, Art. 44): permanent residence → temporary → last residence → national centre."""
    last = declaration.residences.filter(country="VN").exclude(province="").last()
    places = (
        (declaration.permanent_province, "nơi bạn thường trú"),
        (declaration.temporary_province, "nơi bạn tạm trú"),
        (last.province if last else "", "nơi bạn cư trú lần cuối tại Việt Nam"),
    )
    try:
        for code, why in places:
            province = provinces.named(code, on) if code else None
            if province:
                authority = Authority.objects.department_of(code, on)
                return Competence(authority, f"{authority.name}: {why} ({province.full_name}).")
        authority = Authority.objects.national_centre(on)
    except Authority.DoesNotExist:
        raise Invalid(
            "Chưa có cơ quan cấp Phiếu cho nơi này theo quy định đang áp dụng. Gọi bộ phận hỗ trợ để được hướng dẫn."
        ) from None
    return Competence(authority, f"{authority.name}: không xác định được nơi cư trú tại Việt Nam của bạn.")


@dataclass(frozen=True)
class Deadline:
    """The class a request falls into, how long the law allows for it, and why."""

    deadline_class: str
    term: clock.Term
    reason: str


def deadline(declaration: "Declaration") -> Deadline:
    """10 working days, or 15 for people who lived in several places or abroad, and foreigners (Art. 48)."""
    if declaration.nationality != "VN":
        return Deadline(EXTENDED, TERMS[EXTENDED], "người nước ngoài")
    stays = list(declaration.residences.all())
    if any(stay.country != "VN" for stay in stays):
        return Deadline(EXTENDED, TERMS[EXTENDED], "đã cư trú ở nước ngoài")
    places = {stay.province for stay in stays if stay.province} | ({declaration.permanent_province} - {""})
    if len(places) > 1:
        return Deadline(EXTENDED, TERMS[EXTENDED], f"đã cư trú tại {len(places)} tỉnh, thành phố")
    return Deadline(NORMAL, TERMS[NORMAL], "cư trú tại một tỉnh, thành phố")


@cache
def _fee_rows() -> tuple[files.Row, ...]:
    return tuple(files.in_order(files.read_file(files.FOLDER / "fees.toml")))


def fee_rules(on: date, channel: str) -> FeeRules:
    """The fee table of a day for a channel (online, counter, post). Raises Invalid where the law gives none."""
    held = [row for row in _fee_rows() if row.key == channel and row.in_force_on(on)]
    if not held:
        raise Invalid(f"Chưa có biểu phí cho ngày {on:%d/%m/%Y}. Gọi bộ phận hỗ trợ để được hướng dẫn.")
    return FeeRules.from_value(held[-1].value)


def required_sources(certificate_request: "CertificateRequest") -> frozenset[str]:
    """Who must answer before a clerk reviews; other agencies join with the records issue (domain 4.8)."""
    return frozenset({CENTRAL})

"""Which office is competent, and why in a sentence for the citizen (domain 3, J1 to J8).

The cases and the places that each of them tries are rows of the law (data/competence.toml); here is only how a
declaration is sorted into its case and a place turned into an office of the day.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lltp_portal import provinces
from lltp_portal.accounts.models import Authority
from lltp_portal.errors import Invalid
from lltp_portal.provinces import Province
from requests.law import regimes, table

if TYPE_CHECKING:
    from requests.models import Declaration

COUNTER = "counter"


@dataclass(frozen=True)
class Competence:
    """The competent office, the case of the law that leads to it, and why in a sentence for the citizen."""

    authority: Authority
    reason: str
    case: str = ""
    source: str = ""


@dataclass(frozen=True)
class Places:
    """Where somebody lives or lived, as provinces of the law day; None where there is none."""

    permanent: Province | None
    temporary: Province | None
    current: Province | None
    last: Province | None


def places_of(declaration: "Declaration", day: date) -> Places:
    """Old codes lead to the province that succeeded (domain 11)."""
    stays = [stay for stay in declaration.residences.all() if stay.country == "VN" and stay.province]
    current = next((stay.province for stay in reversed(stays) if not stay.to_month), "")
    last = declaration.last_province or (stays[-1].province if stays else "")
    return Places(
        permanent=provinces.resolved(declaration.permanent_province, day),
        temporary=provinces.resolved(declaration.temporary_province, day),
        current=provinces.resolved(current, day),
        last=provinces.resolved(last, day),
    )


def case_of(declaration: "Declaration", places: Places) -> str:
    """J1 to J8: by who asks first, then by who the person is."""
    filed_as = getattr(declaration, "filed_as", "self")
    if filed_as in {"agency", "proceedings_agency"}:
        return "J7" if filed_as == "agency" else "J8"
    if declaration.nationality not in {"", "VN"}:
        return "J6" if declaration.former_resident_foreigner else "J5"
    return _case_of_citizen(declaration, places)


def _case_of_citizen(declaration: "Declaration", places: Places) -> str:
    if getattr(declaration, "no_residence", False):
        return "J4"
    if getattr(declaration, "lives_abroad", False):
        return "J3"
    if places.permanent:
        return "J1"
    if places.temporary:
        return "J2"
    return "J3" if places.last else "J4"


def why(place: str, *, own: bool) -> str:
    """The words for a place that was tried: the reader's own, or that of the person on the certificate."""
    if own:
        return {
            "permanent": _("nơi bạn thường trú"),
            "temporary": _("nơi bạn tạm trú"),
            "current": _("nơi bạn đang ở"),
            "last": _("nơi bạn cư trú lần cuối tại Việt Nam"),
        }[place]
    return {
        "permanent": _("nơi thường trú của người được cấp Phiếu"),
        "temporary": _("nơi tạm trú của người được cấp Phiếu"),
        "current": _("nơi đang ở của người được cấp Phiếu"),
        "last": _("nơi cư trú lần cuối tại Việt Nam của người được cấp Phiếu"),
    }[place]


def nationally_because(case: str) -> str:
    """Why the national office decides."""
    if case == "J6":
        return _("vì đây là người nước ngoài đã rời Việt Nam")
    return _("vì không xác định được nơi cư trú tại Việt Nam")


def competent_authority(declaration: "Declaration", on: date) -> Competence:
    """Who issues by the law of a day (Luật LLTP 2009, Art. 44 to 46; Nghị định 216/2026/NĐ-CP, Art. 22)."""
    regime, places = regimes.on(on), places_of(declaration, on)
    case = case_of(declaration, places)
    row = table.on("competence", case, on)
    if row is None:
        raise regimes.missing(on)
    offices = Authority.objects.in_force_on(on)
    filed = _where_it_was_filed(declaration, regime, on) if row.value["at_counter"] else None
    if filed is not None:
        return Competence(filed, f"{filed.name}, {_('nơi bạn nộp hồ sơ trực tiếp')}.", case, row.source)
    place, province = _first(row.value["places"], places)
    try:
        if province is None:
            authority, reason = offices.get(kind=regime.national), nationally_because(case)
        else:
            authority = offices.get(kind=regime.provincial, province_code=province.code)
            reason = f"{why(place, own=_is_own(declaration))} ({province.full_name})"
    except Authority.DoesNotExist:
        raise Invalid(
            _("Chưa có cơ quan cấp Phiếu cho nơi này theo quy định đang áp dụng. Gọi bộ phận hỗ trợ để được hướng dẫn.")
        ) from None
    return Competence(authority, f"{authority.name}, {reason}.", case, row.source)


def _first(names: list[str], places: Places) -> tuple[str, Province | None]:
    """The first of these places that there is; none leads to the national office."""
    for name in names:
        province = getattr(places, name, None)
        if province is not None:
            return name, province
    return "", None


def _is_own(declaration: "Declaration") -> bool:
    return getattr(declaration, "filed_as", "self") == "self" and not declaration.proxy_name


def _where_it_was_filed(declaration: "Declaration", regime: regimes.Regime, on: date) -> Authority | None:
    """Filed in person with an issuing office: that one, whether it is where the person lives or the nearest."""
    request = declaration.request
    office = request.filed_by.authority if request.channel == COUNTER else None
    if office is None or office.kind not in {regime.provincial, regime.national} or not office.is_in_force_on(on):
        return None
    return office

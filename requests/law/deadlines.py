"""Which class of deadline a request falls into, and why (Luật LLTP 2009, Art. 46 and 48; Luật số 107/2025/QH15)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lltp_portal import provinces
from requests.clock import Term
from requests.law import regimes

if TYPE_CHECKING:
    from requests.models import Declaration

NORMAL, EXTENDED, URGENT = "normal", "extended", "urgent"
BY_LENGTH = (URGENT, NORMAL, EXTENDED)


@dataclass(frozen=True)
class Deadline:
    """The class a request falls into, how long the law of the day `on` allows for it, and why."""

    deadline_class: str
    term: Term
    reason: str
    on: date

    def is_longer_than(self, deadline_class: str) -> bool:
        """Whether this is a class for which the law allows more time; urgent, normal, extended."""
        return BY_LENGTH.index(self.deadline_class) > BY_LENGTH.index(deadline_class)


def deadline(declaration: "Declaration", on: date) -> Deadline:
    """The class by who asks and where the person lived; its term by the law of the day of receipt."""
    deadline_class, reason = _class_and_reason(declaration, on)
    return Deadline(deadline_class, regimes.on(on).deadlines[deadline_class], reason, on)


def _class_and_reason(declaration: "Declaration", on: date) -> tuple[str, str]:
    if getattr(declaration, "filed_as", "self") == "proceedings_agency":
        return URGENT, _("yêu cầu của cơ quan tiến hành tố tụng")
    if declaration.nationality not in {"", "VN"}:
        return EXTENDED, _("người nước ngoài")
    stays = list(declaration.residences.all())
    if getattr(declaration, "lives_abroad", False) or any(stay.country != "VN" for stay in stays):
        return EXTENDED, _("đã cư trú ở nước ngoài")
    codes = {stay.province for stay in stays} | {declaration.permanent_province}
    places = len({found.code for code in codes if (found := provinces.resolved(code, on))})
    if places > 1:
        return EXTENDED, _("đã cư trú tại %(places)d tỉnh, thành phố") % {"places": places}
    return NORMAL, _("cư trú tại một tỉnh, thành phố")

"""Who must be asked about an applicant, and why: the rules of the day over the facts of one request. Pure.

The central database is always asked, and a worker asks it; other agencies are asked by letter (Nghị định 111/2010,
Điều 17, 24 to 28; Thông tư liên tịch 04/2012). What the rules are is data: requests/law/data/source.toml.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices

from requests.clock import Term

CENTRAL = "central"
LAW_BEGAN = date(2010, 7, 1)  # what is older than the law is not in its database (Luật LLTP 2009)
LIABLE_FROM_AGE = 14  # Bộ luật Hình sự: before it nobody can have a record


class Source(TextChoices):
    """Agencies that are asked by letter."""

    POLICE = "police", "Cơ quan hồ sơ nghiệp vụ công an"
    NATIONAL_CENTRE = "national_centre", "Trung tâm Lý lịch tư pháp quốc gia"
    MILITARY = "military", "Bộ Quốc phòng, Tòa án quân sự"
    COURT = "court", "Tòa án"
    ENFORCEMENT = "enforcement", "Cơ quan thi hành án"
    PROCURACY = "procuracy", "Viện kiểm sát nhân dân"
    PRISON = "prison", "Trại giam, cơ quan thi hành án hình sự"
    COMMUNE = "commune", "Ủy ban nhân dân cấp xã"
    PROSECUTING = "prosecuting", "Cơ quan tiến hành tố tụng"
    OTHER = "other", "Cơ quan khác"


@dataclass(frozen=True)
class SourceRule:
    """One row of the law: when this source must be asked, whether an office may choose, and how long it has."""

    source: str
    name: str
    when: str
    default: bool
    switchable: bool
    shortcut: bool
    term: Term
    complicated: Term
    basis: str
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: str, value: Mapping[str, Any], basis: str) -> "SourceRule":
        unit = value["unit"]
        return cls(
            source=key,
            name=value["name"],
            when=value["when"],
            default=value["default"],
            switchable=value["switchable"],
            shortcut=value["shortcut"],
            term=Term(value["amount"], unit),
            complicated=Term(value["complicated"], unit),
            basis=basis,
            words=tuple(value.get("words", ())),
        )


@dataclass(frozen=True)
class Stay:
    """What a stay of the declaration says that matters here."""

    province: str
    country: str
    works_as: str
    in_service: bool


@dataclass(frozen=True)
class Case:
    """The facts of one request. `born_first` is the earliest day that the date of birth may mean; None: unknown.

    `switched` is the office's own choice on the day of receipt; `earlier_clear` the basis of the shortcut of Điều 28
    where it holds and nobody has set it aside.
    """

    born_first: date | None
    foreign: bool = False
    stays: tuple[Stay, ...] = ()
    switched: Mapping[str, bool] = field(default_factory=dict)
    earlier_clear: str = ""
    hit_without_judgment: str = ""
    expunged_by_itself: str = ""


@dataclass(frozen=True)
class Required:
    """One source that must answer before anybody verifies. `spared`: it need not be asked, and `reason` says why."""

    source: str
    name: str
    reason: str
    basis: str
    spared: bool = False


ALWAYS = Required(
    CENTRAL, "Cơ sở dữ liệu lý lịch tư pháp trung ương", "Mọi hồ sơ", "Luật Lý lịch tư pháp 2009, Điều 47"
)


def required_sources(case: Case, regime: Mapping[str, SourceRule]) -> tuple[Required, ...]:
    """Every source that this request needs by these rules, the central database first, each with its reason."""
    found = [ALWAYS]
    for rule in regime.values():
        reason = WHEN[rule.when](case, rule)
        if not reason or not is_on(case, rule):
            continue
        if rule.shortcut and case.earlier_clear:
            found.append(Required(rule.source, rule.name, case.earlier_clear, rule.basis, spared=True))
        else:
            found.append(Required(rule.source, rule.name, reason, rule.basis))
    return tuple(found)


def is_on(case: Case, rule: SourceRule) -> bool:
    """By the law, or by the office's choice where the law leaves it one."""
    return case.switched.get(rule.source, rule.default) if rule.switchable else rule.default


def to_ask(required: Iterable[Required]) -> frozenset[str]:
    """The agencies that are asked by letter; the central database is asked by a worker."""
    return frozenset(one.source for one in required if one.source != CENTRAL and not one.spared)


# --- When -----------------------------------------------------------------------------------------------------------


def _before_2010(case: Case, rule: SourceRule) -> str:
    """Old enough to have been liable before the law began; whose age nobody knows is old enough."""
    if case.born_first is None:
        return "Chưa rõ ngày sinh nên có thể đã đủ 14 tuổi trước ngày 01/7/2010"
    liable_from = (case.born_first.year + LIABLE_FROM_AGE, case.born_first.month, case.born_first.day)
    began = (LAW_BEGAN.year, LAW_BEGAN.month, LAW_BEGAN.day)
    return "Đã đủ 14 tuổi trước ngày 01/7/2010" if liable_from < began else ""


def _served(case: Case, rule: SourceRule) -> str:
    """A stay under arms, or work that is called by one of the rule's words."""
    if any(stay.in_service for stay in case.stays):
        return "Có thời gian tại ngũ trong quá trình cư trú"
    for stay in case.stays:
        works_as = stay.works_as.casefold()
        if any(word in works_as for word in rule.words):
            return "Khai nghề nghiệp, nơi làm việc thuộc quân đội"
    return ""


def _wide(case: Case, rule: SourceRule) -> str:
    if case.foreign:
        return "Người nước ngoài"
    if any(stay.country != "VN" for stay in case.stays):
        return "Đã cư trú ở nước ngoài"
    places = {stay.province for stay in case.stays if stay.province}
    return f"Đã cư trú tại {len(places)} tỉnh, thành phố" if len(places) > 1 else ""


WHEN: dict[str, Callable[[Case, SourceRule], str]] = {
    "before_2010": _before_2010,
    "served": _served,
    "wide": _wide,
    "hit_without_judgment": lambda case, rule: case.hit_without_judgment,
    "expunged_by_itself": lambda case, rule: case.expunged_by_itself,
    "when_needed": lambda case, rule: "",
}

"""Two persons of the register who are one, and one who is two: joined and divided as facts, with nothing lost.

The register's contract has one date of birth and one of each parent, and the matching excludes by them (domain 12.2).
A joined person must therefore never be excluded where one of their parts would not have been: a date is kept only as
exactly as the parts agree, a field in which they differ says nothing, names and numbers are all kept. What was there
before is kept beside it, whole (`RegisterAlias.part`, `PersonChange`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from records.facts import PendingProsecution, RegisterRecord
from records.names import PartialDate, key1, normal_number

MAY_DIFFER = {
    "sex": "Giới tính",
    "place_of_birth_province": "Tỉnh nơi sinh",
    "place_of_birth": "Nơi sinh",
    "nationality": "Quốc tịch",
    "ethnicity": "Dân tộc",
    "father_name": "Họ và tên cha",
    "mother_name": "Họ và tên mẹ",
    "spouse_name": "Họ và tên vợ hoặc chồng",
}


class CannotJoin(ValueError):
    """Why these two may not become one; the words say what to do first."""


def joined(parts: Sequence[RegisterRecord]) -> RegisterRecord:
    """One person out of these, under the register_id and the name of the first. Raises CannotJoin."""
    first, *others = parts
    for other in others:
        first = _two(first, other, _common_birth(first.date_of_birth, other.date_of_birth))
    return first


def kept_together(first: RegisterRecord, other: RegisterRecord) -> RegisterRecord:
    """As `joined`, where the births contradict each other with the first one's: nothing is lost, a person has to look."""
    try:
        return joined([first, other])
    except CannotJoin:
        return _two(first, other, first.date_of_birth)


def differing(one: RegisterRecord, other: RegisterRecord) -> list[str]:
    """Labels of what the two say differently, which a joined person will therefore not say at all."""
    return [label for field, label in MAY_DIFFER.items() if _agreed(getattr(one, field), getattr(other, field)) is _NOTHING]


def covers(record: RegisterRecord, other: RegisterRecord) -> bool:
    """Whether this one says everything that the other says, and nothing else about birth and parents."""
    names = {key1(name) for name in (record.full_name, *record.other_names)}
    numbers = {normal_number(document.number) for document in record.identity_documents}
    said = ((getattr(record, field), getattr(other, field)) for field in ("date_of_birth", "father_name", "mother_name"))
    return (
        all(told is None or told == here for here, told in said)
        and {key1(name) for name in (other.full_name, *other.other_names)} <= names
        and {normal_number(document.number) for document in other.identity_documents} <= numbers
        and set(other.convictions) <= set(record.convictions)
        and set(other.bans) <= set(record.bans)
        and (other.pending_prosecution is None or record.pending_prosecution is not None)
    )


class _Nothing:
    pass


_NOTHING = _Nothing()


def _agreed(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    same = one == other or key1(one) == key1(other)
    return one if same else _NOTHING


def _two(one: RegisterRecord, other: RegisterRecord, birth: PartialDate) -> RegisterRecord:
    agreed = {field: _agreed(getattr(one, field), getattr(other, field)) for field in MAY_DIFFER}
    return replace(
        one,
        **{field: None if value is _NOTHING else value for field, value in agreed.items()},
        date_of_birth=birth,
        other_names=_names(one, other),
        identity_documents=_documents(one, other),
        residences=tuple(dict.fromkeys((*one.residences, *other.residences))),
        convictions=tuple(dict.fromkeys((*one.convictions, *other.convictions))),
        bans=tuple(dict.fromkeys((*one.bans, *other.bans))),
        pending_prosecution=_pending(one.pending_prosecution, other.pending_prosecution),
    )


def _common_birth(one: PartialDate, other: PartialDate) -> PartialDate:
    """As exactly as both agree: 1980-05-17 and 1980-05-18 become 1980-05; of a year and a day in it, the year."""
    if one.year != other.year:
        raise CannotJoin(
            "Hai hồ sơ ghi năm sinh khác nhau. Cập nhật giấy tờ cải chính ngày sinh cho một trong hai hồ sơ trước khi gộp."
        )
    common = []
    for left, right in zip_longest(one.text.split("-"), other.text.split("-")):
        if left != right:
            break
        common.append(left)
    return PartialDate.parse("-".join(common))


def _names(one: RegisterRecord, other: RegisterRecord) -> tuple[str, ...]:
    found = {key1(one.full_name): one.full_name}
    for name in (*one.other_names, other.full_name, *other.other_names):
        found.setdefault(key1(name), name)
    return tuple(found.values())[1:]


def _documents(one: RegisterRecord, other: RegisterRecord):
    found = {(document.type, normal_number(document.number)): document for document in one.identity_documents}
    for document in other.identity_documents:
        found.setdefault((document.type, normal_number(document.number)), document)
    return tuple(found.values())


def _pending(one: PendingProsecution | None, other: PendingProsecution | None) -> PendingProsecution | None:
    """Two cases told by one row: the later one, with its crime's day unknown, leaves most in doubt."""
    if one is None or other is None or one == other:
        return one or other
    return PendingProsecution(max(one.since, other.since))


# --- One who is two -------------------------------------------------------------------------------------------------


THE_NAME = -1


@dataclass(frozen=True)
class Taken:
    """What belongs to the other person: which of the names and rows on file, by position, so that it tells nobody's data."""

    name: int = THE_NAME  # which of the names is theirs, by its place among the other names
    year_only: bool = False
    convictions: tuple[int, ...] = ()
    bans: tuple[int, ...] = ()
    identity_documents: tuple[int, ...] = ()
    other_names: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> "Taken":
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in written.items()})


def divided(record: RegisterRecord, taken: Taken, new_id: str) -> tuple[RegisterRecord, RegisterRecord]:
    """Who stays and who is new; every row is with one of the two. Raises CannotJoin where nothing would move."""
    if not (taken.convictions or taken.bans):
        raise CannotJoin("Chọn ít nhất một tội danh hoặc quyết định cấm thuộc về người kia.")
    moved = {field: _chosen(getattr(record, field), getattr(taken, field)) for field in _MOVABLE}
    stays = replace(record, **{field: left for field, (_, left) in moved.items()})
    names = (*record.other_names, record.full_name)
    if not THE_NAME <= taken.name < len(record.other_names):
        raise CannotJoin(OLD_PAGE)
    birth = record.date_of_birth
    new = RegisterRecord(
        register_id=new_id,
        full_name=names[taken.name],
        date_of_birth=PartialDate.parse(birth.text[:4]) if taken.year_only else birth,
        **{field: went for field, (went, _) in moved.items()},
    )
    return stays, new


OLD_PAGE = "Hồ sơ đã thay đổi từ khi bạn mở trang. Hãy tải lại trang và chọn lại."
_MOVABLE = ("convictions", "bans", "identity_documents", "other_names")


def _chosen(items: tuple[Any, ...], positions: Iterable[int]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    wanted = set(positions)
    if not wanted <= set(range(len(items))):
        raise CannotJoin(OLD_PAGE)
    went = tuple(item for position, item in enumerate(items) if position in wanted)
    return went, tuple(item for position, item in enumerate(items) if position not in wanted)

"""Two rows of the register that are one person, and one row that is two persons: facts shared and divided, none lost.

A joined person keeps every row with exactly the names, numbers, birth and parents that it had: what the matching finds
and what it excludes (domain 12.2) does not change by joining, for any question. What the rows share from then on is
what was decided about the person: judgments, bans and a running prosecution, of all of them in each of them. So
whichever row is recognised brings everything along, and both together say it once (`judgments_on`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from records.facts import PendingProsecution, RegisterRecord
from records.judgments import judgment_key
from records.names import PartialDate, key1, normal_number

IDENTITY = {
    "full_name": "Họ và tên",
    "date_of_birth": "Ngày sinh",
    "sex": "Giới tính",
    "place_of_birth_province": "Tỉnh nơi sinh",
    "place_of_birth": "Nơi sinh",
    "nationality": "Quốc tịch",
    "ethnicity": "Dân tộc",
    "father_name": "Họ và tên cha",
    "mother_name": "Họ và tên mẹ",
    "spouse_name": "Họ và tên vợ hoặc chồng",
}


class CannotDivide(ValueError):
    """Why this may not become two; the words say what to do first."""


def joined(parts: Sequence[RegisterRecord]) -> list[RegisterRecord]:
    """Each part as it is, with the facts of all."""
    convictions = tuple(dict.fromkeys(one for part in parts for one in part.convictions))
    bans = tuple(dict.fromkeys(one for part in parts for one in part.bans))
    pending = both_pending([part.pending_prosecution for part in parts if part.pending_prosecution])
    return [replace(part, convictions=convictions, bans=bans, pending_prosecution=pending) for part in parts]


def both_pending(cases: list[PendingProsecution]) -> PendingProsecution | None:
    """Several cases told by one row: the latest one, with its crime's day unknown, leaves most in doubt."""
    if len(set(cases)) < 2:
        return cases[0] if cases else None
    return PendingProsecution(max(case.since for case in cases))


def differing(one: RegisterRecord, other: RegisterRecord) -> list[str]:
    """Labels of what the two say differently: who joins them has to have a reason for each."""
    return [label for field, label in IDENTITY.items() if not _agree(getattr(one, field), getattr(other, field))]


def _agree(one: Any, other: Any) -> bool:
    if one is None or other is None or one == other:
        return True
    return isinstance(one, str) and key1(one) == key1(other)


def covers(record: RegisterRecord, other: RegisterRecord) -> bool:
    """Whether this one says everything that the other says, and nothing else about birth and parents."""
    said = (
        (getattr(record, field), getattr(other, field)) for field in ("date_of_birth", "father_name", "mother_name")
    )
    return (
        all(told is None or told == here for here, told in said)
        and _names(other) <= _names(record)
        and _numbers(other) <= _numbers(record)
        and set(other.convictions) <= set(record.convictions)
        and set(other.bans) <= set(record.bans)
        and other.pending_prosecution in (None, record.pending_prosecution)
    )


def _names(record: RegisterRecord) -> set[str]:
    return {key1(name) for name in (record.full_name, *record.other_names)}


def _numbers(record: RegisterRecord) -> set[str]:
    return {normal_number(document.number) for document in record.identity_documents}


def kept_together(decided: RegisterRecord, brought: RegisterRecord) -> RegisterRecord:
    """What people decided, and beside it whatever else a later file says: a person has to look, nothing is lost."""
    filled = {field: getattr(brought, field) for field in IDENTITY if getattr(decided, field) is None}
    cases = [one.pending_prosecution for one in (decided, brought) if one.pending_prosecution]
    names = {key1(name): name for name in (brought.full_name, *brought.other_names)}
    known = _names(decided)
    numbers = _numbers(decided)
    return replace(
        decided,
        **filled,
        pending_prosecution=both_pending(cases),
        other_names=(*decided.other_names, *(name for key, name in names.items() if key not in known)),
        identity_documents=(
            *decided.identity_documents,
            *(one for one in brought.identity_documents if normal_number(one.number) not in numbers),
        ),
        residences=tuple(dict.fromkeys((*decided.residences, *brought.residences))),
        convictions=tuple(dict.fromkeys((*decided.convictions, *brought.convictions))),
        bans=tuple(dict.fromkeys((*decided.bans, *brought.bans))),
    )


def without_what_was_divided(line: RegisterRecord, before: RegisterRecord, stays: RegisterRecord) -> RegisterRecord:
    """A later line of a row that was divided: what `before` had and `stays` has no more belongs to the other person.

    A judgment is known by its number, court and day: the line may tell more of it than was known then.
    """
    return replace(line, **{field: _not_gone(field, line, before, stays) for field in _KNOWN_BY})


def _not_gone(field: str, line: RegisterRecord, before: RegisterRecord, stays: RegisterRecord) -> tuple[Any, ...]:
    known_by = _KNOWN_BY[field]
    gone = {known_by(item) for item in getattr(before, field)} - {known_by(item) for item in getattr(stays, field)}
    return tuple(item for item in getattr(line, field) if known_by(item) not in gone)


_KNOWN_BY: dict[str, Callable[[Any], Any]] = {
    "convictions": judgment_key,
    "bans": lambda ban: key1(ban.decision_number),
    "identity_documents": lambda document: normal_number(document.number),
    "other_names": key1,
}


# --- One who is two -------------------------------------------------------------------------------------------------


THE_NAME = -1


@dataclass(frozen=True)
class Taken:
    """What belongs to the other person: which of the names and rows on file, by position: nobody's data is in it."""

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
    """Who stays and who is new; every row is with one of the two. Raises CannotDivide where nothing would move."""
    if not (taken.convictions or taken.bans):
        raise CannotDivide("Chọn ít nhất một tội danh hoặc quyết định cấm thuộc về người kia.")
    moved = {field: _chosen(getattr(record, field), getattr(taken, field)) for field in _MOVABLE}
    stays = replace(record, **{field: left for field, (_, left) in moved.items()})
    names = (*record.other_names, record.full_name)
    if not THE_NAME <= taken.name < len(record.other_names):
        raise CannotDivide(OLD_PAGE)
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
        raise CannotDivide(OLD_PAGE)
    went = tuple(item for position, item in enumerate(items) if position in wanted)
    return went, tuple(item for position, item in enumerate(items) if position not in wanted)

"""What a paper changes in a person of the register: facts in, facts out, nothing guessed and nothing dropped.

A fact that is there already stays. A fact that differs from what is there is refused in words, unless somebody has said
that the paper is right (`correcting`): which of the two is true only a person with the papers can say.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from records import facts
from records.facts import Conviction, RegisterRecord, Unknown
from records.incoming import contract
from records.incoming.contract import Content, Information
from records.joining import both_pending
from records.names import key1, normal_number


class DoesNotFit(ValueError):
    """The paper cannot be worked into this person; the words say why and what to do."""


def changed(record: RegisterRecord, information: Information, *, correcting: bool = False) -> RegisterRecord:
    """The person as they are after this paper. Working the same paper in again changes nothing."""
    return _CHANGES[information.kind](record, information.content, correcting)


def learned(record: RegisterRecord, information: Information) -> RegisterRecord:
    """The names and numbers by which the paper knows the person, added to those on file: found by either."""
    about = information.about
    return replace(
        record,
        other_names=_more_names(record, (about.full_name, *about.other_names)),
        identity_documents=_more_documents(record, about.identity_documents),
    )


def concerns(record: RegisterRecord, information: Information) -> bool:
    """Whether the paper speaks of a judgment that is on file here; which part of a joined person it belongs to."""
    content = information.content
    named = [content.judgment] if content.judgment else []
    named += [contract.JudgmentNamed(one.judgment_number, one.court, one.judgment_date) for one in content.convictions]
    return any(judgment.is_of(conviction) for judgment in named for conviction in record.convictions)


def _more_names(record: RegisterRecord, names: tuple[str, ...]) -> tuple[str, ...]:
    known, found = {key1(name) for name in (record.full_name, *record.other_names)}, list(record.other_names)
    for name in names:
        if key1(name) not in known:
            known.add(key1(name))
            found.append(name)
    return tuple(found)


def _more_documents(record: RegisterRecord, documents: tuple[facts.IdentityDocument, ...]):
    known = {normal_number(document.number) for document in record.identity_documents}
    return record.identity_documents + tuple(d for d in documents if normal_number(d.number) not in known)


# --- Judgments ------------------------------------------------------------------------------------------------------


def _same_offence(one: Conviction, other: Conviction) -> bool:
    same_judgment = contract.JudgmentNamed(one.judgment_number, one.court, one.judgment_date).is_of(other)
    same = (one.offence.code, one.offence.article, one.offence.title) == (
        other.offence.code,
        other.offence.article,
        other.offence.title,
    )
    return same_judgment and same


# What other papers tell of a judgment, and what the judgment's own copy may leave unsaid.
_MAY_BE_UNSAID = (
    "effective_date",
    "annulled",
    "main_penalty_completed_on",
    "execution_limitation_expired_on",
    "additional_penalties",
    "obligations",
    "clemency",
    "expungement",
)


def _with_what_came_after(new: Conviction, old: Conviction) -> Conviction:
    """The judgment as the paper tells it; where the paper says nothing, what is on file stays: nothing is dropped."""
    silence = {field.name: field.default for field in fields(Conviction)}
    unsaid = [name for name in _MAY_BE_UNSAID if getattr(new, name) == silence[name]]
    return replace(new, **{name: getattr(old, name) for name in unsaid})


def _with_judgment(record: RegisterRecord, content: Content, correcting: bool) -> RegisterRecord:
    convictions = list(record.convictions)
    for new in content.convictions:
        known = [position for position, old in enumerate(convictions) if _same_offence(old, new)]
        if new in convictions or any(_with_what_came_after(new, convictions[one]) == convictions[one] for one in known):
            continue
        if known and not correcting:
            raise DoesNotFit(
                f"Hồ sơ đã có bản án số {new.judgment_number} về tội này với nội dung khác. Đối chiếu bản án; "
                "nếu văn bản mới đúng, chọn “Văn bản này thay cho dữ liệu đang có”."
            )
        if known:
            convictions[known[0]] = _with_what_came_after(new, convictions[known[0]])
            convictions = [one for position, one in enumerate(convictions) if position not in known[1:]]
        else:
            convictions.append(new)
    return replace(record, convictions=tuple(convictions))


def _of_judgment(change: Callable[[Conviction, Content, bool], Conviction]):
    """A change of every offence of the judgment that the paper names."""

    def apply(record: RegisterRecord, content: Content, correcting: bool) -> RegisterRecord:
        assert content.judgment
        if not any(content.judgment.is_of(conviction) for conviction in record.convictions):
            raise DoesNotFit(
                f"Hồ sơ của người này không có bản án số {content.judgment.judgment_number} ngày "
                f"{content.judgment.judgment_date:%d/%m/%Y}. Cập nhật bản án trước, hoặc trả lại nơi gửi."
            )
        return replace(
            record,
            convictions=tuple(
                change(conviction, content, correcting) if content.judgment.is_of(conviction) else conviction
                for conviction in record.convictions
            ),
        )

    return apply


def _set(conviction: Conviction, field: str, value: Any, label: str, correcting: bool) -> Conviction:
    old = getattr(conviction, field)
    if old == value:
        return conviction
    if old is not None and not isinstance(old, Unknown) and not correcting:
        raise DoesNotFit(
            f"Bản án số {conviction.judgment_number} đã ghi {label} khác. Đối chiếu hai văn bản; nếu văn bản mới đúng, "
            "chọn “Văn bản này thay cho dữ liệu đang có”."
        )
    return replace(conviction, **{field: value})


def _in_effect(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
    return _set(conviction, "effective_date", content.effective_date, "ngày có hiệu lực", correcting)


def _completed(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
    if content.main_penalty_completed_on:
        conviction = _set(
            conviction,
            "main_penalty_completed_on",
            content.main_penalty_completed_on,
            "ngày chấp hành xong hình phạt chính",
            correcting,
        )
    return _done(conviction, "additional_penalties", content.additional_penalties, "completed_on", correcting)


def _enforced(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
    return _done(conviction, "obligations", content.obligations, "fulfilled_on", correcting)


def _done(conviction: Conviction, field: str, done: tuple[Any, ...], when: str, correcting: bool) -> Conviction:
    """Days of completion written beside what was imposed; what was never said to be imposed cannot be completed.

    Several of one kind (compensation of two victims) are completed when the paper speaks of all of them: which of them
    a single line means, the register cannot tell.
    """
    items = getattr(conviction, field)
    for kind in dict.fromkeys(one.kind for one in done):
        known = () if isinstance(items, Unknown) else items
        imposed = sum(item.kind == kind for item in known)
        if not imposed:
            raise DoesNotFit(
                f"Bản án số {conviction.judgment_number} trong hồ sơ không ghi khoản mà văn bản nói đã thi hành. "
                "Đối chiếu bản án và cập nhật bản án trước."
            )
        told = [one for one in done if one.kind == kind]
        last = max(told, key=lambda one: getattr(one, when))
        after = tuple(_dated(item, last, when, correcting) if item.kind == kind else item for item in known)
        if after != items and len(told) < imposed and not correcting:
            raise DoesNotFit(
                f"Bản án số {conviction.judgment_number} ghi {imposed} khoản cùng loại mà văn bản chỉ nói {len(told)}. "
                "Đợi xác nhận đủ các khoản; nếu văn bản nói về tất cả, chọn “Văn bản này thay cho dữ liệu đang có”."
            )
        items = after
    return replace(conviction, **{field: items})


def _dated(item: Any, done: Any, when: str, correcting: bool) -> Any:
    day = getattr(done, when)
    if getattr(item, when) not in (None, day) and not correcting:
        raise DoesNotFit("Hồ sơ đã ghi ngày thi hành xong khác. Đối chiếu hai văn bản.")
    return replace(item, **{when: day})


def _clemency(kind: str):
    def change(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
        assert content.date
        return _set(conviction, "clemency", facts.Clemency(kind, content.date), "đặc xá, đại xá", correcting)

    return change


def _expunged(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
    return _set(conviction, "expungement", content.expungement, "việc xóa án tích", correcting)


def _annulled(conviction: Conviction, content: Content, correcting: bool) -> Conviction:
    return replace(conviction, annulled=True)


# --- The person -----------------------------------------------------------------------------------------------------


def _banned(record: RegisterRecord, content: Content, correcting: bool) -> RegisterRecord:
    bans = list(record.bans)
    for new in content.bans:
        known = [
            position for position, old in enumerate(bans) if key1(old.decision_number) == key1(new.decision_number)
        ]
        if new in bans:
            continue
        if known and not correcting:
            raise DoesNotFit(f"Hồ sơ đã có quyết định cấm số {new.decision_number} với nội dung khác. Đối chiếu lại.")
        if known:
            bans[known[0]] = new
        else:
            bans.append(new)
    return replace(record, bans=tuple(bans))


def _identified(record: RegisterRecord, content: Content, correcting: bool) -> RegisterRecord:
    """A changed name: the former one stays as another name, the former numbers stay, so that both still find them."""
    names = _more_names(record, content.other_names)
    full_name = content.full_name or record.full_name
    if key1(full_name) != key1(record.full_name):
        names = (*(name for name in names if key1(name) != key1(full_name)), record.full_name)
    changes: dict[str, Any] = {"full_name": full_name, "other_names": names}
    changes["identity_documents"] = _more_documents(record, content.identity_documents)
    for field in ("date_of_birth", "sex", "father_name", "mother_name"):
        if (value := getattr(content, field)) is not None:
            changes[field] = value
    return replace(record, **changes)


def _prosecuted(record: RegisterRecord, content: Content, correcting: bool) -> RegisterRecord:
    """A second case stands beside the first, told as joined rows tell it; that a case has ended names none.

    So the end of one may be another's: somebody has to say that it is the one on file, and the only one.
    """
    old, new = record.pending_prosecution, content.pending_prosecution
    if old is None or correcting:
        return replace(record, pending_prosecution=new)
    if new is None:
        raise DoesNotFit(
            f"Hồ sơ đang ghi vụ án khởi tố ngày {old.since:%d/%m/%Y}; văn bản không nêu vụ án nào đã kết thúc. Đối "
            "chiếu; nếu đúng vụ đó và không còn vụ nào khác, chọn “Văn bản này thay cho dữ liệu đang có”."
        )
    return replace(record, pending_prosecution=both_pending([old, new]))


_CHANGES: dict[str, Callable[[RegisterRecord, Content, bool], RegisterRecord]] = {
    contract.JUDGMENT: _with_judgment,
    contract.EXECUTION: _of_judgment(_in_effect),
    contract.COMPLETION: _of_judgment(_completed),
    contract.PARDON: _of_judgment(_clemency("dac_xa")),
    contract.AMNESTY: _of_judgment(_clemency("dai_xa")),
    contract.EXPUNGEMENT: _of_judgment(_expunged),
    contract.ENFORCEMENT: _of_judgment(_enforced),
    contract.BAN: _banned,
    contract.IDENTITY: _identified,
    contract.ANNULMENT: _of_judgment(_annulled),
    contract.PROSECUTION: _prosecuted,
}

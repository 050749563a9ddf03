"""Acts on persons of the register: rows, keys, aliases and history in one transaction of `central`.

Each act carries a code. An act whose code is in the history already is done: a worker that died between the two
databases is followed by another that finds so (records/register_acts.py).
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections, transaction

from lltp_portal.errors import StepNotAllowed
from records.answers import canonical_json
from records.facts import RegisterRecord
from records.incoming import working
from records.incoming.contract import Information
from records.joining import CannotDivide, Taken, divided, joined
from records.reading import read_record
from records.register import loading
from records.register.living import IncomingInformation, Merge, PersonChange, QualityIssue, RegisterAlias
from records.register.models import RegisterImport, RegisterPerson
from records.register.preparing import prepare
from records.register.queries import PERSON_WITH_ROWS, as_record

LOCK = "SELECT id FROM public.register_registerperson WHERE register_id = ANY(%s) ORDER BY register_id FOR UPDATE"
READ = f"""
SELECT p.stored_by_id, {PERSON_WITH_ROWS}::text FROM public.register_registerperson p
 WHERE p.register_id = ANY(%s) ORDER BY p.register_id
"""
CHANGED = "Hồ sơ đã thay đổi từ lúc việc này được đề nghị. Mở lại trang, xem hồ sơ như hiện nay rồi đề nghị lại."


class OnFile(NamedTuple):
    """A person as they are on file, and the import that they came with."""

    record: RegisterRecord
    stored_by: int


Change = Callable[[RegisterRecord], RegisterRecord]


class Act(NamedTuple):
    """What the history says about a change."""

    code: str
    kind: str
    source: str
    by: str
    at: datetime


def digest(record: RegisterRecord) -> str:
    """What a page was made from, so that an act on an older page is refused."""
    return hashlib.sha256(canonical_json(record.to_json()).encode()).hexdigest()


def read(register_ids: Iterable[str], *, locked: bool = False) -> dict[str, OnFile]:
    """These persons by register_id; those that are not on file are not in it.

    Locked first and read by a second statement: its snapshot sees what whoever held the lock has written.
    """
    wanted = list(register_ids)
    with connections["central"].cursor() as cursor:
        if locked:
            cursor.execute(LOCK, [wanted])
        cursor.execute(READ, [wanted])
        found = [OnFile(as_record(json.loads(rows)), stored_by) for stored_by, rows in cursor.fetchall()]
    return {one.record.register_id: one for one in found}


def resolve(register_id: str) -> str:
    """Under which register_id the person is found now, for decisions and look-ups that name an older one."""
    return RegisterAlias.objects.resolve(register_id)


def history(register_id: str) -> list[PersonChange]:
    """Every change of this person, of those joined to them and of those taken apart, newest first."""
    now = resolve(register_id)
    ids = {now, register_id, *RegisterAlias.objects.filter(surviving_id=now).values_list("old_id", flat=True)}
    return list(PersonChange.objects.filter(register_id__in=ids).order_by("-pk"))


# --- Writing --------------------------------------------------------------------------------------------------------


def store_person(record: RegisterRecord, stored_by: int) -> None:
    """The rows and keys of one person anew, by the code that loads files."""
    loading.store([prepare(record)], stored_by)


def delete_person(register_id: str) -> None:
    RegisterPerson.objects.filter(register_id=register_id).delete()


def remember(act: Act, register_id: str, before: RegisterRecord | None, after: RegisterRecord | None) -> None:
    PersonChange.objects.create(
        act=act.code,
        kind=act.kind,
        register_id=register_id,
        before=before.to_json() if before else None,
        after=after.to_json() if after else None,
        source=act.source,
        by=act.by,
        at=act.at,
    )


def is_done(act: Act) -> bool:
    return PersonChange.objects.filter(act=act.code).exists()


def _locked_one(register_id: str) -> OnFile:
    found = read([register_id], locked=True).get(register_id)
    if found is None:
        raise StepNotAllowed("Hồ sơ này không còn trong cơ sở dữ liệu. Mở lại trang để xem hồ sơ hiện nay.")
    return found


def _expect(found: OnFile, expected: str) -> None:
    if expected and digest(found.record) != expected:
        raise StepNotAllowed(CHANGED)


def of_sender(sender: str, at: datetime) -> int:
    """The import that stands for all papers of an office; it never makes an empty register count as filled."""
    source = f"Thông tin đến: {sender}"
    found = RegisterImport.objects.filter(source=source, state=RegisterImport.State.CLOSED).order_by("pk").first()
    if found is None:
        times = {"started_at": at, "finished_at": at, "closed_at": at}
        found = RegisterImport.objects.create(source=source, state=RegisterImport.State.CLOSED, **times)
    return found.pk


# --- A paper --------------------------------------------------------------------------------------------------------


@transaction.atomic(using="central")
def work_in(
    act: Act, code: str, *, register_id: str, is_new: bool, correcting: bool, learn: bool, expected: str
) -> None:
    """The paper's facts into this person (a new one where `is_new`), the paper's own row and the history, at once."""
    row = IncomingInformation.objects.locked().get(code=code)
    if row.act == act.code:
        return
    if not row.is_open:
        raise StepNotAllowed(f"Thông tin này {row.get_state_display().lower()} rồi. Mở lại trang để xem.")
    information = row.information
    act = act._replace(source=information.label)

    def change(record: RegisterRecord) -> RegisterRecord:
        after = working.changed(record, information, correcting=correcting)
        return working.learned(after, information) if learn else after

    if is_new:
        after = working.changed(information.about.record(register_id), information)
        store_person(after, of_sender(information.sender, act.at))
        remember(act, register_id, None, after)
    else:
        _work_into(act, register_id, information, change, expected)
    row.state, row.act, row.register_id = row.State.WORKED_IN, act.code, register_id
    row.settled_by, row.settled_at = act.by, act.at
    row.save()


def _work_into(act: Act, register_id: str, information: Information, change: Change, expected: str) -> None:
    """Of a joined person the parts that the paper is about, so that an undo knows whose it is; else the chosen row."""
    found = _locked_one(register_id)
    _expect(found, expected)
    parts = {alias.old_id: alias for alias in RegisterAlias.objects.select_for_update().of_person(resolve(register_id))}
    if not parts:
        after = change(found.record)
        store_person(after, found.stored_by)
        remember(act, register_id, found.record, after)
        return
    records = {part_id: read_record(alias.part, "") for part_id, alias in parts.items()}
    for part_id in [one for one, part in records.items() if working.concerns(part, information)] or [register_id]:
        keep_part(parts[part_id], change(records[part_id]))
    share_facts(act, resolve(register_id))


def keep_part(alias: RegisterAlias, record: RegisterRecord) -> None:
    """What a row of a joined person says by itself; the digests of what it said before are kept for later imports."""
    before = read_record(alias.part, "")
    if record != before:
        alias.earlier, alias.part = [*alias.earlier, digest(before)], record.to_json()
        alias.save()


def share_facts(act: Act | None, surviving: str) -> None:
    """Every row of this person with the facts of all; those that change by it are remembered where an act did it."""
    aliases = list(RegisterAlias.objects.of_person(surviving))
    on_file = read([alias.old_id for alias in aliases], locked=True)
    for after in joined([read_record(alias.part, "") for alias in aliases]):
        before = on_file[after.register_id]
        if after != before.record:
            store_person(after, before.stored_by)
            if act is not None:
                remember(act, after.register_id, before.record, after)


# --- Two who are one ------------------------------------------------------------------------------------------------


@transaction.atomic(using="central")
def merge(act: Act, *, surviving: str, absorbed: str, expected: dict[str, str]) -> None:
    """From now on one person: each row has the facts of both, and the absorbed register_id means the surviving one."""
    if is_done(act):
        return
    found = read([surviving, absorbed], locked=True)
    if len(found) != 2 or resolve(surviving) != surviving or resolve(absorbed) != absorbed:
        raise StepNotAllowed(CHANGED)
    for register_id, one in found.items():
        _expect(one, expected.get(register_id, ""))
        if not RegisterAlias.objects.of_person(register_id).exists():
            part = one.record.to_json()
            RegisterAlias.objects.create(old_id=register_id, surviving_id=register_id, part=part, act=act.code)
    moved = RegisterAlias.objects.filter(surviving_id=absorbed)
    part_ids = list(moved.order_by("pk").values_list("old_id", flat=True))
    moved.update(surviving_id=surviving)
    Merge.objects.create(act=act.code, surviving_id=surviving, absorbed_id=absorbed, part_ids=part_ids)
    share_facts(act, surviving)
    _say_at_least(act, found)


def _say_at_least(act: Act, found: dict[str, OnFile]) -> None:
    """A row that the joining left as it was stands in the history too."""
    told = set(PersonChange.objects.filter(act=act.code).values_list("register_id", flat=True))
    for register_id, one in found.items():
        if register_id not in told:
            remember(act, register_id, one.record, one.record)


@transaction.atomic(using="central")
def undo_merge(act: Act, merged_by: str) -> None:
    """Two as they were, with what was worked into either since; the history keeps the joining and its undoing."""
    if is_done(act):
        return
    done = Merge.objects.select_for_update().get(act=merged_by)
    if done.undone_by:
        raise StepNotAllowed("Việc gộp này đã được hoàn tác.")
    surviving = resolve(done.surviving_id)
    found = read([done.surviving_id, done.absorbed_id], locked=True)
    moved = RegisterAlias.objects.filter(surviving_id=surviving, old_id__in=done.part_ids)
    moved.update(surviving_id=done.absorbed_id)
    changed = [alias.old_id for alias in RegisterAlias.objects.of_person(surviving) if alias.earlier]
    for register_id in (surviving, done.absorbed_id):
        share_facts(act, register_id)
        _forget_lone_part(register_id)
    _say_at_least(act, found)
    Merge.objects.filter(pk=done.pk).update(undone_by=act.code)
    if changed:
        tell("merge_undone", surviving, place=merged_by, at=act.at)


def _forget_lone_part(register_id: str) -> None:
    """A row that is joined to none is no joined person any more."""
    parts = RegisterAlias.objects.of_person(register_id)
    if [alias.old_id for alias in parts] == [register_id]:
        parts.delete()


# --- One who is two -------------------------------------------------------------------------------------------------


@transaction.atomic(using="central")
def split(act: Act, *, register_id: str, new_id: str, taken: Taken, expected: str) -> None:
    """The chosen rows go to a new person; every row is with one of the two."""
    if is_done(act):
        return
    found = _locked_one(register_id)
    _expect(found, expected)
    if RegisterAlias.objects.of_person(resolve(register_id)).exists():
        raise StepNotAllowed("Hồ sơ này do gộp mà thành. Hoàn tác việc gộp trước khi tách.")
    try:
        stays, new = divided(found.record, taken, new_id)
    except CannotDivide as error:
        raise StepNotAllowed(str(error)) from None
    store_person(stays, found.stored_by)
    store_person(new, found.stored_by)
    remember(act, register_id, found.record, stays)
    remember(act, new_id, None, new)


@transaction.atomic(using="central")
def undo_split(act: Act, split_by: str) -> None:
    """One person again, exactly as before, where neither has changed since; the new register_id leads back."""
    if is_done(act):
        return
    rows = {row.register_id: row for row in PersonChange.objects.filter(act=split_by, kind="split")}
    now = read(rows, locked=True)
    same = all(
        register_id in now and now[register_id].record.to_json() == row.after for register_id, row in rows.items()
    )
    joined_since = RegisterAlias.objects.filter(surviving_id__in=rows).exists()
    if len(rows) != 2 or not same or joined_since:
        raise StepNotAllowed("Một trong hai hồ sơ đã thay đổi sau khi tách. Gộp hai hồ sơ thay cho hoàn tác.")
    old = next(row for row in rows.values() if row.before is not None)
    new = next(row for row in rows.values() if row.before is None)
    back = read_record(old.before, "")
    store_person(back, now[old.register_id].stored_by)
    delete_person(new.register_id)
    RegisterAlias.objects.create(old_id=new.register_id, surviving_id=old.register_id, act=act.code)
    remember(act, old.register_id, now[old.register_id].record, back)
    remember(act, new.register_id, now[new.register_id].record, None)


def tell(rule: str, register_id: str, *, place: str, at: datetime, detail: str = "") -> None:
    """Something a person has to look at, found by an act and not by a rule; told once."""
    key = QualityIssue.key_of(register_id, rule, place)
    known = QualityIssue.objects.filter(key=key).exclude(state="closed")
    if not known.exists():
        from_rule: dict[str, Any] = {"rule": rule, "kind": "conflict", "place": place, "key": key, "detail": detail}
        QualityIssue.objects.create(register_id=register_id, opened_at=at, **from_rule)

"""An import brings what its source knows; what people have decided since is not undone by it.

Called in the transaction that stores a batch (loading.run_import), for the persons of the batch: the line of a part of
a joined person lands in that part, a line that is older than a worked-in paper changes nothing, and one that says
something else is kept beside what was there. The last two leave an issue for a person; nothing is lost by default.
"""

from collections.abc import Iterable
from datetime import datetime

from lltp_portal.codes import random_code
from records.facts import RegisterRecord
from records.joining import CannotJoin, covers, joined, kept_together
from records.reading import read_record
from records.register import changing
from records.register.changing import Act, OnFile, digest, tell
from records.register.living import PersonChange, RegisterAlias


def keep_what_people_decided(register_ids: Iterable[str], import_id: int, at: datetime) -> None:
    """Two queries where nothing of the batch was ever joined or changed by hand."""
    ids = list(register_ids)
    parts = {alias.old_id: alias for alias in RegisterAlias.objects.filter(old_id__in=ids, part__isnull=False)}
    changed = set(PersonChange.objects.filter(register_id__in=ids).values_list("register_id", flat=True))
    changed -= parts.keys()
    if not parts and not changed:
        return
    lines = changing.read([*parts, *changed], locked=True)
    for register_id in sorted(changed):
        _keep_changes(lines[register_id], import_id, at)
    for surviving in sorted({alias.surviving_id for alias in parts.values()}):
        _join_again(surviving, parts, lines, import_id, at)


def _keep_changes(line: OnFile, import_id: int, at: datetime) -> None:
    rows = list(PersonChange.objects.filter(register_id=line.record.register_id).order_by("-pk"))
    if rows[0].after is None:
        return  # they had ceased to be: the line makes them anew, and quality checks find whom they resemble
    decided = read_record(rows[0].after, "")
    if covers(line.record, decided):
        return
    if any(row.before == line.record.to_json() for row in rows):
        changing.store_person(decided, line.stored_by)  # what the source knew before the papers came
        return
    both = kept_together(line.record, decided)
    changing.store_person(both, line.stored_by)
    act = Act(random_code(12), "import", f"Lần nạp {import_id}", "import_register", at)
    changing.remember(act, line.record.register_id, decided, both)
    tell("import_differs", line.record.register_id, place=f"{import_id}", at=at)


def _join_again(
    surviving: str, brought: dict[str, RegisterAlias], lines: dict[str, OnFile], import_id: int, at: datetime
) -> None:
    """The joined person out of their parts, those that the import brought among them."""
    before = changing.read([surviving], locked=True).get(surviving)
    aliases = list(RegisterAlias.objects.select_for_update().parts_of(surviving))
    records: list[RegisterRecord] = []
    for alias in aliases:
        old = read_record(alias.part, "")
        records.append(_part(old, alias, lines[alias.old_id].record, import_id, at) if alias.old_id in brought else old)
    stored_by = before.stored_by if before else lines[next(iter(brought))].stored_by
    try:
        after = joined(records)
    except CannotJoin:
        _leave_apart(surviving, records, stored_by)
        for alias in aliases:
            if alias.old_id in brought:
                tell("import_apart", alias.old_id, place=f"{import_id}", at=at)
        return
    for alias, record in zip(aliases, records, strict=True):
        RegisterAlias.objects.filter(pk=alias.pk).update(part=record.to_json())
        if alias.old_id != surviving and alias.old_id in brought:
            changing.delete_person(alias.old_id)
    changing.store_person(after, stored_by)


def _part(old: RegisterRecord, alias: RegisterAlias, line: RegisterRecord, import_id: int, at: datetime) -> RegisterRecord:
    if covers(line, old):
        return line
    if digest(line) in alias.earlier or digest(line) == digest(old):
        return old
    tell("import_differs", alias.surviving_id, place=f"{import_id}/{alias.old_id}", at=at)
    return kept_together(line, old)


def _leave_apart(surviving: str, records: list[RegisterRecord], stored_by: int) -> None:
    """Births that contradict: the joined person keeps everything known, what was brought stays findable as it came."""
    own = records[0]
    for record in records[1:]:
        own = kept_together(own, record)
    changing.store_person(own, stored_by)

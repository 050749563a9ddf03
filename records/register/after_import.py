"""An import brings what its source knows; what people have decided since is not undone by it.

Called in the transaction that stores a batch (loading.run_import), for the persons of the batch. The line of a row that
belongs to a joined person reaches all their rows; a line that only repeats what was known before a paper was worked in
changes nothing; one that says something else is kept beside what was decided, and told to a person.
"""

from collections.abc import Iterable
from datetime import datetime

from lltp_portal.codes import random_code
from records.facts import RegisterRecord
from records.joining import covers, kept_together, without_what_was_divided
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
    for register_id, alias in sorted(parts.items()):
        old = read_record(alias.part, "")
        RegisterAlias.objects.filter(pk=alias.pk).update(
            part=_part(old, alias, lines[register_id].record, import_id, at).to_json()
        )
    for surviving in sorted({alias.surviving_id for alias in parts.values()}):
        changing.share_facts(None, surviving)


def _keep_changes(line: OnFile, import_id: int, at: datetime) -> None:
    rows = list(PersonChange.objects.filter(register_id=line.record.register_id).order_by("-pk"))
    if rows[0].after is None:
        return  # they had ceased to be: the line makes them anew, and quality checks find whom they resemble
    decided = read_record(rows[0].after, "")
    theirs = _of_them(line.record, decided, rows)
    if theirs == line.record and covers(theirs, decided):
        return
    if any(row.before == line.record.to_json() for row in rows):
        changing.store_person(decided, line.stored_by)  # what the source knew before the papers came
        return
    both = kept_together(decided, theirs)
    changing.store_person(both, line.stored_by)
    act = Act(random_code(12), "import", f"Lần nạp {import_id}", "import_register", at)
    changing.remember(act, line.record.register_id, decided, both)
    tell("import_differs", line.record.register_id, place=f"{import_id}", at=at)


def _part(
    old: RegisterRecord, alias: RegisterAlias, line: RegisterRecord, import_id: int, at: datetime
) -> RegisterRecord:
    """What this row of a joined person says from now on."""
    rows = _changes_before_joining(alias)
    theirs = _of_them(line, old, rows)
    if theirs == line and (covers(line, old) or not (alias.earlier or rows)):
        return line  # nobody has changed it by hand, or the line knows what they decided
    if digest(line) in alias.earlier or any(row.before == line.to_json() for row in rows):
        return old
    tell("import_differs", alias.old_id, place=f"{import_id}", at=at)
    return kept_together(old, theirs)


def _changes_before_joining(alias: RegisterAlias) -> list[PersonChange]:
    """What people decided of this row while it stood alone is as good as what they decided since."""
    rows = PersonChange.objects.filter(register_id=alias.old_id)
    joined = rows.filter(act=alias.act).values_list("pk", flat=True).first()
    return list(rows.filter(pk__lt=joined)) if joined else []


def _of_them(line: RegisterRecord, decided: RegisterRecord, rows: Iterable[PersonChange]) -> RegisterRecord:
    """The line without what a division has found to be another person's; they keep it."""
    for row in rows:
        if row.kind == "split" and row.before:
            line = without_what_was_divided(line, read_record(row.before, ""), decided)
    return line

"""Walks over all persons of the register, a page at a time, and keeps what the rules find as rows (records/quality.py).

A page is one transaction with the walk's own row locked: two workers never do one page, and a walk that was cut goes on
where it stood. An issue that the rule finds no more is closed by the page that does not find it.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from records import quality
from records.facts import RegisterRecord
from records.keys import probes_of
from records.quality import Finding
from records.register import queries
from records.register.living import QualityIssue, QualityPass, RegisterAlias
from records.register.models import RegisterImport, RegisterPerson
from records.register.queries import PERSON_WITH_ROWS, as_record
from records.setting_aside import Sought

PAGE_SIZE = 200
SEARCH_MILLISECONDS = 15_000
AGAIN_AFTER = timedelta(hours=24)

# A file is told by its name: where it lay on the server is nobody's business.
SOURCE = "coalesce(nullif(regexp_replace(i.source, '^/.*/', ''), ''), 'Không rõ nguồn')"
PAGE = f"""
SELECT p.id, {SOURCE}, {PERSON_WITH_ROWS}::text
  FROM public.register_registerperson p JOIN public.register_registerimport i ON i.id = p.stored_by_id
 WHERE p.id > %s ORDER BY p.id LIMIT %s
"""
SCORES = f"""
SELECT {SOURCE} AS source,
       count(*) FILTER (WHERE NOT EXISTS (
         SELECT 1 FROM public.register_qualityissue q WHERE q.register_id = p.register_id AND q.state = 'open')),
       count(*)
  FROM public.register_registerperson p JOIN public.register_registerimport i ON i.id = p.stored_by_id
 GROUP BY 1 ORDER BY 1
"""
GONE = """
UPDATE public.register_qualityissue q SET state = 'closed', closed_at = %s
 WHERE q.state = 'open'
   AND NOT EXISTS (SELECT 1 FROM public.register_registerperson p WHERE p.register_id = q.register_id)
"""


def check_some(*, seconds: float, now: datetime | None = None, page_size: int = PAGE_SIZE) -> QualityPass | None:
    """Go on with the walk for so long; begin one where the last ended a day ago. None: there is nothing to do yet."""
    now = now or timezone.now()
    walk = _current(now)
    if walk is None:
        return None
    ends = time.monotonic() + seconds
    while _one_page(walk.pk, now, page_size) and time.monotonic() < ends:
        pass
    return QualityPass.objects.get(pk=walk.pk)


def check_all(
    *, now: datetime | None = None, on_page: Callable[[QualityPass], None] = lambda walk: None
) -> QualityPass:
    """The whole register from where the current walk stands, or anew; for the command."""
    now = now or timezone.now()
    walk = _current(now, anew=True)
    assert walk
    while _one_page(walk.pk, now, PAGE_SIZE):
        on_page(QualityPass.objects.get(pk=walk.pk))
    return QualityPass.objects.get(pk=walk.pk)


def _current(now: datetime, *, anew: bool = False) -> QualityPass | None:
    walk = QualityPass.objects.filter(running=True).first()
    if walk is not None:
        return walk
    if not anew and not _is_time(now):
        return None
    return QualityPass.objects.get_or_create(running=True, defaults={"started_at": now})[0]


def _is_time(now: datetime) -> bool:
    """A day after the last walk ended, or once an import has come to its end since that walk began."""
    last = QualityPass.objects.newest_finished()
    if last is None:
        return RegisterPerson.objects.exists()
    came = RegisterImport.objects.filter(finished_at__gt=last.started_at, persons_stored__gt=0)
    return last.finished_at + AGAIN_AFTER <= now or came.exists()


@transaction.atomic(using="central")
def _one_page(pk: int, now: datetime, page_size: int) -> bool:
    """False when the walk is at its end, or somebody else is at this page."""
    walk = QualityPass.objects.select_for_update(skip_locked=True).filter(pk=pk, running=True).first()
    if walk is None:
        return False
    with connections["central"].cursor() as cursor:
        cursor.execute(PAGE, [walk.after, page_size])
        page = [(person_id, source, as_record(json.loads(rows))) for person_id, source, rows in cursor.fetchall()]
    if not page:
        _finish(walk, now)
        return False
    today = timezone.localdate(now)
    alike = _alike([record for _, _, record in page])
    joined = _joined(record.register_id for record in [*(row[2] for row in page), *chain.from_iterable(alike.values())])
    found = {record.register_id: (source, _findings(record, alike, joined, today)) for _, source, record in page}
    _keep(found, now)
    walk.after, walk.people = page[-1][0], walk.people + len(page)
    walk.save()
    return True


def _findings(record: RegisterRecord, alike: dict[str, list[RegisterRecord]], joined: dict[str, str], today: date):
    """Facts that rows of a joined person share are looked at once, in the surviving row; rows joined are no news."""
    mine = joined.get(record.register_id, record.register_id)
    others = [one for one in alike[record.register_id] if joined.get(one.register_id, one.register_id) != mine]
    if mine != record.register_id:
        record = replace(record, convictions=(), bans=(), pending_prosecution=None)
    return [*quality.checked(record, today), *quality.duplicates(record, others)]


def _joined(register_ids: Iterable[str]) -> dict[str, str]:
    return dict(RegisterAlias.objects.filter(old_id__in=list(register_ids)).values_list("old_id", "surviving_id"))


def _alike(records: list[RegisterRecord]) -> dict[str, list[RegisterRecord]]:
    """Whom the very search of requests finds when it looks for these persons; a question for each, one statement."""
    questions = map(quality.as_question, records)
    asked = [(probes_of(question), Sought(question).sets_aside) for question in questions]
    found = queries.search_many(asked, milliseconds=SEARCH_MILLISECONDS).people
    return {record.register_id: others for record, others in zip(records, found, strict=True)}


def _keep(found: dict[str, tuple[str, list[Finding]]], now: datetime) -> None:
    """New issues opened, those not found any more closed, dismissed ones left as they are."""
    known = (
        QualityIssue.objects.filter(register_id__in=list(found)).exclude(state="closed").exclude(rule__in=quality.TOLD)
    )
    by_key = {issue.key: issue for issue in known}
    opened: dict[str, QualityIssue] = {}
    seen: set[str] = set()
    for register_id, (source, findings) in found.items():
        for finding in findings:
            key = QualityIssue.key_of(register_id, finding.rule, finding.place)
            seen.add(key)
            if key not in by_key:
                opened[key] = _issue(register_id, finding, key, finding.office or source, now)
    QualityIssue.objects.bulk_create(opened.values())
    gone = [issue.pk for key, issue in by_key.items() if key not in seen and issue.state == "open"]
    QualityIssue.objects.filter(pk__in=gone).update(state=QualityIssue.State.CLOSED, closed_at=now)


def _issue(register_id: str, finding: Finding, key: str, office: str, now: datetime) -> QualityIssue:
    words: dict[str, Any] = {"place": finding.place, "detail": finding.detail, "office": office}
    return QualityIssue(register_id=register_id, rule=finding.rule, kind=finding.kind, key=key, opened_at=now, **words)


def _finish(walk: QualityPass, now: datetime) -> None:
    with connections["central"].cursor() as cursor:
        cursor.execute(GONE, [now])
        cursor.execute(SCORES)
        walk.scores = [list(row) for row in cursor.fetchall()]
    walk.finished_at, walk.running = now, False
    walk.save()

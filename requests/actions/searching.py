"""Asking the sources, in three phases: ledger row and lease; talk with no transaction open; record the outcome."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lltp_portal import doorbell, failpoints
from lltp_portal.waiting import each
from records import matching, registry, weighing
from records.answers import Answer, Complete, Question
from records.matching import Matching
from records.models import RecordLookup
from requests import policy, tasks
from requests.models import CertificateRequest, SourceSearch
from requests.permissions import SYSTEM
from requests.questions import question_about
from requests.states import State
from requests.steps import locked, take_step

logger = logging.getLogger(__name__)
# The required sources that a worker asks; agencies are asked by letter, from the desk (requests/actions/inquiring.py).
SEARCHED = frozenset({policy.CENTRAL})
RENEW_LIMIT = 200
PURPOSE = "Cấp Phiếu lý lịch tư pháp"
OTHER_RULES = "Quy tắc đối chiếu đã thay đổi từ khi tra cứu; tra cứu lại theo quy tắc hiện hành."
PURPOSE_RENEWAL = "Tra cứu lại trước khi ký Phiếu lý lịch tư pháp"


def start_searches(certificate_request: CertificateRequest, *, at: datetime) -> None:
    """Make every source that a worker asks wait for one, about the current declaration, and ring."""
    for source in sorted(SEARCHED):
        search, _ = SourceSearch.objects.get_or_create(
            request=certificate_request, source=source, defaults={"declaration": certificate_request.declaration}
        )
        _wait_anew(search, certificate_request, renewal=False, at=at)


def _wait_anew(search: SourceSearch, certificate_request: CertificateRequest, *, renewal: bool, at: datetime) -> None:
    search.put_back(now=at)
    search.attempts = 0
    search.lease_no += 1  # fences off a worker that is still asking about something older
    search.declaration, search.is_renewal = certificate_request.declaration, renewal
    if not renewal:
        search.lookup = None
    search.save()
    doorbell.ring(tasks.search_records, search.pk)


def ask_for_renewal(certificate_request: CertificateRequest, *, at: datetime | None = None) -> None:
    """Ask again about a verified request whose answer has grown old; no step is taken by asking."""
    at = at or timezone.now()
    with transaction.atomic():
        certificate_request = locked(certificate_request.pk)
        if certificate_request.state != State.VERIFIED:
            return
        for search in certificate_request.searches.select_for_update().filter(done_at__isnull=False):
            _wait_anew(search, certificate_request, renewal=True, at=at)


def renew_old_answers(now: datetime | None = None) -> None:
    """Sweeps state verified: an answer older than 12 hours is asked for again; so is one in which others were set aside
    by the rules of another release, also while a clerk looks at it."""
    now = now or timezone.now()
    old = CertificateRequest.objects.filter(
        state=State.VERIFIED,
        searches__lookup__as_of__lt=now - settings.ANSWER_RENEW_AFTER,
        searches__done_at__isnull=False,
    ).distinct()
    oldest = old.order_by("pk").values_list("pk", flat=True)[:RENEW_LIMIT]
    each(oldest, lambda pk: ask_for_renewal(CertificateRequest.objects.get(pk=pk), at=now), what="renew old answer")
    by_other_rules = _set_aside_by_other_rules().order_by("pk").values_list("pk", flat=True)[:RENEW_LIMIT]
    each(by_other_rules, lambda pk: _ask_by_rules_of_today(pk, now), what="ask by the rules of today")


def _set_aside_by_other_rules() -> QuerySet[CertificateRequest]:
    """Whoever the rules of an earlier release set aside may be open by those of today (docs/adr/0014)."""
    asked = CertificateRequest.objects.filter(
        state__in=(State.REVIEWING, State.VERIFIED),
        searches__done_at__isnull=False,
        searches__lookup__answer__has_key="set_aside",
    )
    return asked.exclude(searches__lookup__matching__version=matching.version_of(weighing.current())).distinct()


@transaction.atomic
def _ask_by_rules_of_today(pk: int, now: datetime) -> None:
    certificate_request = locked(pk)
    if certificate_request.state == State.VERIFIED:
        ask_for_renewal(certificate_request, at=now)
    elif certificate_request.state == State.REVIEWING:
        take_step(certificate_request.search_again, by=SYSTEM, at=now, reason=OTHER_RULES)
        start_searches(certificate_request, at=now)


def search(search_id: int, *, at: datetime | None = None) -> None:
    """Put the question of one waiting search, if it still waits. Safe to call twice, late, or for nothing."""
    # Committed by itself: whatever goes wrong from here on is a crash of this lease, and five in a row park the row.
    claimed = SourceSearch.objects.claim(search_id, at)
    opened = _open_question(claimed, at) if claimed else None
    if opened is None:
        return
    lookup, question, lease_no = opened
    failpoints.reach("before_ask")
    answer = registry.ask(question, purpose=lookup.purpose, let_in=True)
    failpoints.reach("after_ask")
    _record(search_id, lookup.pk, answer, lease_no, at)


@transaction.atomic
def _open_question(claimed: SourceSearch, at: datetime | None) -> tuple[RecordLookup, Question, int] | None:
    """The ledger row, committed before anything is asked; none while the other side is left alone."""
    now = at or timezone.now()
    search = SourceSearch.objects.select_for_update().get(pk=claimed.pk)
    if not search.holds(claimed.lease_no):
        return None
    if not _still_wanted(search.request, search):
        search.finish(now=now)
        search.save()
        return None
    if left := registry.left_alone():
        search.try_again_later(left.cause, now=now, away_since=left.since)
        search.save()
        return None
    question = question_about(search.declaration)
    lookup = RecordLookup.objects.put(
        question,
        request_code=search.request.code,
        source=search.source,
        purpose=PURPOSE_RENEWAL if search.is_renewal else PURPOSE,
        by=None,
        at=now,
    )
    search.attempts += 1
    search.save(update_fields=["attempts"])
    return lookup, question, search.lease_no


def _still_wanted(certificate_request: CertificateRequest, search: SourceSearch) -> bool:
    expected = State.VERIFIED if search.is_renewal else State.RECEIVED
    return certificate_request.state == expected and search.declaration_id == certificate_request.declaration_id


def _weighed(search: SourceSearch, answer: Answer) -> Matching | None:
    """Kept in the ledger beside the answer: the decision, and the version of rules and weights that made it."""
    return (
        matching.weigh(question_about(search.declaration), answer.candidates) if isinstance(answer, Complete) else None
    )


@transaction.atomic
def _record(search_id: int, lookup_id: int, answer: Answer, lease_no: int, at: datetime | None) -> None:
    """Record what came back; take a step only if the question is still the one that counts."""
    now = at or timezone.now()
    request_id = SourceSearch.objects.values_list("request_id", flat=True).get(pk=search_id)
    certificate_request = locked(request_id)
    search = SourceSearch.objects.select_for_update().get(pk=search_id)
    lookup = RecordLookup.objects.get(pk=lookup_id)
    counts = search.holds(lease_no) and _still_wanted(certificate_request, search)
    weighed = _weighed(search, answer)
    lookup.record(answer, matching=weighed, superseded=not counts, at=now)
    if not counts:
        if search.holds(lease_no):
            search.finish(now=now)
            search.save()
        return
    if isinstance(answer, Complete):
        _take_answer(certificate_request, search, lookup, answer, now)
        _pull_forward(search.source, now)
    else:
        search.try_again_later(answer.cause, now=now)
        search.save()
        logger.warning(
            "source has not answered completely",
            extra={"request": certificate_request.code, "source": search.source, "outcome": answer.outcome},
        )


def _take_answer(
    certificate_request: CertificateRequest,
    search: SourceSearch,
    lookup: RecordLookup,
    answer: Complete,
    now: datetime,
) -> None:
    same_as_before = search.lookup is not None and (
        Complete.from_json(search.lookup.answer).findings_digest == answer.findings_digest
    )
    was_renewal = search.is_renewal
    search.lookup, search.is_renewal = lookup, False
    search.finish(now=now)
    search.save()
    if was_renewal and same_as_before:
        return
    if was_renewal:
        take_step(
            certificate_request.search_again,
            by=SYSTEM,
            at=now,
            reason="Cơ sở dữ liệu trung ương có thông tin khác lần tra cứu trước.",
        )
    if _all_complete(certificate_request.searches.all(), certificate_request):
        take_step(certificate_request.finish_search, by=SYSTEM, at=now)


def _all_complete(searches: Iterable[SourceSearch], certificate_request: CertificateRequest) -> bool:
    """Every source that a worker asks has a complete answer to the current declaration."""
    answered = {
        search.source
        for search in searches
        if search.lookup_id and search.done_at and search.declaration_id == certificate_request.declaration_id
    }
    return answered >= SEARCHED


def _pull_forward(source: str, now: datetime) -> None:
    """The source is back: whoever waits further away for it is asked about at the next sweep.

    Rows that somebody else holds are passed by: an answer is not held up, nor lost in a deadlock, over a neighbour.
    """
    waiting = SourceSearch.objects.waiting().filter(
        source=source, next_try_at__gt=now, lease_until__isnull=True, parked_at__isnull=True
    )
    free = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    SourceSearch.objects.filter(pk__in=free).update(next_try_at=now)

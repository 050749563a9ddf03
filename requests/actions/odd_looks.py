"""The weekly list of odd looks is written down by a sweeper: once a week, the same however often it runs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.audit.models import AuditEvent
from records.names import key1
from requests import clock, odd_looks
from requests.models import CandidateDecision, CertificateRequest, FreeSearch, OddLook, RequestStep
from requests.odd_looks import Look
from requests.readers import READING

# Who looked on Friday may decide on Monday: the list of a week is made so long after it ended.
GRACE = timedelta(days=3)
WEEKS_BEFORE = 8
WEEK = timedelta(days=7)


def list_odd_looks(now: datetime | None = None) -> int:
    """About the last week that is over for long enough; how many rows are new."""
    now = now or timezone.now()
    monday = last_listed_week(now)
    begins = _begin(monday)
    looks = [Look(*row) for row in _readings(begins, begins + WEEK).values_list("actor", "subject", "at")]
    people = {user.pk: user for user in User.objects.filter(pk__in={look.actor for look in looks})}
    found = odd_looks.odd_looks(
        looks,
        worked_on=_worked_on(looks, begins),
        concerned=_concerned(looks, people),
        peers=_peers(people.values()),
        earlier=_earlier(begins),
    )
    before = OddLook.objects.filter(week=monday).count()
    OddLook.objects.bulk_create(
        [
            OddLook(
                week=monday,
                kind=one.kind,
                actor_id=one.actor,
                authority_id=people[one.actor].authority_id,
                subject=one.subject,
                looks=one.looks,
                usual=one.usual,
                last_at=one.last_at,
                listed_at=now,
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    return OddLook.objects.filter(week=monday).count() - before


def last_listed_week(now: datetime) -> date:
    """The Monday of the newest week that ended at least GRACE ago."""
    day = clock.local_day(now - GRACE)
    return day - timedelta(days=day.weekday()) - WEEK


def _begin(monday: date) -> datetime:
    return datetime.combine(monday, time(), clock.LOCAL)


def _readings(begins: datetime, ends: datetime) -> QuerySet[AuditEvent]:
    """Looks of people who work here; a citizen's look at their own request is none.

    A free search is one look, under its own code: that it was told to those whom it found makes it no more.
    """
    found = AuditEvent.objects.filter(verb__in=READING, at__gte=begins, at__lt=ends, actor__is_staff_member=True)
    told = Q(verb="view_free_search") & ~Q(subject__startswith="TC-")
    return found.exclude(told).exclude(subject="").order_by("pk")


def _worked_on(looks: Iterable[Look], begins: datetime) -> dict[tuple[int, str], datetime]:
    """(actor, request) → when they last took a step, decided, or did something that the log tells of."""
    actors, codes = {look.actor for look in looks}, {look.subject for look in looks}
    steps = RequestStep.objects.filter(actor__in=actors, request__code__in=codes, at__gte=begins)
    decisions = CandidateDecision.objects.filter(by__in=actors, request__code__in=codes, at__gte=begins)
    acts = AuditEvent.objects.filter(actor__in=actors, subject__in=codes, at__gte=begins).exclude(verb__in=READING)
    rows = [
        *steps.values_list("actor", "request__code", "at"),
        *decisions.values_list("by", "request__code", "at"),
        *acts.values_list("actor", "subject", "at"),
    ]
    last: dict[tuple[int, str], datetime] = {}
    for actor, code, at in rows:
        last[actor, code] = max(at, last.get((actor, code), at))
    # Who asked for a free search says why before looking: that is the work it was for.
    asked = FreeSearch.objects.filter(asked_by__in=actors, code__in=codes).values_list("asked_by", "code")
    return last | {pair: datetime.max.replace(tzinfo=begins.tzinfo) for pair in asked}


def _concerned(looks: Iterable[Look], people: dict[int, User]) -> set[tuple[int, str]]:
    """Looks at what is about the reader by number or account, or about somebody of the reader's name."""
    looks = list(looks)
    codes = {look.subject for look in looks}
    about = {row.code: row for row in CertificateRequest.objects.filter(code__in=codes).select_related("declaration")}
    searched = dict(FreeSearch.objects.filter(code__in=codes).values_list("code", "full_name"))
    return {
        (look.actor, look.subject)
        for look in looks
        if _is_about(people[look.actor], about.get(look.subject), searched.get(look.subject, ""))
    }


def _is_about(user: User, certificate_request: CertificateRequest | None, searched_name: str) -> bool:
    own_name = key1(user.full_name)
    if certificate_request is None:
        return bool(searched_name) and key1(searched_name) == own_name
    key = certificate_request.applicant_person_key
    if certificate_request.account_id == user.pk or (key is not None and key == user.person_key):
        return True
    return key1(certificate_request.declaration.full_name) == own_name


def _peers(people: Iterable[User]) -> dict[int, Collection[int]]:
    """Everybody else of the same office with one of the same roles, also those who did not look at anything."""
    offices = {user.authority_id for user in people}
    staff = User.objects.filter(is_staff_member=True, is_active=True, authority__in=offices).prefetch_related("groups")
    by_role: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for user in staff:
        for role in user.roles:
            by_role[user.authority_id, role].add(user.pk)
    found: dict[int, Collection[int]] = {}
    for user in staff:
        others = set().union(*(by_role[user.authority_id, role] for role in user.roles)) if user.roles else set()
        found[user.pk] = others - {user.pk}
    return found


def _earlier(begins: datetime) -> dict[int, list[int]]:
    """Actor → how many requests they looked at in each of the weeks before; a week without a look is not counted."""
    counts: dict[int, list[int]] = defaultdict(list)
    for number in range(WEEKS_BEFORE, 0, -1):
        monday = begins - number * WEEK
        looks = _readings(monday, monday + WEEK).order_by().values_list("actor")
        for actor, requests in looks.annotate(requests=Count("subject", distinct=True)):
            counts[actor].append(requests)
    return counts

"""Searching the register outside a request: asked for with a reason, allowed by another person, shown for a short time.

The question is put through the same door as a request's own, on a row of the same ledger; every look at the answer is a
line of the log before the first byte, and the people whose requests are known here read of it on their own page.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User, person_key
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records import matching, registry
from records.answers import Complete, Question
from records.facts import IdentityDocument
from records.models import RecordLookup
from records.names import PartialDate, is_citizen_number, normal_number
from requests import permissions
from requests.models import CertificateRequest, FreeSearch, FreeSearchQuestion, FreeSearchRuling
from requests.policy import CENTRAL
from requests.states import State

SEARCHER, RULER = "register_searcher", "approver"
KINDS_BY_LENGTH = {12: "cccd", 9: "cmnd"}
OVER = "Đã hết thời gian tra cứu và xem kết quả. Cần nữa thì đề nghị lại."
DECIDED = "Yêu cầu tra cứu này đã có người quyết định. Hãy tải lại trang."


def may_ask(user: User) -> bool:
    return user.works_at_office and user.has_role(SEARCHER) and user.person_key is not None


def may_rule(search: FreeSearch, user: User) -> bool:
    """A leader of the same office, and another person than who asks, whichever account they use."""
    return (
        user.works_at_office
        and user.has_role(RULER)
        and user.authority_id == search.authority_id
        and permissions.is_another_person(search.asked_by, user)
    )


def ruling_of(search: FreeSearch) -> FreeSearchRuling | None:
    return FreeSearchRuling.objects.filter(search=search).select_related("by").first()


def is_shown(search: FreeSearch, user: User, now: datetime) -> bool:
    """To who asked and to nobody else, and only for a short time after it was allowed."""
    ruling = ruling_of(search)
    return (
        ruling is not None
        and ruling.allowed
        and search.asked_by_id == user.pk
        and may_ask(user)
        and ruling.visible_until is not None
        and now < ruling.visible_until
    )


def is_over(search: FreeSearch, user: User, now: datetime) -> bool:
    """Whether who asked might have looked, and the short time is over."""
    ruling = ruling_of(search)
    until = ruling.visible_until if ruling is not None else None
    return search.asked_by_id == user.pk and may_ask(user) and until is not None and until <= now


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [{"code": "required", "message": message}]})


@transaction.atomic
def ask_free_search(
    *,
    by: User,
    full_name: str,
    date_of_birth: str,
    ground: str,
    reason: str,
    number: str = "",
    at: datetime | None = None,
) -> FreeSearch:
    """Somebody with the right says whom they want to look up and why. Nothing is searched yet. Raises Invalid."""
    if not may_ask(by):
        raise PermissionDenied
    if not reason.strip():
        raise _refuse("reason", "Nhập lý do tra cứu: số văn bản, vụ việc, vì sao cần.")
    if number and person_key(normal_number(number) or "") == by.person_key:
        raise _refuse("number", "Không tra cứu thông tin của chính mình. Hãy nộp yêu cầu cấp Phiếu như mọi người.")
    search = FreeSearch.objects.create(
        authority_id=by.authority_id,
        asked_by=by,
        asked_at=at or timezone.now(),
        full_name=full_name.strip(),
        date_of_birth=date_of_birth,
        number=number.strip(),
        ground=ground,
        reason=reason.strip(),
    )
    AuditEvent.objects.record("ask_free_search", actor=by, subject=search.code, ground=ground)
    return search


@transaction.atomic
def rule_free_search(
    search: FreeSearch, *, by: User, allowed: bool, reason: str = "", at: datetime | None = None
) -> FreeSearchRuling:
    """Another person allows it, or refuses and says why; once. Allowed, it may be looked at for a short time."""
    at = at or timezone.now()
    if not may_rule(search, by):
        raise PermissionDenied
    if ruling_of(search) is not None:
        raise StepNotAllowed(DECIDED)
    if not allowed and not reason.strip():
        raise _refuse("reason", "Ghi vì sao không cho tra cứu.")
    until = at + timedelta(minutes=settings.FREE_SEARCH_MINUTES) if allowed else None
    ruling, is_mine = FreeSearchRuling.objects.get_or_create(  # two leaders at once: one row, one winner
        search=search,
        defaults={"allowed": allowed, "reason": reason.strip(), "by": by, "at": at, "visible_until": until},
    )
    if not is_mine:
        raise StepNotAllowed(DECIDED)
    AuditEvent.objects.record("rule_free_search", actor=by, subject=search.code, allowed=allowed)
    return ruling


def put_free_search(search: FreeSearch, *, by: User, at: datetime | None = None) -> RecordLookup:
    """Put the allowed question: its row is committed, then the register is asked with no transaction open."""
    at = at or timezone.now()
    if not is_shown(search, by, at):
        if is_over(search, by, at):
            raise StepNotAllowed(OVER)
        raise PermissionDenied
    question = question_of(search)
    with transaction.atomic():
        lookup = RecordLookup.objects.put(
            question, request_code="", source=CENTRAL, purpose=purpose_of(search), by=by, at=at
        )
        FreeSearchQuestion.objects.create(search=search, lookup=lookup)
    answer = registry.ask(question)
    weighed = matching.weigh(question, answer.candidates) if isinstance(answer, Complete) else None
    with transaction.atomic():
        lookup.record(answer, matching=weighed, at=timezone.now())
    return lookup


def purpose_of(search: FreeSearch) -> str:
    return f"Tra cứu tự do: {search.get_ground_display()}"[:200]


def question_of(search: FreeSearch) -> Question:
    documents: tuple[IdentityDocument, ...] = ()
    if number := normal_number(search.number):
        documents = (IdentityDocument(KINDS_BY_LENGTH.get(len(number), "passport"), search.number),)
    birth = PartialDate.parse(search.date_of_birth)
    return Question(search.code, search.full_name, birth, identity_documents=documents)


def answer_of(search: FreeSearch) -> Complete | None:
    """The newest complete answer to exactly this question."""
    lookups = RecordLookup.objects.complete().filter(pk__in=search.questions.values("lookup"))
    newest = lookups.newest_first().first()
    if newest is None or newest.question_digest != question_of(search).digest():
        return None
    return Complete.from_json(newest.answer)


def log_shown(search: FreeSearch, *, by: User, answer: Complete) -> None:
    """The answer is about to be shown: written and committed first, for the search and for whoever is known here.

    Of those who were set aside nothing is shown but a number in the register and a reason, and nothing else of them is
    known here: the line of the search says how many they were, and nobody is told of a look at their record.
    """
    purpose = purpose_of(search)
    with transaction.atomic(durable=True):
        AuditEvent.objects.record(
            "view_free_search",
            actor=by,
            subject=search.code,
            purpose=purpose,
            shown=len(answer.candidates),
            set_aside=len(answer.set_aside),
        )
        for code in _requests_of(answer):
            AuditEvent.objects.record("view_free_search", actor=by, subject=code, purpose=purpose)


def _requests_of(answer: Complete) -> list[str]:
    """Public codes of the requests about the people who were read, by their 12-digit numbers."""
    people = answer.candidates
    numbers = {normal_number(document.number) for person in people for document in person.identity_documents}
    keys = [person_key(number) for number in numbers if number and is_citizen_number(number)]
    found = CertificateRequest.objects.filter(applicant_person_key__in=keys).exclude(state=State.DRAFT)
    return list(found.values_list("code", flat=True))

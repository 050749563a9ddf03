"""What must be true of a request whatever broke on its way, and waiting for it."""

import itertools
import re
import time

import httpx2
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, NumberBook
from records.models import RecordLookup
from requests import drafting
from requests.demo.journeys import PATHS, Journey
from requests.models import CertificateRequest
from script.local.places import wait_until
from tests import factories

SECONDS_TO_RESUME = 60
NOTHING_FOUND = "Không có án tích"


def fresh(request: CertificateRequest) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def wait_for(request: CertificateRequest, *states: str, seconds: float = SECONDS_TO_RESUME) -> float:
    """How long it took until the request was in one of these states."""
    began = time.monotonic()

    def there() -> bool:
        return fresh(request).state in states

    wait_until(there, seconds, f"{request.code} to be {' or '.join(states)}, not {fresh(request).state}", 0.1)
    return time.monotonic() - began


def wait_for_all(requests: list[CertificateRequest], state: str, seconds: float = SECONDS_TO_RESUME) -> float:
    began = time.monotonic()
    ids = [request.pk for request in requests]

    def there() -> bool:
        return not CertificateRequest.objects.filter(pk__in=ids).exclude(state=state).exists()

    wait_until(there, seconds, f"{len(ids)} requests to be {state}", 0.1)
    return time.monotonic() - began


def assert_history_is_linear(request: CertificateRequest) -> None:
    """Every step in its order, each from where the one before led, none twice, none beyond the count."""
    request = fresh(request)
    steps = list(request.steps.order_by("seq"))
    assert [step.seq for step in steps] == list(range(1, request.step_count + 1))
    assert steps[0].from_state == "draft"
    assert all(before.to_state == after.from_state for before, after in itertools.pairwise(steps))
    assert all(before.at <= after.at for before, after in itertools.pairwise(steps))
    assert steps[-1].to_state == request.state


def assert_numbers_are_gapless() -> None:
    """Every number that a book gave out stands on exactly one certificate."""
    for book in NumberBook.objects.all():
        series = Certificate.objects.filter(
            authority_id=book.authority_id, certificate_type=book.certificate_type, year=book.year
        )
        numbers = sorted(series.values_list("number", flat=True))
        assert numbers == list(range(1, book.last_number + 1))


def certificates_of(request: CertificateRequest) -> list[Certificate]:
    """Every certificate ever begun for this request: its content names the declared person's number."""
    number = request.declaration.identity_number
    return [row for row in Certificate.objects.order_by("pk") if row.frozen.identity_number == number]


def assert_issued_once(request: CertificateRequest) -> Certificate:
    """One certificate, one number, bytes that the register knows, a linear history."""
    request = fresh(request)
    assert request.state == "issued"
    (certificate,) = certificates_of(request)
    assert certificate.pk == request.certificate_id
    assert certificate.status == Certificate.Status.ISSUED
    assert bytes(certificate.signed_pdf).startswith(bytes(certificate.unsigned_pdf))
    assert [step.step for step in request.history()].count("issue") == 1
    assert_history_is_linear(request)
    assert_numbers_are_gapless()
    return certificate


def lookups_of(request: CertificateRequest) -> list[RecordLookup]:
    return list(RecordLookup.objects.about(request.code).order_by("pk"))


def assert_asked_and_answered_once(request: CertificateRequest, *, killed: int = 0) -> None:
    """One answer counts; a question without outcome belongs to a worker that was killed."""
    outcomes = [lookup.outcome for lookup in lookups_of(request)]
    assert outcomes.count("complete") == 1
    assert outcomes.count(None) == killed
    assert [step.step for step in fresh(request).history()].count("finish_search") == 1


def words_in_database(words: str) -> list[str]:
    """The tables of the portal's own database in which some row carries these words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue
            cursor.execute(f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE %s LIMIT 1', [f"%{words}%"])
            found += [table] if cursor.fetchone() else []
    return found


def browser(base_url: str, user) -> httpx2.Client:
    """A signed-in session over HTTP. POSTs need `csrf` beside their fields."""
    client = Client()
    client.force_login(user)
    token = "f" * 32
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
    return httpx2.Client(base_url=base_url, cookies=cookies, timeout=20, trust_env=False)


CSRF = {"csrfmiddlewaretoken": "f" * 32}


def ensure_running(world, *names: str, **env: str) -> None:
    """Start those of these processes that an earlier test of the module has not left running."""
    if missing := [name for name in names if not world.is_running(name)]:
        world.start_all(*missing, **env)


def approval_form(base_url: str, journey: Journey) -> dict[str, str]:
    """What the approver's page holds for the press: version and hash of the draft that it shows, and the tick."""
    with browser(base_url, journey.office.approver) as session:
        page = session.get(reverse("approver_request", args=[journey.request.code]))
    (sha,) = set(re.findall(r'name="draft_sha256" value="(\w{64})"', page.text))
    return {"draft_sha256": sha, "version": str(fresh(journey.request).step_count), "read_changes": "on"}


def received(**start) -> CertificateRequest:
    """Received, its bell rung; a running worker may be faster than whoever asks for it here."""
    journey = factories.journey(**start)
    for step in PATHS["received"]:
        journey.take(step)
    return journey.request


def draft_sha256(journey: Journey) -> str:
    """The hash of the draft that this office's approver agrees to, as this process makes it."""
    return drafting.draft(journey.request, journey.found().result, signatory=journey.office.approver).draft_sha256


def walked(journey: Journey, state: str) -> CertificateRequest:
    """Taken to this state by its people, while running workers do what is the machine's."""
    journey.at = timezone.now()
    for step in PATHS[state]:
        if step == "search":
            wait_for(journey.request, "reviewing")
            journey.request = fresh(journey.request)
        elif step in {"prepare", "sign"}:
            wait_for(journey.request, "issued", "delivered")
        else:
            journey.take(step)
    return fresh(journey.request)

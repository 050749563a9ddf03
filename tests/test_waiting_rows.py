"""Rows that wait for a worker: one winner, fenced leases, crashes that park, failures that never do."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from requests.models import SourceSearch
from tests import factories

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=settings.LEASE_SECONDS)


@pytest.fixture
def search():
    return factories.request_in("received").searches.get()


def test_a_row_is_claimed_once(search):
    now = timezone.now()
    assert SourceSearch.objects.claim(search.pk, now).lease_no == search.lease_no + 1
    assert SourceSearch.objects.claim(search.pk, now) is None
    assert not SourceSearch.objects.due(now).exists()


def test_a_lease_that_ran_out_is_claimed_anew_and_fences_the_old_one(search):
    now = timezone.now()
    first = SourceSearch.objects.claim(search.pk, now)
    second = SourceSearch.objects.claim(search.pk, now + LEASE)
    assert second.crashes == 1
    assert second.holds(second.lease_no)
    assert not second.holds(first.lease_no)


def test_five_crashes_in_a_row_park_the_row_and_one_press_frees_it(search):
    now = timezone.now()
    for _ in range(settings.CRASHES_BEFORE_PARKED):
        assert SourceSearch.objects.claim(search.pk, now)
        now += LEASE
    assert SourceSearch.objects.claim(search.pk, now) is None
    parked = SourceSearch.objects.parked().get()
    assert parked.last_cause
    parked.put_back(now=now)
    parked.save()
    assert SourceSearch.objects.claim(search.pk, now).crashes == 0


def test_a_recorded_failure_never_parks_and_moves_away_to_the_longest_wait(search):
    now, waits = timezone.now(), []
    for attempt in range(1, 40):
        row = SourceSearch.objects.claim(search.pk, now)
        row.attempts = attempt
        row.try_again_later("Không kết nối được.", now=now)
        row.save()
        waits.append((row.next_try_at - now).total_seconds())
        now = row.next_try_at
    assert row.parked_at is None
    assert row.crashes == 0
    longest = settings.BACKOFF_SECONDS[-1]
    assert waits[0] <= settings.BACKOFF_SECONDS[0] * 1.2
    assert all(longest * 0.8 <= wait <= longest * 1.2 for wait in waits[5:])

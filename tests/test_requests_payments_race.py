"""The browser comes back while the platform's call is being written: real commits, two connections."""

import threading
import time

from django.db import connection, connections, transaction
from django.utils import timezone

from requests import actions
from requests.models import OnlinePayment
from tests import factories
from tests.payment_talk import online_order, stands_in

# pg_stat_activity says the same thing all through one transaction; pg_locks is read anew.
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"


def _until_somebody_waits_for_a_lock(seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_who_comes_back_while_the_confirmation_is_written_is_not_shown_a_fault(own_databases, settings, monkeypatch):
    """It was an IndexError, and the person who had just paid read that something had gone wrong."""
    stands_in(settings, monkeypatch)
    request = factories.request_in("awaiting_payment", office=factories.make_office())
    order = online_order(request)
    errors = []

    def come_back():
        try:
            actions.came_back(request, order.reference)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    browser = threading.Thread(target=come_back)
    with transaction.atomic():
        OnlinePayment.objects.filter(pk=order.pk).update(paid_at=timezone.now(), done_at=timezone.now())
        browser.start()
        _until_somebody_waits_for_a_lock()
    browser.join(20)
    assert errors == []
    assert OnlinePayment.objects.get(pk=order.pk).returned_at is None  # nothing is in doubt any more
